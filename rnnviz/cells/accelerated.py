"""The LSTM's loops over the steps, compiled by numba: optional, `pip install rnnviz[fast]`.

The equations are those of `lstm.py`, on the same arrays; what takes NumPy eight calls a step is one run over memory
here. The numbers are the same up to rounding, to 1e-12 of the largest in float64, to which a test holds them. So these
loops are taken by training runs, as a whole, and by who asks for them: `unroll(network, x, loops=compiled())`. What is
compared with a pass under surgery or masks, which takes NumPy's loops, stays equal to it in every bit.

    tanh(a) = sign(a) m / (2 - m),   m = 1 - exp(-2 |a|),   exp(x) - 1 = 2^k (exp(r) - 1) + 2^k - 1,   x = k ln 2 + r

with the series of exp(r) - 1, exact to rounding for |r| <= ln 2 / 2, so that small numbers keep their digits. A loop
over plain arithmetic is what the compiler does for eight or sixteen numbers at a time; the C library's tanh is not.
Numbers are written as `one / 6` where one has the arrays' data type: in numba 1.0 / 6 would be float64 for good.

Importing this file imports numba; what was compiled is kept beside the file, for the next process.
"""

from typing import Any

import numba
import numpy as np
from llvmlite import ir
from numba.extending import intrinsic, overload

CELLS = ("lstm",)  # whose loops are here
LOG2_E = 1.4426950408889634
LN2_64, LN2_32 = (0.6931471803691238, 1.9082149292705877e-10), (0.693359375, -2.1219444005469057e-4)  # high, low part


@intrinsic
def double_of(_context: Any, bits: Any) -> Any:
    """The number that 64 bits stand for."""
    return numba.float64(bits), lambda _, builder, __, args: builder.bitcast(args[0], ir.DoubleType())


@intrinsic
def float_of(_context: Any, bits: Any) -> Any:
    """The number that the lower 32 of 64 bits stand for."""

    def generate(_: Any, builder: Any, __: Any, args: Any) -> Any:
        return builder.bitcast(builder.trunc(args[0], ir.IntType(32)), ir.FloatType())

    return numba.float32(bits), generate


def less_one(x: Any) -> Any:
    """exp(x) - 1 for x from -40 to 0."""
    raise NotImplementedError("compiled code alone has it")


@overload(less_one, inline="always")
def _less_one(x: Any) -> Any:
    return _less_one_32 if x == numba.float32 else _less_one_64


def _less_one_64(x: Any) -> Any:
    k = np.floor(x * LOG2_E + 0.5)
    r = (x - k * LN2_64[0]) - k * LN2_64[1]
    p = 1 / 6227020800
    p = p * r + 1 / 479001600
    p = p * r + 1 / 39916800
    p = p * r + 1 / 3628800
    p = p * r + 1 / 362880
    p = p * r + 1 / 40320
    p = p * r + 1 / 5040
    p = p * r + 1 / 720
    p = p * r + 1 / 120
    p = p * r + 1 / 24
    p = p * r + 1 / 6
    p = p * r + 1 / 2
    power = double_of((np.int64(k) + 1023) << 52)
    return power * (p * r * r + r) + (power - 1)


def _less_one_32(x: Any) -> Any:
    one = np.float32(1)
    k = np.floor(x * np.float32(LOG2_E) + np.float32(0.5))
    r = (x - k * np.float32(LN2_32[0])) - k * np.float32(LN2_32[1])
    p = one / np.float32(5040)
    p = p * r + one / np.float32(720)
    p = p * r + one / np.float32(120)
    p = p * r + one / np.float32(24)
    p = p * r + one / np.float32(6)
    p = p * r + one / np.float32(2)
    power = float_of((np.int32(k) + 127) << 23)
    return power * (p * r * r + r) + (power - one)


@numba.njit(inline="always", error_model="numpy")
def large(one: Any) -> Any:
    """From here on tanh is 1: 20 in the data type of one."""
    four = one + one + one + one
    return four * (four + one)


@numba.njit(inline="always", error_model="numpy")
def tanh(a: Any, one: Any) -> Any:
    """The hyperbolic tangent; NaN stays NaN. one: 1 in the data type of a."""
    m = less_one(-(one + one) * min(abs(a), large(one)))
    t = -m / (one + one + m)
    return (t if a > 0 else -t) if a == a and a != 0 else a


@numba.njit(cache=True, error_model="numpy", fastmath={"contract"})
def lstm_gates(n: int, a: Any, s: Any, c: Any, t_c: Any, h: Any) -> None:
    """From the sums a (4n,), rows o, i, f halved, and s[4n:] = c_{t-1} to s[:4n] = [o; i; f; g], c, tanh(c) and h."""
    half, one = s.dtype.type(0.5), s.dtype.type(1)
    for j in range(n):
        a_o, a_i, a_f, g = a[j], a[n + j], a[2 * n + j], tanh(a[3 * n + j], one)
        o, i, f = half * tanh(a_o, one) + half, half * tanh(a_i, one) + half, half * tanh(a_f, one) + half
        s[j], s[n + j], s[2 * n + j], s[3 * n + j] = o, i, f, g
        c_t = i * g + f * s[4 * n + j]
        tanh_c_t = tanh(c_t, one)
        c[j], t_c[j], h[j] = c_t, tanh_c_t, o * tanh_c_t
        a[j], a[n + j], a[2 * n + j] = a_o + a_o, a_i + a_i, a_f + a_f


@numba.njit(cache=True, error_model="numpy")
def lstm_forward(W: Any, Z: Any, A: Any, S: Any, tanh_c: Any) -> None:
    """`LSTM.forward`'s loop: W packed, Z[t] = [x_t; h_{t-1}; 1], A (T, 4H, B), S[t] = [o; i; f; g; c_{t-1}]."""
    T, H, B = tanh_c.shape
    first = Z.shape[1] - 1 - H
    for t in range(T):
        np.dot(W, Z[t], A[t])
        h = Z[t + 1][first : first + H].ravel()
        lstm_gates(H * B, A[t].ravel(), S[t].ravel(), S[t + 1][4 * H :].ravel(), tanh_c[t].ravel(), h)


@numba.njit(cache=True, error_model="numpy", fastmath={"contract"})
def lstm_derivatives(n: int, s: Any, t_c: Any, dh: Any, carried: Any, dc: Any, d: Any) -> None:
    """From dh_t in full and what c_{t+1} hands on to dc_t, d = [da^o; da^i; da^f; da^g; handed on to c_{t-1}; .]."""
    one = s.dtype.type(1)
    for j in range(n):
        o, i, f, g, c_prev = s[j], s[n + j], s[2 * n + j], s[3 * n + j], s[4 * n + j]
        dh_t, tanh_c = dh[j], t_c[j]
        dc_t = dh_t * (o * (one - tanh_c * tanh_c)) + carried[j]
        dc[j], d[4 * n + j] = dc_t, dc_t * f
        d[j], d[n + j] = dh_t * (o * (one - o) * tanh_c), dc_t * (i * (one - i) * g)
        d[2 * n + j], d[3 * n + j] = dc_t * (f * (one - f) * c_prev), dc_t * (i * (one - g * g))


@numba.njit(cache=True, error_model="numpy")
def lstm_backward(W_hh_T: Any, S: Any, tanh_c: Any, dh: Any, dc: Any, D: Any, connected: Any, back: Any) -> None:
    """`LSTM.backward`'s loop, with its arrays S (T, 5, H, B) and D (T, 6, H, B); `back` (H, B) is scratch."""
    T, H, B = dh.shape
    nothing = np.zeros(H * B, dh.dtype)
    for t in range(T - 1, -1, -1):
        dh_t, carried = dh[t].ravel(), nothing
        if connected[t]:
            np.dot(W_hh_T, D[t + 1].reshape(6 * H, B)[: 4 * H], back)
            dh_t += back.ravel()
            carried = D[t + 1][4].ravel()
        lstm_derivatives(H * B, S[t].ravel(), tanh_c[t].ravel(), dh_t, carried, dc[t].ravel(), D[t].ravel())
