"""The Jacobian of each step: how the state after a step changes with the state before it, d s_t / d s_{t-1}.

With phi' the slope of a gate's activation at this step, and each vector standing for the diagonal matrix of it,

    Elman   h' W_hh
    GRU     z + (h_{t-1} - n) z' W_hz + (1 - z) n' dN
            dN = r W_hn + (W_hn h_{t-1} + b_hn) r' W_hr   after,   W_hn (r + h_{t-1} r' W_hr)   before
    LSTM    dc_t/dc_{t-1} = f                 dc_t/dh_{t-1} = K = g i' W_hi + c_{t-1} f' W_hf + i g' W_hg
            dh_t/dc_{t-1} = o tanh'(c_t) f    dh_t/dh_{t-1} = tanh(c_t) o' W_ho + o tanh'(c_t) K

The LSTM's joint state s = (h, c) holds h_{t-1} and c_{t-1} as independent of each other, although h_{t-1} =
o tanh(c_{t-1}): each step is then one matrix, and d s_T / d s_k the product of the steps between (`products`).
Entry [j, k] is the derivative of s_t[j] by s_{t-1}[k]. Source: Pascanu, Mikolov & Bengio (2013), "On the difficulty
of training recurrent neural networks", ICML, equation 5; gated cells in the notation of `rnnviz.cells`.

Slopes come from the pre-activations (`saturation`): a saturated unit's is tiny and not 0. Where surgery held a gate it
is 0; a state that was held depends on nothing, its row is 0. Arrays are float64, by position in the input sequence; for
the direction that reads from right to left, the step before position t is t + 1. Padding is 0. A step that computed NaN
or infinity has no derivative: its Jacobian is NaN.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnviz.arrays import Array, read_only
from rnnviz.bptt import require_same_network
from rnnviz.cells import GRU, LSTM, Cell
from rnnviz.diagnostics.layers import PerLayer, per_layer
from rnnviz.diagnostics.saturation import gate_slopes, tanh_slopes
from rnnviz.errors import ShapeError
from rnnviz.masks import require_unmasked
from rnnviz.network import Network
from rnnviz.padding import ReadingOrder, is_padding
from rnnviz.trace import LayerTrace, Trace


@dataclass(frozen=True, eq=False)
class StepParts:
    """A step's Jacobian taken apart by the gate through which h_{t-1} acts; float64, by position.

    keep     (T, B, H)  what the conveyor keeps: f of the LSTM, z of the GRU, 0 of the Elman cell
    through  {gate: (T, B, H, H)}  GRU and Elman: dh_t/dh_{t-1} through this gate; the LSTM: dc_t/dh_{t-1}, but for
             gate o dh_t/dh_{t-1}, c_t held
    shown    (T, B, H)  the LSTM's dh_t/dc_t = o tanh'(c_t); 1 for the other cells, whose conveyor is h itself
    """

    keep: Array
    through: dict[str, Array]
    shown: Array


def step_jacobians(network: Network, trace: Trace) -> PerLayer[Array]:
    """d s_t / d s_{t-1} of every step, (T, B, S, S) per layer and direction; S = H, for the LSTM 2H, h first.

    It takes T B S^2 numbers of 8 bytes. Raises ShapeError where the trace is another network's.
    """
    return per_layer(join, step_parts(network, trace).layers)


def cell_jacobians(network: Network, trace: Trace) -> PerLayer[Array]:
    """The LSTM's dc_t/dc_{t-1} along the conveyor alone, diag(f_t), (T, B, H, H) per layer and direction.

    Raises ShapeError for another cell, or where the trace is another network's.
    """
    require_same_network(network, trace)
    require_unmasked(trace.masks)
    if "c" not in network.spec.states:
        raise ShapeError(f"cell_jacobians: an LSTM is needed, whose cell state c this is about; got {network.cell}")
    return per_layer(lambda parts: read_only(_diagonal(parts.keep)), step_parts(network, trace).layers)


def step_parts(network: Network, trace: Trace) -> PerLayer[StepParts]:
    """The Jacobians of every step, taken apart, per layer and direction. Raises ShapeError as `step_jacobians`."""
    require_same_network(network, trace)
    require_unmasked(trace.masks)
    sigmoids, tanhs = gate_slopes(trace).layers, tanh_slopes(trace).layers
    return per_layer(_parts, network.layers, trace.layers, sigmoids, tanhs)


def join(parts: StepParts) -> Array:
    """The whole Jacobian of every step from its parts, (T, B, S, S), read-only."""
    if "o" not in parts.through:
        J = sum(parts.through.values()) + _diagonal(parts.keep)
        return read_only(np.asarray(J))
    T, B, H = parts.keep.shape
    J = np.empty((T, B, 2 * H, 2 * H))
    J[..., H:, :H] = parts.through["i"] + parts.through["f"] + parts.through["g"]
    J[..., H:, H:] = _diagonal(parts.keep)
    np.multiply(parts.shown[..., None], J[..., H:, :], out=J[..., :H, :])
    J[..., :H, :H] += parts.through["o"]
    return read_only(J)


def by_position(order: ReadingOrder, a: Array) -> Array:
    """(T, B, ...) in the order in which a direction reads by position in the input, or back; to be read only."""
    shown = order.show(a.reshape(*a.shape[:2], -1).transpose(0, 2, 1))
    return read_only(shown.reshape(a.shape))


def states_by_position(order: ReadingOrder, a: Array, padding: float) -> Array:
    """(T + 1, B, ...), of the states before, between and after the steps, in the order of reading, by position.

    Row k is then the state between the positions k - 1 and k; what lies beyond a sequence's end becomes `padding`.
    """
    if order.lengths is None:
        return by_position(order, a)
    lengths = order.lengths + 1
    shown = by_position(ReadingOrder(order.direction, lengths), a).copy()
    shown[is_padding(lengths, len(a))] = padding
    return read_only(shown)


def _parts(cell: Cell, layer: LayerTrace, sigmoids: dict[str, Array], tanhs: dict[str, Array]) -> StepParts:
    """One direction's parts, from its trace and from its slopes relative to the largest, 1/4 and 1."""
    slope = {gate: share / 4 for gate, share in sigmoids.items()} | tanhs
    if isinstance(cell, LSTM):
        parts = _lstm(cell, layer, slope)
    elif isinstance(cell, GRU):
        parts = _gru(cell, layer, slope)
    else:
        slopes = slope["h"] if slope else _piecewise_slope(cell.nonlinearity, layer)
        keep = np.zeros(slopes.shape)
        parts = StepParts(keep, {"h": _rows(slopes, cell.weight_hh)}, np.ones(slopes.shape))
    _block_held(parts, layer)
    unknown = _has_nonfinite(layer)
    if unknown.any():
        for a in (parts.keep, parts.shown, *parts.through.values()):
            a[unknown] = np.nan
    return parts


def _block_held(parts: StepParts, layer: LayerTrace) -> None:
    """Set to 0, in place, what a state that surgery held would depend on."""
    through = parts.through
    made_of = {"h": (parts.keep, *through.values())}
    if layer.c is not None:
        made_of = {"h": (parts.shown, through["o"]), "c": (parts.keep, *(through[gate] for gate in "ifg"))}
    for state, factors in made_of.items():
        if state in layer.pinned:
            for a in factors:
                a[layer.pinned[state]] = 0


def _lstm(cell: LSTM, layer: LayerTrace, slope: dict[str, Array]) -> StepParts:
    i, f, g, o = (_wide(layer.gates[gate]) for gate in cell.GATES)
    c, c_prev = _wide(np.asarray(layer.c)), _before(layer, np.asarray(layer.seen.c), np.asarray(layer.c0))
    W = np.split(cell.weight_hh, 4)
    effects = {"i": g * slope["i"], "f": c_prev * slope["f"], "g": i * slope["g"], "o": np.tanh(c) * slope["o"]}
    through = {gate: _rows(effect, W_k) for (gate, effect), W_k in zip(effects.items(), W)}
    return StepParts(f, through, o * slope["c"])


def _gru(cell: GRU, layer: LayerTrace, slope: dict[str, Array]) -> StepParts:
    r, z, n = (_wide(layer.gates[gate]) for gate in cell.GATES)
    h_prev = _before(layer, layer.seen.h, layer.h0)
    W_r, W_z, W_n = np.split(_wide(cell.weight_hh), 3)
    into_n = (1 - z) * slope["n"]
    if cell.reset_after:
        reset = h_prev @ W_n.T + _wide(cell.bias_hh[2 * len(W_n) :])
        by_r, by_n = _rows(into_n * reset * slope["r"], W_r), _rows(into_n * r, W_n)
    else:
        into_h = into_n[..., None] * W_n
        by_r, by_n = into_h @ _rows(h_prev * slope["r"], W_r), into_h * r[..., None, :]
    through = {"r": by_r, "z": _rows((h_prev - n) * slope["z"], W_z), "n": by_n}
    return StepParts(z, through, np.ones(z.shape))


def _piecewise_slope(nonlinearity: str, layer: LayerTrace) -> Array:
    """phi' of relu, 1 where h > 0, and of the linear unit, 1; 0 where h was held and in the padding."""
    slope = _wide(layer.h > 0) if nonlinearity == "relu" else np.ones(layer.h.shape)
    if "h" in layer.pinned:
        slope[layer.pinned["h"]] = 0
    slope[_padding(layer)] = 0
    return slope


def _before(layer: LayerTrace, after: Array, start: Array) -> Array:
    """The state before each step, (T, B, H) by position: from `after` (T, H, B) in reading order."""
    return _wide(layer.order.show(np.concatenate([start.T[None], after[:-1]])))


def _padding(layer: LayerTrace) -> NDArray[np.bool_]:
    """Where no step is, (T, B)."""
    T, B, _ = layer.h.shape
    return np.zeros((T, B), bool) if layer.order.lengths is None else is_padding(layer.order.lengths, T)


def _has_nonfinite(layer: LayerTrace) -> NDArray[np.bool_]:
    """Where a step computed NaN or infinity, (T, B)."""
    recorded = [layer.h, *layer.preactivations.values()] + ([] if layer.c is None else [layer.c])
    bad: NDArray[np.bool_] = np.any([~np.isfinite(a).all(axis=2) for a in recorded], axis=0)
    return bad


def _rows(effect: Array, W: Array) -> Array:
    """diag(effect) W at every step, in float64: (T, B, H), (H, H) -> (T, B, H, H)."""
    return np.multiply(effect[..., None], W, dtype=np.float64)


def _diagonal(a: Array) -> Array:
    """diag(a) at every step: (T, B, H) -> (T, B, H, H)."""
    return a[..., None] * np.eye(a.shape[-1])


def _wide(a: NDArray[Any]) -> Array:
    """A copy in float64."""
    return a.astype(np.float64)
