"""What the stage of two ways from position to position holds."""

import numpy as np
import pytest

from rnnviz.errors import ShapeError, UnknownNameError
from rnnviz.player.jumps import WORDS, Lane, jumps

SAID = dict.fromkeys(WORDS, "")


def test_norms_travel_as_logarithms_on_decades_that_hold_them_all() -> None:
    lanes = [Lane("a", "A", "chain", norms=[1e-4, 0, 2.0], before=[3e-7, 1, 1]), Lane("b", "B", "all", norms=[1, 1, 1])]
    stage = jumps("abc", lanes, view="back", words=SAID)
    assert stage["lanes"][0]["log10"] == [pytest.approx(-4), None, pytest.approx(np.log10(2))]
    assert stage["lanes"][0]["before"][0] == pytest.approx(np.log10(3e-7))
    assert stage["decades"] == [-7, 1]
    assert stage["tokens"] == ["a", "b", "c"]


def test_a_gradient_takes_a_step_less_than_there_are_positions() -> None:
    lanes = [Lane("a", "A", "chain")]
    assert jumps("abcde", lanes, view="back", words=SAID)["steps"] == 4
    assert jumps("abcde", lanes, view="grow", words=SAID)["steps"] == 5
    assert jumps("abcde", lanes, view="grow", words=SAID, play_to=3)["play_to"] == 3


def test_weights_travel_as_they_are() -> None:
    stage = jumps("ab", [Lane("a", "A", "all", weights=[0, 1])], view="back", words=SAID)
    assert stage["lanes"][0]["weights"] == [0, 1]


def test_lanes_may_read_different_tokens_and_say_something() -> None:
    lanes = [Lane("a", "A", "all", tokens="ba", says="7"), Lane("b", "B", "all")]
    stage = jumps("ab", lanes, view="answer", words=SAID)
    assert (stage["lanes"][0]["tokens"], stage["lanes"][0]["says"], stage["steps"]) == (["b", "a"], "7", 1)
    assert "tokens" not in stage["lanes"][1]
    with pytest.raises(ShapeError, match="needs 2 tokens"):
        jumps("ab", [Lane("a", "A", "all", tokens="abc")], view="answer", words=SAID)


def test_what_does_not_fit_is_named() -> None:
    with pytest.raises(ShapeError, match="lane a needs log10 of 3 positions"):
        jumps("abc", [Lane("a", "A", "chain", norms=[1, 2])], view="back", words=SAID)
    with pytest.raises(UnknownNameError, match="view"):
        jumps("abc", [], view="sideways", words=SAID)  # type: ignore[arg-type]
    with pytest.raises(UnknownNameError, match="way"):
        jumps("abc", [Lane("a", "A", "walk")], view="back", words=SAID)
