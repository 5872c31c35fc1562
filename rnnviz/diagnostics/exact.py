"""Products of matrices of floats, multiplied out in as many bits as it takes: `rank_revealed`, `log10_norms`, `ranks`.

Where units hand on much more than they get (matrices far from normal), a direction may fall behind by 10^20 and come
back. In float64 nothing of it is left to come back: the small singular values are then off by many decades, and only
more digits help. Here the product is multiplied out in fixed point, in as many limbs of BITS bits as it takes:

    P  =  2^E (limb_0 + 2^-BITS limb_1 + 2^-2BITS limb_2 + ...)         limbs: (L, S, S) whole numbers in float64

A factor is cut into limbs too. A product of limbs is a matrix product of small whole numbers, which float64 knows
exactly; only what lies below the last limb is dropped, and its norm is bounded on the way. By Weyl's inequality
no singular value is off by more than that bound. Gaussian elimination of the same whole numbers with complete pivoting
then gives P = L diag(e^d) U with L and U well conditioned, which decides every singular value to almost full precision.
What is not well above the bound is tried again with more bits, up to MOST_BITS, and is NaN beyond. What is exactly 0
is told from what is tiny by the rank, which two primes give (the odds to miss a singular value are about 1 in 10^13).

Sources: S. Rump (1994), "Verification methods for dense and sparse systems of equations", in Topics in Validated
Computations (products in float64 without an error); J. Demmel et al. (1999), "Computing the singular value
decomposition with high relative accuracy", Linear Algebra and its Applications 299 (P = L D U).
"""

from collections.abc import Collection, Iterator
from math import log, log2

import numpy as np
from numpy.typing import NDArray

from rnnviz.arrays import Array

BITS = 22  # of a limb; sums of TERMS products of two limbs stay below 2^53
TERMS = 2**10
CERTAIN = 30  # bits by which a singular value stands above the bound on its error
MOST_BITS = 1 << 13
PRIMES = (2**27 - 39, 2**26 - 5)


def rank_revealed(J: Array, starts: Collection[int], bits: int) -> Iterator[tuple[int, Array, Array, Array, float]]:
    """For each k of `starts`, from the last to the first: k, L, d, U and the log of a bound, such that

    J[T-1] ... J[k] = L diag(e^d) U but for what has at most that norm; L, U (S, S), d (S,), -inf for nothing left.
    """
    for k, limbs, exponent, bound in _products(J, min(starts), -(-bits // BITS) + 2):
        if k in starts:
            ulp = exponent - BITS * (len(limbs) - 1)
            yield k, *_eliminate(_whole_numbers(limbs), ulp, bound)


def log10_norms(J: Array, starts: Collection[int]) -> Array:
    """log10 of the largest singular value of J[T-1] ... J[k] for each k of `starts`, (len(starts),)."""
    found = dict.fromkeys(starts, np.nan)
    missing, bits = set(starts), 256
    zero = {k for k, rank in ranks(J, starts).items() if rank == 0}
    found |= dict.fromkeys(zero, -np.inf)
    missing -= zero
    while missing and bits <= MOST_BITS:
        for k, limbs, exponent, bound in _products(J, min(missing), -(-bits // BITS) + 2):
            scale = 2.0 ** (-BITS * np.arange(min(len(limbs), 6)))
            norm = np.linalg.norm(np.einsum("lij,l->ij", limbs[:6], scale), 2)
            if k in missing and norm > 0 and log2(norm) + exponent > bound + CERTAIN:
                found[k] = (log2(norm) + exponent) * np.log10(2)
                missing.remove(k)
        bits *= 2
    return np.array([found[k] for k in starts])


def ranks(J: Array, starts: Collection[int]) -> dict[int, int]:
    """The rank of J[T-1] ... J[k] for each k of `starts`."""
    found = dict.fromkeys(starts, 0)
    for prime in PRIMES:
        P: NDArray[np.int64] = np.eye(J.shape[1], dtype=np.int64)
        for k in range(len(J) - 1, min(starts) - 1, -1):
            P = P @ _modulo(J[k], prime) % prime
            if k in found:
                found[k] = max(found[k], _rank(P, prime))
    return found


def _products(J: Array, last: int, L: int) -> Iterator[tuple[int, Array, int, float]]:
    """For k = T-1, ..., last: k, limbs (L, S, S) and E of J[T-1] ... J[k], and log2 of a bound on the error's norm."""
    S = J.shape[1]
    limbs, E, bound = np.zeros((L, S, S)), 0, -np.inf
    limbs[0] = np.eye(S)
    gains = np.linalg.norm(np.ldexp(J, -_exponents(J)[:, None, None]), 2, axis=(1, 2))
    for k in range(len(J) - 1, last - 1, -1):
        factor, exponent = _cut(J[k], L)
        product = _multiply(limbs, factor)
        filled = np.flatnonzero(product.any(axis=(1, 2)))
        top = int(filled[0]) if filled.size else 0
        limbs = np.zeros_like(limbs)
        kept = product[top : top + L]
        limbs[: len(kept)] = kept
        gain = log2(gains[k]) + exponent - 1 if gains[k] > 0 else -np.inf
        E += exponent + BITS
        dropped = E - BITS * min(top + L - 1, L + 1) + log2(S * S * (len(factor) + 4))
        bound = float(np.logaddexp2(bound + gain, dropped))
        E -= BITS * top
        yield k, limbs, E, bound


def _exponents(J: Array) -> NDArray[np.intp]:
    """e with |J| < 2^e and, but for 0, >= 2^(e-1), (T,)."""
    _, exponents = np.frexp(np.abs(J).max(axis=(-2, -1)))
    return np.asarray(exponents)


def _cut(J: Array, L: int) -> tuple[Array, int]:
    """J = 2^e (2^-BITS A_0 + 2^-2BITS A_1 + ...): the limbs (n, S, S), n <= L + 1, each at most 2^(BITS-1); and e."""
    e = int(_exponents(J[None])[0]) + 1
    found: list[Array] = []
    rest, shift = J, BITS - e
    while len(found) <= L and (rest.any() or not found):
        limb = np.rint(np.ldexp(rest, shift))
        rest, shift = rest - np.ldexp(limb, -shift), shift + BITS
        found.append(limb)
    return np.array(found), e


def _multiply(limbs: Array, factor: Array) -> Array:
    """Limbs of their product, (L + 3, S, S), of at most 2^(BITS-1) + 1: one more above, to grow into, and two below."""
    L, S, _ = limbs.shape
    total, group = np.zeros((L + 3, S, S)), max(TERMS // S, 1)
    for first in range(0, len(factor), group):
        part = factor[first : first + group]
        side_by_side = np.ascontiguousarray(part.transpose(1, 0, 2).reshape(S, -1))
        products = (limbs @ side_by_side).reshape(L, S, len(part), S)
        for m in range(len(part)):
            at = first + m + 2
            total[at : at + L] += products[: max(L + 3 - at, 0), :, m]
        total = _carried(total)
    return total


def _carried(limbs: Array) -> Array:
    """The same number, in limbs of at most 2^(BITS-1) + 1; the first takes what is left over."""
    for _ in range(3):
        carry = np.rint(limbs[1:] * 2.0**-BITS)
        limbs[1:] -= carry * 2.0**BITS
        limbs[:-1] += carry
    return limbs


def _whole_numbers(limbs: Array) -> NDArray[np.object_]:
    """The limbs put together, in units of the last: Python's whole numbers, (S, S)."""
    numbers, bits = limbs.astype(np.int64).astype(object), BITS
    while len(numbers) > 1:
        if len(numbers) % 2:
            numbers = np.concatenate([np.zeros_like(numbers[:1]), numbers])
        numbers, bits = numbers[0::2] * (1 << bits) + numbers[1::2], 2 * bits
    return np.asarray(numbers[0])


def _eliminate(A: NDArray[np.object_], ulp: int, bound: float) -> tuple[Array, Array, Array, float]:
    """L, d, U and the log of the bound with 2^ulp A = L diag(e^d) U, with complete pivoting; A is used up."""
    S = len(A)
    L, U, d = np.eye(S), np.eye(S), np.full(S, -np.inf)
    bound = float(np.logaddexp2(bound, ulp + log2(4 * S * S)))
    rows, columns = np.arange(S), np.arange(S)
    for r in range(S):
        magnitude = np.abs(A[r:, r:])
        i, j = divmod(int(magnitude.argmax()), S - r)
        pivot_size = int(magnitude[i, j])
        if pivot_size == 0 or log2(pivot_size) + ulp < bound - log2(S):
            break
        for a, at in ((A, i), (L[:, :r], i), (rows, i), (A.T, j), (U[:r].T, j), (columns, j)):
            a[[r, r + at]] = a[[r + at, r]]
        pivot, d[r] = int(A[r, r]), log(pivot_size) + ulp * log(2)
        down, right = A[r + 1 :, r], A[r, r + 1 :]
        shift = pivot_size.bit_length() + 2
        quotients = (down * (1 << shift)) // pivot
        A[r + 1 :, r + 1 :] -= (quotients[:, None] * right) >> shift
        L[r + 1 :, r] = [int(a) / pivot for a in down]
        U[r, r:] = [int(a) / pivot_size for a in A[r, r:]]
    return L[np.argsort(rows)], d, U[:, np.argsort(columns)], bound * log(2)


def _modulo(J: Array, prime: int) -> NDArray[np.int64]:
    """J modulo a prime: m 2^e, m whole, is m times the e-th power of 2, and 2 has an inverse."""
    mantissa, exponent = np.frexp(J)
    found, back = np.unique(exponent - 53, return_inverse=True)
    powers = np.array([pow(2, int(e), prime) for e in found])[back].reshape(J.shape)
    return np.asarray(np.ldexp(mantissa, 53).astype(np.int64) % prime * powers % prime)


def _rank(A: NDArray[np.int64], prime: int) -> int:
    """The rank of A over the field of this prime."""
    A, rank = A.copy(), 0
    for column in range(A.shape[1]):
        pivots = np.flatnonzero(A[rank:, column])
        if pivots.size:
            A[[rank, rank + pivots[0]]] = A[[rank + pivots[0], rank]]
            A[rank] = A[rank] * pow(int(A[rank, column]), -1, prime) % prime
            A[rank + 1 :] = (A[rank + 1 :] - A[rank + 1 :, column, None] * A[rank]) % prime
            rank += 1
            if rank == len(A):
                break
    return rank
