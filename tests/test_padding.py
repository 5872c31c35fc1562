"""Laws of padded batches: a batch equals its sequences one by one, and padding takes part in nothing."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnviz import ShapeError, unroll
from rnnviz.padding import check_lengths, is_padding, reverse
from tests.networks import assert_close, examples, gradients, make_example, per_step, random_network, records

JUNK = [0.0, 7.0, -1e308, math.inf, math.nan]


def lengths_of(example):
    T, B = example.x.shape[:2]
    return np.full(B, T) if example.lengths is None else example.lengths


def spoiled(example, junk):
    """x and dy with `junk` wherever a sequence has ended."""
    T = len(example.x)
    after = np.arange(T)[:, None] >= lengths_of(example)
    x, dy = example.x.copy(), example.dy.copy()
    x[after], dy[after] = junk, junk
    return {"x": x, "dy": dy}


def alone(example, b):
    """Sequence b as a batch of its own, without padding."""
    end = lengths_of(example)[b]
    one = slice(b, b + 1)
    c0 = None if example.c0 is None else example.c0[:, one]
    return {"x": example.x[:end, one], "dy": example.dy[:end, one], "h0": example.h0[:, one], "c0": c0, "lengths": None}


def cut(arrays, b, length, T):
    """Sequence b of every per-step array and of every initial state."""
    steps = per_step(arrays, T)
    starts = {name: a[b : b + 1] for name, a in arrays.items() if name.endswith(("h0", "c0"))}
    return {name: a[:length, b : b + 1] for name, a in steps.items()} | starts


@settings(max_examples=25)
@given(example=examples(), junk=st.sampled_from(JUNK))
def test_a_batch_equals_its_sequences_one_by_one(example, junk):
    T, junked = len(example.x), spoiled(example, junk)
    trace, grads = records(example.unroll(**junked)), gradients(example.backpropagate(**junked))
    params = dict.fromkeys(example.network.state_dict(), 0.0)
    for b, length in enumerate(lengths_of(example)):
        one = records(example.unroll(**alone(example, b)))
        assert_close(cut(trace, b, length, T), one, 1e-12)
        back = gradients(example.backpropagate(**alone(example, b)))
        assert_close(cut(grads, b, length, T), {n: a for n, a in back.items() if n not in params}, 1e-12)
        params = {name: total + back[name] for name, total in params.items()}
    assert_close({name: grads[name] for name in params}, params, 1e-12)


@settings(max_examples=25)
@given(example=examples(), junk=st.sampled_from(JUNK))
def test_padding_has_zero_output_and_zero_gradient(example, junk):
    T = len(example.x)
    after = np.arange(T)[:, None] >= lengths_of(example)
    trace, grads = example.unroll(**spoiled(example, junk)), example.backpropagate(**spoiled(example, junk))
    for name, a in (per_step(records(trace), T) | per_step(gradients(grads), T)).items():
        assert not a[after].any(), name


@settings(max_examples=25)
@given(example=examples(), truncate=st.integers(1, 6))
def test_a_truncated_batch_equals_its_sequences_one_by_one(example, truncate):
    T = len(example.x)
    grads = gradients(example.backpropagate(truncate))
    for b, length in enumerate(lengths_of(example)):
        back = gradients(example.backpropagate(truncate, **alone(example, b)))
        expected = {n: a for n, a in back.items() if n not in example.network.state_dict()}
        assert_close(cut(grads, b, length, T), expected, 1e-12)


def test_overflow_right_at_a_sequences_end_does_not_spread():
    """A state that is infinite at a sequence's last step is used by no later step: the gradients stay finite."""
    network = random_network(np.random.default_rng(0), "relu", input_size=1, hidden_size=1)
    network = network.with_parameters({n: np.full_like(a, 1e200) for n, a in network.state_dict().items()})
    example = make_example(np.random.default_rng(0), network, T=3, B=1)
    example.x[:], example.dy[:] = 1.0, 1e-250
    example.h0[:] = 1e150
    one = example.backpropagate(x=example.x[:1], dy=example.dy[:1])
    padded = example.backpropagate(lengths=[1])
    assert_close(dict(padded.params), dict(one.params), 1e-12)


@pytest.mark.parametrize("lengths", [[4, 4], np.array([4.0, 4.0]), np.array([4, 4], np.uint8)])
def test_full_lengths_are_no_lengths(lengths):
    example = make_example(np.random.default_rng(0), random_network(np.random.default_rng(0), "lstm"), T=4, B=2)
    assert example.unroll(lengths=lengths).lengths is None
    assert_close(records(example.unroll(lengths=lengths)), records(example.unroll()), 0.0)


@pytest.mark.parametrize(
    ("lengths", "message"),
    [
        ([3], r"one whole number per sequence, shape \(2,\); got shape \(1,\)"),
        ([[3, 3]], r"shape \(2,\); got shape \(1, 2\)"),
        (3, r"shape \(2,\); got shape \(\)"),
        ([2.5, 3], r"whole numbers, got \[2\.5, 3\.0\]"),
        ([math.nan, 3], r"whole numbers, got \[nan, 3\.0\]"),
        ([math.inf, 3], r"whole numbers, got \[inf, 3\.0\]"),
        (["2", "3"], r"whole numbers, got \['2', '3'\]"),
        ([True, True], r"whole numbers, got \[True, True\]"),
        ([3, 0], "from 1 to T = 4; sequence 1 has length 0"),
        ([3, -1], "from 1 to T = 4; sequence 1 has length -1"),
        ([5, 3], "from 1 to T = 4; sequence 0 has length 5"),
        ([2**62, 3], "from 1 to T = 4; sequence 0 has length 4611686018427387904"),
        ([1e300, 3], "lengths"),
        (np.array([2**63, 3], np.uint64), "lengths"),
    ],
)
def test_lengths_that_cannot_be_are_refused(lengths, message):
    network = random_network(np.random.default_rng(0))
    with pytest.raises(ShapeError, match=message):
        unroll(network, np.zeros((4, 2, 2)), lengths=lengths)


@settings(max_examples=25)
@given(seed=st.integers(0, 2**32 - 1), T=st.integers(1, 6), B=st.integers(1, 3))
def test_reversing_within_the_lengths_twice_changes_nothing(seed, T, B):
    rng = np.random.default_rng(seed)
    a, lengths = rng.standard_normal((T, 2, B)), check_lengths(rng.integers(1, T + 1, B), T, B)
    np.testing.assert_array_equal(reverse(reverse(a, lengths), lengths), a)
    for b, end in enumerate([T] * B if lengths is None else lengths):
        np.testing.assert_array_equal(reverse(a, lengths)[:end, :, b], a[:end, :, b][::-1])


def test_padding_is_what_lies_beyond_the_length():
    np.testing.assert_array_equal(is_padding(np.array([1, 3]), 3), [[False, False], [True, False], [True, False]])
