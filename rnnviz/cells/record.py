"""What a cell hands on: one step, a whole sequence forward, a whole sequence backward.

`Step` holds row vectors, as in the equations. `Forward` and `Backward` hold whole sequences **feature-major**,
`(T, rows, B)`, in the order in which the cell read them: each step is then one contiguous block, so that a product
with a weight matrix and an activation are one call each. `trace.py` and `bptt.py` turn them into what people read.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from rnnviz.arrays import Array
from rnnviz.padding import Lengths, blank


@dataclass(frozen=True, eq=False)
class Step:
    """One step of a cell: `h` (B, H), the LSTM's `c` (B, H), and per gate its value and pre-activation (B, H)."""

    h: Array
    c: Array | None
    gates: Mapping[str, Array]
    preactivations: Mapping[str, Array]


@dataclass(frozen=True, eq=False)
class Forward:
    """A whole sequence forward: x (T, I, B), the others (T, H, B).

    read     (T + 1, I + H + 1, B)  what each step multiplied, [x_t; h_{t-1}; 1]; x and h are rows of it
    factors  what else the cell's own `backward` reads
    blocks   the LSTM's gates and c_{t-1} as they lie in memory, (T, 5, H, B)
    lengths  where sequences are padded; their padding is blank
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
