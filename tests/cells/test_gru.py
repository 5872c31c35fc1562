"""Laws of the GRU cell, in both published forms. Biases of +-60 drive gates to exactly 1 and 0 in float64."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnviz import Network
from rnnviz.cells import GRU
from tests.cells import steps
from tests.networks import assert_close, gradients, make_example, random_network, records

by_form = pytest.mark.parametrize("kind", ["gru", "gru_before"])
by_random_network = settings(max_examples=10)
sizes = st.fixed_dictionaries({"input_size": st.integers(1, 4), "hidden_size": st.integers(1, 5)})
seeds = st.integers(0, 2**32 - 1)


def gated(rng, kind, **biases):
    """A random GRU on a random batch, some gates driven by a bias; weights small enough not to outweigh it."""
    network = random_network(rng, kind, scale=0.3)
    state = {name: a.copy() for name, a in network.state_dict().items()}
    for gate, bias in biases.items():
        state["bias_ih_l0"].reshape(3, 3)["rzn".index(gate)] = bias
    return make_example(rng, network.with_parameters(state), T=50, B=2)


def other_form(network):
    return Network.from_state_dict(network.state_dict(), reset_after=not network.reset_after)


@by_form
@settings(max_examples=15)
@given(seed=seeds, sizes=sizes, T=st.integers(1, 8), B=st.integers(1, 3))
def test_fast_path_equals_step_in_a_loop(kind, seed, sizes, T, B):
    rng = np.random.default_rng(seed)
    example = make_example(rng, random_network(rng, kind, **sizes), T, B)
    loop = steps.run(example.network.layers[0][0], example.x, (example.h0[0],))
    assert_close(steps.values_of_trace(example.unroll()[0, 0]), steps.values(loop), 1e-12)


@by_form
@settings(max_examples=5)
@given(seed=seeds)
def test_gradients_equal_the_complex_step_through_step(kind, seed):
    rng = np.random.default_rng(seed)
    example = make_example(rng, random_network(rng, kind), T=4, B=2)
    expected, found = steps.gradients_by_complex_step(example), gradients(example.backpropagate())
    assert_close({name: found[name] for name in expected}, expected, 1e-12)


@given(sizes=sizes)
def test_parameters_are_as_many_as_the_arrays_hold(sizes):
    assert GRU.parameter_count(sizes["input_size"], sizes["hidden_size"]) == steps.size(
        "gru", sizes["input_size"], sizes["hidden_size"]
    )


@by_form
@given(sizes=sizes)
def test_multiply_adds_are_those_that_step_does(kind, sizes):
    network = random_network(np.random.default_rng(0), kind, **sizes)
    assert GRU.multiply_adds(sizes["input_size"], sizes["hidden_size"]) == steps.multiplications(network)


@by_form
@by_random_network
@given(seed=seeds)
def test_update_gate_one_copies_the_hidden_state(kind, seed):
    """To one rounding a step, n + 1 (h - n) being h to within one."""
    example = gated(np.random.default_rng(seed), kind, z=60)
    y = example.unroll().y
    np.testing.assert_allclose(y, np.broadcast_to(example.h0[0], y.shape), rtol=0, atol=len(y) * 2**-52)


@by_form
@by_random_network
@given(seed=seeds)
def test_update_gate_one_carries_the_gradient_back_unchanged(kind, seed):
    example = gated(np.random.default_rng(seed), kind, z=60)
    example.dy[:-1] = 0
    grads = example.backpropagate()
    np.testing.assert_array_equal(grads[0, 0].dh, np.broadcast_to(example.dy[-1], example.dy.shape))
    np.testing.assert_array_equal(grads[0, 0].dh0, example.dy[-1])
    assert not any(a.any() for a in grads.params.values())


@by_form
@by_random_network
@given(seed=seeds)
def test_update_gate_zero_makes_the_candidate_the_state(kind, seed):
    layer = gated(np.random.default_rng(seed), kind, z=-60).unroll()[0, 0]
    np.testing.assert_array_equal(layer.h, layer.gates["n"])


@by_form
@by_random_network
@given(seed=seeds)
def test_both_gates_zero_forget_the_past(kind, seed):
    example = gated(np.random.default_rng(seed), kind, z=-60, r=-60)
    np.testing.assert_array_equal(example.unroll().y, example.unroll(h0=-example.h0).y)
    assert not example.backpropagate()[0, 0].dh0.any()


@by_random_network
@given(seed=seeds)
def test_reset_gate_one_makes_both_forms_equal(seed):
    example = gated(np.random.default_rng(seed), "gru", r=60)
    other = other_form(example.network)
    assert_close(records(example.unroll()), records(example.unroll(network=other)), 1e-13)
    state_names = ["dx", "0,0 dh", "0,0 dh0", "weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"]
    one, two = gradients(example.backpropagate()), gradients(example.backpropagate(network=other))
    assert_close({name: one[name] for name in state_names}, {name: two[name] for name in state_names}, 1e-12)


@by_random_network
@given(seed=seeds)
def test_open_reset_gates_tell_the_forms_apart(seed):
    rng = np.random.default_rng(seed)
    example = make_example(rng, random_network(rng, "gru"), T=5, B=1)
    assert not np.allclose(example.unroll().y, example.unroll(network=other_form(example.network)).y, atol=1e-6)


def test_reset_gate_zero_leaves_the_recurrent_bias_on_one_side_only():
    """After the product r silences W_hn h + b_hn; before it, W_hn h alone."""
    example = gated(np.random.default_rng(0), "gru", r=-60)
    example.x[:] = 0
    state, bias = example.network.state_dict(), 0.7
    shared = state | {"bias_hh_l0": np.r_[state["bias_hh_l0"][:6], [bias] * 3]}
    without = state | {"bias_hh_l0": np.r_[state["bias_hh_l0"][:6], [0.0] * 3]}
    after, before = example.network, other_form(example.network)
    n = {
        (form, biased): example.unroll(network=network.with_parameters(shared if biased else without))[
            0, 0
        ].preactivations["n"]
        for form, network in (("after", after), ("before", before))
        for biased in (False, True)
    }
    np.testing.assert_array_equal(n["after", True], n["after", False])
    np.testing.assert_allclose(n["before", True], n["before", False] + bias)
