"""How far from saturated: the backward pass's own slopes, right far beyond where the gates themselves are rounded."""

import math

import numpy as np
import pytest
from hypothesis import given, settings

import rnnviz
from rnnviz import Pin
from rnnviz.diagnostics import gate_saturation, gate_slopes, tanh_saturation, tanh_slopes
from rnnviz.padding import is_padding
from tests.networks import examples, make_example, random_network
from tests.test_surgery import operated

RNG = np.random.default_rng(0)
LETTERS = {
    "tanh": ("", "h"),
    "sigmoid": ("h", ""),
    "relu": ("", ""),
    "linear": ("", ""),
    "lstm": ("ifo", "gc"),
    "gru": ("rz", "n"),
    "gru_before": ("rz", "n"),
}


def places(network):
    return [(l, d) for l in range(network.num_layers) for d in range(network.num_directions)]


def held_at(kind, a, dtype=np.float64):
    """A trace of one step whose every pre-activation is `a`."""
    network = rnnviz.Network.create(**kind, input_size=1, hidden_size=1, dtype=dtype)
    state = {name: np.zeros_like(w) for name, w in network.state_dict().items()}
    state["weight_ih_l0"][:] = 1
    return rnnviz.unroll(network.with_parameters(state), np.full((1, 1, 1), a))


@pytest.mark.parametrize("kind", LETTERS)
def test_each_sigmoid_and_each_tanh_is_listed_once_by_its_letter(kind):
    trace = make_example(RNG, random_network(RNG, kind, num_layers=2, bidirectional=True), T=3, B=2).unroll()
    for place in places(trace.network):
        found = "".join(gate_slopes(trace)[place]), "".join(tanh_slopes(trace)[place])
        assert found == LETTERS[kind]


@settings(max_examples=60)
@given(example=operated())
def test_it_is_the_slope_that_the_backward_pass_multiplies_with(example):
    """da = dk * slope; a held gate and the padding have none."""
    trace, grads = example.unroll(), example.backpropagate()
    for place in places(example.network):
        shares = [(4, gate_slopes(trace)[place]), (1, tanh_slopes(trace)[place])]
        for steepest, slopes in shares:
            for gate, slope in slopes.items():
                assert ((slope >= 0) & (slope <= 1)).all()
                if gate != "c":
                    expected = grads[place].dgates[gate] * slope / steepest
                    np.testing.assert_allclose(grads[place].dpreactivations[gate], expected, rtol=1e-12, atol=1e-14)


@settings(max_examples=30)
@given(example=examples(kinds=["lstm"], directions=(1,), ragged=False))
def test_the_cell_hands_out_by_the_slope_of_its_tanh(example):
    """At the last step dL/dc_T = dL/dh_T * o_T * slope."""
    trace, grads = example.unroll(), example.backpropagate()
    for place in places(example.network):
        layer, reached = trace[place], grads[place]
        expected = reached.dh[-1] * layer.gates["o"][-1] * tanh_slopes(trace)[place]["c"][-1]
        np.testing.assert_allclose(reached.dc[-1], expected, rtol=1e-13, atol=1e-15)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("a", [-300.0, -50.0, -2.0, 0.0, 1.0, 20.0, 50.0, 300.0])
def test_it_is_right_where_the_gate_itself_is_rounded(a, dtype):
    """4 s (1 - s) = 4 u / (1 + u)^2 with u = exp(-|a|), and 1 - t^2 the same with u = exp(-2 |a|)."""
    for kind, share in (("sigmoid", 1), ("tanh", 2)):
        trace = held_at({"cell": "elman", "nonlinearity": kind}, a, dtype)
        measure = gate_slopes if kind == "sigmoid" else tanh_slopes
        found, u = measure(trace)[0, 0]["h"], math.exp(-abs(share * a))
        assert found.dtype == np.float64
        assert found.item() == pytest.approx(4 * u / (1 + u) ** 2, rel=1e-12, abs=0)


def test_half_of_a_sigmoid_s_slope_is_left_where_it_is_85_per_cent_open():
    """s (1 - s) = 1/8 at s = (1 + sqrt(1/2)) / 2 = 0.8536, by hand."""
    s = (1 + math.sqrt(0.5)) / 2
    trace = held_at({"cell": "gru"}, math.log(s / (1 - s)))
    assert gate_slopes(trace)[0, 0]["z"].item() == pytest.approx(0.5, rel=1e-14)


@pytest.mark.parametrize("kind", ["lstm", "gru", "tanh", "sigmoid"])
def test_a_held_place_and_the_padding_have_no_slope_and_all_others_have_one(kind):
    lengths = np.array([5, 2])
    example = make_example(RNG, random_network(RNG, kind, bidirectional=True), T=5, B=2, lengths=lengths)
    for gate in example.network.layers[0][0].GATES:
        trace = example.unroll(surgery=(Pin(gate, 0.5, 1, 3, units=(2,), direction=1),))
        for place in places(example.network):
            for letter, slope in {**gate_slopes(trace)[place], **tanh_slopes(trace)[place]}.items():
                expected = np.broadcast_to(~is_padding(lengths, 5)[:, :, None], slope.shape).copy()
                if letter == gate and place == (0, 1):
                    expected[1:4, :, 2] = False
                np.testing.assert_array_equal(slope > 0, expected)


def test_an_infinite_pre_activation_is_saturated_and_nan_stays_nan_without_a_warning():
    network = random_network(RNG, "lstm", hidden_size=1)
    state = {name: np.full_like(w, 1e200) for name, w in network.state_dict().items()}
    with np.errstate(all="raise"):
        for x, expected in ((1e200, 0.0), (-1e200, 0.0)):
            trace = rnnviz.unroll(network.with_parameters(state), np.full((2, 1, 2), x))
            assert gate_slopes(trace)[0, 0]["f"][0, 0, 0] == expected
            assert tanh_slopes(trace)[0, 0]["g"][0, 0, 0] == expected
        state["weight_ih_l0"][:, 1] *= -1
        trace = rnnviz.unroll(network.with_parameters(state), np.full((2, 1, 2), 1e200))
        assert np.isnan(trace[0, 0].preactivations["f"][0, 0, 0])
        assert np.isnan(gate_slopes(trace)[0, 0]["f"][0, 0, 0])
        assert np.isnan(tanh_slopes(trace)[0, 0]["c"][0, 0, 0])


@settings(max_examples=40)
@given(example=operated())
def test_saturation_is_the_share_of_the_slope_that_is_lost(example):
    trace = example.unroll()
    for place in places(example.network):
        for saturation, slopes in ((gate_saturation, gate_slopes), (tanh_saturation, tanh_slopes)):
            found, left = saturation(trace)[place], slopes(trace)[place]
            assert found.keys() == left.keys()
            for letter in found:
                np.testing.assert_allclose(found[letter], 1 - left[letter], atol=1e-15)


@pytest.mark.parametrize(
    ("kind", "saturation", "share"), [("sigmoid", gate_saturation, 0.5), ("tanh", tanh_saturation, 1)]
)
def test_saturation_is_1_where_a_unit_answers_no_more_and_0_where_it_answers_fully(kind, saturation, share):
    for a, expected in (
        (0.0, 0.0),
        (1e-9, (share * 1e-9) ** 2),
        (1.0, math.tanh(share) ** 2),
        (-50.0, 1.0),
        (50.0, 1.0),
    ):
        trace = held_at({"cell": "elman", "nonlinearity": kind}, a)
        assert saturation(trace)[0, 0]["h"].item() == pytest.approx(expected, rel=1e-14, abs=0)
