"""The gated recurrent unit, with both published places for the reset gate.

    r_t = sigma(W_ir x_t + b_ir + W_hr h_{t-1} + b_hr)                  reset gate
    z_t = sigma(W_iz x_t + b_iz + W_hz h_{t-1} + b_hz)                  update gate
    n_t = tanh (W_in x_t + b_in + r_t * (W_hn h_{t-1} + b_hn))          candidate, reset after the product
    n_t = tanh (W_in x_t + b_in + W_hn (r_t * h_{t-1}) + b_hn)          candidate, reset before the product
    h_t = (1 - z_t) * n_t + z_t * h_{t-1}                               hidden state

`reset_after=True` is the form of cuDNN, `torch.nn.GRU` and Keras' `reset_after=True`; `reset_after=False` is that of
Cho et al. (2014), "Learning phrase representations using RNN encoder-decoder", EMNLP, equations 5 to 8. **z = 1 keeps
the old state**, as there and in PyTorch; Chung et al. (2014) write it the other way round.

Backwards, with dh_t in full,

    dz_t = dh_t * (h_{t-1} - n_t)     da^z = dz_t * z_t (1 - z_t)
    dn_t = dh_t * (1 - z_t)           da^n = dn_t * (1 - n_t^2)
    after:   dr_t = da^n * (W_hn h_{t-1} + b_hn)     before:  dr_t = h_{t-1} * (W_hn^T da^n)
    da^r = dr_t * r_t (1 - r_t)
    dh_{t-1} = dL/dy's part + dh_t * z_t + W_hr^T da^r + W_hz^T da^z
               + W_hn^T (r_t * da^n)  after,  or  + r_t * (W_hn^T da^n)  before
    dW_ik = sum_t da^k x_t^T,   dW_hk = sum_t da^k h_{t-1}^T,   db_k = sum_t da^k     for k = r, z and, for W_i, n
    dW_hn = sum_t (r_t * da^n) h_{t-1}^T  after,  or  sum_t da^n (r_t * h_{t-1})^T  before

The fast path computes h_t as n_t + z_t * (h_{t-1} - n_t), which is the same sum with one rounding placed elsewhere.
Sizes: W_ih (3H, I), W_hh (3H, H), b_ih and b_hh (3H,), gate rows in the order r, z, n.
"""

from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import ClassVar

import numpy as np
from numpy.typing import DTypeLike

from rnnviz.activations import sigmoid, sigmoid_derivative, tanh_derivative
from rnnviz.arrays import Array
from rnnviz.cells.products import project, sum_of_outer, windows
from rnnviz.cells.record import Backward, Forward, Operation, Step, Write
from rnnviz.cells.spec import CellSpec, Gate, Place
from rnnviz.cells.workspace import Room, Workspace, array


@dataclass(frozen=True, eq=False)
class GRU:
    """Weights of one GRU cell; `reset_after` tells where its reset gate stands."""

    weight_ih: Array
    weight_hh: Array
    bias_ih: Array
    bias_hh: Array
    reset_after: bool = True
    workspace: Workspace = field(default_factory=Workspace, repr=False, compare=False)

    SPEC: ClassVar[CellSpec] = CellSpec(
        name="gru",
        title="GRU",
        gates=(
            Gate("r", "reset gate", "reset", "sigmoid", "output", (2, 3)),
            Gate("z", "update gate", "keep", "sigmoid", "forget"),
            Gate("n", "candidate", "candidate", "tanh", "candidate", (8, 3, 2, 3)),
        ),
        states=("h",),
        path="h",
        drawn=("z", "r", "n"),
        places=("x", "r", "z", "n", "h", "y"),
        maps=("h", "z", "r", "n"),
        operations=(
            Place(
                "reset", "r·", "what the candidate sees of the past", "r", ("r",)
            ),  # after: r (W_hn h + b); before: r h
            Place("keep", "z·h", "what is kept", "h", ("z", "h")),  # z_t * h_{t-1}
            Place("write", "(1−z)·n", "what is written", "h", ("z", "n")),
            Place("add", "+", "the sum, the new hidden state", "h", ("h",), "h"),
        ),
    )
    NAME: ClassVar[str] = SPEC.name
    GATES: ClassVar[tuple[str, ...]] = SPEC.letters

    @staticmethod
    def parameter_count(I: int, H: int) -> int:
        """Weights and the two biases of three gates: 3H (I + H + 2)."""
        return 3 * H * (I + H + 2)

    @staticmethod
    def multiply_adds(I: int, H: int) -> int:
        """Multiplications of one step for one sequence: 3H (I + H) in the products, and r *, (1 - z) n, z h_{t-1}."""
        return 3 * H * (I + H) + 3 * H

    def step(self, x: Array, h_prev: Array) -> Step:
        """One step in plain equations: x (B, I), h_prev (B, H)."""
        x_r, x_z, x_n = np.split(x @ self.weight_ih.T + self.bias_ih, 3, axis=1)
        W_hr, W_hz, W_hn = np.split(self.weight_hh, 3)
        b_hr, b_hz, b_hn = np.split(self.bias_hh, 3)
        a_r, a_z = x_r + h_prev @ W_hr.T + b_hr, x_z + h_prev @ W_hz.T + b_hz
        r, z = sigmoid(a_r), sigmoid(a_z)
        after = self.reset_after
        a_n = x_n + (r * (h_prev @ W_hn.T + b_hn) if after else (r * h_prev) @ W_hn.T + b_hn)
        n = np.tanh(a_n)
        h = (1 - z) * n + z * h_prev
        return Step(h=h, c=None, gates={"r": r, "z": z, "n": n}, preactivations={"r": a_r, "z": a_z, "n": a_n})

    @cached_property
    def _packed(self) -> tuple[Array, Array, Array]:
        """What multiplies [x; h; 1] for r and z (2H, I + H + 1), halved; what multiplies the candidate's recurrent
        input, [h; 1] or r * h; and the bias that stands outside that product (H, 1)."""
        H = self.weight_hh.shape[1]
        bias = (self.bias_ih + self.bias_hh)[:, None]
        W = np.concatenate([self.weight_ih, self.weight_hh, bias], axis=1)
        W_rz = 0.5 * W[: 2 * H]  # sigma(a) = (1 + tanh(a / 2)) / 2
        if self.reset_after:
            W_n = np.concatenate([self.weight_hh[2 * H :], self.bias_hh[2 * H :, None]], axis=1)
            return W_rz, W_n, self.bias_ih[2 * H :, None]
        return W_rz, np.ascontiguousarray(self.weight_hh[2 * H :]), bias[2 * H :]

    @cached_property
    def _transposed(self) -> tuple[Array, Array, Array]:
        """W_ih^T (I, 3H) with columns n, r, z; W_hh^T (H, 3H) or, reset before, (H, 2H) without n; W_hn^T (H, H)."""
        H = self.weight_hh.shape[1]
        W_ih = np.concatenate([self.weight_ih[2 * H :], self.weight_ih[: 2 * H]])
        W_hh = self.weight_hh if self.reset_after else self.weight_hh[: 2 * H]
        return W_ih.T.copy(), W_hh.T.copy(), self.weight_hh[2 * H :].T.copy()

    def forward(self, x: Array, h0: Array, *, operation: Operation | None = None) -> Forward:
        """Every step of x (T, I, B) from h0 (H, B); eleven calls a step."""
        (T, I, B), H, dtype, before = x.shape, h0.shape[0], h0.dtype, not self.reset_after
        W_rz, W_n, b_n = self._packed
        (Z, A, S, reset), room = self.workspace.enter(_forward_room, T, I, H, B, dtype)
        Z[:T, :I], Z[0, I:-1], h = x, h0, Z[1:, I:-1]
        A_n = A[:, 2 * H :]
        np.add(project(self.weight_ih[2 * H :], Z[:T, :I]), b_n, A_n)  # W_in x_t + b; its recurrent part in the loop
        (part,) = room.scratch

        half, reads = np.full((), 0.5, dtype), None
        tanh, multiply, add, subtract = np.tanh, np.multiply, np.add, np.subtract
        product_rz: Write = W_rz.dot
        product_n: Write = W_n.dot
        finish_rz: Write = np.add
        tanh_n: Write = np.tanh
        write_h: Write = np.add
        if operation is not None:
            product_rz = operation.shifting(product_rz, A[:, : 2 * H], {"r": 0.5, "z": 0.5})
            finish_rz = operation.pinning(finish_rz, S[:, : 2 * H], "rz")
            tanh_n = operation.pinning(tanh_n, S[:, 2 * H :], "n")
            write_h = operation.pinning(write_h, h, "h")
            A_n += operation.shifts.get("n", 0)
            if (masked := operation.masked) is not None:
                product_rz, reads = masked.reading(product_rz, Z)
                product_n = masked.reading_gated(product_n) if before else masked.reading_again(product_n, reads, I)
                write_h = masked.keeping(write_h, h=Z[:, I:-1])
        for z_t, a_rz, a_n, rz, r, z, n, reset_t, h_1, h_t, h_prev_t in room.steps:
            product_rz(z_t, a_rz)
            tanh(a_rz, rz)
            multiply(rz, half, rz)
            finish_rz(rz, half, rz)
            if before:
                multiply(r, h_prev_t, reset_t)
                product_n(reset_t, part)
            else:
                product_n(h_1, reset_t)
                multiply(r, reset_t, part)
            add(a_n, part, a_n)
            tanh_n(a_n, n)
            subtract(h_prev_t, n, part)  # h = n + z (h_prev - n)
            multiply(z, part, part)
            write_h(n, part, h_t)

        A[:, : 2 * H] *= 2
        gates, preactivations = S.reshape(T, 3, H, B), A.reshape(T, 3, H, B)
        return Forward(
            read=Z,
            x=Z[:T, :I],
            h=h,
            c=None,
            gates={gate: gates[:, k] for k, gate in enumerate(self.GATES)},
            preactivations={gate: preactivations[:, k] for k, gate in enumerate(self.GATES)},
            factors=(reset,),
            pinned=operation.pinned if operation else {},
            masked=operation.masked if operation else None,
            reads=reads,
        )

    def backward(self, seen: Forward, dh: Array, truncate: int | None) -> Backward:
        """From dh (T, H, B), the part of dL/dh_t that comes from outside, to all gradients."""
        (reset,), (T, H, B), I = seen.factors, dh.shape, self.weight_ih.shape[1]
        h_prev, before = seen.read[:T, I:-1], not self.reset_after
        W_ih_T, W_hh_T, W_hn_T = self._transposed
        from_outside = dh
        (dh, D, reset_factors), room = self.workspace.enter(_backward_room, T, H, B, reset.dtype, self.reset_after)
        (back,) = room.scratch
        dh[:] = from_outside  # becomes the total
        self._derivative_factors(seen, h_prev, D, reset_factors)  # in their place, then, the derivatives
        rows = D.reshape(T, -1, B)

        product, product_n, multiply, add = W_hh_T.dot, W_hn_T.dot, np.multiply, np.add
        if seen.masked is not None:
            product = seen.masked.reaching(product, dh, truncate)
            product_n = seen.masked.reaching_gated(product_n, truncate)
        da_next = direct_next = back
        for window in windows(room.steps, truncate):
            for done, (dh_t, gradients, direct, da_t, da_n, da_r, slope_r, r_t) in enumerate(window):
                if done:
                    product(da_next, back)
                    add(back, direct_next, back)
                    add(dh_t, back, dh_t)
                multiply(gradients, dh_t, gradients)
                if before:  # dr_t needs the product W_hn^T da^n first
                    product_n(da_n, back)
                    multiply(back, slope_r, da_r)
                    multiply(back, r_t, back)
                    add(direct, back, direct)
                da_next, direct_next = da_t, direct

        recurrent = rows[0, H : 3 * H] if before else rows[0, H : 4 * H]
        return Backward(
            dh=dh,
            dh0=seen.reach(0, np.dot(W_hh_T, recurrent), dh[0]) + D[0, -1],
            dc=None,
            dc0=None,
            gate_gradients=partial(self._gate_gradients, seen, h_prev, dh, D[:, 0]),
            dpreactivations={"r": D[:, 1], "z": D[:, 2], "n": D[:, 0]},
            input_gradient=partial(project, W_ih_T, rows[:, : 3 * H]),
            params=self._parameter_gradients(seen.inputs(), D, reset),
        )

    def _derivative_factors(self, seen: Forward, h_prev: Array, F: Array, reset_factors: Array) -> None:
        """What dh_t is multiplied with at each step into F (T, 5 or 4, H, B), and, reset before, what da^r is made of.

        dh_t -> da^n, da^r, da^z, (r da^n, reset after,) dh_{t-1}; reset before, da^r is left to the loop.
        """
        (r, z, n), (reset,) = (seen.gates[gate] for gate in self.GATES), seen.factors
        slope_r, factor = reset_factors[:, 0], reset_factors[:, 1]
        slopes = {"n": tanh_derivative(n, F[:, 0]), "z": sigmoid_derivative(z, F[:, 2])}
        slopes["r"] = sigmoid_derivative(r, slope_r)
        seen.block_pinned(slopes)
        F[:, 0] *= np.subtract(1, z, factor)
        F[:, 2] *= np.subtract(h_prev, n, factor)
        F[:, -1] = z
        seen.block_held("h", F[:, 0], F[:, 2], F[:, -1])
        if self.reset_after:
            slope_r *= reset
            np.multiply(F[:, 0], slope_r, F[:, 1])
            np.multiply(F[:, 0], r, F[:, 3])
        else:
            slope_r *= h_prev
            factor[:] = r
            F[:, 1] = 0

    def _gate_gradients(self, seen: Forward, h_prev: Array, dh: Array, da_n: Array) -> dict[str, Array]:
        """dL/d of the gates' values, (T, H, B) each."""
        (reset,) = seen.factors
        dr = da_n * reset if self.reset_after else h_prev * project(self._transposed[2], da_n)
        if not self.reset_after and seen.masked is not None and seen.masked.read is not None:
            dr *= seen.masked.read
        dz, dn = dh * (h_prev - seen.gates["n"]), dh * (1 - seen.gates["z"])
        seen.block_held("h", dz, dn)
        return {"r": dr, "z": dz, "n": dn}

    def _parameter_gradients(self, inputs: Array, D: Array, reset: Array) -> dict[str, Array]:
        """Sums over all steps: the input's side in the order r, z, n, and the recurrent side, whose n differs."""
        T, _, H, B = D.shape
        I = self.weight_ih.shape[1]
        dW = sum_of_outer(D[:, :3].reshape(T, 3 * H, B), inputs)  # rows n, r, z
        dW = np.concatenate([dW[H:], dW[:H]])
        dW_hh, db_hh = dW[:, I:-1].copy(), dW[:, -1].copy()
        if self.reset_after:
            into_n = sum_of_outer(D[:, 3], inputs[:, I:])
            dW_hh[2 * H :], db_hh[2 * H :] = into_n[:, :-1], into_n[:, -1]
        else:
            dW_hh[2 * H :] = sum_of_outer(D[:, 0], reset)
        return {"weight_ih": dW[:, :I], "weight_hh": dW_hh, "bias_ih": dW[:, -1].copy(), "bias_hh": db_hh}


def _forward_room(T: int, I: int, H: int, B: int, dtype: DTypeLike) -> Room:
    """Z[t] = [x_t; h_{t-1}; 1], A and S (T, 3H, B) with rows r, z, n, and the candidate's recurrent input (T, H, B).

    The latter is W_hn h_{t-1} + b_hn where the reset gate comes after the product, r_t * h_{t-1} where before.
    """
    Z, reset = array((T + 1, I + H + 1, B), dtype), array((T, H, B), dtype)
    A, S = array((T, 3 * H, B), dtype), array((T, 3 * H, B), dtype)
    Z[:, -1] = 1
    blocks = A[:, : 2 * H], A[:, 2 * H :], S[:, : 2 * H], S[:, :H], S[:, H : 2 * H], S[:, 2 * H :]
    steps = list(zip(Z, *blocks, reset, Z[:, I:], Z[1:, I:-1], Z[:T, I:-1]))
    return Room((Z, A, S, reset), steps, scratch=(array((H, B), dtype),))


def _backward_room(T: int, H: int, B: int, dtype: DTypeLike, reset_after: bool) -> Room:
    """dh (T, H, B), D[t] = [da^n; da^r; da^z; (r da^n, reset after;) direct to dh_{t-1}], and what da^r is made of."""
    D, dh = array((T, 5 if reset_after else 4, H, B), dtype), array((T, H, B), dtype)
    reset_factors = array((T, 2, H, B), dtype)  # the slope of r times what it multiplies; reset before, r itself
    recurrent = D.reshape(T, -1, B)[:, H : (4 if reset_after else 3) * H]
    steps = list(zip(dh, D, D[:, -1], recurrent, D[:, 0], D[:, 1], reset_factors[:, 0], reset_factors[:, 1]))
    return Room((dh, D, reset_factors), steps, scratch=(array((H, B), dtype),))
