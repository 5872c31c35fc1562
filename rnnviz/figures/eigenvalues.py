"""The eigenvalues of a recurrent matrix in the complex plane, with the unit circle.

What lies inside the circle shrinks at every pass of a linear recurrence, what lies outside grows, and the angle is how
far it turns. One unit is as long across as up, so that the circle is round.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

import numpy as np
from numpy.typing import NDArray

from rnnviz.figures.html import Picture, require_finite, text
from rnnviz.figures.numbers import MINUS, significant

REACH = 1.6  # how far the axes go at least, to either side
SMALL = 60  # units of a card's drawing from its middle to its edge: half a pixel each
ROUNDING = 12  # decimals: an eigenvalue of 1 is computed as 1 give or take a little more than 10⁻¹⁶
LABELLED = 4.0  # up to here the axes are labelled at 1, beyond it at 1, 2 or 5 times a power of ten
SEEN = 15.0  # up to here the unit circle is seen as one; beyond it the read-out names it
Complex = NDArray[np.complex128]


@dataclass(frozen=True, eq=False)
class Card:
    """A small picture to choose from.

    label    its name, in one or two words
    pick     what is picked where it is clicked
    drawing  SVG, as `cloud` or `bars` make it
    foot     a number below it
    """

    label: str
    pick: str
    drawing: str
    foot: str


def eigenvalues(values: Complex, radius: float | None = None, title: str = "", hue: str = "backward") -> Picture:
    """The cloud of `values` (n,), the unit circle, and dashed the circle of size `radius` where one is promised.

    The axes reach 1.6 to either side, and as far as they must where a value lies beyond. Each value is said when it is
    pointed at, or reached with the arrow keys, the largest first: the dots are radio buttons, which a browser walks
    through by itself. Without that, the largest and the smallest size are said. Raises NonFiniteError for NaN or
    infinity.
    """
    require_finite("eigenvalues", np.abs(values))
    values, times = np.unique(np.round(values, ROUNDING), return_counts=True)
    sizes = np.abs(values).round(ROUNDING)
    reach = _reach(max([float(sizes.max(initial=0.0)), radius or 0.0]))
    dots = "".join(
        f'<input type="radio" name="eigenvalues" data-say="{(said := text(_say(complex(values[k]), int(times[k]))))}" '
        f'aria-label="{said}" style="left:{50 + 50 * values[k].real / reach:.4g}%;'
        f'top:{50 - 50 * values[k].imag / reach:.4g}%">'
        for k in np.argsort(-sizes, kind="stable")
    )
    promised = "" if not radius else f'<circle class="promised" r="{radius:.5g}"/>'
    tick = _tick(reach)
    ends = f"|λ| from {significant(float(sizes.min()))} to {significant(float(sizes.max()))}"
    rest = f"{ends}, ring at 1" if reach > SEEN else ends
    ticks = "".join(
        f'<span class="re" style="left:{at:.4g}%">{label}</span>'
        f'<span class="im" style="top:{100 - at:.4g}%">{label.replace("1", "") if tick == 1 else label}i</span>'
        for at, label in ((50 + 50 * sign * tick / reach, significant(sign * tick, 1)) for sign in (-1, 1))
    )
    said = f"{title or 'Eigenvalues'}: {ends}"
    return Picture(
        f'<div class="rnn"><figure class="cloud" role="group" aria-label="{text(said)}" '
        f'style="--hue:var(--rnn-{hue})">{f"<h4>{title}</h4>" if title else ""}'
        f'<div class="plane"><svg viewBox="{-reach:g} {-reach:g} {2 * reach:g} {2 * reach:g}">{_axes(reach)}{promised}'
        f'</svg>{ticks}{dots}</div><p class="said" aria-live="polite">{rest}</p></figure></div>'
    )


def cards(several: Sequence[Card], chosen: int, places: int = 0) -> Picture:
    """Small pictures in a row, each a button; pointing at the k-th brings the lines of class `other-k` forward.

    places  for how many the row has room at least, so that they stand still where one comes and goes
    """
    buttons = "".join(
        f'<button type="button" class="card" data-lights="other-{k}" data-pick="{text(card.pick)}" '
        f'aria-pressed="{"true" if k == chosen else "false"}">{card.drawing}<b>{text(card.label)}</b>'
        f"<span>{text(card.foot)}</span></button>"
        for k, card in enumerate(several)
    )
    return Picture(f'<div class="rnn"><div class="cards" style="--n:{max(len(several), places)}">{buttons}</div></div>')


def cloud(values: Complex) -> str:
    """The same cloud as a small drawing without text, for a card."""
    reach = _reach(float(np.abs(values).max(initial=0.0)))
    points = "".join(f"M{v.real * SMALL / reach:.0f} {-v.imag * SMALL / reach:.0f}h0" for v in values)
    return (
        f'<svg viewBox="{-SMALL} {-SMALL} {2 * SMALL} {2 * SMALL}" aria-hidden="true">'
        f'<circle class="unit" r="{SMALL / reach:.3g}"/>'
        f'<path class="dots" d="{points}"/></svg>'
    )


def bars(shares: NDArray[np.float64]) -> str:
    """How open each of n gates is, [0, 1], as a small drawing without text, for a card."""
    n = len(shares)
    drawn = "".join(f"M{k + 0.5:g} {n}V{n * (1 - share):.4g}" for k, share in enumerate(shares))
    return (
        f'<svg viewBox="0 0 {n} {n}" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect width="{n}" height="{n}"/><path class="bars" d="{drawn}"/></svg>'
    )


def _axes(reach: float) -> str:
    return f'<path class="axes" d="M{-reach:g} 0H{reach:g}M0 {-reach:g}V{reach:g}"/><circle class="unit" r="1"/>'


def _reach(largest: float) -> float:
    """How far the axes go: REACH, or the next step of a quarter of the largest value's power of two."""
    if largest * 1.06 <= REACH:
        return REACH
    step = 2.0 ** np.floor(np.log2(largest)) / 4
    return float(ceil(largest * 1.06 / step) * step)


def _tick(reach: float) -> float:
    """Where the axes are labelled: at least a third of the way out, so that the labels do not meet."""
    if reach <= LABELLED:
        return 1.0
    power = 10.0 ** floor(log10(reach / 1.2))
    return max(step * power for step in (1, 2, 5) if step * power <= reach / 1.2)


def _say(value: complex, times: int) -> str:
    sign = MINUS if value.imag < 0 else "+"
    size = f"|λ| = {significant(abs(value))}{f', {times} times' if times > 1 else ''}"
    return f"λ = {significant(value.real)} {sign} {significant(abs(value.imag))}i, {size}"
