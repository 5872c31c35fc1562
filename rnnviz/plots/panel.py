"""The panel that most charts are: lines over steps, on a linear axis or on a log one, as datasets.

On a log axis the values are given as log10, so that nothing underflows on the way. What is exactly 0, or has
underflowed, is a hollow ring on the floor of the chart. On either axis, where a value became infinite or NaN stands a
struck box that says so, and what was computed after it is shaded.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil
from typing import Any, Literal, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rnnviz.arrays import Array
from rnnviz.errors import ShapeError
from rnnviz.plots import parts
from rnnviz.plots.axes import Axis
from rnnviz.plots.prepared import Columns

MOST_POINTS = 100  # of a line in the background
Places: TypeAlias = NDArray[np.int_]
Stroke: TypeAlias = Literal["solid", "dashed", "dotted", "faint", "broad", "dots", "area"]


@dataclass(frozen=True, eq=False)
class Line:
    """One line of a chart.

    name    short, plain text; what the legend and the tooltip call it
    values  (n,) numbers; on a log axis log10 of magnitudes, -inf for 0, inf or NaN where there is no number any more
    hue     a colour's name in `rnnviz.theme.Palette`
    look    "solid", "dashed", "dotted", "faint", "broad", "area" (from the axis' foot) or "dots" (without a line)
    """

    name: str
    values: ArrayLike
    hue: str = "ink"
    look: Stroke = "solid"


class Panel(NamedTuple):
    """What the spec of a panel depends on.

    looks   (hue, look) of each series
    log     whether the values are log10 of what is meant
    step    the dataset of the marked step, "step" or "mark"
    extras  which of "behind", "cuts", "span", "below", "labels", "cloud", "percent" hold
    across  whether the axis across is labelled
    prefix  of the datasets' names
    """

    looks: tuple[tuple[str, str], ...]
    log: bool
    height: int
    step: str = "step"
    picks: bool = False
    extras: tuple[str, ...] = ()
    across: bool = True
    prefix: str = ""


@dataclass(frozen=True, eq=False)
class Shown:
    """What a panel shows.

    lines, guides, behind  (n,) values each; guides and what is behind end where the axis does
    x, y       the axes
    first      the first place across
    log        whether values are log10 of what is meant
    backwards  whether they were computed from the last to the first, as gradients are
    struck     places at which something else than these lines left the numbers, and what stands on the struck box
    below      whether values under the axis' low end point down at it
    labels     what the tooltip calls each place; without it, the name of the axis across and the place's number
    cloud      (place, value, hue) of faint points behind the lines
    shifts     by how much each line is moved across
    percent    whether values are shares, to be written in per cent
    """

    lines: Sequence[Line]
    x: Axis
    y: Axis
    title: str = ""
    up: str = ""
    across: str = ""
    first: int = 1
    log: bool = False
    backwards: bool = True
    guides: Sequence[Line] = ()
    behind: Sequence[ArrayLike] = ()
    cuts: Sequence[int] | None = None
    span: tuple[int, int] | None = None
    struck: Mapping[int, str] = field(default_factory=dict)
    below: bool = False
    labels: Sequence[str] = ()
    cloud: Columns = field(default_factory=dict)
    shifts: Sequence[float] = ()
    percent: bool = False


def rows_of(what: str, lines: Sequence[Line], others: Sequence[ArrayLike] = ()) -> list[Array]:
    """The lines' values, then the others'. Raises ShapeError unless they have one length."""
    rows: list[Array] = [np.asarray(values, np.float64) for values in (*(line.values for line in lines), *others)]
    shapes = [row.shape for row in rows]
    if not lines or len(set(shapes)) > 1 or rows[0].ndim != 1 or not rows[0].size:
        raise ShapeError(f"{what}: lines of one length are needed, got shapes {shapes}")
    return rows


def datasets(shown: Shown, prefix: str = "") -> dict[str, Columns]:
    """All that the panel of this prefix reads, but for the marked step."""
    named = (*shown.lines, *shown.guides)
    rows = rows_of("lines", named, shown.behind)
    n, x = rows[0].size, np.arange(shown.first, shown.first + rows[0].size)
    made = {
        "view": parts.view(shown.title, shown.up, shown.across, shown.x, shown.y, [line.name for line in named]),
        "up": shown.y.columns,
        "across": shown.x.columns,
        "lines": _long(x, rows[: len(named)], named, shown.shifts),
        "dots": _dots(shown, x, rows),
        "read": {"x": x.tolist()} | {f"y{k}": spoken(row, shown.log) for k, row in enumerate(rows[: len(named)])},
    }
    made |= _lost(shown, x, rows)
    if shown.log:
        made["zeros"] = _zeros(shown, x, rows)
    if shown.labels:
        made["read"]["label"] = list(shown.labels)
    if shown.cloud:
        made["cloud"] = shown.cloud
    if shown.behind:
        made["behind"] = _behind(x, rows[len(named) :], ceil(n / MOST_POINTS))
    if shown.cuts is not None:
        made["cuts"] = {"at": [k + 0.5 for k in shown.cuts]}
    if shown.span is not None:
        made["span"] = {"before": [shown.span[0] - 0.5], "after": [shown.span[1] + 0.5]}
    return {f"{prefix}{name}": columns for name, columns in made.items()}


def extras(shown: Shown) -> tuple[str, ...]:
    """Which parts there are besides."""
    there = {"behind": bool(shown.behind), "cuts": shown.cuts is not None, "span": shown.span is not None}
    there |= {"below": shown.below, "labels": bool(shown.labels), "cloud": bool(shown.cloud), "percent": shown.percent}
    return tuple(name for name, yes in there.items() if yes)


def finite(values: Array) -> list[float | None]:
    """The numbers, and None for what is none."""
    found = values.tolist()
    seen = np.isfinite(values)
    return found if seen.all() else [value if there else None for value, there in zip(found, seen.tolist())]


def spoken(values: Array, log: bool) -> list[float | str]:
    """The numbers, and as text what is none: 0 on a log axis, ∞ and NaN."""
    found: list[Any] = values.tolist()
    for k in np.flatnonzero(~np.isfinite(values)).tolist():
        found[k] = "NaN" if np.isnan(values[k]) else "∞" if values[k] > 0 else "0" if log else "−∞"
    return found


def _long(x: Places, rows: Sequence[Array], named: Sequence[Line], shifts: Sequence[float]) -> Columns:
    """Every line's points, k the line's number."""
    drawn = [(k, row) for k, (row, line) in enumerate(zip(rows, named)) if line.look != "dots"]
    across = [place for k, _ in drawn for place in (x + shifts[k]).tolist()] if shifts else x.tolist() * len(drawn)
    return {
        "x": across,
        "y": [value for _, row in drawn for value in finite(row)],
        "k": [k for k, row in drawn for _ in range(row.size)],
    }


def _behind(x: Places, rows: Sequence[Array], every: int) -> Columns:
    thin = slice(None, None, every)
    return {
        "x": x[thin].tolist() * len(rows),
        "y": [value for row in rows for value in finite(row[thin])],
        "k": [k for k, row in enumerate(rows) for _ in range(x[thin].size)],
    }


def _dots(shown: Shown, x: Places, rows: Sequence[Array]) -> Columns:
    """The points through which no stroke goes; those under the axis, where these are shown, stand on its end."""
    made: Columns = {"x": [], "y": [], "k": [], "hue": [], "below": []}
    for k, (line, row) in enumerate(zip((*shown.lines, *shown.guides), rows)):
        seen = np.isfinite(row)
        beside = np.concatenate([[False], seen, [False]])
        alone = np.flatnonzero(seen if line.look == "dots" else seen & ~(beside[:-2] | beside[2:]))
        for i in alone.tolist() if line.look != "area" else ():
            under = bool(row[i] < shown.y.low)
            if under and not shown.below:
                continue
            point = (int(x[i]), float(max(row[i], shown.y.low)), k, line.hue, under)
            for column, value in zip(made.values(), point):
                column.append(value)
    return made


def _zeros(shown: Shown, x: Places, rows: Sequence[Array]) -> Columns:
    made: Columns = {"x": [], "y": [], "hue": []}
    for line, row in zip(shown.lines, rows):
        at = x[np.isneginf(row)].tolist()
        made["x"] += at
        made["y"] += [shown.y.low] * len(at)
        made["hue"] += [line.hue] * len(at)
    return made


def _lost(shown: Shown, x: Places, rows: Sequence[Array]) -> dict[str, Columns]:
    """Where lines leave the numbers: the struck box, and all that was computed from there on."""
    struck: Columns = {"x": [], "y": [], "label": [], "hue": []}
    gone: Columns = {"before": [], "after": [], "hue": []}

    def strike(place: int, label: str, hue: str) -> None:
        for column, value in zip(struck.values(), (place, shown.y.high, label, hue)):
            column.append(value)

    for line, row in zip(shown.lines, rows):
        lost = np.flatnonzero(np.isnan(row) | np.isposinf(row) | (np.isneginf(row) & (not shown.log)))
        if not lost.size:
            continue
        start = int(lost[-1 if shown.backwards else 0])
        strike(int(x[start]), "NaN" if np.isnan(row[start]) else "−inf" if row[start] < 0 else "inf", line.hue)
        gone["before"].append(int(x[lost[0]]) - 0.5)
        gone["after"].append(int(x[lost[-1]]) + 0.5)
        gone["hue"].append(line.hue)
    for place, label in shown.struck.items():
        strike(int(place), label, "ink")
    return {"struck": struck, "gone": gone}
