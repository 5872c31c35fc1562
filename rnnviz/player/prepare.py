"""Raw data becomes what a network reads, as a stage: a table row by row, a series with its gaps and windows, batches.

    table(head, rows, outputs, cells, words=words)          each row's cells go down and become numbers, or are refused
    series(values, ticks, words=words, fills=[...])         time goes on, and a gap is filled as soon as it can be
    series(values, ticks, words=words, window=Window(...))  a window slides along; what it cuts out is stacked below
    series(values, ticks, words=words, parts=[...], lines=[...])    parts of a series, and what was said of the last
    lengths(sequences, before, after, words=words)          sequences padded in batches, as they come and by length

drawn by js/prepare/prepare.js. The stage {"kind": "prepare", ...} holds

    picture        "table", "series" or "lengths", and what that one needs, as its function says
    steps          how many there are; pace: how many of them a second at normal speed
    step           where it stands at first; hide_from: from there on nothing is drawn yet
    play_to        the step to play to by itself; locked, speed, token as in all stages
    says           [{"from": step, "text"}]: what is said below, from which step on
    words          all else that is written, see `WORDS`

It tells {target, value}: "step" where it has come to rest, "played" once for each `play_to`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike

from rnnviz.arrays import real_array
from rnnviz.errors import ShapeError

WORDS = ("title", "play", "pause", "before", "after", "speed", "place", "step")
Mark = Literal["circle", "square", "diamond"]
MARKS: tuple[Mark, ...] = ("circle", "square", "diamond")
HUES = ("forward", "backward", "output")


@dataclass(frozen=True)
class Cell:
    """What becomes of a cell: what is written, and its value for the colour, from -1 to 1; None: it is refused."""

    text: str
    value: float | None = None


@dataclass(frozen=True)
class Fill:
    """One way to fill gaps: {place: (value, the place at which it is known)}."""

    name: str
    values: Mapping[int, tuple[float, int]]


@dataclass(frozen=True)
class Window:
    """Of `length` steps, and `horizon` more that are its target; `begins`: where each one begins, in order."""

    length: int
    horizon: int
    begins: tuple[int, ...]


@dataclass(frozen=True)
class Part:
    """The places from `first` to before `end`, by name."""

    name: str
    first: int
    end: int


@dataclass(frozen=True, eq=False)
class Line:
    """Another line over the same places (N,), NaN where it says nothing."""

    name: str
    values: ArrayLike


def table(
    head: Sequence[str],
    rows: Sequence[Sequence[str]],
    outputs: Sequence[tuple[str, int]],
    cells: Sequence[Sequence[Cell]],
    *,
    words: Mapping[str, Any],
    **place: Any,
) -> dict[str, Any]:
    """The rows of a raw table (R, C), each of which becomes a row of K cells.

    outputs  K: the name of a column, and the number, from 0, of that of the raw table it is made of
    cells    (R, K). Raises ShapeError where the sizes do not fit.
    """
    ragged = {len(row) for row in rows} != {len(head)} or {len(row) for row in cells} != {len(outputs)}
    if ragged or len(rows) != len(cells) or any(not 0 <= of < len(head) for _, of in outputs):
        raise ShapeError(f"a table of {len(head)} columns and {len(rows)} rows needs {len(outputs)} cells for each row")
    shown = {"head": list(head), "rows": [list(row) for row in rows], "outputs": [list(one) for one in outputs]}
    shown["cells"] = [[asdict(cell) for cell in row] for row in cells]
    return _stage("table", shown, len(rows), 0.5, words, place)


def series(
    values: ArrayLike,
    ticks: Mapping[int, str],
    *,
    words: Mapping[str, Any],
    unit: str = "",
    low: float,
    high: float,
    fills: Sequence[Fill] = (),
    window: Window | None = None,
    parts: Sequence[Part] = (),
    lines: Sequence[Line] = (),
    seconds: float = 8.0,
    **place: Any,
) -> dict[str, Any]:
    """A series (N,), NaN where a value is missing, between `low` and `high`; `ticks`: {place: what stands below it}.

    A step is one place further in time; with a window, one window further. seconds: how long all of it takes.
    Raises ShapeError where anything lies outside the N places.
    """
    a = _numbers("values", values)
    N = len(a)
    inside = all(0 <= at < N and 0 <= known <= N for fill in fills for at, (_, known) in fill.values.items())
    fits = all(0 <= part.first < part.end <= N for part in parts) and all(0 <= at < N for at in ticks)
    if window is not None:
        fits &= all(0 <= begin <= N - window.length - window.horizon for begin in window.begins)
    if not inside or not fits or any(len(_numbers(line.name, line.values)) != N for line in lines):
        raise ShapeError(f"fills, windows, parts, ticks and lines must lie within the {N} places of the series")
    steps = len(window.begins) if window else N
    shown: dict[str, Any] = {"values": _listed(a), "low": float(low), "high": float(high), "unit": unit}
    shown["ticks"] = [[at, text] for at, text in sorted(ticks.items())]
    shown["fills"] = [
        {"name": fill.name, "hue": hue, "mark": mark, "values": [[at, *one] for at, one in sorted(fill.values.items())]}
        for fill, hue, mark in zip(fills, HUES, MARKS)
    ]
    shown["window"] = None if window is None else asdict(window) | {"begins": list(window.begins)}
    shown["parts"] = [asdict(part) for part in parts]
    shown["lines"] = [
        {"name": line.name, "hue": hue, "values": _listed(_numbers(line.name, line.values))}
        for line, hue in zip(lines, HUES[1:])
    ]
    return _stage("series", shown, steps, steps / seconds, words, place)


def lengths(
    sequences: Sequence[ArrayLike],
    before: Sequence[Sequence[int]],
    after: Sequence[Sequence[int]],
    *,
    words: Mapping[str, Any],
    names: tuple[str, str] = ("", ""),
    **place: Any,
) -> dict[str, Any]:
    """Sequences (T_k,) of shares from 0 to 1, in batches as they come, `before`, and in others, `after`.

    Step 0 shows them as they are, step 1 padded in the batches `before`, step 2 beside them in those `after`. names: of
    both orders. Raises ShapeError where not each sequence is in one batch each time.
    """
    arrays = [_numbers(f"sequence {k}", one) for k, one in enumerate(sequences)]
    for batches in (before, after):
        if sorted(int(k) for batch in batches for k in batch) != list(range(len(arrays))):
            raise ShapeError(f"each of {len(arrays)} sequences must be in one batch, got {batches}")
    shown: dict[str, Any] = {"sequences": [_listed(one) for one in arrays]}
    shown["orders"] = [[[int(k) for k in batch] for batch in batches] for batches in (before, after)]
    shown["names"] = list(names)
    return _stage("lengths", shown, 2, 0.25, words, place)


def _stage(
    picture: str, shown: Mapping[str, Any], steps: int, pace: float, words: Mapping[str, Any], place: Mapping[str, Any]
) -> dict[str, Any]:
    sent = {"kind": "prepare", "picture": picture, **shown, "steps": steps, "pace": pace, "words": dict(words)}
    return sent | {"step": 0, "says": [], "token": None, **place}


def _numbers(name: str, values: ArrayLike) -> Any:
    a = real_array(name, values, np.float64)
    if a.ndim != 1:
        raise ShapeError(f"{name} needs shape (N,), got {a.shape}")
    return a


def _listed(values: Any) -> list[float | None]:
    return [float(one) if np.isfinite(one) else None for one in values]
