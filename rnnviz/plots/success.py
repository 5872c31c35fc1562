"""A success map: how often something succeeded, a row for each choice of one kind, a column for each of another.

Each cell is as dark as the share of runs that succeeded, says how many of how many that were, and has a bar at its foot
from the least to the most that so few runs leave open, on a scale from 0 at the cell's left to 1 at its right. Columns
may stand in groups, as lengths within kinds of cells.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from rnnviz.errors import ShapeError
from rnnviz.plots import parts
from rnnviz.plots.axes import Axis
from rnnviz.plots.expressions import colour
from rnnviz.plots.parts import expr, hue, named
from rnnviz.plots.prepared import Columns, Prepared

BAND, NAME = 80, 24  # px of a row, and of its name above the cells
LARGEST = 30  # px of a count
WIDE, INNER = 0.9, 0.72  # of a column, what its cell takes, and the bar's scale from 0 to 1


class Shape(NamedTuple):
    """What the spec depends on: how many rows, the colour of a full cell, whether cells are picked."""

    rows: int
    hue: str
    picks: bool


def success(
    title: str,
    rows: Sequence[str],
    columns: Sequence[str],
    hits: ArrayLike,
    count: ArrayLike,
    low: ArrayLike,
    high: ArrayLike,
    *,
    groups: Sequence[str] = ("",),
    across: str = "",
    hue: str = "forward",
    description: str = "",
    picks: str = "",
) -> Prepared:
    """One cell for each row and column of each group.

    title        the heading; says what succeeded
    rows         R short names
    columns      C short names, the same in each group
    hits, count  (R, G, C) how many runs succeeded, and how many there were; a cell without runs is left empty
    low, high    (R, G, C) the ends of the interval of the share, as of `sweep.Shares`
    groups       G short names above the columns; one that is empty for a map without groups
    across       what a column is
    picks        where given, a click on a cell is an event with this target and the value {"x": place, "y": row}, rows
                 counted from 1, places as well, through all groups

    Raises ShapeError where names and numbers do not fit, ValueError where there are more hits than runs.
    """
    shape = (len(rows), len(groups), len(columns))
    n, of, ends = np.asarray(hits), np.asarray(count), [np.asarray(end, np.float64) for end in (low, high)]
    if 0 in shape or any(a.shape != shape for a in (n, of, *ends)):
        raise ShapeError(f"success: numbers (R, G, C) = {shape} are needed, got {n.shape}, {of.shape}")
    if ((n < 0) | (n > of)).any():
        raise ValueError("success: hits must be within 0 and count")
    R, G, C = shape
    row, group, column = (a.ravel() + 1 for a in np.indices(shape))
    place, there = (group - 1) * C + column, of.ravel() > 0
    left, span = place - INNER / 2, G * C
    share = np.divide(n, of, out=np.zeros(shape), where=of > 0).ravel()
    said = [f"{a}/{b}" if b else "" for a, b in zip(n.ravel().tolist(), of.ravel().tolist())]
    low, high = (np.where(there, end.ravel(), 0.0) for end in ends)
    labels = [" ".join(filter(None, (group, column))) for group in groups for column in columns]
    data: dict[str, Columns] = {
        "view": parts.view(title, "", across, Axis(0.5, span + 0.5, ()), Axis(R + 0.5, 0.5, ())) | {"span": [span]},
        "cells": {
            "x": place.tolist(),
            "y": row.tolist(),
            "v": share.tolist(),
            "said": said,
            "row": [rows[k - 1] for k in row],
            "column": [labels[k - 1] for k in place],
            "sure": [f"{100 * a:.0f}–{100 * b:.0f} %" if k else "" for a, b, k in zip(low, high, there)],
        },
        "bars": {
            "from": (left + INNER * low)[there].tolist(),
            "to": (left + INNER * high)[there].tolist(),
            "at": (left + INNER * share)[there].tolist(),
            "y": row[there].tolist(),
        },
        "rows": {"y": list(range(1, R + 1)), "name": list(rows)},
        "columns": {"x": list(range(1, span + 1)), "label": list(columns) * G},
        "groups": {"x": [k * C + (C + 1) / 2 for k in range(G)], "label": list(groups)},
        "between": {"x": [k * C + 0.5 for k in range(1, G)]},
        "cursor": {"x": []},
    }
    told = (f"{rows[r - 1]}, {labels[k - 1]}: {one or 'no runs'}" for r, k, one in zip(row, place, said))
    about = description or f"{title}. {'; '.join(told)}"
    return Prepared("success", (Shape(R, hue, bool(picks)),), data, title, about, build, picks)


def build(shapes: tuple[Shape, ...]) -> Any:
    """The chart; where there is more room its rows are higher, and their counts are written larger."""
    import altair as alt

    (shape,) = shapes
    band = f"(height / {shape.rows})"
    x, y = parts.x_axis("", False), parts.y_axis("", False)
    wide = expr(f"width / data('view')[0].span * {WIDE}")
    at, up = alt.X("x:Q", **x), alt.Y("y:Q", **y)
    box = {"width": wide, "height": expr(f"{band} - {NAME + 2}"), "yOffset": NAME / 2}
    text = {"baseline": "middle", "color": hue("ink"), "fontSize": expr("type"), "aria": False}
    foot = expr(f"{band} / 2 - 12")
    count = text | {"fontWeight": 600, "dy": 6, "fontSize": expr(f"clamp({band} / 6, type, {LARGEST})")}
    says = "datum.row + ', ' + datum.column + '\\n' + (datum.said ? datum.said + '  (' + datum.sure + ')' : '')"
    painted = named("cells").mark_rect(
        fill=hue(shape.hue),
        fillOpacity=expr("0.6 * datum.v"),
        stroke=expr(f"datum.said ? {colour('pipe')} : null"),
        aria=False,
        **box,
    )
    places = named("cells", "places").mark_rect(
        fill=hue("ink"),
        fillOpacity=expr("isArray(hover.x) && hover.x[0] === datum.x && hover.y[0] === datum.y ? 0.14 : 0"),
        tooltip=expr(says),
        cursor="pointer" if shape.picks else "crosshair",
        **box,
    )
    bar = named("bars", "bars").mark_rule(color=hue("ink"), strokeWidth=2, opacity=0.75, yOffset=foot, aria=False)
    dot = named("bars", "dots").mark_point(size=45, yOffset=foot, filled=True, color=hue("ink"), opacity=1, aria=False)
    layers = [
        painted.encode(x=at, y=up),
        named("between").mark_rule(color=hue("muted"), aria=False).encode(x=at),
        bar.encode(x=alt.X("from:Q", **x), x2="to:Q", y=up),
        dot.encode(x=alt.X("at:Q", **x), y=up),
        named("cells", "counts").mark_text(**count).encode(x=at, y=up, text="said:N"),
        named("rows", "rows")
        .mark_text(align="left", yOffset=expr(f"{NAME / 2} - {band} / 2"), **text)
        .encode(x=alt.value(2), y=up, text="name:N"),
        named("columns", "columns").mark_text(**text).encode(x=at, y=alt.value(expr("height + 13")), text="label:N"),
        named("groups", "groups").mark_text(**text | {"fontWeight": 600}).encode(x=at, y=alt.value(-8), text="label:N"),
        parts.cursor(x),
        places.encode(x=at, y=up),
        named("view")
        .mark_text(**text | {"color": hue("muted")})
        .encode(x=alt.value(expr("width / 2")), y=alt.value(expr("height + 33")), text="across:N"),
    ]
    chart = alt.layer(*layers).properties(width="container", height=shape.rows * BAND, title=parts.title(""))
    return chart.properties(usermeta={"lower": True})
