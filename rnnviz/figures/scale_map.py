"""A magnitude over steps, for a whole family of networks that differ in one scale: a row per network.

Given as log10. Colour is the signed scale: orange has grown, blue has shrunk, and 1, which is neither, is the page's
background; colours are full from 10^-12 and 10^12 on. What is exactly 0 is dotted, what is no number any more hatched.
Where all lies so close to 1 that no colour can be seen, that is said.
Time runs from left to right, and the largest scale stands at the top.
"""

import numpy as np
from numpy.typing import ArrayLike

from rnnviz.errors import ShapeError
from rnnviz.figures import chart
from rnnviz.figures.chart import Axis, field, mark, power
from rnnviz.figures.html import Picture, shades, stencils, text
from rnnviz.figures.numbers import of_log10

FULL = 12  # decades from the background to the full colour
PALE = 0.5  # decades that nobody sees


def scale_map(
    scales: ArrayLike,
    log10: ArrayLike,
    *,
    scale: float,
    step: int,
    name: str = "scale",
    title: str = "",
    picks: str = "",
    height: int = 240,
) -> Picture:
    """Draw the map; the network of the nearest `scale` is marked, and the step.

    scales  (M,) at least two, rising in equal steps; called `name`
    log10   (M, T) log10 of magnitudes at steps 1..T; -inf for 0, inf or NaN where there is no number any more
    picks   where given, a cell that is clicked is picked as this text and its number: (from the top) row * T + step - 1

    Raises ShapeError where the shapes do not fit, or the step is out of range.
    """
    at, values = np.asarray(scales, np.float64), np.asarray(log10, np.float64)
    if values.ndim != 2 or values.shape[0] != at.size or at.size < 2 or not 1 <= step <= values.shape[1]:
        raise ShapeError(
            f"scale_map: (M, T) values of M >= 2 scales and a step in 1..T are needed, got {values.shape} values of "
            f"{at.shape} scales and step {step}"
        )
    M, T = values.shape
    half = float(at[1] - at[0]) / 2
    x, y = chart.steps("step", 1, T), _rows(name, float(at[0]) - half, float(at[-1]) + half)
    row = int(np.abs(at - scale).argmin())
    rows = [f"{text(name)} {value:g}" for value in at[::-1].round(6)]
    columns = [f"step {t}, {T - t} before the end" for t in range(1, T + 1)]
    left, top = 100 * float(x.at(step)), 100 * (1 - float(y.at(at[row])))
    cross = f'<s class="across-here" style="top:{top:.5g}%"></s><s class="down-here" style="left:{left:.5g}%"></s>'
    return chart.chart(
        x,
        y,
        marks=_colours(values[::-1]) + cross + mark(step, at[row], x, y, "ring"),
        points=field(rows, columns, values[::-1], picks, (M - 1 - row) * T + step - 1),
        title=title,
        legend=_LEGEND,
        rest=f"{rows[M - 1 - row]}, {columns[step - 1]}: {of_log10(float(values[row, step - 1]))}{_pale(values)}",
        said=f"{title or 'Magnitudes'}, by {name} and step; colours from 10 to the minus {FULL} to 10 to the {FULL}.",
        height=height,
    )


def cell(picked: int, scales: ArrayLike, T: int) -> tuple[float, int]:
    """Scale and step, from 1, of a cell that was picked. Raises ShapeError for a number that is no cell's."""
    at = np.asarray(scales, np.float64)
    if not 0 <= picked < at.size * T:
        raise ShapeError(f"scale_map: cells are numbered 0..{at.size * T - 1}, got {picked}")
    return float(at[::-1][picked // T]), picked % T + 1


def _pale(values: np.ndarray) -> str:
    """What to say of a map that looks blank: how near to 1 everything is; empty where colours can be seen."""
    furthest = float(np.abs(values).max())
    if not furthest < PALE:
        return ""
    factor = np.ceil(100 * 10**furthest) / 100
    return f". All of this map is within a factor of {factor:.2f} of 1, too near for its colours"


def _rows(name: str, low: float, high: float) -> Axis:
    """The axis of the scales, with a label at each half that it holds."""
    halves = np.arange(np.ceil(low * 2), np.floor(high * 2) + 1) / 2
    return Axis(text(name), low, high, tuple((float(v), f"{v:g}") for v in halves))


def _colours(values: np.ndarray) -> str:
    """The heat map, first row at the top; dots over what is 0, hatches over what is no number."""
    drawn = stencils(np.where(np.isfinite(values), values, 0) / FULL)
    for kind, where in {"nothing": np.isneginf(values), "gone": np.isnan(values) | np.isposinf(values)}.items():
        if where.any():
            drawn += f'<s class="{kind}">{shades(where.astype(float), "ink")}</s>'
    return f'<div class="heat">{drawn}</div>'


_LEGEND = (
    f'<span class="ramp">{power(-FULL)}<i></i>{power(FULL)}</span>'
    '<span><s class="swatch nothing"><i></i></s>exactly 0</span><span><s class="swatch gone"><i></i></s>∞ or NaN</span>'
)
