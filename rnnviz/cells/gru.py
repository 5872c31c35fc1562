"""The gated recurrent unit, with both published places for the reset gate.

    r_t = sigma(W_ir x_t + b_ir + W_hr h_{t-1} + b_hr)                  reset gate
    z_t = sigma(W_iz x_t + b_iz + W_hz h_{t-1} + b_hz)                  update gate
    n_t = tanh (W_in x_t + b_in + r_t * (W_hn h_{t-1} + b_hn))          candidate, reset after the product
    n_t = tanh (W_in x_t + b_in + W_hn (r_t * h_{t-1}) + b_hn)          candidate, reset before the product
    h_t = (1 - z_t) * n_t + z_t * h_{t-1}                               hidden state

`reset_after=True` is the form of cuDNN, `torch.nn.GRU` and Keras' `reset_after=True`; `reset_after=False` is that of
Cho et al. (2014), "Learning phrase representations using RNN encoder-decoder", EMNLP, equations 5 to 8. **z = 1 keeps
the old state**, as there and in PyTorch; Chung et al. (2014) write it the other way round.

Backwards, with dh_t in full, every pre-activation's gradient is dh_t times a factor known from the forward pass:

    dz_t = dh_t * (h_{t-1} - n_t)     dn_t = dh_t * (1 - z_t)     da^n = dn_t * (1 - n_t^2)
    after:   dr_t = da^n * (W_hn h_{t-1} + b_hn)
             dh_{t-1} = dL/dy's part + dh_t * z_t + W_hr^T da^r + W_hz^T da^z + W_hn^T (r_t * da^n)
    before:  dr_t = h_{t-1} * (W_hn^T da^n)
             dh_{t-1} = dL/dy's part + dh_t * z_t + W_hr^T da^r + W_hz^T da^z + r_t * (W_hn^T da^n)

Sizes: W_ih (3H, I), W_hh (3H, H), b_ih and b_hh (3H,), gate rows in the order r, z, n.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from rnnviz.activations import sigmoid, sigmoid_derivative, tanh_derivative
from rnnviz.arrays import Array
from rnnviz.cells.products import project, sum_of_outer, windows
from rnnviz.cells.record import Backward, Forward, Step


@dataclass(frozen=True, eq=False)
class GRU:
    """Weights of one GRU cell; `reset_after` tells where its reset gate stands."""

    weight_ih: Array
    weight_hh: Array
    bias_ih: Array
    bias_hh: Array
    reset_after: bool = True

    NAME: ClassVar[str] = "gru"
    GATES: ClassVar[tuple[str, ...]] = ("r", "z", "n")

    @staticmethod
    def parameter_count(I: int, H: int) -> int:
        """Weights and the two biases of three gates: 3H (I + H + 2)."""
        return 3 * H * (I + H + 2)

    @staticmethod
    def multiply_adds(I: int, H: int) -> int:
        """Multiplications of one step for one sequence: 3H (I + H) in the products, and r *, (1 - z) n, z h."""
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

    def forward(self, x: Array, h0: Array) -> Forward:
        """Every step of x (T, I, B) from h0 (H, B)."""
        (T, I, B), H = x.shape, h0.shape[0]
        W = np.concatenate([self.weight_ih, self.weight_hh, (self.bias_ih + self.bias_hh)[:, None]], axis=1)
        W_rz = 0.5 * W[: 2 * H]  # sigma(a) = (1 + tanh(a / 2)) / 2
        Z = np.empty((T + 1, W.shape[1], B), W.dtype)  # Z[t] = [x_t; h_{t-1}; 1]
        Z[:T, :I], Z[0, I:-1], Z[:, -1] = x, h0, 1
        h_prev, h = Z[:T, I:-1], Z[1:, I:-1]
        from_x = project(self.weight_ih[2 * H :], Z[:T, :I])
        if self.reset_after:
            W_n, b_n = np.ascontiguousarray(W[2 * H :, I:]), self.bias_ih[2 * H :]
            W_n[:, -1] = self.bias_hh[2 * H :]
            n_input = Z[:T, I:]  # [h_{t-1}; 1]
        else:
            W_n, b_n = np.ascontiguousarray(self.weight_hh[2 * H :]), W[2 * H :, -1]
            n_input = np.empty((T, H, B), W.dtype)  # r_t * h_{t-1}
        from_x += b_n[:, None]
        A_rz, S = np.empty((T, 2 * H, B), W.dtype), np.empty((T, 2 * H, B), W.dtype)
        n, a_n, from_h = np.empty_like(from_x), from_x, np.empty_like(from_x)
        gap = np.empty((H, B), W.dtype)

        product_rz, product_n, half, before = W_rz.dot, W_n.dot, np.full((), 0.5, W.dtype), not self.reset_after
        tanh, multiply, add, subtract = np.tanh, np.multiply, np.add, np.subtract
        per_step = zip(Z, A_rz, S, S[:, :H], S[:, H:], n_input, from_h, a_n, n, h_prev, h)
        for z_t, a_rz_t, rz_t, r_t, update_t, n_input_t, from_h_t, a_n_t, n_t, h_prev_t, h_t in per_step:
            product_rz(z_t, a_rz_t)
            tanh(a_rz_t, rz_t)
            multiply(rz_t, half, rz_t)
            add(rz_t, half, rz_t)
            if before:
                multiply(r_t, h_prev_t, n_input_t)
                product_n(n_input_t, gap)
            else:
                product_n(n_input_t, from_h_t)
                multiply(r_t, from_h_t, gap)
            add(a_n_t, gap, a_n_t)
            tanh(a_n_t, n_t)
            subtract(h_prev_t, n_t, gap)  # h = n + z (h_prev - n)
            multiply(update_t, gap, gap)
            add(n_t, gap, h_t)

        A_rz *= 2
        return Forward(
            x=Z[:T, :I],
            h=h,
            c=None,
            gates={"r": S[:, :H], "z": S[:, H:], "n": n},
            preactivations={"r": A_rz[:, :H], "z": A_rz[:, H:], "n": a_n},
            packed=(Z,),
            factors=(n_input if before else from_h,),
        )

    def backward(self, seen: Forward, dh: Array, truncate: int | None) -> Backward:
        """From dh (T, H, B), the part of dL/dh_t that comes from outside, to all gradients; dh becomes the total."""
        (Z,), (factor,), (T, H, B), I = seen.packed, seen.factors, dh.shape, self.weight_ih.shape[1]
        h_prev = Z[:T, I:-1]
        r, z, n = (seen.gates[gate] for gate in self.GATES)
        before, slope_r = not self.reset_after, sigmoid_derivative(r)

        # What dh_t is multiplied with, rows [da^n; da^r; da^z; (r da^n, reset after;) dh_{t-1}'s direct part].
        K = np.empty((T, 4 if before else 5, H, B), dh.dtype)
        np.multiply(1 - z, tanh_derivative(n), K[:, 0])
        np.multiply(h_prev - n, sigmoid_derivative(z), K[:, 2])
        K[:, -1] = z
        if before:
            K[:, 1] = 0  # da^r needs a product first: it is written in the loop
            slope_r *= h_prev
        else:
            np.multiply(K[:, 0], r, K[:, 3])
            np.multiply(K[:, 0], factor * slope_r, K[:, 1])
        D = np.empty_like(K)
        rows = D.reshape(T, -1, B)
        recurrent = rows[:, H : 3 * H] if before else rows[:, H : 4 * H]
        U_T = np.ascontiguousarray(self.weight_hh[: recurrent.shape[1]].T)
        U_n_T = np.ascontiguousarray(self.weight_hh[2 * H :].T)
        back = np.empty((H, B), dh.dtype)

        product, product_n, multiply, add = U_T.dot, U_n_T.dot, np.multiply, np.add
        dh_steps = list(dh)
        steps = list(zip(dh_steps, K, D, D[:, 0], D[:, 1], D[:, -1], recurrent, r, slope_r))
        for window in windows(T, truncate):
            last = window[-1]
            for t in window:
                dh_t, K_t, D_t, da_n, da_r, direct, da_t, r_t, slope_r_t = steps[t]
                multiply(K_t, dh_t, D_t)
                if before:
                    product_n(da_n, back)
                    multiply(back, slope_r_t, da_r)
                    multiply(back, r_t, back)
                    add(direct, back, direct)
                if t != last:
                    product(da_t, back)
                    add(back, direct, back)
                    add(dh_steps[t - 1], back, dh_steps[t - 1])

        da = {"r": D[:, 1], "z": D[:, 2], "n": D[:, 0]}
        n_rows = slice(2 * H, None)
        into_n = D[:, 0] if before else D[:, 3]  # at the product W_hn (.)
        dW = sum_of_outer(rows[:, : 3 * H], Z[:T])  # rows n, r, z
        dW = np.concatenate([dW[H:], dW[:H]])
        dW_hh, db_hh = dW[:, I:-1].copy(), dW[:, -1].copy()
        dW_hh[n_rows] = sum_of_outer(into_n, factor if before else h_prev)
        db_hh[n_rows] = into_n.sum(axis=(0, 2))
        W_n_rz = np.concatenate([self.weight_ih[n_rows], self.weight_ih[: 2 * H]])
        dr = h_prev * project(U_n_T, D[:, 0]) if before else D[:, 0] * factor
        return Backward(
            dh=dh,
            dh0=np.dot(U_T, recurrent[0]) + D[0, -1],
            dc=None,
            dc0=None,
            dgates={"r": dr, "z": dh * (h_prev - n), "n": dh * (1 - z)},
            dpreactivations=da,
            dx=project(W_n_rz.T, rows[:, : 3 * H]),
            params={"weight_ih": dW[:, :I], "weight_hh": dW_hh, "bias_ih": dW[:, -1].copy(), "bias_hh": db_hh},
        )
