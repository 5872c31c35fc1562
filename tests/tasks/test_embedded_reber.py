"""Laws of the embedded Reber grammar."""

import math
import re

import numpy as np
import pytest

from rnnviz import tasks

SYMBOLS = "BTPSXVE"
AT_3 = "(?:XT*VP)*(?:S|XT*VV)E"  # the grammar's diagram, walked by hand
REBER = f"B(?:TS*X{AT_3}|PT*V(?:VE|P{AT_3}))"
EMBEDDED = re.compile(f"B(?:T{REBER}T|P{REBER}P)E")
# Choices and symbols from each node on: an edge at random, a symbol each.
EDGES = {0: (1, 2), 1: (1, 3), 2: (2, 4), 3: (2, 5), 4: (3, 5)}


def strings(batch):
    """What was read, and the last symbol, which is asked for."""
    for b, length in enumerate(batch.lengths):
        read = [SYMBOLS[k] for k in batch.x[:length, b].argmax(axis=1)]
        asked = [SYMBOLS[k] for k in batch.targets[:length, b]]
        assert read[1:] == asked[:-1]
        yield "".join([*read, asked[-1]])


def test_every_string_is_of_the_grammar():
    found = list(strings(tasks.embedded_reber(np.random.default_rng(0), 3000)))
    assert all(EMBEDDED.fullmatch(string) for string in found)
    assert min(map(len, found)) == 9


def test_every_short_string_of_the_grammar_comes_as_often_as_its_choices_say():
    found = list(strings(tasks.embedded_reber(np.random.default_rng(1), 40_000)))
    for string, choices in {"BTBTXSETE": 4, "BPBTXSEPE": 4, "BTBPVVETE": 4, "BPBTSXSEPE": 5}.items():
        assert found.count(string) / 40_000 == pytest.approx(2.0**-choices, rel=0.1)


def test_the_symbol_before_the_last_repeats_the_second():
    assert all(s[1] == s[-2] for s in strings(tasks.embedded_reber(np.random.default_rng(2), 500)))


def test_the_allowed_symbols_are_those_that_follow_the_same_beginning_in_some_string():
    batch = tasks.embedded_reber(np.random.default_rng(3), 4000)
    followed = {}
    for b, string in enumerate(strings(batch)):
        for t in range(1, len(string)):
            allowed = "".join(np.array(list(SYMBOLS))[batch.allowed[t - 1, b]])
            followed.setdefault((string[:t], allowed), []).append(string[t])
    assert len({beginning for beginning, _ in followed}) == len(followed)
    assert all(set(symbols) <= set(allowed) for (_, allowed), symbols in followed.items())
    often = {allowed: set(symbols) for (_, allowed), symbols in followed.items() if len(symbols) > 30}
    assert len(often) > 5
    assert all(set(allowed) == symbols for allowed, symbols in often.items())


def test_the_expected_numbers_of_choices_and_symbols_follow_from_the_grammar():
    matrix, ones = np.eye(6), np.ones(6)
    ones[5] = 0.0  # nothing is chosen at the last node
    for node, edges in EDGES.items():
        for edge in edges:
            matrix[node, edge] -= 0.5
    choices = np.linalg.solve(matrix, ones)
    np.testing.assert_allclose(choices, [6, 16 / 3, 14 / 3, 10 / 3, 8 / 3, 0])
    predicted = 1 + 1 + choices[0] + 1 + 1 + 1  # T or P, B, one symbol a choice, E, T or P again, E
    batch = tasks.embedded_reber(np.random.default_rng(4), 20_000)
    assert batch.floor == pytest.approx((1 + choices[0]) * math.log(2) / predicted, rel=1e-12)
    assert batch.baseline == pytest.approx((2 + choices[0]) * math.log(2) / predicted, rel=1e-12)
    assert batch.lengths.mean() == pytest.approx(predicted, rel=0.01)
    assert (batch.allowed.sum(axis=2) == 2).sum(axis=0).mean() == pytest.approx(1 + choices[0], rel=0.01)


def test_knowing_the_grammar_costs_the_floor_and_forgetting_the_second_symbol_the_baseline():
    batch = tasks.embedded_reber(np.random.default_rng(5), 6000)
    y = np.where(batch.allowed, 100.0, -100.0)
    assert batch.loss(y).value == pytest.approx(batch.floor, rel=0.02)
    sequences = np.arange(6000)
    y[batch.lengths - 2, sequences] = np.where(np.isin(list(SYMBOLS), ["T", "P"]), 100.0, -100.0)
    assert batch.loss(y).value == pytest.approx(batch.baseline, rel=0.02)
    assert not batch.solved(y).any()
    assert batch.accuracy(y) == pytest.approx(1 - 1 / 11, abs=0.004)
