"""What `python -m lessons.trained.tuning` has trained and kept, and what it says of ways to search."""

from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

import rnnviz as rv
from lessons.tuning.experiment import (
    BATCHES,
    CLIPS,
    DRAW_SEED,
    HIGH,
    LOW,
    POOL,
    SIZES,
    TEST,
    VALIDATION,
    Search,
)
from rnnviz.arrays import Array

FILE = Path(__file__).parents[1] / "trained" / "tuning.npz"
SEEDS, MANY = 10, 64  # runs of each learning rate; networks of the random search
PER, IDLE = 2, 3  # a grid has so many values of each setting: of the learning rate, and of so many others
WIDE = 1e-5, 1.0  # between which learning rates somebody looks who knows nothing
LINE = tuple(float(one) for one in np.geomspace(*WIDE, 24))  # learning rates of the table
OTHERS = tuple(product((8, 16), (12, 20), (0.5, 2.0)))  # its columns: batch size, hidden units, threshold of clipping
RUNS = PER * len(OTHERS)
STORY = Search()
AXES = ("rate", "batch", "units", "clip")
AGAIN = 2000  # how often a search is done once more with other luck


@dataclass(frozen=True, eq=False)
class Stored:
    """The file's arrays, as the script says what they are."""

    seeds: Array
    table: Array
    tried: Array
    halved: Array


@cache
def stored() -> Stored:
    """All that is kept."""
    with np.load(FILE) as saved:
        return Stored(*(saved[name].astype(float) for name in ("seeds", "table", "tried", "halved")))


@lru_cache(maxsize=2)
def points(count: int) -> tuple[dict[str, Any], ...]:
    """Settings drawn at random, each by itself."""
    draws = {"rate": rv.sweep.log_uniform(LOW, HIGH), "batch": BATCHES, "units": SIZES, "clip": CLIPS}
    return tuple(rv.sweep.random_points(np.random.default_rng(DRAW_SEED), count, draws))


# A grid, and as many runs at random


def grids() -> list[Array]:
    """All grids of PER evenly spaced learning rates by all else: the table's cells (RUNS, 2) of each."""
    apart = len(LINE) // PER
    return [
        np.array([(first + apart * k, column) for k in range(PER) for column in range(len(OTHERS))])
        for first in range(apart)
    ]


def at_random(seed: int) -> Array:
    """As many cells of the table, drawn at random."""
    rng = np.random.default_rng([DRAW_SEED, seed])
    return np.stack([rng.integers(len(LINE), size=RUNS), rng.integers(len(OTHERS), size=RUNS)], axis=1)


def found(cells: Array) -> Array:
    """The errors of these cells."""
    rows, columns = cells.T
    return np.asarray(stored().table[rows, columns])


@cache
def random_wins() -> float:
    """How often the best of a random search is better than that of a grid, over all grids and many searches."""
    best = np.array([np.nanmin(found(at_random(seed))) for seed in range(AGAIN)])
    others = np.array([np.nanmin(found(cells)) for cells in grids()])
    beats, ties = best[:, None] < others, best[:, None] == others
    return float((beats + 0.5 * ties).mean())


# The best of many


def matters(name: str) -> float:
    """Which share of the variance of the errors' logarithms lies between four groups of a setting's values."""
    values = np.array([point[name] for point in points(MANY)])
    group = np.argsort(np.argsort(values)) * 4 // MANY if name == "rate" else np.unique(values, return_inverse=True)[1]
    logs = np.log10(whole())
    means = np.array([logs[group == k].mean() for k in group])
    return float(means.var() / logs.var())


def whole() -> Array:
    """(MANY,) errors on the validation set; a large one where it diverged."""
    return np.asarray(np.nan_to_num(stored().tried[:, :VALIDATION].mean(axis=1), nan=1e3, posinf=1e3))


@cache
def best_of() -> tuple[Array, Array]:
    """(MANY,) each: what the best of 1, 2, ..., MANY networks has on its validation set and on the test, on average.

    Over AGAIN searches: the networks in another order, and another validation set drawn from the part of the pool that
    is not the test's.
    """
    rng, tried = np.random.default_rng(0), np.nan_to_num(stored().tried, nan=1e3, posinf=1e3)
    final = tried[:, POOL - TEST :].mean(axis=1)
    chosen, tested = np.zeros(MANY), np.zeros(MANY)
    for _ in range(AGAIN):
        order = rng.permutation(MANY)
        seen = tried[order][:, rng.choice(POOL - TEST, VALIDATION, replace=False)].mean(axis=1)
        best = [int(np.argmin(seen[: n + 1])) for n in range(MANY)]
        chosen += seen[best] / AGAIN
        tested += final[order[best]] / AGAIN
    return chosen, tested
