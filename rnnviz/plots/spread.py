"""What luck does: a magnitude for each of several networks under each of several settings, on a log axis.

Each network is a faint dot, the median of a setting a full one, and what the page is about another.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from rnnviz.errors import ShapeError
from rnnviz.plots import axes
from rnnviz.plots.over_steps import prepare
from rnnviz.plots.panel import Line, Shown
from rnnviz.plots.prepared import Columns, Prepared


def spread(
    values: ArrayLike,
    labels: Sequence[str],
    *,
    names: tuple[str, str],
    own: ArrayLike | None = None,
    hue: str = "backward",
    up: str = "",
    across: str = "",
    least: tuple[float, float] = (-2, 0),
    floor: float = -np.inf,
    mark_at: int | None = None,
    title: str = "",
    description: str = "",
    picks: str = "",
    height: int = 240,
) -> Prepared:
    """A dot for each of `values`, (n, m) log10 of magnitudes: n settings called `labels`, m networks each.

    names    what the median and what is `own` are called
    own      (n,) log10: those of one network that the page is about
    floor    how far down the axis goes at most: what lies below it points down at it
    mark_at  the setting that the page is about, from 1
    picks    where given, a click on a setting is an event with this target and the value {"x": setting}

    -inf stands for 0: a median of 0 is a hollow ring; single networks at 0, or not finite, have no dot. Raises
    ShapeError where there are no values, or there are not as many labels as settings.
    """
    table = np.asarray(values, np.float64)
    if table.ndim != 2 or not table.size or len(labels) != len(table):
        raise ShapeError(f"spread: (n, m) values and n labels are needed, got {table.shape} and {len(labels)}")
    medians = middle(table)
    lines = [Line(names[0], medians, hue, "dots")]
    if own is not None:
        lines.append(Line(names[1], own, "ink", "dots"))
    places, networks = np.nonzero(np.isfinite(table))
    drawn = table[places, networks].clip(min=floor)
    cloud: Columns = {"x": (places + 1).tolist(), "y": drawn.tolist(), "hue": [hue] * len(places)}
    known = np.concatenate([drawn, *(np.asarray(line.values, np.float64) for line in lines)])
    y = axes.decades(known[np.isfinite(known)].clip(min=floor), least)
    shown = Shown(
        lines, axes.named(list(labels)), y, title, up, across, log=True, labels=labels, cloud=cloud, below=True
    )
    return prepare("spread", shown, mark_at, False, picks, height, description)


def middle(table: np.ndarray) -> np.ndarray:
    """The lower median of each row, NaN counted as larger than all: one of the numbers, so that inf - inf never is."""
    return np.asarray(np.sort(table, axis=1)[:, (table.shape[1] - 1) // 2])
