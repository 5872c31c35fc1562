"""The eigenvalues of a recurrent matrix in the complex plane, with the unit circle.

What lies inside the circle shrinks at every pass of a linear recurrence, what lies outside grows, and the angle is how
far it turns. One unit is as long across as up, at any width, so that the circle is round.
"""

from math import ceil, floor, log10, tau
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rnnviz.errors import NonFiniteError
from rnnviz.numbers import MINUS, significant
from rnnviz.plots import parts
from rnnviz.plots.axes import Axis
from rnnviz.plots.expressions import first
from rnnviz.plots.parts import expr, hue, named
from rnnviz.plots.prepared import Columns, Prepared

REACH = 1.6  # how far the axes go at least, to either side
ROUNDING = 12  # decimals: an eigenvalue of 1 is computed as 1 give or take a little more than 10⁻¹⁶
LABELLED = 4.0  # up to here the axes are labelled at 1, beyond it at 1, 2 or 5 times a power of ten
POINTS = 72  # of a circle


class Shape(NamedTuple):
    """What the spec depends on: the dots' colour, and the height."""

    hue: str
    height: int


def eigenvalues(
    values: ArrayLike,
    radius: float | None = None,
    title: str = "",
    *,
    hue: str = "backward",
    up: str = "",
    across: str = "",
    description: str = "",
    height: int = 260,
) -> Prepared:
    """The cloud of `values` (n,), the unit circle, and dashed the circle of size `radius` where one is predicted.

    The axes reach 1.6 to either side, and as far as they must where a value lies beyond. Each value is said when it is
    pointed at; below the chart stand the largest and the smallest size. Raises NonFiniteError for NaN or infinity.
    """
    given = np.asarray(values, np.complex128)
    if not np.isfinite(given).all():
        raise NonFiniteError("eigenvalues must be finite to be drawn")
    found, times = np.unique(np.round(given, ROUNDING), return_counts=True)
    sizes = np.abs(found).round(ROUNDING)
    reach = _reach(max(float(sizes.max(initial=0.0)), radius or 0.0))
    tick = _tick(reach)
    ticks = tuple((sign * tick, significant(sign * tick, 1)) for sign in (-1, 0, 1))
    axis, axis_i = Axis(-reach, reach, ticks), Axis(-reach, reach, tuple((at, f"{said}i") for at, said in ticks))
    order = np.argsort(-sizes, kind="stable")
    ends = "" if not sizes.size else f"|λ|  {significant(float(sizes.min()))} … {significant(float(sizes.max()))}"
    data: dict[str, Columns] = {
        "view": parts.view(title, up, across, axis, axis_i) | {"reach": [reach], "ends": [ends]},
        "up": axis_i.columns,
        "across": axis.columns,
        "values": {
            "x": found.real[order].tolist(),
            "y": found.imag[order].tolist(),
            "says": [_say(complex(found[k]), int(times[k])) for k in order],
        },
        "unit": _circle(1.0),
        "predicted": _circle(radius),
    }
    said = description or ". ".join(filter(None, (title, ends)))
    return Prepared("eigenvalues", (Shape(hue, height),), data, title, said, build)


def _circle(radius: float | None) -> Columns:
    angles: NDArray[np.float64] = np.linspace(0, tau, POINTS + 1)
    if radius is None:
        return {"x": [], "y": [], "i": []}
    return {
        "x": (radius * np.cos(angles)).round(6).tolist(),
        "y": (radius * np.sin(angles)).round(6).tolist(),
        "i": list(range(POINTS + 1)),
    }


def _reach(largest: float) -> float:
    """How far the axes go: REACH, or the next step of a quarter of the largest value's power of two."""
    if largest * 1.06 <= REACH:
        return REACH
    step = 2.0 ** floor(np.log2(largest)) / 4
    return float(ceil(largest * 1.06 / step) * step)


def _tick(reach: float) -> float:
    """Where the axes are labelled: at least a third of the way out, so that the labels do not meet."""
    if reach <= LABELLED:
        return 1.0
    power = 10.0 ** floor(log10(reach / 1.2))
    return max(step * power for step in (1, 2, 5) if step * power <= reach / 1.2)


def _say(value: complex, times: int) -> str:
    sign = MINUS if value.imag < 0 else "+"
    said = f"λ = {significant(value.real, 5)} {sign} {significant(abs(value.imag), 5)}i"
    return f"{said}\n|λ| = {significant(abs(value), 5)}{f'  ({times}×)' if times > 1 else ''}"


def build(shapes: tuple[Shape, ...]) -> Any:
    """The chart."""
    import altair as alt

    (shape,) = shapes
    x, y = _square("", "width", "across"), _square("", "height", "up")
    at = {"x": alt.X("x:Q", **x), "y": alt.Y("y:Q", **y)}
    middle = {"color": hue("pipe"), "strokeWidth": 1.5, "aria": False}
    ring = named("unit", "unit").mark_line(strokeWidth=1.5, color=hue("ink"), clip=True, aria=False)
    dashed = named("predicted", "predicted").mark_line(
        strokeWidth=2, strokeDash=[6, 5], color=hue(shape.hue), clip=True, aria=False
    )
    dots = named("values", "places").mark_point(
        filled=True, size=52, opacity=0.85, color=hue(shape.hue), tooltip=expr("datum.says"), cursor="crosshair",
        stroke=hue("background"), strokeWidth=0.5,
    )  # fmt: skip
    ends = named("view", "said").mark_text(align="left", color=hue("ink"), fontSize=expr("type"), aria=False)
    layers = [
        named("across").mark_rule(**middle).transform_filter("datum.at == 0").encode(x=alt.X("at:Q", **x)),
        named("up").mark_rule(**middle).transform_filter("datum.at == 0").encode(y=alt.Y("at:Q", **y)),
        dashed.encode(**at, order="i:Q"),
        ring.encode(**at, order="i:Q"),
        dots.encode(**at),
        *parts.names("", shape.height),
        ends.encode(x=alt.value(0), y=alt.value(shape.height + 40), text="ends:N"),
    ]
    return alt.layer(*layers).properties(width="container", height=shape.height, title=parts.title(""))


def _square(prefix: str, along: str, ticks: str) -> dict[str, Any]:
    """An axis that shows as much as its side is longer than the shorter one."""
    import altair as alt

    made = parts.x_axis(prefix) if ticks == "across" else parts.y_axis(prefix)
    far = f"{first(f'{prefix}view', 'reach')} * {along} / min(width, height)"
    return made | {"scale": alt.Scale(domain=[expr(f"-{far}"), expr(far)], nice=False, zero=False, padding=0)}
