"""Values in an order of their own: singular values by rank, the openness of a gate's units, answers by setting."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from rnnviz.errors import ShapeError
from rnnviz.plots import axes, panel
from rnnviz.plots.axes import Axis
from rnnviz.plots.over_steps import prepare
from rnnviz.plots.panel import Line, Shown, Stroke
from rnnviz.plots.prepared import Columns, Prepared

FLOOR, LEAST = -8, (-3, 1)  # decades: how far down the axis goes at most, and what it shows at least
LOW = 0.4  # the foot of the axis of shares, lower where values lie below it
MOST_NAMED = 16  # settings of which each has its number below it
APART = 0.16  # of a column: how far groups stand beside each other


def ranked(
    lines: Sequence[Line],
    guides: Sequence[Line] = (),
    *,
    up: str = "",
    across: str = "rank",
    title: str = "",
    description: str = "",
    height: int = 200,
    behind: Sequence[ArrayLike] = (),
    least: tuple[float, float] = LEAST,
    mark_at: int | None = 1,
) -> Prepared:
    """The values of `lines` (n,), log10, as dots over their ranks 1..n, and `guides`, of the same length, as strokes.

    The log axis never goes so far down that above and below 1 look the same: what lies below its floor points down at
    it, and its number is in the tooltip. Raises ShapeError where lengths differ.
    """
    rows = panel.rows_of("ranked", (*lines, *guides), behind)
    n = rows[0].size
    every = max(n // 4, 1)
    x = Axis(0.5, n + 0.5, tuple((k, str(k)) for k in dict.fromkeys((1, *range(every, n + 1, every)))))
    y = axes.decades(np.concatenate(rows[: len(lines) + len(guides)]).clip(min=FLOOR), least)
    dots = [Line(line.name, line.values, line.hue, "dots") for line in lines]
    shown = Shown(dots, x, y, title, up, across, log=True, backwards=False, guides=guides, behind=behind, below=True)
    return prepare("ranked", shown, mark_at, False, "", height, description)


def openness(
    measured: ArrayLike,
    predicted: ArrayLike,
    *,
    names: tuple[str, str],
    up: str = "",
    across: str = "unit",
    hue: str = "forget",
    title: str = "",
    description: str = "",
    behind: Sequence[ArrayLike] = (),
    height: int = 240,
) -> Prepared:
    """How open a gate is, unit by unit: measured as dots, and dashed what the gate's bias alone predicts.

    measured, predicted  (H,) in [0, 1]; the units stand in the order of what is predicted
    names                what the two are called, in this order
    across               what the tooltip calls a unit
    behind               other measurements, (H,) each: faint

    Raises ShapeError where sizes differ.
    """
    mean, alone = np.asarray(measured, np.float64), np.asarray(predicted, np.float64)
    if mean.ndim != 1 or not mean.size or any(np.shape(one) != mean.shape for one in (alone, *behind)):
        raise ShapeError(f"openness: (H,) numbers each are needed, got {mean.shape} and {alone.shape}")
    H, order = mean.size, np.argsort(alone, kind="stable")
    x = Axis(0.5, H + 0.5, tuple((k, str(k)) for k in sorted({1, H})))
    y = Axis(0.0, 1.0, ((0, "0"), (0.5, "½"), (1, "1")))
    lines = [Line(names[0], mean[order], hue, "dots"), Line(names[1], alone[order], "ink", "dashed")]
    shown = Shown(
        lines, x, y, title, up, across, behind=[np.sort(np.asarray(one)) for one in behind],
        labels=[f"{across} {j + 1}" for j in order],
    )  # fmt: skip
    return prepare("openness", shown, None, False, "", height, description)


@dataclass(frozen=True, eq=False)
class Group:
    """Networks that differ by luck alone, under each setting.

    name    as the legend and the tooltip say it
    values  (n, m) shares in [0, 1]: n settings, m networks each
    hue     a colour's name in `rnnviz.theme.Palette`
    look    of the line through the means: "solid", "dashed" or "dotted"
    """

    name: str
    values: ArrayLike
    hue: str
    look: Stroke


def outcomes(
    groups: Sequence[Group],
    *,
    up: str,
    across: str,
    chance: float,
    guessing: str,
    first: int = 1,
    labels: Sequence[str] = (),
    mark_at: int | None = None,
    cuts: Sequence[int] | None = None,
    title: str = "",
    description: str = "",
    picks: str = "",
    height: int = 240,
) -> Prepared:
    """How well networks do under settings `first`, `first` + 1, ...: a dot for each, a line through each group's means.

    up, across        what is measured and what is set
    chance, guessing  what guessing gets, and what that is called
    labels            names of the settings, where they are no numbers
    mark_at           the setting that the page is about
    cuts              settings after which something changes
    picks             where given, a click on a setting is an event with this target and the value {"x": setting}

    Raises ShapeError where there are no values or groups differ in settings.
    """
    tables = [np.asarray(group.values, np.float64) for group in groups]
    if not tables or any(table.ndim != 2 or not table.size or len(table) != len(tables[0]) for table in tables):
        raise ShapeError(f"outcomes: (n, m) values with one n are needed, got {[table.shape for table in tables]}")
    n, low = len(tables[0]), min(LOW, *(float(np.nanmin(table)) for table in tables))
    ticks = tuple((k / 10, f"{10 * k} %") for k in range(0, 11, 2) if k / 10 >= low)
    few = labels or [str(first + k) for k in range(n)]
    x = axes.named(list(few), first) if n <= MOST_NAMED or labels else axes.steps(first, first + n - 1)
    shifts = [APART * (2 * k - len(groups) + 1) for k in range(len(groups))]
    lines = [Line(group.name, table.mean(1), group.hue, group.look) for group, table in zip(groups, tables)]
    shown = Shown(
        lines, x, Axis(low - 0.02, 1.03, ticks), title, up, across, first, cuts=cuts,
        guides=[Line(guessing, np.full(n, chance), "muted", "dotted")], shifts=[*shifts, 0.0],
        cloud=_cloud(groups, tables, shifts, first), labels=[f"{across} {label}" for label in few], percent=True,
    )  # fmt: skip
    return prepare("outcomes", shown, mark_at, False, picks, height, description)


def _cloud(groups: Sequence[Group], tables: Sequence[np.ndarray], shifts: Sequence[float], first: int) -> Columns:
    """A dot for every value."""
    made: Columns = {"x": [], "y": [], "hue": []}
    for group, table, shift in zip(groups, tables, shifts):
        places, values = np.nonzero(np.isfinite(table))
        made["x"] += (places + first + shift).tolist()
        made["y"] += table[places, values].tolist()
        made["hue"] += [group.hue] * len(places)
    return made
