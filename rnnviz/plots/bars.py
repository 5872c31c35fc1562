"""Bars: a length for each of a few things, one series or several beside each other."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from rnnviz.errors import ShapeError
from rnnviz.plots import axes, parts
from rnnviz.plots.axes import Axis
from rnnviz.plots.expressions import number
from rnnviz.plots.panel import finite, spoken
from rnnviz.plots.parts import FULL_DIGITS, expr, hue, named
from rnnviz.plots.prepared import Columns, Prepared

ROOM = 0.8  # of a place: how wide its bars are together


@dataclass(frozen=True, eq=False)
class Bars:
    """One series of bars: its name, its values (n,), and its colour's name in `rnnviz.theme.Palette`."""

    name: str
    values: ArrayLike
    hue: str = "forward"


class Shape(NamedTuple):
    """What the spec depends on: the series' colours, the height, whether bars are picked, the dataset of the mark."""

    hues: tuple[str, ...]
    height: int
    picks: bool
    step: str


def bars(
    series: Sequence[Bars],
    labels: Sequence[str],
    *,
    up: str = "",
    across: str = "",
    low: float | None = None,
    high: float | None = None,
    mark_at: int | None = None,
    title: str = "",
    description: str = "",
    picks: str = "",
    height: int = 200,
    follow: bool = False,
    y_axis: Axis | None = None,
) -> Prepared:
    """Bars over the places 1, 2, ..., n, which are called `labels`; what is no number is struck, an exact 0 a ring.

    low, high  the ends of the axis up; without them they are round numbers that hold 0 and the values
    mark_at    the place that the page is about
    picks      where given, a click on a place is an event with this target and the value {"x": place}

    Raises ShapeError where there are no series or values and labels do not fit.
    """
    rows = [np.asarray(one.values, np.float64) for one in series]
    n = len(labels)
    if not rows or not n or any(row.shape != (n,) for row in rows):
        raise ShapeError(f"bars: {n} values for {n} labels are needed, got {[row.shape for row in rows]}")
    y = y_axis or axes.linear(np.concatenate([*rows, [0.0]]), low, high)
    x, step = axes.named(tuple(labels)), "step" if follow else "mark"
    wide = ROOM / len(rows)
    places = np.arange(1, n + 1)
    drawn: Columns = {"x": [], "before": [], "after": [], "foot": [], "y": [], "hue": []}
    odd: Columns = {"x": [], "y": [], "label": [], "hue": []}
    for k, (one, row) in enumerate(zip(series, rows)):
        left = places - ROOM / 2 + k * wide
        for column, values in zip(
            drawn.values(),
            (places.tolist(), left.tolist(), (left + wide * 0.92).tolist(), [0.0] * n, finite(row), [one.hue] * n),
        ):
            column += values
        for i in np.flatnonzero(~np.isfinite(row) | (row == 0)).tolist():
            label = "" if row[i] == 0 else "NaN" if np.isnan(row[i]) else "inf"
            for column, value in zip(
                odd.values(), (float(left[i] + wide / 2), 0.0 if not label else y.high, label, one.hue)
            ):
                column.append(value)
    data: dict[str, Columns] = {
        "view": parts.view(title, up, across, x, y, [one.name for one in series]),
        "up": y.columns,
        "across": x.columns,
        "bars": drawn,
        "odd": odd,
        "read": {
            "x": places.tolist(),
            "label": list(labels),
            **{f"y{k}": spoken(row, log=False) for k, row in enumerate(rows)},
        },
        step: {"step": [] if mark_at is None else [int(mark_at)]},
        "cursor": {"x": []},
    }
    said = description or ". ".join(filter(None, (title, up, ", ".join(one.name for one in series))))
    shape = Shape(tuple(one.hue for one in series), height, bool(picks), step)
    return Prepared("bars", (shape,), data, title, said, build, picks)


def build(shapes: tuple[Shape, ...]) -> Any:
    """The chart."""
    import altair as alt

    (shape,) = shapes
    x, y = parts.x_axis(""), parts.y_axis("")
    own = expr("palette[datum.hue]")
    box = named("bars", "bars").mark_rect(color=own, clip=True, aria=False)
    legend = alt.Legend(
        orient="top",
        direction="horizontal",
        title=None,
        symbolType="square",
        columns=parts.columns(""),
        labelExpr="data('view')[0]['name' + datum.value]",
        offset=expr("data('view')[0].up ? 28 : 10"),
    )
    key = named("view").transform_calculate(k="0").mark_point(opacity=0, filled=True, aria=False)
    scale = alt.Scale(domain=list(range(len(shape.hues))), range=[hue(name) for name in shape.hues])
    view = "data('view')[0]"
    each = [f"'\\n' + {view}.name{k} + '  ' + {number(f'datum.y{k}', FULL_DIGITS)}" for k in range(len(shape.hues))]
    zeros = named("odd", "zeros").transform_filter("datum.label === ''")
    layers = [
        parts.marked_step(shape.step, x)[0],
        parts.grid("", y),
        parts.across_ticks("", x, "height"),
        box.encode(x=alt.X("before:Q", **x), x2="after:Q", y=alt.Y("y:Q", **y), y2="foot:Q"),
        zeros.mark_point(size=60, fill=hue("background"), stroke=own, strokeWidth=1.5, opacity=1, aria=False).encode(
            x=alt.X("x:Q", **x), y=alt.Y("y:Q", **y)
        ),
        *parts.struck_boxes("odd", "struck", x),
        parts.cursor(x),
        parts.pointer("", x, " + ".join(["datum.label", *each]), shape.picks),
        *parts.names("", "height"),
    ]
    if len(shape.hues) > 1:
        layers.append(key.encode(color=alt.Color("k:N", scale=scale, legend=legend)))
    chart = alt.layer(*layers).properties(width="container", height=shape.height, title=parts.title(""))
    return chart.properties(usermeta={"lower": True})  # where there is little room: nothing in it counts on its height
