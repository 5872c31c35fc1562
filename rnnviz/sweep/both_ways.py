"""What many networks do to a state on the way forward, and to its gradient on the way back: one sweep per kind of cell.

L is the sum of the last state's units over sqrt(H), so that its gradient by the last state has norm 1: all other norms
say what is left of that. Of an LSTM the state is (h, c), and its gradient at step t < T is

    dL/dh_t  and  dL/dc_t along the cell state path alone,  f_{t+1} dL/dc_{t+1},

what each of the two would change by itself, the other one held. Networks may differ in their cells; what they have in
common are I and H. Sizes: T steps, M networks, I inputs, H units.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rnnviz.arrays import Array, real_array
from rnnviz.diagnostics.norms import log10_norm
from rnnviz.errors import ShapeError
from rnnviz.network import Network
from rnnviz.sweep.models import Models, kind_of, stack
from rnnviz.sweep.passes import ModelGradients, ModelTraces, backpropagate, unroll

Of = Literal["state", "c"]


@dataclass(frozen=True, eq=False)
class BothWays:
    """Both passes of M networks.

    h           (T, M, H) the hidden states, as they are
    log10_left  (T, M) log10 of the norm of the gradient by the state; -inf stands for 0, inf and NaN for what is not
                finite
    lost        (M,) the first step, 0-based, at which a state is not finite; -1 where all are
    """

    h: Array = field(repr=False)
    log10_left: Array = field(repr=False)
    lost: NDArray[np.intp]

    def of(self, models: slice | Sequence[int]) -> "BothWays":
        """Some of the networks."""
        return BothWays(self.h[:, models], self.log10_left[:, models], self.lost[models])


def both_ways(networks: Sequence[Network], x: ArrayLike, of: Of = "state") -> BothWays:
    """Run the networks over `x` and back.

    x   (T, I), the same for all networks, or (T, M, I)
    of  "state": the gradient by the whole state, h, of an LSTM (h, c); "c": of an LSTM by c in full, relative to what
        it is at the last step

    Raises ShapeError where there are no networks, where they differ in I or H, and for a shape that does not fit.
    """
    if not networks:
        raise ShapeError("a sweep needs at least one network, got none")
    M, H, x = len(networks), networks[0].hidden_size, real_array("x", x, np.float64)
    if {network.hidden_size for network in networks} != {H}:
        raise ShapeError(f"the networks need as many units each, got {[one.hidden_size for one in networks]}")
    if x.ndim not in (2, 3) or (x.ndim == 3 and x.shape[1] != M):
        raise ShapeError(f"x needs shape (T, I) or (T, M, I) with M = {M}, got {x.shape}")
    T, kinds = len(x), [kind_of(network) for network in networks]
    h, logs, lost = np.empty((T, M, H)), np.empty((T, M)), np.empty(M, np.intp)
    for kind in dict.fromkeys(kinds):
        rows = [m for m in range(M) if kinds[m] == kind]
        found = there_and_back(stack([networks[m] for m in rows]), x if x.ndim == 2 else x[:, rows], of)
        h[:, rows], logs[:, rows], lost[rows] = found.h, found.log10_left, found.lost
    return BothWays(h, logs, lost)


def there_and_back(models: Models, x: ArrayLike, of: Of = "state") -> BothWays:
    """The same of models of one kind."""
    return and_back(unroll(models, x), of)


def and_back(traces: ModelTraces, of: Of = "state") -> BothWays:
    """The same where the way there was recorded before."""
    dh = np.zeros_like(traces.h)
    dh[-1] = 1 / np.sqrt(traces.models.hidden_size)
    return BothWays(traces.h, log10_left(backpropagate(traces.models, traces, dh), of), traces.nonfinite_step)


def log10_left(grads: ModelGradients, of: Of = "state") -> Array:
    """log10 of the norms of the gradients by the state, (T, M), as in `both_ways`."""
    with np.errstate(all="ignore"):
        if grads.dc is None:
            return log10_norm(grads.dh)
        if of == "c":
            logs = log10_norm(grads.dc)
            return np.where(np.isfinite(logs[-1]), logs - logs[-1], logs)
        path = np.zeros_like(grads.dc)
        path[:-1] = grads.traces.gates["f"][1:] * grads.dc[1:]
        return log10_norm(np.concatenate([grads.dh, path], axis=-1))
