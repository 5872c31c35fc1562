"""What one unit, with weights set by hand, makes of what it reads: the small networks of a story.

    found = read_by(network, x[:, None, :], tokens)
    found.gate("f"), found.h, found.dc

L is the last h, so that dL/dh_T = 1.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

import rnnviz as rv
from rnnviz.surgery import Surgery


@dataclass(frozen=True, eq=False)
class Reading:
    """What a network of one unit reads, and what came of it; `inputs`: the names of its features, or nothing."""

    tokens: tuple[str, ...]
    inputs: tuple[str, ...]
    trace: rv.Trace
    grads: rv.Gradients

    def gate(self, letter: str) -> list[float]:
        """(T,) a gate, or the candidate."""
        return _of_the_unit(self.trace[0, 0].gates[letter])

    @property
    def h(self) -> list[float]:
        """(T,) the hidden state."""
        return _of_the_unit(self.trace[0, 0].h)

    @property
    def c(self) -> list[float]:
        """(T,) the cell state of an LSTM."""
        return _of_the_unit(self.trace[0, 0].c)

    @property
    def dh(self) -> list[float]:
        """(T,) dL/dh."""
        return _of_the_unit(self.grads[0, 0].dh)

    @property
    def dc(self) -> list[float]:
        """(T,) dL/dc of an LSTM."""
        return _of_the_unit(self.grads[0, 0].dc)


def read_by(
    network: rv.Network,
    x: NDArray[np.float64],
    tokens: tuple[str, ...],
    *,
    inputs: tuple[str, ...] = (),
    surgery: Sequence[Surgery] = (),
) -> Reading:
    """Both passes over x (T, 1, I), under these interventions."""
    trace = rv.unroll(network, x, surgery=surgery)
    dy = np.zeros_like(trace.y)
    dy[-1] = 1.0
    return Reading(tokens, inputs, trace, rv.backpropagate(network, trace, dy))


def _of_the_unit(values: Any) -> list[float]:
    return [float(value) for value in np.asarray(values)[:, 0, 0]]
