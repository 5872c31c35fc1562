"""What goes wrong, by name. Each error is a `ValueError` that says what was given, what is needed and where.

ShapeError        an array has the wrong shape or data type
UnknownNameError  a name (of a cell, an initializer, a parameter) is not one that exists
NonFiniteError    NaN or infinity stands where a number is needed
WeightsError      a file does not hold a network that this library can run
TableError        a file or a data frame is no table that can be read; it names row, column and what stands there
"""

from collections.abc import Collection
from typing import Any


class ShapeError(ValueError):
    """An array's shape or data type does not fit where it was given."""


class UnknownNameError(ValueError):
    """A name was given that does not exist; the message lists the ones that do."""


class NonFiniteError(ValueError):
    """NaN or infinity in an input, or a result that needs finite numbers met none."""


class WeightsError(ValueError):
    """Named arrays, or a file of them, are not an Elman, LSTM or GRU network; the message names what is missing."""


class TableError(ValueError):
    """A table cannot be read as what is needed.

    reason  an id, such as "empty", "cells" or "number"; `data.read_csv` lists them
    row     the line in the file, from 1; column: its name; stands: what is there; most: what is allowed; else None
    """

    def __init__(
        self, reason: str, said: str, *, row: int | None = None, column: str | None = None, stands: Any = None,
        most: int | None = None,
    ) -> None:  # fmt: skip
        super().__init__(said)
        self.reason, self.row, self.column, self.stands, self.most = reason, row, column, stands, most


def one_of(what: str, name: str, known: Collection[str]) -> None:
    """Raise UnknownNameError, listing the names that there are, unless `name` is one of them."""
    if not isinstance(name, str) or name not in known:
        raise UnknownNameError(f"{what} must be one of {sorted(known)}, got {name!r}")
