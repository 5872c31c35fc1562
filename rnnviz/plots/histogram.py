"""How often a magnitude occurs, before and after something was done to it: bars on a log axis, four to a decade.

Before is the outline, after the filled bars. What is exactly 0 has no place on a log axis and is a ring at its lower
end, what is no finite number a struck box at its upper one; each says how many there are.
"""

from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from rnnviz.arrays import Array
from rnnviz.errors import ShapeError
from rnnviz.numbers import of_log10
from rnnviz.plots import axes, parts
from rnnviz.plots.axes import Axis
from rnnviz.plots.parts import expr, hue, named
from rnnviz.plots.prepared import Columns, Prepared

PER_DECADE = 4


class Shape(NamedTuple):
    """What the spec depends on: the colour of what is after, and the height."""

    hue: str
    height: int


def histogram(
    before: ArrayLike,
    after: ArrayLike,
    *,
    name: str,
    of: str,
    names: tuple[str, str, str],
    hue: str = "forward",
    threshold: float | None = None,
    least: tuple[float, float] = (-2, 0),
    title: str = "",
    description: str = "",
    height: int = 170,
) -> Prepared:
    """Draw both distributions on one axis.

    before, after  (n,) magnitudes, 0 or more; inf and NaN are reported
    name, of       what the magnitude is, and what the shares are of ("share of 300 updates")
    names          what before, after and the threshold are called
    hue            of what is after, a colour's name in `rnnviz.theme.Palette`
    threshold      marked where it is given
    least          the decades that the axis shows at least

    Raises ShapeError where there are no numbers or not as many after as before.
    """
    given = [np.asarray(values, np.float64).ravel() for values in (before, after)]
    if not given[0].size or given[0].shape != given[1].shape:
        raise ShapeError(
            f"histogram: as many numbers after as before are needed, got {given[0].size} and {given[1].size}"
        )
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = [np.log10(values) for values in given]
    x = axes.decades(np.concatenate(logs), least)
    counts = [_count(values, x) for values in logs]
    n, most = given[0].size, max(1, *(int(c.max()) for c in counts))
    y = axes.shares(most / n)
    y = Axis(0.0, 1.08 * most / n, y.ticks)
    edges = np.linspace(x.low, x.high, len(counts[0]) + 1)
    outline_x, outline_y = np.repeat(edges, 2), np.concatenate([[0.0], np.repeat(counts[0] / n, 2), [0.0]])
    data: dict[str, Columns] = {
        "view": parts.view(title, of, name, x, y, names) | {"n": [n]},
        "up": y.columns,
        "across": x.columns,
        "bins": {
            "from": edges[:-1].tolist(),
            "to": edges[1:].tolist(),
            "x": ((edges[1:] + edges[:-1]) / 2).tolist(),
            "before": counts[0].tolist(),
            "after": counts[1].tolist(),
            "share": (counts[1] / n).tolist(),
            "says": [f"{of_log10(a)} – {of_log10(b)}" for a, b in pairwise(edges.tolist())],
        },
        "outline": {"x": outline_x.tolist(), "y": outline_y.tolist()},
        "threshold": {"x": [] if threshold is None else [float(np.log10(threshold))]},
        "odd": _beyond(logs[0], x),
    }
    said = description or ". ".join(filter(None, (title, name, of, ", ".join(names))))
    return Prepared("histogram", (Shape(hue, height),), data, title, said, build)


def _count(logs: Array, x: Axis) -> np.ndarray:
    bins = round((x.high - x.low) * PER_DECADE)
    return np.histogram(logs[np.isfinite(logs)], bins, (x.low, x.high))[0]


def _beyond(logs: Array, x: Axis) -> Columns:
    """What has no bar, before anything was done: where it stands, and how many there are."""
    made: Columns = {"x": [], "label": [], "zero": [], "hue": []}
    zeros, gone = int(np.isneginf(logs).sum()), int((np.isnan(logs) | np.isposinf(logs)).sum())
    for count, place, label in ((zeros, x.low, f"0: {zeros}"), (gone, x.high, f"inf, NaN: {gone}")):
        if count:
            for column, value in zip(made.values(), (place, label, place == x.low, "ink")):
                column.append(value)
    return made


def build(shapes: tuple[Shape, ...]) -> Any:
    """The chart."""
    import altair as alt

    (shape,) = shapes
    x, y = parts.x_axis(""), parts.y_axis("")
    view = "data('view')[0]"
    at = {"x": alt.X("x:Q", **x), "y": alt.Y("y:Q", **y)}
    bars = named("bins", "bars").mark_rect(color=hue(shape.hue), opacity=0.45, aria=False)
    line = named("outline", "outline").mark_line(strokeWidth=2, color=hue("ink"), clip=True, aria=False)
    rule = named("threshold", "threshold").mark_rule(
        strokeWidth=2.5, strokeDash=[8, 5], color=hue("backward"), clip=True, aria=False
    )
    says = (
        f"{view}.across + ' ' + datum.says + '\\n' + {view}.name0 + '  ' + format(datum.before, ',') + "
        f"'\\n' + {view}.name1 + '  ' + format(datum.after, ',') + ' / ' + format({view}.n, ',')"
    )
    places = named("bins", "places").mark_rect(
        tooltip=expr(says), cursor="crosshair", fill=hue("ink"),
        fillOpacity=expr("isArray(hover.x) && hover.x[0] === datum.x ? 0.14 : 0"),
    )  # fmt: skip
    zeros = (
        named("odd", "zeros")
        .transform_filter("datum.zero")
        .mark_point(size=110, strokeWidth=1.5, stroke=hue("ink"), fill=hue("background"), opacity=1, aria=False)
    )
    counted = (
        named("odd")
        .transform_filter("datum.zero")
        .mark_text(align="left", dx=10, dy=-10, color=hue("ink"), fontSize=expr("type"), aria=False)
    )
    gone = (
        named("odd", "struck")
        .transform_filter("!datum.zero")
        .mark_text(align="right", color=hue("ink"), fontWeight=600, fontSize=expr("type"), aria=False)
    )
    legend = alt.Legend(
        orient="top", direction="horizontal", title=None, symbolSize=500, offset=28,
        columns=parts.columns(""),
        labelExpr=f"{view}['name' + datum.value]",
    )  # fmt: skip
    domain = [0, 1, 2]
    paint = alt.Color(
        "k:N", scale=alt.Scale(domain=domain, range=[hue("ink"), hue(shape.hue), hue("backward")]), legend=legend
    )
    dash = alt.StrokeDash("k:N", scale=alt.Scale(domain=domain, range=[[1, 0], [1, 0], [8, 5]]), legend=legend)
    key = named("view").transform_calculate(k="0").mark_line(opacity=0, aria=False).encode(color=paint, strokeDash=dash)
    layers = [
        parts.grid("", y),
        parts.across_ticks("", x, shape.height),
        bars.encode(x=alt.X("from:Q", **x), x2="to:Q", y=alt.Y("share:Q", **y), y2=alt.value(shape.height)),
        line.encode(**at, order=alt.value(0)),
        rule.encode(x=at["x"]),
        zeros.encode(x=at["x"], y=alt.value(shape.height)),
        counted.encode(x=at["x"], y=alt.value(shape.height), text="label:N"),
        gone.encode(x=at["x"], y=alt.value(12), text="label:N"),
        places.encode(x=alt.X("from:Q", **x), x2="to:Q"),
        *parts.names("", shape.height),
        key,
    ]
    return alt.layer(*layers).properties(width="container", height=shape.height, title=parts.title(""))
