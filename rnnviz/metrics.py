"""How good are the answers, and how good would answering without looking have been?

    accuracy                   share of counted steps whose largest output is the target                1 is best
    perplexity                 exp(mean of -log p_target), p = softmax(y)                               1 is best
    bits per character         mean of -log_2 p_target                                                  0 is best
    root mean squared error    sqrt(mean of (y - target)^2)                                             0 is best
    mean absolute error        mean of |y - target|                                                     0 is best

A number by itself says little: 90 % is nothing where nine of ten targets are the same. So each comes as a `Score` with
that of a naive answer, and the skill, the share of the way from there to a perfect answer that was made (Murphy 1988,
"Skill scores based on the mean square error and their relationships to the correlation coefficient"; there of squared
errors, here of the measure itself):

    skill = (value - naive) / (best - naive)        1: perfect     0: no better than naive     below 0: worse

Without `naive`, the naive answer is the best constant one for these very targets: the most frequent class (accuracy),
the classes' frequencies (perplexity, bits), the mean of each output (root mean squared error), its median (mean
absolute error). Give a number instead to compare with another: a task's closed form (an accuracy of 1/4 in temporal
order), what the frequencies of the training text give, or `persistence`, that all stays as it is.

Shapes are those of `rnnviz.losses`: y (T, B, Q), targets (T, B) classes or (T, B, Q) numbers, mask (T, B). All counted
steps weigh the same, whichever sequence they are of; for padded sequences `losses.length_mask(lengths, T)` is the mask.
(Perplexity, bits: Jelinek, Mercer, Bahl & Baker 1977; Graves 2013, section 3. Errors and naive forecasts: Hyndman &
Koehler 2006.)
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rnnviz.arrays import Array, number, real_array
from rnnviz.errors import ShapeError
from rnnviz.losses import mean_squared_error, nats_to_bits, softmax_cross_entropy


@dataclass(frozen=True)
class Score:
    """A measure of the answers, beside that of a naive one.

    value    of the answers
    naive    of the naive answer
    best     what perfect answers have: 1 for accuracy and perplexity, otherwise 0
    count    how many steps counted
    """

    value: float
    naive: float
    best: float
    count: int

    @property
    def skill(self) -> float:
        """(value - naive) / (best - naive), at most 1; NaN where the naive answer is perfect: nothing to gain there."""
        gain = self.best - self.naive
        return (self.value - self.naive) / gain if gain != 0.0 else math.nan


def accuracy(y: ArrayLike, targets: ArrayLike, mask: ArrayLike | None = None, *, naive: float | None = None) -> Score:
    """The share of right answers, from 0 to 1: y is right where its largest output, the first of equals, is the target.

    y: logits or probabilities (T, B, Q), targets: classes (T, B), mask: (T, B) or None for all. naive: share of right
    naive answers, in [0, 1]; None for that of the most frequent class.
    Raises ShapeError, NonFiniteError and ValueError as `losses.softmax_cross_entropy` does, ValueError for a `naive`
    out of range.
    """
    softmax_cross_entropy(y, targets, mask)  # refuses what is no answer
    counted = _counted(np.shape(y), mask)
    right = np.asarray(y).argmax(axis=2) == np.asarray(targets)
    constant = float(_frequencies(targets, counted).max())
    return _score(float(right[counted].mean()), "[0, 1]", naive, constant, 1.0, counted)


def perplexity(y: ArrayLike, targets: ArrayLike, mask: ArrayLike | None = None, *, naive: float | None = None) -> Score:
    """exp of the cross-entropy in nats, at least 1: among how many equally likely classes the network seems to guess.

    y: logits (T, B, Q), targets: classes (T, B), mask: (T, B) or None for all. naive: perplexity of the naive answer,
    at least 1; None for that of the classes' frequencies. A perplexity beyond the range of floats is infinite.
    Raises ShapeError, NonFiniteError and ValueError as `losses.softmax_cross_entropy` does, ValueError for a `naive`
    out of range.
    """
    loss, counted = softmax_cross_entropy(y, targets, mask), _counted(np.shape(y), mask)
    with np.errstate(over="ignore"):
        value = float(np.exp(loss.value))
    return _score(value, "[1, inf)", naive, math.exp(_entropy(targets, counted)), 1.0, counted)


def bits_per_character(
    y: ArrayLike, targets: ArrayLike, mask: ArrayLike | None = None, *, naive: float | None = None
) -> Score:
    """The cross-entropy in bits, at least 0: the length of the text, a character, if it were packed with these answers.

    y: logits (T, B, Q), targets: classes (T, B), mask: (T, B) or None for all. naive: bits of the naive answer, at
    least 0; None for those of the classes' frequencies.
    Raises ShapeError, NonFiniteError and ValueError as `losses.softmax_cross_entropy` does, ValueError for a `naive`
    out of range.
    """
    loss, counted = softmax_cross_entropy(y, targets, mask), _counted(np.shape(y), mask)
    constant = nats_to_bits(_entropy(targets, counted))
    return _score(nats_to_bits(loss.value), "[0, inf)", naive, constant, 0.0, counted)


def root_mean_squared_error(
    y: ArrayLike, targets: ArrayLike, mask: ArrayLike | None = None, *, naive: float | None = None
) -> Score:
    """The root of the mean squared error over counted steps and outputs, in the targets' unit.

    y: predictions (T, B, Q), targets: numbers (T, B, Q), mask: (T, B) or None for all. naive: error of the naive
    answer, at least 0; None for that of each output's mean. (A task's `baseline` is a *squared* error: take its root.)
    Raises ShapeError, NonFiniteError and ValueError as `losses.mean_squared_error` does, ValueError for a `naive` out
    of range.
    """
    loss, counted = mean_squared_error(y, targets, mask), _counted(np.shape(y), mask)
    rows = np.asarray(targets, np.float64)[counted]
    with np.errstate(over="ignore"):
        constant = math.sqrt(np.square(rows - (rows / len(rows)).sum(axis=0)).mean())
    return _score(math.sqrt(loss.value), "[0, inf)", naive, constant, 0.0, counted)


def mean_absolute_error(
    y: ArrayLike, targets: ArrayLike, mask: ArrayLike | None = None, *, naive: float | None = None
) -> Score:
    """The mean absolute error over counted steps and outputs, in the targets' unit.

    y: predictions (T, B, Q), targets: numbers (T, B, Q), mask: (T, B) or None for all. naive: error of the naive
    answer, at least 0; None for that of each output's median.
    Raises ShapeError, NonFiniteError and ValueError as `losses.mean_squared_error` does, ValueError for a `naive` out
    of range.
    """
    mean_squared_error(y, targets, mask)  # refuses what is no answer
    counted = _counted(np.shape(y), mask)
    rows, answers = (np.asarray(values, np.float64)[counted] for values in (targets, y))
    with np.errstate(over="ignore"):
        value, constant = (float(np.abs(rows - a).mean()) for a in (answers, np.median(rows, axis=0)))
    return _score(value, "[0, inf)", naive, constant, 0.0, counted)


def persistence(targets: ArrayLike, mask: ArrayLike | None = None) -> tuple[Array, NDArray[np.bool_]]:
    """The naive forecast that all stays as it is: the answer of each step is the target of the step before.

    targets: numbers (T, B, Q), mask: (T, B) or None for all. Gives answers y (T, B, Q) and the mask (T, B) of steps
    that count and whose step before counts, for `root_mean_squared_error(y, targets, mask).value` and the like.
    Raises ShapeError, NonFiniteError and ValueError as `losses.mean_squared_error` does, ValueError where no two steps
    in a row count.
    """
    values = real_array("targets", targets, np.float64)
    if values.ndim != 3:
        raise ShapeError(f"targets must have the shape (T, B, Q), got {values.shape}")
    mean_squared_error(np.zeros(values.shape), values, mask)  # refuses what is no series
    counted = _counted(values.shape, mask)
    both = np.zeros_like(counted)
    both[1:] = counted[1:] & counted[:-1]
    if not both.any():
        raise ValueError("persistence needs two counted steps in a row, and there are none")
    y = np.zeros(values.shape)
    y[1:] = np.where(counted[:-1, :, np.newaxis], values[:-1], 0.0)
    return y, both


def _counted(shape: tuple[int, ...], mask: ArrayLike | None) -> NDArray[np.bool_]:
    """The mask (T, B) for y of this shape, both checked."""
    return np.ones(shape[:2], np.bool_) if mask is None else np.asarray(mask)


def _frequencies(targets: ArrayLike, counted: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Of the counted targets: the share of each class that there is."""
    _, counts = np.unique(np.asarray(targets)[counted], return_counts=True)
    return np.asarray(counts / counts.sum())


def _entropy(targets: ArrayLike, counted: NDArray[np.bool_]) -> float:
    """Of the counted targets' classes, in nats."""
    share = _frequencies(targets, counted)
    return float(-(share * np.log(share)).sum()) + 0.0  # no -0.0


def _score(
    value: float, interval: str, naive: float | None, constant: float, best: float, counted: NDArray[np.bool_]
) -> Score:
    """Put the value beside the naive one that was given, within the interval, or that of the best constant answer."""
    return Score(value, constant if naive is None else number("naive", naive, interval), best, int(counted.sum()))
