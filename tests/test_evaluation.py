"""Evaluation: counts and quotients worked out by hand, folds that never look ahead, intervals of Student's table."""

import numpy as np
import pytest
from numpy.typing import NDArray

import rnnviz as rv
from rnnviz.evaluation import confusion, learning_curve, over_seeds, per_class, rolling_origin

TRUE, SAID = np.array([0, 0, 0, 1, 1, 2]), np.array([0, 0, 1, 1, 0, 1])


def test_a_confusion_matrix_counts_what_was_taken_for_what() -> None:
    np.testing.assert_array_equal(confusion(TRUE, SAID, 3), [[2, 1, 0], [1, 1, 0], [0, 1, 0]])
    np.testing.assert_array_equal(confusion(TRUE.reshape(2, 3), SAID.reshape(2, 3), 3), confusion(TRUE, SAID, 3))


def test_precision_recall_and_f1_by_hand() -> None:
    found = per_class(confusion(TRUE, SAID, 3))
    np.testing.assert_allclose(found.precision, [2 / 3, 1 / 3, np.nan])
    np.testing.assert_allclose(found.recall, [2 / 3, 1 / 2, 0])
    np.testing.assert_allclose(found.f1, [2 / 3, 2 / 5, 0])
    np.testing.assert_array_equal(found.counts, [3, 2, 1])
    assert found.macro_f1 == pytest.approx((2 / 3 + 2 / 5) / 3)


def test_f1_is_the_harmonic_mean_of_precision_and_recall() -> None:
    found = per_class(np.random.default_rng(0).integers(1, 50, (5, 5)))
    np.testing.assert_allclose(found.f1, 2 / (1 / found.precision + 1 / found.recall))


@pytest.mark.parametrize(("n", "first", "horizon", "step"), [(100, 50, 7, 7), (20, 5, 3, 1), (10, 9, 1, 4)])
def test_folds_learn_from_all_before_and_nothing_after(n: int, first: int, horizon: int, step: int) -> None:
    folds = rolling_origin(n, first, horizon, step)
    assert folds[0].train == slice(0, first)
    for k, (train, test) in enumerate(folds):
        assert train == slice(0, first + k * step)
        assert test == slice(train.stop, train.stop + horizon)
    assert n - step < folds[-1].test.stop <= n


@pytest.mark.parametrize(("n", "t"), [(2, 12.7062), (3, 4.3027), (5, 2.7764), (10, 2.2622), (31, 2.0423)])
def test_intervals_are_those_of_student_s_table(n: int, t: float) -> None:
    values = np.random.default_rng(n).normal(size=n)
    found = over_seeds(values)
    assert (found.mean, found.spread) == pytest.approx((values.mean(), values.std(ddof=1)))
    assert found.high - found.mean == pytest.approx(t * found.spread / np.sqrt(n), rel=1e-4)
    assert found.high - found.mean == pytest.approx(found.mean - found.low)


def test_an_interval_holds_the_mean_in_95_of_100_cases() -> None:
    rng = np.random.default_rng(0)
    found = [over_seeds(rng.normal(3.0, 2.0, 4)) for _ in range(500)]
    assert np.mean([one.low <= 3.0 <= one.high for one in found]) == pytest.approx(0.95, abs=0.03)


def test_larger_parts_hold_the_smaller_ones_and_each_generator_shuffles_anew() -> None:
    seen: list[list[int]] = []

    def score(part: NDArray[np.int64], _rng: np.random.Generator) -> float:
        seen.append(part.tolist())
        return float(len(part))

    found = learning_curve(score, 20, [1, 5, 20], [np.random.default_rng(seed) for seed in (0, 1)])
    np.testing.assert_array_equal(found.scores, [[1, 1], [5, 5], [20, 20]])
    one, other = seen[:3], seen[3:]
    for parts in (one, other):
        assert parts[2][:5] == parts[1]
        assert parts[1][:1] == parts[0]
        assert sorted(parts[2]) == list(range(20))
    assert one != other


def test_the_mean_of_more_examples_comes_closer_to_the_truth() -> None:
    data = np.random.default_rng(0).normal(size=1000)
    rngs = [np.random.default_rng([1, seed]) for seed in range(30)]
    found = learning_curve(lambda part, _rng: abs(float(data[part].mean() - data.mean())), 1000, [10, 100, 900], rngs)
    few, some, many = (one.mean for one in found.over_seeds)
    assert few > 2 * some > 4 * many


def test_wrong_calls_say_what_is_wrong() -> None:
    def never(_part: NDArray[np.int64], _rng: np.random.Generator) -> float:
        raise AssertionError

    for sizes in ([], [0, 3], [5, 3], [3, 3], [3, 11]):
        with pytest.raises(ValueError, match="sizes must"):
            learning_curve(never, 10, sizes, [np.random.default_rng(0)])
    with pytest.raises(ValueError, match="got none"):
        learning_curve(never, 10, [3], [])
    with pytest.raises(rv.ShapeError, match="one shape"):
        confusion([0, 1], [0], 2)
    with pytest.raises(rv.ShapeError, match="classes of one shape"):
        confusion([0.0], [0.0], 2)
    with pytest.raises(rv.ShapeError, match="from 0 to 1, got 0 to 2"):
        confusion([0, 2], [0, 1], 2)
    with pytest.raises(rv.ShapeError, match=r"\(C, C\)"):
        per_class([[1, 2]])
    with pytest.raises(ValueError, match="too few to learn from 9 and forecast 2"):
        rolling_origin(10, 9, 2, 1)
    with pytest.raises(rv.ShapeError, match="at least 2"):
        over_seeds([1.0])
    with pytest.raises(rv.NonFiniteError):
        over_seeds([1.0, np.nan])
