"""What a cell costs: parameters, multiply-adds, memory of a pass, as counted; time of an update, as measured.

    parameters         gates * H (I + H + 2), and Q (H + 1) of the readout           LSTM 4 gates, GRU 3, Elman 1
    multiply-adds      of a step: `cells.LSTM.multiply_adds` and its like, and Q H   one sequence
    memory             of a step: what `Trace.nbytes` grows by with each step        one sequence, float64

Sizes: I inputs, H hidden units, Q outputs.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

import rnnviz as rv
from lessons.gru_or_lstm import experiment
from lessons.gru_or_lstm.experiment import NAMES, Settings

REPEATS, WARM = 30, 3
ALIKE = 0.1  # of a time: less is no difference
GATES = {"elman": 1, "lstm": 4, "gru": 3}
Times = tuple[float, float]  # seconds: the quickest of the repeats, their median


@dataclass(frozen=True)
class Count:
    """Of one network; bytes: of one step's record of one sequence."""

    units: int
    parameters: int
    multiply_adds: int
    bytes: int


@lru_cache(maxsize=256)
def count(task: str, cell: str, size: str, like: int) -> Count:
    """Of a cell that has as many parameters, or units, as an LSTM with `like` units."""
    H = Settings(task, cell, size, like=like).units
    return Count(
        H, experiment.parameters(task, cell, H), experiment.multiply_adds(task, cell, H), bytes_per_step(task, cell, H)
    )


def counts(task: str, size: str, like: int) -> dict[str, Count]:
    """Of all cells."""
    return {cell: count(task, cell, size, like) for cell in NAMES}


@lru_cache(maxsize=256)
def bytes_per_step(task: str, cell: str, H: int) -> int:
    """By how much the trace of one sequence grows with a step: the engine is asked, with two lengths."""
    inputs, outputs = experiment.width(task)
    network = rv.Network.create(cell, input_size=inputs, hidden_size=H, output_size=outputs)
    short, long = (rv.unroll(network, np.zeros((T, 1, inputs))).nbytes for T in (2, 3))
    return long - short


@lru_cache(maxsize=64)
def measured(task: str, size: str, like: int) -> dict[str, Times]:
    """How long an update takes, all of it: the batch, both passes, clipping and Adam; of each cell.

    The cells take turns, so that whatever else the computer does meets all of them. It is
    measured once, and anew after `measured.cache_clear()`.
    """
    each = [Settings(task, cell, size, like=like) for cell in NAMES]
    training = [one.go(one.start()) for one in each]
    taken = np.array([[next(one).seconds for one in training] for _ in range(WARM + REPEATS)])[WARM:]
    return dict(zip(NAMES, zip(taken.min(axis=0).tolist(), np.median(taken, axis=0).tolist())))


def faster(one: Times, other: Times) -> str:
    """Which takes less time undisturbed, "one" or "other"; "alike" where they differ by less than `ALIKE`."""
    ratio = one[0] / other[0]
    return "alike" if abs(ratio - 1) < ALIKE else "one" if ratio < 1 else "other"
