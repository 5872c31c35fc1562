"""The products of many models' weights with feature-major operands, whose last axis is N: the models, M of them,

and within each its B sequences, N = M B. Where B = 1 the last axis is the models alone.
"""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from rnnviz.arrays import Array
from rnnviz.sweep.models import Models

Product: TypeAlias = Callable[[Array, Array], object]  # (operand, where the product goes)
FEW = 64  # up to so many models, a product for each is quicker than one loop over all
CHUNK = 32  # models whose weight gradients are summed at a time: their steps stay in the cache


def recurrent(models: Models, N: int, rows: slice = slice(None)) -> Product:
    """A function of (h, out) for these `rows` of all W_hh: W_hh h, (H, N) -> (rows, N).

    Where all are multiples of one matrix, one product serves every model: (s W) h = s (W h).
    """
    M = models.count
    if models.multiples is not None:
        W, scales = models.multiples[0][rows], np.repeat(models.multiples[1], N // M)
        return lambda h, out: np.multiply(np.dot(W, h, out), scales, out)
    W = models.params["weight_hh_l0"][:, rows]
    if M <= FEW or N > M:
        W_hh = np.ascontiguousarray(W)
        return lambda h, out: np.matmul(W_hh, by_model(h, M), by_model(out, M))
    W_last = np.ascontiguousarray(W.transpose(1, 2, 0))
    return lambda h, out: np.einsum("gjm,jm->gm", W_last, h, out=out)


def recurrent_back(models: Models, N: int, rows: slice = slice(None)) -> Product:
    """A function of (a, out) for these `rows` of all W_hh: W_hh^T a, (rows, N) -> (H, N)."""
    M = models.count
    if models.multiples is not None:
        W_T, scales = np.ascontiguousarray(models.multiples[0][rows].T), np.repeat(models.multiples[1], N // M)
        return lambda a, out: np.multiply(np.dot(W_T, a, out), scales, out)
    W = models.params["weight_hh_l0"][:, rows]
    if M <= FEW or N > M:
        W_hh_T = np.ascontiguousarray(W.transpose(0, 2, 1))
        return lambda a, out: np.matmul(W_hh_T, by_model(a, M), by_model(out, M))
    W_last = np.ascontiguousarray(W.transpose(1, 2, 0))
    return lambda a, out: np.einsum("gjm,gm->jm", W_last, a, out=out)


def by_model(a: Array, M: int) -> Array:
    """(..., rows, N) as (..., M, rows, B), the same memory."""
    view: Array = a.reshape(*a.shape[:-1], M, a.shape[-1] // M).swapaxes(-3, -2)
    return view


def project(W: Array, x: Array) -> Array:
    """W_m x_t of every model and step: (M, rows, I), (T, I), (T, M, I) or (T, M, B, I) -> (T, rows, N)."""
    M, rows, I = W.shape
    if x.ndim == 2:
        product: Array = np.dot(x, W.transpose(2, 1, 0).reshape(I, rows * M))
        return product.reshape(len(x), rows, M)
    if x.ndim == 3:
        return np.ascontiguousarray(np.matmul(x.transpose(1, 0, 2), W.transpose(0, 2, 1)).transpose(1, 2, 0))
    projected = np.empty((len(x), rows, M * x.shape[2]), W.dtype)
    np.matmul(W, x.swapaxes(2, 3), by_model(projected, M))
    return projected


def sum_of_outer(a: Array, z: Array, M: int) -> Array:
    """sum_t a_t z_t^T of every model, over its sequences: (T, rows, N), (T, K, N) -> (M, rows, K)."""
    (_, rows, N), K = a.shape, z.shape[1]
    if N > M:
        product: Array = np.matmul(_steps_last(a, M), _steps_last(z, M).swapaxes(1, 2))
        return product
    total = np.empty((M, rows, K), a.dtype)
    if rows * K == 1:  # nothing to multiply out
        return np.einsum("tgm,tkm->mgk", a, z, out=total)
    for m in range(0, M, CHUNK):
        a_m, z_m = (np.ascontiguousarray(b[:, :, m : m + CHUNK].transpose(1, 2, 0)) for b in (a, z))
        np.matmul(a_m.transpose(1, 0, 2), z_m.transpose(1, 2, 0), total[m : m + CHUNK])
    return total


def sum_of_outer_inputs(a: Array, x: Array, M: int) -> Array:
    """sum_t a_t x_t^T of every model: (T, rows, N), (T, I), (T, M, I) or (T, M, B, I) -> (M, rows, I)."""
    if x.ndim == 2:
        T, rows, _ = a.shape
        total: Array = np.dot(x.T, a.reshape(T, rows * M))
        return total.reshape(-1, rows, M).transpose(2, 1, 0)
    if x.ndim == 3:
        return sum_of_outer(a, x.transpose(0, 2, 1), M)
    inputs: Array = np.matmul(_steps_last(a, M), x.swapaxes(0, 1).reshape(M, -1, x.shape[3]))
    return inputs


def _steps_last(a: Array, M: int) -> Array:
    """(T, rows, N) -> (M, rows, T B), a copy."""
    T, rows, N = a.shape
    return a.reshape(T, rows, M, N // M).transpose(2, 1, 0, 3).reshape(M, rows, -1)
