"""The Elman network's cell, the plain ("vanilla") recurrent cell.

    a_t = W_ih x_t + b_ih + W_hh h_{t-1} + b_hh
    h_t = phi(a_t)                                  phi = tanh, relu, sigmoid, or linear: h_t = a_t

and backwards, with dh_t = dL/dh_t in full (from the output of step t and from step t + 1),

    da_t     = dh_t * phi'(a_t)
    dh_{t-1} = dL/dy's part + W_hh^T da_t
    dW_hh    = sum_t da_t h_{t-1}^T,   dW_ih = sum_t da_t x_t^T,   db = sum_t da_t

The cell has no gates; its one activation goes by the name "h" wherever the other cells list theirs.
Sources: Elman (1990), "Finding structure in time", Cognitive Science 14; in the notation of `torch.nn.RNN`,
which has tanh and relu. The sigmoid is that of Pascanu et al. (2013), "On the difficulty of training recurrent neural
networks", ICML; in the linear network d h_T / d h_k = W_hh^(T - k) exactly.
Sizes: W_ih (H, I), W_hh (H, H), b_ih and b_hh (H,).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import ClassVar

import numpy as np
from numpy.typing import DTypeLike

from rnnviz.activations import (
    linear,
    linear_derivative,
    relu,
    relu_derivative,
    sigmoid,
    sigmoid_derivative,
    tanh,
    tanh_derivative,
)
from rnnviz.arrays import Array
from rnnviz.cells.products import project, sum_of_outer, windows
from rnnviz.cells.record import Backward, Forward, Operation, Step, Write
from rnnviz.cells.spec import CellSpec, Gate, Place
from rnnviz.cells.workspace import Room, Workspace, array

# The activation, and its derivative from its output, each into a second argument if one is given.
NONLINEARITIES: dict[str, tuple[Callable[..., Array], Callable[..., Array]]] = {
    "tanh": (tanh, tanh_derivative),
    "relu": (relu, relu_derivative),
    "sigmoid": (sigmoid, sigmoid_derivative),
    "linear": (linear, linear_derivative),
}


@dataclass(frozen=True, eq=False)
class Elman:
    """Weights of one Elman cell; `nonlinearity` is "tanh", "relu", "sigmoid" or "linear"."""

    weight_ih: Array
    weight_hh: Array
    bias_ih: Array
    bias_hh: Array
    nonlinearity: str = "tanh"
    workspace: Workspace = field(default_factory=Workspace, repr=False, compare=False)

    SPEC: ClassVar[CellSpec] = CellSpec(
        name="elman",
        title="Elman",
        gates=(Gate("h", "hidden state"),),
        states=("h",),
        path="h",
        drawn=(),
        places=("x", "a", "h", "y"),
        maps=("h", "a"),
        operations=(Place("squash", "φ(a)", "the activation, the hidden state", "h", ("h",), "h"),),
    )
    NAME: ClassVar[str] = SPEC.name
    GATES: ClassVar[tuple[str, ...]] = SPEC.letters

    @staticmethod
    def parameter_count(I: int, H: int) -> int:
        """Weights and the two biases: H (I + H + 2)."""
        return H * (I + H + 2)

    @staticmethod
    def multiply_adds(I: int, H: int) -> int:
        """Multiplications of one step for one sequence: H (I + H), all in the matrix products."""
        return H * (I + H)

    def step(self, x: Array, h_prev: Array) -> Step:
        """One step in plain equations: x (B, I), h_prev (B, H)."""
        phi, _ = NONLINEARITIES[self.nonlinearity]
        a = x @ self.weight_ih.T + self.bias_ih + h_prev @ self.weight_hh.T + self.bias_hh
        h = phi(a)
        return Step(h=h, c=None, gates={"h": h}, preactivations={"h": a})

    @cached_property
    def _packed(self) -> Array:
        """[W_ih, W_hh, b_ih + b_hh] (H, I + H + 1), which multiplies [x; h; 1]."""
        return np.concatenate([self.weight_ih, self.weight_hh, (self.bias_ih + self.bias_hh)[:, None]], axis=1)

    @cached_property
    def _recurrent_T(self) -> Array:
        """W_hh^T (H, H), contiguous."""
        return np.ascontiguousarray(self.weight_hh.T)

    def forward(self, x: Array, h0: Array, *, operation: Operation | None = None) -> Forward:
        """Every step of x (T, I, B) from h0 (H, B). Each step is one product with [x; h; 1] and one activation."""
        (T, I, B), H, W = x.shape, h0.shape[0], self._packed
        (Z, A), room = self.workspace.enter(_forward_room, T, I, H, B, W.dtype)
        Z[:T, :I], Z[0, I:-1], h = x, h0, Z[1:, I:-1]

        product: Write = W.dot
        phi: Write = NONLINEARITIES[self.nonlinearity][0]
        made, reads = h, None
        if operation is not None:
            product, phi = operation.shifting(product, A, {"h": 1.0}), operation.pinning(phi, h, "h")
            if operation.masked is not None:
                made = np.empty_like(h)
                product, reads = operation.masked.reading(product, Z)
                phi = operation.masked.keeping(phi, h=Z[:, I:-1])
        for z_t, a_t, h_t in room.steps:
            product(z_t, a_t)
            phi(a_t, h_t)
        if made is not h:
            NONLINEARITIES[self.nonlinearity][0](A, made)
        return Forward(
            read=Z,
            x=Z[:T, :I],
            h=h,
            c=None,
            gates={"h": made},
            preactivations={"h": A},
            pinned=operation.pinned if operation else {},
            masked=operation.masked if operation else None,
            reads=reads,
        )

    def backward(self, seen: Forward, dh: Array, truncate: int | None) -> Backward:
        """From dh (T, H, B), the part of dL/dh_t that comes from outside, to all gradients."""
        from_outside, I = dh, self.weight_ih.shape[1]
        (dh, dA), room = self.workspace.enter(_backward_room, *dh.shape, self.weight_ih.dtype)
        (back,) = room.scratch
        dh[:] = from_outside  # becomes the total
        _, derivative = NONLINEARITIES[self.nonlinearity]
        derivative(seen.gates["h"], dA)  # first phi', then, in its place, da
        seen.block_pinned({"h": dA})
        seen.block_held("h", dA)

        product, multiply, add = self._recurrent_T.dot, np.multiply, np.add
        if seen.masked is not None:
            product = seen.masked.reaching(product, dh, truncate)
        da_next = back
        for window in windows(room.steps, truncate):
            for done, (dh_t, da_t) in enumerate(window):
                if done:
                    product(da_next, back)
                    add(dh_t, back, dh_t)
                multiply(dh_t, da_t, da_t)
                da_next = da_t

        dW = sum_of_outer(dA, seen.inputs())
        return Backward(
            dh=dh,
            dh0=seen.reach(0, np.dot(self._recurrent_T, dA[0]), dh[0]),
            dc=None,
            dc0=None,
            gate_gradients=partial(_gate_gradients, seen, dh),
            dpreactivations={"h": dA},
            input_gradient=partial(project, self.weight_ih.T, dA),
            params={
                "weight_ih": dW[:, :I],
                "weight_hh": dW[:, I:-1],
                "bias_ih": dW[:, -1].copy(),
                "bias_hh": dW[:, -1].copy(),
            },
        )


def _gate_gradients(seen: Forward, dh: Array) -> dict[str, Array]:
    """dL/d of the activation, (T, H, B): that is dL/dh_t, but for a share of the old state that zoneout kept."""
    return {"h": dh if seen.masked is None else seen.masked.new_part(dh.copy())}


def _forward_room(T: int, I: int, H: int, B: int, dtype: DTypeLike) -> Room:
    """Z (T + 1, I + H + 1, B) with Z[t] = [x_t; h_{t-1}; 1], and A (T, H, B); per step z_t, a_t, h_t."""
    Z, A = array((T + 1, I + H + 1, B), dtype), array((T, H, B), dtype)
    Z[:, -1] = 1
    return Room((Z, A), list(zip(Z, A, Z[1:, I:-1])))


def _backward_room(T: int, H: int, B: int, dtype: DTypeLike) -> Room:
    """dh and dA (T, H, B); per step dh_t, da_t."""
    dh, dA = array((T, H, B), dtype), array((T, H, B), dtype)
    return Room((dh, dA), list(zip(dh, dA)), scratch=(array((H, B), dtype),))
