"""Forward and backward over all models of a sweep, and the records of what they computed."""

import math
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

    models, x  which models read what: (T, I), (T, M, I) or (T, M, B, I)
    seen       the same numbers as they lie in memory, with the models last

    Where each model reads B sequences, all that is (T, M, H) here is (T, M, B, H).
    """

    models: Models
    x: Array = field(repr=False)
    seen: cells.Seen = field(repr=False)

    @property
    def columns(self) -> tuple[int, ...]:
        """What the last axis in memory is made of: (M,) or (M, B)."""
        return (self.models.count, *self.x.shape[2:-1])

    @property
    def h(self) -> Array:
        """The hidden states, (T, M, H)."""
        return _show(self.seen.h[1:], self.columns)

    @property
    def c(self) -> Array | None:
        """The LSTM's cell states, (T, M, H)."""
        return None if self.seen.c is None else _show(self.seen.c[1:], self.columns)

    @property
    def gates(self) -> dict[str, Array]:
        """The gates by their letters, (T, M, H) each; the Elman cell's activation as "h"."""
        return _by_gate(self, self.seen.S)

    @property
    def preactivations(self) -> dict[str, Array]:
        """What the gates' activations were taken of, (T, M, H) each."""
        return _by_gate(self, self.seen.A)

    @cached_property
    def nonfinite_step(self) -> NDArray[np.intp]:
        """The first step, 0-based, at which a model left the finite range, (M,); -1 where it never did."""
        states = [self.seen.h[1:]] if self.seen.c is None else [self.seen.h[1:], self.seen.c[1:]]
        bad = _left_finite_range([self.seen.A, self.seen.S, *states], self.models.count)
        return np.where(bad.any(axis=0), bad.argmax(axis=0), -1)


@dataclass(frozen=True, eq=False)
class ModelGradients:
    """Everything the backward pass computed; `reached` are the same numbers as they lie in memory, the models last."""

    traces: ModelTraces
    reached: cells.Reached = field(repr=False)

    @property
    def dh(self) -> Array:
        """dL/dh_t in full, (T, M, H)."""
        return _show(self.reached.dh, self.traces.columns)

    @property
    def dh0(self) -> Array:
        """dL/dh_0, (M, H)."""
        return _show(self.reached.dh0, self.traces.columns)

    @property
    def dc(self) -> Array | None:
        """The LSTM's dL/dc_t in full, (T, M, H)."""
        return None if self.reached.dc is None else _show(self.reached.dc, self.traces.columns)

    @property
    def dc0(self) -> Array | None:
        """The LSTM's dL/dc_0, (M, H)."""
        dc0 = self.reached.dc0
        return None if dc0 is None else _show(dc0, self.traces.columns)

    @property
    def dpreactivations(self) -> dict[str, Array]:
        """dL/d of every gate's pre-activation, (T, M, H) each."""
        return _by_gate(self.traces, self.reached.da)

    @cached_property
    def params(self) -> dict[str, Array]:
        """{PyTorch name: (M, ...)}, dL/d of each model's parameters; summed over the steps when first read."""
        models, seen, da, dm = self.traces.models, self.traces.seen, self.reached.da, self.reached.dm
        h_prev, H, M = seen.h[:-1], models.hidden_size, models.count
        with np.errstate(all="ignore"):
            if seen.reset is None or models.reset_after:
                weight_hh = sum_of_outer(dm, h_prev, M)
            else:  # the candidate's weights read r h_prev
                rz, n = sum_of_outer(dm[:, : 2 * H], h_prev, M), sum_of_outer(dm[:, 2 * H :], seen.reset, M)
                weight_hh = np.concatenate([rz, n], axis=1)
            return {
                "weight_ih_l0": sum_of_outer_inputs(da, self.traces.x, M),
                "weight_hh_l0": weight_hh,
                "bias_ih_l0": total(da, M),
                "bias_hh_l0": total(dm, M),
            }

    @cached_property
    def nonfinite_step(self) -> NDArray[np.intp]:
        """Where the backward pass, coming from the last step, first left the finite range, (M,); -1: it never did."""
        dc = [] if self.reached.dc is None else [self.reached.dc]
        bad = _left_finite_range([self.reached.dh, self.reached.da, *dc], self.traces.models.count)
        return np.where(bad.any(axis=0), len(bad) - 1 - bad[::-1].argmax(axis=0), -1)


def unroll(models: Models, x: ArrayLike, h0: ArrayLike | None = None, c0: ArrayLike | None = None) -> ModelTraces:
    """Run every model over `x` and record everything.

    x       (T, I), the same for all models, (T, M, I), or (T, M, B, I), B sequences for each
    h0, c0  initial states (M, H) or (M, B, H), or (H,) for all; zeros where None. c0 is the LSTM's alone.

    Raises ShapeError for a shape that does not fit, NonFiniteError for NaN or infinity in x, h0 or c0.
    """
    W, M = models.params["weight_ih_l0"], models.count
    x = _finite("x", real_array("x", x, W.dtype))
    if x.ndim not in (2, 3, 4) or not x.size or x.shape[-1] != W.shape[2] or x.shape[1:-1][:1] not in {(), (M,)}:
        shapes = "(T, I), (T, M, I) or (T, M, B, I)"
        raise ShapeError(f"x needs shape {shapes} with M = {M} and I = {W.shape[2]}, got {x.shape}")
    if c0 is not None and "c" not in CELLS[models.cell].SPEC.states:
        raise ShapeError(f"c0 is the initial cell state of an LSTM; these models' cell is {models.cell}")
    columns = (M, *x.shape[2:-1])
    h = _states("h0", h0, models, len(x), columns)
    with np.errstate(all="ignore"):
        A = project(W, x)
        A += _bias_outside(models, A.shape[2])
        if models.cell == "elman":
            seen = cells.elman_forward(models, A, h)
        elif models.cell == "gru":
            seen = cells.gru_forward(models, A, h)
        else:
            seen = cells.lstm_forward(models, A, h, _states("c0", c0, models, len(x), columns))
    return ModelTraces(models, x, seen)


def backpropagate(models: Models, traces: ModelTraces, dh: ArrayLike) -> ModelGradients:
    """All gradients of every model's loss, whose derivative by its h_t, later steps left out, is `dh`.

    dh  (T, M, H), or (T, M, B, H) where the models read B sequences each

    Raises ShapeError where dh has another shape than `traces.h`, or other models made the traces.
    """
    if traces.models is not models:
        raise ShapeError("these traces were made by other models: unroll the ones that are to be differentiated")
    given = real_array("dh", dh, traces.seen.h.dtype)
    if given.shape != traces.h.shape:
        raise ShapeError(f"dh needs the shape of traces.h, {traces.h.shape}; got {given.shape}")
    return reach_back(traces, np.array(given.reshape(len(given), -1, given.shape[-1]).transpose(0, 2, 1), order="C"))


def reach_back(traces: ModelTraces, dh: Array) -> ModelGradients:
    """The same from dh (T, H, N) as it lies in memory, which becomes the total."""
    models = traces.models
    backward = {"elman": cells.elman_backward, "gru": cells.gru_backward, "lstm": cells.lstm_backward}[models.cell]
    with np.errstate(all="ignore"):
        reached = backward(models, traces.seen, dh)
    return ModelGradients(traces, reached)


def _bias_outside(models: Models, N: int) -> Array:
    """b_ih + b_hh (G*H, N); without the b_hn of a GRU whose reset gate multiplies it."""
    bias: Array = (models.params["bias_ih_l0"] + models.params["bias_hh_l0"]).T
    if models.cell == "gru" and models.reset_after:
        bias[2 * models.hidden_size :] = models.params["bias_ih_l0"][:, 2 * models.hidden_size :].T
    return np.repeat(bias, N // models.count, axis=1)


def _states(name: str, start: ArrayLike | None, models: Models, T: int, columns: tuple[int, ...]) -> Array:
    """Room for the states of 0 to T, (T + 1, H, N), the first of them filled in; N columns, (M,) or (M, B)."""
    H, dtype = models.hidden_size, models.params["weight_hh_l0"].dtype
    states = np.empty((T + 1, H, math.prod(columns)), dtype)
    given = _finite(name, real_array(name, 0.0 if start is None else start, dtype))
    if start is not None and given.shape not in {(H,), (*columns, H)}:
        shape = "(M, H)" if len(columns) == 1 else "(M, B, H)"
        raise ShapeError(f"{name} needs shape {shape} = {(*columns, H)} or (H,), got {given.shape}")
    states[0] = np.broadcast_to(given, (*columns, H)).reshape(-1, H).T
    return states


def _finite(name: str, a: Array) -> Array:
    """`a` itself, which must be finite."""
    if not np.isfinite(a).all():
        raise NonFiniteError(f"{name} must be finite; it holds NaN or infinity")
    return a


def total(a: Array, M: int) -> Array:
    """The sum over all steps and a model's sequences, (T, rows, N) -> (M, rows)."""
    summed: Array = a.sum(axis=0).reshape(a.shape[1], M, -1).sum(axis=2).T
    return summed


def _show(a: Array, columns: tuple[int, ...]) -> Array:
    """(T, H, N) as people read it, (T, M, H) or (T, M, B, H); likewise without the steps."""
    return read_only(a.swapaxes(-1, -2).reshape(*a.shape[:-2], *columns, a.shape[-2]))


def _by_gate(traces: ModelTraces, rows: Array) -> dict[str, Array]:
    """(T, G*H, N) by the gates' letters, (T, M, H) or (T, M, B, H) each."""
    letters = CELLS[traces.models.cell].GATES
    return {gate: _show(block, traces.columns) for gate, block in zip(letters, np.split(rows, len(letters), axis=1))}


def _left_finite_range(arrays: Iterable[Array], M: int) -> NDArray[np.bool_]:
    """(T, M), whether one of the arrays (T, rows, N) is not finite at that step of that model."""
    finite: NDArray[np.bool_] = np.logical_and.reduce([np.isfinite(a).all(axis=1) for a in arrays])
    return np.asarray(~finite.reshape(len(finite), M, -1).all(axis=2))
