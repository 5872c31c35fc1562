"""What a cell hands on: one step, a whole sequence forward, a whole sequence backward.

`Step` holds row vectors, as in the equations. `Forward` and `Backward` hold whole sequences **feature-major**,
`(T, rows, B)`, in the order in which the cell read them: each step is then one contiguous block, so that a product
with a weight matrix and an activation are one call each. `trace.py` and `bptt.py` turn them into what people read.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from rnnviz.arrays import Array


@dataclass(frozen=True, eq=False)
class Step:
    """One step of a cell: `h` (B, H), the LSTM's `c` (B, H), and per gate its value and pre-activation (B, H)."""

    h: Array
    c: Array | None
    gates: Mapping[str, Array]
    preactivations: Mapping[str, Array]


@dataclass(frozen=True, eq=False)
class Forward:
    """A whole sequence, x (T, I, B) and the others (T, H, B); `packed` and `factors` are for the cell's `backward`."""

    x: Array
    h: Array
    c: Array | None
    gates: Mapping[str, Array]
    preactivations: Mapping[str, Array]
    packed: tuple[Array, ...]
    factors: tuple[Array, ...] = ()

    def arrays(self) -> list[Array]:
        """Every (T, H, B) array once, for whoever must visit all of them."""
        state = [self.h] if self.c is None else [self.h, self.c]
        return [*state, *self.gates.values(), *self.preactivations.values(), *self.factors]


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
