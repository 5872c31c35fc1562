"""How often a magnitude occurs, before and after something was done to it: bars on a log axis, four to a decade.

Before is the outline, after the filled bars. What is exactly 0 has no place on a log axis and is a hollow 0 at its
lower end, what is no finite number a struck node at its upper one; both are counted in the read-out.
"""

from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rnnviz.errors import ShapeError
from rnnviz.figures import chart
from rnnviz.figures.chart import Axis, hits, key, mark, path
from rnnviz.figures.html import Picture, text
from rnnviz.figures.numbers import of_log10

PER_DECADE = 4


def histogram(
    before: ArrayLike,
    after: ArrayLike,
    *,
    name: str,
    of: str,
    hue: str = "forward",
    threshold: float | None = None,
    least: tuple[float, float] = (-2, 0),
    title: str = "",
    note: str = "",
    height: int = 170,
) -> Picture:
    """Draw both distributions on one axis.

    before, after  (n,) magnitudes, 0 or more; inf and NaN are reported
    name, of       what the magnitude is, and what is counted ("points", "updates")
    hue            of what is after, a colour's name in `theme.Palette`
    threshold      marked where it is given
    least          the decades that the axis shows at least
    note           what the read-out says while nothing is pointed at, before what has no bar

    Raises ShapeError where there are no numbers or not as many after as before.
    """
    given = [np.asarray(values, np.float64).ravel() for values in (before, after)]
    if not given[0].size or given[0].shape != given[1].shape:
        raise ShapeError(
            f"histogram: as many numbers after as before are needed, got {given[0].size} and {given[1].size}"
        )
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = [np.log10(values) for values in given]
    x = chart.decades(name, np.concatenate(logs), least)
    counts = [_count(values, x) for values in logs]
    n, most = given[0].size, max(1, *(int(c.max()) for c in counts))
    y = Axis(f"share of {n:,} {of}", 0.0, 1.08 * most / n, tuple((v, f"{v:.0%}") for v in _shares(most / n)))
    edges = np.linspace(x.low, x.high, len(counts[0]) + 1)
    lines = path(*_outline(edges, counts[1] / n), x, y, hue, "area") + path(
        *_outline(edges, counts[0] / n), x, y, "ink"
    )
    if threshold is not None:
        at = np.log10(threshold)
        lines += path([at, at], [y.low, y.high], x, y, "backward", "dashed")
    ranges = _ranges(x.low, x.high, len(counts[0]))
    says = [f"{name} {bar}: {before:,} {of} before, {after:,} after" for bar, before, after in zip(ranges, *counts)]
    named = [("before", "ink", "solid"), ("after", hue, "area")]
    return chart.chart(
        x,
        y,
        lines=lines,
        marks=_beyond(logs, x, y),
        points=hits(len(says), says),
        title=title,
        legend=key(named + [("threshold", "backward", "dashed")] * (threshold is not None)),
        rest=" ".join(filter(None, (text(note), _rest(given, of)))),
        said=f"{title or name}: distribution before and after, on a log axis.",
        height=height,
    )


@cache
def _ranges(low: float, high: float, bins: int) -> tuple[str, ...]:
    """What each bar stands for."""
    edges = [of_log10(exponent) for exponent in np.linspace(low, high, bins + 1).tolist()]
    return tuple(f"{one} to {other}" for one, other in pairwise(edges))


def _count(logs: NDArray[np.float64], x: Axis) -> NDArray[np.int64]:
    bins = round((x.high - x.low) * PER_DECADE)
    return np.histogram(logs[np.isfinite(logs)], bins, (x.low, x.high))[0]


def _shares(most: float) -> list[float]:
    """About three labels up to the largest share."""
    every = next(step for step in (0.01, 0.02, 0.05, 0.1, 0.2, 0.5) if most / step <= 4)
    return [every * k for k in range(int(most / every) + 1)]


def _outline(
    edges: NDArray[np.float64], heights: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """A staircase over the bars, from the floor to the floor."""
    return np.repeat(edges, 2), np.concatenate([[0.0], np.repeat(heights, 2), [0.0]])


def _beyond(logs: list[NDArray[np.float64]], x: Axis, y: Axis) -> str:
    zero = mark(x.low, y.low, x, y, "zero", label="0") if any(np.isneginf(a).any() for a in logs) else ""
    gone = any((np.isnan(a) | np.isposinf(a)).any() for a in logs)
    return zero + (mark(x.high, y.high, x, y, "struck", label="∞") if gone else "")


def _rest(given: list[NDArray[np.float64]], of: str) -> str:
    """What has no bar, before anything was done."""
    zeros, gone = int((given[0] == 0).sum()), int((~np.isfinite(given[0])).sum())
    said = [f"{zeros:,} {of} with exactly 0"] * (zeros > 0) + [f"{gone:,} {of} without a finite number"] * (gone > 0)
    return "; ".join(said)
