"""The check finds agreement where there is some, and a wrong gradient wherever it is put."""

from dataclasses import replace
from functools import partial

import numpy as np
import pytest

import rnnviz
from rnnviz import Network, NonFiniteError, check_gradients, gradient_check
from tests.networks import KINDS, random_network

RNG = np.random.default_rng(0)
X = RNG.normal(size=(6, 2, 2))


def loss_gradient(network):
    return np.random.default_rng(1).normal(size=(6, 2, network.output_width))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("lengths", [None, [6, 2]])
def test_analytic_and_numeric_gradients_agree(kind, lengths):
    network = random_network(np.random.default_rng(2), kind, bidirectional=True, output_size=2)
    found = check_gradients(network, X, loss_gradient(network), lengths=lengths, entries=2)
    assert found.error < 1e-8
    assert found.entries + found.kinks >= 2 * 10


def test_a_float32_network_is_checked_in_float64():
    network = Network.create("lstm", 2, 3, dtype=np.float32)
    assert check_gradients(network, X, loss_gradient(network)).error < 1e-8


@pytest.mark.parametrize("name", ["weight_hh_l0", "bias_ih_l0", "readout.weight", "x", "h0", "c0"])
def test_a_wrong_gradient_is_found_and_named(name, monkeypatch):
    """Each array's largest entry is spoiled by one part in a thousand."""
    network = Network.create("lstm", 2, 3, output_size=1)
    dy = loss_gradient(network)

    def spoiled(*args):
        grads = rnnviz.backpropagate(*args)
        if name in grads.params:
            return replace(grads, params=dict(grads.params) | {name: 1.001 * grads.params[name]})
        if name == "x":
            back = replace(grads[0, 0].back, input_gradient=lambda: 1.001 * grads[0, 0].back.dx)
            return replace(grads, layers=((replace(grads[0, 0], back=back),),))
        layer = grads[0, 0]
        back = replace(layer.back, **{f"d{name}": 1.001 * getattr(layer.back, f"d{name}")})
        return replace(grads, layers=((replace(layer, back=back),),))

    monkeypatch.setattr(gradient_check, "backpropagate", spoiled)
    found = check_gradients(network, X, dy, entries=100)
    assert found.name == name
    assert found.error == pytest.approx(1e-3, rel=2e-3)
    assert found.analytic == pytest.approx(1.001 * found.numeric, rel=1e-6)


def test_entries_at_the_kink_of_a_relu_are_left_out_and_counted():
    """Biases, state and first input are 0: the first pre-activation is exactly where relu has no derivative."""
    network = Network.create("elman", 2, 3, nonlinearity="relu")
    x = np.concatenate([np.zeros((1, 2, 2)), X])
    found = check_gradients(network, x, np.ones((7, 2, 3)))
    assert found.error < 1e-8
    assert found.kinks > 0


@pytest.mark.parametrize("junk", [np.nan, np.inf, 1e300])
def test_what_stands_in_the_padding_has_no_effect(junk):
    network = Network.create("gru", 2, 3)
    x, dy = X.copy(), loss_gradient(network)
    x[2:, 1], dy[2:, 1] = junk, junk
    assert check_gradients(network, x, dy, lengths=[6, 2]).error < 1e-8


def test_large_inputs_and_states_are_checked_at_their_own_scale():
    network = Network.create("lstm", 2, 3)
    found = check_gradients(network, 1e12 * X, loss_gradient(network), c0=np.full((2, 3), 1e6))
    assert np.isfinite(found.numeric)


def test_a_gradient_of_a_million_is_still_checked():
    """Sixty steps of an orthogonal matrix times 2, from a small state: an explosion on the way to saturation."""
    double = partial(rnnviz.initializers.orthogonal, gain=2.0)
    network = Network.create("elman", 2, 16, recurrent_init=double)
    x = 0.01 * np.random.default_rng(3).normal(size=(60, 1, 2))
    dy = np.zeros((60, 1, 16))
    dy[-1] = 1
    found = check_gradients(network, x, dy, entries=4)
    assert np.abs(found.analytic) > 1e3
    assert found.error < 1e-4


def test_a_gradient_that_has_vanished_is_left_out_and_counted():
    """Sixty steps of half an orthogonal matrix: of h0 there is 2^-60 left, which no finite difference can see."""
    half = partial(rnnviz.initializers.orthogonal, gain=0.5)
    network = Network.create("elman", 2, 4, recurrent_init=half)
    dy = np.zeros((60, 1, 4))
    dy[-1] = 1
    found = check_gradients(network, np.random.default_rng(3).normal(size=(60, 1, 2)), dy, h0=np.zeros((1, 4)))
    assert found.faint == 4
    assert found.error < 1e-6


def test_without_a_finite_gradient_there_is_nothing_to_compare():
    network = Network.create("elman", 1, 1, nonlinearity="relu")
    network = network.with_parameters({n: np.full_like(a, 1e200) for n, a in network.state_dict().items()})
    with pytest.raises(NonFiniteError, match=r"pre-activation h of layer 0.* first at step 1"):
        check_gradients(network, np.ones((3, 1, 1)), np.ones((3, 1, 1)))


@pytest.mark.parametrize("entries", [0, -1, 2.5, "many"])
def test_entries_must_be_a_whole_number(entries):
    network = Network.create("gru", 2, 3)
    with pytest.raises(ValueError, match=f"entries must be a whole number of at least 1, got {entries!r}"):
        check_gradients(network, X, loss_gradient(network), entries=entries)


def test_where_every_entry_is_a_kink_there_is_nothing_to_compare():
    """1 * 1 + 1 * 1 - 1 - 1 = 0: whatever moves, the pre-activation leaves its kink."""
    parameters = {"weight_ih_l0": [[1.0]], "weight_hh_l0": [[1.0]], "bias_ih_l0": [-1.0], "bias_hh_l0": [-1.0]}
    network = Network.from_state_dict(parameters, nonlinearity="relu")
    with pytest.raises(ValueError, match="6 entries lie at the kink of a relu"):
        check_gradients(network, np.ones((1, 1, 1)), np.ones((1, 1, 1)), h0=np.ones((1, 1)))
