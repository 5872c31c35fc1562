"""Matrix products over a whole feature-major sequence `(T, rows, B)`, each as few BLAS calls as can be."""

import numpy as np

from rnnviz.arrays import Array


def project(W: Array, x: Array) -> Array:
    """`W x_t` at every step: `(G, I), (T, I, B) -> (T, G, B)`."""
    if x.shape[2] == 1:  # one sequence: the steps are the rows of one product
        rows: Array = np.dot(x[:, :, 0], W.T)
        return rows[:, :, None]
    product: Array = np.matmul(W, x)
    return product


def sum_of_outer(a: Array, z: Array) -> Array:
    """`sum_t a_t z_t^T`, the gradient of `W` in `a_t = W z_t`: `(T, G, B), (T, K, B) -> (G, K)`."""
    if a.shape[2] == 1:
        a, z = a[:, :, 0].T, z[:, :, 0].T
    else:  # (T, rows, B) -> (rows, T * B): one product over all steps and sequences
        a = a.transpose(1, 0, 2).reshape(a.shape[1], -1)
        z = z.transpose(1, 0, 2).reshape(z.shape[1], -1)
    total: Array = np.dot(a, z.T)
    return total


def windows(T: int, truncate: int | None) -> list[range]:
    """The steps of each window of truncated back-propagation, last window first, each in backward order."""
    k = T if truncate is None else truncate
    return [range(min(start + k, T) - 1, start - 1, -1) for start in reversed(range(0, T, k))]
