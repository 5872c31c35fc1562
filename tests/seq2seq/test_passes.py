"""Both passes: the gradients are those of finite differences, padding has no effect, the future is not seen."""

from dataclasses import replace

import numpy as np
import pytest

from rnnviz.errors import ShapeError
from rnnviz.seq2seq import END, backward, check_gradients, forward, pairs, proof
from tests.seq2seq.models import KINDS, I, Q, model, three

EPS = 1e-5


@pytest.mark.parametrize(("cell", "attention", "bidirectional"), KINDS)
def test_the_gradients_are_those_of_finite_differences(cell, attention, bidirectional):
    net, batch, rng = model(cell, attention, bidirectional), three(), np.random.default_rng(1)
    passed = forward(net, batch.x, batch.spoken, batch.lengths)
    grads = backward(passed, batch.loss(passed.y).dy)
    state = net.state_dict()
    assert list(grads.params) == list(state)

    def loss(changed, x=batch.x):
        return batch.loss(forward(net.with_parameters(changed), x, batch.spoken, batch.lengths).y).value

    def moved(a, k, by):
        copy = a.copy()
        copy.flat[k] += by
        return copy

    for name, a in state.items():
        for k in rng.integers(a.size, size=3):
            found = (loss({**state, name: moved(a, k, EPS)}) - loss({**state, name: moved(a, k, -EPS)})) / (2 * EPS)
            assert grads.params[name].flat[k] == pytest.approx(found, abs=1e-9, rel=1e-5), name
    for k in rng.integers(batch.x.size, size=6):
        found = (loss(state, moved(batch.x, k, EPS)) - loss(state, moved(batch.x, k, -EPS))) / (2 * EPS)
        assert grads.dx.flat[k] == pytest.approx(found, abs=1e-9, rel=1e-5)


@pytest.mark.parametrize(("cell", "attention", "bidirectional"), KINDS)
def test_all_of_them_can_be_checked_on_the_spot(cell, attention, bidirectional):
    net, batch = model(cell, attention, bidirectional), three()
    dy = batch.loss(forward(net, batch.x, batch.spoken, batch.lengths).y).dy
    found = check_gradients(net, batch.x, dy, batch.spoken, batch.lengths, entries=2)
    assert found.error < 1e-6
    assert found.entries + found.faint == 2 * (len(net.state_dict()) + 1)


@pytest.mark.parametrize("name", ["encoder.weight_hh_l0", "decoder.weight_hh_l0", "attention.weight", "readout.bias"])
def test_a_wrong_gradient_is_found(name, monkeypatch):
    def wrong(passed, dy):
        grads = backward(passed, dy)
        return replace(grads, params={**grads.params, name: 1.01 * grads.params[name]})

    net, batch = model(), three()
    dy = batch.loss(forward(net, batch.x, batch.spoken, batch.lengths).y).dy
    monkeypatch.setattr(proof, "backward", wrong)
    found = check_gradients(net, batch.x, dy, batch.spoken, batch.lengths, entries=4)
    assert found.name == name
    assert found.error > 1e-4


@pytest.mark.parametrize(("cell", "attention", "bidirectional"), KINDS)
def test_a_pair_is_answered_the_same_alone_and_padded_in_a_batch(cell, attention, bidirectional):
    net, batch = model(cell, attention, bidirectional), three()
    alone = pairs([[3, 1]], [[]], I, Q)
    together = forward(net, batch.x, batch.spoken, batch.lengths).y[: len(alone.spoken), 1]
    np.testing.assert_allclose(forward(net, alone.x, alone.spoken, alone.lengths).y[:, 0], together, rtol=1e-12)


@pytest.mark.parametrize("attention", [False, True])
def test_what_is_said_later_has_no_effect_on_what_is_said_before(attention):
    net, batch = model(attention=attention), three()
    other = batch.spoken.copy()
    other[3:] = other[3:, :, ::-1]
    before = forward(net, batch.x, batch.spoken, batch.lengths).y
    after = forward(net, batch.x, other, batch.lengths).y
    np.testing.assert_array_equal(before[:3], after[:3])


def test_the_first_weights_are_a_softmax_of_dot_products():
    net, batch = model(), three()
    passed = forward(net, batch.x, batch.spoken, batch.lengths)
    h, e = passed.decoder.y[0, 1], passed.encoder.y[:2, 1]
    scores = np.exp(e @ h)
    np.testing.assert_allclose(passed.attention.weights[0, 1], [*(scores / scores.sum()), 0, 0], rtol=1e-12)


def test_what_is_handed_over_is_the_last_state_of_each_direction():
    net, batch = model(), three()
    passed = forward(net, batch.x, batch.spoken, batch.lengths)
    last = np.concatenate([passed.encoder[0, 0].h[1, 1], passed.encoder[0, 1].h[0, 1]])
    np.testing.assert_array_equal(passed.decoder[0, 0].h0[1], last)


def test_a_gradient_of_another_shape_is_refused():
    batch = three()
    passed = forward(model(), batch.x, batch.spoken, batch.lengths)
    with pytest.raises(ShapeError, match="dy needs the shape of y"):
        backward(passed, passed.y[:-1])


def test_pairs_are_shifted_and_end_where_the_answer_ends():
    batch = three()
    assert batch.targets[:, 0].tolist() == [1, 2, 2, 1, END]
    assert batch.mask.sum(axis=0).tolist() == [5, 1, 2]
    assert not batch.spoken[0].any()
    assert batch.spoken[1:, 0].argmax(axis=1).tolist() == [1, 2, 2, 1]
    assert not batch.spoken[1:, 1].any()
    assert batch.exact([(1, 2, 2, 1), (), (3, 3)]).tolist() == [True, True, False]


@pytest.mark.parametrize(
    ("sources", "answers", "says"),
    [
        ([], [], "go in pairs"),
        ([[1]], [], "go in pairs"),
        ([[]], [[1]], "at least one symbol"),
        ([[4]], [[1]], "source 0 must be symbols from 0 to 3"),
        ([[1]], [[0]], "answer 0 must be symbols from 1 to 4"),
        ([[1.5]], [[1]], "source 0 must be symbols"),
    ],
)
def test_pairs_that_are_none_are_refused(sources, answers, says):
    with pytest.raises(ShapeError, match=says):
        pairs(sources, answers, I, Q)
