"""Numbers of one size: z = (x - shift) / scale, column by column.

    standardize    shift = mean, scale = standard deviation: z has mean 0 and spread 1
    min_max        shift = minimum, scale = maximum - minimum: z lies in [0, 1]

of the *training part*. Later values are scaled with the same numbers, wherever that puts them: outside [0, 1], too.
Gates and tanh saturate at inputs of a few units, and one learning rate suits all weights only where all inputs have
about the same spread (LeCun, Bottou, Orr & Müller 1998, "Efficient BackProp", section 4.3).

Arrays are (..., I): the last axis are the columns. NaN is a missing value: it takes no part in the fit and stays NaN.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from rnnviz.arrays import Array, real_array
from rnnviz.errors import NonFiniteError, ShapeError


@dataclass(frozen=True, eq=False)
class Scaler:
    """shift (I,) and scale (I,) > 0, one of each for each column, in the columns' units."""

    shift: Array
    scale: Array

    def transform(self, x: ArrayLike) -> Array:
        """z = (x - shift) / scale, x (..., I). Raises ShapeError for another number of columns."""
        z: Array = (self._columns("x", x) - self.shift) / self.scale
        return z

    def inverse(self, z: ArrayLike) -> Array:
        """x = shift + scale z, z (..., I): back in the columns' units. Raises ShapeError as `transform` does."""
        x: Array = self.shift + self.scale * self._columns("z", z)
        return x

    def _columns(self, name: str, given: ArrayLike) -> Array:
        a = real_array(name, given, np.float64)
        if a.shape[-1:] != self.shift.shape:
            raise ShapeError(f"{name} needs {len(self.shift)} columns, shape (..., {len(self.shift)}); got {a.shape}")
        return a


def standardize(train: ArrayLike) -> Scaler:
    """The scaler that gives `train` (..., I) mean 0 and standard deviation 1 in each column.

    A column that never changes has scale 1. Raises ShapeError for what is no array (..., I), NonFiniteError for
    infinity, ValueError for a column without a single number.
    """
    rows = _rows(train)
    return _scaler(np.nanmean(rows, axis=0), np.nanstd(rows, axis=0))


def min_max(train: ArrayLike) -> Scaler:
    """The scaler that puts `train` (..., I) into [0, 1] in each column. Raises as `standardize` does."""
    rows = _rows(train)
    least = np.nanmin(rows, axis=0)
    return _scaler(least, np.nanmax(rows, axis=0) - least)


def _rows(train: ArrayLike) -> Array:
    a = real_array("train", train, np.float64)
    if a.ndim < 2 or a.shape[-1] == 0:
        raise ShapeError(f"train needs shape (..., I): a single column is x[:, None]; got {a.shape}")
    rows = a.reshape(-1, a.shape[-1])
    if np.isinf(rows).any():
        raise NonFiniteError(f"train is infinite in column {int(np.flatnonzero(np.isinf(rows).any(axis=0))[0])}")
    empty = np.flatnonzero(np.isnan(rows).all(axis=0))
    if empty.size:
        raise ValueError(f"column {int(empty[0])} of train has no numbers")
    return rows


def _scaler(shift: Array, spread: Array) -> Scaler:
    """With a scale of 1 where rounding is all that a column's spread is made of."""
    constant = spread <= 1e-12 * np.maximum(np.abs(shift), 1e-300)
    return Scaler(shift, np.where(constant, 1.0, spread))
