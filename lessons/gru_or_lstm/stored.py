"""What `python -m lessons.trained.gru_or_lstm` has trained and kept: each cell, size and rate on each task, all seeds.

Sizes: R runs, K = UPDATES / EVERY + 1 measurements of each, at updates 0, EVERY, 2 EVERY, ... Besides, what becomes of
the story's two races, which anyone's browser asks for anew: the same numbers, on a machine that rounds alike.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lessons.gru_or_lstm.experiment import NAMES

FILE = Path(__file__).parents[1] / "trained" / "gru_or_lstm.npz"
SEEDS = 6
UPDATES, EVERY = 1000, 20
PAIR = ("lstm", "gru")


@dataclass(frozen=True, eq=False)
class Runs:
    """All runs, row by row.

    task, cell, size  (R,) their names; rate, seed: (R,)
    error             (R, K) on held-out sequences, as a share of the baseline
    reach             (R, K) how far it counts; -1 in other tasks
    """

    task: NDArray[np.str_]
    cell: NDArray[np.str_]
    size: NDArray[np.str_]
    rate: NDArray[np.float64]
    seed: NDArray[np.int64]
    error: NDArray[np.float32]
    reach: NDArray[np.int64]

    def rows(self, task: str, cell: str, size: str, rate: float) -> NDArray[np.intp]:
        """Which runs these are, seed by seed."""
        size = "units" if cell == "lstm" else size  # an LSTM is as large as itself
        found = (self.task == task) & (self.cell == cell) & (self.size == size) & (self.rate == rate)
        return np.flatnonzero(found)


@dataclass(frozen=True, eq=False)
class Race:
    """A race of the story, F = updates / BETWEEN + 1 measurements: {cell: ...} each.

    error    (F,) on held-out sequences, as a share of the baseline
    reach    (F,) how far it counts; -1 where it does not count
    weights  (P,) all parameters at the end, in the order of `state_dict`
    """

    error: dict[str, NDArray[np.float32]]
    reach: dict[str, NDArray[np.int64]]
    weights: dict[str, NDArray[np.float32]]


@cache
def runs() -> Runs:
    """The stored runs."""
    with np.load(FILE) as saved:
        return Runs(**{name: saved[name] for name in Runs.__dataclass_fields__})


@cache
def seconds() -> dict[str, float]:
    """How long an update of the adding problem took each cell when all this was stored, the quickest of many."""
    with np.load(FILE) as saved:
        return dict(zip(NAMES, saved["seconds"].tolist()))


@cache
def race(task: str) -> Race:
    """What becomes of one of the races."""
    with np.load(FILE) as saved:
        return Race(*({cell: saved[f"{task}_{cell}_{of}"] for cell in NAMES} for of in Race.__dataclass_fields__))
