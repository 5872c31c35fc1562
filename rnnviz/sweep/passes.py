"""Forward and backward over all models of a sweep, and the records of what they computed."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rnnviz.arrays import Array, read_only, real_array
from rnnviz.cells import CELLS
from rnnviz.errors import NonFiniteError, ShapeError
from rnnviz.sweep import cells
from rnnviz.sweep.models import Models
from rnnviz.sweep.products import project, sum_of_outer, sum_of_outer_inputs


@dataclass(frozen=True, eq=False)
class ModelTraces:
    """Everything the forward pass computed.

    models, x  which models read what, (T, I) or (T, M, I)
    seen       the same numbers as they lie in memory, with the models last
    """

    models: Models
    x: Array = field(repr=False)
    seen: cells.Seen = field(repr=False)

    @property
    def h(self) -> Array:
        """The hidden states, (T, M, H)."""
        return _show(self.seen.h[1:])

    @property
    def c(self) -> Array | None:
        """The LSTM's cell states, (T, M, H)."""
        return None if self.seen.c is None else _show(self.seen.c[1:])

    @property
    def gates(self) -> dict[str, Array]:
        """The gates by their letters, (T, M, H) each; the Elman cell's activation as "h"."""
        return _by_gate(self.models, self.seen.S)

    @property
    def preactivations(self) -> dict[str, Array]:
        """What the gates' activations were taken of, (T, M, H) each."""
        return _by_gate(self.models, self.seen.A)

    @cached_property
    def nonfinite_step(self) -> NDArray[np.intp]:
        """The first step, 0-based, at which a model left the finite range, (M,); -1 where it never did."""
        states = [self.seen.h[1:]] if self.seen.c is None else [self.seen.h[1:], self.seen.c[1:]]
        bad = _left_finite_range([self.seen.A, self.seen.S, *states])
        return np.where(bad.any(axis=0), bad.argmax(axis=0), -1)


@dataclass(frozen=True, eq=False)
class ModelGradients:
    """Everything the backward pass computed; `reached` are the same numbers as they lie in memory, the models last."""

    traces: ModelTraces
    reached: cells.Reached = field(repr=False)

    @property
    def dh(self) -> Array:
        """dL/dh_t in full, (T, M, H)."""
        return _show(self.reached.dh)

    @property
    def dh0(self) -> Array:
        """dL/dh_0, (M, H)."""
        return read_only(self.reached.dh0.T)

    @property
    def dc(self) -> Array | None:
        """The LSTM's dL/dc_t in full, (T, M, H)."""
        return None if self.reached.dc is None else _show(self.reached.dc)

    @property
    def dc0(self) -> Array | None:
        """The LSTM's dL/dc_0, (M, H)."""
        return None if self.reached.dc0 is None else read_only(self.reached.dc0.T)

    @property
    def dpreactivations(self) -> dict[str, Array]:
        """dL/d of every gate's pre-activation, (T, M, H) each."""
        return _by_gate(self.traces.models, self.reached.da)

    @cached_property
    def params(self) -> dict[str, Array]:
        """{PyTorch name: (M, ...)}, dL/d of each model's parameters; summed over the steps when first read."""
        models, seen, da, dm = self.traces.models, self.traces.seen, self.reached.da, self.reached.dm
        h_prev, H = seen.h[:-1], models.hidden_size
        with np.errstate(all="ignore"):
            if seen.reset is None or models.reset_after:
                weight_hh = sum_of_outer(dm, h_prev)
            else:  # the candidate's weights read r h_prev
                rz, n = sum_of_outer(dm[:, : 2 * H], h_prev), sum_of_outer(dm[:, 2 * H :], seen.reset)
                weight_hh = np.concatenate([rz, n], axis=1)
            return {
                "weight_ih_l0": sum_of_outer_inputs(da, self.traces.x),
                "weight_hh_l0": weight_hh,
                "bias_ih_l0": da.sum(axis=0).T,
                "bias_hh_l0": dm.sum(axis=0).T,
            }

    @cached_property
    def nonfinite_step(self) -> NDArray[np.intp]:
        """Where the backward pass, coming from the last step, first left the finite range, (M,); -1: it never did."""
        dc = [] if self.reached.dc is None else [self.reached.dc]
        bad = _left_finite_range([self.reached.dh, self.reached.da, *dc])
        return np.where(bad.any(axis=0), len(bad) - 1 - bad[::-1].argmax(axis=0), -1)


def unroll(models: Models, x: ArrayLike, h0: ArrayLike | None = None, c0: ArrayLike | None = None) -> ModelTraces:
    """Run every model over `x` and record everything.

    x       (T, I), the same for all models, or (T, M, I)
    h0, c0  initial states (M, H), or (H,) for all models; zeros where None. c0 is the LSTM's alone.

    Raises ShapeError for a shape that does not fit, NonFiniteError for NaN or infinity in x, h0 or c0.
    """
    W, M = models.params["weight_ih_l0"], models.count
    x = _finite("x", real_array("x", x, W.dtype))
    if x.ndim not in (2, 3) or not len(x) or x.shape[1:] not in {(W.shape[2],), (M, W.shape[2])}:
        raise ShapeError(f"x needs shape (T, I) or (T, M, I) with M = {M} and I = {W.shape[2]}, got {x.shape}")
    if c0 is not None and "c" not in CELLS[models.cell].SPEC.states:
        raise ShapeError(f"c0 is the initial cell state of an LSTM; these models' cell is {models.cell}")
    h = _states("h0", h0, models, len(x))
    with np.errstate(all="ignore"):
        A = project(W, x)
        A += _bias_outside(models)
        if models.cell == "elman":
            seen = cells.elman_forward(models, A, h)
        elif models.cell == "gru":
            seen = cells.gru_forward(models, A, h)
        else:
            seen = cells.lstm_forward(models, A, h, _states("c0", c0, models, len(x)))
    return ModelTraces(models, x, seen)


def backpropagate(models: Models, traces: ModelTraces, dh: ArrayLike) -> ModelGradients:
    """All gradients of every model's loss, whose derivative by its h_t, later steps left out, is `dh` (T, M, H).

    Raises ShapeError where dh has another shape than `traces.h`, or other models made the traces.
    """
    if traces.models is not models:
        raise ShapeError("these traces were made by other models: unroll the ones that are to be differentiated")
    given = real_array("dh", dh, traces.seen.h.dtype)
    if given.shape != traces.h.shape:
        raise ShapeError(f"dh needs the shape of traces.h, {traces.h.shape}; got {given.shape}")
    backward = {"elman": cells.elman_backward, "gru": cells.gru_backward, "lstm": cells.lstm_backward}[models.cell]
    with np.errstate(all="ignore"):
        reached = backward(models, traces.seen, np.array(given.transpose(0, 2, 1), order="C"))
    return ModelGradients(traces, reached)


def _bias_outside(models: Models) -> Array:
    """b_ih + b_hh (G*H, M); without the b_hn of a GRU whose reset gate multiplies it."""
    bias: Array = (models.params["bias_ih_l0"] + models.params["bias_hh_l0"]).T
    if models.cell == "gru" and models.reset_after:
        bias[2 * models.hidden_size :] = models.params["bias_ih_l0"][:, 2 * models.hidden_size :].T
    return bias


def _states(name: str, start: ArrayLike | None, models: Models, T: int) -> Array:
    """Room for the states of 0 to T, (T + 1, H, M), the first of them filled in."""
    M, H, dtype = models.count, models.hidden_size, models.params["weight_hh_l0"].dtype
    states = np.empty((T + 1, H, M), dtype)
    given = _finite(name, real_array(name, 0.0 if start is None else start, dtype))
    if start is not None and given.shape not in {(H,), (M, H)}:
        raise ShapeError(f"{name} needs shape (M, H) = {(M, H)} or (H,), got {given.shape}")
    states[0] = np.broadcast_to(given, (M, H)).T
    return states


def _finite(name: str, a: Array) -> Array:
    """`a` itself, which must be finite."""
    if not np.isfinite(a).all():
        raise NonFiniteError(f"{name} must be finite; it holds NaN or infinity")
    return a


def _show(a: Array) -> Array:
    """(T, H, M) as people read it, (T, M, H)."""
    return read_only(a.transpose(0, 2, 1))


def _by_gate(models: Models, rows: Array) -> dict[str, Array]:
    """(T, G*H, M) by the gates' letters, (T, M, H) each."""
    letters = CELLS[models.cell].GATES
    return {gate: _show(block) for gate, block in zip(letters, np.split(rows, len(letters), axis=1))}


def _left_finite_range(arrays: Iterable[Array]) -> NDArray[np.bool_]:
    """(T, M), whether one of the arrays (T, rows, M) is not finite at that step of that model."""
    finite: NDArray[np.bool_] = np.logical_and.reduce([np.isfinite(a).all(axis=1) for a in arrays])
    return ~finite
