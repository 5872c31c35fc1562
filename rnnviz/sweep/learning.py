"""The three cells for models that learn: only what their gradients need.

`rnnviz.cells` derives the equations and says where they are from; here each line of a cell's `step` is one line again.
The last axis has N = M B entries, the models and within each its sequences. `rnnviz.sweep.room` says what W and z are.
The rows of a sigmoid are halved before, as sigma(a) = (1 + tanh(a / 2)) / 2. A GRU whose reset gate comes before the
product reads its candidate from z'_t = [x_t; r_t h_{t-1}; 1].
"""

from collections.abc import Callable, Mapping

import numpy as np

from rnnviz.arrays import Array
from rnnviz.cells.elman import NONLINEARITIES
from rnnviz.network import Network
from rnnviz.sweep.products import Product, by_model
from rnnviz.sweep.room import Room


def forward(network: Network, W: Array, room: Room, T: int) -> None:
    """T steps of all models from h_0 = 0, the inputs standing in room.z; W with halved sigmoids."""
    _FORWARD[room.form](network, W, room, T)


def backward(network: Network, W: Array, room: Room, T: int, outside: Mapping[int, Array]) -> Array:
    """dL/dW (M, R, K) of these T steps; outside {t: (H, N)}, dL/dh_t where h_t has an effect of its own."""
    _BACKWARD[room.form](network, W, room, T, outside)
    if room.form != "gru_before":
        return _sum_of_outer(room, room.d[:T], room.z[:T])
    H = network.hidden_size
    two = _sum_of_outer(room, room.d[:T, : 2 * H], room.z[:T])
    return np.concatenate([two, _sum_of_outer(room, room.d[:T, 2 * H :], room.z_reset[:T])], axis=1)


def _elman_forward(network: Network, W: Array, room: Room, T: int) -> None:
    """a = W z,  h = phi(a)."""
    phi, _ = NONLINEARITIES[network.nonlinearity]
    h, product = room.h, _product(W, room.models)
    for t in range(T):
        product(room.z[t], room.s[t])
        phi(room.s[t], h[t + 1])


def _elman_backward(network: Network, W: Array, room: Room, T: int, outside: Mapping[int, Array]) -> None:
    """da = dh phi'(a),  dh_prev = W_hh^T da."""
    _, derivative = NONLINEARITIES[network.nonlinearity]
    h, back = room.h, _back(W, room)
    dh = np.zeros_like(h[0])
    for t in reversed(range(T)):
        if t in outside:
            dh += outside[t]
        np.multiply(derivative(h[t + 1]), dh, room.d[t])
        back(room.d[t], dh)


def _lstm_forward(network: Network, W: Array, room: Room, T: int) -> None:
    """a = W z,  c = f c_prev + i g,  h = o tanh(c)."""
    c, tanh_c, h, gates = room.c, room.tanh_c, room.h, _blocks_of(room.s, 4)
    H, product, part = network.hidden_size, _product(W, room.models), np.empty_like(c[0])
    for t in range(T):
        s, (o, i, f, g) = room.s[t], gates[t]
        product(room.z[t], s)
        np.tanh(s, s)
        _from_tanh(s[: 3 * H])
        c_t = np.multiply(f, c[t], c[t + 1])
        c_t += np.multiply(i, g, part)
        np.multiply(o, np.tanh(c_t, tanh_c[t]), h[t + 1])


def _lstm_backward(network: Network, W: Array, room: Room, T: int, outside: Mapping[int, Array]) -> None:
    """dc = dh o (1 - tanh(c)^2) + dc_next f_next,  da from dc or dh,  dh_prev = W_hh^T da."""
    c, tanh_c, gates, slopes = room.c, room.tanh_c, _blocks_of(room.s, 4), _blocks_of(room.d, 4)
    H, back = network.hidden_size, _back(W, room)
    dh, dc, carried = np.zeros_like(c[0]), np.empty_like(c[0]), np.zeros_like(c[0])
    for t in reversed(range(T)):
        if t in outside:
            dh += outside[t]
        d, (o, i, f, g), (d_o, d_i, d_f, d_g) = room.d[t], gates[t], slopes[t]
        _one_minus_square(tanh_c[t], dc)
        dc *= o
        dc *= dh
        dc += carried
        np.multiply(dc, f, carried)
        _s_one_minus_s(room.s[t, : 3 * H], d[: 3 * H])
        _one_minus_square(g, d_g)
        d_o *= tanh_c[t]
        d_o *= dh
        d_i *= g
        d_f *= c[t]
        d_g *= i
        slopes[t, 1:] *= dc
        back(d, dh)


def _gru_forward(network: Network, W: Array, room: Room, T: int) -> None:
    """n = tanh(W_in x + b_in + r m),  h = n + z (h_prev - n)."""
    h, gates = room.h, _blocks_of(room.s, 4)
    H, product, part = network.hidden_size, _product(W, room.models), np.empty_like(h[0])
    for t in range(T):
        s, (r, z, m, n) = room.s[t], gates[t]
        product(room.z[t], s)
        _from_tanh(np.tanh(s[: 2 * H], s[: 2 * H]))
        n += np.multiply(r, m, part)
        np.tanh(n, n)
        _between(h[t], z, n, h[t + 1])


def _gru_backward(network: Network, W: Array, room: Room, T: int, outside: Mapping[int, Array]) -> None:
    """dn and dz from dh,  dm = r da^n,  dr = m da^n,  dh_prev = dh z + W_h^T d."""
    h, gates, slopes = room.h, _blocks_of(room.s, 4), _blocks_of(room.d, 4)
    H, back = network.hidden_size, _back(W, room)
    dh, kept, part = (np.zeros_like(h[0]) for _ in range(3))
    for t in reversed(range(T)):
        if t in outside:
            dh += outside[t]
        d, (r, z, m, n), (d_r, d_z, d_m, d_n) = room.d[t], gates[t], slopes[t]
        _s_one_minus_s(room.s[t, : 2 * H], d[: 2 * H])
        _to_candidate(z, n, dh, d_n, part)
        np.multiply(d_n, r, d_m)
        d_r *= m
        d_r *= d_n
        d_z *= np.subtract(h[t], n, part)
        d_z *= dh
        np.multiply(dh, z, kept)
        back(d, dh)
        dh += kept


def _gru_before_forward(network: Network, W: Array, room: Room, T: int) -> None:
    """n = tanh(W_n [x; r h_prev; 1]),  h = n + z (h_prev - n)."""
    h, read, gates, I = room.h, room.z_reset, _blocks_of(room.s, 3), room.inputs
    H = network.hidden_size
    product, product_n = _product(W[:, : 2 * H], room.models), _product(W[:, 2 * H :], room.models)
    read[:T, :I] = room.z[:T, :I]
    for t in range(T):
        s, (r, z, n) = room.s[t, : 2 * H], gates[t]
        product(room.z[t], s)
        _from_tanh(np.tanh(s, s))
        np.multiply(r, h[t], read[t, I:-1])
        product_n(read[t], n)
        np.tanh(n, n)
        _between(h[t], z, n, h[t + 1])


def _gru_before_backward(network: Network, W: Array, room: Room, T: int, outside: Mapping[int, Array]) -> None:
    """dn and dz from dh,  dr = h_prev (W_hn^T da^n),  dh_prev = dh z + W_h^T d, the candidate's part times r."""
    h, gates, slopes = room.h, _blocks_of(room.s, 3), _blocks_of(room.d, 3)
    H = network.hidden_size
    back, back_n = _back(W[:, : 2 * H], room), _back(W[:, 2 * H :], room)
    dh, kept, part = (np.zeros_like(h[0]) for _ in range(3))
    for t in reversed(range(T)):
        if t in outside:
            dh += outside[t]
        d, (r, z, n), (d_r, d_z, d_n) = room.d[t, : 2 * H], gates[t], slopes[t]
        _s_one_minus_s(room.s[t, : 2 * H], d)
        _to_candidate(z, n, dh, d_n, part)
        d_z *= np.subtract(h[t], n, part)
        d_z *= dh
        np.multiply(dh, z, kept)
        back_n(d_n, part)
        d_r *= h[t]
        d_r *= part
        kept += np.multiply(part, r, part)
        back(d, dh)
        dh += kept


_FORWARD: dict[str, Callable[[Network, Array, Room, int], None]] = {
    "elman": _elman_forward,
    "lstm": _lstm_forward,
    "gru": _gru_forward,
    "gru_before": _gru_before_forward,
}
_BACKWARD: dict[str, Callable[[Network, Array, Room, int, Mapping[int, Array]], None]] = {
    "elman": _elman_backward,
    "lstm": _lstm_backward,
    "gru": _gru_backward,
    "gru_before": _gru_before_backward,
}


def _blocks_of(rows: Array, count: int) -> Array:
    """(T, R, N) as (T, count, H, N)."""
    T, R, N = rows.shape
    return rows.reshape(T, count, R // count, N)


def _from_tanh(u: Array) -> None:
    """sigma(a) = (1 + u) / 2 in the place of u = tanh(a / 2)."""
    u *= 0.5
    u += 0.5


def _between(h_prev: Array, z: Array, n: Array, h: Array) -> None:
    """h = n + z (h_prev - n)."""
    np.subtract(h_prev, n, h)
    h *= z
    h += n


def _to_candidate(z: Array, n: Array, dh: Array, d_n: Array, part: Array) -> None:
    """da^n = dh (1 - z) (1 - n^2)."""
    _one_minus_square(n, d_n)
    d_n *= np.subtract(1, z, part)
    d_n *= dh


def _one_minus_square(y: Array, out: Array) -> None:
    np.multiply(y, y, out)
    np.subtract(1, out, out)


def _s_one_minus_s(s: Array, out: Array) -> None:
    np.subtract(1, s, out)
    out *= s


def _product(W: Array, M: int) -> Product:
    """(z, out): W z of every model, (K, N) -> (R, N)."""
    return lambda z, out: np.matmul(W, by_model(z, M), by_model(out, M))


def _back(W: Array, room: Room) -> Product:
    """(d, out): W_h^T d of every model, (R, N) -> (H, N), for the columns of W (M, R, K) that multiply h."""
    return _product(np.ascontiguousarray(W[:, :, room.inputs : -1].swapaxes(1, 2)), room.models)


def _sum_of_outer(room: Room, d: Array, z: Array) -> Array:
    """sum_t d_t z_t^T of every model, over its sequences: (M, R, K)."""
    ordered = []
    for a, into in zip((d, z), room.rows):
        T, rows, N = a.shape
        M = room.models
        place = into.reshape(M, -1)[:, : rows * T * (N // M)].reshape(M, rows, T, N // M)
        place[:] = a.reshape(T, rows, M, N // M).transpose(2, 1, 0, 3)
        ordered.append(place.reshape(M, rows, -1))
    product: Array = np.matmul(ordered[0], ordered[1].swapaxes(1, 2))
    return product
