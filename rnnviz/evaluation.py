"""How a trained network is judged, beyond the one number of `rnnviz.metrics`.

    confusion         which classes are taken for which
    per_class         precision, recall and F1 of each class
    rolling_origin    many test parts of one series, each after all that was learned from
    over_seeds        mean, spread and 95 % interval over runs that differ by their seed alone
    learning_curve    what more examples to learn from are worth

A score stands beside that of a naive answer (`rnnviz.metrics`), and on data that nothing was learned or chosen from.
(Precision, recall: van Rijsbergen 1979, "Information retrieval", chapter 7. Rolling origin: Tashman 2000,
"Out-of-sample tests of forecasting accuracy", International Journal of Forecasting 16. Learning curves: Cortes, Jackel,
Solla, Vapnik & Denker 1993, "Learning curves: asymptotic values and rate of convergence".)
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rnnviz.arrays import Array, as_array, generator, real_array, whole
from rnnviz.errors import NonFiniteError, ShapeError


def confusion(targets: ArrayLike, predicted: ArrayLike, classes: int) -> NDArray[np.int64]:
    """(C, C) counts: row k, column j is how often class k was taken for class j; the diagonal is right.

    targets, predicted  whole numbers from 0 to C - 1, of one shape, whichever; `y.argmax(axis=-1)` of logits

    Raises ShapeError for anything else, ValueError for less than one class.
    """
    C, true, said = whole("classes", classes, 1), as_array("targets", targets), as_array("predicted", predicted)
    if true.shape != said.shape or true.dtype.kind not in "iu" or said.dtype.kind not in "iu":
        raise ShapeError(
            "targets and predicted must be classes of one shape, "
            f"got {true.dtype} of shape {true.shape} and {said.dtype} of shape {said.shape}"
        )
    for name, given in (("targets", true), ("predicted", said)):
        if given.size and (given.min() < 0 or given.max() >= C):
            raise ShapeError(f"{name} must be classes from 0 to {C - 1}, got {int(given.min())} to {int(given.max())}")
    counts = np.bincount(true.ravel().astype(np.int64) * C + said.ravel().astype(np.int64), minlength=C * C)
    return counts.reshape(C, C)


@dataclass(frozen=True, eq=False)
class PerClass:
    """Of each class, (C,) from 0 to 1; NaN where there is nothing to divide by.

    precision  of what was taken for this class, the share that was of it
    recall     of what was of this class, the share that was taken for it
    f1         2 precision recall / (precision + recall)
    counts     (C,) how many there were of it
    """

    precision: Array
    recall: Array
    f1: Array
    counts: NDArray[np.int64]

    @property
    def macro_f1(self) -> float:
        """The mean F1 of the classes of which there were any, each weighing the same."""
        return float(np.nan_to_num(self.f1[self.counts > 0]).mean())


def per_class(counts: ArrayLike) -> PerClass:
    """Precision, recall and F1 of a confusion matrix (C, C), rows: the true classes.

    Raises ShapeError for what is none, or has no counts.
    """
    given = as_array("counts", counts)
    square = given.ndim == 2 and given.shape[0] == given.shape[1] and given.dtype.kind in "iu"
    if not square or (given < 0).any() or not given.any():
        raise ShapeError(f"counts needs shape (C, C), whole numbers, not all 0; got {given.dtype} of {given.shape}")
    right, there, said = np.diag(given), given.sum(axis=1), given.sum(axis=0)
    with np.errstate(invalid="ignore"):
        return PerClass(right / said, right / there, 2 * right / (there + said), there.astype(np.int64))


class Fold(NamedTuple):
    """Learn from `train`, all that lies before the origin; forecast `test`, the steps after it."""

    train: slice
    test: slice


def rolling_origin(n: int, first: int, horizon: int, step: int) -> tuple[Fold, ...]:
    """The folds of a series of n steps: train [0, origin), test [origin, origin + horizon), all within the series.

    first    the first origin: so many steps are there to learn from at least
    horizon  how many steps are forecast
    step     from one origin to the next; `horizon`: test parts that follow one another without overlap

    Raises ValueError for sizes below 1, or where not even one fold fits.
    """
    n, first = whole("n", n, 1), whole("first", first, 1)
    horizon, step = whole("horizon", horizon, 1), whole("step", step, 1)
    origins = range(first, n - horizon + 1, step)
    if not origins:
        raise ValueError(f"{n} steps are too few to learn from {first} and forecast {horizon}")
    return tuple(Fold(slice(0, origin), slice(origin, origin + horizon)) for origin in origins)


@dataclass(frozen=True)
class OverSeeds:
    """n runs: their mean, their standard deviation (with n - 1), and the 95 % interval of the mean, [low, high]."""

    mean: float
    spread: float
    low: float
    high: float
    n: int


def over_seeds(values: ArrayLike) -> OverSeeds:
    """Mean, spread and Student's 95 % interval of one score of n runs (n,), n at least 2.

    The interval holds where the scores are about normally distributed over seeds. (Student 1908, "The probable error
    of a mean".) Raises ShapeError for anything but n numbers, NonFiniteError where one is not finite.
    """
    given = real_array("values", values, np.float64)
    if given.ndim != 1 or len(given) < 2:
        raise ShapeError(f"values needs shape (n,) with n at least 2, got {given.shape}")
    if not np.isfinite(given).all():
        raise NonFiniteError(f"values must be finite, got {given.tolist()}"[:200])
    mean, spread = float(given.mean()), float(given.std(ddof=1))
    half = _student(len(given) - 1) * spread / np.sqrt(len(given))
    return OverSeeds(mean, spread, mean - half, mean + half, len(given))


@dataclass(frozen=True, eq=False)
class LearningCurve:
    """sizes (K,), numbers of examples; scores (K, S): row k learned from sizes[k] of them, column s by generator s."""

    sizes: NDArray[np.int64]
    scores: Array

    @property
    def over_seeds(self) -> tuple[OverSeeds, ...]:
        """Of each size; the S scores are runs."""
        return tuple(map(over_seeds, self.scores))


def learning_curve(
    score: Callable[[NDArray[np.int64], np.random.Generator], float],
    n: int,
    sizes: Sequence[int],
    rngs: Sequence[np.random.Generator],
) -> LearningCurve:
    """How good one gets by learning from more and more of n examples: whether still more would help.

    score  (part, rng) -> how good what has learned from the examples `part` is, on data that is held out; part (size,)
           are places from 0 to n - 1, and rng is for all else that is drawn
    sizes  K of them, rising, from 1 to n
    rngs   S generators, S runs: each shuffles the examples once and learns from the first of them, so that a larger
           part holds the smaller ones

    Raises ValueError for sizes that are none, do not rise, or are not within 1 and n, or without a generator.
    """
    n, counts = whole("n", n, 1), [whole("sizes", size, 1) for size in sizes]
    if not counts or counts != sorted(set(counts)) or counts[-1] > n:
        raise ValueError(f"sizes must rise within 1 and n = {n}, got {counts}"[:200])
    if not rngs:
        raise ValueError("at least one random generator is needed, got none")
    scores = np.empty((len(counts), len(rngs)))
    for s, rng in enumerate(map(generator, rngs)):
        order = rng.permutation(n)
        scores[:, s] = [score(order[:size], rng) for size in counts]
    return LearningCurve(np.array(counts), scores)


def _student(freedom: int) -> float:
    """The 97.5 % quantile of Student's t: with t = sqrt(freedom) tan(a), a has the density cos(a)^(freedom - 1)."""
    a = np.linspace(0.0, np.pi / 2, 20001)
    density = np.cos(a) ** (freedom - 1)
    mass = np.concatenate([[0.0], np.cumsum((density[1:] + density[:-1]) / 2)])
    return float(np.sqrt(freedom) * np.tan(np.interp(0.95 * mass[-1], mass, a)))
