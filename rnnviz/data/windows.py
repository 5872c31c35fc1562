"""A window slides over a long series: each stretch of `length` steps is a sequence, what follows is its target.

    x[:, b]       = values[b stride : b stride + length]
    targets[:, b] = values[b stride + length : b stride + length + horizon]

Neighbouring windows share `length + horizon - stride` steps. So windows are cut *after* the series was split, within
each part: cut before, and drawn at random, a test window has nearly all of its steps in training windows.
(`rnnviz.training.windows` draws windows from anywhere while it trains.)
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from rnnviz.arrays import Array, real_array, whole
from rnnviz.errors import ShapeError


class Windows(NamedTuple):
    """x (T, B, I) and targets (horizon, B, I); window b begins at step b * stride of the series."""

    x: Array
    targets: Array


def windows(values: ArrayLike, length: int, horizon: int, stride: int = 1) -> Windows:
    """All windows of `values` (N, I) that lie in it whole: x (T, B, I) with T = length, targets (horizon, B, I).

    length   T, at least 1
    horizon  how many steps after it are the target, at least 0
    stride   from the beginning of a window to that of the next, at least 1

    Raises ShapeError where `values` has not the shape (N, I), or is too short for one window; ValueError for sizes out
    of range.
    """
    a = real_array("values", values, np.float64)
    T, ahead, stride = whole("length", length, 1), whole("horizon", horizon, 0), whole("stride", stride, 1)
    if a.ndim != 2:
        raise ShapeError(f"values needs shape (N, I): a single column is x[:, None]; got {a.shape}")
    if len(a) < T + ahead:
        raise ShapeError(f"{len(a)} steps are too few for a window of {T} and {ahead} more to predict")
    begins = np.arange(0, len(a) - T - ahead + 1, stride)
    steps = begins + np.arange(T + ahead)[:, None]
    both = a[steps]
    return Windows(both[:T], both[T:])
