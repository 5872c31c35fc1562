"""What an update leaves of its passes: a few small arrays, computed where the passes still are."""

import math
from collections.abc import Mapping

import numpy as np

from rnnviz.arrays import Array, read_only
from rnnviz.bptt import Gradients
from rnnviz.clipping import global_norm
from rnnviz.diagnostics.norms import SMALL, norm
from rnnviz.trace import Trace


@np.errstate(all="ignore")
def gradient_norm(grads: Mapping[str, Array]) -> float:
    """The Euclidean norm of all gradients, as `clipping.global_norm`, which is asked where squares leave the range."""
    squares = 0.0
    try:
        for a in grads.values():
            g = a.ravel() if a.dtype == np.float64 else a.astype(np.float64).ravel()
            squares += float(g.dot(g))
    except (AttributeError, TypeError):  # no {name: array}: told by global_norm
        return global_norm(grads)
    return math.sqrt(squares) if SMALL < squares < math.inf else global_norm(grads)


@np.errstate(all="ignore")
def step_norms(grads: Gradients) -> Array:
    """||dL/dh_t|| of the top layer over units, directions and sequences, by input position: (T,)."""
    found = [norms(layer.order.turn(layer.back.dh)) for layer in grads.layers[-1]]
    return read_only(found[0] if len(found) == 1 else np.asarray(np.hypot(*found)))


def norms(dh: Array) -> Array:
    """The norm of each step of (T, H, B), or in another order; `norm` is asked where squares leave the range."""
    flat = dh.reshape(len(dh), -1)
    if flat.dtype == np.float64:
        squares: Array = np.vecdot(flat, flat)
        if squares.min() > SMALL and squares.max() < math.inf:
            return np.sqrt(squares)
    return norm(flat)


def gate_means(trace: Trace) -> dict[str, float]:
    """The mean of each gate of the top layer; the padding, where all is 0, does not count."""
    top = trace.layers[-1]
    T, H, B = top[0].seen.h.shape
    steps = T * B if trace.lengths is None else int(trace.lengths.sum())
    count = steps * H * len(top)
    sums = {gate: [layer.seen.gates[gate].sum(axis=0).sum() for layer in top] for gate in top[0].seen.gates}
    return {gate: float(sum(each)) / count for gate, each in sums.items()}  # over steps first, which memory has apart


def last_states(trace: Trace) -> dict[str, Array]:
    """{"h": (L, B, H), and of an LSTM "c"} after the last step, as the next window's `unroll` takes them."""
    seen = [layer.seen for (layer,) in trace.layers]
    states = {"h": [one.h[-1].T for one in seen]}
    states |= {"c": [one.c[-1].T for one in seen if one.c is not None]}
    return {name: read_only(np.stack(each)) for name, each in states.items() if each}
