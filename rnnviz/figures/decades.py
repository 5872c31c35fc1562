"""Magnitudes over steps or lags on a log axis: gradient norms, singular values, variances.

Given as log10, so that nothing underflows on the way. What is exactly 0, or has underflowed, is a hollow 0 on the floor
of the chart; where a value became infinite or NaN stands a struck node that says so, and what was computed after it
is hatched.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rnnviz.errors import ShapeError
from rnnviz.figures import chart
from rnnviz.figures.chart import band, cut, hits, key, mark, path
from rnnviz.figures.html import Picture
from rnnviz.figures.numbers import of_log10

MOST_POINTS = 100  # of a line in the background


@dataclass(frozen=True, eq=False)
class Line:
    """One line of the chart.

    name    short; what the legend and the read-out call it; may hold HTML entities and <sub>, no outside text
    values  (n,) log10 of magnitudes; -inf for 0, inf or NaN where there is no number any more
    hue     a colour's name in `theme.Palette`
    look    "solid", "dashed", "dotted", "faint", or "dots" for points without a line
    """

    name: str
    values: ArrayLike
    hue: str = "ink"
    look: str = "solid"


def decades(
    lines: Sequence[Line],
    *,
    up: str,
    across: str = "step",
    first: int = 1,
    backwards: bool = True,
    mark_at: int | None = None,
    least: tuple[float, float] = (-2, 0),
    title: str = "",
    rest: str = "",
    picks: str = "",
    height: int = 240,
    guides: Sequence[Line] = (),
    behind: Sequence[ArrayLike] = (),
    cuts: Sequence[int] = (),
    struck: Mapping[int, str] = MappingProxyType({}),
) -> Picture:
    """Draw lines of equal length over `first`, `first` + 1, ...

    up, across  what is measured and what is counted
    backwards   whether the values were computed from the last to the first, as gradients are
    mark_at     the step or lag that the page is about, marked
    least       the decades that the axis shows at least: it grows where values lie beyond them
    rest        what the read-out says while nothing is pointed at; where empty, the numbers at `mark_at`
    picks       where given, a step that is clicked is picked as this text and its place, from 0
    guides      lines of the same length to compare with, which are cut off where the axis ends instead of widening it
    behind      log10 values of others to compare with, (n,) each: faint, without name and number, and cut off where the
                axis ends; the k-th bears the class `other-k`, by which a page can bring it forward
    cuts        steps after which something ends: a thin line stands between each and the next
    struck      steps at which something else than these lines left the numbers, and what stands on the struck node

    Raises ShapeError where there are no lines or values, lengths differ, or `mark_at` is out of range.
    """
    rows = [np.asarray(line.values, np.float64) for line in lines]
    guided = [np.asarray(line.values, np.float64) for line in guides]
    others = [np.asarray(values, np.float64) for values in behind]
    shapes = [row.shape for row in rows + guided + others]
    if not rows or len(set(shapes)) > 1 or rows[0].ndim != 1 or not rows[0].size:
        raise ShapeError(f"decades: lines of one length are needed, got shapes {shapes}")
    n = rows[0].size
    if mark_at is not None and not first <= mark_at < first + n:
        raise ShapeError(f"decades: a mark in {first}..{first + n - 1} is needed, got {mark_at}")
    places = np.arange(first, first + n)
    x, y = chart.steps(across, first, first + n - 1), chart.decades(up, np.concatenate(rows), least)
    thin = slice(None, None, ceil(n / MOST_POINTS))
    drawn = [_behind(k, row[thin], places[thin], x, y) for k, row in enumerate(others)]
    named, all_rows = (*lines, *guides), rows + guided
    drawn += [path(places, row, x, y, line.hue, line.look) for line, row in zip(named, all_rows) if line.look != "dots"]
    marks = [_marks(line, row, places, x, y) for line, row in zip(lines, rows)]
    ends = [_end(line, row, places, x, y, backwards) for line, row in zip(lines, rows)]
    says = [_say(named, all_rows, across, first, i) for i in range(n)]
    now = None if mark_at is None else mark_at - first
    shade = "" if mark_at is None else band(mark_at - 0.5, mark_at + 0.5, x, "shade")
    return chart.chart(
        x,
        y,
        bands=shade + "".join(cut(k + 0.5, x) for k in cuts) + "".join(hatched for hatched, _ in ends),
        lines="".join(drawn),
        marks="".join(marks) + "".join(node for _, node in ends) + _struck(struck, x, y),
        points=hits(n, says, picks=picks, now=now),
        title=title,
        legend=key([(line.name, line.hue, line.look) for line in named]),
        rest=rest or ("" if now is None else says[now]),
        said=f"{title or up} over {n} values of {across}, on a log axis.",
        height=height,
    )


def _behind(k: int, values: NDArray[np.float64], places: NDArray[np.int_], x: chart.Axis, y: chart.Axis) -> str:
    """A faint line in few characters: whole thousandths of the box, each point from the one before."""
    seen = np.isfinite(values)
    left = np.rint(1000 * x.at(places)).astype(int).tolist()
    top = np.rint(1000 * np.clip(1 - y.at(np.where(seen, values, 0)), -2, 3)).astype(int).tolist()
    pieces, before = [], None
    for px, py, drawn in zip(left, top, seen):
        if drawn:
            pieces.append(f"M{px} {py}" if before is None else f"l{px - before[0]} {py - before[1]}")
        before = (px, py) if drawn else None
    return f'<path class="faint other-{k}" d="{"".join(pieces)}"/>'


def _marks(line: Line, values: NDArray[np.float64], places: NDArray[np.int_], x: chart.Axis, y: chart.Axis) -> str:
    """The points through which no stroke goes, and hollow zeros."""
    finite = np.isfinite(values)
    beside = np.concatenate([[False], finite, [False]])
    alone = finite if line.look == "dots" else finite & ~(beside[:-2] | beside[2:])
    dots = [mark(p, v, x, y, "dot", line.hue) for p, v in zip(places[alone], values[alone])]
    zeros = [mark(p, y.low, x, y, "zero", line.hue, "0") for p in places[np.isneginf(values)]]
    return "".join(dots + zeros)


def _end(
    line: Line, values: NDArray[np.float64], places: NDArray[np.int_], x: chart.Axis, y: chart.Axis, backwards: bool
) -> tuple[str, str]:
    """Where a line leaves the numbers: all that was computed from there on, hatched, and the struck node."""
    gone = np.flatnonzero(np.isnan(values) | np.isposinf(values))
    if not gone.size:
        return "", ""
    start = int(gone[-1 if backwards else 0])
    label = "NaN" if np.isnan(values[start]) else "∞"
    hatched = band(places[gone[0]] - 0.5, places[gone[-1]] + 0.5, x, "hatched", line.hue)
    return hatched, mark(places[start], y.high, x, y, "struck", line.hue, label)


def _struck(struck: Mapping[int, str], x: chart.Axis, y: chart.Axis) -> str:
    return "".join(mark(step, y.high, x, y, "struck", "ink", label) for step, label in struck.items())


def _say(lines: Sequence[Line], rows: Sequence[NDArray[np.float64]], across: str, first: int, i: int) -> str:
    """Every line's number at one place."""
    numbers = ", ".join(f"{line.name} {of_log10(float(row[i]))}" for line, row in zip(lines, rows))
    return f"{across} {first + i}: {numbers}"
