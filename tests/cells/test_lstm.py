"""Laws of the LSTM cell. Biases of +-60 drive gates to exactly 1 and 0 in float64: sigma(60) = 1 - 9e-27."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnviz.cells import LSTM
from tests.cells import steps
from tests.networks import assert_close, gradients, make_example, random_network

sizes = st.fixed_dictionaries({"input_size": st.integers(1, 4), "hidden_size": st.integers(1, 5)})
seeds = st.integers(0, 2**32 - 1)
by_random_network = settings(max_examples=10)


def gated(rng, recurrent=True, **biases):
    """A random LSTM on a random batch, some gates driven by a bias; weights small enough not to outweigh it."""
    network = random_network(rng, "lstm", scale=0.3)
    state = {name: a.copy() for name, a in network.state_dict().items()}
    for gate, bias in biases.items():
        state["bias_ih_l0"].reshape(4, 3)["ifgo".index(gate)] = bias
    state["weight_hh_l0"] *= recurrent
    return make_example(rng, network.with_parameters(state), T=50, B=2)


@settings(max_examples=15)
@given(seed=seeds, sizes=sizes, T=st.integers(1, 8), B=st.integers(1, 3))
def test_fast_path_equals_step_in_a_loop(seed, sizes, T, B):
    rng = np.random.default_rng(seed)
    example = make_example(rng, random_network(rng, "lstm", **sizes), T, B)
    loop = steps.run(example.network.layers[0][0], example.x, (example.h0[0], example.c0[0]))
    assert_close(steps.values_of_trace(example.unroll()[0, 0]), steps.values(loop), 1e-12)


@settings(max_examples=5)
@given(seed=seeds)
def test_gradients_equal_the_complex_step_through_step(seed):
    rng = np.random.default_rng(seed)
    example = make_example(rng, random_network(rng, "lstm"), T=4, B=2)
    expected, found = steps.gradients_by_complex_step(example), gradients(example.backpropagate())
    assert_close({name: found[name] for name in expected}, expected, 1e-12)


@given(sizes=sizes)
def test_parameters_are_as_many_as_the_arrays_hold(sizes):
    assert LSTM.parameter_count(sizes["input_size"], sizes["hidden_size"]) == steps.size(
        "lstm", sizes["input_size"], sizes["hidden_size"]
    )


@given(sizes=sizes)
def test_multiply_adds_are_those_that_step_does(sizes):
    network = random_network(np.random.default_rng(0), "lstm", **sizes)
    assert LSTM.multiply_adds(sizes["input_size"], sizes["hidden_size"]) == steps.multiplications(network)


@by_random_network
@given(seed=seeds)
def test_forget_gate_one_keeps_cell_state(seed):
    """With the input gate at 0, to the last bit: c_t = 1 * c_{t-1} + 0 * g_t."""
    example = gated(np.random.default_rng(seed), f=60, i=-60)
    c = example.unroll()[0, 0].c
    np.testing.assert_array_equal(c, np.broadcast_to(example.c0[0], c.shape))


@by_random_network
@given(seed=seeds)
def test_forget_gate_one_carries_the_cell_gradient_back_unchanged(seed):
    """The constant error carousel, without recurrent weights: dL/dc of the last step reaches c0 to the last bit."""
    example = gated(np.random.default_rng(seed), f=60, i=-60, recurrent=False)
    example.dy[:-1] = 0
    layer = example.backpropagate()[0, 0]
    assert layer.dc[-1].all()
    np.testing.assert_array_equal(layer.dc, np.broadcast_to(layer.dc[-1], layer.dc.shape))
    np.testing.assert_array_equal(layer.dc0, layer.dc[-1])


@by_random_network
@given(seed=seeds)
def test_forget_gate_zero_forgets_the_past(seed):
    """Without recurrent weights c_t = i_t * g_t, whatever came before; no gradient reaches the step before."""
    example = gated(np.random.default_rng(seed), f=-60, recurrent=False)
    layer = example.unroll()[0, 0]
    np.testing.assert_array_equal(layer.c, layer.gates["i"] * layer.gates["g"])
    assert not example.backpropagate()[0, 0].dc0.any()


@by_random_network
@given(seed=seeds)
def test_output_gate_zero_hides_the_cell_state(seed):
    example = gated(np.random.default_rng(seed), o=-60)
    assert not example.unroll().y.any()
    assert example.unroll()[0, 0].c.all()
    assert not example.backpropagate().dx.any()


@by_random_network
@given(seed=seeds)
def test_input_gate_one_and_forget_gate_one_add_the_candidates_up(seed):
    example = gated(np.random.default_rng(seed), i=60, f=60)
    layer = example.unroll()[0, 0]
    np.testing.assert_allclose(layer.c, layer.c0 + layer.gates["g"].cumsum(axis=0), atol=1e-13)
