"""Values between 0 and 1 along a sequence: a row per thing, a column per step, each value a bar as high as it is.

Time runs from left to right. An exact 0 is a hollow ring, so that nothing at all and next to nothing look different; a
value that does not exist is left empty. What stands at each step is written at the foot.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rnnviz.errors import ShapeError
from rnnviz.figures.html import Picture, text
from rnnviz.figures.numbers import significant


def shares(title: str, names: Sequence[str], values: ArrayLike, tape: Sequence[str], marked: int) -> Picture:
    """One row of bars for each name.

    Args:
        title: the heading; says what a full bar is.
        names: R short names, one per row.
        values: (R, T), each in [0, 1]; NaN where there is none.
        tape: T short texts, what stands at each step.
        marked: the step that the page is about, 1..T; its values are printed at the right end.

    Raises:
        ShapeError: numbers of names, values and texts do not fit, or `marked` is out of range.
        ValueError: a value is outside [0, 1].
    """
    bars = np.asarray(values, np.float64)
    if bars.shape != (len(names), len(tape)) or not bars.size or not 1 <= marked <= len(tape):
        raise ShapeError(
            f"shares: values (R, T) = ({len(names)}, {len(tape)}) and a step in 1..T are needed, "
            f"got {bars.shape} and step {marked}"
        )
    if ((bars < 0) | (bars > 1)).any():
        raise ValueError("shares: values must be within [0, 1]")
    rows = "".join(_row(name, row, marked) for name, row in zip(names, bars, strict=True))
    letters = "".join(f"<b{_marked(step == marked)}>{text(token)}</b>" for step, token in enumerate(tape, start=1))
    said = "; ".join(f"{name}: {_number(row[marked - 1])}" for name, row in zip(names, bars, strict=True))
    return Picture(
        f'<div class="rnn"><div class="shares" role="img" aria-label="{text(f"{title} At step {marked}: {said}.")}" '
        f'style="--T:{len(tape)}"><h4>{text(title)}</h4>{rows}'
        f'<div class="row letters"><span></span><div class="bars">{letters}</div></div></div></div>'
    )


def _row(name: str, values: NDArray[np.float64], marked: int) -> str:
    bars = "".join(f"<i{_marked(step == marked)}>{_bar(float(v))}</i>" for step, v in enumerate(values, start=1))
    return (
        f'<div class="row"><span class="name">{text(name)}</span><div class="bars">{bars}</div>'
        f'<span class="value">{_number(values[marked - 1])}</span></div>'
    )


def _marked(yes: bool) -> str:
    return ' class="marked"' if yes else ""


def _bar(value: float) -> str:
    if np.isnan(value):
        return ""
    return "<u></u>" if value == 0 else f'<s style="height:{100 * value:.1f}%"></s>'


def _number(value: float) -> str:
    return "–" if np.isnan(value) else significant(float(value))
