"""Laws of the Elman cell."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rnnviz
from rnnviz.cells import Elman
from tests.cells import steps
from tests.networks import assert_close, gradients, make_example, random_network

by_nonlinearity = pytest.mark.parametrize("kind", ["tanh", "relu", "sigmoid", "linear"])
sizes = st.fixed_dictionaries({"input_size": st.integers(1, 4), "hidden_size": st.integers(1, 5)})


@by_nonlinearity
@settings(max_examples=15)
@given(seed=st.integers(0, 2**32 - 1), sizes=sizes, T=st.integers(1, 8), B=st.integers(1, 3))
def test_fast_path_equals_step_in_a_loop(kind, seed, sizes, T, B):
    rng = np.random.default_rng(seed)
    example = make_example(rng, random_network(rng, kind, **sizes), T, B)
    loop = steps.run(example.network.layers[0][0], example.x, (example.h0[0],))
    assert_close(steps.values_of_trace(example.unroll()[0, 0]), steps.values(loop), 1e-12)


@by_nonlinearity
@settings(max_examples=5)
@given(seed=st.integers(0, 2**32 - 1))
def test_gradients_equal_the_complex_step_through_step(kind, seed):
    rng = np.random.default_rng(seed)
    example = make_example(rng, random_network(rng, kind), T=4, B=2)
    expected, found = steps.gradients_by_complex_step(example), gradients(example.backpropagate())
    assert_close({name: found[name] for name in expected}, expected, 1e-12)


@given(sizes=sizes)
def test_parameters_are_as_many_as_the_arrays_hold(sizes):
    assert Elman.parameter_count(sizes["input_size"], sizes["hidden_size"]) == steps.size(
        "elman", sizes["input_size"], sizes["hidden_size"]
    )


@by_nonlinearity
@given(sizes=sizes)
def test_multiply_adds_are_those_that_step_does(kind, sizes):
    network = random_network(np.random.default_rng(0), kind, **sizes)
    assert Elman.multiply_adds(sizes["input_size"], sizes["hidden_size"]) == steps.multiplications(network)


def orthogonal_recurrence(nonlinearity, gain, rng, T, H):
    """An Elman network h_t = phi(x_t + gain Q h_{t-1}) on inputs that keep phi in a range where its slope is 1.

    tanh: at a zero state with zero input, tanh'(0) = 1. relu: x_t is what makes h_t a positive vector drawn at random.
    linear: any inputs.
    """
    Q = gain * rnnviz.initializers.orthogonal((H, H), rng)
    network = rnnviz.Network.create("elman", H, H, nonlinearity=nonlinearity)
    network = network.with_parameters(network.state_dict() | {"weight_ih_l0": np.eye(H), "weight_hh_l0": Q})
    if nonlinearity == "tanh":
        return network, np.zeros((T, 1, H))
    if nonlinearity == "linear":
        return network, rng.standard_normal((T, 1, H))
    h = rng.uniform(0.5, 1.5, (T, 1, H))
    x = h.copy()
    x[1:] -= h[:-1] @ Q.T
    return network, x


@pytest.mark.parametrize("nonlinearity", ["tanh", "relu", "linear"])
@settings(max_examples=10)
@given(seed=st.integers(0, 2**32 - 1))
def test_orthogonal_linear_recurrence_preserves_gradient_norm_at_every_lag(nonlinearity, seed):
    rng = np.random.default_rng(seed)
    network, x = orthogonal_recurrence(nonlinearity, 1.0, rng, T := 100, H := 6)
    dy = np.zeros((T, 1, H))
    dy[-1] = rng.standard_normal(H)
    grads = rnnviz.backpropagate(network, rnnviz.unroll(network, x), dy)
    norms = np.linalg.norm(grads[0, 0].dh[:, 0], axis=1)
    np.testing.assert_allclose(norms, np.linalg.norm(dy[-1]), rtol=1e-13)


@pytest.mark.parametrize("gain", [0.5, 0.9, 1.1])
def test_scaled_orthogonal_recurrence_scales_gradient_norm_with_the_power_of_the_lag(gain):
    rng = np.random.default_rng(0)
    network, x = orthogonal_recurrence("tanh", gain, rng, T := 60, H := 4)
    dy = np.zeros((T, 1, H))
    dy[-1] = 1.0
    grads = rnnviz.backpropagate(network, rnnviz.unroll(network, x), dy)
    norms = np.linalg.norm(grads[0, 0].dh[:, 0], axis=1)
    np.testing.assert_allclose(norms, 2 * gain ** np.arange(T - 1, -1, -1), rtol=1e-13)


def test_dead_relu_units_pass_no_gradient():
    """With biases of -60 every unit stays at 0: neither state nor gradient leaves the step."""
    rng = np.random.default_rng(0)
    network = random_network(rng, "relu")
    network = network.with_parameters(network.state_dict() | {"bias_ih_l0": np.full(3, -60.0)})
    example = make_example(rng, network, T=5, B=2)
    grads = example.backpropagate()
    assert not example.unroll().y.any()
    assert not grads.dx.any()
    assert not grads[0, 0].dh0.any()
    np.testing.assert_array_equal(grads[0, 0].dh, example.dy)


def test_linear_network_sends_every_gradient_through_powers_of_its_matrix():
    """dL/dh_k = (W_hh^T)^(T - k) dL/dh_T, whatever the inputs, the biases and the initial state."""
    rng = np.random.default_rng(0)
    example = make_example(rng, random_network(rng, "linear", hidden_size=4, scale=0.5), T := 30, B=2)
    dy = np.zeros((T, 2, 4))
    dy[-1] = example.dy[-1]
    grads = example.backpropagate(dy=dy)[0, 0]
    W_T = example.network.layers[0][0].weight_hh.T
    for k in range(T):
        expected = (np.linalg.matrix_power(W_T, T - 1 - k) @ dy[-1].T).T
        np.testing.assert_allclose(grads.dh[k], expected, rtol=1e-11, atol=1e-13 * np.abs(expected).max())


def test_sigmoid_network_at_zero_passes_a_quarter_of_its_matrix():
    """Without weights from the input and at b = -W_hh 1/2 the state stays at 1/2, where the slope is 1/4."""
    rng = np.random.default_rng(0)
    network = random_network(rng, "sigmoid", hidden_size=3)
    W = network.layers[0][0].weight_hh
    still = {"weight_ih_l0": np.zeros((3, 2)), "bias_ih_l0": -W.sum(axis=1) / 2, "bias_hh_l0": np.zeros(3)}
    example = make_example(rng, network.with_parameters(network.state_dict() | still), T := 6, B=1)
    half, dy = np.full((1, 1, 3), 0.5), np.zeros((T, 1, 3))
    dy[-1] = example.dy[-1]
    np.testing.assert_allclose(example.unroll(h0=half).y, 0.5, rtol=1e-14)
    dh0 = example.backpropagate(h0=half, dy=dy)[0, 0].dh0[0]
    np.testing.assert_allclose(dh0, np.linalg.matrix_power(W.T / 4, T) @ dy[-1, 0], rtol=1e-12)
