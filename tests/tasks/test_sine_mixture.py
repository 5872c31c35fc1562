"""Laws of sine mixtures."""

import numpy as np
import pytest

from rnnviz import tasks

every_mixture = pytest.mark.parametrize("frequencies", [(0.3,), (0.2, 0.311), (0.2, 0.311, 0.42, 0.51), (0.5, 2.9)])


@every_mixture
def test_the_answer_is_the_next_value(frequencies):
    batch = tasks.sine_mixture(np.random.default_rng(0), 10, 40, frequencies)
    first = 2 * len(frequencies)
    np.testing.assert_array_equal(batch.targets[first:-1], batch.x[first + 1 :])
    np.testing.assert_array_equal(batch.mask[:, 0], np.arange(40) >= first)
    assert batch.x.shape == (40, 10, 1)


@every_mixture
def test_the_values_of_two_steps_per_sine_settle_the_next(frequencies):
    """The recurrence whose characteristic polynomial has the roots exp(+-i omega): a perfect answer exists."""
    batch = tasks.sine_mixture(np.random.default_rng(1), 10, 30, frequencies)
    polynomial = np.ones(1)
    for omega in frequencies:
        polynomial = np.convolve(polynomial, [1, -2 * np.cos(omega), 1])
    n = len(polynomial) - 1
    past = np.stack([batch.x[n - 1 - k : 29 - k] for k in range(n)])
    y = np.zeros_like(batch.x)
    y[n - 1 : 29] = -np.tensordot(polynomial[1:], past, axes=1)
    y[29] = -np.tensordot(polynomial[1:], batch.x[: 29 - n : -1], axes=1)
    assert batch.loss(y).value < 1e-20
    assert batch.solved(y).all()


@every_mixture
def test_the_best_answer_from_the_current_value_alone_costs_the_baseline(frequencies):
    """Fitted in bins of the current value, so that it may have any shape."""
    batch = tasks.sine_mixture(np.random.default_rng(2), 40_000, 2 * len(frequencies) + 1, frequencies)
    x, target = batch.x[-1, :, 0], batch.targets[-1, :, 0]
    c = np.cos(frequencies).mean()
    assert batch.loss(c * batch.x).value == pytest.approx(batch.baseline, rel=0.03)
    bins = np.digitize(x, np.quantile(x, np.linspace(0, 1, 201)[1:-1]))
    means = np.bincount(bins, target) / np.bincount(bins)
    assert np.mean((target - means[bins]) ** 2) == pytest.approx(batch.baseline, rel=0.04)


@every_mixture
def test_answering_zero_or_repeating_costs_what_is_said(frequencies):
    n, c = len(frequencies), np.cos(frequencies).mean()
    batch = tasks.sine_mixture(np.random.default_rng(3), 40_000, 2 * n + 1, frequencies)
    assert batch.loss(np.zeros_like(batch.x)).value == pytest.approx(n / 2, rel=0.02)
    assert batch.loss(batch.x).value == pytest.approx(n * (1 - c), rel=0.03)
    assert batch.baseline <= min(n / 2, n * (1 - c))


@pytest.mark.parametrize("frequencies", [(), (0.2, 0.2), (0.0,), (3.2,), "ab", 0.2, (None,)])
def test_frequencies_out_of_range_are_rejected(frequencies):
    with pytest.raises(ValueError, match="frequencies"):
        tasks.sine_mixture(np.random.default_rng(0), 1, 10, frequencies)


def test_a_sequence_must_go_on_after_its_first_steps():
    with pytest.raises(ValueError, match="num_steps must be a whole number of at least 5, got 4"):
        tasks.sine_mixture(np.random.default_rng(0), 1, 4)
