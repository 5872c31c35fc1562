"""Laws of the copy problem."""

import math

import numpy as np
import pytest

from rnnviz import losses, tasks


def decode(x):
    """Read one-hot inputs back, and hold them to being one-hot."""
    assert set(np.unique(x)) == {0.0, 1.0}
    np.testing.assert_array_equal(x.sum(axis=2), 1)
    return x.argmax(axis=2)


@pytest.mark.parametrize(("delay", "num_recall", "num_symbols"), [(1, 1, 2), (5, 3, 4), (30, 10, 8)])
def test_the_string_comes_back_after_the_marker(delay, num_recall, num_symbols):
    batch = tasks.copy_memory(np.random.default_rng(0), 20, delay, num_recall, num_symbols)
    blank, marker = num_symbols, num_symbols + 1
    symbols = decode(batch.x)
    assert batch.x.shape == (delay + 2 * num_recall, 20, num_symbols + 2)
    assert batch.output_size == num_symbols + 1
    np.testing.assert_array_equal(batch.targets[-num_recall:], symbols[:num_recall])
    assert (symbols[:num_recall] < num_symbols).all()
    assert (symbols[num_recall : num_recall + delay - 1] == blank).all()
    assert (symbols[num_recall + delay - 1] == marker).all()
    assert (symbols[num_recall + delay :] == blank).all()
    assert (batch.targets[:-num_recall] == blank).all()
    assert batch.mask.all()
    np.testing.assert_array_equal(batch.lengths, delay + 2 * num_recall)


def test_each_symbol_waits_the_delay_and_the_string():
    batch = tasks.copy_memory(np.random.default_rng(1), 1, delay=6, num_recall=2, num_symbols=3)
    lag = 6 + 2
    np.testing.assert_array_equal(batch.targets[lag:], decode(batch.x)[:-lag])


def test_the_sizes_of_the_paper_are_the_default():
    batch = tasks.copy_memory(np.random.default_rng(2), 2, delay=100)
    assert batch.x.shape == (120, 2, 10)
    assert batch.baseline == pytest.approx(10 * math.log(8) / 120, rel=1e-15)


def test_knowing_when_but_not_what_costs_the_baseline():
    batch = tasks.copy_memory(np.random.default_rng(3), 6, delay=12)
    y = np.full((*batch.targets.shape, batch.output_size), -100.0)
    y[:-10, :, 8] = 100.0
    y[-10:, :, :8] = 100.0
    loss = losses.softmax_cross_entropy(y, batch.targets, batch.mask)
    assert loss.value == pytest.approx(batch.baseline, rel=1e-12)


def test_symbols_are_drawn_evenly():
    batch = tasks.copy_memory(np.random.default_rng(4), 800, delay=1, num_recall=5, num_symbols=4)
    shares = np.bincount(decode(batch.x)[:5].ravel(), minlength=4) / 4000
    np.testing.assert_allclose(shares, 1 / 4, atol=4 * math.sqrt(3 / 16 / 4000))


@pytest.mark.parametrize(
    "sizes", [(0, 1, 1, 2), (1, 0, 1, 2), (1, 1, 0, 2), (1, 1, 1, 1), (1, 2.5, 1, 2), (1, 1, None, 2)]
)
def test_sizes_out_of_range_are_rejected(sizes):
    with pytest.raises(ValueError, match="must be a whole number of at least"):
        tasks.copy_memory(np.random.default_rng(0), *sizes)
