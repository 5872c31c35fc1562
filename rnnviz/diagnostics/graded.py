"""Singular values of products of many matrices, however far they lie apart: `log10_singular_values`.

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

What rounding may lose: Q is known to 10^-16 of its largest entries, not of each. Where matrices are far from normal, a
direction falls 10^20 behind another and later comes back, or two change places: what is left of it in Q is rounding,
which takes its place, many decades off. The scales d tell how far directions fell behind and came back (`_overtaken`),
and each QR how much was left of its columns (`_cancelled`). Where that is more than float64 bears, the singular values
come from a product multiplied out in as many bits as it takes (`exact`). The limits are measured: of 1,900 random
networks of all kinds (rho from 0.1 to 3, T up to 100) the worst logarithm was off by 8 x 10^-7.

Sources: L. Dieci & E. Van Vleck (1995), "Computation of a few Lyapunov exponents for continuous and discrete dynamical
systems", Applied Numerical Mathematics 17 (the QR chain); G. W. Stewart (1995), "On graded QR decompositions of
products of matrices", ETNA 3; A. Cox & N. Higham (1998), "Stability of Householder QR factorization for weighted least
squares problems", in Numerical Analysis 1997 (the order of rows).
"""

from collections.abc import Collection, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rnnviz.arrays import Array
from rnnviz.diagnostics.exact import CERTAIN, MOST_BITS, rank_revealed, ranks

LOG_2, LOG_10 = np.log(2.0), np.log(10.0)
ZERO = -1e200  # the logarithm of a scale that is exactly 0: further below all others than any product comes
REACH = 140 * LOG_10  # how far apart singular values may lie in one SVD of float64, which works with their squares
OVERTAKEN = 2.3 * LOG_10  # what float64 bears, found by comparison with exact arithmetic: see `_overtaken`
LOST = 7.5 * LOG_10  # the same of the sum of it and `_cancelled`
ROUNDING = 1e-15  # an entry of an orthogonal matrix below it is 0 for all that is known


class _Factors(NamedTuple):
    """diag(e^s) Y diag(e^before) = Q diag(e^d) R on the columns in that order.

    Y, the orthogonal Q and R are (..., N, S, S), s, before, d and order (..., N, S). R is an upper triangle whose rows
    have 1 as their largest magnitude.
    """

    s: Array
    before: Array
    Q: Array
    d: Array
    R: Array
    order: NDArray[np.intp]


def log10_singular_values(J: Array, starts: Collection[int]) -> Array:
    """log10 of the singular values of J[T-1] ... J[k] for each k of `starts`: (len(starts), N, S), descending.

    J       (T, N, S, S), finite: N products side by side
    starts  k from 0 to T - 1, at least one

    -inf where a singular value is 0; NaN where it lies further below the largest than `exact.MOST_BITS` reach.
    """
    chain = list(_chain(J, min(starts)))
    chosen = len(J) - 1 - np.array(list(starts))
    s, Y, d, C = (np.concatenate([chain[i][part] for i in chosen]) for part in range(4))
    log10, last = _spectrum(s, Y, d, C)
    log10 = log10.reshape(len(starts), *J.shape[1:3])
    steps = _Factors(*(np.stack(parts) for parts in zip(*(link[4] for link in chain))))
    cancelled = np.maximum(_cancelled(last).reshape(log10.shape[:2]), np.maximum.accumulate(_cancelled(steps))[chosen])
    overtaken = _overtaken(steps, chosen)
    doubtful = (overtaken > OVERTAKEN) | (overtaken + cancelled > LOST)
    for n in np.flatnonzero(doubtful.any(axis=0)):
        rows = np.flatnonzero(doubtful[:, n])
        log10[rows, n] = _exactly(J[:, n], [list(starts)[row] for row in rows], log10[rows, n])
    return log10


def _exactly(J: Array, starts: list[int], guess: Array) -> Array:
    """The same of one product, J (T, S, S), in as many bits as it takes; `guess` says about how many."""
    found, missing, rank = np.full(guess.shape, np.nan), set(starts), dict[int, int]()
    with np.errstate(invalid="ignore"):  # -inf - -inf
        span = np.where(np.isfinite(guess), guess.max(axis=-1, keepdims=True) - guess, 0).max()
    bits = int(min(span / np.log10(2) * 1.1 + 400, MOST_BITS))
    while missing and bits <= MOST_BITS:
        for k, L, d, U, bound in rank_revealed(J, missing, bits):
            scales = np.maximum(d, ZERO)[None]
            log10 = _spectrum(np.zeros_like(scales), L[None], scales, U[None])[0][0]
            sure = log10 * LOG_10 > bound + CERTAIN * LOG_2
            row = found[starts.index(k)]
            row[sure] = log10[sure]
            if not sure.all():
                rank = rank or ranks(J, missing)
                row[rank[k] :] = -np.inf
        missing = {k for k in missing if np.isnan(found[starts.index(k)]).any()}
        bits = bits * 2
    return found


def _chain(J: Array, last: int) -> Iterator[tuple[Array, Array, Array, Array, _Factors]]:
    """For k = T-1, ..., last: s, Y, d, C with (J[T-1] ... J[k])^T = diag(e^s) Y diag(e^d) C; and the QR behind it."""
    rows, J, columns = _equilibrate(J)
    N, S = J.shape[1:3]
    between = rows  # the scales of the rows of each factor, and of the columns of the next
    between[:-1] += columns[1:]
    d: Array = np.zeros((N, S))
    Y: Array = np.broadcast_to(np.eye(S), (N, S, S))
    C = Y
    for k in range(len(J) - 1, last - 1, -1):
        step = _factorise(between[k], Y, d)
        C = step.R @ C[np.arange(N)[:, None], step.order]
        Y, d = J[k].mT @ step.Q, step.d
        yield columns[k], Y, d, C, step


def _overtaken(steps: _Factors, chosen: NDArray[np.intp]) -> Array:
    """The log of how far directions fell behind and came back until the `chosen` of K steps, (len(chosen), N).

    A direction is followed through the columns' changes of place. Of two of them, the one that leads at the end by
    e^gap has to lead by something from 1 to e^gap all along: an error of the one that gets into the other where it
    leads by more, or trails, grows by as much.
    """
    d, order = steps.d, steps.order
    K, N, S = d.shape
    path, n = np.zeros((K + 1, N, S)), np.arange(N)[:, None]
    place = np.broadcast_to(np.arange(S), (N, S))
    for k in range(K):
        place = place[n, order[k]]
        path[k + 1, n, place] = d[k]
    gap = path[..., :, None] - path[..., None, :]
    most = np.maximum.accumulate(gap)[chosen + 1]  # the least is that of the two the other way round
    gap, gone = gap[chosen + 1], path[chosen + 1] < ZERO / 2
    grown = most - np.maximum(gap, 0)
    found: Array = np.where(gone[..., :, None] & gone[..., None, :], 0, grown).max(axis=(-2, -1))
    return found


def _cancelled(found: _Factors) -> Array:
    """The log of how much larger the terms of a column are than what they leave that is new, the most of all, (..., N).

    The terms: the other columns that make up most of it, and rows of all sizes, each of which is known to 10^-16 of
    its own. A column that was gone before, and one of which no row leaves anything, is exactly 0.
    """
    largest = found.s.max(axis=-1, keepdims=True)
    terms = _log((np.abs(found.Q) * np.exp(found.s - largest)[..., None]).sum(axis=-2))
    size = _log(np.abs(found.R)) + found.d[..., None]
    new = np.diagonal(size, axis1=-2, axis2=-1)
    before = np.take_along_axis(found.before, found.order, axis=-1)
    gone = (before < ZERO / 2) | (terms < ZERO / 2)
    lost: Array = np.where(gone, 0, np.maximum(size.max(axis=-2), terms + largest + before) - new).max(axis=-1)
    return lost


def _factorise(s: Array, Y: Array, before: Array) -> _Factors:
    """The QR takes the rows and the columns in the order of their size."""
    largest = s.max(axis=-1, keepdims=True)
    n, by_row = np.arange(len(s))[:, None], np.argsort(-s, axis=-1)
    X = Y * np.exp(s - largest)[..., None]
    order = np.argsort(-before - _log(np.abs(X).max(axis=-2)), axis=-1)
    Q = np.empty_like(X)
    turned, R = np.linalg.qr(X[n[..., None], by_row[..., None], order[:, None, :]])
    turned[np.abs(turned) < ROUNDING] = 0  # what has nothing to do with each other stays so
    Q[n, by_row] = turned
    d, R = _rows_apart(R, before[n, order])
    return _Factors(s, before, Q, np.maximum(d + largest, ZERO), R, order)


def _rows_apart(R: Array, d: Array) -> tuple[Array, Array]:
    """d', R' with R diag(e^d) = diag(e^d') R', the largest magnitude of each row of R' being 1, or 0."""
    R = R * np.exp(np.minimum(d[..., None, :] - d[..., None], 700))
    largest = np.abs(R).max(axis=-1)
    R /= np.where(largest > 0, largest, 1)[..., None]
    return np.maximum(d + _log(largest), ZERO), R


def _spectrum(s: Array, Y: Array, d: Array, C: Array) -> tuple[Array, _Factors]:
    """log10 of the singular values of diag(e^s) Y diag(e^d) C, (N, S) and (N, S, S) each, descending, (N, S); and the
    last QR before them."""
    n, order = np.arange(len(d))[:, None], np.argsort(-d, axis=-1)
    d, C, Y = d[n, order], C[n, order], Y[n[..., None], np.arange(d.shape[1])[:, None], order[:, None, :]]
    triangle: Array = np.asarray(np.linalg.qr(C.mT, mode="r"))  # C^T = Q R, and R diag(e^d) = diag(e^d') R'; what
    d, R = _rows_apart(triangle, d)  # counts of the product is then diag(e^s) Y R'^T diag(e^d')
    last = _factorise(s, Y @ R.mT, d)
    return _graded_svd(last.d, last.R) / LOG_10, last


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
        A = np.where(corner[:, None] & seen[..., None], A, 0)
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
