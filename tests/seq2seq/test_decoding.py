"""Decoding: greedy is a beam of one, a beam of all is exact, and both say what forced passes give."""

from itertools import product

import numpy as np
import pytest

from rnnviz.errors import ShapeError
from rnnviz.seq2seq import END, beam_search, forward, greedy, pairs
from tests.seq2seq.models import KINDS, I, Q, model, three

SOURCE = [2, 0, 3]


def log_p(net, answer):
    """log p of an answer, END included, under teacher forcing; without END where it is cut off."""
    said = [one for one in answer if one != END]
    batch = pairs([SOURCE], [said], I, Q)
    y = forward(net, batch.x, batch.spoken, batch.lengths).y[:, 0]
    p = y - np.log(np.exp(y).sum(axis=1, keepdims=True))
    return sum(p[u, symbol] for u, symbol in enumerate(answer))


@pytest.mark.parametrize(("cell", "attention", "bidirectional"), KINDS)
def test_greedy_is_a_beam_of_one(cell, attention, bidirectional):
    net, batch = model(cell, attention, bidirectional), three()
    said = greedy(net, batch.x, batch.lengths, most=8)
    for b, length in enumerate(batch.lengths):
        best = beam_search(net, batch.x[:length, b : b + 1], width=1, most=8).best
        assert tuple(symbol for symbol in best.symbols if symbol != END) == said.symbols[b]
        assert best.ended == said.ended[b]


@pytest.mark.parametrize("attention", [False, True])
def test_a_beam_that_holds_all_finds_the_likeliest_answer(attention):
    net = model("lstm", attention, seed=3)
    x = pairs([SOURCE], [[1]], I, Q).x
    every = [one for n in range(4) for one in product(range(1, Q), repeat=n)]
    whole = [(*one, END) for one in every if len(one) < 3] + [one for one in every if len(one) == 3]
    best = beam_search(net, x, width=len(whole) * Q, most=3).best
    expected = max(whole, key=lambda one: log_p(net, one))
    assert best.symbols == expected
    assert best.log_p == pytest.approx(log_p(net, expected))


def test_each_step_of_a_beam_goes_on_from_the_one_before_and_is_no_likelier():
    found = beam_search(model(seed=5), pairs([SOURCE], [[1]], I, Q).x, width=3, most=6)
    for before, now in zip(found.steps, found.steps[1:], strict=False):
        for one in now:
            parent = before[one.parent]
            assert one.symbols[: len(parent.symbols)] == parent.symbols
            assert one.log_p <= parent.log_p
        assert [one.log_p for one in now] == sorted((one.log_p for one in now), reverse=True)


def test_what_is_said_is_likeliest_under_forcing_by_itself():
    net, batch = model(seed=2), three()
    said = greedy(net, batch.x, batch.lengths, most=6)
    own = pairs([[0, 1, 2], [3, 1], [2, 2, 2, 1]], said.symbols, I, Q)
    y = forward(net, own.x, own.spoken, own.lengths).y
    p = np.exp(y) / np.exp(y).sum(axis=2, keepdims=True)
    for b, symbols in enumerate(said.symbols):
        assert tuple(y[: len(symbols), b].argmax(axis=1)) == symbols
        np.testing.assert_allclose(said.p[: len(symbols), b], p[: len(symbols), b], rtol=1e-10)


def test_a_beam_is_of_one_sequence():
    batch = three()
    with pytest.raises(ShapeError, match="one sequence"):
        beam_search(model(), batch.x, 2)
    with pytest.raises(ValueError, match="width"):
        beam_search(model(), batch.x[:, :1], 0)
