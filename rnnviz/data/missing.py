"""Missing values: NaN in an array (N, I) of N steps in time order and I columns. Nothing here changes its input.

    drop           steps with a gap are left out; the steps around it move together
    fill_mean      the mean of the training part
    fill_forward   the last value known: at step t only what was known at t is used
    interpolate    the straight line between the neighbours: uses the value *after* the gap, which at step t is future
    with_mask      any of them, and beside each column one that is 1 where the value was missing

A network cannot read NaN, and a filled value looks like a measured one unless the mask says otherwise. (Lipton, Kale &
Wetzel 2016, "Directly modeling missing data in sequences with RNNs"; Che et al. 2018, "Recurrent neural networks for
multivariate time series with missing values", where the time since the last value is told as well.)
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rnnviz.arrays import Array, real_array
from rnnviz.errors import ShapeError


def is_missing(values: ArrayLike) -> NDArray[np.bool_]:
    """True where `values` (any shape) is NaN. Raises ShapeError for anything but real numbers."""
    return np.asarray(np.isnan(real_array("values", values, np.float64)))


def drop(values: ArrayLike) -> tuple[Array, NDArray[np.intp]]:
    """The steps of `values` (N, I) without a gap (M, I), and which ones they are (M,). Raises ShapeError."""
    a = _table("values", values)
    kept = np.flatnonzero(~np.isnan(a).any(axis=1))
    return a[kept], kept


def fill_mean(values: ArrayLike, train: ArrayLike) -> Array:
    """`values` (N, I), its gaps filled with the means of `train` (M, I), the training part.

    Raises ShapeError where the columns do not fit, ValueError for a column of `train` without a single number.
    """
    a = _table("values", values)
    return np.where(np.isnan(a), _means(train, a.shape[1]), a)


def fill_forward(values: ArrayLike, train: ArrayLike) -> Array:
    """`values` (N, I), each gap filled with the last value known before it; before the first one, the mean of `train`.

    Raises as `fill_mean` does.
    """
    a = _table("values", values)
    steps = np.where(np.isnan(a), -1, np.arange(len(a))[:, None])
    last = np.maximum.accumulate(steps, axis=0) if len(a) else steps
    found = np.take_along_axis(a, np.maximum(last, 0), axis=0)
    return np.where(last < 0, _means(train, a.shape[1]), found)


def interpolate(values: ArrayLike) -> Array:
    """`values` (N, I), each gap on the straight line between its neighbours; at both ends the nearest value.

    It looks ahead: fit for a picture, or for a gap that lies whole within what the network reads, not for what is
    still to come. Raises ShapeError, ValueError for a column without a single number.
    """
    a = _table("values", values)
    steps, filled = np.arange(len(a)), a.copy()
    for column in filled.T:
        known = ~np.isnan(column)
        if not known.any():
            raise ValueError("a column of values has no numbers: there is nothing to interpolate")
        column[:] = np.interp(steps, steps[known], column[known])
    return filled


def with_mask(filled: ArrayLike, missing: ArrayLike) -> Array:
    """(N, 2 I): the columns of `filled` (N, I), and then for each the indicator: 1 where `missing` (N, I), else 0.

    missing  bool, as `is_missing` gave of what was filled. Raises ShapeError where the two do not fit.
    """
    a, gaps = _table("filled", filled), np.asarray(missing)
    if gaps.shape != a.shape or gaps.dtype != np.bool_:
        raise ShapeError(f"missing must be bool of shape {a.shape}, got {gaps.dtype} of shape {gaps.shape}")
    return np.concatenate([a, gaps.astype(np.float64)], axis=1)


def _table(name: str, values: ArrayLike) -> Array:
    a = real_array(name, values, np.float64)
    if a.ndim != 2:
        raise ShapeError(f"{name} needs shape (N, I): a single column is x[:, None]; got {a.shape}")
    return a


def _means(train: ArrayLike, columns: int) -> Array:
    """(I,) the mean of each column of the training part."""
    a = _table("train", train)
    if a.shape[1] != columns:
        raise ShapeError(f"train needs {columns} columns as values has, got {a.shape[1]}")
    counts = (~np.isnan(a)).sum(axis=0)
    if (counts == 0).any():
        raise ValueError(f"column {int(np.flatnonzero(counts == 0)[0])} of train has no numbers")
    means: Array = np.nansum(a, axis=0) / counts
    return means
