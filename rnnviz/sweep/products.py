"""The products of many models' weights with feature-major operands, whose last axis is the models."""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from rnnviz.arrays import Array
from rnnviz.sweep.models import Models

Product: TypeAlias = Callable[[Array, Array], object]  # (operand, where the product goes)
FEW = 64  # up to so many models, a product for each is quicker than one loop over all
CHUNK = 32  # models whose weight gradients are summed at a time: their steps stay in the cache


def recurrent(models: Models, rows: slice = slice(None)) -> Product:
    """A function of (h, out) for these `rows` of all W_hh: W_hh h, (H, M) -> (rows, M).

    Where all are multiples of one matrix, one product serves every model: (s W) h = s (W h).
    """
    if models.multiples is not None:
        W, scales = models.multiples[0][rows], models.multiples[1]
        return lambda h, out: np.multiply(np.dot(W, h, out), scales, out)
    W = models.params["weight_hh_l0"][:, rows]
    if models.count <= FEW:
        W_hh = np.ascontiguousarray(W)
        return lambda h, out: np.matmul(W_hh, h.T[:, :, None], out.T[:, :, None])
    W_last = np.ascontiguousarray(W.transpose(1, 2, 0))
    return lambda h, out: np.einsum("gjm,jm->gm", W_last, h, out=out)


def recurrent_back(models: Models, rows: slice = slice(None)) -> Product:
    """A function of (a, out) for these `rows` of all W_hh: W_hh^T a, (rows, M) -> (H, M)."""
    if models.multiples is not None:
        W_T, scales = np.ascontiguousarray(models.multiples[0][rows].T), models.multiples[1]
        return lambda a, out: np.multiply(np.dot(W_T, a, out), scales, out)
    W = models.params["weight_hh_l0"][:, rows]
    if models.count <= FEW:
        W_hh_T = np.ascontiguousarray(W.transpose(0, 2, 1))
        return lambda a, out: np.matmul(W_hh_T, a.T[:, :, None], out.T[:, :, None])
    W_last = np.ascontiguousarray(W.transpose(1, 2, 0))
    return lambda a, out: np.einsum("gjm,gm->jm", W_last, a, out=out)


def project(W: Array, x: Array) -> Array:
    """W_m x_t of every model and step: (M, rows, I), (T, I) or (T, M, I) -> (T, rows, M)."""
    if x.ndim == 2:
        M, rows, I = W.shape
        product: Array = np.dot(x, W.transpose(2, 1, 0).reshape(I, rows * M))
        return product.reshape(len(x), rows, M)
    return np.ascontiguousarray(np.matmul(x.transpose(1, 0, 2), W.transpose(0, 2, 1)).transpose(1, 2, 0))


def sum_of_outer(a: Array, z: Array) -> Array:
    """sum_t a_t z_t^T of every model: (T, rows, M), (T, K, M) -> (M, rows, K)."""
    (_, rows, M), K = a.shape, z.shape[1]
    total = np.empty((M, rows, K), a.dtype)
    if rows * K == 1:  # nothing to multiply out
        return np.einsum("tgm,tkm->mgk", a, z, out=total)
    for m in range(0, M, CHUNK):
        a_m, z_m = (np.ascontiguousarray(b[:, :, m : m + CHUNK].transpose(1, 2, 0)) for b in (a, z))
        np.matmul(a_m.transpose(1, 0, 2), z_m.transpose(1, 2, 0), total[m : m + CHUNK])
    return total


def sum_of_outer_inputs(a: Array, x: Array) -> Array:
    """sum_t a_t x_t^T of every model: (T, rows, M), (T, I) or (T, M, I) -> (M, rows, I)."""
    if x.ndim == 2:
        T, rows, M = a.shape
        total: Array = np.dot(x.T, a.reshape(T, rows * M))
        return total.reshape(-1, rows, M).transpose(2, 1, 0)
    return sum_of_outer(a, x.transpose(0, 2, 1))
