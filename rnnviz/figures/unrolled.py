"""The network folded and unrolled, and below it, column by column, what it computed.

On the left the loop: one cell that reads x and feeds its own h back to itself. To its right the same cell once per
step, then on the same time axis the tape of inputs, the heat map of h_t (units x time) and one unit's h_t as a line.
Time runs from left to right.

The picture does not depend on the current step. `cursor`, laid over it, marks that step, fades the inputs that lie
ahead and covers the states that lie ahead: a step changes next to nothing in the page.
"""

from dataclasses import dataclass

from rnnviz.arrays import Array
from rnnviz.errors import ShapeError
from rnnviz.figures.html import (
    Picture,
    curve,
    require_finite,
    signed_background,
    signed_row,
    signed_text,
    stencils,
    symbol,
    text,
)
from rnnviz.figures.numbers import MINUS, significant

MOST_NUMBERED_STEPS = 16
MOST_NUMBERED_UNITS = 8
MOST_LABELLED_UNITS = 10
LABEL_EVERY = 8
MOST_TICKS = 14
TICK_EVERY = 5
LINE_HEIGHT = 66  # pixels, as in style.css


@dataclass(frozen=True)
class Tape:
    """What the network reads, as the reader sees it.

    tokens  T short texts, one per step
    shades  (T,) numbers in [-1, 1] that colour the tape by the signed scale; None leaves it neutral
    """

    tokens: tuple[str, ...]
    shades: Array | None = None


def unrolled(h: Array, tape: Tape, unit: int) -> Picture:
    """The folded and the unrolled network with its states.

    Args:
        h: states of one sequence, (T, H), coloured on the fixed range [-1, 1].
        tape: the T inputs.
        unit: the selected unit, 1..H; it colours the nodes and is drawn as the line.

    Raises:
        ShapeError: h is not (T, H), the tape has another length, or the unit is out of range.
        NonFiniteError: a state is NaN or infinite.
    """
    require_finite("h", h)
    if h.ndim != 2 or len(tape.tokens) != len(h) or not 1 <= unit <= h.shape[1]:
        raise ShapeError(
            f"unrolled: h (T, H), T tokens and a unit in 1..H are needed, "
            f"got {h.shape}, {len(tape.tokens)} tokens and unit {unit}"
        )
    steps, units = h.shape
    line = h[:, unit - 1]
    said = f"The network unrolled over {steps} steps, its {units} hidden units as a heat map, unit {unit} as a line."
    return Picture(
        f'<div class="rnn pair">{_FOLDED}<div class="unrolled" role="img" aria-label="{said}" '
        f'style="--T:{steps};--H:{units};--need:{room(tape)}px">'
        f'<div class="name">state {symbol("h")}</div><div class="lane nodes">{_nodes(line)}</div>'
        f'<div class="name">input {symbol("x")}</div>{tape_lane(tape)}'
        f'<div class="name units">{_unit_names(units, unit)}</div><div class="lane heat">{_heat(h, unit)}</div>'
        f'<div class="name line-name"><span>+1</span><b>unit {unit}</b><span>{MINUS}1</span></div>'
        f'<div class="lane line"><i class="rules"></i>{curve(line, -1, 1, LINE_HEIGHT)}</div>'
        f'<div class="name">step {symbol("t")}</div><div class="lane ticks">{ticks(steps)}</div>'
        "</div></div>"
    )


def cursor(h: Array, tape: Tape, step: int, unit: int) -> Picture:
    """The current step, 1..T, to lay over `unrolled` and every other picture on the same time axis.

    Raises ShapeError where step or unit is out of range.
    """
    steps, units = h.shape
    if not (1 <= step <= steps and 1 <= unit <= units):
        raise ShapeError(f"cursor: step {step} is not in 1..{steps}, or unit {unit} is not in 1..{units}")
    value = float(h[step - 1, unit - 1])
    return Picture(
        f'<div class="rnn cursor"><div class="unrolled" style="--T:{steps};--t:{step};--need:{room(tape)}px">'
        '<i class="band"></i><i class="veil over-nodes"></i><i class="veil over-tape"></i>'
        '<i class="cover over-heat"></i><i class="cover over-line"></i>'
        f'<b class="reads">{text(tape.tokens[step - 1])}</b>'
        f'<i class="dot" style="--y:{(1 - value) / 2:.4f};{signed_background(value)}"></i>'
        f'<b class="tick">{step}</b></div></div>'
    )


_FOLDED = (
    '<div class="folded"><div class="loop"><i class="wires"></i><i class="entry"></i>'
    f'<span class="cell">{symbol("h")}</span><span class="enter">{symbol("x")}</span>'
    f'<span class="weight-hh">{symbol("W", "hh")}</span><span class="weight-ih">{symbol("W", "ih")}</span></div>'
    '<div class="caption">the loop, folded;<br>at the right, unrolled</div>'
    f'<div class="legend"><i></i><span>{MINUS}1</span><span>0</span><span>+1</span></div></div>'
)


def _nodes(line: Array) -> str:
    """The wire with an arrow into each step, and the steps as circles in the colours of `line`."""
    nodes = "".join(f'<i class="node" style="{signed_background(v)}"></i>' for v in line.tolist())
    return f'<i class="feeds"></i><i class="wire"></i><i class="arrows"></i>{nodes}'


def room(tape: Tape) -> int:
    """The pixels that the longest token of a tape needs; a single letter makes do with little."""
    longest = max(len(token) for token in tape.tokens)
    return 9 if longest == 1 else longest * 8 + 6


def tape_lane(tape: Tape) -> str:
    """A tape. Where columns are too narrow only every so many tokens are shown; of a sentence all letters or none."""
    letters = " letters" if room(tape) == 9 else ""
    shades, colours = "", [""] * len(tape.tokens)
    if tape.shades is not None:
        shades = f'<i class="shades" style="{signed_row(tape.shades)}"></i>'
        colours = [f' style="{signed_text(v)}"' for v in tape.shades.tolist()]
    tokens = "".join(
        f'<b class="every-{_stride(t)}"{colour}>{text(token)}</b>'
        for t, (token, colour) in enumerate(zip(tape.tokens, colours, strict=True))
    )
    return f'<div class="lane tape{letters}">{shades}{tokens}</div>'


def _stride(t: int) -> int:
    """The largest stride (1, 2, 4, 8 or 16) that meets step t, counted from 0."""
    return min(t & -t, 16) or 16


def _heat(h: Array, unit: int) -> str:
    numbers = ""
    if len(h) <= MOST_NUMBERED_STEPS and h.shape[1] <= MOST_NUMBERED_UNITS:
        cells = (f'<b style="{signed_text(v)}">{significant(v)}</b>' for v in h.T.ravel().tolist())
        numbers = f'<div class="numbers">{"".join(cells)}</div>'
    return f'{stencils(h.T)}{numbers}<i class="rows"></i><i class="chosen" style="--unit:{unit}"></i>'


def _unit_names(units: int, unit: int) -> str:
    """Each unit's name at its row; of many units the first, every eighth, and the selected one."""
    shown = set(range(1, units + 1))
    if units > MOST_LABELLED_UNITS:
        apart = units // MOST_LABELLED_UNITS + 1
        shown = {u for u in (1, *range(LABEL_EVERY, units + 1, LABEL_EVERY)) if abs(u - unit) > apart} | {unit}
    return "".join(
        f'<span{" class=chosen" if u == unit else ""} style="--unit:{u}">unit {u}</span>' for u in sorted(shown)
    )


def ticks(steps: int) -> str:
    """The numbers along the time axis: all of a few steps, the first and every fifth of many."""
    shown = [t for t in range(1, steps + 1) if steps <= MOST_TICKS or t == 1 or t % TICK_EVERY == 0]
    return "".join(f'<span style="--at:{t}">{t}</span>' for t in shown)
