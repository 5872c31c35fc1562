"""By which way the gradient comes back: along the conveyor, or through which gate it first leaves it.

A change of c_k reaches c_T in many ways. It may stay on the conveyor, multiplied by a forget gate at each step; or, at
any step, leave it through h_j = o_j tanh(c_j), enter a gate of the step after, and come back from there by whichever
way. With dc_T/dc_k as the backward pass means it, every way counted (dc_k is dL/dc_k where dL/dc_T is 1),

    LSTM    dc_T/dc_k = diag(f_T ... f_{k+1}) + through i + f + g + o
    GRU     dh_T/dh_k = diag(z_T ... z_{k+1}) + through r + z + n
    Elman   dh_T/dh_k =                         through h           no conveyor

Every way is counted once, under the gate that it enters first after leaving the conveyor. One step back,

    through_k [gate] = through_{k+1} [gate] diag(keep_{k+1}) + A_{k+1} N_{k+1} [gate] diag(shown_k)
    dc_T/dh_k        = sum over the gates of A_{k+1} N_{k+1} [gate]                  c_k held

with N the part of the step's Jacobian that lies behind this gate, keep = f, or z (`jacobians.StepParts`), shown_k =
dh_k/dc_k = o_k (1 - tanh^2 c_k), 1 for the other cells, and A the total dc_T/dc_{k+1}, or behind the output gate, which
acts on h_{k+1} alone, dc_T/dh_{k+1}. At k = 0, h_0 is a constant and shown_0 = 0.

Sources: the constant error carousel of Hochreiter & Schmidhuber (1997), "Long short-term memory", Neural Computation
9, section 3.2, with the forget gate of Gers, Schmidhuber & Cummins (2000); the sum over ways is the chain rule.
"""

from dataclasses import dataclass

import numpy as np

from rnnviz.arrays import Array
from rnnviz.diagnostics.jacobians import StepParts, by_position, states_by_position, step_parts
from rnnviz.diagnostics.layers import PerLayer, per_layer
from rnnviz.network import Network
from rnnviz.padding import is_padding
from rnnviz.trace import LayerTrace, Trace


@dataclass(frozen=True, eq=False)
class GradientPaths:
    """dc_T/dc_k of the LSTM, dh_T/dh_k of the others, for every k, and the ways that it is the sum of.

    Entry [k, b, i, j] is the derivative of unit i at the end by unit j at k; rows k = 0..T as in `JacobianProducts`.
    0 in the padding; NaN where NaN or infinity lies on the way. What is smaller than 1e-308 is 0.

    total    (T + 1, B, H, H)          direct + the sum of through
    direct   (T + 1, B, H)             its diagonal: the product of the forget gates, of z; 1 at k = T alone for Elman
    through  {gate: (T + 1, B, H, H)}  by the gate first entered: LSTM i, f, g, o; GRU r, z, n; Elman h
    """

    total: Array
    direct: Array
    through: dict[str, Array]


def gradient_paths(network: Network, trace: Trace) -> PerLayer[GradientPaths]:
    """The ways back from the last step that is read to every step before it, per layer and direction.

    Raises ShapeError where the trace is another network's.
    """
    parts = step_parts(network, trace)
    return per_layer(_paths, trace.layers, parts.layers)


def _paths(layer: LayerTrace, parts: StepParts) -> GradientPaths:
    order, is_lstm = layer.order, "o" in parts.through
    keep = by_position(order, parts.keep).copy()
    N = np.stack([by_position(order, part) for part in parts.through.values()], axis=2)
    shown = np.roll(by_position(order, parts.shown), 1, axis=0)
    shown[0] = 0 if is_lstm else 1
    T, B, gates, H, _ = N.shape
    if order.lengths is not None:
        padding = is_padding(order.lengths, T)
        keep[padding], N[padding] = 1, 0

    direct, through = np.empty((T + 1, B, H)), np.empty((T + 1, B, gates, H, H))
    total, by_gate = np.empty((T + 1, B, H, H)), np.empty((B, gates, H, H))
    identity = np.eye(H)
    direct[T], through[T], total[T] = 1, 0, identity
    by_h = np.zeros((B, H, H))
    for k in reversed(range(T)):
        np.matmul(total[k + 1][:, None], N[k], out=by_gate)
        if is_lstm:
            np.matmul(by_h, N[k, :, -1], out=by_gate[:, -1])
            by_h = by_gate.sum(axis=1)
        direct[k] = direct[k + 1] * keep[k]
        through[k] = through[k + 1] * keep[k, :, None, None] + by_gate * shown[k, :, None, None]
        total[k] = through[k].sum(axis=1) + direct[k][:, :, None] * identity
    total, direct, through = (states_by_position(order, a, 0) for a in (total, direct, through))
    return GradientPaths(total, direct, {gate: through[:, :, i] for i, gate in enumerate(parts.through)})
