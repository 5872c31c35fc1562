"""Laws of the language a^n b^n."""

import math

import numpy as np
import pytest

from rnnviz import tasks


def spelled(batch, b):
    """What is read, and for each step the symbols that may come next."""
    steps = range(batch.lengths[b])
    read = "".join("Sab"[k] for k in batch.x[steps, b].argmax(axis=1))
    return read, ["".join(np.array(list("abT"))[batch.targets[t, b]]) for t in steps]


def test_the_sets_of_three_are_those_of_the_language():
    batch = tasks.a_n_b_n(np.random.default_rng(0), 1, longest=3, shortest=3)
    assert spelled(batch, 0) == ("Saaabbb", ["a", "ab", "ab", "ab", "b", "b", "T"])


def test_every_string_is_of_the_language_and_its_sets_hold_what_comes():
    batch = tasks.a_n_b_n(np.random.default_rng(1), 300)
    assert batch.x.shape == (21, 300, 3)
    numbers = (batch.lengths - 1) // 2
    assert set(numbers) == set(range(1, 11))
    for b, n in enumerate(numbers):
        read, sets = spelled(batch, b)
        assert read == "S" + "a" * n + "b" * n
        assert all(symbol in symbols for symbol, symbols in zip(read[1:] + "T", sets, strict=True))
        assert [symbols for symbols in sets if len(symbols) > 1] == ["ab"] * n


def test_all_numbers_are_equally_likely():
    lengths = tasks.a_n_b_n(np.random.default_rng(2), 20_000, 8, 5).lengths
    np.testing.assert_allclose([(lengths == 2 * n + 1).mean() for n in range(5, 9)], 0.25, atol=0.015)


@pytest.mark.parametrize(("shortest", "longest"), [(1, 1), (1, 10), (4, 4), (3, 8)])
def test_not_counting_costs_the_baseline(shortest, longest):
    """Who sees the current symbol alone: the best answer after a b has the shares of T and b as probabilities."""
    batch = tasks.a_n_b_n(np.random.default_rng(3), 1, longest, shortest)
    n = range(shortest, longest + 1)
    asked, ended = sum(n), len(n)  # after a b, over all n once
    p = ended / asked
    entropy = 0.0 if p == 1.0 else -p * math.log(p) - (1 - p) * math.log(1 - p)
    expected = asked * 2 * entropy / 3 / sum(2 * k + 1 for k in n)
    assert batch.baseline == pytest.approx(expected, rel=1e-12)
    many = tasks.a_n_b_n(np.random.default_rng(4), 20_000, longest, shortest)
    y = np.where(many.targets, 100.0, -100.0)
    if p < 1.0:
        logit = math.log((1 - p) / p)
        y[many.x.argmax(axis=2) == 2] = [-100.0, logit, -logit]
    assert many.loss(y).value == pytest.approx(batch.baseline, rel=0.02, abs=1e-12)


def test_a_string_is_accepted_when_every_set_is_right():
    batch = tasks.a_n_b_n(np.random.default_rng(5), 2, longest=4, shortest=4)
    y = np.where(batch.targets, 0.1, -0.1)
    assert batch.solved(y).all()
    y[8, 1, 2] = -0.1  # the end is not foreseen
    np.testing.assert_array_equal(batch.solved(y), [True, False])


@pytest.mark.parametrize("sizes", [(0, 1), (5, 0), (5, 6), (2.5, 1), (None, 1)])
def test_sizes_out_of_range_are_rejected(sizes):
    with pytest.raises(ValueError, match="must be"):
        tasks.a_n_b_n(np.random.default_rng(0), 1, *sizes)
