"""How large the gradient is that reaches each step, however small or large that is.

    ||dL/dh_t|| = sqrt(sum_j (dL/dh_t[j])^2)        and, for the LSTM, ||dL/dc_t||

over the units j, for each step t and each sequence of the batch. What Bengio, Simard & Frasconi (1994), "Learning
long-term dependencies with gradient descent is difficult", IEEE Transactions on Neural Networks 5, found to vanish or
explode with the distance from the loss is this size.

A square leaves the float's range long before the number does: 1e-200 squared is 0. So each vector is first divided by
a power of two near its largest entry, which rounds nothing; logarithms are taken before it is multiplied back.
Steps are positions in the input sequence; in the padding the gradient is 0, and its logarithm -inf.
"""

import numpy as np
from numpy.typing import NDArray

from rnnviz.arrays import Array, require
from rnnviz.bptt import Gradients, LayerGradients
from rnnviz.diagnostics.layers import PerLayer, per_layer
from rnnviz.errors import ShapeError

LOG10_2 = np.log10(2.0)
SMALL = 1e-280  # a sum of squares above it has lost nothing that counts


def hidden_gradient_norms(grads: Gradients) -> PerLayer[Array]:
    """||dL/dh_t|| of each layer and direction, (T, B), at least 0.

    dL/dh_t is the gradient in full, through the output of step t and through all later steps. A norm beyond the
    largest float64 is inf; infinity and NaN among the entries come out as themselves.
    """
    require("grads", grads, Gradients)
    return per_layer(lambda reached: norm(reached.dh), grads.layers)


def log10_hidden_gradient_norms(grads: Gradients) -> PerLayer[Array]:
    """log10 ||dL/dh_t|| of each layer and direction, (T, B).

    -inf where the gradient is 0, or was too small for its data type; inf or NaN where it left the finite range.
    """
    require("grads", grads, Gradients)
    return per_layer(lambda reached: log10_norm(reached.dh), grads.layers)


def cell_gradient_norms(grads: Gradients) -> PerLayer[Array]:
    """||dL/dc_t|| of each layer and direction of an LSTM, (T, B), as `hidden_gradient_norms`.

    Raises ShapeError for the other cells, which have no cell state.
    """
    require("grads", grads, Gradients)
    return per_layer(lambda reached: norm(_cell_gradient(reached)), grads.layers)


def log10_cell_gradient_norms(grads: Gradients) -> PerLayer[Array]:
    """log10 ||dL/dc_t|| of each layer and direction of an LSTM, (T, B), as `log10_hidden_gradient_norms`.

    Raises ShapeError for the other cells, which have no cell state.
    """
    require("grads", grads, Gradients)
    return per_layer(lambda reached: log10_norm(_cell_gradient(reached)), grads.layers)


def norm(v: Array) -> Array:
    """The Euclidean norm over the last axis, in float64: (..., H) -> (...)."""
    v = v.astype(np.float64, copy=False)
    squares = np.asarray(np.vecdot(v, v))
    found: Array = np.asarray(np.sqrt(squares))
    strange = ~((squares > SMALL) & (squares < np.inf))
    if strange.any():
        found[strange] = np.ldexp(*scaled_norm(v[strange]))
    return found


def log10_norm(v: Array) -> Array:
    """log10 of the Euclidean norm over the last axis: (..., H) -> (...); right even where the norm has no float64."""
    unit, exponent = scaled_norm(v)
    return np.asarray(np.log10(unit) + exponent * LOG10_2)


def scaled_norm(v: Array) -> tuple[Array, NDArray[np.intc]]:
    """The Euclidean norm over the last axis as two factors (...): a number whose square is in range, and 2^exponent."""
    largest = np.abs(v).max(axis=-1).astype(np.float64)
    exponent = np.clip(np.frexp(largest)[1], -1000, 1000)  # 2^1000 is a float64, and so is its inverse
    return np.linalg.norm(v * np.ldexp(1.0, -exponent)[..., np.newaxis], axis=-1), exponent


def _cell_gradient(reached: LayerGradients) -> Array:
    """dL/dc_t (T, B, H)."""
    if reached.dc is None:
        raise ShapeError("the gradient of the cell state, dL/dc_t, is the LSTM's alone: this network's cell has no c")
    return reached.dc
