"""Two sequences that differ in one step, and how long the states remember it.

From top to bottom on one time axis: the two tapes, the heat map of h_t - h'_t (units x time) and d_t = ||h_t - h'_t||
on a log axis with every second decade marked. The dashed lines are 1 % of the first difference and, where the
recurrent weights shrink whatever they carry, the most that theory allows.
"""

from dataclasses import dataclass

import numpy as np

from rnnviz.arrays import Array
from rnnviz.errors import ShapeError
from rnnviz.figures.html import Picture, polyline, stencils, symbol
from rnnviz.figures.numbers import significant
from rnnviz.figures.unrolled import Tape, tape_cells, ticks

DECADES = (-8, 1)  # the log axis: from 10^-8 to 10
LABELLED = (0, -2, -4, -6, -8)


@dataclass(frozen=True)
class Difference:
    """What the picture needs to know about the difference.

    values  (T, H) h_t - h'_t
    norms   (T,) its Euclidean norm over the units
    first   the step at which the inputs differ, from 1
    bound   sigma_max(W_hh), the factor that no step can exceed; drawn where it is below 1
    """

    values: Array
    norms: Array
    first: int
    bound: float


def difference(data: Difference, tape: Tape, other: Tape, step: int) -> Picture:
    """The two tapes, h - h' and its norm on a log axis, up to `step` (from 1).

    Raises ShapeError where lengths differ or step or the first differing step is out of range.
    """
    steps, units = data.values.shape
    if {steps} != {len(data.norms), len(tape.tokens), len(other.tokens)} or not (
        1 <= step <= steps and 1 <= data.first <= steps
    ):
        raise ShapeError(f"difference: {steps} differences, {len(data.norms)} norms, {len(tape.tokens)} and "
                         f"{len(other.tokens)} tokens, first {data.first}, step {step} do not fit")  # fmt: skip
    need = max(len(token) for token in tape.tokens + other.tokens) * 8 + 4
    said = f"Difference of the states, step {step} of {steps}: {significant(float(data.norms[step - 1]))}."
    h, other_h = symbol("h"), symbol("h") + "′"
    return Picture(
        '<div class="rnn"><div class="unrolled difference" role="img" '
        f'aria-label="{said}" style="--T:{steps};--t:{step};--H:{units};--need:{need}px;--first:{data.first}">'
        '<div class="band"></div>'
        f'<div class="name">first</div><div class="lane tape">{tape_cells(tape, step)}</div>'
        f'<div class="name">second</div><div class="lane tape">{tape_cells(other, step)}</div>'
        f'<div class="name">{h} − {other_h}</div><div class="lane heat"><div class="reached">'
        f"{stencils(data.values.T)}</div></div>"
        f'<div class="name decades">{_decades()}</div><div class="lane log">{_log_axis(data)}</div>'
        f'<div class="name">step {symbol("t")}</div><div class="lane ticks">{ticks(steps, step)}</div>'
        "</div></div>"
    )


def _height(value: float) -> float:
    """Where a norm stands on the log axis, from 0 at the bottom to 1 at the top."""
    low, high = DECADES
    return (np.log10(max(value, 10.0**low)) - low) / (high - low)


def _decades() -> str:
    labels = "".join(
        f'<span style="--y:{1 - _height(10.0**d):.4f}">{"1" if d == 0 else f"10<sup>−{-d}</sup>"}</span>' for d in LABELLED
    )
    return f'<span class="axis-name">‖{symbol("h")} − {symbol("h")}′‖</span>{labels}'


def _log_axis(data: Difference) -> str:
    grid = "".join(f'<i class="grid-line" style="--y:{1 - _height(10.0**d):.4f}"></i>' for d in LABELLED)
    measured = np.where(data.norms > 0, data.norms, np.nan)
    first = float(data.norms[data.first - 1])
    if first == 0:
        return grid
    lines = f'<div class="reached">{_log_line(measured)}</div>'
    one_percent = f'<i class="one-percent" style="--y:{1 - _height(first / 100):.4f}"><span>1 %</span></i>'
    if data.bound >= 1:
        return grid + one_percent + lines
    after = np.arange(len(measured)) - (data.first - 1)
    bound = np.where(after >= 0, first * data.bound ** np.maximum(after, 0), np.nan)
    return f'{grid}{one_percent}<div class="bound">{_log_line(bound)}</div>{lines}'


def _log_line(norms: Array) -> str:
    heights = np.array([np.nan if np.isnan(v) else _height(float(v)) for v in norms])
    return polyline(heights, 0, 1)
