"""Values between 0 and 1 along a sequence: a row per thing, a column per step, each value a bar as high as it is.

Time runs from left to right. An exact 0 is a hollow ring, so that nothing at all and next to nothing look different; a
value that does not exist is left empty. What stands at each step is written at the foot.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from rnnviz.errors import ShapeError
from rnnviz.plots import parts
from rnnviz.plots.axes import Axis
from rnnviz.plots.expressions import number
from rnnviz.plots.panel import spoken
from rnnviz.plots.parts import FULL_DIGITS, expr, hue, named
from rnnviz.plots.prepared import Columns, Prepared

BAND, ABOVE = 68, 0.34  # px of a row, and the part of it that its name takes


class Shape(NamedTuple):
    """What the spec depends on: how many rows, the bars' colour, whether places are picked."""

    rows: int
    hue: str
    picks: bool


def shares(
    title: str,
    names: Sequence[str],
    values: ArrayLike,
    tape: Sequence[str],
    marked: int,
    printed: Sequence[str],
    *,
    across: str = "",
    hue: str = "forward",
    description: str = "",
    picks: str = "",
) -> Prepared:
    """One row of bars for each name.

    title    the heading; says what a full bar is
    names    R short names, one per row
    values   (R, T), each in [0, 1]; NaN where there is none
    tape     T short texts, what stands at each step
    marked   the step that the page is about, 1..T
    printed  R texts for the right end of the rows: what there is at the marked step, as a number
    picks    where given, a click on a step is an event with this target and the value {"x": step}

    Raises ShapeError where names, values and texts do not fit or `marked` is out of range, ValueError where a value is
    outside [0, 1].
    """
    table = np.asarray(values, np.float64)
    R, T = len(names), len(tape)
    if table.shape != (R, T) or not table.size or len(printed) != R or not 1 <= marked <= T:
        raise ShapeError(
            f"shares: values (R, T) = ({R}, {T}), R printed numbers and a step in 1..T are needed, "
            f"got {table.shape}, {len(printed)} numbers and step {marked}"
        )
    if ((table < 0) | (table > 1)).any():
        raise ValueError("shares: values must be within [0, 1]")
    steps, rows = np.arange(1, T + 1), np.arange(R)
    foot = np.repeat(rows + 1.0, T)
    flat = table.ravel()
    known = np.isfinite(flat)
    top = foot - (1 - ABOVE) * np.where(known, flat, 0.0)
    x = np.tile(steps, R)
    zero = known & (flat == 0)
    bar = known & ~zero
    data: dict[str, Columns] = {
        "view": parts.view(title, "", across, Axis(0.5, T + 0.5, ()), Axis(R, 0.0, ()))
        | {"longest": [max(map(len, tape))], "count": [T]},
        "frames": {"x": x.tolist(), "top": (foot - (1 - ABOVE)).tolist(), "foot": foot.tolist()},
        "bars": {"x": x[bar].tolist(), "top": top[bar].tolist(), "foot": foot[bar].tolist()},
        "zeros": {"x": x[zero].tolist(), "y": (foot[zero] - 0.09).tolist()},
        "rows": {"y": (rows + ABOVE / 2).tolist(), "name": list(names), "printed": list(printed)},
        "read": {
            "x": steps.tolist(),
            "label": list(tape),
            **{f"y{k}": spoken(row, log=False) for k, row in enumerate(table)},
            **{f"name{k}": [name] * T for k, name in enumerate(names)},
        },
        "mark": {"step": [int(marked)]},
        "cursor": {"x": []},
    }
    said = description or f"{title} {tape[marked - 1]}: " + "; ".join(f"{a} {b}" for a, b in zip(names, printed))
    return Prepared("shares", (Shape(R, hue, bool(picks)),), data, title, said, build, picks)


def build(shapes: tuple[Shape, ...]) -> Any:
    """The chart."""
    import altair as alt

    (shape,) = shapes
    height = shape.rows * BAND
    x, y = parts.x_axis("", False), parts.y_axis("", False)
    wide = expr("width / data('view')[0].count * 0.86")
    at = alt.X("x:Q", **x)
    top, foot = alt.Y("top:Q", **y), alt.Y2("foot:Q")
    frame = named("frames").mark_rect(color=hue("pipe"), opacity=0.55, width=wide, aria=False)
    bars = named("bars", "bars").mark_rect(color=hue(shape.hue), width=wide, aria=False)
    rings = named("zeros", "zeros").mark_point(size=45, strokeWidth=1.5, stroke=hue("muted"), opacity=1, aria=False)
    text = {"baseline": "middle", "color": hue("ink"), "fontSize": expr("type"), "aria": False}
    tape = named("read", "tape")
    now = "data('mark')[0].step === datum.x"
    fits = "width / data('view')[0].count >= data('view')[0].longest * 8 ? type : 0"
    each = [f"'\\n' + datum.name{k} + '  ' + {number(f'datum.y{k}', FULL_DIGITS)}" for k in range(shape.rows)]
    says = " + ".join(["data('view')[0].across + ' ' + datum.x + '  ' + datum.label", *each])
    layers = [
        parts.marked_step("mark", x)[0],
        frame.encode(x=at, y=top, y2=foot),
        bars.encode(x=at, y=top, y2=foot),
        rings.encode(x=at, y=alt.Y("y:Q", **y)),
        named("rows", "rows")
        .mark_text(align="left", **text)
        .encode(x=alt.value(2), y=alt.Y("y:Q", **y), text="name:N"),
        named("rows", "printed")
        .mark_text(align="right", fontWeight=600, **text)
        .encode(x=alt.value(expr("width - 2")), y=alt.Y("y:Q", **y), text="printed:N"),
        tape.mark_text(**(text | {"fontSize": expr(fits), "fontWeight": expr(f"{now} ? 700 : 400")})).encode(
            x=at, y=alt.value(height + 13), text="label:N"
        ),
        parts.cursor(x),
        parts.pointer("", x, says, shape.picks),
        named("view")
        .mark_text(**(text | {"color": hue("muted")}))
        .encode(x=alt.value(expr("width / 2")), y=alt.value(height + 33), text="across:N"),
    ]
    return alt.layer(*layers).properties(width="container", height=height, title=parts.title(""))
