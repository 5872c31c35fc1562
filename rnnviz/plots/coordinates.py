"""Parallel coordinates: a line for each run through all that was set, and up to what came of it.

Every axis has its own scale, from the lowest value at the foot to the highest at the top; its ends, and the values in
between that are named, are labelled. The best runs stand out, drawn last and broad; all others are faint.
(A. Inselberg, "The plane with parallel coordinates", The Visual Computer 1 (1985) 69-91.)
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from rnnviz.arrays import Array
from rnnviz.errors import ShapeError
from rnnviz.numbers import significant
from rnnviz.plots import parts
from rnnviz.plots.axes import Axis
from rnnviz.plots.expressions import colour
from rnnviz.plots.parts import expr, hue, named
from rnnviz.plots.prepared import Columns, Prepared


class Shape(NamedTuple):
    """What the spec depends on: the colour of the best runs, and the height."""

    hue: str
    height: int


@dataclass(frozen=True, eq=False)
class Coordinate:
    """One axis: its name, the runs' values (n,), positive where `log`, and the values that are labelled."""

    name: str
    values: ArrayLike
    ticks: Sequence[float]
    log: bool = False


def coordinates(
    axes: Sequence[Coordinate],
    *,
    best: int = 8,
    hue: str = "forward",
    names: tuple[str, str] = ("best", "others"),
    title: str = "",
    description: str = "",
    height: int = 320,
) -> Prepared:
    """A line for each of n runs over two axes or more; the last one says how good it was, the smaller the better.

    best   so many runs stand out
    names  what these and all others are called

    Raises ShapeError where axes have different numbers of runs, or there are none; values that are not finite, or not
    positive on a log axis, stand at the top of theirs.
    """
    given = [np.asarray(one.values, np.float64) for one in axes]
    if len(axes) < 2 or any(one.ndim != 1 or one.shape != given[0].shape for one in given) or not given[0].size:
        raise ShapeError(f"coordinates: two axes or more of (n,) values are needed, got {[one.shape for one in given]}")
    n, places = given[0].size, [_places(one, values) for one, values in zip(axes, given)]
    order = np.argsort(given[-1], kind="stable")
    lit = np.zeros(n, np.bool_)
    lit[order[:best]] = True
    x = Axis(0.7, len(axes) + 0.3, tuple(enumerate((one.name for one in axes), 1)))
    runs = [int(run) for run in order[::-1]]  # the best ones last, in front
    says = {
        run: "\n".join(f"{one.name}  {significant(float(values[run]), 3)}" for one, values in zip(axes, given))
        for run in runs
    }
    data: dict[str, Columns] = {
        "view": parts.view(title, "", "", x, Axis(-0.04, 1.04, ()), names),
        "across": x.columns,
        "runs": {
            "run": [run + 1 for run in runs for _ in axes],
            "at": [k for _ in runs for k in range(1, len(axes) + 1)],
            "up": [float(place[run]) for run in runs for place in places],
            "best": [bool(lit[run]) for run in runs for _ in axes],
        },
        "ends": {
            "x": [run + 1 for run in runs],
            "at": [len(axes)] * n,
            "up": [float(places[-1][run]) for run in runs],
            "best": [bool(lit[run]) for run in runs],
            "says": [says[run] for run in runs],
        },
        "ticks": _ticks(axes, given),
    }
    said = description or ". ".join(filter(None, (title, ", ".join(one.name for one in axes), f"{names[0]}: {best}")))
    return Prepared("coordinates", (Shape(hue, height),), data, title, said, build)


def _scaled(one: Coordinate, values: Array) -> Array:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.log10(values) if one.log else values


def _ends(one: Coordinate, values: Array) -> tuple[float, float]:
    known = _scaled(one, np.concatenate([values, np.asarray(one.ticks, np.float64)]))
    known = known[np.isfinite(known)]
    low, high = (float(known.min()), float(known.max())) if known.size else (0.0, 1.0)
    return (low, high) if low < high else (low - 0.5, low + 0.5)


def _places(one: Coordinate, values: Array) -> Array:
    """(n,) from 0 at the axis' foot to 1 at its top."""
    low, high = _ends(one, values)
    return np.asarray(np.nan_to_num((_scaled(one, values) - low) / (high - low), nan=1.0, posinf=1.0, neginf=1.0))


def _ticks(axes: Sequence[Coordinate], given: Sequence[Array]) -> Columns:
    made: Columns = {"at": [], "up": [], "label": []}
    for k, (one, values) in enumerate(zip(axes, given), 1):
        low, high = _ends(one, values)
        for tick in one.ticks:
            made["at"].append(k)
            made["up"].append(float((_scaled(one, np.array([tick]))[0] - low) / (high - low)))
            made["label"].append(f"{tick:g}")
    return made


def build(shapes: tuple[Shape, ...]) -> Any:
    """The chart."""
    import altair as alt

    (shape,) = shapes
    x, y = parts.x_axis(""), parts.y_axis("", False)
    across, up = alt.X("at:Q", **x), alt.Y("up:Q", **y)
    lines = named("runs")
    text = {"fontSize": expr("type"), "color": hue("ink"), "aria": False}
    faint = lines.transform_filter("!datum.best").mark_line(strokeWidth=1, opacity=0.3, color=hue("ink"), aria=False)
    bright = lines.transform_filter("datum.best").mark_line(strokeWidth=2.5, color=hue(shape.hue), aria=False)
    lit = lines.transform_filter("isArray(hover.x) && hover.x[0] === datum.run").mark_line(
        strokeWidth=4, color=hue("ink"), aria=False
    )
    dots = named("ends", "places").mark_point(
        filled=True, size=70, opacity=1, stroke=hue("background"), strokeWidth=0.5, tooltip=expr("datum.says"),
        cursor="crosshair", color=expr(f"datum.best ? {colour(shape.hue)} : {colour('muted')}"),
    )  # fmt: skip
    place = {"x": across, "y": up}
    layers = [
        named("across").mark_rule(color=hue("muted"), strokeWidth=1.5, aria=False).encode(x=across),
        faint.encode(**place, detail="run:N", order="at:Q"),
        bright.encode(**place, detail="run:N", order="at:Q"),
        lit.encode(**place, detail="run:N", order="at:Q"),
        named("ticks", "plates")
        .mark_text(align="left", dx=6, stroke=hue("background"), strokeWidth=4, **text)
        .encode(**place, text="label:N"),
        named("ticks", "ticks").mark_text(align="left", dx=6, **text).encode(**place, text="label:N"),
        dots.encode(**place),
    ]
    chart = alt.layer(*layers).properties(width="container", height=shape.height, title=parts.title(""))
    return chart.properties(usermeta={"lower": True})
