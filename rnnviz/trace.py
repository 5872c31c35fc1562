"""The forward pass: `unroll(network, x) -> Trace`, everything that was computed on the way.

Layer l reads the outputs of layer l - 1 (both directions side by side, forward first); layer 0 reads x. The trace is
indexed `trace[layer, direction]`, direction 0 reading left to right and 1 right to left, and every array is
indexed by the **position in the input sequence**, whichever direction wrote it. Beyond a sequence's length all is 0.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rnnviz.arrays import Array, read_only, real_array, require
from rnnviz.cells.record import Forward, Mask
from rnnviz.errors import NonFiniteError, ShapeError
from rnnviz.masks import Masks, check_masks, inside, read_through
from rnnviz.network import Network
from rnnviz.nonfinite import NonFinite, first_nonfinite
from rnnviz.padding import Lengths, ReadingOrder, blank, check_lengths, is_padding
from rnnviz.surgery import Surgery, as_surgery, prepare

Record = TypeVar("Record")
LEFT_TO_RIGHT = ReadingOrder(0, None)  # of what belongs to no direction: y, dy, dx


@dataclass(frozen=True, eq=False)
class LayerTrace:
    """What one direction of one layer computed; all arrays are read-only.

    x               (T, B, .)  its input: the network's x, or the outputs of the layer below
    h, h0           (T, B, H)  hidden state after each step, and (B, H) before the first
    gates           {letter: (T, B, H)}  LSTM i, f, g, o; GRU r, z, n; Elman its activation "h"
    preactivations  the same keys: what the gate's sigmoid, or the candidate's tanh, was taken of
    c, c0           the LSTM's cell state, (T, B, H) and (B, H); None for the other cells
    pinned          {letter: (T, B, H) bool}, where surgery held a gate or a state; empty where none is held
    seen, order     the same numbers as the cell computed them, in reading order, for the backward pass
    """

    seen: Forward = field(repr=False)
    order: ReadingOrder = field(repr=False)
    h0: Array
    c0: Array | None = None

    @cached_property
    def x(self) -> Array:
        """The layer's input, (T, B, I) or (T, B, D*H)."""
        return self.order.show(self.seen.x)

    @cached_property
    def h(self) -> Array:
        """The hidden state after each step, (T, B, H)."""
        return self.order.show(self.seen.h)

    @cached_property
    def c(self) -> Array | None:
        """The LSTM's cell state after each step, (T, B, H)."""
        return None if self.seen.c is None else self.order.show(self.seen.c)

    @cached_property
    def gates(self) -> dict[str, Array]:
        """The gates by their letters, (T, B, H) each."""
        return {gate: self.order.show(a) for gate, a in self.seen.gates.items()}

    @cached_property
    def preactivations(self) -> dict[str, Array]:
        """What the gates' activations were taken of, by the gates' letters, (T, B, H) each."""
        return {gate: self.order.show(a) for gate, a in self.seen.preactivations.items()}

    @cached_property
    def pinned(self) -> dict[str, Mask]:
        """Where surgery held a gate or a state at a value, by the letters of those, (T, B, H) each."""
        return {gate: self.order.show(held) for gate, held in self.seen.pinned.items()}

    @property
    def nbytes(self) -> int:
        """Memory that the recorded arrays take, in bytes, with what the backward pass reads again."""
        recorded: list[NDArray[Any]] = [
            self.seen.read,
            *self.seen.arrays(),
            *self.seen.factors,
            *self.seen.pinned.values(),
            *([] if self.seen.reads is None else [self.seen.reads]),
        ]
        buffers = {id(owner): owner for owner in map(_owner, recorded)}
        return sum(buffer.nbytes for buffer in buffers.values())


@dataclass(frozen=True, eq=False)
class Trace:
    """The whole forward pass: `trace[layer, direction]` is a LayerTrace, `y` the network's output.

    y        (T, B, Q) with a readout, otherwise (T, B, D*H), the top layer's h
    lengths  (B,) or None where no sequence is padded
    network  the network that was unrolled
    surgery  what was done to its gates and states, in the order given
    masks    what dropout and zoneout had drawn, feature-major, (T or 1, rows or 1, B or 1); None where nothing
    """

    network: Network
    y: Array
    lengths: Lengths | None
    layers: tuple[tuple[LayerTrace, ...], ...]
    surgery: tuple[Surgery, ...] = ()
    masks: Masks | None = field(default=None, repr=False)

    def __getitem__(self, key: tuple[int, int]) -> LayerTrace:
        return at(self.layers, key)

    def __repr__(self) -> str:
        return f"Trace(y {self.y.shape} of {self.network!r}; nonfinite: {self.nonfinite})"

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


def at(layers: tuple[tuple[Record, ...], ...], key: tuple[int, int]) -> Record:
    """`layers[layer][direction]`, with an IndexError that says which there are."""
    try:
        layer, direction = key
        return layers[layer][direction]
    except (TypeError, ValueError, IndexError):
        L, D = len(layers), len(layers[0])
        there = f"layer 0..{L - 1} and direction 0..{D - 1}"
        raise IndexError(f"[layer, direction] is needed, with {there}; got {key!r}") from None


def unroll(
    network: Network,
    x: ArrayLike,
    lengths: ArrayLike | None = None,
    h0: ArrayLike | None = None,
    c0: ArrayLike | None = None,
    surgery: Iterable[Surgery] = (),
    masks: Masks | None = None,
    loops: Any = None,
) -> Trace:
    """Run `network` over the batch `x` and record everything.

    x        (T, B, I), time first; cast to the network's dtype
    lengths  (B,) whole numbers from 1 to T: what lies beyond them has no effect, whatever stands there
    h0, c0   initial states (L*D, B, H) in PyTorch's order, layer by layer and forward direction first; or (B, H) for a
             network of one layer and one direction; zeros where None. c0 is the LSTM's alone.
    surgery  gates and states to hold at a value, or gates to shift, over a span of steps: `rnnviz.Pin`, `rnnviz.Hold`
             and `rnnviz.Shift`
    masks    what dropout and zoneout have drawn for this batch, see `rnnviz.regularization`; None: the plain network
    loops    `rnnviz.compiled()`: an LSTM's steps run in compiled code, as in training; None: in NumPy. The numbers
             differ in the last digits, by 1e-12 at most. Surgery, masks and the other cells are NumPy's alone.

    Raises ShapeError for a shape that does not fit, an empty sequence or batch, or a length outside 1..T,
    NonFiniteError, which names the place, for NaN or infinity in x, h0 or c0, and ValueError for an operation on what
    is not there. Numbers that leave the finite range
    on the way stay in the trace as they are; `trace.nonfinite` says where that began.
    """
    require("network", network, Network)
    x = _as_batch(x, network)
    T, B, _ = x.shape
    lengths = check_lengths(lengths, T, B)
    _require_finite("x", x, lengths)
    if c0 is not None and "c" not in network.spec.states:
        raise ShapeError(f"c0 is the initial cell state of an LSTM; this network's cell is {network.cell}")
    start = [_initial_state("h0", h0, network, B)]
    if "c" in network.spec.states:
        start.append(_initial_state("c0", c0, network, B))
    surgery = as_surgery(surgery)
    operations = prepare(surgery, network, T, B, lengths) if surgery else {}
    masks = check_masks(masks, network, T, B)
    level = x.transpose(0, 2, 1)
    if lengths is not None:
        level = level.copy()
        blank(level, lengths)

    layers: list[tuple[LayerTrace, ...]] = []
    with np.errstate(all="ignore"):
        for directions in network.layers:
            row = []
            level = read_through(masks, len(layers), level)
            for direction, cell in enumerate(directions):
                index = len(layers) * len(directions) + direction
                order = ReadingOrder(direction, lengths)
                state = [a[index] for a in start]
                operation = operations.get((len(layers), direction))
                operation = inside(masks, (len(layers), direction), order, (T, network.hidden_size, B), operation)
                how: dict[str, Any] = {"operation": operation}
                if loops is not None and operation is None and network.cell in loops.CELLS:
                    how = {"loops": loops}
                seen = cell.forward(order.turn(level), *(a.T for a in state), **how).pad(lengths)
                row.append(LayerTrace(seen, order, *state))
            layers.append(tuple(row))
            level = _outputs(row)
        if network.readout is not None:
            level = network.readout.forward(read_through(masks, len(layers), level))
            blank(level, lengths)
    return Trace(network, LEFT_TO_RIGHT.show(level), lengths, tuple(layers), surgery, masks)


def _outputs(row: Sequence[LayerTrace]) -> Array:
    """What a layer hands up, feature-major by position: h of its directions side by side, (T, D*H, B)."""
    hidden = [layer.order.turn(layer.seen.h) for layer in row]
    return hidden[0] if len(hidden) == 1 else np.concatenate(hidden, axis=1)


def _owner(a: NDArray[Any]) -> NDArray[Any]:
    """The array whose memory `a` is a view of."""
    while isinstance(a.base, np.ndarray):
        a = a.base
    return a


def _as_batch(x: ArrayLike, network: Network) -> Array:
    """`x` as (T, B, I) in the network's dtype."""
    given, I = real_array("x", x, network.dtype), network.input_size
    if given.ndim != 3 or given.shape[2] != I:
        raise ShapeError(f"x needs shape (T, B, I) with I = {I} inputs, got {given.shape}")
    if given.size == 0:
        raise ShapeError(f"x needs at least one step and one sequence, got (T, B, I) = {given.shape}")
    return given


def _require_finite(name: str, a: Array, lengths: Lengths | None = None) -> None:
    """Raise NonFiniteError at the first NaN or infinity of `a` (T or L*D, B, .) that is no padding."""
    finite = np.isfinite(a)
    if finite.all():
        return
    bad = ~finite
    if lengths is not None:
        bad &= ~is_padding(lengths, len(a))[:, :, None]
    if bad.any():
        place = tuple(int(k) for k in np.argwhere(bad)[0])
        raise NonFiniteError(f"{name} must be finite; {name}[{', '.join(map(str, place))}] is {a[place]}")


def _initial_state(name: str, state: ArrayLike | None, network: Network, B: int) -> Array:
    """The initial states (L*D, B, H), zeros where none are given."""
    shape = (network.num_layers * network.num_directions, B, network.hidden_size)
    start = np.zeros(shape, network.dtype)
    if state is not None:
        given = real_array(name, state, network.dtype)
        if given.shape != shape and (shape[0] > 1 or given.shape != shape[1:]):
            raise ShapeError(f"{name} needs shape (L*D, B, H) = {shape}, got {given.shape}")
        _require_finite(name, given)
        start[:] = given
    return read_only(start)
