"""The stage on which raw data becomes what a network reads: what it is sent is what was given, and it all fits."""

import json

import numpy as np
import pytest

from rnnviz.errors import ShapeError
from rnnviz.player.prepare import Cell, Fill, Line, Part, Window, lengths, series, table

WORDS: dict[str, str] = {}
VALUES = np.array([1.0, np.nan, 3.0, 4.0, 5.0])
HOW = {"words": WORDS, "low": 0.0, "high": 6.0}


def test_a_table_sends_each_row_and_what_becomes_of_it() -> None:
    sent = table(["day", "rain"], [["mon", "1"]], [("rain", 1)], [[Cell("1.0", 0.5)]], words=WORDS, step=1)
    assert (sent["kind"], sent["picture"], sent["steps"], sent["step"]) == ("prepare", "table", 1, 1)
    assert sent["cells"] == [[{"text": "1.0", "value": 0.5}]]
    json.dumps(sent, allow_nan=False)


def test_a_gap_is_sent_as_nothing_and_a_fill_with_the_place_at_which_it_is_known() -> None:
    sent = series(VALUES, {0: "a"}, fills=[Fill("line", {1: (2.0, 2)})], **HOW)
    assert sent["values"] == [1.0, None, 3.0, 4.0, 5.0]
    assert sent["fills"][0]["values"] == [[1, 2.0, 2]]
    assert sent["steps"] == 5
    json.dumps(sent, allow_nan=False)


def test_a_step_is_a_window_where_there_is_one() -> None:
    assert series(VALUES, {}, window=Window(2, 1, (0, 1, 2)), **HOW)["steps"] == 3


def test_batches_hold_each_sequence_once() -> None:
    sent = lengths([[0.5], [0.1, 0.2]], [[0, 1]], [[1], [0]], words=WORDS)
    assert sent["orders"] == [[[0, 1]], [[1], [0]]]
    with pytest.raises(ShapeError, match="one batch"):
        lengths([[0.5], [0.1]], [[0]], [[0], [1]], words=WORDS)


@pytest.mark.parametrize(
    "how",
    [
        {"fills": [Fill("f", {5: (1.0, 5)})]},
        {"window": Window(4, 2, (0,))},
        {"parts": [Part("p", 3, 9)]},
        {"lines": [Line("l", [1.0])]},
    ],
)
def test_nothing_lies_outside_the_series(how: dict) -> None:
    with pytest.raises(ShapeError, match="within the 5 places"):
        series(VALUES, {}, **HOW, **how)


def test_a_table_s_rows_are_as_long_as_its_head() -> None:
    with pytest.raises(ShapeError, match="2 columns"):
        table(["a", "b"], [["1"]], [("a", 0)], [[Cell("")]], words=WORDS)
    with pytest.raises(ShapeError, match="2 columns"):
        table(["a", "b"], [["1", "2"]], [("a", 2)], [[Cell("")]], words=WORDS)
