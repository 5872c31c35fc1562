"""Heat maps: a value for every column (a step) of every row (a unit, a scale), with a picked cell.

Signed values have the page's background for their zero, shares go from the background to a colour. What is exactly 0
on a log scale is dotted, what is no number any more struck through.
"""

from collections.abc import Sequence
from typing import Any, Literal, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rnnviz.arrays import Array
from rnnviz.errors import ShapeError
from rnnviz.plots import axes, parts
from rnnviz.plots.axes import Axis
from rnnviz.plots.expressions import first, number, of_log10, raised
from rnnviz.plots.panel import spoken
from rnnviz.plots.parts import expr, hue, named
from rnnviz.plots.prepared import Columns, Prepared

Meaning: TypeAlias = Literal["signed", "share", "log10"]
FULL = 12  # decades from the background to the full colour
DECIMALS: dict[Meaning, int] = {"log10": 4, "signed": 6, "share": 6}  # that are sent: a map has thousands of cells
SAID: dict[Meaning, int] = {"log10": 3, "signed": 5, "share": 5}  # significant digits of what is told of a cell
PALE = 0.5  # decades that nobody sees


class Cells(NamedTuple):
    """What the spec of a heat map depends on; `end` is the colour of a full share."""

    means: Meaning
    height: int
    end: str = "ink"
    picks: bool = False
    step: str = "step"
    prefix: str = ""
    across: bool = True
    legend: bool = True


def heat_map(
    values: ArrayLike,
    *,
    means: Meaning = "signed",
    full: float = 1.0,
    end: str = "ink",
    up: str = "unit",
    across: str = "step",
    of: str = "",
    rows: Sequence[float] | None = None,
    first: int = 1,
    mark_at: int | None = None,
    row_at: float | None = None,
    title: str = "",
    description: str = "",
    picks: str = "",
    height: int = 150,
    follow: bool = True,
    y_axis: Axis | None = None,
) -> Prepared:
    """A rectangle for each of `values` (rows, columns), the first row at the top; with `rows`, at their own heights.

    means    "signed": blue below 0, orange above; "share": from nothing to the colour `end`; "log10": values are log10
             of magnitudes, orange has grown and blue has shrunk, -inf stands for 0
    full     the size from which on the colour is full; on a log scale decades
    up, across, of  what a row is, what a column is, and what is measured
    rows     (rows,) equally spaced numbers, falling or rising, that the rows stand for; without it they are 1, 2, ...
    mark_at  the marked column; `follow`: it is the player's step and moves with it
    row_at   the marked row
    picks    where given, a click on a cell is an event with this target and the value {"x": column, "y": row}

    Raises ShapeError unless values are a table of at least one cell and `rows` fits.
    """
    table = np.asarray(values, np.float64)
    names: Array = np.arange(1.0, len(table) + 1) if rows is None and table.ndim else np.asarray(rows, np.float64)
    if table.ndim != 2 or not table.size or names.shape != table.shape[:1]:
        raise ShapeError(f"heat_map: (rows, columns) values are needed, got {table.shape} and {names.shape} rows")
    half = abs(float(names[1] - names[0])) / 2 if len(names) > 1 else 0.5
    columns = np.arange(first, first + table.shape[1])
    y = y_axis or _rows(names, half, falling=rows is None)
    x = axes.steps(first, first + table.shape[1] - 1)
    grid: dict[str, Any] = {"first": first, "columns": table.shape[1], "rows": len(names), "of": of}
    grid |= {"y0": float(names[0])} | {
        "full": float(full),
        "apart": float(names[1] - names[0]) if len(names) > 1 else 1.0,
    }
    step = "step" if follow else "mark"
    data: dict[str, Columns] = {
        "view": parts.view(title, up, across, x, y) | {name: [value] for name, value in grid.items()},
        "up": y.columns,
        "across": x.columns,
        "cells": {
            "x": columns.tolist() * len(names),
            "y": np.repeat(np.round(names, 9), len(columns)).tolist(),
            "v": spoken(np.round(table.ravel(), DECIMALS[means]), means == "log10"),
        },
        "odd": _odd(table, names, columns, means),
        "row": {"row": [] if row_at is None else [float(row_at)]},
        step: {"step": [] if mark_at is None else [int(mark_at)]},
        "cursor": {"x": []},
    }
    shape = Cells(means, height, end, bool(picks), step)
    said = description or ". ".join(filter(None, (title, of, f"{up}, {across}")))
    return Prepared("heat_map", (shape,), data, title, said, build, picks)


def scale_map(
    scales: ArrayLike,
    log10: ArrayLike,
    *,
    scale: float,
    step: int,
    name: str,
    across: str = "step",
    of: str = "",
    title: str = "",
    description: str = "",
    picks: str = "",
    height: int = 240,
    follow: bool = True,
) -> Prepared:
    """A magnitude over steps for a whole family of networks that differ in one scale; the nearest to `scale` is marked.

    scales  (M,) at least two, rising in equal steps; called `name`. The largest stands at the top
    log10   (M, T) log10 of magnitudes at steps 1..T; -inf for 0, inf or NaN where there is no number any more
    picks   where given, a click on a cell is an event with this target and the value {"x": step, "y": scale}

    Colours are full from 10^-12 and 10^12 on. Raises ShapeError where shapes do not fit or the step is out of range.
    """
    at, values = np.asarray(scales, np.float64), np.asarray(log10, np.float64)
    if values.ndim != 2 or values.shape[0] != at.size or at.size < 2 or not 1 <= step <= values.shape[1]:
        raise ShapeError(
            f"scale_map: (M, T) values of M >= 2 scales and a step in 1..T are needed, got {values.shape} values of "
            f"{at.shape} scales and step {step}"
        )
    half = float(at[1] - at[0]) / 2
    halves = np.arange(np.ceil(at[0] * 2), np.floor(at[-1] * 2) + 1) / 2
    y = Axis(float(at[0]) - half, float(at[-1]) + half, tuple((float(v), axes.signed(v)) for v in halves))
    near = float(at[np.abs(at - scale).argmin()])
    return heat_map(
        values, means="log10", full=FULL, up=name, across=across, of=of, rows=at.tolist(), mark_at=step, row_at=near,
        title=title, description=description, picks=picks, height=height, follow=follow, y_axis=y,
    )  # fmt: skip


def pale(values: ArrayLike) -> float | None:
    """Of a map that looks blank, by which factor at most magnitudes differ from 1; None where colours are seen."""
    furthest = float(np.abs(np.asarray(values, np.float64)).max())
    return float(np.ceil(100 * 10**furthest) / 100) if furthest < PALE else None


def _rows(names: Array, half: float, falling: bool) -> Axis:
    """An axis of rows, the first one at the top where they are only numbered."""
    low, high = float(names.min()) - half, float(names.max()) + half
    ends = tuple((float(v), axes.signed(float(v))) for v in sorted({names[0], names[-1]}))
    return Axis(high, low, ends) if falling else Axis(low, high, ends)


def _odd(table: Array, names: Array, columns: NDArray[np.int_], means: Meaning) -> Columns:
    """The cells that have no place on the scale of colours."""
    row, column = np.nonzero(~np.isfinite(table))
    zero = np.isneginf(table[row, column]) & (means == "log10")
    return {
        "x": columns[column].tolist(),
        "y": np.round(names, 9)[row].tolist(),
        "zero": zero.tolist(),
    }


def build(shape: tuple[Cells, ...]) -> Any:
    """The chart of one heat map."""
    return layers(shape[0]).properties(width="container")


def layers(shape: Cells, extra: Sequence[Any] = ()) -> Any:
    """Cells, dots over zeros, strokes over what is no number, the marked cell, the pointer, the read-out."""
    import altair as alt

    p, height = shape.prefix, shape.height
    x, y = parts.x_axis(p, shape.across), parts.y_axis(p)
    drawn = [_painted(shape, x, y), *extra, *_nothing(p, x, y), *_marks(shape, x, y), parts.across_ticks(p, x, height)]
    ticks = named(f"{p}up").mark_rule(color=hue("muted"), aria=False)
    drawn.append(ticks.encode(x=alt.value(-5), x2=alt.value(0), y=alt.Y("at:Q", **y)))
    drawn += [_under_pointer(shape, x, y), parts.cursor(x, p), *parts.names(p, height, shape.across), _read_out(shape)]
    return alt.layer(*drawn).properties(height=height, title=parts.title(p))


def _painted(shape: Cells, x: dict[str, Any], y: dict[str, Any]) -> Any:
    import altair as alt

    p = shape.prefix
    wide, high = _size(shape)
    cells = named(f"{p}cells", f"{p}places").mark_rect(
        width=expr(f"{wide} + 1"),
        height=expr(f"{high} + 1"),
        clip=True,
        aria=False,
        tooltip=expr(_says(shape)),
        cursor="pointer" if shape.picks else "crosshair",
    )
    return cells.encode(x=alt.X("x:Q", **x), y=alt.Y("y:Q", **y), color=_colour(shape))


def _size(shape: Cells) -> tuple[str, str]:
    """Width and height of a cell in pixels."""
    view = f"data('{shape.prefix}view')[0]"
    return f"width / {view}.columns", f"{shape.height} / {view}.rows"


def _colour(shape: Cells) -> Any:
    """The scale of colours, its zero the page's background, and a bar that explains it."""
    import altair as alt

    full = first(f"{shape.prefix}view", "full")
    if shape.means == "share":
        domain, paints = [0, expr(full)], [hue("background"), hue(shape.end)]
    else:
        domain, paints = [expr(f"-{full}"), 0, expr(full)], [hue("negative"), hue("background"), hue("positive")]
    write = {
        "log10": of_log10("datum.value", 1),
        "signed": number("datum.value", 2),
        "share": "format(datum.value, '.0%')",
    }
    power = f"(datum.value == 0 ? '1' : '10' + {raised('datum.value')})"
    legend = alt.Legend(
        orient="top",
        direction="horizontal",
        title=None,
        gradientLength=140,
        gradientThickness=12,
        gradientStrokeColor=hue("pipe"),
        gradientStrokeWidth=1,
        values=expr(f"[{full}, 0]" if shape.means == "share" else f"[-{full}, 0, {full}]"),
        labelExpr=power if shape.means == "log10" else write[shape.means],
        offset=expr(f"{first(f'{shape.prefix}view', 'up')} ? 28 : 10"),
    )
    return alt.Color(
        "v:Q",
        scale=alt.Scale(domain=domain, range=paints, clamp=True, interpolate="rgb"),
        legend=legend if shape.legend else None,
    )


def _says(shape: Cells) -> str:
    """The tooltip of a cell: where it is, and its number in full."""
    view = f"data('{shape.prefix}view')[0]"
    write = of_log10 if shape.means == "log10" else number
    place = f"{view}.up + ' ' + datum.y + ', ' + {view}.across + ' ' + datum.x"
    return f"{place} + ': ' + {view}.of + ' ' + {write('datum.v', SAID[shape.means])}"


def _under_pointer(shape: Cells, x: dict[str, Any], y: dict[str, Any]) -> Any:
    import altair as alt

    p = shape.prefix
    hover = f"{p}hover"
    box = named(f"{p}view", f"{p}under_pointer").transform_calculate(
        x=f"isArray({hover}.x) ? {hover}.x[0] : null", y=f"isArray({hover}.y) ? {hover}.y[0] : null"
    )
    wide, high = _size(shape)
    frame = box.mark_rect(
        width=expr(wide), height=expr(high), fillOpacity=0, stroke=hue("ink"), strokeWidth=2, aria=False
    )
    return frame.encode(x=alt.X("x:Q", **x), y=alt.Y("y:Q", **y))


def _read_out(shape: Cells) -> Any:
    """What is said of the marked cell, below the chart."""
    p, step = shape.prefix, shape.step
    view, x, y = f"data('{p}view')[0]", first(step, "step"), first(f"{p}row", "row")
    index = f"round(({y} - {view}.y0) / {view}.apart) * {view}.columns + {x} - {view}.first"
    there = f"length(data('{step}')) && length(data('{p}row'))"
    line = named(f"{p}view", f"{p}said").transform_calculate(x=f"{there} ? {x} : null", y=f"{there} ? {y} : null")
    line = line.transform_calculate(v=f"{there} ? data('{p}cells')[{index}].v : null").transform_filter(
        "isValid(datum.v)"
    )
    text = line.transform_calculate(said=_says(shape)).mark_text(
        align="left", color=hue("ink"), fontSize=expr("type"), aria=False
    )
    return _at(text, 0, shape.height + 62).encode(text="said:N")


def _at(chart: Any, x: float, y: float) -> Any:
    import altair as alt

    return chart.encode(x=alt.value(x), y=alt.value(y))


def _nothing(p: str, x: dict[str, Any], y: dict[str, Any]) -> list[Any]:
    """Dots for exact zeros of a log scale, strokes for what is no number."""
    import altair as alt

    places = {"x": alt.X("x:Q", **x), "y": alt.Y("y:Q", **y)}
    zero = named(f"{p}odd", f"{p}zeros").transform_filter("datum.zero")
    lost = named(f"{p}odd", f"{p}struck").transform_filter("!datum.zero")
    stroke = {"shape": "M-1,1L1,-1", "size": 24, "strokeWidth": 1.2, "stroke": hue("ink"), "opacity": 0.6}
    return [
        zero.mark_point(size=7, filled=True, color=hue("muted"), opacity=0.8, aria=False).encode(**places),
        lost.mark_point(**stroke, aria=False).encode(**places),
    ]


def _marks(shape: Cells, x: dict[str, Any], y: dict[str, Any]) -> list[Any]:
    """The marked column and row, and a ring where they cross."""
    import altair as alt

    p, step = shape.prefix, shape.step
    at_x, at_y = alt.X("step:Q", **x), alt.Y("row:Q", **y)
    rule = {"color": hue("ink"), "opacity": 0.6, "aria": False, "clip": True}
    ring = named(f"{p}row", f"{p}here").transform_calculate(
        step=f"length(data('{step}')) ? {first(step, 'step')} : null"
    )
    return [
        named(step, f"{p}now").mark_rule(**rule).encode(x=at_x),
        named(f"{p}row", f"{p}row_now").mark_rule(**rule).encode(y=at_y),
        ring.mark_point(
            size=130, strokeWidth=2.5, stroke=hue("ink"), fill=None, opacity=1, clip=True, aria=False
        ).encode(x=at_x, y=at_y),
    ]
