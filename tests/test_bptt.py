"""Laws of `backpropagate`: finite differences, linearity, causality, truncation, errors."""

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import rnnviz
from rnnviz import ShapeError, backpropagate
from tests.networks import KINDS, assert_close, examples, gradients, make_example, random_network, records

by_kind = pytest.mark.parametrize("kind", KINDS)
few = settings(max_examples=25)


def stacked(grads, name):
    """dh0 or dc0 of every layer and direction, as h0 and c0 are given."""
    return np.stack([getattr(layer, name) for row in grads.layers for layer in row])


def near_a_kink(trace):
    """Whether a relu's pre-activation is so near 0 that a finite difference would step over its kink."""
    a = np.concatenate([layer.preactivations["h"].ravel() for row in trace.layers for layer in row])
    return np.abs(a[a != 0]).min() < 0.05  # padding is exactly 0


@settings(max_examples=40)
@given(example=examples(), seed=st.integers(0, 2**32 - 1))
def test_gradient_is_the_central_difference_along_any_direction(example, seed):
    """For every parameter, x, h0 and c0, to fourth order: (8 (L(+e) - L(-e)) - (L(+2e) - L(-2e))) / 12e."""
    network, rng, e = example.network, np.random.default_rng(seed), 1e-3
    assume(network.nonlinearity != "relu" or not near_a_kink(example.unroll()))
    grads, state = example.backpropagate(), network.state_dict()
    found = {"x": grads.dx} | {name: stacked(grads, f"d{name}") for name in example.states()}

    def change(name, amount):
        if name in state:
            return {"network": network.with_parameters(state | {name: state[name] + amount})}
        return {name: getattr(example, name) + amount}

    for name, gradient in (found | dict(grads.params)).items():
        along = rng.standard_normal(gradient.shape)
        along /= max(1.0, np.linalg.norm(along))
        plus, minus, plus2, minus2 = (example.loss(**change(name, k * e * along)) for k in (1, -1, 2, -2))
        slope = (8 * (plus - minus) - (plus2 - minus2)) / (12 * e)
        assert (gradient * along).sum() == pytest.approx(
            slope, rel=1e-7, abs=1e-8 * max(1.0, np.abs(gradient).max())
        ), name


@few
@given(example=examples())
def test_the_gradient_that_entered_is_shown_without_its_padding(example):
    """In memory of its own: neither the caller's later changes nor the backward pass reach it."""
    dy = example.dy.copy()
    grads = example.backpropagate(dy=dy)
    dy[:] = 7.0
    T, B = example.x.shape[:2]
    ends = np.full(B, T) if example.lengths is None else example.lengths
    np.testing.assert_array_equal(grads.dy, example.dy * (np.arange(T)[:, None] < ends)[:, :, None])
    assert not grads.dy.flags.writeable


# Factors of ordinary size or 0: at 1e-300 the products would lose their digits, on whichever side.
factors = st.one_of(st.just(0.0), st.floats(1e-3, 3), st.floats(-3, -1e-3))


@few
@given(example=examples(), seed=st.integers(0, 2**32 - 1), a=factors, b=factors)
def test_gradient_is_linear_in_dy(example, seed, a, b):
    other = np.random.default_rng(seed).standard_normal(example.dy.shape)
    one, two = gradients(example.backpropagate()), gradients(example.backpropagate(dy=other))
    both = gradients(example.backpropagate(dy=a * example.dy + b * other))
    assert_close(both, {name: a * one[name] + b * two[name] for name in one}, 1e-12)


@few
@given(example=examples())
def test_gradients_have_the_shapes_of_what_they_are_gradients_of(example):
    trace, grads = example.unroll(), example.backpropagate()
    state = example.network.state_dict()
    assert {name: a.shape for name, a in grads.params.items()} == {name: a.shape for name, a in state.items()}
    assert list(grads.params) == list(state)
    assert grads.dx.shape == example.x.shape
    for row, seen in zip(grads.layers, trace.layers):
        for back, layer in zip(row, seen):
            assert (back.dh.shape, back.dh0.shape) == (layer.h.shape, layer.h0.shape)
            assert list(back.dgates) == list(back.dpreactivations) == list(layer.gates)
            assert all(a.shape == layer.h.shape for a in (*back.dgates.values(), *back.dpreactivations.values()))
            assert (back.dc is None) == (back.dc0 is None) == (layer.c is None) == (layer.c0 is None)
            assert back.dc is None or (back.dc.shape, back.dc0.shape) == (layer.c.shape, layer.c0.shape)


@by_kind
@pytest.mark.parametrize("direction", [0, 1])
def test_no_gradient_reaches_the_steps_read_after_the_one_it_comes_from(kind, direction):
    rng = np.random.default_rng(0)
    example = make_example(rng, random_network(rng, kind, bidirectional=True, scale=0.5), T=7, B=2)
    dy = np.zeros_like(example.dy)
    dy[3, :, 3 * direction : 3 * direction + 3] = 1.0
    back = example.backpropagate(dy=dy)[0, direction]
    after, before = (slice(4, None), slice(None, 3)) if direction == 0 else (slice(None, 3), slice(4, None))
    assert not back.dh[after].any()
    assert back.dh[before].any()
    np.testing.assert_array_equal(back.dh[3], np.ones((2, 3)))
    assert not example.backpropagate(dy=dy)[0, 1 - direction].dh.any()


@few
@given(example=examples())
def test_the_same_trace_gives_the_same_gradients_again_and_stays_as_it_was(example):
    trace = example.unroll()
    before = {name: a.copy() for name, a in records(trace).items()}
    first = gradients(backpropagate(example.network, trace, example.dy, truncate=2))
    second = gradients(backpropagate(example.network, trace, example.dy, truncate=2))
    assert_close(first, second, 0.0)
    assert_close(records(trace), before, 0.0)


# Truncation -----------------------------------------------------------------------------------------------------------


@few
@given(example=examples(), more=st.integers(0, 5))
def test_truncation_at_all_steps_or_more_changes_nothing(example, more):
    assert_close(gradients(example.backpropagate(len(example.x) + more)), gradients(example.backpropagate()), 0.0)


@few
@given(example=examples(directions=(1,), ragged=False), k=st.integers(1, 6))
def test_truncation_equals_windows_one_after_the_other_with_carried_states(example, k):
    T = len(example.x)
    states, windows = example.states(), []
    for start in range(0, T, k):
        window = {"x": example.x[start : start + k], "dy": example.dy[start : start + k]} | states
        trace = example.unroll(**window)
        windows.append(gradients(example.backpropagate(**window)))
        states = {name: np.stack([getattr(row[0], name[0])[-1] for row in trace.layers]) for name in states}
    found, expected = gradients(example.backpropagate(k)), dict(windows[0])
    for window in windows[1:]:
        for name, a in window.items():
            if name in example.network.state_dict():
                expected[name] = expected[name] + a
            elif not name.endswith(("h0", "c0")):
                expected[name] = np.concatenate([expected[name], a])
    assert_close(found, expected, 1e-12)


@by_kind
def test_truncation_at_one_step_leaves_each_step_its_own_error(kind):
    rng = np.random.default_rng(0)
    example = make_example(rng, random_network(rng, kind), T=5, B=2)
    np.testing.assert_array_equal(example.backpropagate(1)[0, 0].dh, example.dy)


@by_kind
def test_both_directions_count_the_windows_from_where_they_begin_to_read(kind):
    """T = 5, k = 2: forward windows {0,1} {2,3} {4}, backward ones {4,3} {2,1} {0}."""
    rng = np.random.default_rng(0)
    example = make_example(rng, random_network(rng, kind, bidirectional=True, scale=0.4), T=5, B=1)
    for direction, reached in ((0, {0: {0}, 1: {0, 1}, 2: {2}, 3: {2, 3}, 4: {4}}), (1, {0: {0}, 1: {2, 1}, 4: {4}})):
        for t, steps in reached.items():
            dy = np.zeros_like(example.dy)
            dy[t] = 1.0
            back = example.backpropagate(2, dy=dy)[0, direction]
            touched = set(np.flatnonzero(np.any(back.dh != 0, axis=(1, 2))).tolist())
            assert touched == steps, (direction, t)


# What is refused ------------------------------------------------------------------------------------------------------

RNG = np.random.default_rng(0)
EXAMPLE = make_example(RNG, random_network(RNG, "gru", output_size=2), T=4, B=3)


@pytest.mark.parametrize("dy", [np.zeros((4, 3, 3)), np.zeros((4, 3)), np.zeros((3, 3, 2)), 1.0])
def test_dy_of_another_shape_is_refused(dy):
    with pytest.raises(ShapeError, match=r"dy needs the shape of trace\.y, \(4, 3, 2\); got"):
        EXAMPLE.backpropagate(dy=dy)


@pytest.mark.parametrize("dtype", [complex, str, object])
def test_dy_of_no_real_numbers_is_refused(dtype):
    with pytest.raises(ShapeError, match="dy needs real numbers, got dtype"):
        EXAMPLE.backpropagate(dy=np.zeros((4, 3, 2)).astype(dtype))


@pytest.mark.parametrize("truncate", [0, -1, 1.5, math.nan, math.inf, "two"])
def test_truncation_at_no_whole_number_of_steps_is_refused(truncate):
    with pytest.raises(ValueError, match=f"truncate needs a whole number of steps.*got {truncate}"):
        EXAMPLE.backpropagate(truncate)


@pytest.mark.parametrize("truncate", [2, 2.0, np.int64(2), np.float32(2)])
def test_truncation_takes_a_whole_number_of_any_type(truncate):
    assert_close(gradients(EXAMPLE.backpropagate(truncate)), gradients(EXAMPLE.backpropagate(2)), 0.0)


def twins():
    """Networks that a trace of EXAMPLE's does not fit: other sizes, another cell, other numbers, another reset gate."""
    network = EXAMPLE.network
    state = network.state_dict()
    yield random_network(RNG, "gru", hidden_size=4, output_size=2)
    yield random_network(RNG, "gru", num_layers=2, output_size=2)
    yield random_network(RNG, "lstm", output_size=2)
    yield random_network(RNG, "gru")
    yield network.with_parameters(state | {"weight_hh_l0": state["weight_hh_l0"] + 1e-9})
    yield network.with_parameters({name: a.astype(np.float32) for name, a in state.items()})
    yield rnnviz.Network.from_state_dict(state, reset_after=False)


@pytest.mark.parametrize("other", list(twins()), ids=repr)
def test_a_trace_of_another_network_is_refused(other):
    with pytest.raises(ShapeError, match="trace"):
        backpropagate(other, EXAMPLE.unroll(), EXAMPLE.dy)


def test_a_trace_of_another_nonlinearity_is_refused():
    """At zero parameters tanh and relu networks have the same state dict and the same trace, but not the same slope."""
    tanh = rnnviz.Network.create("elman", 2, 3, init="zeros", recurrent_init="zeros")
    relu = rnnviz.Network.from_state_dict(tanh.state_dict(), nonlinearity="relu")
    trace = rnnviz.unroll(tanh, np.ones((2, 1, 2)))
    with pytest.raises(ShapeError, match="trace"):
        backpropagate(relu, trace, np.ones((2, 1, 3)))


def test_a_trace_of_an_equal_network_is_welcome():
    copy = rnnviz.Network.from_state_dict(EXAMPLE.network.state_dict())
    found = backpropagate(copy, EXAMPLE.unroll(), EXAMPLE.dy)
    assert_close(gradients(found), gradients(EXAMPLE.backpropagate()), 0.0)
