"""How far from saturated: the slope of a gate's or candidate's activation, as a share of the largest it can have.

    sigmoid    4 s (1 - s)  =  1 / cosh^2(a / 2)        s = sigma(a), whose slope s (1 - s) is at most 1/4
    tanh       1 - t^2      =  1 / cosh^2(a)            t = tanh(a),  whose slope is at most 1

1 is fully responsive (a = 0), 0 is saturated. It is what the backward pass multiplies with at this place, so that a
gradient cannot pass a saturated unit however large the weights are: Pascanu, Mikolov & Bengio (2013), "On the
difficulty of training recurrent neural networks", ICML, section 2.1.

It is computed from the pre-activation a, the right-hand sides: s itself is rounded to 0 or 1 beyond about -38 and 37
(in float32 far earlier), while the slope is still a number. A place that surgery holds has slope 0, because no
gradient passes there, and so has the padding, which takes part in nothing. The candidates of GRU and LSTM are tanh,
and so is what the LSTM hands out of its cell, tanh(c_t), listed as "c". A relu or linear cell does not saturate and has
no entry. Arrays are (T, B, H), in float64, by position in the input sequence.
"""

import numpy as np

from rnnviz.arrays import Array
from rnnviz.cells import Cell, Elman
from rnnviz.diagnostics.layers import PerLayer, per_layer
from rnnviz.padding import is_padding
from rnnviz.trace import LayerTrace, Trace


def gate_saturation(trace: Trace) -> PerLayer[dict[str, Array]]:
    """4 s (1 - s) of every sigmoid, {letter: (T, B, H)} per layer and direction, in [0, 1]; NaN where a is NaN.

    LSTM i, f, o; GRU r, z; of an Elman network with a sigmoid "h", and with another activation no entry at all.
    """
    return per_layer(lambda cell, layer: _slopes(cell, layer, "sigmoid"), trace.network.layers, trace.layers)


def tanh_saturation(trace: Trace) -> PerLayer[dict[str, Array]]:
    """1 - t^2 of every tanh, {letter: (T, B, H)} per layer and direction, in [0, 1]; NaN where a is NaN.

    LSTM g and "c", for tanh(c_t); GRU n; of an Elman network with tanh "h", and with another activation no entry.
    """
    return per_layer(lambda cell, layer: _slopes(cell, layer, "tanh"), trace.network.layers, trace.layers)


def activation(cell: Cell, gate: str) -> str:
    """The name of the function that `gate` of `cell` is the value of: "sigmoid", "tanh", "relu", "linear"."""
    if isinstance(cell, Elman):
        return cell.nonlinearity
    return "tanh" if gate in "gn" else "sigmoid"


def _slopes(cell: Cell, layer: LayerTrace, name: str) -> dict[str, Array]:
    """The relative slopes of those gates of a cell whose activation has that name."""
    found = {gate: layer.preactivations[gate] for gate in cell.GATES if activation(cell, gate) == name}
    slopes = {gate: _slope(a, 0.5 if name == "sigmoid" else 1.0) for gate, a in found.items()}
    for gate, slope in slopes.items():
        if gate in layer.pinned:
            slope[layer.pinned[gate]] = 0
    if layer.c is not None and name == "tanh":
        slopes["c"] = _slope(layer.c, 1.0)
    if layer.order.lengths is not None:
        for slope in slopes.values():
            slope[is_padding(layer.order.lengths, len(slope))] = 0
    return slopes


def _slope(a: Array, share: float) -> Array:
    """1 / cosh^2(share a), in float64."""
    slope: Array = 1 / np.cosh(share * a.astype(np.float64))
    slope *= slope
    return slope
