"""Sequences of different lengths in one batch, padded at the end to a common T.

Sequence b fills the positions 0 <= t < lengths[b]; the positions after it are padding and take part in nothing.
The reverse direction reads position lengths[b] - 1 first. Reversing each sequence **within its own length** turns
that into a left-to-right pass whose padding is at the end again, so that no cell needs to know of padding at all.

Arrays here are feature-major, (T, rows, B); a batch without padding has `lengths=None`.
"""

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rnnviz.arrays import Array, as_array, read_only
from rnnviz.errors import ShapeError

Lengths = NDArray[np.intp]
Entry = TypeVar("Entry", bound=np.generic)  # a number, or whether one is there


def check_lengths(lengths: ArrayLike | None, T: int, B: int) -> Lengths | None:
    """`lengths` as B whole numbers from 1 to T; None where no sequence is padded.

    Raises ShapeError for another number of lengths, fractions, or a length outside 1..T.
    """
    if lengths is None:
        return None
    given = as_array("lengths", lengths)
    if given.shape != (B,):
        raise ShapeError(f"lengths needs one whole number per sequence, shape ({B},); got shape {given.shape}")
    if given.dtype.kind not in "iuf" or not np.isfinite(given).all() or (given != np.floor(given)).any():
        raise ShapeError(f"lengths needs whole numbers, got {given.tolist()}")
    outside = np.flatnonzero((given < 1) | (given > T))
    if outside.size:
        b = int(outside[0])
        raise ShapeError(f"lengths must be from 1 to T = {T}; sequence {b} has length {int(given[b])}")
    if (given == T).all():
        return None
    return read_only(given.astype(np.intp))


def is_padding(lengths: Lengths, T: int) -> NDArray[np.bool_]:
    """True where a position lies beyond its sequence's end: (T, B)."""
    return np.arange(T)[:, None] >= lengths


def blank(a: Array, lengths: Lengths | None) -> None:
    """Set the padding of `a` (T, rows, B) to 0 in place, whatever stood there."""
    if lengths is not None:
        np.copyto(a, 0, where=is_padding(lengths, len(a))[:, None, :])


def reverse(a: NDArray[Entry], lengths: Lengths | None) -> NDArray[Entry]:
    """Each sequence of `a` (T, rows, B) back to front within its own length; its own inverse. May be a view."""
    if lengths is None:
        return a[::-1]
    t = np.arange(len(a))[:, None]
    source = np.where(t < lengths, lengths - 1 - t, t)
    return np.take_along_axis(a, source[:, None, :], axis=0)


@dataclass(frozen=True, eq=False)
class ReadingOrder:
    """The order in which one direction reads: 0 from left to right, 1 from right to left within each length."""

    direction: int
    lengths: Lengths | None

    def turn(self, a: NDArray[Entry]) -> NDArray[Entry]:
        """Input positions to reading order, or back: feature-major (T, rows, B), to be read only."""
        return reverse(a, self.lengths) if self.direction else a

    def show(self, a: NDArray[Entry]) -> NDArray[Entry]:
        """Feature-major in reading order to what people read: (T, B, rows) by input position, read-only."""
        return read_only(self.turn(a).transpose(0, 2, 1))
