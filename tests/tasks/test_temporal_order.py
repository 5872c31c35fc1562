"""Laws of the temporal order problem."""

import math

import numpy as np
import pytest

from rnnviz import losses, tasks


def read(batch, b):
    """Spell out one sequence."""
    x = batch.x[: batch.lengths[b], b]
    np.testing.assert_array_equal(x.sum(axis=1), 1)
    return "".join("abcdXYEB"[k] for k in x.argmax(axis=1))


@pytest.mark.parametrize("num_steps", [10, 37, 100])
def test_the_class_is_the_order_of_the_two_symbols(num_steps):
    batch = tasks.temporal_order(np.random.default_rng(0), 100, num_steps)
    for b in range(100):
        text = read(batch, b)
        assert text[0] == "E"
        assert text[-1] == "B"
        assert set(text[1:-1]) <= set("abcdXY")
        (first, second) = (symbol for symbol in text if symbol in "XY")
        assert batch.targets[batch.lengths[b] - 1, b] == ["XX", "XY", "YX", "YY"].index(first + second)


def test_lengths_and_positions_are_those_of_the_paper():
    batch = tasks.temporal_order(np.random.default_rng(1), 2000)
    assert set(batch.lengths) == set(range(100, 111))
    places = np.array([[t for t, symbol in enumerate(read(batch, b)) if symbol in "XY"] for b in range(2000)])
    assert set(places[:, 0]) == set(range(10, 21))
    assert set(places[:, 1]) == set(range(50, 61))
    assert batch.x.shape == (110, 2000, 8)


def test_only_the_last_step_of_each_sequence_counts():
    batch = tasks.temporal_order(np.random.default_rng(2), 30, 20)
    np.testing.assert_array_equal(batch.mask.sum(axis=0), 1)
    np.testing.assert_array_equal(batch.mask.argmax(axis=0), batch.lengths - 1)
    assert not batch.targets[~batch.mask].any()


def test_padding_is_zero():
    batch = tasks.temporal_order(np.random.default_rng(3), 30, 20)
    inside = losses.length_mask(batch.lengths, len(batch.x))
    assert not batch.x[~inside].any()
    assert (~inside).any()


def test_guessing_costs_the_baseline_and_classes_are_even():
    batch = tasks.temporal_order(np.random.default_rng(4), 2000, 10)
    y = np.zeros((*batch.mask.shape, batch.output_size))
    assert losses.softmax_cross_entropy(y, batch.targets, batch.mask).value == pytest.approx(batch.baseline)
    shares = np.bincount(batch.targets[batch.mask], minlength=4) / 2000
    np.testing.assert_allclose(shares, 1 / 4, atol=4 * math.sqrt(3 / 16 / 2000))


@pytest.mark.parametrize(("batch_size", "num_steps"), [(0, 100), (1, 9), (1, 10.5), ("1", 10)])
def test_sizes_out_of_range_are_rejected(batch_size, num_steps):
    with pytest.raises(ValueError, match="must be a whole number of at least"):
        tasks.temporal_order(np.random.default_rng(0), batch_size, num_steps)
