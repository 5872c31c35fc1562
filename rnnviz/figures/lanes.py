"""Several quantities on one time axis, one lane below the other, with their numbers at the current step.

A lane holds up to three lines of one range. An area says by its height how open a gate is; over it, a line in the same
colour is the gate of another network that does the same job. Time runs from left to right.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from rnnviz.arrays import Array
from rnnviz.errors import ShapeError
from rnnviz.figures.html import Picture, curve, require_finite, text
from rnnviz.figures.numbers import decimals, significant
from rnnviz.figures.tape import ticks

HEIGHT = 64  # pixels, of a lane
Stroke = Literal["area", "broad", "solid", "dashed", "dotted"]


@dataclass(frozen=True)
class Line:
    """One quantity over time.

    label   what it is, in a few words; plain text
    values  (T,) numbers within the lane's range
    colour  its name in `theme.Palette`
    stroke  an area from the lane's foot, a broad line, or a thin one: solid, dashed or dotted
    """

    label: str
    values: Array
    colour: str
    stroke: Stroke


@dataclass(frozen=True)
class Lane:
    """A title, the lines, and the numbers at the lane's foot and top."""

    title: str
    lines: tuple[Line, ...]
    low: float = 0.0
    high: float = 1.0


def lanes(rows: tuple[Lane, ...], step: int) -> Picture:
    """The lanes, and above each its lines' numbers at the current `step`, 1..T.

    Raises ShapeError where lines differ in length or the step is out of range, NonFiniteError where a value is NaN or
    infinite.
    """
    lengths = {np.shape(line.values) for lane in rows for line in lane.lines}
    (T,) = lengths.pop() if len(lengths) == 1 else (0,)
    if not 1 <= step <= T:
        raise ShapeError(f"lanes: lines of one length T and a step in 1..T are needed, got step {step} of {T}")
    for lane in rows:
        for line in lane.lines:
            require_finite(line.label, line.values)
    drawn = "".join(_lane(lane, step) for lane in rows)
    return Picture(
        f'{_STYLE}<div class="rnn"><div class="lanes" style="--T:{T};--t:{step}">{drawn}'
        f'<div class="plot ticks"><b>step</b>{ticks(T)}</div></div></div>'
    )


def _lane(lane: Lane, step: int) -> str:
    keys = "".join(
        f'<span class="key"><i class="swatch {line.stroke}" style="--paint:var(--rnn-{line.colour})"></i>'
        f"{text(line.label)} <b>{significant(float(line.values[step - 1]))}</b></span>"
        for line in lane.lines
    )
    drawn = "".join(_drawn(line, lane) for line in lane.lines)
    said = f"{lane.title}: {', '.join(line.label for line in lane.lines)}, over time."
    return (
        f'<div class="head"><b>{text(lane.title)}</b>{keys}</div>'
        f'<div class="plot" role="img" aria-label="{text(said)}"><span class="high">{_end(lane.high)}</span>'
        f'<span class="low">{_end(lane.low)}</span><div class="inside"><i class="now"></i>{drawn}</div></div>'
    )


def _end(value: float) -> str:
    return decimals(value, 0 if value == round(value) else 1)


def _drawn(line: Line, lane: Lane) -> str:
    values = np.clip(line.values, lane.low, lane.high)
    shape = _steps(values, lane) if line.stroke == "area" else curve(values, lane.low, lane.high, HEIGHT)
    return f'<div class="line {line.stroke}" style="--paint:var(--rnn-{line.colour})">{shape}</div>'


def _steps(values: Array, lane: Lane) -> str:
    """The area under the values, each as wide as its column."""
    x = np.repeat(np.arange(len(values) + 1) / len(values), 2)[1:-1]
    y = np.repeat((lane.high - values) / (lane.high - lane.low), 2)
    points = ",".join(f"{100 * px:.2f}% {100 * py:.2f}%" for px, py in zip(x, y, strict=True))
    return f'<i class="curve" style="clip-path:polygon(0% 100%,{points},100% 100%)"></i>'


_DASHES = "repeating-linear-gradient(90deg,var(--paint) 0 {on}px,transparent {on}px {off}px)"
_STYLE = f"""<style>
.lanes {{ display: grid; row-gap: 4px; margin: 10px 0 4px; }}
.lanes .head {{ display: flex; flex-wrap: wrap; gap: 0 18px; align-items: baseline;
  padding-left: 30px; margin-top: 6px; }}
.lanes .key {{ white-space: nowrap; color: var(--rnn-muted); }}
.lanes .key b {{ color: var(--rnn-ink); font-weight: 600; }}
.lanes .plot {{ position: relative; height: {HEIGHT}px; padding-left: 30px; font-size: 14px; color: var(--rnn-muted); }}
.lanes .plot > span {{ position: absolute; left: 0; width: 24px; text-align: right; line-height: 14px; }}
.lanes .plot > .high {{ top: 0; }}
.lanes .plot > .low {{ bottom: 0; }}
.lanes .inside {{ position: relative; height: 100%; border: solid var(--rnn-pipe); border-width: 1px 0; }}
.lanes .now {{ position: absolute; top: 0; bottom: 0; left: calc((var(--t) - 1) / var(--T) * 100%);
  width: calc(100% / var(--T)); background: var(--rnn-pipe); }}
.lanes .line, .lanes .curve {{ position: absolute; inset: 0; }}
.lanes .curve, .lanes .swatch {{ background: var(--paint); }}
.lanes .area {{ opacity: .38; }}
.lanes .line.broad {{ filter: drop-shadow(0 1.5px 0 var(--paint)) drop-shadow(0 -1.5px 0 var(--paint)); opacity: .4; }}
.lanes .dashed .curve, .lanes .swatch.dashed {{ background: {_DASHES.format(on=7, off=12)}; }}
.lanes .dotted .curve, .lanes .swatch.dotted {{ background: {_DASHES.format(on=3, off=6)}; }}
.lanes .swatch {{ display: inline-block; width: 26px; height: 3px; vertical-align: 4px; margin-right: 5px; }}
.lanes .swatch.area {{ height: 12px; vertical-align: -1px; }}
.lanes .swatch.broad {{ height: 6px; vertical-align: 2px; opacity: .4; }}
.lanes .ticks {{ height: 20px; margin-left: 30px; padding: 0; }}
.lanes .plot.ticks > span {{ left: calc((var(--at) - .5) / var(--T) * 100%); width: auto;
  transform: translateX(-50%); }}
.lanes .ticks > b {{ position: absolute; left: -30px; font-weight: 400; }}
</style>"""
