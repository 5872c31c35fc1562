"""The array type that every signature names, and how what a caller gives becomes one, or a number that fits."""

import inspect
from collections.abc import Mapping
from typing import Any, TypeAlias, TypeVar

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from rnnviz.errors import ShapeError

Array: TypeAlias = NDArray[np.floating[Any]]
AnyArray = TypeVar("AnyArray", bound=NDArray[Any])


def as_array(name: str, value: Any) -> NDArray[Any]:
    """`value` as an array of whatever it holds; ShapeError, naming `name`, for what cannot be one."""
    try:
        return np.asarray(value)
    except Exception as error:  # whatever an object's own __array__ raises
        raise ShapeError(f"{name} must be an array of numbers, got {type(value).__name__}: {error}") from error


def require(name: str, value: Any, kind: type) -> None:
    """Raise TypeError, naming `name`, unless `value` is of this kind, a Trace or a Network, say."""
    if not isinstance(value, kind):
        raise TypeError(f"{name} must be a {kind.__name__}, got {type(value).__name__}: {repr(value)[:80]}")


def require_function(name: str, value: Any, says: str) -> None:
    """Raise TypeError, naming `name`, unless `value` is a function that takes what `says` lists: "(y, rng) -> x"."""
    count = says.partition(")")[0].count(",") + 1
    try:
        if isinstance(value, type) or not callable(value):
            raise TypeError("it is none")
        inspect.signature(value).bind(*range(count))
    except TypeError as error:
        raise TypeError(f"{name} must be a function {says}, got {repr(value)[:80]}: {error}") from error
    except ValueError:  # a built-in that does not say what it takes
        pass


def real_array(name: str, value: ArrayLike, dtype: DTypeLike) -> Array:
    """`value` as an array of `dtype`; too large a number for it becomes infinite, in silence.

    Raises ShapeError, naming `name`, for anything but real numbers.
    """
    given = as_array(name, value)
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
        return whole if bool(whole == value) else None
    except Exception:  # noqa: BLE001 (whatever the object raises: it is no number)
        return None


def flag(name: str, value: bool) -> bool:
    """`value` where it is True or False; ShapeError, naming `name`, for anything else: "False" would pass for true."""
    if not isinstance(value, bool | np.bool_):
        raise ShapeError(f"{name} must be True or False, got {value!r}")
    return bool(value)


def floats_by_name(what: str, given: Mapping[str, ArrayLike]) -> dict[str, Array]:
    """`given`, {name: array}, as a dictionary of floating-point arrays.

    Raises ShapeError, naming `what`, for anything else, such as a whole `Gradients` or `Network`.
    """
    if not isinstance(given, Mapping):
        raise ShapeError(
            f"{what} must be {{name: array}}, got {type(given).__name__}: "
            "pass grads.params of the gradients, state_dict() of a network"
        )
    arrays = {name: as_array(f"{what}: {name}", a) for name, a in given.items()}
    for name, a in arrays.items():
        if a.dtype.kind != "f":
            raise ShapeError(f"{what} must be floating point, got {a.dtype} for {name}")
    return arrays


def number(name: str, value: Any, interval: str) -> float:
    """`value` as a Python float (which keeps float32 arrays float32) if it lies in `interval`, such as "[0, inf)".

    Raises ValueError, naming `name`, for anything but one real number inside.
    """
    low, high = (float(end) for end in interval[1:-1].split(","))
    given = as_array(name, value)
    x = float(given) if given.ndim == 0 and given.dtype.kind in "fiu" else np.nan
    if not (low < x < high or (x == low and interval[0] == "[") or (x == high and interval[-1] == "]")):
        raise ValueError(f"{name} must be a number in {interval}, got {value!r}")
    return x


def whole(name: str, value: Any, low: int) -> int:
    """`value` as an int if it is a whole number, of whatever type, of at least `low`; otherwise ValueError."""
    given = whole_number(value)
    if given is None or given < low:
        raise ValueError(f"{name} must be a whole number of at least {low}, got {value!r}")
    if given >= 2**31:
        raise ValueError(f"{name} must be below 2^31, got a number of {len(str(given))} digits")
    return given


def generator(rng: Any) -> np.random.Generator:
    """`rng` itself if it is a NumPy random generator; otherwise ValueError."""
    if not isinstance(rng, np.random.Generator):
        raise ValueError(f"rng must be a NumPy random generator, such as numpy.random.default_rng(0); got {rng!r}")
    return rng
