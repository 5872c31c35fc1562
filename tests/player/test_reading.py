"""The stage that reads from both sides: what it is sent is what the engine computed."""

from base64 import b64decode

import numpy as np
import pytest

from rnnviz.errors import ShapeError
from rnnviz.player.reading import Guess, Row, reading

RNG = np.random.default_rng(0)
LETTERS = list("the sea")
T, H = len(LETTERS), 5
WORDS: dict[str, str] = {}


def row(name="left", values=None, **how):
    return Row(name, name, RNG.normal(size=(T, H)) if values is None else values, **how)


def test_states_are_sent_as_they_are():
    one = row()
    sent = reading(LETTERS, [one], words=WORDS)["rows"][0]
    states = np.frombuffer(b64decode(sent["states"]), "<f4").reshape(T, sent["units"])
    assert np.array_equal(states, one.values.astype("f4"))


def test_differences_are_shares_of_the_largest_and_zero_stays_zero():
    first, second = np.array([0, 0, 0, 1e-9, 2, 4, 1]), np.array([0, 0, 0, 0, 0, 0, 3.0])
    found = reading(LETTERS, [row(values=first), row("b", second)], words=WORDS, changed=(3, "x"))
    shares = [each["differs"] for each in found["rows"]]
    assert max(shares[0]) == 1
    assert [[share > 0 for share in each] for each in shares] == [(first > 0).tolist(), (second > 0).tolist()]
    assert found["changed"] == {"at": 3, "was": "x"}


@pytest.mark.parametrize(
    ("how", "guesses", "steps"),
    [({}, 0, T), ({}, 1, T + 1), ({"drawn": 3}, 1, 4), ({"start": T}, 0, 2 * T), ({"start": T, "drawn": 2}, 1, T + 3)],
)
def test_there_is_a_step_for_each_letter_and_one_for_the_answer(how, guesses, steps):
    found = reading(LETTERS, [row(**how)], words=WORDS, gap=2, guesses=[Guess("a", "xy", (0.6, 0.4))] * guesses)
    assert found["steps"] == steps


@pytest.mark.parametrize(
    "rows",
    [
        [row(values=np.zeros((T - 1, H)))],
        [row(values=np.zeros(T))],
        [row(reads=(0,))],
        [row(), row("b", reads=(2,))],
    ],
)
def test_rows_that_do_not_fit_are_refused(rows):
    with pytest.raises(ShapeError, match="needs a state for each of 7 letters"):
        reading(LETTERS, rows, words=WORDS)


def test_a_place_sets_what_the_stage_opens_with():
    found = reading(LETTERS, [row()], words=WORDS, step=3, locked=True, play_to=5)
    assert (found["step"], found["locked"], found["play_to"], found["kind"]) == (3, True, 5, "reading")
