"""How well networks do under each of some settings: a dot for each network, a line through the means of each group.

The scale is a share from 0 to 1, of right answers for instance, and what guessing gets is drawn as a line of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from rnnviz.arrays import Array
from rnnviz.errors import ShapeError
from rnnviz.figures import chart
from rnnviz.figures.html import Picture, require_finite

LOW = 0.4  # the foot of the axis, lower where values lie below it
MOST_NAMED = 16  # settings of which each has its number below it
APART = 0.16  # of a column: how far groups stand beside each other


@dataclass(frozen=True, eq=False)
class Group:
    """Networks that differ by luck alone, under each setting.

    name    as the legend and the read-out say it; HTML, no outside text
    values  (n, m) shares in [0, 1]: n settings, m networks each
    hue     a colour's name in `theme.Palette`
    look    of the line through the means: "solid", "dashed" or "dotted"
    """

    name: str
    values: ArrayLike
    hue: str
    look: str


def outcomes(
    groups: Sequence[Group],
    *,
    up: str,
    across: str,
    chance: float,
    first: int = 1,
    mark_at: int | None = None,
    cuts: Sequence[int] = (),
    title: str = "",
    picks: str = "",
    height: int = 240,
) -> Picture:
    """Draw the groups over settings `first`, `first` + 1, ...

    up, across  what is measured and what is set
    chance      what guessing gets
    mark_at     the setting that the page is about
    cuts        settings after which something changes: a thin line between each and the next
    picks       where given, a setting that is clicked is picked as this text and its place, from 0

    Raises ShapeError where there are no values or groups differ in settings, NonFiniteError for NaN or infinity.
    """
    tables = [np.asarray(group.values, np.float64) for group in groups]
    if not tables or any(table.ndim != 2 or not table.size or len(table) != len(tables[0]) for table in tables):
        raise ShapeError(f"outcomes: (n, m) values with one n are needed, got {[table.shape for table in tables]}")
    for group, table in zip(groups, tables):
        require_finite(group.name, table)
    n, low = len(tables[0]), min(LOW, *(float(table.min()) for table in tables))
    ticks = tuple((k / 10, f"{10 * k} %") for k in range(0, 11, 2) if k / 10 >= low)
    places = np.arange(first, first + n)
    x, y = chart.steps(across, first, first + n - 1), chart.Axis(up, low - 0.02, 1.03, ticks)
    if n <= MOST_NAMED:
        x = replace(x, ticks=tuple((place, str(place)) for place in places.tolist()))
    drawn = [chart.path([first - 0.5, first + n - 0.5], [chance, chance], x, y, "muted", "dotted")]
    for k, (group, table) in enumerate(zip(groups, tables)):
        aside = places + APART * (2 * k - len(groups) + 1)
        drawn += [_cloud(aside, table, x, y, group.hue), chart.path(aside, table.mean(1), x, y, group.hue, group.look)]
    says = _say(groups, tables, across, first)
    now = None if mark_at is None else mark_at - first
    shade = "" if mark_at is None else chart.band(mark_at - 0.5, mark_at + 0.5, x, "shade")
    entries = [(group.name, group.hue, group.look) for group in groups]
    return chart.chart(
        x,
        y,
        bands=shade + "".join(chart.cut(k + 0.5, x) for k in cuts),
        lines="".join(drawn),
        points=chart.hits(n, says, picks=picks, now=now),
        title=title,
        legend=chart.key([*entries, ("guessing", "muted", "dotted")]),
        rest="" if now is None else says[now],
        said=f"{title or up}, for {n} values of {across}.",
        height=height,
    )


def _cloud(places: Array, values: Array, x: chart.Axis, y: chart.Axis, hue: str) -> str:
    """A dot for every value, all in one path: (n,) places and (n, m) values."""
    across, up = (x.at(places) * 1000).tolist(), ((1 - y.at(values)) * 1000).tolist()
    dots = "".join(f"M{px:.5g} {py:.5g}h.01" for px, row in zip(across, up) for py in sorted(set(row)))
    return f'<path class="cloud" style="--hue:var(--rnn-{hue})" d="{dots}"/>'


def _say(groups: Sequence[Group], tables: Sequence[Array], across: str, first: int) -> list[str]:
    """The mean and the range of every group, for each setting."""
    said = [
        [f"{group.name}: {_percent(mean)} ({_percent(low)} to {_percent(high)})" for mean, low, high in rows]
        for group, table in zip(groups, tables)
        for rows in [zip(*(a.tolist() for a in (table.mean(1), table.min(1), table.max(1))))]
    ]
    return [f"{across}: {first + i}. {'; '.join(numbers)}" for i, numbers in enumerate(zip(*said))]


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"
