"""Keep an exploding gradient from throwing the weights away: three ways to clip it.

    by value          g_i <- min(max(g_i, -limit), limit)                                PyTorch's clip_grad_value_
    by global norm    g <- g min(1, max_norm / (||g|| + EPSILON)), g all parameters      Pascanu et al. 2013, alg. 1
    by norm           the same for each parameter by itself

Mikolov (2012), the source of clipping by value, clipped what comes back through time at each step, element by element
(so Pascanu et al. 2013, section 3.2), not the finished gradient of the weights.

Clipping by norm keeps the direction of what it clips, the global norm that of the whole step; clipping by value
turns it. `EPSILON` = 1e-6 is PyTorch's guard against division by zero: with it the functions are
`torch.nn.utils.clip_grad_value_` and `clip_grad_norm_`, and a clipped norm ends just below `max_norm`, up to rounding.

Gradients are {name: array}, as in `rnnviz.backpropagate(...).params`; norms are Euclidean, taken in float64 and scaled
by the largest entry, so that finite gradients are clipped however large they are. (PyTorch squares in the gradient's
own data type: beyond 1e154, or 1e19 in float32, its norm is infinite and the clipped gradient 0.) A gradient that
holds NaN or infinity has neither a norm nor a direction: it is reported as an error, and never spreads to the
parameters that are still finite.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from rnnviz.arrays import Array, floats_by_name, number
from rnnviz.errors import NonFiniteError

EPSILON = 1e-6


@dataclass(frozen=True, eq=False)
class Clipped:
    """Clipped gradients, and what the clipping did to all parameters taken as one long vector.

    grads             {name: array}: new arrays with the shapes and data types of those given
    given             the gradients before
    norm_before       Euclidean norm of the gradient as given; inf if it is beyond the largest float64
    norm_after        Euclidean norm of `grads`
    fraction_touched  share of the entries whose value changed, in [0, 1]
    angle             between the gradient as given and `grads`, in degrees, in [0, 90]; 0 where one of them is zero

    The last four are worked out when they are first asked for: a training run needs none of them.
    """

    grads: dict[str, Array]
    given: dict[str, Array] = field(repr=False)

    @cached_property
    def norm_before(self) -> float:
        """The Euclidean norm of the gradient as given."""
        return math.prod(_norm(self.given))

    @cached_property
    def norm_after(self) -> float:
        """The Euclidean norm of the clipped gradient."""
        return math.prod(_norm(self.grads))

    @cached_property
    def fraction_touched(self) -> float:
        """The share of the entries whose value changed."""
        touched = sum(int(np.count_nonzero(g != self.grads[name])) for name, g in self.given.items())
        return touched / sum(g.size for g in self.given.values())

    @cached_property
    def angle(self) -> float:
        """The angle between the two, in degrees."""
        return angle(self.given, self.grads)


def clip_by_value(grads: Mapping[str, Array], limit: float) -> Clipped:
    """Limit every entry to [-limit, limit], as `torch.nn.utils.clip_grad_value_`.

    grads: {name: array of any shape}. limit: positive, infinity clips nothing.
    Raises ShapeError for arrays that are not floating point, NonFiniteError naming the parameters that hold NaN or
    infinity, ValueError where there are no gradients or `limit` is not positive.
    """
    limit = number("limit", limit, "(0, inf]")
    grads = _finite(grads)
    return Clipped({name: _cut(g, limit) for name, g in grads.items()}, grads)


def clip_by_global_norm(grads: Mapping[str, Array], max_norm: float) -> Clipped:
    """Scale all gradients together until their joint norm is at most max_norm, as `clip_grad_norm_`.

    grads: {name: array of any shape}. max_norm: positive, infinity clips nothing.
    Raises ShapeError for arrays that are not floating point, NonFiniteError naming the parameters that hold NaN or
    infinity, ValueError where there are no gradients or `max_norm` is not positive.
    """
    max_norm = number("max_norm", max_norm, "(0, inf]")
    grads = _finite(grads)
    factor = _factor(grads, max_norm)
    return Clipped({name: _times(g, factor) for name, g in grads.items()}, grads)


def clip_by_norm(grads: Mapping[str, Array], max_norm: float) -> Clipped:
    """Scale each gradient by itself until its norm is at most max_norm: `clip_grad_norm_` on one parameter a time.

    grads: {name: array of any shape}. max_norm: positive, infinity clips nothing.
    Raises as `clip_by_global_norm` does.
    """
    max_norm = number("max_norm", max_norm, "(0, inf]")
    grads = _finite(grads)
    return Clipped({name: _times(g, _factor({name: g}, max_norm)) for name, g in grads.items()}, grads)


def global_norm(grads: Mapping[str, Array]) -> float:
    """The Euclidean norm of all gradients as one long vector: s ||g / s|| with s = max |g_i|, in float64.

    grads: {name: array of any shape}; without any, the norm is 0. Raises ShapeError for arrays that are not floating
    point, NonFiniteError where the norm is not a finite number.
    """
    grads = floats_by_name("gradients", grads)
    with np.errstate(invalid="ignore"):
        norm = math.prod(_norm(grads))
    if not math.isfinite(norm):
        raise NonFiniteError(f"the norm of the gradients {', '.join(grads)} is not a finite number")
    return norm


def angle(grads: Mapping[str, Array], others: Mapping[str, Array]) -> float:
    """The angle between two finite gradients with the same names and shapes, in degrees; 0 where one of them is zero.

    2 atan(|u - v| / |u + v|) for the unit vectors u and v, which is exact for small angles, too (Kahan 2006).
    """
    u, v = _direction(grads)[1], _direction(others)[1]
    if not u.any() or not v.any():
        return 0.0
    u, v = u / np.linalg.norm(u), v / np.linalg.norm(v)
    return math.degrees(2.0 * math.atan2(np.linalg.norm(u - v), np.linalg.norm(u + v)))


def _norm(grads: Mapping[str, Array]) -> tuple[float, float]:
    """The norm as two factors, the largest magnitude and a number from 1 (or 0), whose product may overflow."""
    scale, unit = _direction(grads)
    return scale, float(np.linalg.norm(unit))


def _direction(grads: Mapping[str, Array]) -> tuple[float, Array]:
    """Write the gradients as scale * (one long vector with largest entry 1), or 0 * (zeros)."""
    grads = floats_by_name("gradients", grads)
    flat = np.concatenate([np.empty(0), *(g.ravel().astype(np.float64) for g in grads.values())])
    scale = float(np.abs(flat).max(initial=0.0))
    return scale, flat / scale if scale else flat


def _cut(g: Array, limit: float) -> Array:
    """Limit the entries of a gradient, in its own data type, to [-limit, limit]."""
    limit = min(limit, float(np.finfo(g.dtype).max))
    return np.clip(g, -limit, limit)


def _factor(grads: Mapping[str, Array], max_norm: float) -> float:
    """min(1, max_norm / (||grads|| + EPSILON)); where that norm is no float64, EPSILON is nothing beside it."""
    scale, length = _norm(grads)
    norm = scale * length
    return min(1.0, max_norm / (norm + EPSILON) if math.isfinite(norm) else max_norm / scale / length)


def _times(g: Array, factor: float) -> Array:
    """A gradient times a number, multiplied in float64, in its own data type."""
    return (g.astype(np.float64) * factor).astype(g.dtype)


def _finite(grads: Mapping[str, Array]) -> dict[str, Array]:
    """Give the gradients back if there are any and all are finite floating-point numbers."""
    grads = floats_by_name("gradients", grads)
    if not sum(g.size for g in grads.values()):
        raise ValueError("there are no gradients to clip")
    if not all(np.isfinite(g).all() for g in grads.values()):
        strange = {name: g.size - np.count_nonzero(np.isfinite(g)) for name, g in grads.items()}
        counts = ", ".join(
            f"{name} ({count} of {grads[name].size} entries)" for name, count in strange.items() if count
        )
        raise NonFiniteError(f"NaN or infinity in the gradients of {counts}: nothing was clipped")
    return grads
