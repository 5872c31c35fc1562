"""What a cell hands on: one step, a whole sequence forward, a whole sequence backward.

`Step` holds row vectors, as in the equations. `Forward` and `Backward` hold whole sequences **feature-major**,
`(T, rows, B)`, in the order in which the cell read them: each step is then one contiguous block, so that a product
with a weight matrix and an activation are one call each. `trace.py` and `bptt.py` turn them into what people read.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from rnnviz.arrays import Array
from rnnviz.cells.masked import Masked
from rnnviz.padding import Lengths, blank

Mask: TypeAlias = NDArray[np.bool_]
Write: TypeAlias = Callable[..., object]  # a function that writes into its last argument


@dataclass(frozen=True, eq=False)
class Step:
    """One step of a cell: `h` (B, H), the LSTM's `c` (B, H), and per gate its value and pre-activation (B, H)."""

    h: Array
    c: Array | None
    gates: Mapping[str, Array]
    preactivations: Mapping[str, Array]


@dataclass(frozen=True, eq=False)
class Operation:
    """What `rnnviz.surgery` does to one cell: per gate or state concerned (T, H, B), in the order in which it reads.

    shifts   added to the pre-activation
    pinned   where the gate, or the state "h" or "c", is held
    values   at what
    masked   what dropout and zoneout do, see `masked.py`

    A cell that is operated on runs the same loop as any other. Only the function that writes pre-activations, or gates,
    is replaced by one that operates on each step's rows as soon as they are written: `shifting` and `pinning`.
    """

    shifts: dict[str, Array]
    pinned: dict[str, Mask]
    values: dict[str, Array]
    masked: Masked | None = None

    def shifting(self, write: Write, a: Array, scales: Mapping[str, float]) -> Write:
        """`write`, and at its t-th call the shifts added to `a[t]`.

        a       (T, gates * H, B) pre-activations, in the order of `scales`
        scales  {gate: how much of its pre-activation stands in its rows}
        """
        by = np.zeros_like(a)
        for (gate, scale), block in zip(scales.items(), np.split(by, len(scales), axis=1)):
            if gate in self.shifts:
                np.multiply(self.shifts[gate], scale, block)
        return _then(write, [partial(np.add, a_t, by_t, a_t) if by_t.any() else None for a_t, by_t in zip(a, by)])

    def pinning(self, write: Write, gates: Array, order: Iterable[str]) -> Write:
        """`write`, and at its t-th call the pinned values put into `gates[t]`; `write` itself where none is pinned.

        gates  (T, gates * H, B), in the order of the letters `order`; or one state (T, H, B)
        """
        order = tuple(order)
        if not any(name in self.pinned for name in order):
            return write
        values, held = np.zeros_like(gates), np.zeros(gates.shape, bool)
        blocks = (np.split(a, len(order), axis=1) for a in (values, held))
        for gate, value, where in zip(order, *blocks):
            if gate in self.pinned:
                value[:], where[:] = self.values[gate], self.pinned[gate]
        steps = zip(gates, values, held)
        return _then(write, [partial(np.copyto, k_t, v_t, where=h_t) if h_t.any() else None for k_t, v_t, h_t in steps])


def _then(write: Write, operations: Iterable[Callable[[], object] | None]) -> Write:
    """`write`, followed at its t-th call by the t-th operation."""
    coming = iter(operations)

    def both(*arguments: Any) -> None:
        write(*arguments)
        operate = next(coming)
        if operate is not None:
            operate()

    return both


@dataclass(frozen=True, eq=False)
class Forward:
    """A whole sequence forward: x (T, I, B), the others (T, H, B).

    read     (T + 1, I + H + 1, B)  what each step multiplied, [x_t; h_{t-1}; 1]; x and h are rows of it
    factors  what else the cell's own `backward` reads
    blocks   the LSTM's gates and c_{t-1} as they lie in memory, (T, 5, H, B)
    lengths  where sequences are padded; their padding is blank
    pinned   {gate or state: (T, H, B) bool}, where surgery held it: no gradient passes to what would have made it
    masked   what dropout and zoneout did
    reads    what was multiplied in the place of `read` where dropout masked it, (T, I + H + 1, B)
    loop_back  the compiled loop that goes with a compiled pass
    """

    read: Array
    x: Array
    h: Array
    c: Array | None
    gates: Mapping[str, Array]
    preactivations: Mapping[str, Array]
    factors: tuple[Array, ...] = ()
    blocks: tuple[Array, ...] = ()
    lengths: Lengths | None = None
    pinned: Mapping[str, Mask] = field(default_factory=dict)
    masked: Masked | None = None
    reads: Array | None = None
    loop_back: Callable[..., None] | None = None

    def arrays(self) -> list[Array]:
        """Every (T, H, B) array that people see."""
        state = [self.h] if self.c is None else [self.h, self.c]
        return [*state, *self.gates.values(), *self.preactivations.values()]

    def pad(self, lengths: Lengths | None) -> "Forward":
        """The same, all that lies beyond the sequences' lengths set to 0, in place."""
        if lengths is None:
            return self
        for a in (*self.arrays(), *self.factors):
            blank(a, lengths)
        return replace(self, lengths=lengths)

    def block_pinned(self, slopes: Mapping[str, Array]) -> None:
        """Set the derivative `slopes`, {gate: (T, H, B)}, of the activation to 0 in place where its gate was held."""
        for gate, slope in slopes.items():
            if gate in self.pinned:
                np.copyto(slope, 0, where=self.pinned[gate])

    def block_held(self, state: str, *factors: Array) -> None:
        """Set (T, H, B) `factors`, by which the derivative by a state is handed on, to 0 in place where it was held.

        Where zoneout kept a share of the old h, those of "h" are left for the rest of it.
        """
        if state in self.pinned:
            for factor in factors:
                np.copyto(factor, 0, where=self.pinned[state])
        if state == "h" and self.masked is not None:
            for factor in factors:
                self.masked.new_part(factor)

    def reach(self, t: int, back: Array, dh_t: Array) -> Array:
        """From W_hh^T da_t (H, B) to what reaches h_{t-1} from step t: the same, but for dropout and zoneout."""
        return back if self.masked is None else self.masked.reach(t, back, dh_t)

    def inputs(self) -> Array:
        """[x_t; h_{t-1}; 1] of every step, (T, I + H + 1, B), for the weights' gradients.

        In a padded batch a copy without the padding, whose first step read the last h: infinity * 0 would be NaN.
        """
        inputs = self.read[:-1] if self.reads is None else self.reads
        if self.lengths is not None:
            inputs = inputs.copy()
            blank(inputs, self.lengths)
        return inputs


@dataclass(frozen=True, eq=False)
class Backward:
    """Gradients of the loss: per step (T, H, B), at the start (H, B), per parameter.

    gate_gradients  {gate: (T, H, B)}, dL/d of its value, worked out from the others when first read as `dgates`
    input_gradient  (T, I, B), likewise, as `dx`: a training run needs neither
    """

    dh: Array
    dh0: Array
    dc: Array | None
    dc0: Array | None
    dpreactivations: Mapping[str, Array]
    params: Mapping[str, Array]
    gate_gradients: Callable[[], Mapping[str, Array]]
    input_gradient: Callable[[], Array]

    @cached_property
    def dgates(self) -> Mapping[str, Array]:
        """dL/d of the gates' values, by their letters, (T, H, B) each."""
        with np.errstate(all="ignore"):
            return self.gate_gradients()

    @cached_property
    def dx(self) -> Array:
        """dL/d of what the layer reads, (T, I, B)."""
        with np.errstate(all="ignore"):
            return self.input_gradient()
