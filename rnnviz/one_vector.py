"""Named arrays as one long vector and back: what is done entry by entry is then done once for all of them."""

from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import DTypeLike

from rnnviz.arrays import Array


def join(arrays: Iterable[Array], dtype: DTypeLike) -> Array:
    """The entries of all arrays, of any shapes, one after the other: a new vector of `dtype`.

    Too large a number for it becomes infinite, in silence.
    """
    parts = [a.ravel() for a in arrays]
    with np.errstate(over="ignore"):
        return np.concatenate(parts, dtype=dtype, casting="same_kind") if parts else np.empty(0, dtype)


def split(vector: Array, like: Mapping[str, Array]) -> dict[str, Array]:
    """The vector's entries under the names and in the shapes of `like`, in its order: views of the vector."""
    views, start = {}, 0
    for name, a in like.items():
        views[name] = vector[start : start + a.size].reshape(a.shape)
        start += a.size
    return views


def all_finite(vector: Array) -> bool:
    """Whether no entry is NaN or infinite: a sum of finite numbers is, save where it overflows; then each is looked at.

    To be called where overflow is ignored.
    """
    return bool(np.isfinite(vector.sum())) or bool(np.isfinite(vector).all())
