"""Singular values by rank on a log axis that never goes so far down that above and below 1 look the same.

What lies below the floor points down at it; its number is in the read-out. Zeros and what is no number are drawn as in
`rnnviz.figures.decades`.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from rnnviz.figures import chart
from rnnviz.figures.chart import Axis, band, hits, key, mark, path
from rnnviz.figures.decades import Line
from rnnviz.figures.html import Picture
from rnnviz.figures.numbers import of_log10

FLOOR, LEAST = -8, (-3, 1)  # decades: how far down the axis goes at most, and what it shows at least


def ranked(lines: Sequence[Line], guides: Sequence[Line], *, title: str, height: int) -> Picture:
    """Draw the values of `lines` as dots over their ranks 1..n, and `guides`, of the same length, as strokes."""
    rows = [np.asarray(line.values, np.float64) for line in (*lines, *guides)]
    n = rows[0].size
    every = max(n // 4, 1)
    x = Axis("number", 0.5, n + 0.5, tuple((k, str(k)) for k in (1, *range(every, n + 1, every))))
    y = chart.decades("", np.concatenate(rows).clip(min=FLOOR), LEAST)
    says = [
        f"number {k + 1}: " + ", ".join(f"{line.name} {of_log10(row[k])}" for line, row in zip((*lines, *guides), rows))
        for k in range(n)
    ]
    places = np.arange(1, n + 1)
    return chart.chart(
        x,
        y,
        bands=band(0.5, 1.5, x, "shade") + "".join(_gone(line, row, x) for line, row in zip(lines, rows)),
        lines="".join(path(places, row, x, y, line.hue, line.look) for line, row in zip(guides, rows[len(lines) :])),
        marks="".join(_marks(line, row, x, y) for line, row in zip(lines, rows)),
        points=hits(n, says, now=0),
        title=title,
        legend=key([(line.name, line.hue, line.look) for line in (*lines, *guides)]),
        rest=says[0],
        said=f"{title}, the {n} largest first, on a log axis.",
        height=height,
    )


def _marks(line: Line, values: NDArray[np.float64], x: Axis, y: Axis) -> str:
    """A dot for each value, an arrow down where it lies below the floor, a hollow 0 where it is 0."""
    drawn = []
    for rank, value in enumerate(values, 1):
        if np.isneginf(value):
            drawn.append(mark(rank, y.low, x, y, "zero", line.hue, "0"))
        elif value < y.low:
            drawn.append(mark(rank, y.low, x, y, "below", line.hue))
        elif np.isfinite(value):
            drawn.append(mark(rank, value, x, y, "dot", line.hue))
    if np.isnan(values).any():
        drawn.append(mark(len(values), y.high, x, y, "struck", line.hue, "NaN"))
    return "".join(drawn)


def _gone(line: Line, values: NDArray[np.float64], x: Axis) -> str:
    """Hatches where values are no numbers: all of them or none."""
    return band(0.5, len(values) + 0.5, x, "hatched", line.hue) if np.isnan(values).any() else ""
