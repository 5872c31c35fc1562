"""Small pictures to choose from: eigenvalues as a cloud in the unit circle, gates as bars."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np
from numpy.typing import NDArray

from rnnviz.diagrams.html import Diagram, attribute, text

REACH = 1.6  # how far a cloud's axes go at least, to either side
SMALL = 60  # units of a card's drawing from its middle to its edge: half a pixel each
Complex = NDArray[np.complex128]


@dataclass(frozen=True, eq=False)
class Card:
    """A small picture to choose from.

    label    its name, in one or two words
    value    what the event says where it is clicked: an id, or a number
    drawing  SVG, as `cloud` or `bars` make it
    foot     a number below it
    """

    label: str
    value: str | float | None
    drawing: str
    foot: str


def cards(several: Sequence[Card], chosen: int, *, target: str, places: int = 0) -> Diagram:
    """Small pictures in a row, each a button: a click is an event with this target and the card's value.

    Pointing at the k-th brings the k-th line behind the charts forward.

    places  for how many the row has room at least, so that they stand still where one comes and goes
    """
    buttons = "".join(
        f'<button type="button" class="card" data-lit="{k}" data-target="{attribute(target)}" '
        f'data-value="{attribute(json.dumps(card.value))}" '
        f'aria-pressed="{"true" if k == chosen else "false"}">{card.drawing}<b>{text(card.label)}</b>'
        f"<span>{text(card.foot)}</span></button>"
        for k, card in enumerate(several)
    )
    return Diagram(f'<div class="rnn"><div class="cards" style="--n:{max(len(several), places)}">{buttons}</div></div>')


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


def _reach(largest: float) -> float:
    """How far the axes go: REACH, or the next step of a quarter of the largest value's power of two."""
    if largest * 1.06 <= REACH:
        return REACH
    step = 2.0 ** np.floor(np.log2(largest)) / 4
    return float(ceil(largest * 1.06 / step) * step)
