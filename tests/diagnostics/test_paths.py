"""The ways of the gradient add up, to what autograd and the backward pass find, and open and close with the gates."""

import numpy as np
import pytest

import rnnviz
from rnnviz import Pin
from rnnviz.diagnostics import gradient_paths
from tests.diagnostics.test_jacobians import golden
from tests.networks import KINDS, make_example, random_network

RNG = np.random.default_rng(0)
by_kind = pytest.mark.parametrize("kind", KINDS)


def paths(network, x, **settings):
    return gradient_paths(network, rnnviz.unroll(network, x, **settings))[0, 0]


def diagonal(a):
    return a[..., None] * np.eye(a.shape[-1])


@by_kind
def test_the_total_is_what_autograd_finds(kind):
    network, trace, expected = golden(kind)
    found = gradient_paths(network, trace)[0, 0]
    np.testing.assert_allclose(found.total, expected["total"], rtol=1e-10, atol=1e-13)


@by_kind
@pytest.mark.parametrize("lengths", [None, [3, 7]])
def test_the_parts_add_up_to_the_total(kind, lengths):
    network = random_network(RNG, kind, hidden_size=4, bidirectional=True)
    trace = make_example(RNG, network, T=7, B=2, lengths=lengths).unroll()
    for found in gradient_paths(network, trace).layers[0]:
        parts = diagonal(found.direct) + sum(found.through.values())
        np.testing.assert_allclose(found.total, parts, rtol=0, atol=1e-15 * np.abs(parts).max())
        assert tuple(found.through) == network.layers[0][0].GATES


@by_kind
@pytest.mark.parametrize("lengths", [None, [2, 6, 4]])
def test_the_total_is_what_the_backward_pass_carries_to_each_step(kind, lengths):
    """The LSTM's last output gates are held open, so that the loss reaches c_T alone."""
    T, B, H = 6, 3, 3
    network = random_network(RNG, kind, bidirectional=True)
    example = make_example(RNG, network, T, B, lengths)
    ends = np.full(B, T) if lengths is None else np.array(lengths)
    for b, end in enumerate(ends):
        for d in (0, 1):
            last = 0 if d else end - 1
            surgery = (Pin("o", 1.0, last, last, direction=d),) if kind == "lstm" else ()
            trace = example.unroll(surgery=surgery)
            v, layer = RNG.standard_normal(H), trace[0, d]
            dy = np.zeros_like(example.dy)
            dy[last, b, d * H : (d + 1) * H] = v if layer.c is None else v / (1 - np.tanh(layer.c[last, b]) ** 2)
            reached = rnnviz.backpropagate(network, trace, dy)[0, d]
            steps, start = (reached.dh, reached.dh0) if layer.c is None else (reached.dc, reached.dc0)
            states = [*steps[:end, b], start[b]] if d else [start[b], *steps[:end, b]]
            found = v @ gradient_paths(network, trace)[0, d].total[:, b]
            np.testing.assert_allclose(found[: end + 1], states, rtol=1e-9, atol=1e-12)
            assert not found[end + 1 :].any()


def test_the_direct_way_is_the_product_of_the_gates_on_the_conveyor():
    for kind, gate in (("lstm", "f"), ("gru", "z")):
        network = random_network(RNG, kind)
        trace = make_example(RNG, network, T=6, B=2).unroll()
        kept = np.cumprod(trace[0, 0].gates[gate][::-1], axis=0)[::-1]
        found = gradient_paths(network, trace)[0, 0].direct
        np.testing.assert_allclose(found[:6], kept, rtol=1e-13)
        np.testing.assert_array_equal(found[6], 1)


def test_an_elman_network_has_no_conveyor():
    network = random_network(RNG, "tanh")
    found = paths(network, RNG.standard_normal((5, 1, 2)))
    assert not found.direct[:5].any()
    np.testing.assert_array_equal(found.through["h"][:5], found.total[:5])
    assert not found.through["h"][5].any()


def test_without_recurrent_weights_the_conveyor_is_the_only_way():
    for kind in ("lstm", "gru", "gru_before"):
        network = random_network(RNG, kind)
        state = network.state_dict()
        without = {name: np.zeros_like(state[name]) for name in ("weight_hh_l0", "bias_hh_l0")}
        found = paths(network.with_parameters(state | without), RNG.standard_normal((5, 1, 2)))
        assert not any(part.any() for part in found.through.values())
        np.testing.assert_array_equal(found.total, diagonal(found.direct))


@by_kind
def test_no_way_leads_through_a_gate_that_is_held_all_along(kind):
    for gate in random_network(RNG, kind).layers[0][0].GATES:
        network = random_network(RNG, kind)
        found = paths(network, RNG.standard_normal((5, 1, 2)), surgery=(Pin(gate, 0.4, 0, 4),))
        assert not found.through[gate].any()
        for other, part in found.through.items():
            closed = other == gate or (other, gate) == ("r", "n")  # the reset gate acts through the candidate
            assert part[:4].any() != closed


def test_a_closed_output_gate_leaves_the_conveyor_alone():
    """h = o tanh(c) is 0: nothing leaves the conveyor, however the other gates stand."""
    network = random_network(RNG, "lstm")
    found = paths(network, RNG.standard_normal((5, 1, 2)), surgery=(Pin("o", 0.0, 0, 4),))
    np.testing.assert_array_equal(found.total, diagonal(found.direct))


def test_a_way_is_counted_under_the_gate_it_enters_first():
    """Two steps, one unit. From c_1 by way of h_1 through i, f, g into c_2; through o into h_2 alone."""
    network = random_network(RNG, "lstm", hidden_size=1)
    trace = rnnviz.unroll(network, RNG.standard_normal((2, 1, 2)))
    layer, found = trace[0, 0], gradient_paths(network, trace)[0, 0]
    i, f, g, o = (layer.gates[gate][:, 0, 0] for gate in "ifgo")
    c, W = layer.c[:, 0, 0], dict(zip("ifgo", network.layers[0][0].weight_hh[:, 0]))
    shown = o[0] * (1 - np.tanh(c[0]) ** 2)
    expected = {
        "i": g[1] * i[1] * (1 - i[1]) * W["i"] * shown,
        "f": c[0] * f[1] * (1 - f[1]) * W["f"] * shown,
        "g": i[1] * (1 - g[1] ** 2) * W["g"] * shown,
        "o": 0,
    }
    assert {gate: part[1, 0, 0, 0] for gate, part in found.through.items()} == pytest.approx(expected)
    assert found.direct[1, 0, 0] == pytest.approx(f[1])


@by_kind
def test_what_exploded_is_nan_without_a_warning(kind):
    network = random_network(RNG, kind)
    state = network.state_dict()
    network = network.with_parameters(state | {"weight_ih_l0": 1e300 * np.ones_like(state["weight_ih_l0"])})
    x = np.zeros((5, 2, 2))
    x[2, 0] = 1e300
    found = paths(network, x)
    assert np.isnan(found.total[:3, 0]).all()
    assert np.isfinite(found.total[:, 1]).all()
