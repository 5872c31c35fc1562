"""How much of what an LSTM's cell holds is left after k steps: what the forget bias promises, and what is measured.

Promised: where a forget gate listens to nothing but its bias, f = sigma(b_f) at each step, and along the conveyor
dc_{t+k}/dc_t = sigma(b_f)^k (Gers, Schmidhuber & Cummins 2000; the bias of 1 in Jozefowicz, Zaremba & Sutskever 2015).
Measured: the cell state before the first step is moved up and down by a nudge e, the network reads on, and

    (c_k(c_0 + e) - c_k(c_0 - e)) / (2 e)  =  dc_k/dc_0 + O(e^2)

is the share that arrives, by every way there is: along the conveyor, whose gates open and close, and through h.
"""

import numpy as np

from rnnviz.activations import sigmoid
from rnnviz.arrays import Array, number, require, whole, whole_number
from rnnviz.errors import ShapeError
from rnnviz.trace import Trace, unroll

NUDGE = 1e-3


def promised_retention(forget_bias: float, steps: int) -> Array:
    """sigma(forget_bias)^k for k = 0..steps, (steps + 1,). Raises ValueError for a bias that is not finite."""
    kept = sigmoid(np.array([number("forget_bias", forget_bias, "(-inf, inf)")]))
    powers: Array = kept ** np.arange(whole("steps", steps, 0) + 1)
    return powers


def measured_retention(trace: Trace, unit: int) -> Array:
    """dc_k/dc_0 of `unit`, from 0, for k = 0..T, (T + 1,): of the first sequence, surgery included.

    In the LSTM's first layer and forward direction; the network is run in float64. What stands below about 1e-12 is
    rounding. Raises ShapeError for another cell than an LSTM, or a unit out of range.
    """
    require("trace", trace, Trace)
    network, layer = trace.network, trace[0, 0]
    j = whole_number(unit)
    if "c" not in network.spec.states or j is None or not 0 <= j < network.hidden_size:
        raise ShapeError(
            f"measured_retention: an LSTM and a unit in 0..{network.hidden_size - 1} are needed, "
            f"got {network.cell} and unit {unit}"
        )
    wide = network.with_parameters({name: a.astype(np.float64) for name, a in network.state_dict().items()})
    T = len(layer.h) if trace.lengths is None else int(trace.lengths[0])
    x = layer.x[:, [0, 0]].astype(np.float64)
    places = [(l, d) for l in range(network.num_layers) for d in range(network.num_directions)]
    h0 = np.stack([trace[place].h0[[0, 0]] for place in places]).astype(np.float64)
    c0 = np.stack([start[[0, 0]] for place in places if (start := trace[place].c0) is not None]).astype(np.float64)
    c0[0, :, j] += (NUDGE, -NUDGE)
    lengths = None if trace.lengths is None else trace.lengths[[0, 0]]
    c = np.asarray(unroll(wide, x, lengths, h0, c0, trace.surgery)[0, 0].c)
    return np.concatenate([[1.0], (c[:T, 0, j] - c[:T, 1, j]) / (2 * NUDGE)])
