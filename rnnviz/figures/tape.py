"""What a time axis is labelled with: the tape of what was read, and the numbers of the steps, from left to right."""

from collections.abc import Sequence

from rnnviz.figures.html import text

MOST_TICKS = 14
TICK_EVERY = 5


def tape_lane(tokens: Sequence[str], step: int) -> str:
    """One short text per step, the one at `step` (from 1) marked; all of them or, where they do not fit, none."""
    need = max(len(token) for token in tokens) * 9  # pixels
    marked = (' class="now"' if t == step else "" for t in range(1, len(tokens) + 1))
    letters = "".join(f"<b{now}>{text(token)}</b>" for now, token in zip(marked, tokens))
    return f'<div class="lane tape" style="--need:{need}px">{letters}</div>'


def ticks(steps: int, now: int | None = None) -> str:
    """The numbers along the time axis: all of a few steps, the first and every fifth of many.

    Where there is a current step, it is marked, and of many steps those close to it are left out.
    """
    room = steps // 10 if steps > MOST_TICKS else 0
    shown = [t for t in range(1, steps + 1) if steps <= MOST_TICKS or t == 1 or t % TICK_EVERY == 0]
    others = (t for t in shown if now is None or (t != now and abs(t - now) > room))
    marked = "" if now is None else f'<b style="--at:{now}">{now}</b>'
    return "".join(f'<span style="--at:{t}">{t}</span>' for t in others) + marked
