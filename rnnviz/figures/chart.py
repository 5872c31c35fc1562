"""The frame that charts share: two axes, a box of fixed height and full width, and a line that says what is pointed at.

Lines are SVG that stretches with the box while their strokes keep their width; every text and every mark is HTML placed
by per cent, so that no text grows or shrinks with the page. Where the reader points (mouse, touch, or arrow keys), the
read-out below the box says the numbers; `hits` holds them. The browser's part of that is in `pointing.js`.
"""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, isfinite
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rnnviz.figures.html import Picture, text
from rnnviz.figures.numbers import MINUS

MOST_DECADES = 7  # labels on a log axis
NICE = (1, 2, 5, 10, 20, 50, 100, 200)


@dataclass(frozen=True)
class Axis:
    """One direction of a chart.

    name       what it counts or measures, with its unit; HTML
    low, high  the values at its ends, low < high
    ticks      (value, label) pairs, labels in HTML
    """

    name: str
    low: float
    high: float
    ticks: tuple[tuple[float, str], ...]

    def at(self, values: ArrayLike) -> NDArray[np.float64]:
        """Where values stand, from 0 at the low end to 1 at the high one; beyond the ends, beyond those."""
        return np.asarray((np.asarray(values, np.float64) - self.low) / (self.high - self.low))


def decades(name: str, values: ArrayLike, least: tuple[float, float] = (-2, 0)) -> Axis:
    """A log axis for log10 `values`: the range `least`, widened to whole decades that hold every finite one."""
    given = np.asarray(values, np.float64)
    given = given[np.isfinite(given)]
    low, high = float(min([least[0], *given])), float(max([least[1], *given]))
    every = next((step for step in NICE if (high - low) / step <= MOST_DECADES - 1), ceil((high - low) / MOST_DECADES))
    unit = max(1, every // 5)  # the ends move in steps of this size, so that a small change of the values moves none
    low, high = floor(low / unit) * unit, ceil(high / unit) * unit
    labelled = range(ceil(low / every) * every, high + 1, every)
    return Axis(name, low, high, tuple((exponent, power(exponent)) for exponent in labelled))


def steps(name: str, first: int, last: int) -> Axis:
    """An axis of whole numbers, each in the middle of its own column; about ten of them labelled."""
    every = next(step for step in (*NICE, last) if (last - first) / step <= 10)
    shown = [n for n in range(first, last + 1) if n % every == 0 or n in (first, last)]
    near = [n for n in shown if n in (first, last) or min(n - first, last - n) > every * 0.6]
    return Axis(name, first - 0.5, last + 0.5, tuple((n, str(n)) for n in near))


def power(exponent: int) -> str:
    """A power of ten as an axis says it: 1, 10, 10⁻³."""
    if exponent in (0, 1):
        return str(10**exponent)
    return f"10<sup>{MINUS if exponent < 0 else ''}{abs(exponent)}</sup>"


def path(x: ArrayLike, y: ArrayLike, across: Axis, up: Axis, hue: str, look: str = "solid") -> str:
    """A line through the points, in the theme's colour `hue`; where a value is not finite the line is interrupted.

    look  "solid", "dashed", "dotted" or "faint"
    """
    pieces, drawing = [], False
    for px, py in zip(across.at(x) * 1000, (1 - up.at(y)) * 1000, strict=True):
        seen = isfinite(px) and isfinite(py)
        if seen:
            py = min(max(py, -2e4), 2e4)  # far outside, which is cut off anyway
            pieces.append(f"{'L' if drawing else 'M'}{px:.5g} {py:.5g}")
        drawing = seen
    lone = "h.01" if len(pieces) == 1 else ""
    return f'<path class="{look}" style="--hue:var(--rnn-{hue})" d="{"".join(pieces)}{lone}"/>' if pieces else ""


def mark(x: float, y: float, across: Axis, up: Axis, kind: str, hue: str = "ink", label: str = "") -> str:
    """A mark at a point: kind "dot", "ring", "zero" (a hollow 0) or "struck" (no number any more)."""
    left, top = 100 * float(across.at(x)), 100 * (1 - float(up.at(y)))
    inside = f";transform:translate({-left:.5g}%,0)" if kind == "struck" else ""
    return f'<b class="{kind}" style="--hue:var(--rnn-{hue});left:{left:.5g}%;top:{top:.5g}%{inside}">{text(label)}</b>'


def band(first: float, last: float, across: Axis, kind: str, hue: str = "ink") -> str:
    """A part of the box over its full height, from `first` to `last` across: kind "hatched" or "shade"."""
    left, right = np.clip(across.at([first, last]), 0, 1) * 100
    return f'<i class="{kind}" style="--hue:var(--rnn-{hue});left:{left:.5g}%;width:{right - left:.5g}%"></i>'


def cut(at: float, across: Axis) -> str:
    """A thin line over the full height of the box, where something ends."""
    return f'<i class="cut" style="left:{100 * float(across.at(at)):.5g}%"></i>'


def key(entries: Sequence[tuple[str, str, str]]) -> str:
    """What the lines are: (name, hue, look) each; the name may hold HTML."""
    return "".join(
        f'<span style="--hue:var(--rnn-{hue})"><svg viewBox="0 0 30 10" aria-hidden="true">'
        f'<path class="{look}" d="M1 5H29"/></svg>{name}</span>'
        for name, hue, look in entries
    )


def hits(columns: int, says: Sequence[str], rows: int = 1, picks: str = "", now: int | None = None) -> str:
    """Where the reader can point: equal cells, row by row from the top, and what the read-out says for each.

    picks  where given, a cell that is clicked is picked as this text followed by the cell's number, from 0
    now    the cell that is picked already
    """
    return _cells({"columns": columns, "rows": rows, "says": list(says), "picks": picks, "now": now})


def field(down: Sequence[str], across: Sequence[str], log10: ArrayLike, picks: str = "", now: int | None = None) -> str:
    """As `hits`, for so many cells that the browser puts together what is said: row, column, and a number.

    down, across  what a row is, from the top, and what a column is
    log10         (rows, columns), the numbers' logarithms; -inf for 0, inf or NaN where there is no number any more
    """
    numbers = base64.b64encode(np.asarray(log10, "<f4").tobytes()).decode()
    what = {"columns": len(across), "rows": len(down), "down": list(down), "across": list(across), "log10": numbers}
    return _cells(what | {"picks": picks, "now": now})


def _cells(what: dict[str, Any]) -> str:
    keys = "The values: the arrow keys move" + (", Enter chooses" if what["picks"] else "")
    told = text(json.dumps(what))
    return f'<div class="hits" tabindex="0" role="application" aria-label="{keys}" data-hits="{told}"><i></i></div>'


def pick(label: str, value: str) -> str:
    """A button inside a picture or its prose that picks `value`."""
    return f'<button type="button" class="pick" data-pick="{text(value)}">{text(label)}</button>'


def chart(
    across: Axis,
    up: Axis,
    *,
    bands: str = "",
    lines: str = "",
    marks: str = "",
    points: str = "",
    title: str = "",
    legend: str = "",
    rest: str = "",
    said: str = "",
    height: int = 240,
) -> Picture:
    """Put a chart together.

    bands, lines, marks, points  what `band`, `path`, `mark` and `hits` made, each in front of those before it
    title, legend                above the box; the legend as `key` makes it
    rest                         what the read-out says while nothing is pointed at; HTML
    said                         the chart in one sentence, for those who do not see it
    height                       of the box, in pixels
    """
    up_ticks = "".join(f'<span style="top:{100 * (1 - float(up.at(v))):.5g}%">{label}</span>' for v, label in up.ticks)
    across_ticks = "".join(f'<span style="left:{100 * float(across.at(v)):.5g}%">{s}</span>' for v, s in across.ticks)
    grid = "".join(f'<u style="top:{100 * (1 - float(up.at(v))):.5g}%"></u>' for v, _ in up.ticks)
    return Picture(
        f'<div class="rnn"><figure class="chart" role="group" aria-label="{text(said or title)}" '
        f'style="--height:{height}px">{f"<h4>{title}</h4>" if title else ""}'
        f'<div class="above"><span class="up-name">{up.name}</span><span class="key">{legend}</span></div>'
        f'<div class="up">{up_ticks}</div><div class="box">{bands}{grid}'
        f'<svg viewBox="0 0 1000 1000" preserveAspectRatio="none" aria-hidden="true">{lines}</svg>{marks}{points}</div>'
        f'<div class="across">{across_ticks}</div><div class="across-name">{across.name}</div>'
        f'<p class="said" aria-live="polite">{rest}</p></figure></div>'
    )
