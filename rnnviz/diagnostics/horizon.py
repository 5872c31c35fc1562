"""How far back a network remembers: after how many steps a change of the state has all but died away.

    measured     the smallest lag k from which on ||d s_T / d s_{T-k}|| is at most 1/2, or 1/100, of its value at lag 0,
                 which is 1: by every way, through this trace's gates and slopes, for the state at the end
    predicted    the smallest whole k with  rate^k  at most 1/2, or 1/100

    rate         LSTM    sigma(b_f)          Elman    gamma rho(W_hh)
                 GRU     sigma(b_z)

The LSTM's and the GRU's rate is what the conveyor keeps at each step if the gate hears its bias alone, of the unit
that keeps most (b_f = b_if + b_hf; z keeps, as in PyTorch). The Elman cell's is that of the linear network: rho, the
spectral radius, times the activation's steepest slope gamma, 1 and for the sigmoid 1/4. Both leave out what the
measured lag has in it: saturation and closing gates make it shorter, the ways through h and a W_hh that is not normal
longer.

Sources: Gers, Schmidhuber & Cummins (2000), "Learning to forget", Neural Computation 12 (the forget gate's bias);
Tallec & Ollivier (2018), "Can recurrent neural networks warp time?", ICLR (the bias as a time scale); Pascanu, Mikolov
& Bengio (2013), "On the difficulty of training recurrent neural networks", ICML, section 2.1 (the spectral radius).
"""

from dataclasses import dataclass

import numpy as np

from rnnviz.activations import sigmoid
from rnnviz.arrays import Array, read_only
from rnnviz.cells import Cell
from rnnviz.diagnostics.jacobians import by_position
from rnnviz.diagnostics.layers import PerLayer, per_layer
from rnnviz.diagnostics.products import JacobianProducts, jacobian_products
from rnnviz.network import Network
from rnnviz.padding import ReadingOrder
from rnnviz.trace import Trace

ROUNDING = 1e-9  # in log10: a norm of exactly 1/2 has fallen to 1/2


@dataclass(frozen=True, eq=False)
class MemoryHorizon:
    """The lags, in steps, at which the norm of d s_T / d s_{T-k} has fallen to 1/2 and to 1/100 and stays below.

    half, hundredth                      (B,) measured; inf where it has not within the sequence, NaN where the pass
                                         left the finite range
    predicted_half, predicted_hundredth  from the rate; inf for a rate of 1 or more
    rate                                 sigma(b_f), sigma(b_z) or gamma rho(W_hh)
    """

    half: Array
    hundredth: Array
    predicted_half: float
    predicted_hundredth: float
    rate: float


def memory_horizon(
    network: Network, trace: Trace, products: PerLayer[JacobianProducts] | None = None
) -> PerLayer[MemoryHorizon]:
    """Measured and predicted horizon of every layer and direction, from the end of each sequence.

    products  what `jacobian_products` gave for this trace, where it is at hand: most of the work is done there

    Raises ShapeError where the trace is another network's.
    """
    found = jacobian_products(network, trace) if products is None else products
    return per_layer(_horizon, network.layers, found.layers)


def _horizon(cell: Cell, products: JacobianProducts) -> MemoryHorizon:
    rate = _rate(cell, products)
    return MemoryHorizon(
        half=_measured(products, 0.5),
        hundredth=_measured(products, 0.01),
        predicted_half=_predicted(rate, 0.5),
        predicted_hundredth=_predicted(rate, 0.01),
        rate=rate,
    )


def _measured(products: JacobianProducts, share: float) -> Array:
    """The smallest lag from which on the norm is at most `share`, (B,)."""
    lengths = None if products.order.lengths is None else products.order.lengths + 1
    norms = by_position(ReadingOrder(products.order.direction, lengths), products.log10_norm)  # in the order of reading
    lags = []
    for b, norm in enumerate(norms.T):
        read = norm if lengths is None else norm[: lengths[b]]
        above = np.flatnonzero(~(read[::-1] <= np.log10(share) + ROUNDING))
        lag = float(above[-1] + 1)
        lags.append(np.nan if np.isnan(read).any() else lag if lag < len(read) else np.inf)
    return read_only(np.array(lags))


def _predicted(rate: float, share: float) -> float:
    """The smallest whole k with rate^k <= share."""
    if not rate < 1:
        return np.nan if np.isnan(rate) else np.inf
    return float(np.ceil(np.log(share) / np.log(rate) - ROUNDING)) if rate > 0 else 1.0


def _rate(cell: Cell, products: JacobianProducts) -> float:
    """What one step keeps, were there nothing but the bias, or but W_hh."""
    if products.gamma is not None and products.spectral_radius is not None:
        return products.gamma * products.spectral_radius
    conveyor, H = cell.SPEC.letters.index(str(cell.SPEC.keep)), cell.weight_hh.shape[1]
    bias = (cell.bias_ih.astype(np.float64) + cell.bias_hh)[conveyor * H : (conveyor + 1) * H]
    return float(sigmoid(bias).max())
