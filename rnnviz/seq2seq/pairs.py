"""Pairs of sequences in one batch: what is read, what is to be said, and the loss of what was said instead.

Symbols are whole numbers, places in two alphabets. In that of the answers place 0, END, is the end symbol, with which
each answer closes. What the decoder reads is the answer one symbol late: nothing (a vector of 0), then its symbols.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from rnnviz.arrays import Array, as_array, whole
from rnnviz.errors import ShapeError
from rnnviz.losses import Loss, softmax_cross_entropy

END = 0


@dataclass(frozen=True, eq=False)
class Pairs:
    """B pairs, padded.

    x        (T, B, I) one-hot, 0 beyond a sequence's end; lengths: (B,)
    spoken   (U, B, Q) one-hot: what the decoder reads under teacher forcing
    targets  (U, B): what it should say, END at last; mask: (U, B), True up to and with END
    """

    x: Array
    lengths: NDArray[np.int64]
    spoken: Array
    targets: NDArray[np.int64]
    mask: NDArray[np.bool_]

    def loss(self, y: Array) -> Loss:
        """Mean cross-entropy per symbol, in nats, of logits y (U, B, Q); raises as `softmax_cross_entropy`."""
        return softmax_cross_entropy(y, self.targets, self.mask)

    def exact(self, said: Sequence[Sequence[int]]) -> NDArray[np.bool_]:
        """(B,): which answers, symbols without END, are right from the first to the last. ShapeError unless B."""
        if len(said) != self.targets.shape[1]:
            raise ShapeError(f"there are {self.targets.shape[1]} pairs, got {len(said)} answers")
        lengths = self.mask.sum(axis=0) - 1
        return np.array([tuple(one) == tuple(self.targets[:n, b]) for b, (one, n) in enumerate(zip(said, lengths))])


def pairs(
    sources: Sequence[ArrayLike],
    answers: Sequence[ArrayLike],
    input_size: int,
    output_size: int,
    dtype: DTypeLike = np.float64,
) -> Pairs:
    """One batch of B sources (T_k,), each at least one symbol, and B answers (U_k,), whose END is added here.

    input_size, output_size  I and Q: symbols are from 0 to I - 1, and of the answers from 1 to Q - 1

    Raises ShapeError for no pairs, different numbers of them, an empty source, or symbols out of range.
    """
    I, Q = whole("input_size", input_size, 1), whole("output_size", output_size, 2)
    if not len(sources) or len(sources) != len(answers):
        raise ShapeError(f"sources and answers go in pairs, got {len(sources)} and {len(answers)}")
    read = [_symbols(f"source {k}", one, 0, I) for k, one in enumerate(sources)]
    said = [np.append(_symbols(f"answer {k}", one, END + 1, Q), END) for k, one in enumerate(answers)]
    empty = [k for k, one in enumerate(read) if not one.size]
    if empty:
        raise ShapeError(f"a source needs at least one symbol; source {empty[0]} has none")
    x, lengths = _one_hot(read, I, dtype), np.array([len(one) for one in read])
    whole_answers, ends = _one_hot(said, Q, dtype), np.array([len(one) for one in said])
    spoken = np.zeros_like(whole_answers)
    spoken[1:] = whole_answers[:-1]
    mask = np.arange(len(spoken))[:, None] < ends
    spoken[1:] *= mask[1:, :, None]
    targets = np.where(mask, whole_answers.argmax(axis=2), END).astype(np.int64)
    return Pairs(x, lengths, spoken, targets, mask)


def _symbols(name: str, given: ArrayLike, low: int, size: int) -> NDArray[np.int64]:
    symbols = as_array(name, given)
    if symbols.size == 0:
        return np.empty(0, np.int64)
    if symbols.ndim != 1 or symbols.dtype.kind not in "iu" or symbols.min() < low or symbols.max() >= size:
        raise ShapeError(f"{name} must be symbols from {low} to {size - 1}, shape (T,); got {given!r:.80}")
    return symbols.astype(np.int64)


def _one_hot(sequences: Sequence[NDArray[np.int64]], size: int, dtype: DTypeLike) -> Array:
    """(T, B, size), 0 beyond each sequence's end."""
    found = np.zeros((max(map(len, sequences)), len(sequences), size), dtype)
    for b, one in enumerate(sequences):
        found[np.arange(len(one)), b, one] = 1
    return found
