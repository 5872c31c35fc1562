"""Train the networks of the lesson tuning: `python -m lessons.trained.tuning`, some minutes on one core.

seeds   each of nine learning rates with ten seeds; those of one seed together, as the page trains them
table   many learning rates by a few values of all else, one run each: what grids and random draws pick from
tried   64 networks whose settings were all drawn at random, with a squared error for each sequence of the pool
halved  the candidates of the story's halving, all trained to the end: what each rung has seen, and would have seen

`lessons/tuning/stored.py` says what is kept.
"""

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

import rnnviz as rv
from lessons.tuning.experiment import LIMIT, RATES, READ, begin, errors, network, scores, train
from lessons.tuning.stored import FILE, LINE, MANY, OTHERS, SEEDS, STORY, points
from rnnviz.arrays import Array
from rnnviz.sweep.together import Together


def at(training: Iterator[Together], updates: Sequence[int]) -> list[Together]:
    """A training after these updates."""
    found = []
    for now in training:
        if now.update in updates:
            found.append(now)
        if now.update == updates[-1]:
            return found
    raise RuntimeError("all networks diverged")


def seeds() -> Array:
    """(SEEDS, rates, 2): error on the validation set, and on the whole pool."""
    rows = []
    for seed in range(SEEDS):
        (now,) = at(train(begin(len(RATES), seed), RATES), [LIMIT])
        rows.append(np.stack([scores(now), errors(now).mean(axis=1)], axis=1))
        print("seed", seed, flush=True)
    return np.array(rows)


def table() -> Array:
    """(rates, others): error on the whole pool, each of a run with weights of its own."""
    columns = []
    for k, (batch, units, clip) in enumerate(OTHERS):
        start = rv.sweep.start(
            [network(1000 + len(LINE) * k + n, units) for n in range(len(LINE))], np.random.default_rng(1000 + k)
        )
        (now,) = at(train(start, LINE, batch, clip), [READ // batch])
        columns.append(errors(now).mean(axis=1))
        print("table", k, flush=True)
    return np.stack(columns, axis=1)


def learn(
    rngs: Sequence[np.random.Generator],  # noqa: ARG001 (a run's number is its seed)
    batch: int, units: int, number: Sequence[int], rate: Sequence[float],
    clip: Sequence[float],
) -> Iterator[dict[str, Any]]:  # fmt: skip
    """All that agree in batch size and hidden units."""
    start = rv.sweep.start(
        [network(2000 + n, units) for n in number], [np.random.default_rng([2000, n]) for n in number]
    )
    (now,) = at(train(start, rate, batch, clip), [READ // batch])
    for row in errors(now):
        yield {"errors": [None if np.isnan(one) else float(one) for one in row]}


def tried(work: Path) -> Array:
    """(MANY, POOL) squared errors; what is done is kept in the file `work`."""
    settings = [{"batch": one["batch"], "units": one["units"], "number": k, "rate": one["rate"], "clip": one["clip"]}
                for k, one in enumerate(points(MANY))]  # fmt: skip
    records = rv.sweep.grid(
        learn,
        settings,
        together=["number", "rate", "clip"],
        file=work,
        progress=lambda done, of: print(f"{done} of {of} runs", flush=True),
    )
    bad = [one["why"] for one in records if one["outcome"] != "finished"]
    if bad:
        raise RuntimeError(bad[0])
    return np.array([one["errors"] for one in records], np.float64)


def halved() -> Array:
    """(rungs, candidates): error on the validation set at each rung's end, had nobody been stopped."""
    start = STORY.start()
    return np.array([scores(now) for now in at(train(start.now, STORY.rates, STORY.batch), STORY.ends)])


def main() -> None:
    """Train them, and write the file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, default=Path("tuning.jsonl"), help="where finished runs are kept")
    many = tried(parser.parse_args().work)
    np.savez_compressed(
        FILE, seeds=seeds(), table=table(), halved=halved(), tried=np.minimum(many, 6e4).astype(np.float16)
    )


if __name__ == "__main__":
    main()
