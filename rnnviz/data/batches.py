"""Sequences of different lengths in one batch: padded with 0 at the end, and put together so that little is padded.

The lengths (B,) go along: `rnnviz.unroll(net, x, lengths)` gives padding no effect, `losses.length_mask(lengths, T)` is
the mask (T, B) of the steps that count. Batches of similar lengths ("bucketing"; Khomenko et al. 2016, "Accelerating
recurrent neural network training using sequence bucketing and multi-GPU data parallelization") waste fewer steps.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rnnviz.arrays import Array, as_array, generator, real_array, whole
from rnnviz.errors import ShapeError


class Padded(NamedTuple):
    """x (T, B, I), 0 beyond each sequence's end, and lengths (B,); T is that of the longest."""

    x: Array
    lengths: NDArray[np.int64]


def pad(sequences: Sequence[ArrayLike]) -> Padded:
    """One batch of sequences (T_k, I), each at least one step long.

    Raises ShapeError where there is no sequence, an empty one, or one with another number of columns.
    """
    arrays = [real_array(f"sequence {k}", one, np.float64) for k, one in enumerate(sequences)]
    if not arrays:
        raise ShapeError("a batch needs at least one sequence")
    for k, a in enumerate(arrays):
        if a.ndim != 2 or len(a) == 0 or a.shape[1] != arrays[0].shape[-1]:
            needed = f"(T_k, {arrays[0].shape[-1]})" if arrays[0].ndim == 2 else "(T_k, I)"
            raise ShapeError(f"sequence {k} needs shape {needed} with T_k at least 1, got {a.shape}")
    lengths = np.array([len(a) for a in arrays], np.int64)
    x = np.zeros((lengths.max(), len(arrays), arrays[0].shape[1]))
    for b, a in enumerate(arrays):
        x[: len(a), b] = a
    return Padded(x, lengths)


def by_length(lengths: ArrayLike, batch_size: int, rng: np.random.Generator) -> list[NDArray[np.intp]]:
    """All sequences in batches of similar lengths: a list of indices, up to `batch_size` each, each sequence once.

    lengths  (n,) of all sequences; equal ones are put together at random, and so is the order of the batches

    Raises ShapeError for anything but whole numbers (n,), at least one; ValueError for another batch size or rng.
    """
    given, size, rng = as_array("lengths", lengths), whole("batch_size", batch_size, 1), generator(rng)
    if given.ndim != 1 or given.size == 0 or given.dtype.kind not in "iu":
        raise ShapeError(f"lengths must be whole numbers (n,), n at least 1; got {given.dtype} of shape {given.shape}")
    shuffled = rng.permutation(len(given))
    order = shuffled[np.argsort(given[shuffled], kind="stable")]
    batches = [order[first : first + size] for first in range(0, len(order), size)]
    return [batches[k] for k in rng.permutation(len(batches))]
