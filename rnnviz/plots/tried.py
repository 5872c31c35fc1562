"""What a search has tried: a dot for each run over two settings, the better the fuller, a ring around the best.

Strokes along the foot are the values of the first setting that were tried: a grid tries few, several times each.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from rnnviz.errors import ShapeError
from rnnviz.numbers import significant
from rnnviz.plots import axes as axes_of
from rnnviz.plots import parts
from rnnviz.plots.axes import Axis
from rnnviz.plots.parts import expr, hue, named
from rnnviz.plots.prepared import Columns, Prepared

FOOT, BESIDE = 0.12, 0.1  # rows below the lowest one, for each row; decades beside the axis across


class Shape(NamedTuple):
    """What the spec depends on: the colour of the dots, and the height."""

    hue: str
    height: int


def tried(
    x: ArrayLike,
    rows: ArrayLike,
    errors: ArrayLike,
    labels: tuple[str, ...] | list[str],
    *,
    across: str = "",
    up: str = "",
    error: str = "",
    worst: float | None = None,
    least: tuple[float, float] = (-2, 0),
    hue: str = "forward",
    title: str = "",
    description: str = "",
    height: int = 260,
) -> Prepared:
    """A dot for each of n runs.

    x       (n,) positive values of the first setting, on a log axis
    rows    (n,) which of the second setting's values, from 0; labels: what these are called
    errors  (n,) the smaller the better, positive; what is not finite is an empty ring
    error   what these are called; worst: from this one on a dot is empty, None: the largest
    least   the decades that the axis shows at least

    Raises ShapeError where there are no runs, or not as many of each.
    """
    first, row, bad = (np.asarray(one, np.float64).ravel() for one in (x, rows, errors))
    if not first.size or not first.size == row.size == bad.size or row.max() >= len(labels):
        raise ShapeError(
            f"tried: as many x, rows and errors are needed, and a label for each row, got {first.size}, {row.size}, "
            f"{bad.size} and {len(labels)}"
        )
    known = np.where(np.isfinite(bad), bad, np.inf)
    best, top = int(known.argmin()), worst or float(bad[np.isfinite(bad)].max(initial=1.0))
    low = min(float(known[best]), top / 10)
    with np.errstate(divide="ignore"):
        full = np.clip((np.log(top) - np.log(known)) / (np.log(top) - np.log(low)), 0, 1)
    logs = np.log10(first)
    decades = axes_of.decades(logs, least)
    x_axis = Axis(decades.low - BESIDE, decades.high + BESIDE, decades.ticks)
    y_axis = Axis(-FOOT * len(labels) - 0.5, len(labels) - 0.5, tuple(enumerate(labels)))
    says = [f"{across}  {significant(float(a), 2)}\n{up}  {labels[int(b)]}\n{error}  {significant(float(c), 3)}"
            for a, b, c in zip(first, row, known)]  # fmt: skip
    strokes = np.unique(logs)
    data: dict[str, Columns] = {
        "view": parts.view(title, up, across, x_axis, y_axis),
        "up": y_axis.columns,
        "across": x_axis.columns,
        "runs": {"x": logs.tolist(), "y": row.tolist(), "full": full.tolist(), "says": says},
        "best": {"x": [float(logs[best])], "y": [float(row[best])], "says": [significant(float(known[best]), 2)]},
        "strokes": {"x": strokes.tolist()},
    }
    said = description or ". ".join(
        filter(None, (title, f"{first.size}", f"{error} {significant(float(known[best]))}"))
    )
    return Prepared("tried", (Shape(hue, height),), data, title, said, build)


def build(shapes: tuple[Shape, ...]) -> Any:
    """The chart."""
    import altair as alt

    (shape,) = shapes
    x, y = parts.x_axis(""), parts.y_axis("")
    across, up = alt.X("x:Q", **x), alt.Y("y:Q", **y)
    outline = {"size": 150, "stroke": hue(shape.hue), "strokeWidth": 1.5, "fill": hue(shape.hue)}
    dots = named("runs", "places").mark_point(
        fillOpacity=expr("0.9 * datum.full"), opacity=1, tooltip=expr("datum.says"), cursor="crosshair", **outline
    )
    strokes = named("strokes", "strokes").mark_rule(strokeWidth=2.5, color=hue("ink"), aria=False)
    text = {"fontSize": expr("type"), "color": hue("ink"), "fontWeight": 600, "aria": False}
    layers = [
        parts.grid("", y),
        parts.across_ticks("", x, shape.height),
        strokes.encode(x=across, y=alt.value(shape.height - 22), y2=alt.value(shape.height)),
        dots.encode(x=across, y=up),
        named("best", "best")
        .mark_point(size=420, strokeWidth=2.5, stroke=hue("ink"), fillOpacity=0, opacity=1, aria=False)
        .encode(x=across, y=up),
        named("best", "plate")
        .mark_text(dy=-20, stroke=hue("background"), strokeWidth=5, **text)
        .encode(x=across, y=up, text="says:N"),
        named("best").mark_text(dy=-20, **text).encode(x=across, y=up, text="says:N"),
        *parts.names("", shape.height),
    ]
    return alt.layer(*layers).properties(width="container", height=shape.height, title=parts.title(""))
