"""Train the networks of the lesson long_memory: `python -m lessons.trained.long_memory`, some minutes on one core.

The map: each task, initialization, cell and length, several seeds; those that differ in initialization and seed alone
are trained together. The races: the runs of the story, update by update. What is kept of both says
`lessons/long_memory/stored.py`.
"""

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

import rnnviz as rv
from lessons.long_memory.experiment import BATCH, CLIP, LOSSES, Settings, held_out, measured
from lessons.long_memory.stored import EVERY, FILE, FRAME, KEPT, LIMIT, RACES, SEEDS, UPDATES, keys
from rnnviz.arrays import Array


def learn(
    rngs: Sequence[np.random.Generator], task: str, cell: str, length: int, init: Sequence[str]
) -> Iterator[dict[str, Any]]:
    """All runs of one cell at one length: the error every `EVERY` updates, and of seed 0 the weights at the end."""
    seeds = [int(rng.bit_generator.seed_seq.entropy) for rng in rngs]  # type: ignore[attr-defined]
    each = [Settings(task, length, cell, one, seed=seed) for one, seed in zip(init, seeds)]
    start = rv.sweep.start([one.network() for one in each], [one.generator() for one in each])
    errors = [_errors(start, each[0])]
    for now in rv.sweep.train(
        start,
        lambda rng: each[0].sample(rng, BATCH),
        loss=LOSSES[task],
        optimizer=rv.optimizers.adam(),
        learning_rate=each[0].learning_rate,
        clip=CLIP,
    ):
        if now.update % EVERY == 0:
            errors.append(_errors(now, each[0]))
        if now.update == UPDATES:
            break
    for m, seed in enumerate(seeds):
        yield {"error": [row[m] for row in errors], "weights": now.params[m] if seed == 0 else None}


def _errors(now: Any, run: Settings) -> list[float]:
    return [found.loss for found in now.evaluate(held_out(run.task, run.length))]


def the_map(work: Path) -> dict[str, Array]:
    """Every run; what is done is kept in the file `work`, and is not done again."""
    names = ("task", "length", "cell", "init")
    settings = [{name: asdict(one)[name] for name in names} for one in keys()]
    records = rv.sweep.grid(
        learn,
        settings,
        SEEDS,
        together=["init"],
        file=work,
        progress=lambda done, of: print(f"{done} of {of} runs", flush=True),
    )
    bad = [one["why"] for one in records if one["outcome"] != "finished"]
    if bad:
        raise RuntimeError(bad[0])
    errors = np.array([one["error"] for one in records], np.float32)
    kept = [one["weights"] for one in records if one["seed"] == 0 and one["task"] == KEPT]
    return {"errors": errors.reshape(len(settings), SEEDS, -1), "weights": np.concatenate(kept).astype(np.float32)}


def race(run: Settings) -> Array:
    """One run of the story: error, what is left of the gradient at the first step, spread of the answers; (3, n)."""
    rows = []
    for checkpoint in _with_first(run):
        if checkpoint.update % FRAME == 0:
            found = measured(checkpoint.network, run.task, run.length)
            rows.append((found.error, found.reach[0], found.answers[-1, :, 0].std()))
        if checkpoint.update == LIMIT:
            break
    return np.array(rows).T


def _with_first(run: Settings) -> Iterator[rv.training.Checkpoint]:
    start = run.start()
    yield start
    yield from run.go(start)


def main() -> None:
    """Train them, and write the file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, default=Path("long_memory.jsonl"), help="where finished runs are kept")
    found = the_map(parser.parse_args().work)
    np.savez_compressed(FILE, races=np.array([race(run) for run in RACES]), **found)


if __name__ == "__main__":
    main()
