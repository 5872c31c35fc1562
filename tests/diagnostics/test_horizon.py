"""The horizon measured is the horizon predicted where the prediction's assumptions hold, and only there."""

import numpy as np
import pytest

import rnnviz
from rnnviz.diagnostics import memory_horizon
from tests.diagnostics.test_products import elman, orthogonal
from tests.networks import make_example, random_network

RNG = np.random.default_rng(0)


def deaf(kind, bias):
    """A network whose gates hear their biases alone; that of the conveyor's gate is given, z or f."""
    network = random_network(RNG, kind)
    state = {name: np.zeros_like(a) for name, a in network.state_dict().items()}
    state["bias_ih_l0"][3:6] = bias
    return network.with_parameters(state)


def horizon(network, T, I=1, **settings):
    return memory_horizon(network, rnnviz.unroll(network, np.zeros((T, 1, I)), **settings))[0, 0]


@pytest.mark.parametrize("kind", ["lstm", "gru"])
@pytest.mark.parametrize("bias", [-1.0, 0.0, 1.0, 3.0])
def test_gates_that_hear_their_bias_alone_keep_as_long_as_the_bias_says(kind, bias):
    """The LSTM's joint state also shows c in h, up to o = 1/2 of it, so that its norm starts to fall from sqrt(5/4)."""
    found = horizon(deaf(kind, bias), T=120, I=2)
    kept = 1 / (1 + np.exp(-bias))
    assert found.rate == pytest.approx(kept)
    assert kept**found.predicted_half <= 0.5 * (1 + 1e-9) < 1.0000001 * kept ** (found.predicted_half - 1)
    assert kept**found.predicted_hundredth <= 0.01 < kept ** (found.predicted_hundredth - 1)
    late = np.ceil(np.log(np.sqrt(5 / 4)) / -np.log(kept)) if kind == "lstm" else 0
    assert 0 <= found.half[0] - found.predicted_half <= late
    assert 0 <= found.hundredth[0] - found.predicted_hundredth <= late


@pytest.mark.parametrize("rho", [0.5, 0.9, 0.95])
def test_a_linear_network_that_only_turns_forgets_at_its_spectral_radius(rho):
    found = horizon(elman(rho * orthogonal(5), "linear"), T=150)
    assert (found.half[0], found.hundredth[0]) == (found.predicted_half, found.predicted_hundredth)
    assert found.half[0] == np.ceil(np.log(0.5) / np.log(rho) - 1e-12)


def test_a_norm_of_exactly_one_half_has_fallen_to_one_half():
    found = horizon(elman(0.5 * np.eye(2), "linear"), T=10)
    assert (found.half[0], found.predicted_half) == (1, 1)
    assert (found.hundredth[0], found.predicted_hundredth) == (7, 7)


def test_what_has_not_faded_within_the_sequence_is_infinite():
    found = horizon(elman(np.eye(2), "linear"), T=10)
    assert found.half[0] == found.hundredth[0] == found.predicted_half == np.inf
    found = horizon(elman(0.5 * np.eye(2), "linear"), T=6)
    assert (found.half[0], found.hundredth[0], found.predicted_hundredth) == (1, np.inf, 7)


def test_a_norm_that_comes_back_has_not_faded():
    """The first unit goes to the second in full, the second back by a tenth: the norm of W^k falls every other step."""
    found = horizon(elman([[0, 0.1], [1, 0]], "linear"), T=20)
    assert found.rate == pytest.approx(np.sqrt(0.1))
    assert (found.half[0], found.hundredth[0]) == (2, 4)


def test_saturation_makes_it_shorter_and_a_matrix_that_is_not_normal_longer_than_predicted():
    saturated = elman(3 * orthogonal(8), weight_ih_l0=10 * np.ones((8, 1)))
    found = memory_horizon(saturated, rnnviz.unroll(saturated, np.ones((50, 1, 1))))[0, 0]
    assert found.hundredth[0] < 10 < found.predicted_hundredth == np.inf
    found = horizon(elman(0.8 * np.eye(6) + 2 * np.eye(6, k=1), "linear"), T=200)
    assert found.hundredth[0] > 3 * found.predicted_hundredth


def test_a_sigmoid_s_rate_is_a_quarter_of_rho():
    assert horizon(elman(2 * orthogonal(3), "sigmoid"), T=3).rate == pytest.approx(0.5)


def test_a_network_without_recurrent_weights_forgets_at_once():
    found = horizon(elman(np.zeros((2, 2))), T=4)
    assert (found.half[0], found.hundredth[0], found.predicted_half, found.predicted_hundredth) == (1, 1, 1, 1)


def test_each_sequence_has_its_own_from_its_own_end_in_either_direction():
    network = random_network(RNG, "gru", bidirectional=True, scale=0.4)
    x, lengths = RNG.standard_normal((40, 2, 2)), [25, 40]
    found = memory_horizon(network, rnnviz.unroll(network, x, lengths=lengths))
    for b, length in enumerate(lengths):
        alone = memory_horizon(network, rnnviz.unroll(network, x[:length, [b]]))
        for d in (0, 1):
            assert (found[0, d].half[b], found[0, d].hundredth[b]) == (alone[0, d].half[0], alone[0, d].hundredth[0])
            assert np.isfinite(found[0, d].hundredth[b])


def test_what_exploded_has_no_horizon():
    network = random_network(RNG, "relu")
    network = network.with_parameters({name: 1e200 * np.abs(a) for name, a in network.state_dict().items()})
    example = make_example(RNG, network, T=6, B=1)
    found = memory_horizon(network, example.unroll())[0, 0]
    assert np.isnan(found.half).all()
    assert np.isnan(found.hundredth).all()
