"""One step of a GRU's update gate, written down in both published conventions.

    h_t = (1 - z_t) n_t + z_t h_{t-1}         z keeps: Cho et al. (2014), equation 7; PyTorch, Keras, this library
    h_t = z'_t n_t + (1 - z'_t) h_{t-1}       z' lets in: Chung et al. (2014), section 3.2;  z' = 1 - z

The same numbers stand in both lines. They have the same digits after the point, as many as it takes for the printed
line to multiply out, and for z, 1 - z and h to be seen.
"""

from dataclasses import dataclass
from math import floor, log10

import numpy as np

from rnnviz.diagrams.equation import beside, equation, gate, sign, signed, term
from rnnviz.diagrams.html import Diagram, paragraph, require_finite, symbol
from rnnviz.numbers import decimals


@dataclass(frozen=True)
class Update:
    """One unit at one step: `step` and `unit` from 1, the gate z in [0, 1], candidate n, h before and h after."""

    step: int
    unit: int
    z: float
    n: float
    h_prev: float
    h: float


def update_gate(update: Update, *, title: str, keeps: str, lets_in: str) -> Diagram:
    """Both lines with this step's numbers, below each what is said of it. Raises NonFiniteError for NaN or infinity."""
    require_finite("the numbers of the update", np.array([update.z, update.n, update.h_prev, update.h]))
    places, t = update_places(update), str(update.step)
    kept, taken = gate(update.z, places), gate(1 - round(update.z, places), places)
    z, other = symbol("z", t), symbol("z′", t)
    n, before, after = (signed(value, places) for value in (update.n, update.h_prev, update.h))
    names = symbol("n", t), symbol("h", str(update.step - 1)), symbol("h", t)

    def line(first: str, first_number: str, second: str, second_number: str) -> Diagram:
        return equation(
            term(names[2], after), sign("="), term(first, first_number), sign("×"), term(names[0], n), sign("+"),
            term(second, second_number), sign("×"), term(names[1], before),
        )  # fmt: skip

    one = line(Diagram(f"(1 − {z})"), taken, z, kept) + paragraph(keeps)
    return beside(title, (one, line(other, taken, Diagram(f"(1 − {other})"), kept) + paragraph(lets_in)))


def update_places(update: Update) -> int:
    """Digits after the point, 3 to 15, at which the printed line is right: (1 - z) n + z h_prev rounds to h.

    As many at least, up to 8, as give z, 1 - z and h three significant digits each.
    """
    smallest = min(size for size in (update.z, 1 - update.z, abs(update.h), 1.0) if size > 0)
    least = min(max(3, 2 - floor(log10(smallest))), 8)
    for places in range(least, 15):
        z, n, before = (round(value, places) for value in (update.z, update.n, update.h_prev))
        if decimals((1 - z) * n + z * before, places) == decimals(update.h, places):
            return places
    return 15
