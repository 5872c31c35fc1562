"""A tape of inputs and the numbers of the steps, for pictures with a time axis. Time runs from left to right."""

from dataclasses import dataclass

from rnnviz.arrays import Array
from rnnviz.figures.html import signed_row, signed_text, text

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


def ticks(steps: int) -> str:
    """The numbers along the time axis: all of a few steps, the first and every fifth of many."""
    shown = [t for t in range(1, steps + 1) if steps <= MOST_TICKS or t == 1 or t % TICK_EVERY == 0]
    return "".join(f'<span style="--at:{t}">{t}</span>' for t in shown)
