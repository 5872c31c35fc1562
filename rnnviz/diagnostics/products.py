"""What many steps do to a small change of the state: the product of their Jacobians, d s_T / d s_k.

    d s_T / d s_k  =  J_T J_{T-1} ... J_{k+1}              J_t = d s_t / d s_{t-1}, see `jacobians`

Its singular values are the factors by which this stretch of the sequence stretches or shrinks a change, its largest the
norm. Where the norm falls towards 0 with T - k the gradient vanishes, where it grows it explodes. Three numbers are
told apart that are often taken for one another:

    rho(W_hh), the spectral radius        where J is W_hh at each step (linear units), the norm tends to rho^(T-k) in
                                          the long run; before that it may grow although rho < 1 (W_hh not normal)
    sigma_max(W_hh), largest singular value   ||J_t|| <= gamma sigma_max at every step, gamma the steepest slope of the
                                          activation: 1 for tanh, relu and linear units, 1/4 for the sigmoid. So
    (gamma sigma_max)^(T-k)               is Pascanu's bound on the norm. Below 1 it is sufficient for vanishing; above
                                          1 it is only necessary for exploding: saturated units may shrink all the same
    the norm itself                       what happens in this network on this sequence

The bound is that of the Elman cell alone; in gated cells the Jacobian is more than one product. Source: Pascanu,
Mikolov & Bengio (2013), "On the difficulty of training recurrent neural networks", ICML, equations 5 to 7.
"""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from rnnviz.arrays import Array, read_only, whole_number
from rnnviz.cells import Cell, Elman
from rnnviz.diagnostics import exact
from rnnviz.diagnostics.graded import log10_singular_values
from rnnviz.diagnostics.jacobians import by_position, states_by_position, step_jacobians
from rnnviz.diagnostics.layers import PerLayer, per_layer
from rnnviz.errors import ShapeError
from rnnviz.network import Network
from rnnviz.padding import ReadingOrder, is_padding
from rnnviz.trace import LayerTrace, Trace

BEARABLE = 8  # decades by which rounding may grow for a norm to be believed
WATCHED = 6  # places at which that is looked at
GAMMA = {"tanh": 1.0, "relu": 1.0, "linear": 1.0, "sigmoid": 0.25}


@dataclass(frozen=True, eq=False)
class JacobianProducts:
    """d s_T / d s_k of one layer and direction for every k; s_T is the state after the last step that it reads.

    Row k = 0..T of (T + 1, ...) stands for the state between the positions k - 1 and k. From left to right that is the
    state after k steps: row 0 the initial state, row T (or a sequence's length) s_T itself, with the identity. From
    right to left, row 0 is the identity and the last row the initial state. Logarithms are to base 10: -inf where a
    singular value is 0, and in the padding; NaN where NaN or infinity lies on the way, and for a singular value that is
    lost more than 2,400 decades below the largest.

    jacobians               (T, B, S, S), by position
    spectral_radius         rho(W_hh); None, as the next three, for gated cells, which have several such matrices
    largest_singular_value  sigma_max(W_hh)
    gamma                   the steepest slope of the activation
    log10_bound             (T + 1,) Pascanu's bound, for a sequence without padding
    """

    jacobians: Array = field(repr=False)
    order: ReadingOrder = field(repr=False)
    spectral_radius: float | None
    largest_singular_value: float | None
    gamma: float | None
    log10_bound: Array | None

    @cached_property
    def log10_norm(self) -> Array:
        """log10 ||d s_T / d s_k|| for every k, the largest singular value, (T + 1, B)."""
        J, unknown = self._read
        found = np.where(unknown, np.nan, _log10_norms(J))
        return states_by_position(self.order, found, -np.inf)

    @cached_property
    def log10_singular_values(self) -> Array:
        """log10 of the singular values of d s_T / d s_k for every k, (T + 1, B, S), descending.

        To 1e-6 and better, however far they lie apart: what rounding may have lost is found with as many bits as it
        takes (see `graded`, `exact`), which takes some ten times as long. For one k `spectrum` is many times faster.
        """
        J, unknown = self._read
        found = np.zeros((len(J) + 1, *J.shape[1:3]))
        found[:-1] = log10_singular_values(J, range(len(J)))
        found[unknown] = np.nan
        return states_by_position(self.order, found, -np.inf)

    def spectrum(self, k: int) -> Array:
        """Row k of `log10_singular_values`, (B, S). Raises ShapeError for a k that is not from 0 to T."""
        (J, unknown), T = self._read, len(self.jacobians)
        row = whole_number(k)
        if row is None or not 0 <= row <= T:
            raise ShapeError(f"spectrum: k from 0 to T = {T} is needed, got {k!r}")
        length = np.broadcast_to(T if self.order.lengths is None else self.order.lengths, J.shape[1])
        steps_read = length - row if self.order.direction else np.full_like(length, row)
        found = np.zeros(J.shape[1:3])
        for steps in set(steps_read[steps_read < T]) - set(range(-T, 0)):
            chosen = steps_read == steps
            found[chosen] = log10_singular_values(J[:, chosen], [steps])[0]
        found[unknown[np.maximum(steps_read, 0), np.arange(len(found))]] = np.nan
        found[(steps_read < 0) | (steps_read > length)] = -np.inf
        return read_only(found)

    @cached_property
    def step_log10_singular_values(self) -> Array:
        """log10 of the singular values of each step's own d s_t / d s_{t-1}, (T, B, S), descending."""
        T, B, S, _ = self.jacobians.shape
        unknown = np.asarray(~np.isfinite(self.jacobians).all(axis=(2, 3)))
        J = np.where(unknown[..., None, None], 0, self.jacobians).reshape(1, T * B, S, S)
        found = log10_singular_values(J, [0]).reshape(T, B, S)
        found[unknown] = np.nan
        return read_only(found)

    @cached_property
    def _read(self) -> tuple[Array, NDArray[np.bool_]]:
        """The Jacobians in the order of reading, (T, B, S, S), the identity in place of padding and of NaN; and whether
        NaN or infinity lies between each of the T + 1 states and the last, (T + 1, B)."""
        J = by_position(self.order, self.jacobians).copy()
        T, B, S, _ = J.shape
        unknown = np.zeros((T + 1, B), bool)
        unknown[:-1] = ~np.isfinite(J).all(axis=(2, 3))
        J[unknown[:-1]] = np.eye(S)
        if self.order.lengths is not None:
            J[is_padding(self.order.lengths, T)] = np.eye(S)
        backwards: NDArray[np.bool_] = np.logical_or.accumulate(unknown[::-1])
        return J, backwards[::-1]


def jacobian_products(network: Network, trace: Trace) -> PerLayer[JacobianProducts]:
    """d s_T / d s_k of every layer and direction, as logarithms of singular values.

    Nothing large is computed before it is asked for. Raises ShapeError where the trace is another network's.
    """
    jacobians = step_jacobians(network, trace)
    return per_layer(_products, network.layers, trace.layers, jacobians.layers)


def _products(cell: Cell, layer: LayerTrace, jacobians: Array) -> JacobianProducts:
    if not isinstance(cell, Elman):
        return JacobianProducts(jacobians, layer.order, None, None, None, None)
    W, gamma = cell.weight_hh.astype(np.float64), GAMMA[cell.nonlinearity]
    finite = np.isfinite(W).all()
    rho = float(np.abs(np.linalg.eigvals(W)).max()) if finite else np.nan
    sigma = float(np.linalg.norm(W, 2)) if finite else np.nan
    steps = np.arange(len(jacobians) + 1)
    log10_bound = np.where(steps > 0, steps * np.log10(gamma * sigma), 0)
    return JacobianProducts(
        jacobians,
        layer.order,
        rho,
        sigma,
        gamma,
        read_only(log10_bound if layer.order.direction else log10_bound[::-1]),
    )


def log10_spectral_norm(matrices: Array) -> Array:
    """log10 of the largest singular value of each matrix, (..., S, S) -> (...); -inf for 0, NaN for no number."""
    finite: NDArray[np.bool_] = np.asarray(np.isfinite(matrices).all(axis=(-2, -1)))
    A = np.where(finite[..., None, None], matrices, 0)
    _, exponent = np.frexp(np.abs(A).max(axis=(-2, -1)))
    A = np.ldexp(A, -exponent[..., None, None])  # its squares are in range
    squared = np.where(A.any(axis=(-2, -1)), np.linalg.eigvalsh(A @ A.mT)[..., -1], 0)
    with np.errstate(divide="ignore"):
        return np.where(finite, 0.5 * np.log10(squared) + exponent * np.log10(2), np.nan)


def _log10_norms(J: Array) -> Array:
    """log10 ||J[T-1] ... J[k]|| for k = 0..T: (T, B, S, S), finite -> (T + 1, B).

    The product is multiplied out, divided by a power of 2 after each step; what that loses is far below the norm. Only
    where one step shrinks all that is left by more than 10^-308 does it lose everything, and where the factors all but
    cancel each other it may lose too much: the slower way is taken there.
    """
    T, B, S, _ = J.shape
    _, size = np.frexp(np.abs(J).max(axis=(2, 3)))
    scaled = np.ldexp(J, -size[..., None, None])
    P, exponent = np.empty((T + 1, B, S, S)), np.zeros((T + 1, B), int)
    P[T] = np.eye(S)
    for t in reversed(range(T)):
        product = P[t + 1] @ scaled[t]
        _, by = np.frexp(np.abs(product).max(axis=(1, 2)))
        np.ldexp(product, -by[:, None, None], out=P[t])
        exponent[t] = exponent[t + 1] + size[t] + by
    norms: Array = log10_spectral_norm(P) + exponent * np.log10(2)
    alive: NDArray[np.bool_] = np.logical_and.accumulate(np.asarray(J.any(axis=(2, 3)))[::-1])
    lost = np.isneginf(norms[:T]) & alive[::-1] | (_log10_grown(scaled, size, P, norms) > BEARABLE)
    for b in np.flatnonzero(lost.any(axis=0)):
        rows = np.flatnonzero(lost[:, b])
        norms[rows, b] = exact.log10_norms(J[:, b], rows.tolist())
    return norms


def _log10_grown(scaled: Array, size: NDArray[np.intp], P: Array, norms: Array) -> Array:
    """log10 of the factor by which the rounding of P, (T + 1, B, S, S), has grown in its norm, estimated: (B,).

    Rounding at step t, relative to ||P[t]||, meets J[t-1] ... J[k] v on its way, v what P[k] gives most to; where k is
    each of WATCHED places.
    """
    T, B = size.shape
    starts = np.unique(np.linspace(0, T - 1, WATCHED).astype(int))
    n = np.arange(B)
    row = np.linalg.norm(P[starts], axis=-1).argmax(axis=-1)
    v = P[starts[:, None], n, row][..., None]
    size_of_v = np.linalg.norm(v, axis=-2, keepdims=True)
    v = v / np.where(size_of_v > 0, size_of_v, 1)
    exponent, worst = np.zeros((len(starts), B)), np.zeros(B)
    with np.errstate(divide="ignore", invalid="ignore"):
        for lag in range(T):
            m = np.searchsorted(starts, T - lag)  # so many have not reached the end
            starts, v, exponent = starts[:m], v[:m], exponent[:m] + size[starts[:m] + lag]
            v = scaled[starts + lag] @ v
            if lag % 4 == 3:
                _, by = np.frexp(np.abs(v).max(axis=(2, 3)))
                v, exponent = np.ldexp(v, -by[..., None, None]), exponent + by
                reach = np.log10(np.linalg.norm(v[..., 0], axis=-1)) + exponent * np.log10(2)
                grown = norms[starts + lag + 1] + reach - norms[starts]
                worst = np.fmax(worst, np.fmax.reduce(np.where(np.isneginf(reach), 0, grown), axis=0))
    return worst
