"""The gradient's norm at each step: by hand, far beyond the float's range, and where it vanishes by a known law."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

import rnnviz
from rnnviz import Pin, ShapeError
from rnnviz.diagnostics import (
    cell_gradient_norms,
    hidden_gradient_norms,
    log10_cell_gradient_norms,
    log10_hidden_gradient_norms,
)
from rnnviz.diagnostics.norms import log10_norm, norm
from rnnviz.padding import is_padding
from tests.networks import examples, make_example, random_network

RNG = np.random.default_rng(0)
HIDDEN = [hidden_gradient_norms, log10_hidden_gradient_norms]
CELL = [cell_gradient_norms, log10_cell_gradient_norms]
floats = st.floats(allow_nan=False, allow_infinity=False)


def exact_norm(v):
    """math.hypot neither overflows nor underflows on the way."""
    return math.hypot(*v.tolist())


@settings(max_examples=50)
@given(example=examples(), truncate=st.none() | st.integers(1, 4))
def test_norms_are_those_of_the_gradients_and_zero_in_the_padding(example, truncate):
    grads = example.backpropagate(truncate)
    for l in range(example.network.num_layers):
        for d in range(example.network.num_directions):
            kinds = [(HIDDEN, grads[l, d].dh)]
            kinds += [] if grads[l, d].dc is None else [(CELL, grads[l, d].dc)]
            for (plain, log10), gradient in kinds:
                found, expected = plain(grads)[l, d], np.sqrt((gradient**2).sum(axis=-1))
                np.testing.assert_allclose(found, expected, rtol=1e-14)
                np.testing.assert_allclose(10.0 ** log10(grads)[l, d], expected, rtol=1e-13)
                if example.lengths is not None:
                    padding = is_padding(example.lengths, len(found))
                    assert not found[padding].any()
                    assert (log10(grads)[l, d][padding] == -np.inf).all()


@settings(max_examples=300)
@given(v=arrays(np.float64, st.tuples(st.integers(1, 3), st.integers(1, 5)), elements=floats))
def test_norms_are_right_from_the_smallest_float_to_the_largest(v):
    expected = np.array([exact_norm(row) for row in v])
    with np.errstate(all="ignore"):
        found, logarithm = norm(v), log10_norm(v)
    np.testing.assert_allclose(found, expected, rtol=1e-14, atol=5e-324)
    finite = (expected > 1e-300) & np.isfinite(expected)
    np.testing.assert_allclose(logarithm[finite], np.log10(expected[finite]), rtol=1e-14, atol=1e-14)
    np.testing.assert_array_equal(np.isneginf(logarithm), ~v.any(axis=-1))
    assert (logarithm < 309.1).all()


@given(
    v=arrays(np.float64, 4, elements=st.floats(-1, 1, width=32)),
    power=st.integers(-800, 800),
)
def test_a_power_of_two_moves_the_logarithm_and_nothing_else(v, power):
    with np.errstate(divide="ignore"):
        at_1, moved = log10_norm(v), log10_norm(np.ldexp(v, power))
    if v.any():
        assert moved - at_1 == pytest.approx(power * math.log10(2), abs=1e-12)
    else:
        assert moved == at_1 == -np.inf


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("kind", ["tanh", "lstm", "gru"])
def test_the_scale_of_the_loss_moves_every_logarithm_by_as_much(kind, dtype):
    """In float32 the squares of 1e-30 are 0 and those of 1e30 infinite; in float64 those of 1e-200 and 1e200 are."""
    example = make_example(RNG, random_network(RNG, kind, dtype=dtype), T=6, B=2)
    size = 30 if dtype == np.float32 else 200
    expected = log10_hidden_gradient_norms(example.backpropagate())[0, 0]
    for power in (-size, size):
        grads = example.backpropagate(dy=example.dy * 10.0**power)
        tolerance = 1e-5 if dtype == np.float32 else 1e-12
        np.testing.assert_allclose(log10_hidden_gradient_norms(grads)[0, 0], expected + power, atol=tolerance)
        np.testing.assert_allclose(
            hidden_gradient_norms(grads)[0, 0], 10.0 ** (expected + power), rtol=1e-4 if dtype == np.float32 else 1e-12
        )


def test_float32_norms_are_given_in_float64():
    example = make_example(RNG, random_network(RNG, "lstm", dtype=np.float32), T=3, B=1)
    for measure in (*HIDDEN, *CELL):
        assert measure(example.backpropagate())[0, 0].dtype == np.float64


@pytest.mark.parametrize("scale", [0.5, 1.0, 1.5])
def test_a_linear_recurrence_vanishes_or_explodes_as_its_power(scale):
    """relu with an orthogonal W that is a permutation, positive states: dL/dh_t = scale^(T-t) P^(T-t) dy_T."""
    network = rnnviz.Network.create("elman", 1, 4, nonlinearity="relu", rng=RNG)
    state = {name: np.zeros_like(a) for name, a in network.state_dict().items()}
    state["weight_hh_l0"], state["bias_ih_l0"] = scale * np.roll(np.eye(4), 1, axis=0), np.ones(4)
    network = network.with_parameters(state)
    T = 1500
    trace = rnnviz.unroll(network, np.zeros((T, 1, 1)))
    dy = np.zeros_like(trace.y)
    dy[-1] = [[3.0, 0.0, 4.0, 0.0]]
    grads = rnnviz.backpropagate(network, trace, dy)
    found = log10_hidden_gradient_norms(grads)[0, 0][:, 0]
    lags = np.arange(T)[::-1]
    inside = np.abs(lags * math.log10(scale)) < 306
    np.testing.assert_allclose(found[inside], (math.log10(5) + lags * math.log10(scale))[inside], atol=1e-10)
    if scale == 0.5:
        assert found[0] == -np.inf, "2^-1499 is no float64"
    if scale == 1.5:
        assert np.isfinite(found).all(), "1.5^1499 is 10^264"


@pytest.mark.parametrize("f", [0.25, 1.0])
def test_a_cell_state_whose_gates_are_held_keeps_f_at_each_step(f):
    example = make_example(RNG, random_network(RNG, "lstm"), T=8, B=2)
    surgery = tuple(Pin(gate, f if gate == "f" else 0.5, 0, 7) for gate in "ifgo")
    dy = np.zeros_like(example.dy)
    dy[-1] = example.dy[-1]
    grads = example.backpropagate(dy=dy, surgery=surgery)
    found = log10_cell_gradient_norms(grads)[0, 0]
    np.testing.assert_allclose(found, found[-1] + np.arange(8)[::-1, None] * math.log10(f), atol=1e-13)
    assert (log10_hidden_gradient_norms(grads)[0, 0][:-1] == -np.inf).all(), "no gate hears h"


def test_an_exploded_gradient_is_infinite_or_not_a_number_where_it_exploded_and_no_warning():
    network = random_network(RNG, "relu", hidden_size=1)
    state = {
        name: np.full_like(a, 1e120 if name == "weight_hh_l0" else 1.0) for name, a in network.state_dict().items()
    }
    network = network.with_parameters(state)
    trace = rnnviz.unroll(network, np.full((6, 1, 2), 1e-300))
    dy = np.zeros_like(trace.y)
    dy[-1] = 1.0
    grads = rnnviz.backpropagate(network, trace, dy)
    with np.errstate(all="raise"):
        found, logarithm = hidden_gradient_norms(grads)[0, 0][:, 0], log10_hidden_gradient_norms(grads)[0, 0][:, 0]
    np.testing.assert_array_equal(np.isfinite(found), np.isfinite(grads[0, 0].dh[:, 0, 0]))
    np.testing.assert_array_equal(np.isfinite(logarithm), np.isfinite(found))
    assert np.isposinf(logarithm[0])
    np.testing.assert_allclose(logarithm[3:], [240, 120, 0], atol=1e-10)


@pytest.mark.parametrize("rest", [1.0, np.inf])
def test_a_gradient_that_holds_nan_has_the_norm_nan(rest):
    v = np.array([np.nan, rest])
    assert np.isnan(norm(v[None])).all()
    assert np.isnan(log10_norm(v[None])).all()


@pytest.mark.parametrize("measure", CELL)
@pytest.mark.parametrize("kind", ["tanh", "gru"])
def test_only_an_lstm_has_a_cell_gradient(measure, kind):
    grads = make_example(RNG, random_network(RNG, kind), T=2, B=1).backpropagate()
    with pytest.raises(ShapeError, match="is the LSTM's alone"):
        measure(grads)
