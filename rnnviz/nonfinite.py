"""Where a pass first left the finite range: overflow and NaN are part of the lesson and are never hidden."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from rnnviz.arrays import Array


@dataclass(frozen=True)
class NonFinite:
    """The first step at which a quantity is NaN or infinite.

    step       position in the input sequence, 0-based, of the first that was computed;
               None for what belongs to no step (dh0, dc0, a parameter)
    quantity   its name, as in the trace or the gradients: "h", "c", "pre-activation i", "dh", ...
    layer, direction  as in `trace[layer, direction]`; None for y, dx and the parameters
    """

    step: int | None
    quantity: str
    layer: int | None
    direction: int | None

    def __str__(self) -> str:
        where = "" if self.layer is None else f" of layer {self.layer}, direction {self.direction}"
        when = "" if self.step is None else f", first at step {self.step}"
        return f"{self.quantity}{where} is NaN or infinite{when}"


def first_nonfinite(
    quantities: Mapping[str, Array], layer: int | None, direction: int | None, *, backwards: bool
) -> NonFinite | None:
    """The earliest step at which one of `quantities` (each (T, B, .)) is not finite.

    `backwards`: the steps were computed from the last position to the first. At equal steps the first name wins.
    """
    found: tuple[int, str] | None = None
    for name, a in quantities.items():
        bad = np.flatnonzero(~np.isfinite(a).all(axis=(1, 2)))
        if bad.size == 0:
            continue
        step = int(bad[-1 if backwards else 0])
        if found is None or (step > found[0] if backwards else step < found[0]):
            found = step, name
    return None if found is None else NonFinite(*found, layer, direction)
