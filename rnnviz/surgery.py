"""Gate surgery: hold a gate or a state at a value, or shift a gate's bias, over a span of steps, and see what follows.

    Pin     k_t = value               instead of k_t = phi(a_t)
    Shift   k_t = phi(a_t + by)       a_t, the pre-activation, is recorded with the shift
    Hold    h_t = value, c_t = value  instead of what the cell makes of its gates

for one gate k, or one state, of one layer and direction, at the steps first <= t <= last, for all of its units or some.
Everything else runs on as it is, so that states and outputs after the span are those of the operated network. So are
its gradients: a pinned gate is a constant, through which no gradient passes (da_t = 0), while dL/dk_t at that constant
is still recorded: what a slightly more open gate would have done to the loss. A state that is held is a constant in the
same sense: dL/dh_t or dL/dc_t is recorded in full, and nothing of it passes to the gates and states that would have
made it (with h_t held, dL/do_t = 0 and no part of dL/dc_t comes from it; with c_t held, dL/df_t = dL/di_t = dL/dg_t = 0
and dL/dc_{t-1} = 0 along the cell state path).

Steps are 0-based positions in the input sequence, whichever way the direction reads. At the same place, of two pins or
holds the later in the list counts, shifts add up, and a pin outweighs a shift. Padding is never operated on.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from rnnviz.arrays import number, whole_number
from rnnviz.cells.record import Operation
from rnnviz.errors import one_of
from rnnviz.network import Network
from rnnviz.padding import Lengths, ReadingOrder, is_padding

Place: TypeAlias = tuple[int, int]
RANGES = {"tanh": "[-1, 1]", "sigmoid": "[0, 1]", "relu": "[0, inf)", "linear": "(-inf, inf)"}


@dataclass(frozen=True)
class Pin:
    """From step `first` to step `last`, 0-based and both included, `gate` is held at `value`.

    gate   a gate's letter: LSTM i, f, g, o; GRU r, z, n; Elman its activation "h"
    value  within the gate's range: [0, 1] for a sigmoid, [-1, 1] for a tanh, [0, inf) for a relu, any for a linear unit
    units  which units, 0-based; None: all of them
    """

    gate: str
    value: float
    first: int
    last: int
    units: Sequence[int] | None = None
    layer: int = 0
    direction: int = 0


@dataclass(frozen=True)
class Shift:
    """From step `first` to step `last`, 0-based and both included, `by` is added to `gate`'s pre-activation.

    The arguments as for Pin. Over the whole sequence it is the same as another bias.
    """

    gate: str
    by: float
    first: int
    last: int
    units: Sequence[int] | None = None
    layer: int = 0
    direction: int = 0


@dataclass(frozen=True)
class Hold:
    """From step `first` to step `last`, 0-based and both included, a state is held at `value`.

    state  "h", or the LSTM's "c"
    value  any finite number, also one that the state could not take by itself

    The other arguments as for Pin. In an Elman network, whose h is its activation, it is a Pin of "h" of any value.
    """

    state: str
    value: float
    first: int
    last: int
    units: Sequence[int] | None = None
    layer: int = 0
    direction: int = 0


Surgery: TypeAlias = Pin | Shift | Hold


def as_surgery(given: Iterable[Surgery]) -> tuple[Surgery, ...]:
    """`given` as a tuple; ValueError for anything but a sequence of Pin, Shift and Hold."""
    if isinstance(given, tuple) and not given:
        return ()
    try:
        operations = tuple(given)
    except TypeError as error:
        raise ValueError(f"surgery needs a sequence of Pin, Shift and Hold, got {given!r}") from error
    if not all(isinstance(operation, Pin | Shift | Hold) for operation in operations):
        raise ValueError(f"surgery needs a sequence of Pin, Shift and Hold, got {given!r}")
    return operations


def prepare(
    surgery: Sequence[Surgery], network: Network, T: int, B: int, lengths: Lengths | None
) -> dict[Place, Operation]:
    """{(layer, direction): Operation} for the cells that are operated on, over T steps of B sequences.

    Raises UnknownNameError for a gate or a state that the cell does not have, and ValueError for a layer, direction,
    span, unit or number that cannot be; each says what was given and what there is.
    """
    shape = (T, network.hidden_size, B)
    operations: dict[Place, Operation] = {}
    for cut in surgery:
        name = _name(cut, network)
        place = (
            _within(cut, "layer", cut.layer, network.num_layers),
            _within(cut, "direction", cut.direction, network.num_directions),
        )
        reached = np.zeros(shape, bool)
        reached[_span(cut, T), _units(cut, network.hidden_size)] = True
        if lengths is not None:
            reached &= ~is_padding(lengths, T)[:, None, :]
        reached = ReadingOrder(place[1], lengths).turn(reached)
        operation = operations.setdefault(place, Operation({}, {}, {}))
        if isinstance(cut, Shift):
            by = number(f"{cut}: by", cut.by, "(-inf, inf)")
            operation.shifts.setdefault(name, np.zeros(shape, network.dtype))[reached] += by
        else:
            allowed = "(-inf, inf)" if isinstance(cut, Hold) else range_of(name, network)
            value = number(f"{cut}: value", cut.value, allowed)
            operation.pinned.setdefault(name, np.zeros(shape, bool))[reached] = True
            operation.values.setdefault(name, np.zeros(shape, network.dtype))[reached] = value
    return operations


def _name(cut: Surgery, network: Network) -> str:
    """The gate or state that is operated on; UnknownNameError for one that the cell does not have."""
    if isinstance(cut, Hold):
        one_of(f"{cut}: state", cut.state, network.spec.states)
        return cut.state
    one_of(f"{cut}: gate", cut.gate, network.layers[0][0].GATES)
    return cut.gate


def _within(cut: Surgery, what: str, given: int, count: int) -> int:
    """`given` as an int from 0 to count - 1."""
    index = whole_number(given)
    if index is None or not 0 <= index < count:
        raise ValueError(f"{cut}: {what} must be a whole number from 0 to {count - 1}, got {given!r}")
    return index


def _span(cut: Surgery, T: int) -> slice:
    first, last = _within(cut, "first", cut.first, T), _within(cut, "last", cut.last, T)
    if first > last:
        raise ValueError(f"{cut}: the span needs first <= last, got first = {first}, last = {last}")
    return slice(first, last + 1)


def _units(cut: Surgery, H: int) -> slice | list[int]:
    if cut.units is None:
        return slice(None)
    if not isinstance(cut.units, Iterable):
        raise ValueError(f"{cut}: units must be None, for all, or a sequence of unit numbers; got {cut.units!r}")
    try:
        units = list(cut.units)
    except TypeError as error:  # a 0-d array says that it is iterable
        raise ValueError(f"{cut}: units must be None, for all, or a sequence; got {cut.units!r}") from error
    return [_within(cut, "each of units", unit, H) for unit in units]


def range_of(gate: str, network: Network) -> str:
    """The values that the gate's activation can take, ends included."""
    return RANGES[network.spec.gate(gate).activation or network.nonlinearity]
