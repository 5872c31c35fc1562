"""What a reader holds in the picture, as one short text that an address can carry, and what it makes of a pass.

    holds = "f_9_1_0.35__x_3_2_-1__h2r_4_1_0.5"

Each hold is `place_step_unit_value`, two underscores between them; steps and units are counted from 1. A place is a
gate's letter, a state "h" or "c", or an input "x" (its unit is the number of the feature); then the number of the
layer, where that is not 1, and "r" for the reverse direction. js/core/holds.js reads and writes the same.

    x, surgery = held_pass(network, x, holds)         what is held, as the engine takes it: inputs, interventions
    trace = rv.unroll(network, x, surgery=surgery)
    pack(trace, grads, holds=holds)                   the player shows what is held, and lets the reader hold more

A gate or a state that is held is a constant: no gradient passes through it (rnnviz.surgery). An input has another
value, and dL/dx is the derivative there.
"""

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from rnnviz.arrays import Array
from rnnviz.cells import CELLS
from rnnviz.network import Network
from rnnviz.surgery import RANGES, Hold, Pin, Surgery, range_of

MOST = 40  # holds at once: an address has an end
LARGEST = 1000.0
DIGITS = 4
SPECS = [cell.SPEC for cell in CELLS.values()]
PLACES = "".join(sorted({"x", *(name for spec in SPECS for name in (*spec.letters, *spec.states))}))
FORM = re.compile(rf"([{PLACES}])" + r"([1-9]\d?)?(r)?_([1-9]\d{0,4})_([1-9]\d{0,4})_(-?\d{1,4}(?:\.\d{1,9})?)")


@dataclass(frozen=True)
class Held:
    """One value that is held: all counted from 0; of an input, `unit` is the feature."""

    place: str
    step: int
    unit: int
    value: float
    layer: int = 0
    direction: int = 0


def read_holds(text: str) -> tuple[Held, ...]:
    """What a text says is held, at most MOST; what makes no sense is left out, of the same place the last counts."""
    found: dict[tuple[str, int, int, int, int], Held] = {}
    for word in text.split("__"):
        match = FORM.fullmatch(word)
        if match:
            place, layer, reverse, step, unit, value = match.groups()
            held = Held(
                place, int(step) - 1, int(unit) - 1, float(value) + 0.0, int(layer or 1) - 1, int(bool(reverse))
            )
            key = (place, held.layer, held.direction, held.step, held.unit)
            found.pop(key, None)
            found[key] = held
    return tuple(found.values())[-MOST:]


def write_holds(holds: Iterable[Held]) -> str:
    """The text that `read_holds` reads."""
    return "__".join(
        f"{h.place}{h.layer + 1 if h.layer else ''}{'r' * h.direction}_{h.step + 1}_{h.unit + 1}_{_shortest(h.value)}"
        for h in holds
    )


def kept_holds(network: Network, steps: int, holds: str) -> tuple[Held, ...]:
    """The holds of a text that this network has a place for in `steps` steps, their values within its range."""
    return tuple(_within(held, network) for held in read_holds(holds) if _is_there(held, network, steps))


def held_pass(
    network: Network, x: ArrayLike, holds: str, surgery: Sequence[Surgery] = ()
) -> tuple[Array, tuple[Surgery, ...]]:
    """What the engine is to run: x (T, B, I) with the inputs that are held, and the interventions.

    surgery  other interventions; where they operate on the same place, what is held counts
    Holds of what is not there are left out, see `kept_holds`.
    """
    x = np.asarray(x)
    kept = kept_holds(network, len(x), holds)
    if any(held.place == "x" for held in kept):
        x = x.astype(np.result_type(x, np.float32))
    for held in kept:
        if held.place == "x":
            x[held.step, :, held.unit] = held.value
    operations = (_operation(held, network) for held in kept if held.place != "x")
    return x, (*surgery, *operations)


def _operation(held: Held, network: Network) -> Surgery:
    where = (held.value, held.step, held.step, (held.unit,), held.layer, held.direction)
    return Hold(held.place, *where) if held.place in network.spec.states else Pin(held.place, *where)


def _is_there(held: Held, network: Network, steps: int) -> bool:
    if held.step >= steps or held.layer >= network.num_layers or held.direction >= network.num_directions:
        return False
    if held.place == "x":
        return held.layer == held.direction == 0 and held.unit < network.input_size
    return held.unit < network.hidden_size and held.place in (*network.spec.states, *network.spec.letters)


def _within(held: Held, network: Network) -> Held:
    """A gate's value within its activation's range, h within that of what it is made by; nothing beyond LARGEST."""
    low, high = _ends(held.place, network)
    return replace(held, value=min(max(held.value, low), high))


def _ends(place: str, network: Network) -> tuple[float, float]:
    """The least and the most that a place can be: an h is at most a blend of tanh's, a c or an x may be anything."""
    ranges = {RANGES["sigmoid"]: (0.0, 1.0), RANGES["tanh"]: (-1.0, 1.0), RANGES["relu"]: (0.0, LARGEST)}
    if place in network.spec.letters:
        return ranges.get(range_of(place, network), (-LARGEST, LARGEST))
    return (-1.0, 1.0) if place == "h" else (-LARGEST, LARGEST)


def _shortest(value: float) -> str:
    """As JavaScript writes it: 1, not 1.0, and never with an exponent."""
    text = f"{value if math.isfinite(value) else 0:.{DIGITS}f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
