"""What a cell hands on: one step, a whole sequence forward, a whole sequence backward.

`Step` holds row vectors, as in the equations. `Forward` and `Backward` hold whole sequences **feature-major**,
`(T, rows, B)`, in the order in which the cell read them: each step is then one contiguous block, so that a product
with a weight matrix and an activation are one call each. `trace.py` and `bptt.py` turn them into what people read.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import repeat
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from rnnviz.arrays import Array
from rnnviz.padding import Lengths, blank

Mask: TypeAlias = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Step:
    """One step of a cell: `h` (B, H), the LSTM's `c` (B, H), and per gate its value and pre-activation (B, H)."""

    h: Array
    c: Array | None
    gates: Mapping[str, Array]
    preactivations: Mapping[str, Array]


@dataclass(frozen=True, eq=False)
class Cut:
    """An operation on the gates of one step, which stand one below the other, (gates * H, B)."""

    by: Array
    pinned: Mask
    values: Array

    def shift(self, a: Array) -> None:
        """Shift the pre-activations `a` in place."""
        np.add(a, self.by, a)

    def pin(self, gates: Array) -> None:
        """Put the pinned values where gates are held, in place."""
        np.copyto(gates, self.values, where=self.pinned)


@dataclass(frozen=True, eq=False)
class Operation:
    """What `rnnviz.surgery` does to one cell: per gate concerned (T, H, B), in the order in which the cell reads.

    shifts   added to the pre-activation
    pinned   where the gate is held
    values   at what
    """

    shifts: dict[str, Array]
    pinned: dict[str, Mask]
    values: dict[str, Array]

    def cuts(self, like: Array, scales: Mapping[str, float]) -> list[Cut | None]:
        """The operation at each step of a cell that keeps the gates `scales` in rows `like`, (T, gates * H, B).

        The rows are in the order of `scales`, which says how much of each gate's pre-activation stands in them.
        None for the steps where these gates are left alone.
        """
        H = like.shape[1] // len(scales)
        by, values, pinned = np.zeros_like(like), np.zeros_like(like), np.zeros(like.shape, bool)
        for k, (gate, scale) in enumerate(scales.items()):
            block = slice(k * H, (k + 1) * H)
            if gate in self.shifts:
                np.multiply(self.shifts[gate], scale, by[:, block])
            if gate in self.pinned:
                pinned[:, block], values[:, block] = self.pinned[gate], self.values[gate]
        touched = (pinned | (by != 0)).any(axis=(1, 2))
        return [Cut(*at) if here else None for here, *at in zip(touched, by, pinned, values)]


def cuts_of(operation: Operation | None, like: Array, scales: Mapping[str, float]) -> Iterable[Cut | None]:
    """`operation.cuts(like, scales)`; None at every step where there is no operation."""
    return repeat(None) if operation is None else operation.cuts(like, scales)


@dataclass(frozen=True, eq=False)
class Forward:
    """A whole sequence forward: x (T, I, B), the others (T, H, B).

    read     (T + 1, I + H + 1, B)  what each step multiplied, [x_t; h_{t-1}; 1]; x and h are rows of it
    factors  what else the cell's own `backward` reads
    blocks   the LSTM's gates and c_{t-1} as they lie in memory, (T, 5, H, B)
    lengths  where sequences are padded; their padding is blank
    pinned   {gate: (T, H, B) bool}, where surgery held it: no gradient passes to the pre-activation
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
        for gate, held in self.pinned.items():
            np.copyto(slopes[gate], 0, where=held)

    def inputs(self) -> Array:
        """[x_t; h_{t-1}; 1] of every step, (T, I + H + 1, B), for the weights' gradients.

        In a padded batch a copy without the padding, whose first step read the last h: infinity * 0 would be NaN.
        """
        inputs = self.read[:-1]
        if self.lengths is not None:
            inputs = inputs.copy()
            blank(inputs, self.lengths)
        return inputs


@dataclass(frozen=True, eq=False)
class Backward:
    """Gradients of the loss: per step (T, H, B), at the start (H, B), into the input (T, I, B), per parameter."""

    dh: Array
    dh0: Array
    dc: Array | None
    dc0: Array | None
    dgates: Mapping[str, Array]
    dpreactivations: Mapping[str, Array]
    dx: Array
    params: Mapping[str, Array]
