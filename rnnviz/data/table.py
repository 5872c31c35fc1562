"""A table as named columns: of a CSV file, or of a data frame. Whatever is wrong with it is told where it stands.

    table = read_csv("day,rain\\n2012-01-01,0.0\\n2012-01-02,10.9\\n")
    table.numbers                           ("rain",)
    table.values("rain")                    (2, 1) float64, NaN where a cell is empty

The first row holds the names. Columns are parted by comma, semicolon, tab or bar, whichever parts the first row most;
numbers have decimal points or, where more of a column's cells are numbers that way, decimal commas. A column is of
numbers where more than half of its filled cells are, else of dates (2012-01-31, 2012/1/31, 31.1.2012, with or without a
time) by the same rule, else of text. Another cell in a column of numbers or dates is an error, not a gap; empty cells
and NA, NaN, null, none, n/a, ?, -, . are gaps. Bytes are UTF-8, or UTF-16 where its mark begins them, otherwise taken
for Windows-1252. (RFC 4180 for quotes; nothing in a file is ever run.)
"""

import csv
import io
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnviz.arrays import Array
from rnnviz.errors import TableError, UnknownNameError

PARTS = ",;\t|"
GAPS = frozenset(("", "na", "nan", "n/a", "null", "none", "?", "-", "."))
POINT = re.compile(r"[+-]?([0-9]+|[0-9]{1,3}(,[0-9]{3})+)?(\.[0-9]*)?([eE][+-]?[0-9]+)?")
COMMA = re.compile(r"[+-]?([0-9]+|[0-9]{1,3}(\.[0-9]{3})+)?(,[0-9]*)?([eE][+-]?[0-9]+)?")
STRANGE = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")  # control characters that no text holds
DATES = ("%Y/%m/%d", "%d.%m.%Y", "%Y/%m/%d %H:%M", "%d.%m.%Y %H:%M")


@dataclass(frozen=True)
class Limits:
    """The largest table that is read: bytes (or characters) of the file, rows without the names, columns."""

    size: int = 2_000_000
    rows: int = 50_000
    columns: int = 50


@dataclass(frozen=True, eq=False)
class Table:
    """N rows of named columns, in their order.

    columns  {name: (N,)}: float64, NaN for a gap; datetime64[s], NaT for a gap; or str (as objects), "" for a gap
    """

    columns: Mapping[str, NDArray[Any]] = field(repr=False)

    @property
    def names(self) -> tuple[str, ...]:
        """Of all columns."""
        return tuple(self.columns)

    @property
    def numbers(self) -> tuple[str, ...]:
        """The names of the columns of numbers."""
        return tuple(name for name, column in self.columns.items() if column.dtype.kind == "f")

    @property
    def dates(self) -> tuple[str, ...]:
        """The names of the columns of dates."""
        return tuple(name for name, column in self.columns.items() if column.dtype.kind == "M")

    def __len__(self) -> int:
        return len(next(iter(self.columns.values()), ()))

    def values(self, *names: str) -> Array:
        """(N, I) float64: these columns of numbers, all of them where none is named.

        Raises UnknownNameError for a name that is no column of numbers, TableError where there is none at all.
        """
        wanted = names or self.numbers
        strange = [name for name in wanted if name not in self.numbers]
        if strange:
            raise UnknownNameError(f"{strange[0]!r} is no column of numbers; those are {list(self.numbers)}")
        if not wanted:
            raise TableError("no_numbers", f"no column holds numbers; the columns are {list(self.names)}")
        return np.stack([self.columns[name] for name in wanted], axis=1)


def read_csv(text: str | bytes, limits: Limits | None = None) -> Table:
    """The table in a CSV file's text or bytes; `limits`: how much is read, None for those of `Limits`.

    Raises TableError, whose `reason` is one of

        empty, size, binary, quotes     the file as a whole
        no_header, no_rows, names       no row of names (all of the first row are numbers), only that, a name twice
        rows, columns, cells            too many rows, columns; a row with more or fewer cells than there are names
        number, date                    a cell in such a column that is none
    """
    limits = limits or Limits()
    if not isinstance(text, str | bytes):
        raise TypeError(f"text must be str or bytes, got {type(text).__name__}")
    if len(text) > limits.size:
        raise TableError("size", f"{len(text)} bytes are more than {limits.size}", stands=len(text), most=limits.size)
    decoded = (text if isinstance(text, str) else _decoded(text)).removeprefix("\ufeff")
    if STRANGE.search(decoded):
        raise TableError("binary", "this is no text: a CSV file is needed")
    part = _part(decoded)
    lines = _lines(decoded, part)
    names = _names(lines[0][1], limits)
    if len(lines) < 2:
        raise TableError("no_rows", "there are names of columns, but no rows below them")
    if len(lines) - 1 > limits.rows:
        raise TableError("rows", f"more than {limits.rows} rows", stands=len(lines) - 1, most=limits.rows)
    for row, cells in lines[1:]:
        if len(cells) != len(names):
            said = f"row {row} has {len(cells)} cells, but there are {len(names)} columns"
            raise TableError("cells", said, row=row, stands=len(cells), most=len(names))
    rows = [row for row, _ in lines[1:]]
    return Table({name: _column(name, [c[k] for _, c in lines[1:]], rows, part) for k, name in enumerate(names)})


def from_frame(frame: Any) -> Table:
    """The table of a pandas or polars data frame, or of any other that narwhals knows; the index is no column.

    Numbers and booleans become float64, dates and times datetime64[s], all else text. Raises TypeError for what is no
    data frame, ImportError without narwhals, TableError where a name stands twice or there is no row.
    """
    import narwhals as nw

    found = nw.from_native(frame, eager_only=True)
    if not len(found) or not found.columns:
        raise TableError("no_rows", "the data frame has no rows")
    columns: dict[str, NDArray[Any]] = {}
    for name, kind in found.schema.items():
        cells = found[name].to_list()
        if kind.is_numeric() or kind == nw.Boolean:
            columns[str(name)] = np.array([np.nan if cell is None else float(cell) for cell in cells])
        elif kind in (nw.Date, nw.Datetime):
            days = found[name].dt.replace_time_zone(None).to_list() if kind == nw.Datetime else cells
            columns[str(name)] = np.array(days, "datetime64[s]")
        else:
            columns[str(name)] = np.array(["" if cell is None else str(cell) for cell in cells], object)
    return Table(columns)


def _decoded(data: bytes) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _part(text: str) -> str:
    """What parts the columns: what stands most often in the first line, quotes left out; the comma where none does."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max(PARTS, key=re.sub(r'"[^"]*"', "", first).count)


def _lines(text: str, part: str) -> list[tuple[int, list[str]]]:
    """All rows that hold anything, each with the number of its last line in the file, from 1."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=part, strict=True, skipinitialspace=part != "\t")
    found = []
    try:
        for cells in reader:
            bare = [cell.strip() for cell in cells]
            if any(bare):
                found.append((reader.line_num, bare))
    except csv.Error as error:
        raise TableError("quotes", f"line {reader.line_num}: {error}", row=reader.line_num) from None
    if not found:
        raise TableError("empty", "there is nothing in it")
    return found


def _names(cells: Sequence[str], limits: Limits) -> list[str]:
    if len(cells) > limits.columns:
        said = f"{len(cells)} columns are more than {limits.columns}"
        raise TableError("columns", said, stands=len(cells), most=limits.columns)
    if all(_point(cell) is not None or _comma(cell) is not None or _date(cell) is not None for cell in cells if cell):
        raise TableError("no_header", f"the first row holds no names: {', '.join(cells)[:60]}", stands=cells[0][:40])
    names = [cell or f"column {k}" for k, cell in enumerate(cells, 1)]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise TableError("names", f"two columns are called {twice!r}", column=twice[:40])
    return names


def _column(name: str, cells: Sequence[str], rows: Sequence[int], part: str) -> NDArray[Any]:
    """A column as what more than half of its filled cells are."""
    filled = [k for k, cell in enumerate(cells) if cell.lower() not in GAPS]
    if not filled:
        return np.full(len(cells), np.nan)
    numbers = _read(_number_style([cells[k] for k in filled], part), "number", name, cells, rows, filled)
    if numbers is not None:
        return np.array([numbers.get(k, np.nan) for k in range(len(cells))], np.float64)
    dates = _read(_date, "date", name, cells, rows, filled)
    if dates is not None:
        return np.array([dates.get(k) for k in range(len(cells))], "datetime64[s]")
    return np.array(cells, object)


def _read(
    read: Callable[[str], Any], kind: str, name: str, cells: Sequence[str], rows: Sequence[int], filled: Sequence[int]
) -> dict[int, Any] | None:
    """The filled cells as `read` reads them; None where no more than half of them are of this kind."""
    found = {k: read(cells[k]) for k in filled}
    bad = [k for k in filled if found[k] is None]
    if 2 * len(bad) >= len(filled):
        return None
    if bad:
        row, stands = rows[bad[0]], cells[bad[0]][:40]
        raise TableError(
            kind, f"row {row}, column {name!r}: {stands!r} is no {kind}", row=row, column=name[:40], stands=stands
        )
    return found


def _number_style(cells: Sequence[str], part: str) -> Callable[[str], float | None]:
    """How most of these cells are read as numbers: with a point, or with a comma."""
    point, comma = (sum(read(cell) is not None for cell in cells) for read in (_point, _comma))
    alike = part != "," and any("," in cell for cell in cells)
    return _comma if comma > point or (comma == point and alike) else _point


def _point(cell: str) -> float | None:
    """The number that stands there with a decimal point; None where there is none, or none that is finite."""
    cell = cell.replace("\N{MINUS SIGN}", "-")
    if not POINT.fullmatch(cell):
        return None
    try:
        value = float(cell.replace(",", ""))
    except ValueError:  # an exponent alone
        return None
    return value if np.isfinite(value) else None


def _comma(cell: str) -> float | None:
    """The same with a decimal comma."""
    cell = cell.replace("\N{MINUS SIGN}", "-")
    return _point(cell.replace(".", "").replace(",", ".")) if COMMA.fullmatch(cell) else None


def _date(cell: str) -> datetime | None:
    """The day or time that stands there; None where there is none."""
    if not 8 <= len(cell) <= 32 or not cell[0].isdigit():
        return None
    if cell[4] == "-":
        try:
            return datetime.fromisoformat(cell).replace(tzinfo=None)
        except ValueError:
            return None
    for form in DATES:
        try:
            return datetime.strptime(cell, form)
        except ValueError:
            continue
    return None
