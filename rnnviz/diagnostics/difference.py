"""How long a difference between two runs survives.

Two sequences that differ in one step drive the same network; d_t = ||h_t - h'_t|| (Euclidean norm over the units)
says how much of that one step is still in the state. For an Elman network with tanh, d_t <= sigma_max(W_hh) d_{t-1}
wherever the inputs agree, because tanh never has a slope above 1: after k such steps at most sigma_max^k is left.
Source: the contraction argument for echo states, H. Jaeger, "The 'echo state' approach to analysing and training
recurrent neural networks", GMD Report 148 (2001), section 3.
"""

import numpy as np
from numpy.typing import ArrayLike

from rnnviz.arrays import Array, as_array, number, real_array
from rnnviz.errors import NonFiniteError, ShapeError


def state_difference(h: Array, h_other: Array) -> Array:
    """d_t = ||h_t - h'_t|| for two state sequences.

    Args:
        h, h_other: states, shape (T, H) or (T, B, H), the same for both.

    Returns:
        Norms over the last axis, shape (T,) or (T, B), at least 0, taken without overflow.

    Raises:
        ShapeError: the shapes differ.
    """
    h, h_other = as_array("h", h), as_array("h_other", h_other)
    for name, a in (("h", h), ("h_other", h_other)):
        if a.dtype.kind != "f":
            raise ShapeError(f"state_difference: {name} must be floating point, got {a.dtype}")
    if h.shape != h_other.shape or not h.ndim:
        raise ShapeError(
            f"state_difference: two state arrays of the same shape are needed, got {h.shape} and {h_other.shape}"
        )
    with np.errstate(over="ignore"):
        d = h - h_other
        _, exponent = np.frexp(np.abs(d).max(axis=-1, initial=0.0))  # scaled by powers of two, which rounds nothing
        return np.asarray(np.ldexp(np.linalg.norm(np.ldexp(d, -exponent[..., np.newaxis]), axis=-1), exponent))


def steps_until_below(norms: ArrayLike, fraction: float) -> int | None:
    """How many steps after the first nonzero norm the norm falls below `fraction` of it, and stays below.

    Args:
        norms: d_t, shape (T,), finite, at least 0; leading zeros (before the difference exists) are skipped.
        fraction: above 0, at most 1.

    Returns:
        The number of steps from the first nonzero norm; 0 if the norms are all zero; None if the norm
        is still, or again, at or above the fraction at the last step.

    Raises:
        ShapeError: the norms are no row of numbers.
        NonFiniteError: they hold NaN or infinity.
        ValueError: the fraction is out of range.
    """
    fraction = number("fraction", fraction, "(0, 1]")
    norms = real_array("norms", norms, np.float64)
    if norms.ndim != 1:
        raise ShapeError(f"steps_until_below: norms of shape (T,) are needed, got {norms.shape}; pick one sequence")
    if not np.isfinite(norms).all():
        step = int(np.flatnonzero(~np.isfinite(norms))[0])
        raise NonFiniteError(f"steps_until_below: the norm is NaN or infinite, first at step {step}")
    present = np.flatnonzero(norms)
    if present.size == 0:
        return 0
    first = int(present[0])
    above = np.flatnonzero(norms >= fraction * norms[first])
    last_above = int(above[-1])
    return None if last_above == len(norms) - 1 else last_above + 1 - first
