"""The stage of sentences: what a line holds, how long it plays, and what is refused."""

import numpy as np
import pytest

from rnnviz import NonFiniteError, ShapeError
from rnnviz.player.module import COMPONENTS
from rnnviz.player.sentence import Line, sentence


def test_the_way_back_takes_one_more_step_and_its_marks_are_shares_of_the_largest():
    lines = [Line("a", ("not", "good"), scores=(0.4, 0.6)), Line("b", ("bad",), marks=(-2.0,))]
    made = sentence(lines, words={"title": "t"}, step=1)
    assert (made["kind"], made["steps"], made["longest"], made["step"]) == ("sentence", 3, 2, 1)
    assert made["kind"] in COMPONENTS
    assert made["lines"][1]["marks"] == [-1.0]
    assert sentence(lines[:1], words={})["steps"] == 2


def test_marks_that_are_all_zero_stay_zero():
    assert sentence([Line("a", ("x", "y"), marks=np.zeros(2))], words={})["lines"][0]["marks"] == [0.0, 0.0]


@pytest.mark.parametrize("what", ["unknown", "scores", "tags", "right", "marks"])
def test_a_line_needs_one_of_everything_for_each_word(what):
    with pytest.raises(ShapeError, match=what):
        sentence([Line("a", ("x", "y"), **{what: ["0"] if what == "tags" else [0]})], words={})


def test_nothing_to_read_and_numbers_that_are_none_are_refused():
    for lines in ([], [Line("a", ())]):
        with pytest.raises(ShapeError):
            sentence(lines, words={})
    with pytest.raises(NonFiniteError, match="scores"):
        sentence([Line("a", ("x",), scores=(np.nan,))], words={})
