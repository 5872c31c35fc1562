"""Values between 0 and 1 along a sequence: a row per thing, a column per step, each value a bar as high as it is.

Time runs from left to right. An exact 0 is a hollow ring, so that nothing at all and next to nothing look different; a
value that does not exist is left empty. What stands at each step is written at the foot.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rnnviz.errors import ShapeError
from rnnviz.figures.html import Picture, text


def shares(
    title: str, names: Sequence[str], values: ArrayLike, tape: Sequence[str], marked: int, printed: Sequence[str]
) -> Picture:
    """One row of bars for each name.

    Args:
        title: the heading; says what a full bar is.
        names: R short names, one per row.
        values: (R, T), each in [0, 1]; NaN where there is none.
        tape: T short texts, what stands at each step.
        marked: the step that the page is about, 1..T.
        printed: R texts for the right end of the rows: what there is at the marked step, as a number.

    Raises:
        ShapeError: numbers of names, values and texts do not fit, or `marked` is out of range.
        ValueError: a value is outside [0, 1].
    """
    bars = np.asarray(values, np.float64)
    R, T = len(names), len(tape)
    if bars.shape != (R, T) or not bars.size or len(printed) != R or not 1 <= marked <= T:
        raise ShapeError(
            f"shares: values (R, T) = ({R}, {T}), R printed numbers and a step in 1..T are needed, "
            f"got {bars.shape}, {len(printed)} numbers and step {marked}"
        )
    if ((bars < 0) | (bars > 1)).any():
        raise ValueError("shares: values must be within [0, 1]")
    rows = "".join(_row(*row, marked) for row in zip(names, bars, printed, strict=True))
    letters = "".join(f"<b{_marked(step == marked)}>{text(token)}</b>" for step, token in enumerate(tape, start=1))
    said = "; ".join(f"{name}: {number}" for name, number in zip(names, printed, strict=True))
    return Picture(
        f'<div class="rnn"><div class="shares" role="img" aria-label="{text(f"{title} At step {marked}: {said}.")}" '
        f'style="--T:{T}"><h4>{text(title)}</h4>{rows}'
        f'<div class="row letters"><span></span><div class="bars">{letters}</div></div></div></div>'
    )


def _row(name: str, values: NDArray[np.float64], number: str, marked: int) -> str:
    bars = "".join(f"<i{_marked(step == marked)}>{_bar(float(v))}</i>" for step, v in enumerate(values, start=1))
    return (
        f'<div class="row"><span class="name">{text(name)}</span><div class="bars">{bars}</div>'
        f'<span class="value">{text(number)}</span></div>'
    )


def _marked(yes: bool) -> str:
    return ' class="marked"' if yes else ""


def _bar(value: float) -> str:
    if np.isnan(value):
        return ""
    return "<u></u>" if value == 0 else f'<s style="height:{100 * value:.1f}%"></s>'
