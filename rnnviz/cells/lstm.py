"""Long short-term memory, with a forget gate and without peepholes.

    i_t = sigma(W_ii x_t + b_ii + W_hi h_{t-1} + b_hi)        input gate
    f_t = sigma(W_if x_t + b_if + W_hf h_{t-1} + b_hf)        forget gate
    g_t = tanh (W_ig x_t + b_ig + W_hg h_{t-1} + b_hg)        candidate
    o_t = sigma(W_io x_t + b_io + W_ho h_{t-1} + b_ho)        output gate
    c_t = f_t * c_{t-1} + i_t * g_t                           cell state
    h_t = o_t * tanh(c_t)                                     hidden state

and backwards, with dh_t and dc_t the full derivatives of the loss by h_t and c_t,

    dc_t = dh_t * o_t * (1 - tanh(c_t)^2) + dc_{t+1} * f_{t+1}
    do_t = dh_t * tanh(c_t)    di_t = dc_t * g_t    df_t = dc_t * c_{t-1}    dg_t = dc_t * i_t
    da^k = dk_t * k_t (1 - k_t) for k = i, f, o;    da^g = dg_t * (1 - g_t^2)
    dh_{t-1} = dL/dy's part + W_hh^T da,     da = [da^i; da^f; da^g; da^o]
    dW_hh = sum_t da_t h_{t-1}^T,   dW_ih = sum_t da_t x_t^T,   db = sum_t da_t

Sources: Hochreiter & Schmidhuber (1997), "Long short-term memory", Neural Computation 9; the forget gate from Gers,
Schmidhuber & Cummins (2000), "Learning to forget", Neural Computation 12; in the notation of `torch.nn.LSTM`.
Sizes: W_ih (4H, I), W_hh (4H, H), b_ih and b_hh (4H,), gate rows in the order i, f, g, o.
"""

from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any, ClassVar

import numpy as np
from numpy.typing import DTypeLike

from rnnviz.activations import sigmoid
from rnnviz.arrays import Array
from rnnviz.cells.products import connected, project, sum_of_outer, windows
from rnnviz.cells.record import Backward, Forward, Operation, Step, Write
from rnnviz.cells.spec import CellSpec, Gate, Place
from rnnviz.cells.workspace import Room, Workspace, array

# Inside the fast path the rows stand as [o, i, f, g, c_{t-1}]: the three sigmoids are one block, and
# [i; f] * [g; c_{t-1}] is one product whose halves add up to c_t.
# The derivatives' factors have a sixth block, from dh_t through tanh to dc_t.
OUTPUT, INPUT, FORGET, CANDIDATE, CELL, TANH = range(6)


@dataclass(frozen=True, eq=False)
class LSTM:
    """Weights of one LSTM cell."""

    weight_ih: Array
    weight_hh: Array
    bias_ih: Array
    bias_hh: Array
    workspace: Workspace = field(default_factory=Workspace, repr=False, compare=False)

    SPEC: ClassVar[CellSpec] = CellSpec(
        name="lstm",
        title="LSTM",
        gates=(
            Gate("i", "input gate", "write", "sigmoid", "input", (6, 3)),
            Gate("f", "forget gate", "keep", "sigmoid", "forget"),
            Gate("g", "candidate", "candidate", "tanh", "candidate", (8, 3, 2, 3)),
            Gate("o", "output gate", "output", "sigmoid", "output", (2, 3)),
        ),
        states=("c", "h"),
        path="c",
        drawn=("f", "i", "g", "o"),
        places=("x", "f", "i", "g", "o", "c", "h", "y"),
        maps=("c", "h", "f", "i", "g", "o"),
        operations=(
            Place("keep", "f·c", "what is kept", "c", ("f", "c")),  # f_t * c_{t-1}
            Place("write", "i·g", "what is written", "c", ("i", "g")),  # i_t * g_t
            Place("add", "+", "the sum, the new cell state", "c", ("c",), "c"),
            Place("squash", "tanh c", "the cell state, squashed", "h", ("tanh",)),
            Place("reveal", "o·tanh c", "what is let out, the hidden state", "h", ("o",), "h"),
        ),
    )
    NAME: ClassVar[str] = SPEC.name
    GATES: ClassVar[tuple[str, ...]] = SPEC.letters

    @staticmethod
    def parameter_count(I: int, H: int) -> int:
        """Weights and the two biases of four gates: 4H (I + H + 2)."""
        return 4 * H * (I + H + 2)

    @staticmethod
    def multiply_adds(I: int, H: int) -> int:
        """Multiplications of one step for one sequence: 4H (I + H) in the products, and f c, i g, o tanh(c)."""
        return 4 * H * (I + H) + 3 * H

    def step(self, x: Array, h_prev: Array, c_prev: Array) -> Step:
        """One step in plain equations: x (B, I), h_prev and c_prev (B, H)."""
        a = x @ self.weight_ih.T + self.bias_ih + h_prev @ self.weight_hh.T + self.bias_hh
        a_i, a_f, a_g, a_o = np.split(a, 4, axis=1)
        i, f, g, o = sigmoid(a_i), sigmoid(a_f), np.tanh(a_g), sigmoid(a_o)
        c = f * c_prev + i * g
        h = o * np.tanh(c)
        return Step(
            h=h,
            c=c,
            gates={"i": i, "f": f, "g": g, "o": o},
            preactivations={"i": a_i, "f": a_f, "g": a_g, "o": a_o},
        )

    @cached_property
    def _packed(self) -> Array:
        """[W_ih, W_hh, b_ih + b_hh] (4H, I + H + 1), which multiplies [x; h; 1]; rows o, i, f, g, sigmoids halved."""
        H = self.weight_hh.shape[1]
        W = np.concatenate([self.weight_ih, self.weight_hh, (self.bias_ih + self.bias_hh)[:, None]], axis=1)
        W = np.concatenate([W[3 * H :], W[: 3 * H]])
        W[: 3 * H] *= 0.5  # sigma(a) = (1 + tanh(a / 2)) / 2: one tanh serves all four gates
        return W

    @cached_property
    def _transposed(self) -> tuple[Array, Array]:
        """W_ih^T (I, 4H) and W_hh^T (H, 4H), columns o, i, f, g, contiguous."""
        H = self.weight_hh.shape[1]
        W_ih, W_hh = (np.concatenate([W[3 * H :], W[: 3 * H]]) for W in (self.weight_ih, self.weight_hh))
        return W_ih.T.copy(), W_hh.T.copy()

    def forward(
        self, x: Array, h0: Array, c0: Array, *, operation: Operation | None = None, loops: Any = None
    ) -> Forward:
        """Every step of x (T, I, B) from h0 and c0 (H, B); eight calls a step. loops: `compiled()`, or None."""
        (T, I, B), H, dtype = x.shape, h0.shape[0], h0.dtype
        (Z, A, S, tanh_c), room = self.workspace.enter(_forward_room, T, I, H, B, dtype)
        Z[:T, :I], Z[0, I:-1], S[0, 4 * H :] = x, h0, c0
        terms, written, kept = room.scratch

        tanh, multiply, half = np.tanh, np.multiply, np.full((), 0.5, dtype)
        product: Write = self._packed.dot
        finish: Write = np.add
        write_c: Write = np.add
        write_h: Write = np.multiply
        h, c, reads = Z[1:, I:-1], S[1:, 4 * H :], None
        if operation is not None:
            product = operation.shifting(product, A, {"o": 0.5, "i": 0.5, "f": 0.5, "g": 1.0})
            finish = operation.pinning(finish, S[:T, : 4 * H], "oifg")
            write_c, write_h = operation.pinning(write_c, c, "c"), operation.pinning(write_h, h, "h")
            if operation.masked is not None:
                product, reads = operation.masked.reading(product, Z)
                write_h = operation.masked.keeping(write_h, h=Z[:, I:-1], c=S[:, 4 * H :])
        if loops is not None:
            loops.lstm_forward(self._packed, Z, A, S, tanh_c)
        else:
            for z_t, a_t, gates_t, sigmoids_t, i_f, g_c, o_t, c_t, tanh_c_t, h_t in room.steps:
                product(z_t, a_t)
                tanh(a_t, gates_t)
                multiply(sigmoids_t, half, sigmoids_t)
                finish(sigmoids_t, half, sigmoids_t)
                multiply(i_f, g_c, terms)
                write_c(written, kept, c_t)
                tanh(c_t, tanh_c_t)
                write_h(o_t, tanh_c_t, h_t)
            A[:, : 3 * H] *= 2

        S_rows = S[:T].reshape(T, 5, H, B)
        return Forward(
            read=Z,
            x=Z[:T, :I],
            h=h,
            c=c,
            gates=_by_gate(S_rows),
            preactivations=_by_gate(A.reshape(T, 4, H, B)),
            factors=(tanh_c,),
            blocks=(S_rows,),
            pinned=operation.pinned if operation else {},
            masked=operation.masked if operation else None,
            reads=reads,
            loop_back=None if loops is None else loops.lstm_backward,
        )

    def backward(self, seen: Forward, dh: Array, truncate: int | None) -> Backward:
        """From dh (T, H, B), the part of dL/dh_t that comes from outside, to all gradients."""
        (S,), (tanh_c,), (T, H, B), I = seen.blocks, seen.factors, dh.shape, self.weight_ih.shape[1]
        W_ih_T, W_hh_T = self._transposed
        from_outside = dh
        (dh, dc, D), room = self.workspace.enter(_backward_room, T, H, B, S.dtype)
        (back,) = room.scratch
        dh[:] = from_outside  # becomes the total
        if seen.loop_back is not None:
            seen.loop_back(W_hh_T, S, tanh_c, dh, dc, D, connected(T, truncate), back)
        else:
            _derivative_factors(S, tanh_c, D)  # in their place, then, the derivatives
            seen.block_pinned(_by_gate(D))
            seen.block_held("h", D[:, OUTPUT], D[:, TANH])
            seen.block_held("c", D[:, INPUT], D[:, FORGET], D[:, CANDIDATE], D[:, CELL])
            self._go_back(seen, room, dh, D[:, CELL], truncate)
        dA = D.reshape(T, 6 * H, B)[:, : 4 * H]
        dW = sum_of_outer(dA, seen.inputs())
        dW = np.concatenate([dW[H:], dW[:H]])  # rows i, f, g, o
        return Backward(
            dh=dh,
            dh0=seen.reach(0, np.dot(W_hh_T, dA[0]), dh[0]),
            dc=dc,
            dc0=D[0, CELL] if seen.masked is None else seen.masked.handed_on(0, D[:, CELL], truncate),
            gate_gradients=partial(_gate_gradients, seen, dh, dc),
            dpreactivations=_by_gate(D),
            input_gradient=partial(project, W_ih_T, dA),
            params={
                "weight_ih": dW[:, :I],
                "weight_hh": dW[:, I:-1],
                "bias_ih": dW[:, -1].copy(),
                "bias_hh": dW[:, -1].copy(),
            },
        )

    def _go_back(self, seen: Forward, room: Room, dh: Array, carried_on: Array, truncate: int | None) -> None:
        """The loop backwards: from the factors of the derivatives, in their place, to the derivatives."""
        product: Write = self._transposed[1].dot
        add_later: Write = np.add
        multiply, add, (back,) = np.multiply, np.add, room.scratch
        if seen.masked is not None:
            product = seen.masked.reaching(product, dh, truncate)
            add_later = seen.masked.adding_later(carried_on, truncate)
        da_next = carried_next = back
        for window in windows(room.steps, truncate):
            for done, (dh_t, dc_t, da_o, from_dc, carried, through_tanh, da_t) in enumerate(window):
                if done:
                    product(da_next, back)
                    add(dh_t, back, dh_t)
                multiply(dh_t, through_tanh, dc_t)
                if done:
                    add_later(dc_t, carried_next, dc_t)
                multiply(dh_t, da_o, da_o)
                multiply(from_dc, dc_t, from_dc)
                da_next, carried_next = da_t, carried


def _by_gate(rows: Array) -> dict[str, Array]:
    """The blocks o, i, f, g of (T, 4 or more, H, B) by their letters, each (T, H, B)."""
    return {"i": rows[:, INPUT], "f": rows[:, FORGET], "g": rows[:, CANDIDATE], "o": rows[:, OUTPUT]}


def _gate_gradients(seen: Forward, dh: Array, dc: Array) -> dict[str, Array]:
    """dL/d of the gates' values, (T, H, B) each."""
    (S,), (tanh_c,) = seen.blocks, seen.factors
    dgates: dict[str, Array] = {
        "i": dc * S[:, CANDIDATE],
        "f": dc * S[:, CELL],
        "g": dc * S[:, INPUT],
        "o": dh * tanh_c,
    }
    seen.block_held("h", dgates["o"])
    seen.block_held("c", dgates["i"], dgates["f"], dgates["g"])
    return dgates


def _forward_room(T: int, I: int, H: int, B: int, dtype: DTypeLike) -> Room:
    """Z[t] = [x_t; h_{t-1}; 1], A[t] the sums of o, i, f and g, S[t] = [o_t; i_t; f_t; g_t; c_{t-1}], and tanh(c_t)."""
    Z, A = array((T + 1, I + H + 1, B), dtype), array((T, 4 * H, B), dtype)
    S, tanh_c = array((T + 1, 5 * H, B), dtype), array((T, H, B), dtype)
    Z[:, -1] = 1
    blocks = S[:, : 4 * H], S[:, : 3 * H], S[:, H : 3 * H], S[:, 3 * H :], S[:, :H], S[1:, 4 * H :]
    terms = array((2 * H, B), dtype)  # [i g; f c_{t-1}]
    steps = list(zip(Z, A, *blocks, tanh_c, Z[1:, I:-1]))
    return Room((Z, A, S, tanh_c), steps, scratch=(terms, terms[:H], terms[H:]))


def _backward_room(T: int, H: int, B: int, dtype: DTypeLike) -> Room:
    """dh, dc (T, H, B), D[t] = [da^o; da^i; da^f; da^g; dc_{t-1}'s part by way of the forget gate; tanh's]."""
    dh, dc, D = array((T, H, B), dtype), array((T, H, B), dtype), array((T, 6, H, B), dtype)
    da = D.reshape(T, 6 * H, B)[:, : 4 * H]
    steps = list(zip(dh, dc, D[:, OUTPUT], D[:, INPUT:TANH], D[:, CELL], D[:, TANH], da))
    return Room((dh, dc, D), steps, scratch=(array((H, B), dtype),))


def _derivative_factors(S: Array, tanh_c: Array, F: Array) -> None:
    """What dh_t and dc_t are multiplied with at each step into F (T, 6, H, B), from S = [o; i; f; g; c_{t-1}].

    dh_t -> da^o | dc_t -> da^i, da^f, da^g, dc_{t-1} | dh_t -> dc_t
    """
    sigmoids, candidate, through_tanh = F[:, :CANDIDATE], F[:, CANDIDATE], F[:, TANH]
    np.subtract(1, S[:, :CANDIDATE], sigmoids)
    sigmoids *= S[:, :CANDIDATE]
    F[:, OUTPUT] *= tanh_c
    F[:, INPUT:CANDIDATE] *= S[:, CANDIDATE:]  # the input gate let g pass, the forget gate c_{t-1}
    for out, t, gate in ((candidate, S[:, CANDIDATE], S[:, INPUT]), (through_tanh, tanh_c, S[:, OUTPUT])):
        np.multiply(t, t, out)
        np.subtract(1, out, out)
        out *= gate
    F[:, CELL] = S[:, FORGET]
