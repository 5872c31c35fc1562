"""The forward pass: `unroll(network, x) -> Trace`, everything that was computed on the way.

Layer l reads the outputs of layer l - 1 (both directions side by side, forward first); layer 0 reads x. The trace is
indexed `trace[layer, direction]`, direction 0 reading left to right and 1 right to left, and every array is
indexed by the **position in the input sequence**, whichever direction wrote it. Beyond a sequence's length all is 0.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike

from rnnviz.arrays import Array
from rnnviz.cells.lstm import LSTM
from rnnviz.cells.record import Forward
from rnnviz.errors import NonFiniteError, ShapeError
from rnnviz.network import Network
from rnnviz.nonfinite import NonFinite, first_nonfinite
from rnnviz.padding import Lengths, blank, check_lengths, is_padding, reverse


@dataclass(frozen=True, eq=False)
class LayerTrace:
    """What one direction of one layer computed.

    x               (T, B, .)  its input: the network's x, or the outputs of the layer below
    h, h0           (T, B, H)  hidden state after each step, and (B, H) before the first
    gates           {letter: (T, B, H)}  LSTM i, f, g, o; GRU r, z, n; Elman its activation "h"
    preactivations  the same keys: what the gate's sigmoid, or the candidate's tanh, was taken of
    c, c0           the LSTM's cell state, (T, B, H) and (B, H); None for the other cells
    """

    x: Array
    h: Array
    h0: Array
    gates: Mapping[str, Array]
    preactivations: Mapping[str, Array]
    c: Array | None
    c0: Array | None
    seen: Forward = field(repr=False)  # the same numbers in reading order, for the backward pass

    @property
    def nbytes(self) -> int:
        """Memory that the recorded arrays take, in bytes, with what the backward pass reads again."""
        return sum(buffer.nbytes for buffer in {id(b): b for a in self.seen.arrays() for b in [_owner(a)]}.values())


@dataclass(frozen=True, eq=False)
class Trace:
    """The whole forward pass: `trace[layer, direction]` is a LayerTrace, `y` the network's output.

    y        (T, B, Q) with a readout, otherwise (T, B, D*H), the top layer's h
    lengths  (B,) or None where no sequence is padded
    """

    y: Array
    lengths: Lengths | None
    layers: tuple[tuple[LayerTrace, ...], ...] = field(repr=False)

    def __getitem__(self, key: tuple[int, int]) -> LayerTrace:
        layer, direction = key
        return self.layers[layer][direction]

    @property
    def nbytes(self) -> int:
        """Memory of everything recorded, in bytes."""
        return self.y.nbytes + sum(layer.nbytes for directions in self.layers for layer in directions)

    @property
    def nonfinite(self) -> NonFinite | None:
        """Where the pass first left the finite range, in the order in which it was computed; None if it never did."""
        for number, directions in enumerate(self.layers):
            for direction, layer in enumerate(directions):
                quantities = {f"pre-activation {gate}": a for gate, a in layer.preactivations.items()}
                quantities |= layer.gates
                quantities |= {"h": layer.h} if layer.c is None else {"c": layer.c, "h": layer.h}
                found = first_nonfinite(quantities, number, direction, backwards=direction == 1)
                if found is not None:
                    return found
        return first_nonfinite({"y": self.y}, None, None, backwards=False)


def unroll(
    network: Network,
    x: ArrayLike,
    lengths: ArrayLike | None = None,
    h0: ArrayLike | None = None,
    c0: ArrayLike | None = None,
) -> Trace:
    """Run `network` over the batch `x` and record everything.

    x        (T, B, I), time first; cast to the network's dtype
    lengths  (B,) whole numbers from 1 to T: what lies beyond them has no effect, whatever stands there
    h0, c0   initial states (L*D, B, H) in PyTorch's order, layer by layer and forward direction first; or (B, H) for a
             network of one layer and one direction; zeros where None. c0 is the LSTM's alone.

    Raises ShapeError for a shape that does not fit, an empty sequence or batch, or a length outside 1..T, and
    NonFiniteError, which names the place, for NaN or infinity in x, h0 or c0. Numbers that leave the finite range
    on the way stay in the trace as they are; `trace.nonfinite` says where that began.
    """
    x = _as_batch(x, network)
    T, B, _ = x.shape
    lengths = check_lengths(lengths, T, B)
    _require_finite("x", x, lengths)
    if c0 is not None and network.cell != "lstm":
        raise ShapeError(f"c0 is the initial cell state of an LSTM; this network's cell is {network.cell}")
    h_start, c_start = _initial_state("h0", h0, network, B), _initial_state("c0", c0, network, B)

    layers = []
    level = x.transpose(0, 2, 1)
    if lengths is not None:
        level = level.copy()
        blank(level, lengths)
    with np.errstate(over="ignore", invalid="ignore"):
        for directions in network.layers:
            row = []
            for direction, cell in enumerate(directions):
                index = len(layers) * network.num_directions + direction
                read = reverse(level, lengths) if direction else level
                if isinstance(cell, LSTM):
                    seen = cell.forward(read, h_start[index].T, c_start[index].T)
                else:
                    seen = cell.forward(read, h_start[index].T)
                if lengths is not None:
                    for a in seen.arrays():
                        blank(a, lengths)
                row.append(_layer_trace(seen, direction, lengths, h_start[index], c_start[index]))
            layers.append(tuple(row))
            outputs = [layer.h.transpose(0, 2, 1) for layer in row]
            level = outputs[0] if len(outputs) == 1 else np.concatenate(outputs, axis=1)
        if network.readout is not None:
            level = network.readout.forward(level)
            blank(level, lengths)
    return Trace(y=_people_view(level), lengths=lengths, layers=tuple(layers))


def _layer_trace(seen: Forward, direction: int, lengths: Lengths | None, h0: Array, c0: Array) -> LayerTrace:
    """The record of one direction as people read it: batch before features, indexed by position."""

    def view(a: Array) -> Array:
        return _people_view(reverse(a, lengths) if direction else a)

    return LayerTrace(
        x=view(seen.x),
        h=view(seen.h),
        h0=h0,
        gates={gate: view(a) for gate, a in seen.gates.items()},
        preactivations={gate: view(a) for gate, a in seen.preactivations.items()},
        c=None if seen.c is None else view(seen.c),
        c0=None if seen.c is None else c0,
        seen=seen,
    )


def _people_view(a: Array) -> Array:
    """(T, rows, B) -> (T, B, rows), read-only: a trace does not change."""
    view = a.transpose(0, 2, 1)
    view.flags.writeable = False
    return view


def _owner(a: Array) -> Array:
    """The array whose memory `a` is a view of."""
    while isinstance(a.base, np.ndarray):
        a = a.base
    return a


def _as_batch(x: ArrayLike, network: Network) -> Array:
    """`x` as (T, B, I) in the network's dtype."""
    given = np.asarray(x)
    I = network.input_size
    if given.ndim != 3 or given.shape[2] != I:
        raise ShapeError(f"x needs shape (T, B, I) with I = {I} inputs, got {given.shape}")
    if given.size == 0:
        raise ShapeError(f"x needs at least one step and one sequence, got (T, B, I) = {given.shape}")
    if given.dtype.kind not in "fiub":
        raise ShapeError(f"x needs real numbers, got dtype {given.dtype}")
    return given.astype(network.dtype, copy=False)


def _require_finite(name: str, a: Array, lengths: Lengths | None = None) -> None:
    """Raise NonFiniteError at the first NaN or infinity of `a` (T or L*D, B, .) that is no padding."""
    bad = ~np.isfinite(a)
    if not bad.any():
        return
    if lengths is not None:
        bad &= ~is_padding(lengths, len(a))[:, :, None]
    if bad.any():
        place = tuple(int(k) for k in np.argwhere(bad)[0])
        raise NonFiniteError(f"{name} must be finite; {name}[{', '.join(map(str, place))}] is {a[place]}")


def _initial_state(name: str, state: ArrayLike | None, network: Network, B: int) -> Array:
    """The initial states (L*D, B, H), zeros where none are given."""
    shape = (network.num_layers * network.num_directions, B, network.hidden_size)
    if state is None:
        return np.zeros(shape, network.dtype)
    given = np.asarray(state, dtype=network.dtype)
    if given.shape == shape[1:] and shape[0] == 1:
        given = given[None]
    if given.shape != shape:
        raise ShapeError(f"{name} needs shape (L*D, B, H) = {shape}, got {given.shape}")
    _require_finite(name, given)
    return given.copy()
