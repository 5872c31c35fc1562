"""Overflow is reported where it began, as computed by hand, and nothing warns."""

import numpy as np
import pytest

from rnnviz import Network, backpropagate, unroll
from tests.networks import KINDS, make_example, random_network

HUGE = 1e200  # HUGE * HUGE overflows float64


def one_unit(nonlinearity="relu", *, num_layers=1, bidirectional=False, output_size=None, **weights):
    """An Elman network of one unit per layer and direction; all parameters 0 but those given, by name."""
    sizes = {"num_layers": num_layers, "bidirectional": bidirectional, "output_size": output_size}
    network = Network.create("elman", 1, 1, nonlinearity=nonlinearity, **sizes)
    state = {name: np.zeros_like(a) for name, a in network.state_dict().items()}
    assert weights.keys() <= state.keys()
    return network.with_parameters(state | {name: np.full_like(state[name], w) for name, w in weights.items()})


def sequence(*x):
    return np.array(x, float)[:, None, None]


def place(nonfinite):
    return None if nonfinite is None else (nonfinite.quantity, nonfinite.layer, nonfinite.direction, nonfinite.step)


@pytest.mark.parametrize("kind", KINDS)
def test_a_finite_pass_reports_nothing(kind):
    rng = np.random.default_rng(0)
    example = make_example(rng, random_network(rng, kind, num_layers=2, bidirectional=True, output_size=1), T=4, B=2)
    assert example.unroll().nonfinite is None
    assert example.backpropagate().nonfinite is None


FORWARD = {
    # h0 = 1 -> 1e200 -> inf
    "a relu that doubles its exponent": (
        one_unit(weight_hh_l0=HUGE), sequence(0, 0, 0), {"h0": np.ones((1, 1))}, ("pre-activation h", 0, 0, 1),
    ),
    # x_2 = 1 -> 1e200 in layer 0 -> 1e400 in layer 1
    "the second layer": (
        one_unit(num_layers=2, weight_ih_l0=HUGE, weight_ih_l1=HUGE), sequence(0, 0, 1, 0), {},
        ("pre-activation h", 1, 0, 2),
    ),
    # the reverse direction reads x_3 = 1 -> 1e200 first, then overflows at position 2
    "the reverse direction": (
        one_unit(bidirectional=True, weight_ih_l0_reverse=HUGE, weight_hh_l0_reverse=HUGE), sequence(0, 0, 0, 1), {},
        ("pre-activation h", 0, 1, 2),
    ),
    # of two sequences the reverse direction starts the second at position 1
    "a shorter sequence read in reverse": (
        one_unit(bidirectional=True, weight_ih_l0_reverse=HUGE, weight_hh_l0_reverse=HUGE),
        np.array([[0, 0], [0, 1], [0, 9], [0, 9]], float)[:, :, None], {"lengths": [4, 2]},
        ("pre-activation h", 0, 1, 0),
    ),
    # both directions overflow: the forward one is computed first
    "both directions": (
        one_unit(bidirectional=True, **{f"weight_{k}_l0{d}": HUGE for k in ("ih", "hh") for d in ("", "_reverse")}),
        sequence(1, 0, 0, 1), {}, ("pre-activation h", 0, 0, 1),
    ),
    # h = 1e200 is finite, 1e200 h is not
    "the readout": (
        one_unit(output_size=1, weight_ih_l0=HUGE, **{"readout.weight": HUGE}), sequence(0, 0, 1), {},
        ("y", None, None, 2),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("network", "x", "options", "expected"), FORWARD.values(), ids=FORWARD)
def test_overflow_forward_is_reported_where_it_began(network, x, options, expected):
    assert place(unroll(network, x, **options).nonfinite) == expected


def test_overflow_beyond_a_sequences_end_is_none():
    """x_0 = 1 -> 1e200 at step 0; the overflow at step 1 would lie in the padding."""
    trace = unroll(one_unit(weight_ih_l0=HUGE, weight_hh_l0=HUGE), sequence(1, 0, 0), lengths=[1])
    assert trace.nonfinite is None
    np.testing.assert_array_equal(trace.y[:, 0, 0], [HUGE, 0, 0])


def test_float32_overflows_where_float64_does_not():
    network, x = one_unit(weight_ih_l0=1e30, weight_hh_l0=1e30), sequence(1, 0, 0)
    narrow = network.with_parameters({name: a.astype(np.float32) for name, a in network.state_dict().items()})
    assert unroll(network, x).nonfinite is None
    assert place(unroll(narrow, x).nonfinite) == ("pre-activation h", 0, 0, 1)


# Backward. A tanh unit at zero state and zero input has slope 1: dh_{t-1} = W_hh dh_t without any overflow forward.
LAST = sequence(0, 0, 0, 1)
BACKWARD = {
    # dh_3 = 1, dh_2 = 1e200, dh_1 = 1e400
    "a recurrent weight": (one_unit("tanh", weight_hh_l0=HUGE), LAST, ("dh", 0, 0, 1)),
    # the reverse direction's gradient runs from position 0 up: dh_0 = 1, dh_1 = 1e200, dh_2 = 1e400
    "the reverse direction": (
        one_unit("tanh", bidirectional=True, weight_hh_l0_reverse=HUGE),
        np.concatenate([np.zeros((4, 1, 1)), LAST[::-1]], axis=2), ("dh", 0, 1, 2),
    ),
    # layer 1 hands dh = 1e200 down, which layer 0 multiplies by 1e200 one step earlier
    "the layer below": (
        one_unit("tanh", num_layers=2, weight_hh_l0=HUGE, weight_ih_l1=HUGE), LAST, ("dh", 0, 0, 2),
    ),
    # 1e200 from the readout, then 1e200 from one step to the one before
    "a readout": (
        one_unit("tanh", output_size=1, weight_hh_l0=HUGE, **{"readout.weight": HUGE}), LAST, ("dh", 0, 0, 2),
    ),
    # dh_3 = 1e200 is finite, dx_3 = W_ih dh_3 is not
    "the input": (one_unit("tanh", weight_ih_l0=HUGE), HUGE * LAST, ("dx", None, None, 3)),
}  # fmt: skip


@pytest.mark.parametrize(("network", "dy", "expected"), BACKWARD.values(), ids=BACKWARD)
def test_overflow_backward_is_reported_where_it_began(network, dy, expected):
    trace = unroll(network, np.zeros((4, 1, 1)))
    assert trace.nonfinite is None
    assert place(backpropagate(network, trace, dy).nonfinite) == expected


def test_what_overflows_first_is_reported_though_another_quantity_is_named_before_it():
    """An LSTM at zero state, i, f, o = 1/2, 1, 1, dy = 1e308: dc_2 = 1e308, da^g_2 = 0.5e308, dh_1 = 1.5e308 is finite,
    dc_1 = dh_1 + dc_2 = 2.5e308 is not; dh itself follows at step 0."""
    network = Network.create(
        "lstm", 1, 1, forget_bias=60.0, gate_biases={"o": 60.0}, init="zeros", recurrent_init="zeros"
    )
    state = network.state_dict()
    network = network.with_parameters(state | {"weight_hh_l0": np.array([[0.0], [0.0], [1.0], [0.0]])})
    grads = backpropagate(network, unroll(network, np.zeros((3, 1, 1))), np.full((3, 1, 1), 1e308))
    np.testing.assert_array_equal(np.isfinite(grads[0, 0].dh[:, 0, 0]), [False, True, True])
    assert place(grads.nonfinite) == ("dc", 0, 0, 1)


def test_truncation_may_keep_a_gradient_finite():
    network = one_unit("tanh", weight_hh_l0=HUGE)
    trace = unroll(network, np.zeros((4, 1, 1)))
    assert backpropagate(network, trace, LAST, truncate=2).nonfinite is None


def test_an_infinite_error_is_reported_at_its_step():
    network = one_unit("tanh")
    trace = unroll(network, np.zeros((4, 1, 1)))
    dy = np.zeros((4, 1, 1))
    dy[2] = np.nan
    assert place(backpropagate(network, trace, dy).nonfinite) == ("dh", 0, 0, 2)


def test_overflow_in_the_gradient_of_an_initial_state_is_reported():
    """T = 1: dh_0 = 1e200, dL/dh0 = 1e400."""
    network = one_unit("tanh", weight_hh_l0=HUGE)
    grads = backpropagate(network, unroll(network, sequence(0)), sequence(HUGE))
    assert np.isinf(grads[0, 0].dh0).all()
    assert "dh0" in str(grads.nonfinite)


@pytest.mark.parametrize("name", ["weight_ih_l0", "readout.weight"])
def test_overflow_in_the_gradient_of_a_parameter_is_reported(name):
    """dW = sum da x^T with da = 1e200 and x = 1e200, all else being finite."""
    if name == "readout.weight":
        network, x = one_unit("relu", output_size=1, weight_ih_l0=HUGE), sequence(1.0)
    else:
        network, x = one_unit("relu", weight_ih_l0=1e-10), sequence(HUGE)
    grads = backpropagate(network, unroll(network, x), sequence(HUGE))
    assert np.isinf(grads.params[name]).all()
    assert name in str(grads.nonfinite)


def test_numbers_too_large_for_float32_in_dy_are_reported_in_silence():
    network = random_network(np.random.default_rng(0), dtype=np.float32)
    trace = unroll(network, np.zeros((2, 1, 2)))
    assert place(backpropagate(network, trace, np.full((2, 1, 3), 1e300)).nonfinite) == ("dh", 0, 0, 1)


@pytest.mark.parametrize("kind", KINDS)
def test_passes_stay_silent_where_numpy_is_told_to_raise(kind):
    """Underflow and overflow are part of the lesson, also in a notebook that says np.seterr(all="raise")."""
    rng = np.random.default_rng(0)
    for scale in (1e-200, 1e200):
        network = random_network(rng, kind, num_layers=2, bidirectional=True, output_size=1)
        network = network.with_parameters({name: scale * a for name, a in network.state_dict().items()})
        example = make_example(rng, network, T=4, B=2)
        with np.errstate(all="raise"):
            example.backpropagate()


def test_the_report_reads_as_a_sentence():
    found = unroll(*FORWARD["the reverse direction"][:2]).nonfinite
    assert str(found) == "pre-activation h of layer 0, direction 1 is NaN or infinite, first at step 2"
    assert str(unroll(*FORWARD["the readout"][:2]).nonfinite) == "y is NaN or infinite, first at step 2"
