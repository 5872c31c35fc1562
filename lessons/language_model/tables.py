"""Tables of letters: how often each letter followed the k letters before it, in the text that is learned from.

    plain    p(c | s) = (n(s c) + A) / (n(s) + A Q)                s: the last k letters; A = 1 / Q
    mixed    p(c | s) = (n(s c) + M p(c | s')) / (n(s) + M)        s': s without its first letter; of none, 1 / Q

The plain one knows nothing of a context that it has never seen. The mixed one then asks a shorter one (MacKay & Peto
1995, "A hierarchical Dirichlet language model", Natural Language Engineering 1; there M is found from the text).
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from lessons.language_model.book import Codes, alphabet, held_codes, train_codes

ORDERS = tuple(range(8))  # k
MIXED = 5.0  # M


@cache
def bits(order: int, held_out: bool) -> float:
    """Of the plain table of this order, on the text that it has counted or on what is held out."""
    codes = held_codes() if held_out else train_codes()
    Q = len(alphabet())
    pairs, contexts = counts(order, codes)
    return float(-np.log2((pairs + 1 / Q) / (contexts + 1)).mean())


@cache
def mixed_bits(order: int, held_out: bool) -> float:
    """The same of the mixed table."""
    codes = held_codes() if held_out else train_codes()
    p = np.full(len(codes) - max(ORDERS), 1 / len(alphabet()))
    for k in range(order + 1):
        pairs, contexts = counts(k, codes)
        p = (pairs + MIXED * p) / (contexts + MIXED)
    return float(-np.log2(p).mean())


def counts(order: int, codes: Codes) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """n(s c) and n(s) for each letter of a text but the first few, which have no context of every order."""
    read = train_codes()
    found = []
    for length, last in ((order + 1, 0), (order, 1)):  # s c ends at the letter, s before it
        known, times = np.unique(windows(read, length)[: None if last == 0 else -1], return_counts=True)
        asked = windows(codes, length)
        asked = asked[len(asked) - (len(codes) - max(ORDERS)) - last : len(asked) - last]
        at = np.minimum(np.searchsorted(known, asked), len(known) - 1)
        found.append(np.where(known[at] == asked, times[at], 0))
    return found[0], found[1]


def windows(codes: Codes, length: int) -> Codes:
    """Every stretch of so many letters as one number; of none, zeros."""
    Q, found = len(alphabet()), np.zeros(len(codes) - length + 1, np.int64)
    for k in range(length):
        found = found * Q + codes[k : len(codes) - length + 1 + k]
    return found
