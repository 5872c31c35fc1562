"""What is left in an LSTM's cell: the promise holds where the gate hears its bias alone, and the measurement always."""

import numpy as np
import pytest

import rnnviz
from rnnviz import Pin, ShapeError, Shift
from rnnviz.activations import sigmoid
from rnnviz.diagnostics import measured_retention, promised_retention
from tests.networks import make_example, random_network

RNG = np.random.default_rng(0)


def deaf(network, bias):
    """The same network, whose forget gates hear their bias alone and whose other gates do not hear h."""
    state = {name: a.copy() for name, a in network.state_dict().items()}
    state["weight_hh_l0"][:] = 0
    state["weight_ih_l0"][3:6], state["bias_ih_l0"][3:6], state["bias_hh_l0"][3:6] = 0, bias, 0
    return network.with_parameters(state)


@pytest.mark.parametrize("bias", [-2.0, 0.0, 1.0, 8.0])
def test_a_gate_that_hears_its_bias_alone_keeps_what_the_bias_promises(bias):
    network = deaf(random_network(RNG, "lstm"), bias)
    trace = rnnviz.unroll(network, RNG.normal(size=(9, 1, 2)))
    measured = measured_retention(trace, 1)
    np.testing.assert_allclose(measured, promised_retention(bias, 9), rtol=1e-8, atol=1e-12)
    np.testing.assert_allclose(measured, [float(sigmoid(np.float64(bias))) ** k for k in range(10)], atol=1e-12)


def test_without_a_way_through_h_the_share_is_the_product_of_the_forget_gates():
    network = random_network(RNG, "lstm")
    state = network.state_dict()
    network = network.with_parameters(state | {"weight_hh_l0": np.zeros_like(state["weight_hh_l0"])})
    surgery = (Pin("f", 0.5, 2, 2), Shift("f", 1.0, 4, 6))
    trace = rnnviz.unroll(network, RNG.normal(size=(8, 3, 2)), surgery=surgery)
    product = np.cumprod(trace[0, 0].gates["f"][:, 0, 1])
    np.testing.assert_allclose(measured_retention(trace, 1), [1.0, *product], rtol=1e-8)


@pytest.mark.parametrize("lengths", [None, [4, 6]])
def test_it_is_the_slope_of_the_last_cell_state_by_the_first(lengths):
    """Held to the backward pass: with o pinned at 1 and dL/dh chosen so, dL/dc_T is 1 for one unit."""
    example = make_example(RNG, random_network(RNG, "lstm"), T=6, B=2, lengths=lengths)
    end = 6 if lengths is None else lengths[0]
    surgery = (Pin("o", 1.0, end - 1, end - 1),)
    trace = example.unroll(surgery=surgery)
    dy = np.zeros_like(example.dy)
    dy[end - 1, 0, 2] = 1 / (1 - np.tanh(trace[0, 0].c[end - 1, 0, 2]) ** 2)
    slope = example.backpropagate(dy=dy, surgery=surgery)[0, 0].dc0[0, 2]
    found = measured_retention(trace, 2)
    assert len(found) == end + 1
    assert found[-1] == pytest.approx(slope, rel=1e-5)


def test_a_float32_network_is_measured_in_float64():
    network = deaf(random_network(RNG, "lstm"), 0.0)
    narrow = network.with_parameters({name: a.astype(np.float32) for name, a in network.state_dict().items()})
    trace = rnnviz.unroll(narrow, np.zeros((20, 1, 2)))
    np.testing.assert_allclose(measured_retention(trace, 0), promised_retention(0.0, 20), rtol=1e-6)


@pytest.mark.parametrize(("kind", "unit"), [("gru", 1), ("lstm", -1), ("lstm", 3), ("lstm", 1.5)])
def test_another_cell_or_unit_is_refused(kind, unit):
    trace = make_example(RNG, random_network(RNG, kind), T=2, B=1).unroll()
    with pytest.raises(ShapeError, match=r"an LSTM and a unit in 0\.\.2 are needed"):
        measured_retention(trace, unit)


@pytest.mark.parametrize("bias", [np.nan, np.inf, "open"])
def test_a_bias_that_is_no_number_is_refused(bias):
    with pytest.raises(ValueError, match="forget_bias must be a number"):
        promised_retention(bias, 3)
