"""Sequences and what a network should answer to them: the record that every task gives."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnviz.arrays import Array


@dataclass(frozen=True)
class SequenceBatch:
    """B sequences of up to T steps, their targets, and the loss of remembering nothing.

    x            (T, B, I) float64: the inputs, 0 beyond a sequence's length
    targets      (T, B, Q) float64 for the mean squared error, or (T, B) classes for the softmax cross-entropy;
                 0 where the mask is False
    mask         (T, B): True at the steps whose answer counts
    lengths      (B,): the number of steps of each sequence, at most T
    output_size  Q: how many outputs the network needs
    baseline     expected loss of the best answer that ignores what has to be remembered: learning begins below it
    """

    x: Array
    targets: NDArray[np.number[Any]]
    mask: NDArray[np.bool_]
    lengths: NDArray[np.int64]
    output_size: int
    baseline: float
