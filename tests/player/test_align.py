"""The stage of an encoder-decoder: what it is sent is what was computed, and what does not fit is refused."""

from base64 import b64decode

import numpy as np
import pytest

from rnnviz.errors import ShapeError
from rnnviz.player.align import Answer, Line, beams, board, matrix

RNG = np.random.default_rng(0)
T, U, H = 4, 3, 6
WEIGHTS = RNG.dirichlet(np.ones(T), size=U)
STEPS = [
    [{"text": "a", "p": 0.6, "parent": 0, "ended": False}, {"text": "b", "p": 0.4, "parent": 0, "ended": False}],
    [{"text": "ba", "p": 0.3, "parent": 1, "ended": True}],
]


def answer(**changed):
    return Answer(**{"said": "ab∎", "p": (0.9, 0.5, 1.0), "weights": WEIGHTS} | changed)


def test_weights_and_states_are_sent_as_they_are():
    h = RNG.normal(size=(T, H))
    sent = matrix("wort", answer(), words={}, states=h, ways=2)
    weights = np.frombuffer(b64decode(sent["lines"][0]["weights"]), "<f4").reshape(U, T)
    assert np.array_equal(weights, WEIGHTS.astype("f4"))
    assert np.array_equal(np.frombuffer(b64decode(sent["states"]), "<f4").reshape(T, sent["units"]), h.astype("f4"))


def test_there_is_a_step_for_each_letter_that_is_read_and_each_that_is_said():
    assert matrix("wort", answer(), words={})["steps"] == T + U
    lines = [Line("wort", answer()), Line("wörter", answer(said="a", p=[1.0], weights=None))]
    assert board(lines, words={})["steps"] == 6 + U
    assert beams("wort", STEPS, words={})["steps"] == T + 2


@pytest.mark.parametrize(
    "changed", [{"p": (0.9, 0.5)}, {"weights": WEIGHTS.T}, {"said": "", "p": ()}, {"weights": WEIGHTS[:, :-1]}]
)
def test_what_does_not_fit_is_refused(changed):
    with pytest.raises(ShapeError):
        matrix("wort", answer(**changed), words={})


def test_states_of_another_word_are_refused():
    with pytest.raises(ShapeError, match="a row for each of 4 letters"):
        matrix("wort", answer(), words={}, states=np.zeros((T + 1, H)))


def test_a_board_needs_lines_and_a_beam_the_parents_of_its_answers():
    with pytest.raises(ShapeError, match="at least one line"):
        board([], words={})
    for steps in ([], [STEPS[0], [{**STEPS[1][0], "parent": 2}]]):
        with pytest.raises(ShapeError, match="parents"):
            beams("wort", steps, words={})
