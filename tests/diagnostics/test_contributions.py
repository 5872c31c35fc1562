"""What each step adds to the weights' gradients: the outer products in plain form, and their sum from the end."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import rnnviz
from rnnviz import ShapeError
from rnnviz.diagnostics import contributions, weight_gradient_by_step
from rnnviz.padding import is_padding
from tests.networks import KINDS, examples, make_example, random_network
from tests.test_surgery import operated

RNG = np.random.default_rng(0)
PARAMETERS = {"weight_ih": "weight_ih", "weight_hh": "weight_hh", "bias": "bias_ih"}
by_kind = pytest.mark.parametrize("kind", KINDS)
cuts = st.none() | st.integers(1, 4)


def places(network):
    return [(l, d) for l in range(network.num_layers) for d in range(network.num_directions)]


def outer_products(trace, grads, place, b):
    """{parameter: (steps, G, K)} of sequence b in the order in which the direction reads, in plain equations."""
    (l, d), layer, reached = place, trace[place], grads[place]
    cell, T = trace.network.layers[l][d], len(layer.h)
    length = T if trace.lengths is None else trace.lengths[b]
    order = range(length)[::-1] if d else range(length)
    found = {name: [] for name in PARAMETERS}
    h_prev = layer.h0[b]
    for t in order:
        da = {gate: a[t, b] for gate, a in reached.dpreactivations.items()}
        rows = np.concatenate([da[gate] for gate in cell.GATES])
        found["weight_ih"].append(np.outer(rows, layer.x[t, b]))
        found["bias"].append(rows[:, None])
        if cell.NAME == "gru":
            r = layer.gates["r"][t, b]
            n = np.outer(r * da["n"], h_prev) if cell.reset_after else np.outer(da["n"], r * h_prev)
            found["weight_hh"].append(np.concatenate([np.outer(da["r"], h_prev), np.outer(da["z"], h_prev), n]))
        else:
            found["weight_hh"].append(np.outer(rows, h_prev))
        h_prev = layer.h[t, b]
    return list(order), {name: np.array(steps) for name, steps in found.items()}


def frobenius(a):
    return np.sqrt((a**2).sum(axis=(-2, -1)))


@settings(max_examples=60)
@given(example=operated(), truncate=cuts)
def test_norms_are_those_of_the_outer_products_and_of_their_sums_from_the_end(example, truncate):
    trace, grads = example.unroll(), example.backpropagate(truncate)
    for place in places(example.network):
        found = weight_gradient_by_step(trace, grads)[place]
        for b in range(example.x.shape[1]):
            order, expected = outer_products(trace, grads, place, b)
            for name, steps in expected.items():
                part, scale = getattr(found, name), frobenius(steps).max()
                np.testing.assert_allclose(part.norm[order, b], frobenius(steps), rtol=1e-12, atol=1e-14 * scale)
                sums = frobenius(np.cumsum(steps[::-1], axis=0)[::-1])
                np.testing.assert_allclose(part.running[order, b], sums, rtol=1e-12, atol=1e-13 * scale)


@settings(max_examples=60)
@given(example=examples(ragged=False), truncate=cuts)
def test_at_the_first_step_read_the_running_sum_is_the_parameter_s_gradient(example, truncate):
    """Held to the engine, sequence by sequence, and the padding and the rest of the batch make no difference."""
    whole = weight_gradient_by_step(example.unroll(), example.backpropagate(truncate))
    for b in range(example.x.shape[1]):
        cut = {"x": example.x[:, [b]], "h0": example.h0[:, [b]], "dy": example.dy[:, [b]]}
        cut |= {} if example.c0 is None else {"c0": example.c0[:, [b]]}
        alone = example.backpropagate(truncate, **cut)
        for l, d in places(example.network):
            first = -1 if d else 0
            for name, parameter in PARAMETERS.items():
                gradient = alone.params[f"{parameter}_l{l}{'_reverse' if d else ''}"]
                found = getattr(whole[l, d], name).running[first, b]
                largest = getattr(whole[l, d], name).norm[:, b].max()
                assert found == pytest.approx(np.linalg.norm(gradient), rel=1e-12, abs=1e-13 * largest)


@settings(max_examples=40)
@given(example=examples())
def test_padding_adds_nothing(example):
    assume(example.lengths is not None)
    T, found = len(example.x), weight_gradient_by_step(example.unroll(), example.backpropagate())
    for place in places(example.network):
        for name in PARAMETERS:
            part = getattr(found[place], name)
            for a in (part.norm, part.running):
                assert a.shape == (T, example.x.shape[1])
                assert not a[is_padding(example.lengths, T)].any()


@by_kind
def test_a_step_s_part_is_what_the_gradient_lacks_when_it_alone_is_cut_off(kind):
    """With the loss at the last step and every step a window, only the last step contributes."""
    example = make_example(RNG, random_network(RNG, kind), T=5, B=1)
    dy = np.zeros_like(example.dy)
    dy[-1] = example.dy[-1]
    grads = example.backpropagate(1, dy=dy)
    found = weight_gradient_by_step(example.unroll(), grads)[0, 0]
    for name, parameter in PARAMETERS.items():
        part = getattr(found, name)
        np.testing.assert_array_equal(part.norm[:-1], 0)
        np.testing.assert_allclose(part.running, np.full((5, 1), part.norm[-1]), rtol=1e-14)
        assert part.norm[-1] == pytest.approx(np.linalg.norm(grads.params[f"{parameter}_l0"]), rel=1e-14)


def test_a_linear_recurrence_adds_a_geometric_series():
    """h_t = 0.5 h_{t-1} + 1 stays at 2: da_t = 0.5^(T-t), each step adds 2 * that, and the sums are 4 - 4 * 0.5^n."""
    network = rnnviz.Network.create("elman", 1, 1, nonlinearity="linear")
    values = {"weight_hh_l0": 0.5, "weight_ih_l0": 1.0}
    network = network.with_parameters(
        {name: np.full_like(a, values.get(name, 0.0)) for name, a in network.state_dict().items()}
    )
    trace = rnnviz.unroll(network, np.ones((8, 1, 1)), h0=[[2.0]])
    dy = np.zeros((8, 1, 1))
    dy[-1] = 1.0
    found = weight_gradient_by_step(trace, rnnviz.backpropagate(network, trace, dy))[0, 0]
    powers = 0.5 ** np.arange(8)[::-1, None]
    np.testing.assert_array_equal(found.weight_hh.norm, 2 * powers)
    np.testing.assert_array_equal(found.weight_hh.running, 4 - 2 * powers)
    np.testing.assert_array_equal(found.bias.norm, powers)
    np.testing.assert_array_equal(found.weight_ih.running, 2 - powers)


def test_contributions_that_cancel_leave_a_running_sum_of_zero():
    """dL/dh_1 = -1 and dL/dh_2 = 1, and no recurrence: two equal steps with opposite signs."""
    network = rnnviz.Network.create("elman", 1, 2, nonlinearity="linear")
    network = network.with_parameters({name: np.zeros_like(a) for name, a in network.state_dict().items()})
    trace = rnnviz.unroll(network, np.full((2, 1, 1), 3.0))
    dy = np.array([-1.0, 1.0])[:, None, None] * np.ones((2, 1, 2))
    found = weight_gradient_by_step(trace, rnnviz.backpropagate(network, trace, dy))[0, 0].weight_ih
    np.testing.assert_allclose(found.norm[:, 0], 3 * np.sqrt([2, 2]), rtol=1e-15)
    np.testing.assert_allclose(found.running[:, 0], [0, 3 * np.sqrt(2)], rtol=1e-15)


@by_kind
@pytest.mark.parametrize("power", [-200, 200])
def test_the_scale_of_the_loss_scales_every_norm_where_its_square_would_be_out_of_range(kind, power):
    example = make_example(RNG, random_network(RNG, kind), T=6, B=2)
    trace = example.unroll()
    expected = weight_gradient_by_step(trace, example.backpropagate())[0, 0]
    found = weight_gradient_by_step(trace, example.backpropagate(dy=example.dy * 10.0**power))[0, 0]
    for name in PARAMETERS:
        for kind_of in ("norm", "running"):
            a, b = (getattr(getattr(record, name), kind_of) for record in (found, expected))
            np.testing.assert_allclose(a, b * 10.0**power, rtol=1e-11)


@by_kind
def test_float32_gradients_are_summed_in_float64(kind):
    example = make_example(RNG, random_network(RNG, kind, dtype=np.float32), T=5, B=1)
    trace, grads = example.unroll(), example.backpropagate()
    found = weight_gradient_by_step(trace, grads)[0, 0]
    for name, parameter in PARAMETERS.items():
        part = getattr(found, name)
        assert part.norm.dtype == part.running.dtype == np.float64
        assert part.running[0, 0] == pytest.approx(np.linalg.norm(grads.params[f"{parameter}_l0"]), rel=1e-4)


@pytest.mark.parametrize("block", [1, 40, 100])
def test_the_number_of_steps_summed_at_a_time_changes_nothing(monkeypatch, block):
    example = make_example(RNG, random_network(RNG, "gru"), T=7, B=2)
    trace, grads = example.unroll(), example.backpropagate()
    expected = weight_gradient_by_step(trace, grads)[0, 0]
    monkeypatch.setattr(contributions, "BLOCK", block)
    found = weight_gradient_by_step(trace, grads)[0, 0]
    for name in PARAMETERS:
        np.testing.assert_allclose(getattr(found, name).running, getattr(expected, name).running, rtol=1e-13)


def test_an_exploded_gradient_explodes_the_sums_from_its_step_on_without_a_warning():
    """dL/dh_t = 1e120^(T-t) leaves the range at the third step from the end."""
    network = rnnviz.Network.create("elman", 1, 1, nonlinearity="linear")
    network = network.with_parameters(
        {name: np.full_like(a, 1e120 if name == "weight_hh_l0" else 0.0) for name, a in network.state_dict().items()}
    )
    trace = rnnviz.unroll(network, np.ones((5, 1, 1)))
    dy = np.zeros((5, 1, 1))
    dy[-1] = 1.0
    with np.errstate(all="raise"):
        found = weight_gradient_by_step(trace, rnnviz.backpropagate(network, trace, dy))[0, 0].bias
    np.testing.assert_allclose(found.norm[:, 0], [np.inf, np.inf, 1e240, 1e120, 1], rtol=1e-14)
    np.testing.assert_allclose(found.running[:, 0], [np.inf, np.inf, 1e240, 1e120, 1], rtol=1e-14)


def test_gradients_of_another_trace_are_refused():
    example = make_example(RNG, random_network(RNG, "gru"), T=4, B=2)
    shorter = make_example(RNG, example.network, T=3, B=2)
    with pytest.raises(ShapeError, match=r"Gradients.* are not the gradients of Trace"):
        weight_gradient_by_step(example.unroll(), shorter.backpropagate())
