"""Laws of the parity problem."""

import itertools
import math

import numpy as np
import pytest

from rnnviz import losses, tasks


@pytest.mark.parametrize("num_steps", [2, 3, 50])
def test_the_class_says_whether_the_number_of_ones_is_odd(num_steps):
    batch = tasks.parity(np.random.default_rng(0), 200, num_steps)
    assert batch.x.shape == (num_steps, 200, 1)
    assert set(np.unique(batch.x)) == {-1.0, 1.0}
    np.testing.assert_array_equal(batch.targets[-1], (batch.x[:, :, 0] == 1).sum(axis=0) % 2)
    assert batch.mask[-1].all()
    assert not batch.mask[:-1].any()


def test_lengths_and_noise_are_those_of_the_paper():
    batch = tasks.parity(np.random.default_rng(1), 4000, 50, shortest=25, noise=0.2)
    assert set(batch.lengths) == set(range(25, 51))
    inside = losses.length_mask(batch.lengths, 50)
    x = batch.x[:, :, 0]
    off = np.abs(x[inside]) - 1
    assert np.abs(off).max() <= 0.2
    assert np.abs(off).mean() == pytest.approx(0.1, abs=0.002)
    ends = batch.lengths - 1, np.arange(4000)
    np.testing.assert_array_equal(batch.targets[ends], ((x > 0) & inside).sum(axis=0) % 2)


def test_who_forgets_one_step_can_only_guess():
    """Of all sequences of five, whichever step is left out: the other four leave odd and even equally likely."""
    for forgotten in range(5):
        seen = {}
        for bits in itertools.product((0, 1), repeat=5):
            seen.setdefault(bits[:forgotten] + bits[forgotten + 1 :], []).append(sum(bits) % 2)
        assert all(sorted(answers) == [0, 1] for answers in seen.values())


def test_guessing_costs_the_baseline():
    batch = tasks.parity(np.random.default_rng(2), 4000, 9)
    assert batch.loss(np.zeros((9, 4000, 2))).value == pytest.approx(batch.baseline) == pytest.approx(math.log(2))
    assert batch.targets[-1].mean() == pytest.approx(0.5, abs=0.035)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"num_steps": 1}, "num_steps must be a whole number of at least 2"),
        ({"num_steps": 5, "shortest": 1}, "shortest must be a whole number of at least 2"),
        ({"num_steps": 5, "shortest": 6}, "shortest must be at most num_steps, 5, got 6"),
        ({"num_steps": 5, "noise": -0.1}, "noise must be a number"),
        ({"num_steps": 5, "noise": math.inf}, "noise must be a number"),
    ],
)
def test_sizes_out_of_range_are_rejected(options, message):
    with pytest.raises(ValueError, match=message):
        tasks.parity(np.random.default_rng(0), 1, **options)
