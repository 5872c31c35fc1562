"""What goes wrong, by name. Each error is a `ValueError` that says what was given, what is needed and where.

ShapeError        an array has the wrong shape or data type
UnknownNameError  a name (of a cell, an initializer, a parameter) is not one that exists
NonFiniteError    NaN or infinity stands where a number is needed
WeightsError      a file does not hold a network that this library can run
"""

from collections.abc import Collection


class ShapeError(ValueError):
    """An array's shape or data type does not fit where it was given."""


class UnknownNameError(ValueError):
    """A name was given that does not exist; the message lists the ones that do."""


class NonFiniteError(ValueError):
    """NaN or infinity in an input, or a result that needs finite numbers met none."""


class WeightsError(ValueError):
    """Named arrays, or a file of them, are not an Elman, LSTM or GRU network; the message names what is missing."""


def one_of(what: str, name: str, known: Collection[str]) -> None:
    """Raise UnknownNameError, listing the names that there are, unless `name` is one of them."""
    if not isinstance(name, str) or name not in known:
        raise UnknownNameError(f"{what} must be one of {sorted(known)}, got {name!r}")
