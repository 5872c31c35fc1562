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
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from rnnviz.arrays import Array, read_only, real_array, require, whole_number
from rnnviz.cells.record import Backward
from rnnviz.errors import ShapeError
from rnnviz.masks import Masks, read_through
from rnnviz.network import Network
from rnnviz.nonfinite import NonFinite, first_nonfinite
from rnnviz.padding import ReadingOrder, blank
from rnnviz.state_dict import parameter_name
from rnnviz.trace import LEFT_TO_RIGHT, Trace, at


@dataclass(frozen=True, eq=False)
class LayerGradients:
    """What reached one direction of one layer; shapes as in the LayerTrace of the same index.

    dh, dh0         (T, B, H), total dL/dh_t, and (B, H) for the initial state
    dgates          {letter: (T, B, H)}; for Elman, "h" is dh
    dpreactivations the same keys
    dc, dc0         the LSTM's, (T, B, H) and (B, H); None for the other cells
    back, order     the same numbers as the cell computed them, in reading order
    """

    back: Backward = field(repr=False)
    order: ReadingOrder = field(repr=False)

    @cached_property
    def dh(self) -> Array:
        """dL/dh_t in full, (T, B, H)."""
        return self.order.show(self.back.dh)

    @cached_property
    def dh0(self) -> Array:
        """dL/dh_0, (B, H)."""
        return read_only(self.back.dh0.T)

    @cached_property
    def dgates(self) -> dict[str, Array]:
        """dL/d(gate) by the gate's letter, (T, B, H) each."""
        return {gate: self.order.show(a) for gate, a in self.back.dgates.items()}

    @cached_property
    def dpreactivations(self) -> dict[str, Array]:
        """dL/d(pre-activation) by the gate's letter, (T, B, H) each."""
        return {gate: self.order.show(a) for gate, a in self.back.dpreactivations.items()}

    @cached_property
    def dc(self) -> Array | None:
        """The LSTM's dL/dc_t in full, (T, B, H)."""
        return None if self.back.dc is None else self.order.show(self.back.dc)

    @cached_property
    def dc0(self) -> Array | None:
        """The LSTM's dL/dc_0, (B, H)."""
        return None if self.back.dc0 is None else read_only(self.back.dc0.T)


@dataclass(frozen=True, eq=False)
class Gradients:
    """The whole backward pass: `grads[layer, direction]` is a LayerGradients.

    params    {PyTorch name: dL/dparameter}, the keys and shapes of `network.state_dict()`
    dy        (T, B, Q) or (T, B, D*H), the dL/dy that entered, its padding 0
    truncate  the pass was cut every so many steps in reading order; None: never
    masks     what the trace was multiplied with, as it has them
    """

    params: Mapping[str, Array]
    dy: Array
    layers: tuple[tuple[LayerGradients, ...], ...]
    truncate: int | None = None
    masks: Masks | None = field(default=None, repr=False)

    @cached_property
    def dx(self) -> Array:
        """dL/dx, (T, B, I)."""
        return LEFT_TO_RIGHT.show(read_through(self.masks, 0, _into(self.layers[0])))

    def __getitem__(self, key: tuple[int, int]) -> LayerGradients:
        return at(self.layers, key)

    def __repr__(self) -> str:
        return f"Gradients(dx {self.dx.shape}, {len(self.params)} parameters; nonfinite: {self.nonfinite})"

    @property
    def nonfinite(self) -> NonFinite | None:
        """Where the pass first left the finite range, in the order in which it was computed; None if it never did."""
        for number in reversed(range(len(self.layers))):
            for direction, layer in enumerate(self.layers[number]):
                quantities = {"dh": layer.dh} if layer.dc is None else {"dh": layer.dh, "dc": layer.dc}
                quantities |= {f"d(pre-activation {gate})": a for gate, a in layer.dpreactivations.items()}
                quantities |= {f"d{gate}": a for gate, a in layer.dgates.items()}
                found = first_nonfinite(quantities, number, direction, backwards=direction == 0)
                if found is not None:
                    return found
                for name, start in {"dh0": layer.dh0, "dc0": layer.dc0}.items():
                    if start is not None and not np.isfinite(start).all():
                        return NonFinite(None, name, number, direction)
        found = first_nonfinite({"dx": self.dx}, None, None, backwards=True)
        if found is not None:
            return found
        spoiled = [name for name, gradient in self.params.items() if not np.isfinite(gradient).all()]
        return NonFinite(None, f"d({spoiled[0]})", None, None) if spoiled else None


def backpropagate(network: Network, trace: Trace, dy: ArrayLike, truncate: int | None = None) -> Gradients:
    """All gradients of a loss whose derivative by the output is `dy`.

    dy        dL/dy, the shape of trace.y; its padding counts as 0
    truncate  cut the gradient every so many steps (at least 1); None: never. k >= T changes nothing.

    Raises ShapeError where dy or the trace does not fit the network, ValueError for a `truncate` below 1.
    A gradient that leaves the finite range stays as it is; `grads.nonfinite` says where that began.
    """
    require_same_network(network, trace)
    given = real_array("dy", dy, network.dtype)
    if given.shape != trace.y.shape:
        raise ShapeError(f"dy needs the shape of trace.y, {trace.y.shape}; got {given.shape}")
    if truncate is not None:
        k = whole_number(truncate)
        if k is None or k < 1:
            raise ValueError(f"truncate needs a whole number of steps, at least 1, or None; got {truncate}")
        truncate = k

    H = network.hidden_size
    entered = level = np.array(given.transpose(0, 2, 1), order="C")
    blank(entered, trace.lengths)
    readout_params: dict[str, Array] = {}
    layers: list[tuple[LayerGradients, ...]] = []
    with np.errstate(all="ignore"):
        if network.readout is not None:
            top = [layer.order.turn(layer.seen.h) for layer in trace.layers[-1]]
            if trace.masks is not None and network.num_layers in trace.masks.inputs:
                top = [read_through(trace.masks, network.num_layers, np.concatenate(top, axis=1))]
            level, readout_params = network.readout.backward(top, level)
            level = read_through(trace.masks, network.num_layers, level)
        for cells, traces in zip(reversed(network.layers), reversed(trace.layers)):
            if layers:
                level = read_through(trace.masks, network.num_layers - len(layers), _into(layers[0]))
            row = []
            for direction, (cell, layer) in enumerate(zip(cells, traces)):
                dh = layer.order.turn(level[:, direction * H : (direction + 1) * H])
                row.append(LayerGradients(cell.backward(layer.seen, dh, truncate), layer.order))
            layers.insert(0, tuple(row))
    params = {
        parameter_name(name, number, direction): gradient
        for number, directions in enumerate(layers)
        for direction, reached in enumerate(directions)
        for name, gradient in reached.back.params.items()
    }
    return Gradients(params | readout_params, LEFT_TO_RIGHT.show(entered), tuple(layers), truncate, trace.masks)


def _into(row: tuple[LayerGradients, ...]) -> Array:
    """dL/d of what a layer reads, by all its directions together, feature-major by position: (T, I, B)."""
    parts = [layer.order.turn(layer.back.dx) for layer in row]
    return parts[0] if len(parts) == 1 else parts[0] + parts[1]


def require_same_network(network: Network, trace: Trace) -> None:
    """Raise ShapeError unless the trace comes from this network or one with the very same parameters."""
    require("network", network, Network)
    require("trace", trace, Trace)
    if trace.network is network:
        return
    other, mine, its = trace.network, network.state_dict(), trace.network.state_dict()
    same_kind = (network.reset_after, network.nonlinearity) == (other.reset_after, other.nonlinearity)
    if not same_kind or mine.keys() != its.keys() or not all(np.array_equal(mine[name], its[name]) for name in mine):
        raise ShapeError("this trace was made by another network: unroll the one that is to be differentiated")
