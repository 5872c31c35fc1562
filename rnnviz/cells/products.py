"""Matrix products over a whole feature-major sequence `(T, rows, B)`, each as few BLAS calls as can be."""

from collections.abc import Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from rnnviz.arrays import Array

Step = TypeVar("Step")

BLOCK = 16384  # numbers that are copied at a time: they stay in the cache,
LONG = 256  # unless a product would then sum over fewer terms than pay for starting it


def project(W: Array, x: Array) -> Array:
    """`W x_t` at every step: `(G, I), (T, I, B) -> (T, G, B)`."""
    if x.shape[2] == 1:  # one sequence: the steps are the rows of one product
        rows: Array = np.dot(x[:, :, 0], W.T)
        return rows[:, :, None]
    if x.shape[1] == 1:  # one input: nothing to sum
        return W * x
    product: Array = np.matmul(W, x)
    return product


def sum_of_outer(a: Array, z: Array) -> Array:
    """`sum_t a_t z_t^T`, the gradient of `W` in `a_t = W z_t`: `(T, G, B), (T, K, B) -> (G, K)`."""
    (T, G, B), K = a.shape, z.shape[1]
    total: Array
    if B == 1:
        total = np.dot(a[:, :, 0].T, z[:, :, 0])
        return total
    many = min(T, max(BLOCK // ((G + K) * B), LONG // B, 1))  # steps in one product
    total, part = np.zeros((G, K), a.dtype), np.empty((G, K), a.dtype)
    a_rows, z_rows = np.empty((G, many, B), a.dtype), np.empty((K, many, B), a.dtype)
    for t in range(0, T, many):
        n = min(many, T - t)
        if n < many:
            a_rows, z_rows = np.empty((G, n, B), a.dtype), np.empty((K, n, B), a.dtype)
        a_rows[:] = a[t : t + n].transpose(1, 0, 2)
        z_rows[:] = z[t : t + n].transpose(1, 0, 2)
        np.dot(a_rows.reshape(G, -1), z_rows.reshape(K, -1).T, part)
        total += part
    return total


def connected(T: int, truncate: int | None) -> NDArray[np.bool_]:
    """Whether a gradient comes to step t from step t + 1, (T,): not to the last step, truncated, of any window."""
    steps = np.arange(1, T + 1)
    return np.asarray((steps < T) & (steps % (truncate or T) > 0))


def windows(steps: Sequence[Step], truncate: int | None) -> list[Sequence[Step]]:
    """The windows of truncated back-propagation, last window first, the steps of each in backward order."""
    k = len(steps) if truncate is None else truncate
    return [steps[start : start + k][::-1] for start in reversed(range(0, len(steps), k))]
