"""A recorded pass as bytes, for the player: what one sequence did to one network, forwards and backwards.

    uint32 n | n bytes of JSON | numbers | int16 exponents                              little-endian

The JSON holds the form's `version` and the cell's record (`spec`, rnnviz/cells/spec.py), and names the arrays in order,
with their rows, columns and bits; blanks make its length a multiple of 4. Each **row** of an array (one step, or one
unit's weights) has a power of two of its own, number = mantissa * 2^exponent, so that a gradient of 1e-200 or a state
of 1e+200 keeps its seven digits in a float32. An array that holds both in one row is sent as float64 (64 bits), with
exponents of 0. NaN and infinity stay what they are.

Sent is what the engine recorded: x, pre-activations, states, outputs, weights, and their gradients. Gates are not sent:
each is its activation of the pre-activation that is, unless it was held by surgery; a held state is sent twice. A
network too large to draw is cut down to what can be: see `cut.py`.
"""

import json
import numbers
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from rnnviz.arrays import Array, as_array, flag, require, whole, whole_number
from rnnviz.bptt import Gradients
from rnnviz.cells import Cell
from rnnviz.errors import ShapeError
from rnnviz.masks import require_unmasked
from rnnviz.numbers import significant
from rnnviz.player.cut import Cut, Indices, cut, handed_back, others
from rnnviz.player.holds import Held, kept_holds, write_holds
from rnnviz.surgery import Shift
from rnnviz.trace import LayerTrace, Trace

VERSION = 2  # of the form below; js/core/model.js opens this one alone


@dataclass(frozen=True)
class Start:
    """Where the player stands when it is first opened, and where it goes when it is sent another `token`.

    step, unit, layer, direction  from 0
    selected  a gate's letter, a state ("h", "c", "x", "y"), or an operation, see places.py
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
    holds: str | None = None,
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
    holds     what the reader holds in it, see holds.py; None: nothing can be held. The pass must be one of `held_pass`.

    Raises ShapeError where a sequence, a name or a gradient is missing or too many.
    """
    require("trace", trace, Trace)
    require_unmasked(trace.masks)
    T, B, _ = trace.y.shape
    chosen = whole_number(sequence)
    if chosen is None or not 0 <= chosen < B:
        raise ShapeError(f"sequence must be one of the batch's {B}, from 0 to {B - 1}; got {sequence!r}")
    sequence = chosen
    _require_text("note", note)
    if holds is not None:
        _require_text("holds", holds)
    loss = None if loss is None else _number("loss", loss)
    length = T if trace.lengths is None else int(trace.lengths[sequence])
    tokens = _names("tokens", tokens, length, "steps")
    inputs = _names("inputs", inputs, trace.network.input_size, "input features")
    outputs = _names("outputs", outputs, trace.y.shape[2], "outputs")
    if grads is not None:
        require("grads", grads, Gradients)
    if grads is not None and grads.dy.shape != trace.y.shape:
        raise ShapeError(f"these gradients are of another pass: dy has shape {grads.dy.shape}, y {trace.y.shape}")
    part = cut(trace, sequence, length)
    net = trace.network
    kept = () if holds is None else kept_holds(net, length, holds)
    if tokens is not None:
        tokens = _rewritten(tokens, kept, net.input_size)
    if inputs is not None:
        inputs = [inputs[k] for k in part.inputs] if part.layers.start == 0 else None
    header = {
        "version": VERSION,
        "cell": net.cell,
        "spec": net.spec.as_json(),
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
        "y": part.outputs,
        "readout": net.readout is not None and part.outputs,
        "backward": grads is not None,
        "truncate": None if grads is None else grads.truncate,
        "tokens": None if tokens is None else [_visible(token) for token in tokens[part.steps]],
        "inputs": inputs,
        "outputs": list(outputs) if outputs is not None and part.outputs else None,
        "loss": None if loss is None else float(loss) if np.isfinite(loss) else json.dumps(float(loss)),
        "note": " ".join(filter(None, [note, part.note(trace, length)])),
        "start": _start(start),
        "holds": None if holds is None else write_holds(kept),
        "features": part.inputs.tolist() if part.layers.start == 0 else None,
    }
    return _encode(header, dict(_arrays(trace, grads, sequence, part)))


def _arrays(trace: Trace, grads: Gradients | None, b: int, part: Cut) -> Iterator[tuple[str, Array]]:
    """Every array that is sent, by name; those of a layer and direction begin with their numbers among the drawn."""
    net, steps = trace.network, part.steps
    yield "x", trace[part.layers.start, 0].x[steps, b][:, part.inputs]
    if part.outputs:
        if net.readout is not None or len(part.units) < net.hidden_size:  # else y is the drawn units' h
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
                sent |= _states("dh", reached.dh, reached.dh0, b, part, direction)
                sent |= _states("dc", reached.dc, reached.dc0, b, part, direction)
                sent |= {f"da.{g}": a[steps, b][:, part.units] for g, a in reached.dpreactivations.items()}
                if len(part.units) < net.hidden_size:
                    sent["handed"] = handed_back(layer, cell, reached, b, part)
            yield from ((name + key, a) for key, a in sent.items())


def _layer_arrays(layer: LayerTrace, cell: Cell, b: int, part: Cut, read: Indices) -> Iterator[tuple[str, Array]]:
    """What one direction of one layer computed, and the weights it computed it with."""
    units, H = part.units, len(cell.weight_hh[0])
    first, last = part.steps.start, part.steps.stop
    yield from _states("h", layer.h, layer.h0, b, part, layer.order.direction).items()
    yield from _states("c", layer.c, layer.c0, b, part, layer.order.direction).items()
    rows = np.concatenate([gate * H + units for gate in range(len(cell.GATES))])
    yield "W", cell.weight_ih[np.ix_(rows, read)]
    yield "U", cell.weight_hh[np.ix_(rows, units)]
    yield "b", np.stack([cell.bias_ih[rows], cell.bias_hh[rows]])
    for gate, a in layer.preactivations.items():
        yield f"a.{gate}", a[first:last, b][:, units]
    values = {"h": layer.h, **({} if layer.c is None else {"c": layer.c}), **layer.gates}
    for name, held in layer.pinned.items():
        yield f"held.{name}", np.where(held, values[name], np.nan)[first:last, b][:, units]
    if len(units) < H or len(read) < layer.x.shape[2]:
        yield from ((f"others.{gate}", a[first:last]) for gate, a in others(layer, cell, b, part, read).items())


def _states(
    name: str, after: Array | None, before: Array | None, b: int, part: Cut, direction: int
) -> dict[str, Array]:
    """`name` (T, U) after each drawn step, and `name`0 (1, U) before the first of them in reading order; or neither."""
    if after is None or before is None:
        return {}
    first = part.steps.start
    start = after[first - 1, b] if direction == 0 and first else before[b]
    return {f"{name}0": start[None, part.units], name: after[part.steps, b][:, part.units]}


def _shifts(trace: Trace, layer: int, direction: int) -> dict[str, Array]:
    """What surgery added to each pre-activation of one layer and direction, (T, H) per shifted gate."""
    added: dict[str, Array] = {}
    for shift in trace.surgery:
        if isinstance(shift, Shift) and (shift.layer, shift.direction) == (layer, direction):
            units = slice(None) if shift.units is None else list(shift.units)
            by = added.setdefault(shift.gate, np.zeros((len(trace.y), trace.network.hidden_size)))
            by[shift.first : shift.last + 1, units] += shift.by
    return added


def _side_by_side(units: Indices, D: int, H: int) -> Indices:
    """The places of `units` where the outputs of D directions stand side by side."""
    return np.concatenate([direction * H + units for direction in range(D)])


def _names(what: str, names: Sequence[str] | None, count: int, of_what: str) -> list[str] | None:
    """The names as strings; a number, of whatever type, is its own name."""
    if names is None:
        return None
    array = isinstance(names, np.ndarray) and names.ndim == 1
    if isinstance(names, bytes) or not (array or isinstance(names, Sequence)):
        raise ShapeError(f"{what} must be a sequence of names, got {names!r}")
    if len(names) != count:
        raise ShapeError(f"{what} needs one name for each of the {count} {of_what}, got {len(names)}")
    for name in names:
        if not isinstance(name, str | numbers.Number):
            raise ShapeError(f"{what} must be strings or numbers, got {name!r}")
    return [str(name) for name in names]


def _rewritten(tokens: Sequence[str], kept: Sequence[Held], I: int) -> list[str]:
    """The tokens, but of steps whose input is held: what is read there, or with several inputs a star behind it."""
    held = {one.step: significant(one.value) if I == 1 else f"{tokens[one.step]}*" for one in kept if one.place == "x"}
    return [held.get(step, token) for step, token in enumerate(tokens)]


def _require_text(what: str, given: str) -> None:
    if not isinstance(given, str):
        raise ShapeError(f"{what} must be a string, got {given!r}")


def _number(what: str, given: Any) -> float:
    """A number of any kind, NaN and infinity too, as a float."""
    found = as_array(what, given)
    if found.ndim or found.dtype.kind not in "fiu":
        raise ShapeError(f"{what} must be a number, got {given!r}")
    return float(found)


def _start(given: Start | None) -> dict[str, Any]:
    """Where the player stands at first, as JSON has it."""
    if given is None:
        return asdict(Start())
    require("start", given, Start)
    found = asdict(given)
    for name, default in asdict(Start()).items():
        value = found[name]
        if isinstance(default, bool):
            found[name] = flag(f"start: {name}", value)
        elif isinstance(default, str):
            if not isinstance(value, str):
                raise ShapeError(f"start: {name} must be a string, got {value!r}")
        else:
            found[name] = whole(f"start: {name}", value, 0)
    return found


def _visible(token: str) -> str:
    return token if token.strip() else "␣"


def _encode(header: dict[str, Any], arrays: dict[str, Array]) -> bytes:
    """Header and arrays (rows, columns) in the form that the module docstring gives."""
    numbers, exponents, named = [], [], []
    for name, a in arrays.items():
        a = a.astype(np.float64)
        sizes = np.abs(np.where(np.isfinite(a), a, 0))
        exponent = np.frexp(sizes.max(axis=1, initial=0))[1]
        mantissas = np.ldexp(a, -exponent[:, None])
        wide = bool(((np.abs(mantissas) < np.finfo("f4").tiny) & (sizes > 0)).any())
        numbers.append(a.astype("<f8") if wide else mantissas.astype("<f4"))
        exponents.append((np.zeros_like(exponent) if wide else exponent).astype("<i2"))
        named.append([name, *a.shape, 64 if wide else 32])
    header["arrays"] = named
    text = json.dumps(header, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 4)
    return b"".join([np.uint32(len(text)).tobytes(), text, *(a.tobytes() for a in numbers + exponents)])
