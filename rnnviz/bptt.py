"""The backward pass: back-propagation through time, `backpropagate(network, trace, dy) -> Gradients`.

The loss enters as dy = dL/dy at every step and runs from the top layer down and, within a layer, from the last step
that a direction read to the first. What reaches each step is kept: dL/dh_t and dL/dc_t **in full** (through the output
of step t and through all later steps), and dL/d of every gate and pre-activation.

Truncated: with `truncate=k` each direction's steps, in the order in which it read them, fall into windows of k; no
gradient passes from a window to the one before it, as when a network is trained on windows of k steps whose states
are carried over (Williams & Peng 1990, "An efficient gradient-based algorithm for on-line training of recurrent
network trajectories", Neural Computation 2: the case h = h' = k). Forward values are those of the whole sequence.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike

from rnnviz.arrays import Array
from rnnviz.cells.record import Backward
from rnnviz.errors import ShapeError
from rnnviz.network import Network
from rnnviz.nonfinite import NonFinite, first_nonfinite
from rnnviz.padding import Lengths, blank, reverse
from rnnviz.state_dict import parameter_name
from rnnviz.trace import Trace


@dataclass(frozen=True, eq=False)
class LayerGradients:
    """What reached one direction of one layer; shapes as in the LayerTrace of the same index.

    dh, dh0         (T, B, H), total dL/dh_t, and (B, H) for the initial state
    dgates          {letter: (T, B, H)}; for Elman, "h" is dh
    dpreactivations the same keys
    dc, dc0         the LSTM's, (T, B, H) and (B, H); None for the other cells
    """

    dh: Array
    dh0: Array
    dgates: Mapping[str, Array]
    dpreactivations: Mapping[str, Array]
    dc: Array | None
    dc0: Array | None


@dataclass(frozen=True, eq=False)
class Gradients:
    """The whole backward pass: `grads[layer, direction]` is a LayerGradients.

    params  {PyTorch name: dL/dparameter}, the keys and shapes of `network.state_dict()`
    dx      (T, B, I)
    """

    params: Mapping[str, Array]
    dx: Array
    layers: tuple[tuple[LayerGradients, ...], ...] = field(repr=False)

    def __getitem__(self, key: tuple[int, int]) -> LayerGradients:
        layer, direction = key
        return self.layers[layer][direction]

    @property
    def nonfinite(self) -> NonFinite | None:
        """Where the pass first left the finite range, in the order in which it was computed; None if it never did."""
        for number in reversed(range(len(self.layers))):
            for direction, layer in enumerate(self.layers[number]):
                quantities = {"dh": layer.dh} if layer.dc is None else {"dh": layer.dh, "dc": layer.dc}
                quantities |= {f"d(pre-activation {gate})": a for gate, a in layer.dpreactivations.items()}
                found = first_nonfinite(quantities, number, direction, backwards=direction == 0)
                if found is not None:
                    return found
        return first_nonfinite({"dx": self.dx}, None, None, backwards=True)


def backpropagate(network: Network, trace: Trace, dy: ArrayLike, truncate: int | None = None) -> Gradients:
    """All gradients of a loss whose derivative by the output is `dy`.

    dy        dL/dy, the shape of trace.y; its padding counts as 0
    truncate  cut the gradient every so many steps (at least 1); None: never. k >= T changes nothing.

    Raises ShapeError where dy or the trace does not fit the network, ValueError for a `truncate` below 1.
    A gradient that leaves the finite range stays as it is; `grads.nonfinite` says where that began.
    """
    _require_same_network(network, trace)
    given = np.asarray(dy)
    if given.shape != trace.y.shape:
        raise ShapeError(f"dy needs the shape of trace.y, {trace.y.shape}; got {given.shape}")
    if truncate is not None and (truncate != int(truncate) or truncate < 1):
        raise ValueError(f"truncate needs a whole number of steps, at least 1, or None; got {truncate}")

    lengths, H = trace.lengths, network.hidden_size
    level = np.array(given.transpose(0, 2, 1), dtype=network.dtype, order="C")
    blank(level, lengths)
    params: dict[str, Array] = {}
    with np.errstate(over="ignore", invalid="ignore", under="ignore"):
        if network.readout is not None:
            top = [layer.h.transpose(0, 2, 1) for layer in trace.layers[-1]]
            level, params = network.readout.backward(top, level)
        layers = []
        for number in reversed(range(network.num_layers)):
            row, below = [], []
            for direction, cell in enumerate(network.layers[number]):
                dh = level[:, direction * H : (direction + 1) * H]
                dh = np.ascontiguousarray(reverse(dh, lengths) if direction else dh)
                back = cell.backward(trace[number, direction].seen, dh, truncate)  # type: ignore[arg-type]
                for name, gradient in back.params.items():
                    params[parameter_name(name, number, direction)] = gradient
                row.append(_layer_gradients(back, direction, lengths))
                below.append(reverse(back.dx, lengths) if direction else back.dx)
            layers.append(tuple(row))
            level = below[0] if len(below) == 1 else below[0] + below[1]
    return Gradients(
        params={name: params[name] for name in network.state_dict()},
        dx=level.transpose(0, 2, 1),
        layers=tuple(reversed(layers)),
    )


def _layer_gradients(back: Backward, direction: int, lengths: Lengths | None) -> LayerGradients:
    """The gradients of one direction as people read them: batch before features, indexed by position."""

    def view(a: Array) -> Array:
        return (reverse(a, lengths) if direction else a).transpose(0, 2, 1)

    return LayerGradients(
        dh=view(back.dh),
        dh0=back.dh0.T,
        dgates={gate: view(a) for gate, a in back.dgates.items()},
        dpreactivations={gate: view(a) for gate, a in back.dpreactivations.items()},
        dc=None if back.dc is None else view(back.dc),
        dc0=None if back.dc0 is None else back.dc0.T,
    )


def _require_same_network(network: Network, trace: Trace) -> None:
    """Raise ShapeError unless the trace has the layers, directions, gates and sizes of the network."""
    shape = [[(*cell.GATES, cell.weight_ih.shape[1], network.hidden_size) for cell in row] for row in network.layers]
    seen = [[(*layer.gates, layer.x.shape[2], layer.h.shape[2]) for layer in row] for row in trace.layers]
    if shape != seen or trace.y.shape[2] != network.output_width:
        raise ShapeError("this trace was not made by this network: unroll the network that is to be differentiated")
