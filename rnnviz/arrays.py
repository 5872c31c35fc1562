"""The array type that every signature names, and how what a caller gives becomes one."""

from typing import Any, TypeAlias, TypeVar

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from rnnviz.errors import ShapeError

Array: TypeAlias = NDArray[np.floating[Any]]
AnyArray = TypeVar("AnyArray", bound=NDArray[Any])


def real_array(name: str, value: ArrayLike, dtype: DTypeLike) -> Array:
    """`value` as an array of `dtype`; too large a number for it becomes infinite, in silence.

    Raises ShapeError, naming `name`, for anything but real numbers.
    """
    given = np.asarray(value)
    if given.dtype.kind not in "fiub":
        raise ShapeError(f"{name} needs real numbers, got dtype {given.dtype}")
    if given.dtype == dtype:
        return given
    with np.errstate(all="ignore"):
        return given.astype(dtype)


def read_only(a: AnyArray) -> AnyArray:
    """`a` itself, no longer to be written to."""
    a.flags.writeable = False
    return a


def whole_number(value: Any) -> int | None:
    """`value` as an int where it is a whole number, of whatever type; otherwise None."""
    try:
        whole = int(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return whole if whole == value else None


def flag(name: str, value: bool) -> bool:
    """`value` where it is True or False; ShapeError, naming `name`, for anything else: "False" would pass for true."""
    if not isinstance(value, bool | np.bool_):
        raise ShapeError(f"{name} must be True or False, got {value!r}")
    return bool(value)
