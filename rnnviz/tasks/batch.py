"""Sequences and what a network should answer to them: the record that every task gives, and how answers are judged.

    batch = task(rng, ...)                      rng -> SequenceBatch
    loss = batch.loss(trace.y)                  the loss that fits the targets, with its gradient dy
    batch.accuracy(trace.y)                     the share of right answers
    batch.solved(trace.y)                       (B,): the sequences without a mistake, as the papers count

What is asked shows in the targets' data type: numbers (float), one class (integers), or a set of symbols (bool).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnviz.arrays import Array, number
from rnnviz.losses import Loss, binary_cross_entropy, mean_squared_error, softmax_cross_entropy


@dataclass(frozen=True)
class SequenceBatch:
    """B sequences of up to T steps, their targets, and the losses between which learning takes place.

    x            (T, B, I) float64: the inputs, 0 beyond a sequence's length
    targets      (T, B, Q) float64, numbers: mean squared error; or (T, B) classes: softmax cross-entropy; or
                 (T, B, Q) bool, the set of symbols that may come next: binary cross-entropy of each symbol. 0 where
                 the mask is False
    mask         (T, B): True at the steps whose answer counts
    lengths      (B,): the number of steps of each sequence, at most T
    output_size  Q: how many outputs the network needs
    baseline     expected loss of the best answer that ignores what has to be remembered: learning begins below it
    floor        expected loss of the best answer that there is: 0, unless targets are drawn at random
    allowed      (T, B, Q) bool: which classes may come next, where several may; otherwise None. False where the mask is
    """

    x: Array
    targets: NDArray[np.number[Any]] | NDArray[np.bool_]
    mask: NDArray[np.bool_]
    lengths: NDArray[np.int64]
    output_size: int
    baseline: float
    floor: float = 0.0
    allowed: NDArray[np.bool_] | None = None

    def loss(self, y: Array) -> Loss:
        """The loss of the answers `y` (T, B, Q), predictions or logits, and its gradient dL/dy.

        Raises ShapeError for another shape, NonFiniteError for NaN or infinity in a counted step.
        """
        if self.targets.dtype.kind == "b":
            return binary_cross_entropy(y, self.targets, self.mask)
        if self.targets.dtype.kind == "f":
            return mean_squared_error(y, self.targets, self.mask)
        return softmax_cross_entropy(y, self.targets, self.mask)

    def right(self, y: Array, tolerance: float = 0.04) -> NDArray[np.bool_]:
        """Which counted answers `y` (T, B, Q) are right: (T, B), False where the mask is.

        Numbers: all Q errors below `tolerance`, at least 0 (0.04 in Hochreiter & Schmidhuber 1997, experiment 4). A
        class: its logit is the largest; where several are allowed, all of those are larger than all others (experiment
        1). A set: logits above 0 for its symbols and for no others (Gers & Schmidhuber 2001).
        Raises as `loss` does, ValueError for a tolerance out of range.
        """
        tolerance = number("tolerance", tolerance, "[0, inf]")
        self.loss(y)  # refuses what is no answer
        return np.asarray(self._judge(np.asarray(y), tolerance) & self.mask)

    def accuracy(self, y: Array, tolerance: float = 0.04) -> float:
        """The share of right answers among the counted steps, from 0 to 1; see `right`."""
        return float(self.right(y, tolerance)[self.mask].mean())

    def solved(self, y: Array, tolerance: float = 0.04) -> NDArray[np.bool_]:
        """Which sequences have no wrong answer: (B,); see `right`."""
        return np.asarray((self.right(y, tolerance) | ~self.mask).all(axis=0))

    def _judge(self, y: Array, tolerance: float) -> NDArray[np.bool_]:
        """Which answers are right, whether they count or not: (T, B)."""
        if self.targets.dtype.kind == "b":
            return np.asarray(((y > 0.0) == self.targets).all(axis=2))
        if self.targets.dtype.kind == "f":
            with np.errstate(all="ignore"):  # what stands in uncounted steps
                return np.asarray((np.abs(y - self.targets) < tolerance).all(axis=2))
        if self.allowed is None:
            return np.asarray(y.argmax(axis=2) == self.targets)
        least = np.where(self.allowed, y, np.inf).min(axis=2)
        return np.asarray(least > np.where(self.allowed, -np.inf, y).max(axis=2))
