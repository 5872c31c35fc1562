"""Sequences of different lengths: padded without an effect, put together by length."""

from itertools import pairwise

import numpy as np
import pytest

import rnnviz as rv
from rnnviz.data import by_length, pad

RNG = np.random.default_rng(0)
SEQUENCES = [RNG.normal(size=(T, 2)) for T in (3, 5, 1)]


def test_padding_has_no_effect_on_what_a_network_answers() -> None:
    net = rv.Network.create("gru", 2, 4, bidirectional=True, rng=np.random.default_rng(1))
    x, lengths = pad(SEQUENCES)
    assert x.shape == (5, 3, 2)
    y = rv.unroll(net, x, lengths).y
    for b, one in enumerate(SEQUENCES):
        np.testing.assert_allclose(y[: len(one), b], rv.unroll(net, one[:, None]).y[:, 0], rtol=1e-12)


def test_each_sequence_is_in_one_batch_and_lengths_are_near() -> None:
    lengths = RNG.integers(1, 100, 103)
    batches = by_length(lengths, 10, np.random.default_rng(2))
    np.testing.assert_array_equal(np.sort(np.concatenate(batches)), np.arange(103))
    assert sorted(map(len, batches)) == [3, *[10] * 10]
    ends = sorted((lengths[one].min(), lengths[one].max()) for one in batches)
    assert all(high <= low for (_, high), (low, _) in pairwise(ends))


def test_batches_by_length_are_drawn() -> None:
    first, again, other = (by_length([7] * 30, 5, np.random.default_rng(seed)) for seed in (0, 0, 1))
    np.testing.assert_array_equal(np.concatenate(first), np.concatenate(again))
    assert (np.concatenate(first) != np.concatenate(other)).any()


def test_wrong_calls_say_what_is_wrong() -> None:
    with pytest.raises(rv.ShapeError, match="at least one"):
        pad([])
    with pytest.raises(rv.ShapeError, match="sequence 1 needs shape"):
        pad([np.zeros((2, 2)), np.zeros((2, 3))])
    with pytest.raises(rv.ShapeError, match="sequence 0"):
        pad([np.zeros((0, 2))])
    with pytest.raises(rv.ShapeError, match="whole numbers"):
        by_length([1.5], 2, np.random.default_rng(0))
    with pytest.raises(ValueError, match="batch_size"):
        by_length([1], 0, np.random.default_rng(0))
