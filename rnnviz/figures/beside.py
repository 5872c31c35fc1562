"""Two runs of a network on one time axis: the operated one in colour, the untouched one beside it, dashed and grey.

A strip shows one quantity, on a linear axis or, for magnitudes, on a log axis with its decades marked. What came of a
forward pass has the cool accent, what came of a backward pass the warm one. The steps that were operated on are shaded.
A magnitude that is exactly 0 has no place on a log axis: it is a hollow 0 at the foot.
"""

from dataclasses import dataclass
from math import ceil, floor, log10
from typing import Literal

import numpy as np

from rnnviz.arrays import Array
from rnnviz.errors import ShapeError
from rnnviz.figures.html import Picture, curve, require_finite, text
from rnnviz.figures.numbers import decimals, significant
from rnnviz.figures.tape import ticks

HEIGHT = 72  # pixels, of a strip
MOST_DECADES = 16
Role = Literal["forward", "backward", "untouched", "promised"]


@dataclass(frozen=True)
class Strand:
    """One line: its name, its numbers (T,), and its role: operated, forward or backward; untouched; or promised."""

    label: str
    values: Array
    role: Role


@dataclass(frozen=True)
class Strip:
    """One quantity in one or more strands.

    title   what it is, plain text
    low     the linear axis' ends
    high
    log     a log axis instead, for magnitudes (the sign is dropped); its ends are whole decades around the numbers
    lowest  the decade at which a log axis ends, should the numbers go further down
    """

    title: str
    strands: tuple[Strand, ...]
    low: float = -1.0
    high: float = 1.0
    log: bool = False
    lowest: int = -300


def beside(strips: tuple[Strip, ...], step: int, span: tuple[int, int] | None = None) -> Picture:
    """The strips, one below the other, each with its strands' numbers at `step`.

    step  the current one, from 1
    span  the first and the last step that were operated on, from 1; None: none

    Raises ShapeError where strands differ in length, or a step is out of range; NonFiniteError where a value is NaN or
    infinite.
    """
    lengths = {np.shape(strand.values) for strip in strips for strand in strip.strands}
    (T,) = lengths.pop() if len(lengths) == 1 else (0,)
    first, last = span or (1, 1)
    if not 1 <= step <= T or not 1 <= first <= last <= T:
        raise ShapeError(
            f"beside: strands of one length T and steps in 1..T are needed, got T = {T}, step {step} and span {span}"
        )
    for strip in strips:
        for strand in strip.strands:
            require_finite(strand.label, strand.values)
    drawn = "".join(_strip(strip, step, span) for strip in strips)
    return Picture(
        f'{_STYLE}<div class="rnn"><div class="beside" style="--T:{T};--t:{step};--first:{first};--last:{last}">{drawn}'
        f'<div class="plot ticks"><b>step</b>{ticks(T)}</div></div></div>'
    )


def _strip(strip: Strip, step: int, span: tuple[int, int] | None) -> str:
    keys = "".join(
        f'<span class="key"><i class="swatch {strand.role}"></i>{text(strand.label)} '
        f"<b>{significant(float(strand.values[step - 1]))}</b></span>"
        for strand in strip.strands
    )
    said = f"{strip.title} over time: {', '.join(strand.label for strand in strip.strands)}."
    shade = '<i class="span"></i>' if span else ""
    axis, lines = _log_axis(strip) if strip.log else _linear_axis(strip)
    return (
        f'<div class="head"><b>{text(strip.title)}</b>{keys}</div>'
        f'<div class="plot" role="img" aria-label="{text(said)}">{axis}'
        f'<div class="inside"><i class="now"></i>{shade}{lines}</div></div>'
    )


def _linear_axis(strip: Strip) -> tuple[str, str]:
    """The labels beside the strip, and what is drawn in it."""
    places = 0 if strip.low == round(strip.low) and strip.high == round(strip.high) else 1
    zero = strip.high / (strip.high - strip.low)
    axis = _label(0, decimals(strip.high, places)) + _label(1, decimals(strip.low, places))
    if 0.2 < zero < 0.8:
        axis += _label(zero, "0")
    grid = f'<i class="rule" style="--y:{zero:.4f}"></i>' if 0 < zero < 1 else ""
    lines = (
        _line(np.clip(strand.values, strip.low, strip.high), strip.low, strip.high, strand.role)
        for strand in strip.strands
    )
    return axis, grid + "".join(lines)


def _log_axis(strip: Strip) -> tuple[str, str]:
    magnitudes = [np.abs(strand.values) for strand in strip.strands]
    low, high, cut_off = decades(magnitudes, strip.lowest)
    every = ceil((high - low) / 3)
    marked = [d for d in range(high, low - 1, -every) if d - low >= every or d == low] + [low]
    axis = "".join(
        _label((high - d) / (high - low), ("≤ " if cut_off and d == low else "") + _power(d))
        for d in dict.fromkeys(marked)
    )
    drawn = [f'<i class="rule" style="--y:{(high - d) / (high - low):.4f}"></i>' for d in marked]
    for strand, magnitude in zip(strip.strands, magnitudes):
        heights = np.full(len(magnitude), np.nan)
        there = magnitude > 0
        heights[there] = np.maximum(np.log10(magnitude[there]), low)
        drawn.append(_line(heights, low, high, strand.role))
        drawn += [f'<i class="none {strand.role}" style="--at:{t + 1}">0</i>' for t in np.flatnonzero(~there)]
    return axis, "".join(drawn)


def decades(magnitudes: list[Array], lowest: int = -300) -> tuple[int, int, bool]:
    """The decades that a log axis for `magnitudes` begins and ends at, and whether it ends above the smallest of them.

    At least one decade, at most MOST_DECADES, none below `lowest`; zeros take no part.
    """
    values = np.concatenate(magnitudes)
    values = values[values > 0]
    if not len(values):
        return -1, 0, False
    high = max(ceil(log10(float(values.max()))), lowest + 1)
    wanted = min(floor(log10(float(values.min()))), high - 1)
    low = max(wanted, lowest, high - MOST_DECADES)
    return low, high, low > wanted


def _line(values: Array, low: float, high: float, role: Role) -> str:
    """A line through `values` (T,); where some are NaN it is broken."""
    there = np.flatnonzero(~np.isnan(values))
    pieces = np.split(there, np.flatnonzero(np.diff(there) > 1) + 1) if len(there) else []
    drawn = ""
    for piece in pieces:
        alone = np.full(len(values), np.nan)
        alone[piece] = values[piece]
        drawn += curve(alone, low, high, HEIGHT)
    return f'<div class="line {role}">{drawn}</div>'


def _label(y: float, said: str) -> str:
    return f'<span style="--y:{y:.4f}">{said}</span>'


def _power(decade: int) -> str:
    if decade in (0, 1):
        return str(10**decade)
    return f"10<sup>{decimals(decade, 0)}</sup>"


_DASHES = "repeating-linear-gradient(90deg,var(--paint) 0 {on}px,transparent {on}px {off}px)"
_STYLE = f"""<style>
.beside {{ --left: 56px; display: grid; margin: 10px 0 4px; }}
.beside .head {{ display: flex; flex-wrap: wrap; gap: 0 18px; align-items: baseline; padding: 10px 0 4px var(--left); }}
.beside .key {{ white-space: nowrap; color: var(--rnn-muted); }}
.beside .key b {{ color: var(--rnn-ink); font-weight: 600; }}
.beside .plot {{ position: relative; height: {HEIGHT}px; padding-left: var(--left); font-size: 14px;
  color: var(--rnn-muted); }}
.beside .plot > span {{ position: absolute; right: calc(100% - var(--left) + 8px); top: calc(var(--y) * 100%);
  transform: translateY(-50%); line-height: 14px; white-space: nowrap; }}
.beside sup {{ font-size: .8em; line-height: 0; }}
.beside .inside {{ position: relative; height: 100%; border: solid var(--rnn-pipe); border-width: 1px 0; }}
.beside .inside > i {{ position: absolute; top: 0; bottom: 0; }}
.beside .inside > .now {{ left: calc((var(--t) - 1) / var(--T) * 100%); width: calc(100% / var(--T));
  background: var(--rnn-pipe); }}
.beside .inside > .span {{ left: calc((var(--first) - 1) / var(--T) * 100%);
  width: calc((var(--last) - var(--first) + 1) / var(--T) * 100%); border: dashed var(--rnn-muted); border-width: 0 1px;
  background: repeating-linear-gradient(135deg, var(--rnn-pipe) 0 2px, transparent 2px 9px); }}
.beside .inside > .rule {{ left: 0; right: 0; bottom: auto; top: calc(var(--y) * 100%);
  border-top: 1px solid var(--rnn-pipe); }}
.beside .line, .beside .curve {{ position: absolute; inset: 0; }}
.beside .forward {{ --paint: var(--rnn-forward); }}
.beside .backward {{ --paint: var(--rnn-backward); }}
.beside .untouched, .beside .promised {{ --paint: var(--rnn-muted); }}
.beside .curve, .beside .swatch {{ background: var(--paint); }}
.beside .untouched .curve, .beside .swatch.untouched {{ background: {_DASHES.format(on=7, off=12)}; }}
.beside .promised .curve, .beside .swatch.promised {{ background: {_DASHES.format(on=3, off=6)}; }}
.beside .inside > .none {{ top: auto; bottom: 0; left: calc((var(--at) - .5) / var(--T) * 100%);
  transform: translateX(-50%); line-height: 13px; font-style: normal; font-size: 14px; color: transparent;
  -webkit-text-stroke: 1px var(--paint); }}
.beside .swatch {{ display: inline-block; width: 26px; height: 3px; vertical-align: 4px; margin-right: 5px; }}
.beside .ticks {{ height: 26px; padding: 8px 0 0; margin-left: var(--left); }}
.beside .plot.ticks > span {{ left: calc((var(--at) - .5) / var(--T) * 100%); right: auto; top: 8px;
  transform: translateX(-50%); }}
.beside .ticks > b {{ position: absolute; left: calc(-1 * var(--left)); font-weight: 400; }}
</style>"""
