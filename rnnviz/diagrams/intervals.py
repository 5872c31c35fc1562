"""Scores with their error bars: a row for each method, a dot for each run, a bar for the interval, on one axis."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from rnnviz.diagrams.html import Diagram, require_finite, text
from rnnviz.errors import ShapeError


@dataclass(frozen=True, eq=False)
class Scored:
    """One method.

    name      as it is written, and what is `said` at the row's end, such as its mean
    values    (n,) the score of each run, from 0 to 1; none: the row stays empty
    interval  (low, high) of whatever the page says, or None
    hue       a colour's name in `rnnviz.theme.Palette`
    """

    name: str
    values: ArrayLike
    interval: tuple[float, float] | None = None
    hue: str = "forward"
    said: str = ""


def intervals(rows: Sequence[Scored], *, low: float, high: float, name: str = "") -> Diagram:
    """The rows, on an axis from `low` to `high` that stands below them in per cent.

    Where a page shows the diagram anew, the runs of a row appear one after the other.

    Raises ShapeError for an axis without a length or a row that is no list, NonFiniteError for NaN or infinity.
    """
    if not low < high or any(np.ndim(row.values) != 1 for row in rows):
        raise ShapeError(f"intervals: low below high and values (n,) are needed, got {low} and {high}")
    label = f'<p class="name">{text(name)}</p>' if name else ""
    ends = "".join(f"<u>{100 * end:.0f}%</u>" for end in (low, high))
    return Diagram(
        f'<div class="rnn intervals">{label}<div class="table">'
        + "".join(_row(row, low, high) for row in rows)
        + f'<div class="method"><b></b><i class="ends">{ends}</i><span></span></div></div></div>'
    )


def _row(row: Scored, low: float, high: float) -> str:
    values = np.asarray(row.values, np.float64)
    require_finite("scores", values)

    def place(value: float) -> str:
        return f"{100 * min(max((value - low) / (high - low), 0.0), 1.0):.2f}%"

    dots = "".join(f'<u style="left:{place(v)};--k:{k}" title="{100 * v:.1f}%"></u>' for k, v in enumerate(values))
    bar = ""
    if row.interval is not None and values.size:
        first, last = row.interval
        bar = f'<s style="left:{place(first)};right:calc(100% - {place(last)});--k:{len(values)}"></s>'
    return (
        f'<div class="method"><b>{text(row.name)}</b><i style="--hue:var(--rnn-{row.hue})">{bar}{dots}</i>'
        f"<span>{text(row.said)}</span></div>"
    )
