"""The three cells for many models, as their last axis: each as its forward and its backward equations.

`rnnviz.cells` derives them and says where they are from; here each line of a cell's `step` is one line again. As
there, the factors of the derivatives are computed for all steps before the loop backwards.

The last axis has N = M B entries: the models, and within each its B sequences, or M where each reads one.

A    (T, G*H, N)    W_ih x_t + b on entry, the pre-activations on return (b: both biases, except where the GRU's reset
                    gate comes after the product, whose b_hn then stands inside the bracket)
h    (T + 1, H, N)  h_0 on entry, the states h_0 to h_T on return; c likewise, the LSTM's cell states
S    (T, G*H, N)    the gates
dh   (T, H, N)      dL/dh_t from outside on entry, in full on return
"""

from dataclasses import dataclass

import numpy as np

from rnnviz.activations import sigmoid, sigmoid_derivative, tanh, tanh_derivative
from rnnviz.arrays import Array
from rnnviz.cells.elman import NONLINEARITIES
from rnnviz.sweep.models import Models
from rnnviz.sweep.products import recurrent, recurrent_back


@dataclass(frozen=True, eq=False)
class Seen:
    """The forward pass: A, S, h and c as above; `reset`, the GRU's W_hn h_{t-1} + b_hn or, before, r_t h_{t-1}."""

    A: Array
    S: Array
    h: Array
    c: Array | None = None
    reset: Array | None = None


@dataclass(frozen=True, eq=False)
class Reached:
    """The backward pass: dh, dc (T, H, N) in full, dh0, dc0 (H, N), and (T, G*H, N) dL/d of two sums,

    da  W_ih x_t + b_ih, which is dL/d of the pre-activation
    dm  W_hh h_{t-1} + b_hh; another one than da for the GRU's candidate where the reset gate comes after the product
    """

    dh: Array
    dh0: Array
    da: Array
    dm: Array
    dc: Array | None = None
    dc0: Array | None = None


def elman_forward(models: Models, A: Array, h: Array) -> Seen:
    """a = W_ih x + b + W_hh h_prev,  h = phi(a)."""
    phi, _ = NONLINEARITIES[models.nonlinearity]
    product = recurrent(models, h.shape[2])
    from_h = np.empty_like(h[0])
    for a, h_prev, h_t in zip(A, h, h[1:]):
        product(h_prev, from_h)
        a += from_h
        phi(a, h_t)
    return Seen(A, S=h[1:], h=h)


def elman_backward(models: Models, seen: Seen, dh: Array) -> Reached:
    """da = dh phi'(a),  dh_prev += W_hh^T da."""
    _, derivative = NONLINEARITIES[models.nonlinearity]
    back = recurrent_back(models, dh.shape[2])
    da = derivative(seen.h[1:])
    to_h = np.empty_like(dh[0])
    for t in reversed(range(len(dh))):
        da[t] *= dh[t]
        back(da[t], to_h)
        if t:
            dh[t - 1] += to_h
    return Reached(dh, dh0=to_h, da=da, dm=da)


def lstm_forward(models: Models, A: Array, h: Array, c: Array) -> Seen:
    """a = W_ih x + b + W_hh h_prev,  c = f c_prev + i g,  h = o tanh(c)."""
    H, S = h.shape[1], np.empty_like(A)
    product = recurrent(models, h.shape[2])
    from_h, written = np.empty_like(A[0]), np.empty_like(h[0])
    for a, s, h_prev, h_t, c_prev, c_t in zip(A, S, h, h[1:], c, c[1:]):
        product(h_prev, from_h)
        a += from_h
        sigmoid(a[: 2 * H], s[: 2 * H])
        tanh(a[2 * H : 3 * H], s[2 * H : 3 * H])
        sigmoid(a[3 * H :], s[3 * H :])
        i, f, g, o = s[:H], s[H : 2 * H], s[2 * H : 3 * H], s[3 * H :]
        np.multiply(f, c_prev, c_t)
        c_t += np.multiply(i, g, written)
        tanh(c_t, h_t)
        h_t *= o
    return Seen(A, S, h, c)


def lstm_backward(models: Models, seen: Seen, dh: Array) -> Reached:
    """dc = dh o (1 - tanh(c)^2) + dc_next f_next,  da from dc or dh,  dh_prev += W_hh^T da."""
    assert seen.c is not None
    T, H, N = dh.shape
    i, f, g, o = np.moveaxis(seen.S.reshape(T, 4, H, N), 1, 0)
    back = recurrent_back(models, dh.shape[2])
    tanh_c = np.tanh(seen.c[1:])
    to_c = o * tanh_derivative(tanh_c)
    D = np.empty((T, 4, H, N), dh.dtype)  # first what dc_t (i, f, g) or dh_t (o) is multiplied with, then da
    D[:, 0] = g * sigmoid_derivative(i)
    D[:, 1] = seen.c[:-1] * sigmoid_derivative(f)
    D[:, 2] = i * tanh_derivative(g)
    D[:, 3] = tanh_c * sigmoid_derivative(o)
    da, dc = D.reshape(T, 4 * H, N), np.empty_like(dh)
    to_h, carried = np.empty_like(dh[0]), np.zeros_like(dh[0])
    for t in reversed(range(T)):
        np.multiply(dh[t], to_c[t], dc[t])
        dc[t] += carried
        D[t, :3] *= dc[t]
        D[t, 3] *= dh[t]
        np.multiply(dc[t], f[t], carried)
        back(da[t], to_h)
        if t:
            dh[t - 1] += to_h
    return Reached(dh, dh0=to_h, da=da, dm=da, dc=dc, dc0=carried)


def gru_forward(models: Models, A: Array, h: Array) -> Seen:
    """r, z and n with the reset gate after the product or before it, h = (1 - z) n + z h_prev."""
    (_, H, N), S, after = h.shape, np.empty_like(A), models.reset_after
    product = recurrent(models, N, slice(None) if after else slice(2 * H))
    product_n = None if after else recurrent(models, N, slice(2 * H, None))
    b_hn = np.repeat(models.params["bias_hh_l0"][:, 2 * H :].T, N // models.count, axis=1)
    reset, from_h, part = np.empty_like(h[1:]), np.empty_like(A[0] if after else A[0, : 2 * H]), np.empty_like(h[0])
    for a, s, h_prev, h_t, reset_t in zip(A, S, h, h[1:], reset):
        product(h_prev, from_h)
        a[: 2 * H] += from_h[: 2 * H]
        sigmoid(a[: 2 * H], s[: 2 * H])
        r, z, n = s[:H], s[H : 2 * H], s[2 * H :]
        if product_n is None:
            np.add(from_h[2 * H :], b_hn, reset_t)
            np.multiply(r, reset_t, part)
        else:
            np.multiply(r, h_prev, reset_t)
            product_n(reset_t, part)
        a[2 * H :] += part
        tanh(a[2 * H :], n)
        np.subtract(h_prev, n, h_t)  # h = n + z (h_prev - n)
        h_t *= z
        h_t += n
    return Seen(A, S, h, reset=reset)


def gru_backward(models: Models, seen: Seen, dh: Array) -> Reached:
    """dz, dn and dr from dh,  dh_prev += dh z + W_hh^T dm  or, reset before, the candidate's part of it by way of r."""
    assert seen.reset is not None
    T, H, N = dh.shape
    r, z, n = np.moveaxis(seen.S.reshape(T, 3, H, N), 1, 0)
    h_prev, after = seen.h[:-1], models.reset_after
    back = recurrent_back(models, N, slice(None) if after else slice(2 * H))
    back_n = None if after else recurrent_back(models, N, slice(2 * H, None))
    to_n = (1 - z) * tanh_derivative(n)  # dh_t -> da^n
    to_r = sigmoid_derivative(r) * (to_n * seen.reset if after else h_prev)  # dh_t, or before, W_hn^T da^n -> da^r
    D = np.empty((T, 3, H, N), dh.dtype)  # first what dh_t is multiplied with, then dm
    D[:, 0] = to_r if after else 1
    D[:, 1] = (h_prev - n) * sigmoid_derivative(z)
    D[:, 2] = r * to_n if after else to_n
    dm = D.reshape(T, 3 * H, N)
    to_h, part = np.empty_like(dh[0]), np.empty_like(dh[0])
    for t in reversed(range(T)):
        D[t] *= dh[t]
        if back_n is not None:
            back_n(D[t, 2], part)
            np.multiply(part, to_r[t], D[t, 0])
            part *= r[t]
        back(dm[t] if after else dm[t, : 2 * H], to_h)
        if not after:
            to_h += part
        to_h += np.multiply(dh[t], z[t], part)
        if t:
            dh[t - 1] += to_h
    da = np.concatenate([dm[:, : 2 * H], dh * to_n], axis=1) if after else dm
    return Reached(dh, dh0=to_h, da=da, dm=dm)
