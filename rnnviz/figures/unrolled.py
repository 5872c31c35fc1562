"""The network folded and unrolled, and below it, column by column, what it computed.

On the left the loop: one cell that reads x and feeds its own h back to itself. To its right the same cell once per
step, then on the same time axis the tape of inputs, the heat map of h_t (units x time) and one unit's h_t as a line.
Time runs from left to right. Inputs that are still ahead are faded; states that are still ahead are not drawn.
"""

from dataclasses import dataclass

import numpy as np

from rnnviz.arrays import Array
from rnnviz.errors import ShapeError
from rnnviz.figures.html import Picture, drawing, polyline, signed_background, signed_chip, stencils, symbol, text
from rnnviz.figures.numbers import MINUS, significant

MOST_NUMBERED_STEPS = 16
MOST_NUMBERED_UNITS = 8
MOST_LABELLED_UNITS = 10
LABEL_EVERY = 8
MOST_TICKS = 14
TICK_EVERY = 5


@dataclass(frozen=True)
class Tape:
    """What the network reads, as the reader sees it.

    tokens  T short texts, one per step
    shades  (T,) numbers in [-1, 1] that colour the tape by the signed scale; None leaves it neutral
    """

    tokens: tuple[str, ...]
    shades: Array | None = None


def unrolled(h: Array, tape: Tape, step: int, unit: int, radius: float) -> Picture:
    """The folded and the unrolled network with its states, up to `step`.

    Args:
        h: states of one sequence, (T, H), coloured on the fixed range [-1, 1].
        tape: the T inputs.
        step: the current step, 1..T.
        unit: the selected unit, 1..H; it colours the nodes and is drawn as the line.
        radius: spectral radius of W_hh, which stands at the loop.

    Raises:
        ShapeError: h is not (T, H), the tape has another length, or step or unit is out of range.
    """
    if h.ndim != 2 or len(tape.tokens) != len(h):
        raise ShapeError(f"unrolled: h (T, H) and T tokens are needed, got {h.shape} and {len(tape.tokens)} tokens")
    steps, units = h.shape
    if not (1 <= step <= steps and 1 <= unit <= units):
        raise ShapeError(f"unrolled: step {step} is not in 1..{steps}, or unit {unit} is not in 1..{units}")
    need = max(len(token) for token in tape.tokens) * 8 + 4
    said = f"Unrolled network, step {step} of {steps}; unit {unit} is {significant(h[step - 1, unit - 1])}."
    return Picture(
        f'<div class="rnn pair">{_folded(radius)}'
        f'<div class="unrolled" role="img" aria-label="{said}" '
        f'style="--T:{steps};--t:{step};--H:{units};--need:{need}px">'
        f'<div class="band"></div>'
        f'<div class="name">state {symbol("h")}</div><div class="lane nodes">{_nodes(h[:, unit - 1], step)}</div>'
        f'<div class="name">input {symbol("x")}</div><div class="lane tape">{tape_cells(tape, step)}</div>'
        f'<div class="name units">{_unit_names(units, unit)}</div><div class="lane heat">{_heat(h, step, unit)}</div>'
        f'<div class="name line-name"><span>+1</span><b>unit {unit}</b><span>{MINUS}1</span></div>'
        f'<div class="lane line">{_line(h[:, unit - 1], step)}</div>'
        f'<div class="name">step {symbol("t")}</div><div class="lane ticks">{ticks(steps, step)}</div>'
        "</div></div>"
    )


def _folded(radius: float) -> str:
    """The loop: x enters from below, h leaves to the right and comes back around."""
    wires = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 160 190" fill="none" stroke="#000" stroke-width="4">'
        '<path d="M102 92h22a14 14 0 0 0 14-14V42a14 14 0 0 0-14-14H36a14 14 0 0 0-14 14v36a14 14 0 0 0 14 14h10"/>'
        '<path d="M45 84l13 8-13 8z" fill="#000" stroke="none"/></svg>'
    )
    entry = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 160 190" fill="none" stroke="#000" stroke-width="3">'
        '<path d="M80 158v-28"/><path d="M73 133l7-12 7 12z" fill="#000" stroke="none"/></svg>'
    )
    legend = f'<div class="legend"><i></i><span>{MINUS}1</span><span>0</span><span>+1</span></div>'
    return (
        '<div class="folded"><div class="loop">'
        f'{drawing(wires, "forward")}{drawing(entry, "muted")}'
        f'<span class="cell">{symbol("h")}</span><span class="enter">{symbol("x")}</span>'
        f'<span class="weight-hh">{symbol("W", "hh")}<br><small>ρ = {significant(radius)}</small></span>'
        f'<span class="weight-ih">{symbol("W", "ih")}</span>'
        f'</div><div class="caption">the loop, folded;<br>at the right, unrolled</div>{legend}</div>'
    )


def _nodes(line: Array, step: int) -> str:
    nodes = "".join(f'<i class="node" style="{signed_background(v)}"></i>' for v in line[:step])
    return f'<i class="wire"></i>{nodes}' + '<i class="node ahead"></i>' * (len(line) - step)


def tape_cells(tape: Tape, step: int) -> str:
    """The cells of a tape, one per step: what is read now stands out, what lies ahead is faded."""
    shades = [None] * len(tape.tokens) if tape.shades is None else list(tape.shades)
    return "".join(
        f'<span class="{_place(t, step)}" style="--every:{_every(t)};{"" if shade is None else signed_chip(shade)}">'
        f"<b>{text(token)}</b></span>"
        for t, (token, shade) in enumerate(zip(tape.tokens, shades, strict=True), start=1)
    )


def _place(t: int, step: int) -> str:
    return "now" if t == step else "ahead" if t > step else "read"


def _every(t: int) -> int:
    """The largest stride (1, 2, 4, ... 64) on which step t lies: narrow columns show only every so many tokens."""
    return min((t - 1) & (1 - t), 64) or 64


def _heat(h: Array, step: int, unit: int) -> str:
    numbers = ""
    if len(h) <= MOST_NUMBERED_STEPS and h.shape[1] <= MOST_NUMBERED_UNITS:
        cells = "".join(f'<span style="{signed_chip(v)}">{significant(v)}</span>' for v in h[:step].T.ravel())
        numbers = f'<div class="numbers" style="--shown:{step}">{cells}</div>'
    return (
        f'<div class="reached"><div class="grid">{stencils(h.T)}</div></div>{numbers}'
        f'<i class="rows"></i><i class="chosen" style="--unit:{unit}"></i>'
    )


def _line(line: Array, step: int) -> str:
    dot = f'<i class="dot" style="--y:{(1 - line[step - 1]) / 2:.4f};{signed_background(line[step - 1])}"></i>'
    return f'<i class="rules"></i><div class="reached">{polyline(line, -1, 1)}</div>{dot}'


def _unit_names(units: int, unit: int) -> str:
    """Each unit's name at its row; of many units the first, every eighth, and the selected one."""
    shown = set(range(1, units + 1))
    if units > MOST_LABELLED_UNITS:
        apart = units // MOST_LABELLED_UNITS + 1
        shown = {u for u in (1, *range(LABEL_EVERY, units + 1, LABEL_EVERY)) if abs(u - unit) > apart} | {unit}
    return "".join(
        f'<span class="{"chosen" if u == unit else ""}" style="--unit:{u}">unit {u}</span>' for u in sorted(shown)
    )


def ticks(steps: int, step: int) -> str:
    """The numbers along the time axis: all of a few steps, every fifth of many, and always the current one."""
    shown = [t for t in range(1, steps + 1) if steps <= MOST_TICKS or t == 1 or t % TICK_EVERY == 0]
    quiet = [t for t in shown if t != step and (steps <= MOST_TICKS or abs(t - step) > 1)]
    others = "".join(f'<span style="--at:{t}">{t}</span>' for t in quiet)
    return f'{others}<b style="--at:{step}">{step}</b>'
