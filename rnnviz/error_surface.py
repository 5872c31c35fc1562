"""The error surface of the smallest recurrent network, with the wall that clipping is for.

    x_t = w sigma(x_{t-1}) + b,    x_0 = 0.5,    E(w, b) = (sigma(x_50) - 0.7)^2

Source: Pascanu, Mikolov & Bengio (2013), "On the difficulty of training recurrent neural networks", ICML, figure 6.
With h_t = sigma(x_t) it is an Elman network of one sigmoid unit without input: h_t = sigma(w h_{t-1} + b), W_hh = w,
h_0 = sigma(0.5), E = (h_50 - 0.7)^2. So every number here is one of that `network`.

**Two valleys.** Where x_t settles are the fixed points x = w sigma(x) + b, stable where |w sigma'(x)| < 1. Along
b = x - w sigma(x), two of them meet and vanish where db/dx = 1 - w sigma'(x) = 0. With s = sigma(x) and
sigma' = s (1 - s) that is s^2 - s + 1/w = 0:

    s = (1 +- sqrt(1 - 4/w)) / 2,   b = logit(s) - w s        the saddle-nodes, for w >= 4

Between those two b there are two stable fixed points and an unstable one, above and below only one that is stable.

**The wall.** The unstable fixed point parts the starts x_0 that rise to the upper one from those that fall to the
lower. Where it is x_0 = 0.5 itself,

    b = 0.5 - w sigma(0.5) = 0.5 - 0.622459 w,   unstable for w sigma'(0.5) > 1, w > 1 / sigma'(0.5) = 4.25525

and the least change of w or b decides about x_50: there E is a wall. On it x_t = 0.5 for every t, and with
lambda = w sigma'(0.5) each step adds to the derivative by b and multiplies what there is by lambda:

    dx_t/db = 1 + lambda dx_{t-1}/db             dx_50/db = G = 1 + lambda + ... + lambda^49
    dx_t/dw = sigma(0.5) + lambda dx_{t-1}/dw    dx_50/dw = sigma(0.5) G
    |grad E| = 2 |sigma(0.5) - 0.7| sigma'(0.5) G sqrt(1 + sigma(0.5)^2)

A rounding error of x or b grows along with the derivative, about lambda^50-fold. In float64 the b of `wall(w)` keeps
x_t at 0.5 to the last digit (the sum w sigma(0.5) + b has no rounding error), so that the engine's gradient there has
this norm to 13 digits for all w up to 10. Of the next number below or above that b it has 10 digits at w = 5, 6 at
w = 6 and 3 at w = 7; at w = 9, lambda^50 = 1.8e16, these two lie in the two valleys, with E = 0.481 and 0.074.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from rnnviz import sweep
from rnnviz.arrays import Array, number, real_array, whole
from rnnviz.clipping import Clipped
from rnnviz.network import Network
from rnnviz.optimizers import sgd

STEPS, START, TARGET = 50, 0.5, 0.7
H0 = 1 / (1 + math.exp(-START))  # sigma(0.5) = 0.622459...
SLOPE = H0 * (1 - H0)  # sigma'(0.5) = 0.235004...
WALL_FROM = 1 / SLOPE  # 4.25525...: from this w on there is a wall
SADDLE_NODES_FROM = 4.0

Clip: TypeAlias = Callable[[Mapping[str, Array]], Clipped]


@dataclass(frozen=True, eq=False)
class Surface:
    """E, dE/dw and dE/db at every point asked for, arrays of its shape."""

    error: Array
    dw: Array
    db: Array


@dataclass(frozen=True, eq=False)
class Descent:
    """A walk down the surface; NaN stands for what was not reached.

    w, b, error              (updates + 1,): before the first update and after each one
    norm_before, norm_after  (updates,): |grad E| of each update, and what clipping left of it
    angle                    (updates,): between the two, in degrees
    gradient                 (updates, 2): dE/dw and dE/db of each update, before clipping
    stopped                  the update, from 0, whose gradient or weights left the finite range; None: all were done
    """

    w: Array
    b: Array
    error: Array
    norm_before: Array
    norm_after: Array
    angle: Array
    gradient: Array
    stopped: int | None


def network(w: float, b: float) -> Network:
    """The model as an Elman network. It starts from `H0` and reads `STEPS` inputs of 0, with a weight of 0."""
    state = {
        "weight_ih_l0": np.zeros((1, 1)),
        "weight_hh_l0": np.full((1, 1), float(w)),
        "bias_ih_l0": np.full(1, float(b)),
        "bias_hh_l0": np.zeros(1),
    }
    return Network.from_state_dict(state, "elman", nonlinearity="sigmoid")


def surface(w: ArrayLike, b: ArrayLike) -> Surface:
    """E and its gradient at all points (w, b), arrays that broadcast to a common shape; one sweep of all networks.

    Raises ShapeError for anything but real numbers.
    """
    w, b = np.broadcast_arrays(real_array("w", w, np.float64), real_array("b", b, np.float64))
    M, zero = w.size, np.zeros(1)
    parameters = {
        "weight_ih_l0": np.broadcast_to(zero, (M, 1, 1)),
        "weight_hh_l0": w.reshape(M, 1, 1),
        "bias_ih_l0": b.reshape(M, 1),
        "bias_hh_l0": np.broadcast_to(zero, (M, 1)),
    }
    models = sweep.Models("elman", parameters, "sigmoid")
    traces = sweep.unroll(models, np.zeros((STEPS, 1)), h0=[H0])
    miss = traces.h[-1] - TARGET
    dh = np.zeros((STEPS, M, 1))
    dh[-1] = 2 * miss
    params = sweep.backpropagate(models, traces, dh).params
    found = (miss**2, params["weight_hh_l0"], params["bias_ih_l0"])
    return Surface(*(a.reshape(w.shape) for a in found))


def saddle_nodes(w: ArrayLike) -> tuple[Array, Array]:
    """The two b at which fixed points appear and vanish, the lower one first, each the shape of `w`, at least 4.

    Between them there are two stable fixed points; at w = 4 both are -2. Raises ValueError for a w below 4.
    """
    w = _at_least(SADDLE_NODES_FROM, w)
    half: Array = np.sqrt(1 - 4 / w) / 2
    low, high = (np.log(s / (1 - s)) - w * s for s in (0.5 + half, 0.5 - half))
    return low, high


def wall(w: ArrayLike) -> Array:
    """The b at which x_0 is the unstable fixed point, the shape of `w`. Raises ValueError for a w below `WALL_FROM`."""
    b: Array = START - H0 * _at_least(WALL_FROM, w)
    return b


def gradient_norm_on_wall(w: ArrayLike) -> Array:
    """|grad E| on the wall in exact arithmetic, the shape of `w`. Raises ValueError for a w below `WALL_FROM`."""
    growth = SLOPE * _at_least(WALL_FROM, w)
    with np.errstate(over="ignore"):
        G: Array = (growth[..., None] ** np.arange(STEPS)).sum(axis=-1)
        return 2 * abs(H0 - TARGET) * SLOPE * G * math.hypot(1, H0)


def descend(w: float, b: float, learning_rate: float, updates: int, clip: Clip | None = None) -> Descent:
    """Gradient descent from (w, b): `optimizers.sgd` on the gradient, as it is or as `clip` gives it back.

    clip  from {name: array} to `Clipped`, such as `functools.partial(clip_by_global_norm, max_norm=1.0)`

    Raises ValueError for a start that is no finite number, a learning rate out of range or fewer than one update.
    """
    theta: Array = np.array([number("w", w, "(-inf, inf)"), number("b", b, "(-inf, inf)")])
    eta, updates = number("learning_rate", learning_rate, "[0, inf)"), whole("updates", updates, 1)
    rule = sgd().rule
    u: Array = np.zeros(2)
    points, clipped = np.full((updates + 1, 3), np.nan), np.full((updates, 3), np.nan)
    gradients = np.full((updates, 2), np.nan)
    stopped = None
    for k in range(updates + 1):
        at = theta.tolist()
        error, *gradient = _gradient(*at)
        points[k] = *at, error
        if k == updates:
            break
        g, norm = np.array(gradient), math.hypot(*gradient)
        clipped[k], gradients[k] = (norm, norm, 0.0), g
        if clip is not None and math.isfinite(norm):
            report = clip({"w, b": g})
            if report.grads["w, b"] is not g:
                g, clipped[k, 1:] = report.grads["w, b"], (report.norm_after, report.angle)
        with np.errstate(over="ignore", invalid="ignore"):
            theta, u = rule(k + 1, eta, theta, g, u)
        if not (math.isfinite(norm) and np.isfinite(theta).all()):
            stopped = k
            break
    (ws, bs, errors), (before, after, angles) = points.T, clipped.T
    return Descent(ws, bs, errors, before, after, angles, gradients, stopped)


def _gradient(w: float, b: float) -> tuple[float, float, float]:
    """E, dE/dw and dE/db at one point, the same as `surface(w, b)`: the Elman cell's equations for one unit.

    As plain numbers, because a descent asks for one point after the other: NumPy takes thirty times as long to be
    told of each sum.
    """
    h = [H0]
    for _ in range(STEPS):
        h.append(0.5 + 0.5 * math.tanh(0.5 * (w * h[-1] + b)))
    miss = h[-1] - TARGET
    dh, dw, db = 2 * miss, 0.0, 0.0
    for t in range(STEPS, 0, -1):
        da = dh * h[t] * (1 - h[t])
        dw, db, dh = dw + da * h[t - 1], db + da, da * w
    return miss * miss, dw, db


def _at_least(least: float, w: ArrayLike) -> Array:
    """`w` as an array without an entry below `least`."""
    given = real_array("w", w, np.float64)
    if not (given >= least).all():
        raise ValueError(f"w must be at least {least:.6g} here, got {w!r}")
    return given
