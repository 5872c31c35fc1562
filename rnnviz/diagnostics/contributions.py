"""What each step adds to the gradient of the weights it shares with all other steps.

    dL/dW_hh = sum_t da_t h_{t-1}^T        dL/dW_ih = sum_t da_t x_t^T        dL/db = sum_t da_t

Back-propagation through time reads these sums from the last step to the first, so that

    norm_t     = ||da_t h_{t-1}^T||                  the size of step t's own contribution
    running_t  = ||sum_{s >= t} da_s h_{s-1}^T||     the size of what has been summed when step t has been read

and likewise for W_ih and b, in the Frobenius norm. Where the gradient vanishes, `running` stands still long before the
first step: the weights hear nothing of the early steps (Bengio, Simard & Frasconi 1994, "Learning long-term
dependencies with gradient descent is difficult", IEEE Transactions on Neural Networks 5; the sum is equation 4 in
Pascanu, Mikolov & Bengio 2013, "On the difficulty of training recurrent neural networks", ICML). At the first step
that a direction reads, `running` is the norm of the parameter's gradient.

The GRU's candidate has its reset gate inside: its rows of W_hh receive (r_t * da^n_t) h_{t-1}^T with the reset after
the product, and da^n_t (r_t * h_{t-1})^T with the reset before. `b` is b_ih; b_hh has the same gradient, except in the
reset-after GRU, whose candidate's b_hn stands next to W_hn and receives r_t * da^n_t.
"""

from dataclasses import dataclass

import numpy as np

from rnnviz.arrays import Array, require
from rnnviz.bptt import Gradients, LayerGradients
from rnnviz.cells import GRU, Cell
from rnnviz.diagnostics.layers import PerLayer, per_layer
from rnnviz.diagnostics.norms import norm, scaled_norm
from rnnviz.errors import ShapeError
from rnnviz.padding import ReadingOrder
from rnnviz.trace import LayerTrace, Trace

BLOCK = 1 << 15  # numbers of running sums that are held at a time: they stay in the cache


@dataclass(frozen=True, eq=False)
class Contributions:
    """Each step's part in the gradient of one parameter, by position in the input sequence; 0 in the padding.

    norm     (T, B) of the step's own contribution, at least 0
    running  (T, B) of the sum over this step and all that the direction reads after it
    """

    norm: Array
    running: Array


@dataclass(frozen=True, eq=False)
class WeightGradientByStep:
    """The contributions to one layer and direction's `weight_ih`, `weight_hh` and `bias`, each sequence by itself."""

    weight_ih: Contributions
    weight_hh: Contributions
    bias: Contributions


def weight_gradient_by_step(trace: Trace, grads: Gradients) -> PerLayer[WeightGradientByStep]:
    """The norm of each step's own contribution to dL/dW_ih, dL/dW_hh and dL/db, and of their running sums.

    All in float64. What left the finite range makes its own norms, and the sums from there on, inf or NaN.
    Raises ShapeError where the gradients belong to another trace.
    """
    require("trace", trace, Trace)
    require("grads", grads, Gradients)
    forward = [[layer.seen.h.shape for layer in row] for row in trace.layers]
    backward = [[reached.back.dh.shape for reached in row] for row in grads.layers]
    gates = [[reached.back.dgates.keys() for reached in row] for row in grads.layers]
    same = gates == [[layer.seen.gates.keys() for layer in row] for row in trace.layers]
    if not same or forward != backward or trace.y.shape != grads.dy.shape:
        raise ShapeError(f"weight_gradient_by_step: {grads!r} are not the gradients of {trace!r}")
    return per_layer(_by_step, trace.network.layers, trace.layers, grads.layers)


def _by_step(cell: Cell, layer: LayerTrace, reached: LayerGradients) -> WeightGradientByStep:
    """One direction of one layer, computed in reading order."""
    I, inputs = layer.seen.x.shape[1], layer.seen.inputs()
    x, h_prev, one = inputs[:, :I], inputs[:, I:-1], inputs[:, -1:]
    da = reached.back.dpreactivations
    rows = np.concatenate([da[gate] for gate in cell.GATES], axis=1)
    weight_hh = [(rows, h_prev)]
    if isinstance(cell, GRU):
        (reset,), gates = layer.seen.factors, rows[:, : 2 * h_prev.shape[1]]  # reset: r_t * h_{t-1}, where before
        candidate = (layer.seen.gates["r"] * da["n"], h_prev) if cell.reset_after else (da["n"], reset)
        weight_hh = [(gates, h_prev), candidate]
    return WeightGradientByStep(
        weight_ih=_contributions(layer.order, [(rows, x)]),
        weight_hh=_contributions(layer.order, weight_hh),
        bias=_contributions(layer.order, [(rows, one)]),
    )


def _contributions(order: ReadingOrder, blocks: list[tuple[Array, Array]]) -> Contributions:
    """Of a parameter whose blocks of rows receive `sum_t a_t z_t^T` each: (T, G, B), (T, K, B) in reading order."""
    norms, running = zip(*(_outer(a, z) for a, z in blocks))
    shown = [order.show(np.hypot.reduce(kind)[:, np.newaxis])[..., 0] for kind in (norms, running)]
    return Contributions(*shown)


def _outer(a: Array, z: Array) -> tuple[Array, Array]:
    """||a_t z_t^T|| and ||sum_{s >= t} a_s z_s^T||, (T, B) each: (T, G, B), (T, K, B), a sum for each b."""
    a, z = (v.transpose(0, 2, 1).astype(np.float64) for v in (a, z))
    (T, B, G), K = a.shape, z.shape[2]
    (norm_a, exponent_a), (norm_z, exponent_z) = scaled_norm(a), scaled_norm(z)
    running, total = np.empty((T, B)), np.zeros((B, G, K))
    many = max(BLOCK // (B * G * K), 1)
    for end in range(T, 0, -many):
        steps = slice(max(end - many, 0), end)
        sums = a[steps, :, :, np.newaxis] * z[steps, :, np.newaxis, :]
        for sum_t in sums[::-1]:
            sum_t += total
            total = sum_t
        running[steps] = norm(sums.reshape(-1, B, G * K))
    return np.ldexp(norm_a * norm_z, exponent_a + exponent_z), running
