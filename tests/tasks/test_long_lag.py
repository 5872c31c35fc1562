"""Laws of the sequences with long time lags."""

import math

import numpy as np
import pytest

from rnnviz import tasks


@pytest.mark.parametrize("p", [2, 3, 10, 100])
def test_noise_free_sequences_are_the_two_of_the_paper(p):
    batch = tasks.noise_free_long_lag(np.random.default_rng(0), 40, p)
    assert batch.x.shape == (p, 40, p + 1)
    read, asked = batch.x.argmax(axis=2), batch.targets
    np.testing.assert_array_equal(read[1:], asked[:-1])
    np.testing.assert_array_equal(read[1:], np.repeat(np.arange(p - 1)[:, np.newaxis], 40, axis=1))
    np.testing.assert_array_equal(read[0], asked[-1])
    assert set(read[0]) == {p - 1, p}
    assert batch.mask.all()


@pytest.mark.parametrize("p", [2, 3, 10, 100])
def test_noisy_sequences_repeat_their_first_symbol_after_p_steps(p):
    batch = tasks.noisy_long_lag(np.random.default_rng(1), 40, p)
    read, asked = batch.x.argmax(axis=2), batch.targets
    np.testing.assert_array_equal(read[1:], asked[:-1])
    np.testing.assert_array_equal(read[0], asked[-1])
    assert (read[1:] < p - 1).all()
    assert set(read[0]) == {p - 1, p}


def test_noise_is_drawn_evenly():
    batch = tasks.noisy_long_lag(np.random.default_rng(2), 2000, 5)
    shares = np.bincount(batch.targets[:-1].ravel(), minlength=6) / 8000
    np.testing.assert_allclose(shares, [0.25] * 4 + [0, 0], atol=0.02)


@pytest.mark.parametrize("p", [2, 5, 100])
def test_knowing_all_but_the_first_symbol_costs_the_baseline(p):
    rng = np.random.default_rng(3)
    free, noisy = tasks.noise_free_long_lag(rng, 30, p), tasks.noisy_long_lag(rng, 30, p)
    y = np.full((p, 30, p + 1), -100.0)
    y[-1, :, p - 1 :] = 100.0  # x or y
    y[:-1, :, : p - 1] = 100.0
    assert noisy.loss(y).value == pytest.approx(noisy.baseline, rel=1e-12)
    y[:-1] = np.where(np.eye(p + 1)[free.targets[:-1]] > 0, 100.0, -100.0)
    assert free.loss(y).value == pytest.approx(free.baseline, rel=1e-12) == pytest.approx(math.log(2) / p)


def test_knowing_the_first_symbol_too_costs_the_floor():
    batch = tasks.noisy_long_lag(np.random.default_rng(4), 30, 7)
    assert batch.loss(np.where(batch.allowed, 100.0, -100.0)).value == pytest.approx(batch.floor, rel=1e-12)
    assert batch.baseline - batch.floor == pytest.approx(math.log(2) / 7)


@pytest.mark.parametrize(("q", "p"), [(1, 1), (5, 3), (50, 50)])
def test_very_long_lags_end_with_the_trigger_and_ask_for_the_second_symbol(q, p):
    batch = tasks.very_long_lag(np.random.default_rng(5), 200, q, p)
    assert batch.x.shape[2] == p + 4
    assert batch.lengths.min() >= q + 3
    for b, length in enumerate(batch.lengths):
        read = batch.x[:length, b].argmax(axis=1)
        assert read[0] == p + 1
        assert read[1] == p + 2 + batch.targets[length - 1, b]
        assert (read[2:-1] < p).all()
        assert read[-1] == p
    np.testing.assert_array_equal(np.argwhere(batch.mask.T)[:, 1], batch.lengths - 1)
    assert batch.loss(np.zeros((*batch.mask.shape, 2))).value == pytest.approx(batch.baseline)


def test_very_long_lags_last_q_plus_thirteen_symbols_on_average_and_end_at_each_with_a_tenth():
    """The last symbol, which is asked for, is one of them; the paper's own sum, though it says q + 14."""
    lengths = tasks.very_long_lag(np.random.default_rng(6), 40_000, 4, 2).lengths
    assert lengths.mean() + 1 == pytest.approx(4 + 13, abs=0.15)
    assert 4 + sum(0.1 * 0.9**k * (4 + k) for k in range(1000)) == pytest.approx(4 + 13)
    for k in range(4):
        assert (lengths == 7 + k).mean() == pytest.approx(0.1 * 0.9**k, abs=0.006)


@pytest.mark.parametrize("task", [tasks.noise_free_long_lag, tasks.noisy_long_lag])
@pytest.mark.parametrize("num_steps", [1, 0, 2.5, None])
def test_a_lag_of_less_than_two_steps_is_rejected(task, num_steps):
    with pytest.raises(ValueError, match="num_steps must be a whole number of at least 2"):
        task(np.random.default_rng(0), 1, num_steps)


@pytest.mark.parametrize("sizes", [(0, 5), (5, 0), (5, 2.5)])
def test_very_long_lags_need_a_lag_and_distractors(sizes):
    with pytest.raises(ValueError, match="must be a whole number of at least 1"):
        tasks.very_long_lag(np.random.default_rng(0), 1, *sizes)
