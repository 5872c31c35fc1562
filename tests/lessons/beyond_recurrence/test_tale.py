"""The beats show what their words say."""

from pathlib import Path

import numpy as np
import pytest

from lessons.beyond_recurrence import costs, model, pictures, stage, tale
from lessons.beyond_recurrence.experiment import EVERY, HELD_AT, UPDATES, words
from lessons.common import text
from lessons.common.controls import settle
from lessons.common.story import Moment

WORDS = text.load(Path(__file__).parents[3] / "lessons" / "beyond_recurrence")
VALUES = settle(model.controls, {})[1]


def on_stage(beat: str, told: bool = True) -> dict:
    return stage.scene(Moment(beat, WORDS.attributes(beat), VALUES, {}, told, 0, WORDS)).stage


def test_each_beat_plays_to_the_end_of_its_stage() -> None:
    for beat in WORDS.beats:
        said, found = WORDS.attributes(beat), on_stage(beat)
        ends = said.get("play_to", said.get("plays"))
        if ends is not None:
            assert ends == (UPDATES if found["kind"] == "learn" else found["steps"]), beat
            assert found["play_to"] == ends


def test_what_an_answer_says_is_not_sent_before_it_is_asked_for() -> None:
    assert not any("says" in lane for lane in on_stage("order", told=False)["lanes"])
    assert all("says" in lane for lane in on_stage("order")["lanes"])
    assert on_stage("jump", told=False)["hide_from"] == 0


def test_the_storys_word_is_one_that_nobody_has_learned_from_and_the_twins_share_their_letters() -> None:
    assert tale.NUMBER % EVERY == HELD_AT
    one, other = (sorted(words()[n]) for n in tale.TWINS)
    assert one == other
    assert len(words()[tale.NUMBER]) + 1 == tale.WHOLE == 2 * tale.HALF


def test_before_training_attention_hears_the_first_letter_as_well_as_the_last_and_the_lstm_does_not() -> None:
    said = tale.facts("jump", VALUES)
    assert said["answers"] == {"jump": "one"}
    assert said["far"]
    assert 0.5 < said["kept"]["attention"] < 2
    assert said["kept"]["recurrent"] < 0.25


def test_the_lstm_learns_to_hear_the_first_letter() -> None:
    said = tale.facts("learned", VALUES)
    assert said["answers"] == {"learned": "more"}
    assert said["opened"]
    assert said["kept"][1] > 2 * said["kept"][0]


def test_without_positions_twins_are_the_same_to_the_rounding() -> None:
    assert tale.facts("order", VALUES)["answers"] == {"order": "same"}


@pytest.mark.parametrize("place", ["hundreds", "tens", "ones"])
def test_with_positions_twins_are_told_apart(place: str) -> None:
    assert tale.facts("positions", {**VALUES, "place": place})["both"]


def test_looks_grow_with_the_square_and_cost_what_the_engine_counts() -> None:
    said = tale.facts("cost", VALUES)
    assert said["answers"] == {"cost": "four"}
    assert said["looks"] == (105, 406)
    first = said["dearer"] - 1
    more = costs.counted("attention") > costs.counted("recurrent")
    assert more[first:].all()
    assert not more[first - 1]


def test_each_with_its_own_rate_the_lstm_is_ahead_by_a_little() -> None:
    said = tale.facts("fair", VALUES)
    assert said["answers"] == {"fair": "recurrent"}
    assert said["sooner"]
    assert said["mean"]["borrowed"] < 0.85 < 0.96 < said["mean"]["attention"] < said["mean"]["recurrent"]


def test_the_curves_are_means_of_all_seeds() -> None:
    records = pictures.means(("recurrent", "attention"))
    assert len({len(one) for one in records}) == 1
    assert records[0][-1]["right"] == pytest.approx(tale.facts("fair", VALUES)["mean"]["recurrent"])
    assert np.all([0 <= one["right"] <= 1 for one in records[1]])
