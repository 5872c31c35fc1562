"""The Jacobian of each step is what autograd finds, and what the backward pass multiplies with."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings

import rnnviz
from rnnviz import Pin, ShapeError
from rnnviz.diagnostics import cell_jacobians, step_jacobians
from tests.networks import KINDS, examples, make_example, random_network

GOLDEN = np.load(Path(__file__).parents[1] / "golden" / "jacobians.npz")
PARAMETERS = ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0")
RNG = np.random.default_rng(0)
by_kind = pytest.mark.parametrize("kind", KINDS)


def golden(kind, dtype=np.float64):
    """The network, its trace, and what autograd found."""
    found = {name.split("/")[1]: GOLDEN[name] for name in GOLDEN.files if name.startswith(f"{kind}/")}
    settings = {name: value for name, value in KINDS[kind].items() if name != "cell"}
    state = {name: found[name].astype(dtype) for name in PARAMETERS}
    network = rnnviz.Network.from_state_dict(state, KINDS[kind]["cell"], **settings)
    c0 = found["c0"] if network.cell == "lstm" else None
    return network, rnnviz.unroll(network, found["x"], h0=found["h0"], c0=c0), found


def states(layer, b):
    """The state between the positions, (T + 1, S), of one sequence in the direction from left to right."""
    h = np.concatenate([layer.h0[None, b], layer.h[:, b]])
    return h if layer.c is None else np.concatenate([h, np.concatenate([layer.c0[None, b], layer.c[:, b]])], axis=1)


@by_kind
def test_it_is_what_autograd_finds(kind):
    network, trace, expected = golden(kind)
    np.testing.assert_allclose(step_jacobians(network, trace)[0, 0], expected["steps"], rtol=1e-12, atol=1e-14)


@by_kind
def test_a_float32_network_is_differentiated_in_float64(kind):
    network, trace, expected = golden(kind, np.float32)
    found = step_jacobians(network, trace)[0, 0]
    assert found.dtype == np.float64
    np.testing.assert_allclose(found, expected["steps"], atol=1e-5)


@settings(max_examples=40)
@given(example=examples(kinds=[kind for kind in KINDS if kind != "lstm"]))
def test_the_vector_times_it_is_what_the_backward_pass_carries_back(example):
    """One step back from every step, in both directions, with padding. The LSTM's, which ties c to h: `test_paths`."""
    trace, L, D = example.unroll(), example.network.num_layers, example.network.num_directions
    jacobians = step_jacobians(example.network, trace)
    grads = rnnviz.backpropagate(example.network, trace, example.dy)
    alone = rnnviz.backpropagate(example.network, trace, example.dy, truncate=1)
    H = example.network.hidden_size
    lengths = np.full(example.x.shape[1], len(example.x)) if example.lengths is None else example.lengths
    for b, length in enumerate(lengths):
        for d in range(D):
            layer, within, J = grads[L - 1, d], alone[L - 1, d], jacobians[L - 1, d]
            assert J.shape == (len(example.x), len(lengths), H, H)
            for t in range(length):
                before = t + 1 if d else t - 1
                carried = layer.dh[t, b] @ J[t, b]
                if 0 <= before < length:
                    carried = carried + within.dh[before, b]
                    expected = layer.dh[before, b]
                else:
                    expected = layer.dh0[b]
                np.testing.assert_allclose(carried, expected, rtol=1e-9, atol=1e-9)


@by_kind
def test_it_is_the_slope_of_the_state_by_the_state_before(kind):
    """By finite differences of the whole network, with a gate held over some steps."""
    network = random_network(RNG, kind)
    gate = network.layers[0][0].GATES[-1]
    example = make_example(RNG, network, T=4, B=1)
    surgery = (Pin(gate, 0.3, 1, 1), Pin(gate, 0.9, 2, 2, units=(1,)))
    trace, e = example.unroll(surgery=surgery), 1e-5
    J, path = step_jacobians(network, trace)[0, 0][:, 0], states(trace[0, 0], 0)
    H, S = network.hidden_size, path.shape[1]
    for t in range(4):
        for k in range(S):
            ends = []
            for sign in (1, -1):
                start = path[t] + sign * e * (np.arange(S) == k)
                held = tuple(Pin(p.gate, p.value, 0, 0, p.units) for p in surgery if p.first == t)
                c0 = start[None, None, H:] if network.cell == "lstm" else None
                after = rnnviz.unroll(network, example.x[t : t + 1], h0=start[None, None, :H], c0=c0, surgery=held)
                ends.append(states(after[0, 0], 0)[1])
            np.testing.assert_allclose(J[t, :, k], (ends[0] - ends[1]) / (2 * e), rtol=1e-7, atol=1e-8)


@by_kind
def test_both_directions_read_the_same_sequence_alike(kind):
    """From right to left, position t holds what the same cell finds at T - 1 - t of the sequence turned round."""
    forward, lengths = random_network(RNG, kind), np.array([3, 5])
    state = forward.state_dict()
    both = rnnviz.Network.create(**KINDS[kind], input_size=2, hidden_size=3, bidirectional=True)
    both = both.with_parameters(state | {f"{name}_reverse": a for name, a in state.items()})
    x = RNG.standard_normal((5, 2, 2))
    J = step_jacobians(both, rnnviz.unroll(both, x, lengths=lengths))[0, 1]
    for b, length in enumerate(lengths):
        turned = rnnviz.unroll(forward, x[:length, [b]][::-1])
        alone = step_jacobians(forward, turned)[0, 0]
        np.testing.assert_allclose(J[:length, b], alone[::-1, 0], rtol=1e-12, atol=1e-15)
        assert not J[length:, b].any()


def test_the_cell_s_own_block_is_its_forget_gate():
    network, trace, expected = golden("lstm")
    blocks = cell_jacobians(network, trace)[0, 0]
    np.testing.assert_allclose(blocks, expected["steps"][:, :, 3:, 3:], rtol=1e-12, atol=1e-14)
    np.testing.assert_array_equal(np.einsum("tbii->tbi", blocks), trace[0, 0].gates["f"])


def test_a_saturated_unit_s_row_is_tiny_and_not_zero():
    """a = 30: tanh rounds to 1, its slope is 4 e^-60."""
    network = rnnviz.Network.create("elman", 1, 2)
    trace = rnnviz.unroll(network.with_parameters(network.state_dict() | {"bias_ih_l0": [30.0, 0.0]}), [[[0.0]]])
    row = step_jacobians(trace.network, trace)[0, 0][0, 0, 0]
    np.testing.assert_allclose(row, 4 * np.exp(-60) * network.layers[0][0].weight_hh[0], rtol=1e-12)


@by_kind
def test_a_step_that_exploded_has_no_derivative(kind):
    network = random_network(RNG, kind)
    state = network.state_dict() | {"weight_ih_l0": 1e300 * np.ones_like(network.state_dict()["weight_ih_l0"])}
    network = network.with_parameters(state)
    x = np.zeros((4, 1, 2))
    x[2] = 1e300
    J = step_jacobians(network, rnnviz.unroll(network, x))[0, 0]
    assert np.isnan(J[2]).all()
    assert np.isfinite(J[:2]).all()


def test_another_cell_or_network_is_refused():
    network = random_network(RNG, "gru")
    trace = make_example(RNG, network, T=2, B=1).unroll()
    with pytest.raises(ShapeError, match="an LSTM is needed"):
        cell_jacobians(network, trace)
    with pytest.raises(ShapeError, match="another network"):
        step_jacobians(random_network(RNG, "gru"), trace)
