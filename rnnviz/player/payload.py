"""A recorded pass as bytes, for the player: what one sequence did to one network, forwards and backwards.

    uint32 n | n bytes of JSON | float32 numbers | int16 exponents                 little-endian, each part padded to 4

The JSON names the arrays, in order, with their rows and columns. Each **row** of an array (one step, or one unit's
weights) has a power of two of its own, number = mantissa * 2^exponent, so that a gradient of 1e-200 or a state of
1e+200 keeps its seven digits, which float32 alone would lose. NaN and infinity stay what they are.

Sent is what the engine recorded: x, pre-activations, states, outputs, weights, and their gradients. Gates are not sent:
each is its activation of the pre-activation that is, unless it was held by surgery. A network too large to draw is cut
down to what can be: see `Cut`.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from rnnviz.arrays import Array
from rnnviz.bptt import Gradients
from rnnviz.cells import GRU, Cell
from rnnviz.errors import ShapeError
from rnnviz.surgery import Shift
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


@dataclass(frozen=True)
class Start:
    """Where the player stands when it is first opened, and where it goes when it is sent another `token`.

    step, unit, layer, direction  from 0
    selected  a gate's letter, a state ("h", "c", "x", "y"), or an operation, see js/names.js
    backward  whether it shows the backward pass
    """

    step: int = 0
    unit: int = 0
    layer: int = 0
    direction: int = 0
    selected: str = "h"
    backward: bool = False
    token: int = 0


def pack(
    trace: Trace,
    grads: Gradients | None = None,
    *,
    sequence: int = 0,
    tokens: Sequence[str] | None = None,
    inputs: Sequence[str] | None = None,
    outputs: Sequence[str] | None = None,
    loss: float | None = None,
    note: str = "",
    start: Start | None = None,
) -> bytes:
    """The player's payload for one sequence of the batch.

    grads     what `backpropagate` gave for this trace; None: the player has no backward pass
    sequence  its number in the batch, from 0
    tokens    what each step reads, in a few characters, one for each step; None: the numbers themselves
    inputs    the names of the I input features
    outputs   the names of the classes, where y holds their logits
    loss      the loss whose gradient `grads` holds
    note      a short sentence about the network, shown beside it
    start     where the player stands at first

    Raises ShapeError where a sequence, a name or a gradient is missing or too many.
    """
    T, B, _ = trace.y.shape
    if not 0 <= sequence < B:
        raise ShapeError(f"sequence must be one of the batch's {B}, from 0 to {B - 1}; got {sequence}")
    length = T if trace.lengths is None else int(trace.lengths[sequence])
    _require_names("tokens", tokens, length, "steps")
    _require_names("inputs", inputs, trace.network.input_size, "input features")
    _require_names("outputs", outputs, trace.y.shape[2], "outputs")
    if grads is not None and grads.dy.shape != trace.y.shape:
        raise ShapeError(f"these gradients are of another pass: dy has shape {grads.dy.shape}, y {trace.y.shape}")
    part = cut(trace, sequence, length)
    net = trace.network
    if inputs is not None:
        inputs = [inputs[k] for k in part.inputs] if part.layers.start == 0 else None
    header = {
        "cell": net.cell,
        "reset_after": net.reset_after,
        "nonlinearity": net.nonlinearity,
        "steps": part.steps.stop - part.steps.start,
        "first_step": part.steps.start,
        "first_layer": part.layers.start,
        "layers": part.layers.stop - part.layers.start,
        "directions": net.num_directions,
        "units": part.units.tolist(),
        "all_units": net.hidden_size,
        "gates": list(net.layers[0][0].GATES),
        "readout": net.readout is not None and part.outputs,
        "backward": grads is not None,
        "tokens": None if tokens is None else [_visible(token) for token in tokens[part.steps]],
        "inputs": inputs,
        "outputs": list(outputs) if outputs is not None and part.outputs else None,
        "loss": loss if loss is not None and np.isfinite(loss) else None if loss is None else str(loss),
        "note": " ".join(filter(None, [note, part.note(trace, length)])),
        "start": asdict(start or Start()),
    }
    return _encode(header, dict(_arrays(trace, grads, sequence, part)))


def _arrays(trace: Trace, grads: Gradients | None, b: int, part: Cut) -> Iterator[tuple[str, Array]]:
    """Every array that is sent, by name; those of a layer and direction begin with their numbers among the drawn."""
    net, steps = trace.network, part.steps
    yield "x", trace[part.layers.start, 0].x[steps, b][:, part.inputs]
    if part.outputs:
        yield "y", trace.y[steps, b]
        if grads is not None:
            yield "dy", grads.dy[steps, b]
        if net.readout is not None:
            yield "V", net.readout.weight[:, _side_by_side(part.units, net.num_directions, net.hidden_size)]
            yield "v", net.readout.bias[None]
    for number in range(part.layers.start, part.layers.stop):
        for direction, cell in enumerate(net.layers[number]):
            name, layer = f"{number - part.layers.start}.{direction}.", trace[number, direction]
            lowest = number == part.layers.start
            read = part.inputs if lowest else _side_by_side(part.units, net.num_directions, net.hidden_size)
            sent = dict(_layer_arrays(layer, cell, b, part, read))
            sent |= {f"shift.{g}": a[steps, part.units] for g, a in _shifts(trace, number, direction).items()}
            if grads is not None:
                reached = grads[number, direction]
                sent |= {"dh": reached.dh[steps, b][:, part.units], "dh0": reached.dh0[b : b + 1, part.units]}
                if reached.dc is not None and reached.dc0 is not None:
                    sent |= {"dc": reached.dc[steps, b][:, part.units], "dc0": reached.dc0[b : b + 1, part.units]}
                sent |= {f"da.{g}": a[steps, b][:, part.units] for g, a in reached.dpreactivations.items()}
            yield from ((name + key, a) for key, a in sent.items())


def _layer_arrays(layer: LayerTrace, cell: Cell, b: int, part: Cut, read: Indices) -> Iterator[tuple[str, Array]]:
    """What one direction of one layer computed, and the weights it computed it with."""
    units, H = part.units, len(cell.weight_hh[0])
    first, last = part.steps.start, part.steps.stop
    for name, after, before in (("h", layer.h, layer.h0), ("c", layer.c, layer.c0)):
        if after is not None and before is not None:
            left_to_right = layer.order.direction == 0
            cut_off = after[first - 1, b] if left_to_right and first else before[b]
            yield f"{name}0", cut_off[None, units]
            yield name, after[first:last, b][:, units]
    rows = np.concatenate([gate * H + units for gate in range(len(cell.GATES))])
    yield "W", cell.weight_ih[np.ix_(rows, read)]
    yield "U", cell.weight_hh[np.ix_(rows, units)]
    yield "b", np.stack([cell.bias_ih[rows], cell.bias_hh[rows]])
    for gate, a in layer.preactivations.items():
        yield f"a.{gate}", a[first:last, b][:, units]
    for gate, held in layer.pinned.items():
        yield f"held.{gate}", np.where(held, layer.gates[gate], np.nan)[first:last, b][:, units]
    if len(units) < H or len(read) < layer.x.shape[2]:
        yield from ((f"others.{gate}", a[first:last]) for gate, a in _others(layer, cell, b, units, read).items())


def _shifts(trace: Trace, layer: int, direction: int) -> dict[str, Array]:
    """What surgery added to each pre-activation of one layer and direction, (T, H) per shifted gate."""
    added: dict[str, Array] = {}
    for shift in trace.surgery:
        if isinstance(shift, Shift) and (shift.layer, shift.direction) == (layer, direction):
            units = slice(None) if shift.units is None else list(shift.units)
            by = added.setdefault(shift.gate, np.zeros((len(trace.y), trace.network.hidden_size)))
            by[shift.first : shift.last + 1, units] += shift.by
    return added


def _others(layer: LayerTrace, cell: Cell, b: int, units: Indices, read: Indices) -> dict[str, Array]:
    """What the units and inputs that are not drawn add to each pre-activation of those that are, (T, U) per gate."""
    H = cell.weight_hh.shape[1]
    hidden, there = np.delete(np.arange(H), units), np.delete(np.arange(layer.x.shape[2]), read)
    h, h0, x = layer.h[:, b], layer.h0[b][None], layer.x[:, b][:, there]
    h_prev = np.concatenate([h0, h[:-1]]) if layer.order.direction == 0 else np.concatenate([h[1:], h0])
    h_prev = h_prev[:, hidden]
    found = {}
    for k, gate in enumerate(cell.GATES):
        rows = k * H + units
        W_hh = cell.weight_hh[np.ix_(rows, hidden)]
        if isinstance(cell, GRU) and gate == "n":
            r = layer.gates["r"][:, b]
            recurrent = r[:, units] * (h_prev @ W_hh.T) if cell.reset_after else (r[:, hidden] * h_prev) @ W_hh.T
        else:
            recurrent = h_prev @ W_hh.T
        found[gate] = x @ cell.weight_ih[np.ix_(rows, there)].T + recurrent
    return found


def _side_by_side(units: Indices, D: int, H: int) -> Indices:
    """The places of `units` where the outputs of D directions stand side by side."""
    return np.concatenate([direction * H + units for direction in range(D)])


def _require_names(what: str, names: Sequence[str] | None, count: int, of_what: str) -> None:
    if names is not None and len(names) != count:
        raise ShapeError(f"{what} needs one name for each of the {count} {of_what}, got {len(names)}")


def _visible(token: str) -> str:
    return token if token.strip() else "␣"


def _encode(header: dict[str, Any], arrays: dict[str, Array]) -> bytes:
    """Header and arrays (rows, columns) in the form that the module docstring gives."""
    mantissas, exponents = [], []
    for a in arrays.values():
        a = a.astype(np.float64)
        largest = np.abs(np.where(np.isfinite(a), a, 0)).max(axis=1, initial=0)
        exponent = np.frexp(largest)[1]
        exponents.append(exponent.astype("<i2"))
        mantissas.append(np.ldexp(a, -exponent[:, None]).astype("<f4").ravel())
    header["arrays"] = [[name, *a.shape] for name, a in arrays.items()]
    text = json.dumps(header, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 4)
    return b"".join([np.uint32(len(text)).tobytes(), text, *map(bytes, mantissas), *map(bytes, exponents)])
