"""A gradient's walk back through time, as the browser draws it (js/walk): all from the engine's own Jacobians.

All gradients of norm 1 at the last state of a pass are a circle, or as much of a sphere as a plane holds. One step back
multiplies each of them by the transposed Jacobian of the step (rnnviz.diagnostics.jacobians), for an Elman cell in two
motions:

    dL/dh_{t-1} = W_h^T (phi'(a_t) * dL/dh_t)        1 the slopes squash, 2 the matrix turns and stretches

    P_t = J_{t+1}^T ... J_T^T                        so that dL/dh_t = P_t dL/dh_T

Where the state is two numbers (two Elman units; h and c of one LSTM unit) the picture is the whole of it. Where it is
more, it is the walk of one circle, that in the plane of the two leading singular directions: the two gradients at the
end, of those that a loss on h_T can send, of which most arrives at the first state. The plane turns on its way; its
axes are carried along without turning within it (the nearest orthonormal basis, by the polar decomposition), so that
what turns in the picture turns in the plane. Norms are those in all dimensions.

A stage is plain JSON, {"kind": "walk", "view": ..., "data": ..., "words": ..., ...}:

    view      plane | beads | strips
    data      what `walk`, `beads` or `strips` gave
    show      "factors": what squashes and what turns; "curve": the norms, with the band; "power": rho^k; "strip": every
              shape; "states": h_t; "own": the norm of the page's own gradient; "best": once it has arrived, the arrow
              that keeps the most; "peak": the most on the way; "direct": what the gate alone leaves. The first five
              where nothing is said
    step      so many steps back it stands at first
    play_to   so many steps back it has gone when it has played by itself; None: it waits for the reader
    log       of the beads' chart: whether its axis is logarithmic
    factor    of the beads: the reader's own
    speed     1/4, 1/2, 1 or 2; None: as the reader has set it
    follow    whether each step is told while it plays, too
    locked    nothing can be played or touched
    hide_from steps back of which nothing may be seen yet; what it has not gone back to, the walk never draws
    token     a stage with another token is set anew; one with the same keeps its place and takes the new numbers
    words     {...}: all that is written, see `WORDS`

It tells {target, value}: "step", where it rests, {"x": of the state that the gradient has reached, from 1; "step": from
0}; "walked" {"x"} likewise where `follow` is set; "played" with the steps back, once for each `play_to`; "arrow", in
degrees; "factor"; "log".

Rows 0..T of an array stand for the states before, between and after the steps, row T for the last. Arrays of numbers
travel as base64, little-endian: float64, and float32 for what is said of each unit (h, a, slopes, gate). Logarithms are
to base 10; -inf where nothing is left, NaN where NaN or infinity lies on the way.
"""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from rnnviz.arrays import Array
from rnnviz.bptt import backpropagate
from rnnviz.cells import Elman
from rnnviz.cells.elman import NONLINEARITIES
from rnnviz.diagnostics.norms import log10_norm
from rnnviz.diagnostics.products import jacobian_products
from rnnviz.diagnostics.saturation import gate_slopes, tanh_slopes
from rnnviz.errors import ShapeError
from rnnviz.network import Network
from rnnviz.trace import Trace, unroll

WORDS = (
    # everywhere; {...} is filled by the stage
    *("title", "play", "pause", "again", "further", "nearer", "where", "along", "speed", "live"),
    *("gradient", "squash", "turn", "one_motion", "arrived", "axis_one", "axis_two", "plane", "best"),  # plane
    *("slopes", "slope_one", "slope_two", "mean_slope", "matrix", "most", "least", "every", "radius"),  # why
    *("gate_panel", "gate_value", "mean_gate", "norm", "power", "shape", "state", "gate", "limit"),
    *("tip_arrow", "tip_own", "peak", "direct"),  # the curve
    *("now", "then", "yours", "factor", "linear", "log", "axis", "on_linear", "on_log"),  # beads
    "rows",  # strips: {name: words}
)
ROUND = 1e-6  # a circle whose axes differ by no more than this part of them is round
GRADED = 1e-7  # singular values further apart than that are not seen in one SVD


def walk(trace: Trace, *, own: Array | None = None) -> dict[str, Any]:
    """The walk of all unit gradients, from the last state of a trace's first sequence to the first.

    trace  of a network with one layer that reads from left to right
    own    log10 norms of one gradient, (T,) for the states after steps 1..T, to be drawn beside it

    The data, with S numbers in a state, H units:

    steps, units, cell, nonlinearity
    flat            whether the state is two numbers: the picture is the whole of it, `plane` the identity
    plane (S, 2)    the plane at the last state: an arrow at angle a is dL/dh_T = plane (cos a, sin a); for the LSTM
                    that is dL/d(h, c), and in it dL/dc_T is 0 unless `flat`
    shape (T+1, 4)  the circle in its plane at each state, [[., .], [., .]] / 10^s1; `squashed` (T, 4) after the slopes
                    of step t and before W_h^T, on the scale of the state that it comes from; None for gated cells
    motion (n, 4)   what turns it where the picture is flat: W_h^T (n = 1), or J_t^T of each step; else None
    s1, s2 (T+1,)   log10 of the largest and the smallest norm on the circle
    own (T+1,)      as given, NaN for the state before step 1; or None
    h, a, slopes, gate (T, H)   states, pre-activations and slopes of an Elman cell, what the gate f or z keeps; or None
    rho, gain, least            spectral radius, largest and smallest singular value of W_h; None for gated cells
    limits [low, high]          log10 of the least and the largest number that the network's numbers have
    direct (T+1,)   of one gated unit, log10 of the product of what the gate alone keeps; else None
    best            the angle, in degrees, of which most arrives; None where every arrow keeps as much
    angle           where the arrow points at first, in degrees: dL/dh_T has the same entry everywhere, or is as near to
                    that as the plane has it

    Raises ShapeError for several layers or directions, or where `own` does not fit.
    """
    network = trace.network
    if network.num_layers > 1 or network.num_directions > 1:
        raise ShapeError(
            f"walk: one layer and one direction are needed, got {network.num_layers} and {network.num_directions}"
        )
    products = jacobian_products(network, trace)[0, 0]
    J = products.jacobians[:, 0]
    T, S, _ = J.shape
    if own is not None and own.shape != (T,):
        raise ShapeError(f"walk: own needs log10 of {T} norms, got {own.shape}")
    known = int(np.append(np.flatnonzero(~np.isfinite(J).all(axis=(1, 2))), -1).max()) + 1  # states from here on
    H, cell, slopes = network.hidden_size, network.layers[0][0], slopes_of(trace)
    plane = np.eye(2) if S == 2 else leading_plane(J[known:], H)
    found = walked(J, plane, slopes, known)
    if S == 2:
        found |= dict(zip(("s1", "s2"), products.log10_singular_values[:, 0].T))
    info, start = np.finfo(trace[0, 0].h.dtype), plane[:H].sum(axis=0)
    W = np.asarray(cell.weight_hh, np.float64) if isinstance(cell, Elman) else None
    motion = None if S > 2 else J.mT.reshape(T, 4) if W is None else W.T.reshape(1, 4)
    layer = trace[0, 0]
    return {
        "steps": T,
        "units": H,
        "cell": network.cell,
        "nonlinearity": cell.nonlinearity if isinstance(cell, Elman) else None,
        "flat": S == 2,
        "plane": sent(plane),
        **{name: sent(found[name]) for name in ("shape", "squashed", "s1", "s2")},
        "motion": sent(motion),
        "best": best_angle(found["shape"], known),
        "direct": sent(direct(layer.gates[str(network.spec.keep)][:, 0]) if W is None and H == 1 else None),
        "own": sent(None if own is None else np.append(np.nan, own)),
        "h": sent(layer.h[:, 0], "<f4"),
        "a": sent(layer.preactivations["h"][:, 0] if W is not None else None, "<f4"),
        "slopes": sent(slopes, "<f4"),
        "gate": sent(None if W is not None else layer.gates[str(network.spec.keep)][:, 0], "<f4"),
        "rho": products.spectral_radius,
        "gain": products.largest_singular_value,
        "least": None if W is None else float(np.linalg.svd(W, compute_uv=False)[-1]),
        "limits": [float(np.log10(info.smallest_subnormal)), float(np.log10(info.max))],
        "angle": round(float(np.degrees(np.arctan2(start[1], start[0]))), 6) if S > 2 or W is not None else 0.0,
    }


def beads(factors: Sequence[float], steps: int = 30) -> dict[str, Any]:
    """One number that walks back: dL/dh of a linear unit whose W_h is the factor, for each of `factors`.

    norms (n, T+1): log10 |dL/dh_t|, row by row, L = h_T. The reader's own factor f gives f^k, computed in JavaScript.
    """
    found = []
    for factor in factors:
        weights = {"weight_ih_l0": [[0.0]], "weight_hh_l0": [[factor]], "bias_ih_l0": [0.0], "bias_hh_l0": [0.0]}
        named = {name: np.array(values) for name, values in weights.items()}
        net = Network.from_state_dict(named, nonlinearity="linear")
        trace = unroll(net, np.zeros((steps, 1, 1)))
        grads = backpropagate(net, trace, np.eye(steps)[-1][:, None, None])[0, 0]
        found.append(log10_norm(np.concatenate([grads.dh0, grads.dh[:, 0]])))
    return {"steps": steps, "factors": list(factors), "norms": sent(np.array(found))}


def strips(walks: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Several walks of as many steps below each other, {name: what `walk` gave}: shapes and norms alone."""
    rows = [
        {"name": name, **{part: one[part] for part in ("steps", "shape", "s1", "angle")}} for name, one in walks.items()
    ]
    return {"steps": max(row["steps"] for row in rows), "rows": rows}


def sent(values: Array | None, kind: str = "<f8") -> str | None:
    """An array as base64, row by row."""
    if values is None:
        return None
    with np.errstate(over="ignore"):
        return b64encode(np.ascontiguousarray(values, kind).tobytes()).decode()


def direct(gate: Array) -> Array:
    """log10 of what the gate alone leaves at each state of what set out at the last; gate (T, 1) -> (T+1,)."""
    with np.errstate(divide="ignore"):
        logs = np.log10(np.asarray(gate[:, 0], np.float64))
    return np.append(np.cumsum(logs[::-1])[::-1], 0.0)


def best_angle(shape: Array | None, known: int) -> float | None:
    """The direction on the circle, in degrees from 0 to 180, of which most has arrived at the first known state."""
    assert shape is not None
    _, s, directions = np.linalg.svd(shape[known].reshape(2, 2))
    if s[0] - s[1] <= ROUND * s[0]:
        return None
    x, y = directions[0]
    return round(float(np.degrees(np.arctan2(y, x))) % 180, 6)


def slopes_of(trace: Trace) -> Array | None:
    """phi'(a_t) of an Elman network with one layer, (T, H), first sequence; None for gated cells."""
    cell = trace.network.layers[0][0]
    if not isinstance(cell, Elman):
        return None
    if cell.nonlinearity == "tanh":
        return np.asarray(tanh_slopes(trace)[0, 0]["h"][:, 0])
    if cell.nonlinearity == "sigmoid":
        return np.asarray(gate_slopes(trace)[0, 0]["h"][:, 0] / 4)
    h = np.asarray(trace[0, 0].h[:, 0], np.float64)
    return np.asarray(NONLINEARITIES[cell.nonlinearity][1](h))


def leading_plane(J: Array, entries: int) -> Array:
    """The two gradients at the end of which most arrives at the start, (S, 2), orthonormal: the leading singular
    directions of J_1^T ... J_T^T, J (T, S, S) finite, among gradients whose first `entries` numbers alone are not 0.

    Where the singular values lie far apart, by subspace iteration on from what one SVD sees.
    """
    S = J.shape[1]
    product = np.eye(S)[:entries]
    for step in J[::-1]:
        product = product @ step
        largest = np.abs(product).max()
        product = product / largest if largest > 0 else product
    u, s, _ = np.linalg.svd(product, full_matrices=False)
    plane = np.zeros((S, 2))
    plane[:entries] = u[:, :2]
    for _ in range(3 if s[1] < GRADED * s[0] else 0):
        plane[entries:] = 0
        Q = np.linalg.qr(plane)[0]
        for step in J[::-1]:
            Q = np.linalg.qr(step.T @ Q)[0]
        for step in J:
            Q = np.linalg.qr(step @ Q)[0]
        plane = Q
    plane[entries:] = 0
    plane = np.linalg.qr(plane)[0]
    return np.asarray(plane * np.where(plane[:entries].sum(axis=0) < 0, -1, 1))


def walked(J: Array, plane: Array, slopes: Array | None, known: int = 0) -> dict[str, Array | None]:
    """The circle of `plane` (S, 2) at each state: `shape`, `squashed`, `s1`, `s2` as in `walk`.

    J       (T, S, S)
    slopes  (T, H): each step is taken in two, J_t = diag(slopes) W; None: in one
    known   what comes before this state is not finite, and NaN
    """
    T = len(J)
    shape, squashed = np.full((T + 1, 4), np.nan), np.full((T, 4), np.nan)
    s1, s2 = np.full(T + 1, np.nan), np.full(T + 1, np.nan)
    here = _Circle.of(plane)
    for t in range(T, known - 1, -1):
        s1[t], s2[t] = here.norms
        shape[t] = here.drawn(s1[t])
        if t == known:
            break
        if slopes is not None:
            squashed[t - 1] = here.sent_by(np.diag(slopes[t - 1])).drawn(s1[t])
        here = here.sent_by(J[t - 1].T)
    return {"shape": shape, "squashed": None if slopes is None else squashed, "s1": s1, "s2": s2}


class _Circle:
    """A (S, 2) = Q R 10^exponent: where the circle's points have come, Q orthonormal, R an upper triangle; B (S, 2),
    the axes of the picture, span the same plane. `area` is log10 |det R| in all, which no rounding takes from R."""

    def __init__(self, Q: Array, R: Array, B: Array, exponent: float, area: float) -> None:
        self.Q, self.R, self.B, self.exponent, self.area = Q, R, B, exponent, area

    @classmethod
    def of(cls, plane: Array) -> "_Circle":
        return cls(plane, np.eye(2), plane, 0.0, 0.0)

    def sent_by(self, M: Array) -> "_Circle":
        """M A, with the axes that are nearest to those of A."""
        Q, r = np.linalg.qr(M @ self.Q)
        R = r @ self.R
        largest = np.abs(R).max()
        with np.errstate(divide="ignore"):
            area = self.area + float(np.log10(np.abs(np.diag(r))).sum())
            exponent = self.exponent + float(np.log10(largest))
        u, _, vt = np.linalg.svd(Q.T @ self.B)
        return _Circle(Q, R / largest if largest > 0 else R, Q @ (u @ vt), exponent, area)

    @property
    def norms(self) -> tuple[float, float]:
        """log10 of the largest and the smallest norm."""
        if np.isneginf(self.exponent):
            return -np.inf, -np.inf
        largest = float(np.log10(np.linalg.norm(self.R, 2))) + self.exponent
        return largest, min(self.area - largest, largest)

    def drawn(self, scale: float) -> Array:
        """The circle in its axes, divided by 10^scale, as four numbers; 0 where nothing is left."""
        if np.isneginf(self.exponent) or np.isneginf(scale):
            return np.zeros(4)
        return np.asarray((self.B.T @ self.Q @ self.R).ravel() * 10.0 ** (self.exponent - scale))
