"""Several quantities on one time axis, one panel below the other."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil, floor
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from rnnviz.arrays import Array
from rnnviz.errors import ShapeError
from rnnviz.plots import axes, drawn, panel
from rnnviz.plots.axes import Axis
from rnnviz.plots.over_steps import shape_of
from rnnviz.plots.panel import Line, Shown, Stroke
from rnnviz.plots.prepared import Columns, Prepared

MOST_DECADES = 16
Role: TypeAlias = Literal["forward", "backward", "untouched", "predicted"]
_LOOKS: dict[Role, tuple[str, Stroke]] = {
    "forward": ("forward", "solid"),
    "backward": ("backward", "solid"),
    "untouched": ("muted", "dashed"),
    "predicted": ("muted", "dotted"),
}


@dataclass(frozen=True, eq=False)
class Strand:
    """One line: its name, its numbers (T,), and its role: of the operated run, untouched, or predicted."""

    label: str
    values: ArrayLike
    role: Role


@dataclass(frozen=True, eq=False)
class Strip:
    """One quantity in one or more strands.

    title   what it is, plain text
    low     the linear axis' ends
    high
    log     a log axis instead, for magnitudes (the sign is dropped); its ends are whole decades around the numbers
    lowest  the decade at which a log axis ends, should the numbers go further down
    """

    title: str
    strands: Sequence[Strand]
    low: float = -1.0
    high: float = 1.0
    log: bool = False
    lowest: int = -300


@dataclass(frozen=True, eq=False)
class Lane:
    """A title, the lines, and the numbers at the lane's foot and top."""

    title: str
    lines: Sequence[Line]
    low: float = 0.0
    high: float = 1.0


def beside(
    strips: Sequence[Strip],
    step: int,
    span: tuple[int, int] | None = None,
    *,
    across: str = "step",
    title: str = "",
    description: str = "",
    picks: str = "",
    height: int = 72,
) -> Prepared:
    """Two runs of a network: the operated one in colour, the untouched one beside it, dashed and grey.

    step  the current one, from 1; each strip's numbers at it stand in its legend
    span  the first and the last step that were operated on, from 1; None: none

    Raises ShapeError where strands differ in length, or a step is out of range.
    """
    shown = [_strip(strip, span) for strip in strips]
    return stack("beside", shown, step, across, title, description, picks, height)


def lanes(
    rows: Sequence[Lane],
    step: int,
    *,
    across: str = "step",
    title: str = "",
    description: str = "",
    picks: str = "",
    height: int = 72,
) -> Prepared:
    """Lines of the range that their lane has; an area says by its height how open a gate is.

    Raises ShapeError where lines differ in length or the step is out of range.
    """
    shown = []
    for lane in rows:
        n = panel.rows_of("lanes", lane.lines)[0].size
        y = axes.linear([], lane.low, lane.high, labels=2)
        shown.append(Shown(lane.lines, axes.steps(1, n), y, lane.title))
    return stack("lanes", shown, step, across, title, description, picks, height)


def stack(
    kind: str, rows: Sequence[Shown], step: int, across: str, title: str, description: str, picks: str, height: int
) -> Prepared:
    """Panels below each other, the last one's axis across labelled."""
    lengths = {np.size(line.values) for shown in rows for line in shown.lines}
    T = lengths.pop() if len(lengths) == 1 else 0
    spans = [shown.span for shown in rows if shown.span is not None]
    if not 1 <= step <= T or any(not 1 <= first <= last <= T for first, last in spans):
        raise ShapeError(
            f"{kind}: lines of one length T and steps in 1..T are needed, got T = {T}, step {step} and spans {spans}"
        )
    data: dict[str, Columns] = {"step": {"step": [int(step)]}, "cursor": {"x": []}}
    shapes = []
    for k, shown in enumerate(rows):
        prefix, last = f"s{k}_", k == len(rows) - 1
        data |= panel.datasets(replace(shown, across=across), prefix)
        shapes.append(shape_of(shown, height, picks=bool(picks), prefix=prefix)._replace(across=last))
    said = description or ". ".join(
        filter(None, (title, *(f"{one.title}: {', '.join(line.name for line in one.lines)}" for one in rows)))
    )
    return Prepared(kind, tuple(shapes), data, title or rows[0].title, said, drawn.panels, picks)


def _strip(strip: Strip, span: tuple[int, int] | None) -> Shown:
    values: list[Array] = [np.asarray(strand.values, np.float64) for strand in strip.strands]
    y = axes.linear([], strip.low, strip.high, labels=2)
    if strip.log:
        values = [_log10(row) for row in values]
        y = decades(values, strip.lowest)
        values = [np.where(np.isneginf(row), row, np.maximum(row, y.low)) for row in values]
    lines = [Line(strand.label, row, *_LOOKS[strand.role]) for strand, row in zip(strip.strands, values)]
    panel.rows_of("beside", lines)
    backwards = any(strand.role == "backward" for strand in strip.strands)
    x = axes.steps(1, values[0].size)
    return Shown(lines, x, y, strip.title, log=strip.log, backwards=backwards, span=span)


def decades(logs: Sequence[Array], lowest: int = -300) -> Axis:
    """A log axis of few labels for log10 magnitudes: at least one decade, at most MOST_DECADES, none below `lowest`.

    Where numbers lie below its end, that says ≤.
    """
    values = np.concatenate(logs)
    values = values[np.isfinite(values)]
    if not values.size:
        return Axis(-1, 0, ((-1, axes.power(-1)), (0, axes.power(0))))
    high = max(ceil(float(values.max())), lowest + 1)
    wanted = min(floor(float(values.min())), high - 1)
    low = max(wanted, lowest, high - MOST_DECADES)
    every = ceil((high - low) / 3)
    marked = dict.fromkeys([d for d in range(high, low, -every) if d - low >= every] + [low])
    return Axis(low, high, tuple((d, ("≤ " if low > wanted and d == low else "") + axes.power(d)) for d in marked))


def _log10(values: Array) -> Array:
    with np.errstate(divide="ignore"):
        return np.log10(np.abs(values))
