"""Laws of the metrics."""

import math

import numpy as np
import pytest

from rnnviz import NonFiniteError, ShapeError, losses, metrics, tasks

RNG = np.random.default_rng(0)
OF_CLASSES = [metrics.accuracy, metrics.perplexity, metrics.bits_per_character]
OF_NUMBERS = [metrics.root_mean_squared_error, metrics.mean_absolute_error]
PERFECT = {metrics.accuracy: 1.0, metrics.perplexity: 1.0}
classes = RNG.integers(0, 4, (9, 5))
classes[0] = 3  # one class more often than the others
numbers = RNG.normal(2.0, 3.0, (9, 5, 2))
padded = losses.length_mask([9, 4, 1, 7, 9], 9)


def answers(metric):
    """Targets, and answers of any kind."""
    return (classes, RNG.normal(size=(9, 5, 4))) if metric in OF_CLASSES else (numbers, RNG.normal(size=(9, 5, 2)))


def perfect(metric):
    return np.where(np.eye(4)[classes] > 0, 1000.0, 0.0) if metric in OF_CLASSES else numbers


def constant(metric):
    """The best answer that is the same at every step, over what counts in `padded`."""
    if metric is metrics.root_mean_squared_error:
        return np.broadcast_to(numbers[padded].mean(axis=0), numbers.shape)
    if metric is metrics.mean_absolute_error:
        return np.broadcast_to(np.median(numbers[padded], axis=0), numbers.shape)
    return np.broadcast_to(np.log(np.bincount(classes[padded], minlength=4) / padded.sum()), (9, 5, 4))


every_metric = pytest.mark.parametrize("metric", OF_CLASSES + OF_NUMBERS)
of_classes = pytest.mark.parametrize("metric", OF_CLASSES)
of_numbers = pytest.mark.parametrize("metric", OF_NUMBERS)


def test_accuracy_is_the_share_of_right_answers():
    y = np.array([[[0.0, 1.0], [0.0, 1.0]], [[2.0, 1.0], [3.0, 3.0]]])
    score = metrics.accuracy(y, [[1, 0], [0, 1]])
    assert (score.value, score.naive, score.count) == (0.5, 0.5, 4)  # of equals, the first is the answer
    assert score.skill == 0.0


def test_perplexity_of_a_uniform_guess_is_the_number_of_classes():
    score = metrics.perplexity(np.zeros((9, 5, 4)), classes)
    assert score.value == pytest.approx(4.0, rel=1e-12)


def test_bits_of_a_uniform_guess_are_the_logarithm_of_the_number_of_classes():
    assert metrics.bits_per_character(np.zeros((9, 5, 4)), classes).value == pytest.approx(2.0, rel=1e-12)


def test_perplexity_is_two_to_the_bits():
    _, y = answers(metrics.perplexity)
    bits = metrics.bits_per_character(y, classes, padded)
    score = metrics.perplexity(y, classes, padded)
    assert score.value == pytest.approx(2.0**bits.value, rel=1e-12)
    assert score.naive == pytest.approx(2.0**bits.naive, rel=1e-12)


def test_errors_of_three_and_four_by_hand():
    y, targets = np.zeros((1, 2, 1)), np.array([[[3.0], [4.0]]])
    assert metrics.root_mean_squared_error(y, targets).value == pytest.approx(math.sqrt(12.5), rel=1e-15)
    assert metrics.mean_absolute_error(y, targets).value == pytest.approx(3.5, rel=1e-15)


@every_metric
def test_a_perfect_answer_has_a_skill_of_one(metric):
    targets, _ = answers(metric)
    score = metric(perfect(metric), targets, padded)
    assert score.value == score.best == PERFECT.get(metric, 0.0)
    assert score.skill == 1.0


@every_metric
def test_the_best_constant_answer_has_no_skill(metric):
    targets, _ = answers(metric)
    score = metric(constant(metric), targets, padded)
    assert score.value == pytest.approx(score.naive, rel=1e-12)
    assert score.skill == pytest.approx(0.0, abs=1e-12)


@every_metric
def test_no_other_constant_answer_is_better(metric):
    targets, y = answers(metric)
    for row in np.concatenate([y.reshape(45, -1), constant(metric)[:1, 0] + 0.1 * y[:, 0]]):
        assert metric(np.broadcast_to(row, y.shape), targets, padded).skill <= 1e-12


@every_metric
def test_padding_counts_for_nothing(metric):
    """A padded batch has the score of its steps one after the other, whatever stands in the padding."""
    targets, y = answers(metric)
    expected = metric(y[padded][:, np.newaxis], targets[padded][:, np.newaxis])
    strange = np.where(padded[:, :, np.newaxis], y, np.nan)
    filled = np.where(padded, targets, -7) if metric in OF_CLASSES else np.where(padded[:, :, None], targets, np.inf)
    score = metric(strange, filled, padded)
    assert score.count == expected.count == padded.sum()
    assert score.value == pytest.approx(expected.value, rel=1e-12)
    assert score.naive == pytest.approx(expected.naive, rel=1e-12)


@every_metric
def test_another_naive_answer_may_be_given(metric):
    targets, y = answers(metric)
    own = metric(y, targets, padded)
    other = metric(y, targets, padded, naive=own.value)
    assert other.value == own.value
    assert other.skill == 0.0


@every_metric
def test_nothing_can_be_gained_on_targets_that_are_all_the_same(metric):
    targets, y = answers(metric)
    score = metric(y, np.zeros_like(targets), padded)
    assert score.naive == score.best
    assert math.isnan(score.skill)


@every_metric
def test_nothing_given_is_changed(metric):
    targets, y = answers(metric)
    for array in (targets, y, padded):
        array.flags.writeable = False
    metric(y, targets, padded)


@every_metric
def test_wrong_calls_are_rejected(metric):
    targets, y = answers(metric)
    with pytest.raises(ShapeError):
        metric(y[0], targets)
    with pytest.raises(ShapeError):
        metric(y, targets[:-1])
    with pytest.raises(ShapeError):
        metric(y, targets, padded.astype(int))
    with pytest.raises(NonFiniteError):
        metric(np.full_like(y, np.nan), targets)
    with pytest.raises(ValueError, match="counts no step"):
        metric(y, targets, np.zeros_like(padded))
    for naive in (-1.0, math.nan, "none"):
        with pytest.raises(ValueError, match="naive must be a number"):
            metric(y, targets, naive=naive)


@of_classes
def test_a_target_that_is_no_class_is_rejected(metric):
    _, y = answers(metric)
    with pytest.raises(ValueError, match="classes 0 to 3"):
        metric(y, classes + 1)


@of_numbers
def test_the_unit_of_an_error_is_that_of_the_targets(metric):
    targets, y = answers(metric)
    one, ten = metric(y, targets), metric(10 * y, 10 * targets)
    assert (ten.value, ten.naive) == (pytest.approx(10 * one.value), pytest.approx(10 * one.naive))
    assert ten.skill == pytest.approx(one.skill)


def test_a_hopeless_perplexity_is_infinite():
    score = metrics.perplexity(np.array([[[1e4, 0.0]]]), [[1]], naive=2.0)
    assert score.value == math.inf
    assert score.skill == -math.inf


def test_persistence_repeats_the_step_before():
    targets = np.arange(12.0).reshape(4, 3, 1) ** 2
    y, both = metrics.persistence(targets)
    np.testing.assert_array_equal(y[1:], targets[:-1])
    np.testing.assert_array_equal(both[:, 0], [False, True, True, True])


def test_persistence_needs_a_step_before_that_counts():
    mask = np.array([[True, True], [False, True], [True, False], [True, False]])
    y, both = metrics.persistence(np.where(mask[:, :, None], 5.0, np.nan), mask)
    np.testing.assert_array_equal(both, [[False, False], [False, True], [False, False], [True, False]])
    assert np.isfinite(y).all()
    with pytest.raises(ValueError, match="two counted steps in a row"):
        metrics.persistence(np.zeros((4, 2, 1)), np.array([[True, False], [False, True]] * 2))
    for wrong in (np.zeros(3), None, "abc"):
        with pytest.raises(ShapeError, match="targets"):
            metrics.persistence(wrong)


def test_persistence_of_a_sine_mixture_costs_what_is_said():
    frequencies = (0.2, 0.311)
    batch = tasks.sine_mixture(np.random.default_rng(1), 20_000, 8, frequencies)
    y, both = metrics.persistence(batch.targets, batch.mask)
    expected = sum(1 - math.cos(omega) for omega in frequencies)
    naive = metrics.root_mean_squared_error(y, batch.targets, both).value
    assert naive == pytest.approx(math.sqrt(expected), rel=0.02)


def test_a_task_s_baseline_is_what_the_constant_answer_has():
    batch = tasks.adding(np.random.default_rng(2), 20_000, 4)
    score = metrics.root_mean_squared_error(np.ones_like(batch.targets), batch.targets, batch.mask)
    assert score.naive == pytest.approx(math.sqrt(batch.baseline), rel=0.02)
    order = tasks.temporal_order(np.random.default_rng(3), 4000, 10)
    y = np.zeros((*order.mask.shape, 4))
    assert metrics.perplexity(y, order.targets, order.mask).value == pytest.approx(math.exp(order.baseline))
    assert metrics.accuracy(y, order.targets, order.mask).value == order.accuracy(y)
