"""The part of a recorded pass that is drawn: everything where it fits, else the part of it that tells most.

What is left out still has its say: `others` and `handed_back` are the sums over what is not drawn, so that the numbers
on the screen still add up to those that are shown beside them.
"""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from rnnviz.arrays import Array
from rnnviz.bptt import LayerGradients
from rnnviz.cells import GRU, Cell
from rnnviz.trace import LayerTrace, Trace

Indices: TypeAlias = NDArray[np.intp]
MOST_STEPS, MOST_UNITS, MOST_INPUTS, MOST_OUTPUTS, MOST_LAYERS = 200, 64, 256, 256, 4


@dataclass(frozen=True)
class Cut:
    """Which part of a network and its sequence is drawn; everything, where it fits.

    steps    slice of the sequence's positions: its last MOST_STEPS, where a loss at the end enters
    layers   slice of the layers: the topmost MOST_LAYERS
    units    (U,) hidden units of every layer: the MOST_UNITS whose state moves most
    inputs   (K,) input features: the MOST_INPUTS that are largest in size
    outputs  whether y is drawn: not with more than MOST_OUTPUTS
    """

    steps: slice
    layers: slice
    units: Indices
    inputs: Indices
    outputs: bool

    def note(self, trace: Trace, length: int) -> str:
        """What is not drawn, in words; empty where everything is."""
        net, left = trace.network, []
        if self.steps.start:
            left.append(f"the last {MOST_STEPS} of {length} steps")
        if self.layers.start:
            left.append(f"the top {MOST_LAYERS} of {net.num_layers} layers")
        if len(self.units) < net.hidden_size:
            left.append(f"the {MOST_UNITS} of {net.hidden_size} units that move most")
        width = trace[self.layers.start, 0].x.shape[2]
        if len(self.inputs) < width:
            left.append(f"the {MOST_INPUTS} largest of {width} inputs")
        if not self.outputs:
            left.append("no outputs")
        return f"Too large to draw whole. Shown: {', '.join(left)}." if left else ""


def cut(trace: Trace, sequence: int, length: int) -> Cut:
    """What of `trace` is drawn."""
    net = trace.network
    steps = slice(max(0, length - MOST_STEPS), length)
    layers = slice(max(0, net.num_layers - MOST_LAYERS), net.num_layers)
    x = trace[layers.start, 0].x[steps, sequence]
    with np.errstate(all="ignore"):
        moves = sum(np.ptp(layer.h[steps, sequence], axis=0) for row in trace.layers[layers] for layer in row)
        size = np.abs(x).max(axis=0)
    return Cut(
        steps=steps,
        layers=layers,
        units=_largest(np.asarray(moves), MOST_UNITS),
        inputs=_largest(size, MOST_INPUTS),
        outputs=trace.y.shape[2] <= MOST_OUTPUTS,
    )


def _largest(sizes: Array, most: int) -> Indices:
    """The places of the `most` largest, in their own order; NaN counts as largest."""
    return np.sort(np.argsort(-np.where(np.isnan(sizes), np.inf, sizes), kind="stable")[:most])


def others(layer: LayerTrace, cell: Cell, b: int, part: Cut, read: Indices) -> dict[str, Array]:
    """What the units and inputs that are not drawn add to each pre-activation of those that are, (T, U) per gate.

    "reset": what the units alone add to what the GRU's reset gate weighs, where that is a sum over units.
    """
    units, T = part.units, part.steps.stop
    hidden, there = _without(cell.weight_hh.shape[1], units), _without(layer.x.shape[2], read)
    h, h0, x = layer.h[:T, b], layer.h0[b][None], layer.x[:T, b][:, there]
    h_prev = np.concatenate([h0, h[:-1]]) if layer.order.direction == 0 else np.concatenate([h[1:], h0])
    h_prev = h_prev[:, hidden]
    found = {}
    for k, gate in enumerate(cell.GATES):
        rows = k * cell.weight_hh.shape[1] + units
        W_hh = cell.weight_hh[np.ix_(rows, hidden)]
        if isinstance(cell, GRU) and gate == "n":
            r = layer.gates["r"][:T, b]
            if cell.reset_after:
                found["reset"] = r[:, units] * (h_prev @ W_hh.T)
            recurrent = found["reset"] if cell.reset_after else (r[:, hidden] * h_prev) @ W_hh.T
        else:
            recurrent = h_prev @ W_hh.T
        found[gate] = x @ cell.weight_ih[np.ix_(rows, there)].T + recurrent
    return found


def handed_back(layer: LayerTrace, cell: Cell, reached: LayerGradients, b: int, part: Cut) -> Array:
    """What each drawn step hands back to h of the step before it, through all units: (T, U) at the drawn ones."""
    steps, units, H = part.steps, part.units, cell.weight_hh.shape[1]
    gate = {name: a[steps, b] for name, a in layer.gates.items()}
    da = {name: a[steps, b] for name, a in reached.dpreactivations.items()}
    through = {name: cell.weight_hh[k * H : (k + 1) * H, units] for k, name in enumerate(cell.GATES)}
    if not isinstance(cell, GRU):
        return sum((da[name] @ through[name] for name in cell.GATES), np.zeros((1, len(units))))
    n = (gate["r"] * da["n"]) @ through["n"] if cell.reset_after else gate["r"][:, units] * (da["n"] @ through["n"])
    along = (reached.dh[steps, b] * gate["z"])[:, units]
    if "h" in layer.pinned:
        along[layer.pinned["h"][steps, b][:, units]] = 0
    return along + n + da["r"] @ through["r"] + da["z"] @ through["z"]


def _without(count: int, chosen: Indices) -> Indices:
    return np.delete(np.arange(count), chosen)
