"""Do all runs of lessons/reproduce_the_papers: `python -m lessons.trained.papers`, a few minutes of one core.

    python -m lessons.trained.papers                # all of them; what is done already is not done again
    python -m lessons.trained.papers copy chrono    # some of the entries

The runs of one arm at one length are trained together. Each entry has a file of its own, a grid's (rnnviz.sweep.grid):
lessons/trained/papers/<entry>.jsonl, a line for each run, with its scores in the order of the updates.
"""

import subprocess
import sys
from collections.abc import Sequence
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np

import rnnviz as rv
from lessons.reproduce_the_papers.entries import ENTRIES, Entry, examined, generators

FOLDER = Path(__file__).with_name("papers")


def learn(rngs: Sequence[np.random.Generator], entry: str, arm: str, length: int) -> list[dict[str, Any]]:
    """All seeds of one arm at one length."""
    chosen, pairs = ENTRIES[entry], [generators(rng) for rng in rngs]
    networks = [chosen.network(arm, length, weights) for weights, _ in pairs]
    begun = rv.sweep.start(networks, [batches for _, batches in pairs])
    scores = [scored(chosen, begun, length)]
    how = {"optimizer": chosen.optimizer, "learning_rate": chosen.rate, "clip": chosen.arm(arm).clip}
    for now in rv.sweep.train(begun, chosen.sample(length), **how):
        if now.update % chosen.every == 0:
            scores.append(scored(chosen, now, length))
            print(entry, arm, length, now.update, scores[-1], flush=True)
        if now.update == chosen.updates:
            break
    return [{"scores": list(of_run), "commit": commit()} for of_run in zip(*scores)]


@cache
def commit() -> str:
    """The version of the code that does the runs, as Git names it."""
    found = subprocess.run(["git", "rev-parse", "--short=7", "HEAD"], capture_output=True, text=True, check=True)
    return found.stdout.strip()


def scored(entry: Entry, now: Any, length: int) -> list[float]:
    """The score of each run; NaN of one that has diverged."""
    batch = examined(entry.id, length)
    of_all = [entry.of(batch, y) for y in now.outputs(batch.x)]
    return [float(f"{score:.4g}") if on else np.nan for score, on in zip(of_all, now.running)]


def main(names: Sequence[str]) -> None:
    """These entries."""
    FOLDER.mkdir(exist_ok=True)
    for name in names:
        entry = ENTRIES[name]
        points = [{"entry": name, "arm": arm.id, "length": n} for n in entry.lengths for arm in entry.arms]
        file = FOLDER / f"{name}.jsonl"
        rv.sweep.grid(learn, points, entry.seeds, together=[], file=file, progress=partial(print, name))


if __name__ == "__main__":
    main(sys.argv[1:] or list(ENTRIES))
