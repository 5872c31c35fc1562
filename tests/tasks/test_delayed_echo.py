"""Laws of the delayed echo."""

import numpy as np
import pytest

from rnnviz import tasks


@pytest.mark.parametrize(("num_steps", "delay"), [(2, 1), (9, 8), (30, 7)])
def test_the_answer_is_what_was_heard_before(num_steps, delay):
    batch = tasks.delayed_echo(np.random.default_rng(0), 20, num_steps, delay)
    np.testing.assert_array_equal(batch.targets[delay:], batch.x[:-delay])
    np.testing.assert_array_equal(batch.mask.sum(axis=0), num_steps - delay)
    assert not batch.mask[:delay].any()


def test_sounds_are_drawn_evenly_from_minus_to_plus_a_half():
    x = tasks.delayed_echo(np.random.default_rng(1), 500, 40).x
    shares, _ = np.histogram(x, bins=10, range=(-0.5, 0.5))
    np.testing.assert_allclose(shares / x.size, 0.1, atol=0.01)


def test_answering_zero_costs_the_baseline_of_one_twelfth():
    batch = tasks.delayed_echo(np.random.default_rng(2), 2000, 30)
    assert batch.baseline == 1 / 12
    assert batch.loss(np.zeros_like(batch.x)).value == pytest.approx(batch.baseline, rel=0.02)


@pytest.mark.parametrize(("num_steps", "delay"), [(5, 5), (5, 0), (5, 1.5), (0, 1)])
def test_sizes_out_of_range_are_rejected(num_steps, delay):
    with pytest.raises(ValueError, match="must be a whole number of at least"):
        tasks.delayed_echo(np.random.default_rng(0), 1, num_steps, delay)
