"""Singular values of products of many matrices, right however far they lie apart: `log10_singular_values`.

In the product J_T ... J_{k+1} of 100 Jacobians the smallest singular value is easily 10^-300 of the largest. Multiplied
out, everything below 10^-16 of the largest is rounding, and soon 0. So the product is never multiplied out:

    (J_T ... J_{k+1})^T  =  Q diag(e^d) C            Q orthogonal, the scales d (as logarithms) kept apart,
                                                     C of ordinary size and well conditioned

One more factor is one QR decomposition, (J^T Q) = Q' R with R's columns taken in the order of their scales, and
e^-d' R e^d multiplied into C; as the large scales come first, its entries stay of ordinary size. Rows and columns of
the J that differ in scale themselves (a saturated unit's row is tiny, that of a relu at rest 0) are kept apart in the
same way, by powers of two, and each QR takes the rows in the order of their size, which keeps the small ones exact.
A last QR makes a triangle whose columns fall off as the singular values do; LAPACK's SVD finds those of such a graded
matrix to almost full relative precision.

What rounding leaves unknown: what lies below 10^-16 of a single factor's norm and is not told by the sizes of its rows
and columns; and what falls 10^16 behind others that a later factor then all but removes, where Q mixes the two.

Sources: L. Dieci & E. Van Vleck (1995), "Computation of a few Lyapunov exponents for continuous and discrete dynamical
systems", Applied Numerical Mathematics 17 (the QR chain); G. W. Stewart (1995), "On graded QR decompositions of
products of matrices", ETNA 3; A. Cox & N. Higham (1998), "Stability of Householder QR factorization for weighted least
squares problems", in Numerical Analysis 1997 (the order of rows).
"""

from collections.abc import Collection, Iterator

import numpy as np
from numpy.typing import NDArray

from rnnviz.arrays import Array

LOG_2, LOG_10 = np.log(2.0), np.log(10.0)
ZERO = -1e200  # the logarithm of a scale that is exactly 0: further below all others than any product comes
REACH = 140 * LOG_10  # how far apart singular values may lie in one SVD of float64, which works with their squares
ROUNDING = 1e-15  # an entry of an orthogonal matrix below it is 0 for all that is known


def log10_singular_values(J: Array, starts: Collection[int]) -> Array:
    """log10 of the singular values of J[T-1] ... J[k] for each k of `starts`: (len(starts), N, S), descending.

    J       (T, N, S, S), finite: N products side by side
    starts  k from 0 to T - 1, at least one

    -inf where a singular value is 0.
    """
    found = {k: parts for k, *parts in _chain(J, min(starts)) if k in starts}
    s, Y, d, C = (np.concatenate([found[k][part] for k in starts]) for part in range(4))
    return _spectrum(s, Y, d, C).reshape(len(starts), *J.shape[1:3])


def _chain(J: Array, last: int) -> Iterator[tuple[int, Array, Array, Array, Array]]:
    """For k = T-1, ..., last: k and s, Y, d, C with (J[T-1] ... J[k])^T = diag(e^s) Y diag(e^d) C."""
    rows, J, columns = _equilibrate(J)
    N, S = J.shape[1:3]
    between = rows  # the scales of the rows of each factor, and of the columns of the next
    between[:-1] += columns[1:]
    d: Array = np.zeros((N, S))
    Y: Array = np.broadcast_to(np.eye(S), (N, S, S))
    C = Y
    for k in range(len(J) - 1, last - 1, -1):
        Q, d, R, order = _factorise(between[k], Y, d)
        C = R @ C[np.arange(N)[:, None], order]
        Y = J[k].mT @ Q
        yield k, columns[k], Y, d, C


def _factorise(s: Array, Y: Array, d: Array) -> tuple[Array, Array, Array, NDArray[np.intp]]:
    """Q, d', R, order with diag(e^s) Y diag(e^d) = Q diag(e^d') R on the columns in that order.

    Y and the orthogonal Q are (N, S, S), s and d (N, S). R is an upper triangle whose rows have 1 as their largest
    magnitude. The QR takes the rows and the columns in the order of their size.
    """
    largest = s.max(axis=-1, keepdims=True)
    n, by_row = np.arange(len(s))[:, None], np.argsort(-s, axis=-1)
    X = Y * np.exp(s - largest)[..., None]
    order = np.argsort(-d - _log(np.abs(X).max(axis=-2)), axis=-1)
    Q = np.empty_like(X)
    turned, R = np.linalg.qr(X[n[..., None], by_row[..., None], order[:, None, :]])
    turned[np.abs(turned) < ROUNDING] = 0  # what has nothing to do with each other stays so
    Q[n, by_row] = turned
    d, R = _rows_apart(R, d[n, order])
    return Q, np.maximum(d + largest, ZERO), R, order


def _rows_apart(R: Array, d: Array) -> tuple[Array, Array]:
    """d', R' with R diag(e^d) = diag(e^d') R', the largest magnitude of each row of R' being 1, or 0."""
    R = R * np.exp(np.minimum(d[..., None, :] - d[..., None], 700))
    largest = np.abs(R).max(axis=-1)
    R /= np.where(largest > 0, largest, 1)[..., None]
    return np.maximum(d + _log(largest), ZERO), R


def _spectrum(s: Array, Y: Array, d: Array, C: Array) -> Array:
    """log10 of the singular values of diag(e^s) Y diag(e^d) C, (N, S) and (N, S, S) each, descending."""
    n, order = np.arange(len(d))[:, None], np.argsort(-d, axis=-1)
    d, C, Y = d[n, order], C[n, order], Y[n[..., None], np.arange(d.shape[1])[:, None], order[:, None, :]]
    triangle: Array = np.asarray(np.linalg.qr(C.mT, mode="r"))  # C^T = Q R, and R diag(e^d) = diag(e^d') R'; what
    d, R = _rows_apart(triangle, d)  # counts of the product is then diag(e^s) Y R'^T diag(e^d')
    _, d, R, _ = _factorise(s, Y @ R.mT, d)
    log10: Array = _graded_svd(d, R) / LOG_10
    return log10


def _graded_svd(d: Array, R: Array) -> Array:
    """log of the singular values of diag(e^d) R, (N, S) and (N, S, S), for an upper triangle with d descending.

    One SVD sees the rows within REACH of the largest and is believed for the upper two thirds of it. The next sees the
    lower right corner, to which the rows above no longer matter, from a third of REACH below the largest.
    """
    n, unit = np.arange(len(d))[:, None], np.arange(d.shape[1])
    bound = np.minimum.accumulate(d, axis=-1)
    found = np.full(d.shape, -np.inf)
    missing = corner = np.ones(d.shape, bool)
    while missing.any():
        first = np.argmax(corner, axis=-1)[:, None]
        top = bound[n, first]
        A = np.where(np.abs(R) > 1e-20, R, 0) * np.exp(np.clip(d - top, -REACH, REACH))[..., None]
        seen = corner & (bound > top - REACH)
        A = np.where(seen[:, None] & seen[..., None], A, 0)
        turned = (first + unit) % d.shape[1]  # the corner to the upper left, the zeros to the end
        values = np.linalg.svd(A[n[..., None], turned[..., None], turned[:, None]], compute_uv=False)
        found = np.where(missing, _log(values)[n, np.maximum(unit - first, 0)] + top, found)
        missing = missing & (bound < top - REACH * 2 / 3) & (bound > ZERO / 2)
        corner = corner & (bound < top - REACH / 3)
    return np.where((found > ZERO / 2) & (bound > ZERO / 2), found, -np.inf)


def _equilibrate(J: Array) -> tuple[Array, Array, Array]:
    """r, J', c with J = diag(e^r) J' diag(e^c), where rows and columns of J' are of like size; e^r, e^c powers of 2."""
    r, J = _rows_to_one(J)
    c, J_T = _rows_to_one(J.mT)
    return r, J_T.mT, c


def _rows_to_one(J: Array) -> tuple[Array, Array]:
    """log r and diag(1 / r) J: r the power of 2 above the largest magnitude of each row, 0 for a row of zeros."""
    largest = np.abs(J).max(axis=-1)
    _, exponent = np.frexp(largest)
    return np.where(largest > 0, exponent * LOG_2, ZERO), np.ldexp(J, -exponent[..., None])


def _log(a: Array) -> Array:
    """log(a) of a >= 0, ZERO for 0."""
    return np.log(a, out=np.full(a.shape, ZERO), where=a > 0)
