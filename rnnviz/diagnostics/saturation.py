"""How saturated a gate or candidate is, and the slope that is left of its activation, as shares of the largest slope.

               slope                                  saturation = 1 - slope
    sigmoid    4 s (1 - s)  =  1 / cosh^2(a / 2)      (2 s - 1)^2  =  tanh^2(a / 2)      s = sigma(a), steepest 1/4
    tanh       1 - t^2      =  1 / cosh^2(a)          t^2          =  tanh^2(a)          t = tanh(a),  steepest 1

Saturation is 0 where the unit answers fully (a = 0) and 1 where it answers no more. The slope is what the backward
pass multiplies with at this place, so that a gradient cannot pass a saturated unit however large the weights are:
Pascanu, Mikolov & Bengio (2013), "On the difficulty of training recurrent neural networks", ICML, section 2.1.

Both are computed from the pre-activation a, the right-hand sides: s itself is rounded to 0 or 1 beyond about -38 and 37
(in float32 far earlier), while the slope is still a number. A place that surgery holds has slope 0 and saturation 1,
because no gradient passes there, and so has the padding, which takes part in nothing. The candidates of GRU and LSTM
are tanh, and so is what the LSTM hands out of its cell, tanh(c_t), listed as "c". A relu or linear cell does not
saturate and has no entry. Arrays are (T, B, H), in float64, by position in the input sequence.
"""

from collections.abc import Callable

import numpy as np

from rnnviz.arrays import Array, require
from rnnviz.cells import Cell
from rnnviz.diagnostics.layers import PerLayer, per_layer
from rnnviz.padding import is_padding
from rnnviz.trace import LayerTrace, Trace


def gate_saturation(trace: Trace) -> PerLayer[dict[str, Array]]:
    """(2 s - 1)^2 of every sigmoid, {letter: (T, B, H)} per layer and direction: 1 is saturated; NaN where a is NaN.

    LSTM i, f, o; GRU r, z; of an Elman network with a sigmoid "h", and with another activation no entry at all.
    """
    return _of_each(trace, "sigmoid", _saturation, 1.0)


def tanh_saturation(trace: Trace) -> PerLayer[dict[str, Array]]:
    """t^2 of every tanh, {letter: (T, B, H)} per layer and direction: 1 is saturated; NaN where a is NaN.

    LSTM g and "c", for tanh(c_t); GRU n; of an Elman network with tanh "h", and with another activation no entry.
    """
    return _of_each(trace, "tanh", _saturation, 1.0)


def gate_slopes(trace: Trace) -> PerLayer[dict[str, Array]]:
    """4 s (1 - s), what is left of each sigmoid's slope: 1 - `gate_saturation`, and right where next to none is."""
    return _of_each(trace, "sigmoid", _slope, 0.0)


def tanh_slopes(trace: Trace) -> PerLayer[dict[str, Array]]:
    """1 - t^2, what is left of each tanh's slope: 1 - `tanh_saturation`, and right where next to none is."""
    return _of_each(trace, "tanh", _slope, 0.0)


def activation(cell: Cell, gate: str) -> str:
    """The name of the function that `gate` of `cell` is the value of: "sigmoid", "tanh", "relu", "linear"."""
    return cell.SPEC.gate(gate).activation or str(getattr(cell, "nonlinearity", ""))


def _of_each(
    trace: Trace, name: str, measure: Callable[[Array, float], Array], held: float
) -> PerLayer[dict[str, Array]]:
    """The measure of the gates whose activation has that name; `held` where surgery holds them, and in the padding."""
    require("trace", trace, Trace)
    return per_layer(
        lambda cell, layer: _of_layer(cell, layer, name, measure, held), trace.network.layers, trace.layers
    )


def _of_layer(
    cell: Cell, layer: LayerTrace, name: str, measure: Callable[[Array, float], Array], held: float
) -> dict[str, Array]:
    """The same of one direction."""
    found = {gate: layer.preactivations[gate] for gate in cell.GATES if activation(cell, gate) == name}
    shares = {gate: measure(a, 0.5 if name == "sigmoid" else 1.0) for gate, a in found.items()}
    for gate, share in shares.items():
        if gate in layer.pinned:
            share[layer.pinned[gate]] = held
    if layer.c is not None and name == "tanh":
        shares["c"] = measure(layer.c, 1.0)
    if layer.order.lengths is not None:
        for share in shares.values():
            share[is_padding(layer.order.lengths, len(share))] = held
    return shares


def _slope(a: Array, by: float) -> Array:
    """1 / cosh^2(by a), in float64."""
    slope: Array = 1 / np.cosh(by * a.astype(np.float64))
    slope *= slope
    return slope


def _saturation(a: Array, by: float) -> Array:
    """tanh^2(by a), in float64."""
    share: Array = np.tanh(by * a.astype(np.float64))
    share *= share
    return share
