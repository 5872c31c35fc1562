"""Two sequences that differ in one step, and how long the states remember it.

From top to bottom on one time axis: the two tapes, the heat map of h_t - h'_t (units x time) and d_t = ||h_t - h'_t||
on a log axis with every second decade marked. The dashed lines are 1 % of the first difference and, where the
recurrent weights shrink whatever they carry, the most that theory allows. The current step is marked, its d_t is said
as a number, and what lies ahead of it is faded.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log10

import numpy as np

from rnnviz.arrays import Array
from rnnviz.errors import ShapeError
from rnnviz.figures.html import Picture, curve, require_finite, stencils, symbol
from rnnviz.figures.numbers import significant
from rnnviz.figures.tape import tape_lane, ticks

DECADES = (-8, 1)  # the log axis: from 10^-8 to 10
LOG_HEIGHT = 150  # pixels, as in style.css
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


def difference(data: Difference, tape: Sequence[str], other: Sequence[str], step: int) -> Picture:
    """The two tapes, h - h' and its norm on a log axis, with the current `step`, 1..T, marked in all of them.

    Raises ShapeError where lengths differ or a step is out of range, NonFiniteError where a value is NaN or infinite.
    """
    require_finite("values and norms", np.append(data.values.ravel(), data.norms))
    steps, units = data.values.shape
    lengths = {steps, len(data.norms), len(tape), len(other)}
    if len(lengths) > 1 or not (1 <= data.first <= steps and 1 <= step <= steps):
        raise ShapeError(
            f"difference: values, norms and both tapes of one length are needed, got {sorted(lengths)}, "
            f"and steps in 1..{steps}, got {data.first} as the first and {step} as the current one"
        )
    said = f"The difference of the two states over {steps} steps, by unit as a heat map and its norm on a log axis."
    h, other_h = symbol("h"), symbol("h") + "′"
    return Picture(
        f'<div class="rnn"><div class="difference" role="img" aria-label="{said}" '
        f'style="--T:{steps};--H:{units};--t:{step}"><i class="band"></i>'
        f'<div class="name">first</div>{tape_lane(tape, step)}'
        f'<div class="name">second</div>{tape_lane(other, step)}'
        f'<div class="name">{h} − {other_h}</div><div class="lane heat">{stencils(data.values.T)}{_AHEAD}</div>'
        f'<div class="name decades">{_decades()}</div><div class="lane log">{_log_axis(data)}</div>'
        f'<div class="name">step {symbol("t")}</div>'
        f'<div class="lane ticks">{ticks(steps, step)}</div>'
        f'<div class="note">{_note(data, step)}</div>'
        "</div></div>"
    )


_AHEAD = '<i class="ahead"></i>'


def _note(data: Difference, step: int) -> str:
    said = (
        f"At step {step}: ‖{symbol('h')} − {symbol('h')}′‖ = <b>{significant(float(data.norms[step - 1]))}</b>. "
        "Dashed: 1 % of the first difference."
    )
    return (
        said if data.bound >= 1 else f"{said} Grey: the most that theory allows, a factor of {data.bound:g} per step."
    )


def _height(value: float) -> float:
    """Where a norm stands on the log axis, from 0 at the bottom to 1 at the top."""
    low, high = DECADES
    return (log10(max(value, 10.0**low)) - low) / (high - low)


def _decades() -> str:
    labels = "".join(
        f'<span style="--y:{1 - _height(10.0**d):.4f}">{"1" if d == 0 else f"10<sup>−{-d}</sup>"}</span>'
        for d in LABELLED
    )
    return f'<span class="axis-name">‖{symbol("h")} − {symbol("h")}′‖</span>{labels}'


def _log_axis(data: Difference) -> str:
    """The decades, the two lines, what lies ahead of the step faded, and over it 1 % of the first difference."""
    grid = "".join(f'<i class="grid-line" style="--y:{1 - _height(10.0**d):.4f}"></i>' for d in LABELLED)
    first = float(data.norms[data.first - 1])
    if first == 0:
        return grid
    bound = ""
    if data.bound < 1:
        after = np.arange(len(data.norms)) - (data.first - 1)
        promised = np.where(after >= 0, first * data.bound ** np.maximum(after, 0), np.nan)
        bound = f'<div class="bound">{_log_line(promised)}</div>'
    line = _log_line(np.where(data.norms > 0, data.norms, np.nan))
    one_percent = f'<i class="one-percent" style="--y:{1 - _height(first / 100):.4f}"><span>1 %</span></i>'
    return grid + bound + line + _AHEAD + one_percent


def _log_line(norms: Array) -> str:
    heights = np.array([np.nan if np.isnan(v) else _height(float(v)) for v in norms])
    return curve(heights, 0, 1, LOG_HEIGHT)
