"""Lines over steps: on a linear axis, on a log axis, dots by rank."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike

from rnnviz.errors import ShapeError
from rnnviz.plots import axes, drawn, panel
from rnnviz.plots.axes import Axis
from rnnviz.plots.panel import Line, Panel, Shown
from rnnviz.plots.prepared import Columns, Prepared


def lines(
    lines: Sequence[Line],
    *,
    up: str = "",
    across: str = "step",
    first: int = 1,
    mark_at: int | None = None,
    low: float | None = None,
    high: float | None = None,
    backwards: bool = False,
    title: str = "",
    description: str = "",
    picks: str = "",
    height: int = 240,
    guides: Sequence[Line] = (),
    behind: Sequence[ArrayLike] = (),
    cuts: Sequence[int] | None = None,
    span: tuple[int, int] | None = None,
    follow: bool = True,
    x_axis: Axis | None = None,
    y_axis: Axis | None = None,
) -> Prepared:
    """Lines of equal length over `first`, `first` + 1, ... on a linear axis.

    up, across      what is measured and what is counted
    mark_at         the step that the page is about, marked; with `follow` it is the player's and moves with it
    low, high       the ends of the axis up; without them they are round numbers around the values
    backwards       whether the values were computed from the last to the first, as gradients are
    picks           where given, a click on a step is an event with this target and the value {"x": step}
    guides          lines to compare with, which are cut off where the axis ends instead of widening it
    behind          (n,) values of others to compare with: faint, without name and number; the parameter `lit`, the
                    number of one of them from 0, brings it forward
    cuts            steps after which something ends: a thin line stands between each and the next
    span            the first and the last step of a part that is shaded
    x_axis, y_axis  axes of one's own (`rnnviz.plots.axes`)

    Raises ShapeError where there are no lines or values, lengths differ, or `mark_at` is out of range.
    """
    rows = panel.rows_of("lines", (*lines, *guides), behind)
    x = x_axis or axes.steps(first, first + rows[0].size - 1)
    y = y_axis or axes.linear(np.concatenate(rows[: len(lines)]), low, high)
    shown = Shown(
        lines, x, y, title, up, across, first, log=False, backwards=backwards, guides=guides, behind=behind, cuts=cuts,
        span=span,
    )  # fmt: skip
    return prepare("lines", shown, mark_at, follow, picks, height, description)


def decades(
    lines: Sequence[Line],
    *,
    up: str = "",
    across: str = "step",
    first: int = 1,
    backwards: bool = True,
    mark_at: int | None = None,
    least: tuple[float, float] = (-2, 0),
    title: str = "",
    description: str = "",
    picks: str = "",
    height: int = 240,
    guides: Sequence[Line] = (),
    behind: Sequence[ArrayLike] = (),
    cuts: Sequence[int] | None = None,
    struck: Mapping[int, str] = MappingProxyType({}),
    span: tuple[int, int] | None = None,
    follow: bool = True,
    x_axis: Axis | None = None,
    y_axis: Axis | None = None,
) -> Prepared:
    """The same on a log axis: values are log10 of magnitudes, -inf for 0, inf or NaN where there is no number any more.

    least   the decades that the axis shows at least: it grows where values lie beyond them
    struck  steps at which something else than these lines left the numbers, and what stands on the struck box

    For the other arguments see `lines`.
    """
    rows = panel.rows_of("decades", (*lines, *guides), behind)
    x = x_axis or axes.steps(first, first + rows[0].size - 1)
    y = y_axis or axes.decades(np.concatenate(rows[: len(lines)]), least)
    shown = Shown(
        lines, x, y, title, up, across, first, log=True, backwards=backwards, guides=guides, behind=behind, cuts=cuts,
        span=span, struck=struck,
    )  # fmt: skip
    return prepare("lines", shown, mark_at, follow, picks, height, description)


def prepare(
    kind: str, shown: Shown, mark_at: int | None, follow: bool, picks: str, height: int, description: str
) -> Prepared:
    """The chart of one shown."""
    n = np.size(shown.lines[0].values)
    if mark_at is not None and not shown.first <= mark_at < shown.first + n:
        raise ShapeError(f"{kind}: a mark in {shown.first}..{shown.first + n - 1} is needed, got {mark_at}")
    shape = shape_of(shown, height, follow, bool(picks))
    marked: dict[str, Columns] = {shape.step: {"step": [] if mark_at is None else [int(mark_at)]}}
    data = panel.datasets(shown) | marked | {"cursor": {"x": []}}
    said = description or ". ".join(filter(None, (shown.title, shown.up, ", ".join(line.name for line in shown.lines))))
    return Prepared(kind, (shape,), data, shown.title, said, drawn.panels, picks)


def shape_of(shown: Shown, height: int, follow: bool = True, picks: bool = False, prefix: str = "") -> Panel:
    """What the spec depends on."""
    looks = tuple((line.hue, line.look) for line in (*shown.lines, *shown.guides))
    return Panel(looks, shown.log, height, "step" if follow else "mark", picks, panel.extras(shown), prefix=prefix)
