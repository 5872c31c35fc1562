"""Activations with their derivatives written in terms of the **output**, which is what a trace holds.

    sigmoid  s = 1 / (1 + exp(-a)) = (1 + tanh(a / 2)) / 2     ds/da = s (1 - s)       at most 1/4
    tanh     t = tanh(a)                                       dt/da = 1 - t^2         at most 1
    relu     r = max(a, 0)                                     dr/da = 1 where r > 0   0 or 1 (0 at a = 0)
    linear   l = a                                             dl/da = 1               always

The second form of the sigmoid never overflows; it is the same number to within one unit of rounding at 1
(2.2e-16 in float64), so for a below about -38 it is exactly 0: a log plot of a gate starts from its pre-activation.
"""

import numpy as np

from rnnviz.arrays import Array


def sigmoid(a: Array, out: Array | None = None) -> Array:
    """Logistic function of `a`, any shape, into `out` if given; values in [0, 1]."""
    half: Array = 0.5 * np.tanh(0.5 * a)
    return np.add(half, 0.5, out=out)


tanh = np.tanh


def relu(a: Array, out: Array | None = None) -> Array:
    """Rectified linear unit, `max(a, 0)`, into `out` if given; values in [0, inf), NaN stays NaN."""
    return np.maximum(a, 0, out=out)


linear = np.positive


def sigmoid_derivative(s: Array, out: Array | None = None) -> Array:
    """`ds/da = s (1 - s)` from the sigmoid's output `s`, into `out` if given."""
    slope = np.subtract(1, s, out=np.empty_like(s) if out is None else out)
    return np.multiply(slope, s, out=slope)


def tanh_derivative(t: Array, out: Array | None = None) -> Array:
    """`dt/da = 1 - t^2` from the hyperbolic tangent's output `t`, into `out` if given."""
    slope = np.multiply(t, t, out=np.empty_like(t) if out is None else out)
    return np.subtract(1, slope, out=slope)


def relu_derivative(r: Array, out: Array | None = None) -> Array:
    """`dr/da`, 1 where the output `r` is positive and 0 elsewhere, in `r`'s data type; NaN stays NaN. Into `out`."""
    slope = np.greater(r, 0, out=np.empty_like(r) if out is None else out)
    np.copyto(slope, r, where=np.isnan(r))
    return slope


def linear_derivative(l: Array, out: Array | None = None) -> Array:
    """`dl/da`, 1 everywhere, in the shape and data type of the output `l`, into `out` if given."""
    slope = np.empty_like(l) if out is None else out
    slope[...] = 1
    return slope
