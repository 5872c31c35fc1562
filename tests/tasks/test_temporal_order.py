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


@pytest.mark.parametrize("num_steps", [10, 37, 100])
def test_three_symbols_have_eight_orders(num_steps):
    batch = tasks.temporal_order(np.random.default_rng(0), 200, num_steps, num_relevant=3)
    assert batch.output_size == 8
    assert batch.baseline == pytest.approx(math.log(8))
    for b in range(200):
        text = read(batch, b)
        assert text[0] + text[-1] == "EB"
        found = [symbol for symbol in text if symbol in "XY"]
        expected = ["XXX", "XXY", "XYX", "XYY", "YXX", "YXY", "YYX", "YYY"].index("".join(found))
        assert batch.targets[batch.lengths[b] - 1, b] == expected


def test_positions_of_three_symbols_are_those_of_the_paper():
    batch = tasks.temporal_order(np.random.default_rng(1), 2000, num_relevant=3)
    places = np.array([[t for t, symbol in enumerate(read(batch, b)) if symbol in "XY"] for b in range(2000)])
    assert [set(places[:, k]) for k in range(3)] == [set(range(low, low + 11)) for low in (10, 33, 66)]


@pytest.mark.parametrize("num_steps", range(10, 131, 3))
@pytest.mark.parametrize("num_relevant", [2, 3])
def test_no_length_makes_symbols_meet(num_steps, num_relevant):
    for task in (tasks.temporal_order, tasks.temporal_order_fixed):
        batch = task(np.random.default_rng(2), 60, num_steps, num_relevant)
        relevant = slice(4, 6) if task is tasks.temporal_order else slice(0, 2)
        np.testing.assert_array_equal(batch.x[:, :, relevant].sum(axis=(0, 2)), num_relevant)


@pytest.mark.parametrize(("num_relevant", "starts"), [(2, (10, 50)), (3, (10, 30, 60))])
def test_the_fixed_form_is_that_of_the_published_code(num_relevant, starts):
    batch = tasks.temporal_order_fixed(np.random.default_rng(3), 2000, 100, num_relevant)
    assert batch.x.shape == (100, 2000, 6)
    np.testing.assert_array_equal(batch.x.sum(axis=2), 1)
    np.testing.assert_array_equal(batch.lengths, 100)
    assert batch.mask[-1].all()
    assert not batch.mask[:-1].any()
    symbols = batch.x.argmax(axis=2)
    places = np.array([np.flatnonzero(symbols[:, b] < 2) for b in range(2000)])
    assert [set(places[:, k]) for k in range(num_relevant)] == [set(range(low, low + 10)) for low in starts]
    bits = np.take_along_axis(symbols, places.T, axis=0)
    expected = [int("".join(map(str, column)), 2) for column in bits.T]  # the first symbol is the highest bit
    np.testing.assert_array_equal(batch.targets[-1], expected)
    shares = np.bincount(batch.targets[-1], minlength=batch.output_size) / 2000
    np.testing.assert_allclose(shares, 1 / batch.output_size, atol=0.04)
    y = np.zeros((100, 2000, batch.output_size))
    assert batch.loss(y).value == pytest.approx(batch.baseline) == pytest.approx(num_relevant * math.log(2))


@pytest.mark.parametrize("num_relevant", [1, 4, 2.5, "two"])
def test_two_or_three_symbols_are_relevant(num_relevant):
    for task in (tasks.temporal_order, tasks.temporal_order_fixed):
        with pytest.raises(ValueError, match="num_relevant must be"):
            task(np.random.default_rng(0), 1, 10, num_relevant)
