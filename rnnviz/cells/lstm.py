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
    dh_{t-1} = dL/dy's part + W_hh^T [da^i; da^f; da^g; da^o]

Sources: Hochreiter & Schmidhuber (1997), "Long short-term memory", Neural Computation 9; the forget gate from Gers,
Schmidhuber & Cummins (2000), "Learning to forget", Neural Computation 12; in the notation of `torch.nn.LSTM`.
Sizes: W_ih (4H, I), W_hh (4H, H), b_ih and b_hh (4H,), gate rows in the order i, f, g, o.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import numpy as np

from rnnviz.activations import sigmoid, sigmoid_derivative, tanh_derivative
from rnnviz.arrays import Array
from rnnviz.cells.products import project, sum_of_outer, windows
from rnnviz.cells.record import Backward, Forward, Step

# Inside the fast path the rows stand as [o, i, f, g, c_{t-1}]: the three sigmoids are one block, and
# [i; f] * [g; c_{t-1}] is one product whose halves add up to c_t.
OUTPUT, INPUT, FORGET, CANDIDATE, CELL = range(5)


@dataclass(frozen=True, eq=False)
class LSTM:
    """Weights of one LSTM cell."""

    weight_ih: Array
    weight_hh: Array
    bias_ih: Array
    bias_hh: Array

    NAME: ClassVar[str] = "lstm"
    GATES: ClassVar[tuple[str, ...]] = ("i", "f", "g", "o")

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

    def forward(self, x: Array, h0: Array, c0: Array) -> Forward:
        """Every step of x (T, I, B) from h0 and c0 (H, B); eight calls a step."""
        (T, I, B), H = x.shape, h0.shape[0]
        W = self._packed
        Z = np.empty((T + 1, W.shape[1], B), W.dtype)  # Z[t] = [x_t; h_{t-1}; 1]
        Z[:T, :I], Z[0, I:-1], Z[:, -1] = x, h0, 1
        A = np.empty((T, 4 * H, B), W.dtype)
        S = np.empty((T + 1, 5 * H, B), W.dtype)  # S[t] = [o_t; i_t; f_t; g_t; c_{t-1}]
        S[0, 4 * H :] = c0
        tanh_c = np.empty((T, H, B), W.dtype)
        terms = np.empty((2 * H, B), W.dtype)  # [i g; f c_{t-1}]
        written, kept = terms[:H], terms[H:]

        product, tanh, multiply, add, half = W.dot, np.tanh, np.multiply, np.add, np.full((), 0.5, W.dtype)
        h, c = Z[1:, I:-1], S[1:, 4 * H :]
        per_step = zip(
            Z, A, S[:, : 4 * H], S[:, : 3 * H], S[:, H : 3 * H], S[:, 3 * H :], S[:, :H], c, tanh_c, h
        )  # fmt: skip
        for z_t, a_t, gates_t, sigmoids_t, i_f, g_c, o_t, c_t, tanh_c_t, h_t in per_step:
            product(z_t, a_t)
            tanh(a_t, gates_t)
            multiply(sigmoids_t, half, sigmoids_t)
            add(sigmoids_t, half, sigmoids_t)
            multiply(i_f, g_c, terms)
            add(written, kept, c_t)
            tanh(c_t, tanh_c_t)
            multiply(o_t, tanh_c_t, h_t)

        A[:, : 3 * H] *= 2
        return Forward(
            x=Z[:T, :I],
            h=h,
            c=c,
            gates=self._by_gate(S[:T]),
            preactivations=self._by_gate(A),
            packed=(Z, S),
            factors=(tanh_c,),
        )

    def _by_gate(self, inner: Array) -> dict[str, Array]:
        """The rows o, i, f, g of (T, 4H or more, B) by the gates' letters, each (T, H, B)."""
        H = self.weight_hh.shape[1]
        rows = {"i": INPUT, "f": FORGET, "g": CANDIDATE, "o": OUTPUT}
        return {gate: inner[:, k * H : (k + 1) * H] for gate, k in rows.items()}

    def backward(self, seen: Forward, dh: Array, truncate: int | None) -> Backward:
        """From dh (T, H, B), the part of dL/dh_t that comes from outside, to all gradients; dh becomes the total."""
        (Z, S), (tanh_c,), (T, H, B), I = seen.packed, seen.factors, dh.shape, self.weight_ih.shape[1]
        o, i, f, g, c_prev = (S[:T, k * H : (k + 1) * H] for k in range(5))

        # Derivative factors of the whole sequence: what dh_t and dc_t are multiplied with at each step.
        through_tanh = o * tanh_derivative(tanh_c)  # dh -> dc
        to_output = tanh_c * sigmoid_derivative(o)  # dh -> da^o
        from_cell = np.empty((T, 4, H, B), dh.dtype)  # dc -> da^i, da^f, da^g, dc_{t-1}
        np.multiply(g, sigmoid_derivative(i), from_cell[:, 0])
        np.multiply(c_prev, sigmoid_derivative(f), from_cell[:, 1])
        np.multiply(i, tanh_derivative(g), from_cell[:, 2])
        from_cell[:, 3] = f

        dA = np.empty((T, 5, H, B), dh.dtype)  # [da^o; da^i; da^f; da^g; dc_{t-1}'s part along the conveyor]
        dc = np.empty_like(dh)
        W_ih_T, U_T = self._transposed
        back = nothing = np.empty((H, B), dh.dtype)

        product, multiply, add = U_T.dot, np.multiply, np.add
        das = dA.reshape(T, 5 * H, B)[:, : 4 * H]
        steps = list(zip(dh, dc, through_tanh, to_output, from_cell, dA[:, 0], dA[:, 1:], das, dA[:, 4]))
        for window in windows(T, truncate):
            da_next, carried_next, first = nothing, nothing, window[0]
            for t in window:
                dh_t, dc_t, through_tanh_t, to_output_t, from_cell_t, da_o, from_dc, da_t, carried = steps[t]
                if t != first:
                    product(da_next, back)
                    add(dh_t, back, dh_t)
                    multiply(dh_t, through_tanh_t, dc_t)
                    add(dc_t, carried_next, dc_t)
                else:
                    multiply(dh_t, through_tanh_t, dc_t)
                multiply(dh_t, to_output_t, da_o)
                multiply(from_cell_t, dc_t, from_dc)
                da_next, carried_next = da_t, carried

        dW = sum_of_outer(das, Z[:T])
        dW = np.concatenate([dW[H:], dW[:H]])  # rows i, f, g, o
        return Backward(
            dh=dh,
            dh0=np.dot(U_T, das[0]),
            dc=dc,
            dc0=dA[0, 4],
            dgates={"i": dc * g, "f": dc * c_prev, "g": dc * i, "o": dh * tanh_c},
            dpreactivations=self._by_gate(das),
            dx=project(W_ih_T, das),
            params={
                "weight_ih": dW[:, :I],
                "weight_hh": dW[:, I:-1],
                "bias_ih": dW[:, -1].copy(),
                "bias_hh": dW[:, -1].copy(),
            },
        )
