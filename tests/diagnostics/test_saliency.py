"""Saliency: the norm is the steepest slope by an input, gradient times input is what it adds; drawn as it is."""

import re

import numpy as np
import pytest

import rnnviz as rv
from rnnviz import NonFiniteError, ShapeError
from rnnviz.diagnostics import saliency
from rnnviz.diagrams import mattered
from tests.networks import make_example, random_network

RNG = np.random.default_rng(0)


def at_the_end(network, x, lengths=None):
    """Both passes of L = the sum of the last step's first output."""
    trace = rv.unroll(network, x, lengths)
    dy = np.zeros_like(trace.y)
    last = np.full(x.shape[1], len(x) - 1) if lengths is None else np.asarray(lengths) - 1
    dy[last, np.arange(x.shape[1]), 0] = 1.0
    return trace, rv.backpropagate(network, trace, dy)


def test_where_all_is_linear_the_effects_add_up_to_the_output():
    network = rv.Network.create("elman", 3, 4, nonlinearity="linear", output_size=1, rng=RNG)
    network = network.with_parameters(
        {n: np.zeros_like(a) if "bias" in n else a for n, a in network.state_dict().items()}
    )
    trace, grads = at_the_end(network, RNG.normal(size=(6, 2, 3)))
    np.testing.assert_allclose(saliency(trace, grads).effect.sum(axis=0), trace.y[-1, :, 0], rtol=1e-12)


@pytest.mark.parametrize("kind", ["tanh", "lstm", "gru"])
def test_no_direction_is_steeper_than_the_norm_and_the_gradient_s_own_is_as_steep(kind):
    network, x = random_network(RNG, kind, output_size=1), RNG.normal(size=(5, 1, 2))
    trace, grads = at_the_end(network, x)
    norm = saliency(trace, grads).norm[:, 0]
    for t in range(5):
        own = grads.dx[t, 0] / np.linalg.norm(grads.dx[t, 0])
        for direction, tight in ((own, True), (RNG.normal(size=2), False)):
            direction = direction / np.linalg.norm(direction)
            ends = []
            for by in (1e-5, -1e-5):
                moved = x.copy()
                moved[t, 0] += by * direction
                ends.append(rv.unroll(network, moved).y[-1, 0, 0])
            slope = (ends[0] - ends[1]) / 2e-5
            assert abs(slope) <= norm[t] + 1e-8
            assert not tight or slope == pytest.approx(norm[t], rel=1e-5)


def test_the_effect_of_a_one_hot_input_is_its_own_symbol_s_slope_alone():
    network, symbols = random_network(RNG, "gru", output_size=2, input_size=4), np.array([2, 0, 3, 3])
    trace, grads = at_the_end(network, np.eye(4)[symbols][:, None])
    np.testing.assert_array_equal(saliency(trace, grads).effect[:, 0], grads.dx[np.arange(4), 0, symbols])


def test_nothing_matters_in_the_padding():
    network, x = random_network(RNG, "lstm", output_size=1), RNG.normal(size=(5, 2, 2))
    found = saliency(*at_the_end(network, x, [5, 2]))
    assert not found.norm[2:, 1].any()
    assert not found.effect[2:, 1].any()
    assert found.norm[:, 0].all()


def test_gradients_of_another_batch_are_refused():
    network = random_network(RNG, "gru")
    one, other = make_example(RNG, network, 4, 1), make_example(RNG, network, 4, 2)
    with pytest.raises(ShapeError, match="not the gradients of"):
        saliency(one.unroll(), other.backpropagate())


def test_words_are_drawn_up_or_down_by_their_share_of_the_largest():
    body = mattered(["not", "<good>"], [-0.5, 1.0], name="why")
    assert re.findall(r'class="(up|down)" style="--share:([\d.]+)"', body) == [("down", "0.500"), ("up", "1.000")]
    assert re.findall(r"<s>(.*?)</s>", body) == ["−0.500", "1.00"]
    assert "&lt;good&gt;" in body
    assert "--share:0.000" in mattered(["a"], [0.0])


def test_values_that_do_not_fit_the_words_are_refused():
    for tokens, values in ((["a"], [1.0, 2.0]), ([], []), (["a"], 1.0)):
        with pytest.raises(ShapeError, match="tokens need as many values"):
            mattered(tokens, values)
    with pytest.raises(NonFiniteError):
        mattered(["a"], [np.nan])
