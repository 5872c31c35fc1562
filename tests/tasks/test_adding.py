"""Laws of the adding problem."""

import math

import numpy as np
import pytest

from rnnviz import losses, tasks


@pytest.mark.parametrize("num_steps", [2, 3, 20, 101])
def test_the_answer_is_the_sum_of_the_two_marked_values(num_steps):
    batch = tasks.adding(np.random.default_rng(0), 50, num_steps)
    assert batch.x.shape == (num_steps, 50, 2)
    value, mark = batch.x[:, :, 0], batch.x[:, :, 1]
    assert value.min() >= 0
    assert value.max() <= 1
    half = num_steps // 2
    np.testing.assert_array_equal(mark[:half].sum(axis=0), 1)
    np.testing.assert_array_equal(mark[half:].sum(axis=0), 1)
    assert set(np.unique(mark)) <= {0.0, 1.0}
    np.testing.assert_allclose(batch.targets[-1, :, 0], (value * mark).sum(axis=0))
    assert batch.targets.shape == (num_steps, 50, batch.output_size)


def test_only_the_last_step_counts():
    batch = tasks.adding(np.random.default_rng(1), 3, 7)
    assert batch.mask[-1].all()
    assert not batch.mask[:-1].any()
    assert not batch.targets[:-1].any()
    np.testing.assert_array_equal(batch.lengths, 7)


def test_every_step_of_each_half_can_be_marked():
    mark = tasks.adding(np.random.default_rng(2), 500, 10).x[:, :, 1]
    np.testing.assert_allclose(mark.mean(axis=1), 1 / 5, atol=4 * np.sqrt(0.2 * 0.8 / 500))


def test_answering_one_costs_the_baseline_of_one_sixth():
    batch = tasks.adding(np.random.default_rng(3), 20_000, 5)
    assert batch.baseline == pytest.approx(0.1667, abs=1e-4)
    loss = losses.mean_squared_error(np.ones_like(batch.targets), batch.targets, batch.mask)
    assert loss.value == pytest.approx(batch.baseline, rel=0.03)


def test_the_same_seed_gives_the_same_sequences():
    first, second, other = (tasks.adding(np.random.default_rng(seed), 4, 9) for seed in (5, 5, 6))
    np.testing.assert_array_equal(first.x, second.x)
    assert (first.x != other.x).any()


@pytest.mark.parametrize(("batch_size", "num_steps"), [(0, 5), (5, 1), ("abc", 5), (5, math.inf), (2.5, 5)])
def test_sizes_out_of_range_are_rejected(batch_size, num_steps):
    with pytest.raises(ValueError, match="must be a whole number of at least"):
        tasks.adding(np.random.default_rng(0), batch_size, num_steps)


def test_the_form_of_1997_marks_and_scales_as_published():
    batch = tasks.adding_1997(np.random.default_rng(0), 3000)
    value, mark = batch.x[:, :, 0], batch.x[:, :, 1]
    assert set(batch.lengths) == set(range(100, 111))
    assert value.min() < -0.99
    assert value.max() > 0.99
    ends = batch.lengths - 1, np.arange(3000)
    np.testing.assert_array_equal(mark[0], -1)
    np.testing.assert_array_equal(mark[ends], -1)
    marked = mark == 1
    assert set(np.flatnonzero(marked.any(axis=1))) == set(range(1, 50))
    assert set(marked.sum(axis=0)) == {1, 2}  # one where the other mark fell on the first step
    np.testing.assert_allclose(batch.targets[ends][:, 0], 0.5 + (value * marked).sum(axis=0) / 4)
    assert batch.targets.min() >= 0
    assert batch.targets.max() <= 1
    np.testing.assert_array_equal(np.argwhere(batch.mask.T)[:, 1], batch.lengths - 1)


def test_one_mark_of_1997_is_among_the_first_ten_and_the_other_anywhere_before_the_middle():
    mark = tasks.adding_1997(np.random.default_rng(1), 20_000, 40).x[:, :, 1] == 1
    shares = mark.mean(axis=1)
    np.testing.assert_allclose(shares[1:10], 1 / 10 + 9 / 10 / 19, atol=0.01)
    np.testing.assert_allclose(shares[10:20], 1 / 19, atol=0.01)
    assert not mark[20:].any()


@pytest.mark.parametrize("num_steps", [22, 100])
def test_answering_one_half_costs_the_baseline_of_1997(num_steps):
    batch = tasks.adding_1997(np.random.default_rng(2), 20_000, num_steps)
    loss = losses.mean_squared_error(np.full_like(batch.targets, 0.5), batch.targets, batch.mask)
    assert loss.value == pytest.approx(batch.baseline, rel=0.03)


def test_long_sequences_of_1997_have_the_variance_of_nearly_two_numbers():
    batch = tasks.adding_1997(np.random.default_rng(3), 1, 10_000)
    assert batch.baseline == pytest.approx(1.9 / 48, rel=1e-3)


def test_the_form_of_1997_needs_room_for_its_marks():
    with pytest.raises(ValueError, match="num_steps must be a whole number of at least 22, got 21"):
        tasks.adding_1997(np.random.default_rng(0), 1, 21)
