"""Train the networks of the lesson gru_or_lstm: `python -m lessons.trained.gru_or_lstm`, ten minutes on one core.

Every task, every cell, as many units or as many parameters as the LSTM, two learning rates, several seeds; those that
differ in rate and seed alone are trained together. `lessons/gru_or_lstm/stored.py` says what each array is.
"""

import argparse
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

import rnnviz as rv
from lessons.gru_or_lstm import experiment, price
from lessons.gru_or_lstm.experiment import CLIP, NAMES, RATES, SIZES, TASKS, Settings
from lessons.gru_or_lstm.stored import EVERY, FILE, SEEDS, UPDATES


def learn(
    rngs: Sequence[np.random.Generator], task: str, cell: str, size: str, rate: Sequence[float]
) -> Iterator[dict[str, Any]]:
    """All runs of one cell at one size, on one task."""
    seeds = [int(rng.bit_generator.seed_seq.entropy) for rng in rngs]  # type: ignore[attr-defined]
    each = [Settings(task, cell, size, one, seed=seed) for one, seed in zip(rate, seeds)]
    begun = rv.sweep.start([one.network() for one in each], [one.generator() for one in each])
    found = [measured(task, begun)]
    for now in rv.sweep.train(
        begun, partial(experiment.sample, task), optimizer=rv.optimizers.adam(), learning_rate=list(rate), clip=CLIP
    ):
        if now.update % EVERY == 0:
            found.append(measured(task, now))
        if now.update == UPDATES:
            break
    for m in range(len(each)):
        yield {"error": [errors[m] for errors, _ in found], "reach": [reach[m] for _, reach in found]}


def measured(task: str, now: Any) -> tuple[list[float], list[int]]:
    """Each network's error, and how far it counts."""
    errors = [experiment.error(task, y) for y in now.outputs(experiment.held_out(task).x)]
    if task != "count":
        return errors, [-1] * len(errors)
    return errors, [experiment.counts_to(y) for y in now.outputs(experiment.tried().x)]


def race(task: str) -> Iterator[tuple[str, np.ndarray[Any, Any]]]:
    """One race of the story, as the page runs it."""
    for cell in NAMES:
        chosen = Settings(task, cell)
        done = [chosen.start(), *islice(chosen.go(chosen.start()), experiment.RACES[task])]
        shown = [one.network for one in done[:: experiment.BETWEEN]]
        asked = experiment.held_out(task)
        yield (
            f"{task}_{cell}_error",
            np.array([experiment.error(task, rv.unroll(one, asked.x).y) for one in shown], "f4"),
        )
        yield f"{task}_{cell}_reach", np.array([experiment.reach(task, one) for one in shown])
        weights = [array.ravel() for array in done[-1].network.state_dict().values()]
        yield f"{task}_{cell}_weights", np.concatenate(weights).astype("f4")


def main() -> None:
    """Train them, and write the file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, default=Path("gru_or_lstm.jsonl"), help="where finished runs are kept")
    settings = [
        {"task": task, "cell": cell, "size": size, "rate": rate}
        for task in TASKS
        for size in SIZES
        for cell in NAMES
        for rate in RATES
        if (cell, size) != ("lstm", "parameters")  # it is as large as itself
    ]
    records = rv.sweep.grid(
        learn,
        settings,
        SEEDS,
        together=["rate"],
        file=parser.parse_args().work,
        progress=lambda done, of: print(f"{done}/{of}", flush=True),
    )
    wrong = [one["why"] for one in records if one["outcome"] != "finished"]
    if wrong:
        raise RuntimeError(wrong[0])
    np.savez_compressed(
        FILE,
        **{name: np.array([one[name] for one in records]) for name in ("task", "cell", "size", "rate", "seed")},
        error=np.array([one["error"] for one in records], np.float32),
        reach=np.array([one["reach"] for one in records], np.int64),
        seconds=[price.measured("adding", "parameters", experiment.UNITS)[cell][0] for cell in NAMES],
        **{name: array for task in experiment.RACES for name, array in race(task)},
    )


if __name__ == "__main__":
    main()
