"""The watch's recordings: six signals of 140 sets of exercises, cut into windows, and how these are split.

`lessons/data/gestures.npz` holds whole numbers with a scale for each signal; made by the script beside it. Each of ten
people does each of seven exercises with each arm.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from rnnviz.arrays import Array
from rnnviz.data import Scaler, standardize
from rnnviz.tasks import SequenceBatch

FILE = Path(__file__).parents[1] / "data" / "gestures.npz"
SIGNALS, EXERCISES, PEOPLE, RATE = 6, 7, 10, 10  # RATE: numbers a second of each signal
LENGTH, STRIDE = 40, 10  # steps of a window, and from one window to the next
KNOWN = 5  # of the people: the others are new, where people are held out
Split = Literal["people", "windows", "person"]
Places = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Recordings:
    """All recordings: signals [(T, 6)] in g and rad/s, exercise (n,), person (n,) from 0, right (n,): which arm."""

    signals: tuple[Array, ...]
    exercise: Places
    person: Places
    right: Places


@cache
def recordings() -> Recordings:
    """Those of the file; its source and licence stand beside it."""
    with np.load(FILE, allow_pickle=False) as saved:
        values = saved["q"] * saved["scale"].astype(np.float64)
        ends = np.cumsum(saved["lengths"].astype(int))[:-1]
        exercise, person, right = (saved[name].astype(int) for name in ("exercise", "person", "right"))
    return Recordings(tuple(np.split(values, ends)), exercise, person, right)


def starts(steps: int) -> Places:
    """Where the windows of a signal of so many steps begin."""
    return np.arange(0, steps - LENGTH + 1, STRIDE)


@dataclass(frozen=True, eq=False)
class Windows:
    """All windows: x (LENGTH, N, 6), of which recording (N,), and the how manieth of it (N,), from 0."""

    x: Array
    recording: Places
    place: Places

    @property
    def exercise(self) -> Places:
        """(N,)"""
        return recordings().exercise[self.recording]

    @property
    def person(self) -> Places:
        """(N,)"""
        return recordings().person[self.recording]


@cache
def windows() -> Windows:
    """Of all recordings, one after the other."""
    each = [(n, k, a) for n, x in enumerate(recordings().signals) for k, a in enumerate(starts(len(x)))]
    x = np.stack([recordings().signals[n][a : a + LENGTH] for n, _, a in each], axis=1)
    return Windows(x, np.array([n for n, _, _ in each]), np.array([k for _, k, _ in each]))


def parts(split: Split, person: int = 0) -> tuple[Places, Places]:
    """Which windows are learned from, and which are held out.

    people   the first KNOWN people are learned from, the others are held out
    windows  of each recording every other window is held out, which shares most of its steps with its neighbours
    person   one person is held out, all others are learned from
    """
    known = windows()
    held = {"people": known.person >= KNOWN, "windows": known.place % 2 == 1, "person": known.person == person}[split]
    return np.flatnonzero(~held), np.flatnonzero(held)


@cache
def scaler(split: Split, person: int = 0) -> Scaler:
    """Mean and spread of each signal, of the part that is learned from."""
    return standardize(windows().x[:, parts(split, person)[0]].reshape(-1, SIGNALS))


def batch(which: Places, by: Scaler) -> SequenceBatch:
    """Windows side by side; the exercise is asked for after each step of a window's second half."""
    known = windows()
    x = by.transform(known.x[:, which].reshape(-1, SIGNALS)).reshape(LENGTH, len(which), SIGNALS)
    mask = np.zeros((LENGTH, len(which)), np.bool_)
    mask[LENGTH // 2 :] = True
    targets = np.where(mask, known.exercise[which], 0)
    lengths = np.full(len(which), LENGTH)
    return SequenceBatch(x, targets, mask, lengths, EXERCISES, baseline=float(np.log(EXERCISES)))
