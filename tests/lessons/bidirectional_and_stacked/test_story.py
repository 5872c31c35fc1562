"""The story says what the trained readers do, and its stage shows nothing before it is asked for."""

import json
from base64 import b64decode
from pathlib import Path

import numpy as np
import pytest

import rnnviz as rv
from lessons.bidirectional_and_stacked import blanks, model, sides, stage, told
from lessons.bidirectional_and_stacked.blanks import BOTH, LAYERS, LEFT, READERS, RIGHT
from lessons.bidirectional_and_stacked.told import ASKED, GAP, LATE, SENTENCE
from lessons.common import text
from lessons.common.controls import settle
from lessons.common.story import Moment
from lessons.common.trained import ALPHABET, trained

WORDS = text.load(Path(stage.__file__).parent)
PLAYED = ("knows", "both", "layers")


def moment(beat, told=True, epoch=0, **touched):
    attributes = WORDS.attributes(beat)
    values = settle(model.controls, {**attributes, **touched})[1]
    return Moment(beat, attributes, values, touched, told, epoch, WORDS)


def on_stage(beat, **how):
    return json.loads(json.dumps(stage.scene(moment(beat, **how)).stage))


def test_each_beat_has_facts_and_a_stage():
    assert WORDS.beats == tuple(told.BEATS) == tuple(stage.STAGES)
    assert {on_stage(beat)["kind"] for beat in WORDS.beats} == {"reading"}


def test_neither_direction_alone_guesses_the_letter_and_both_together_do():
    facts = told.facts("both", {})
    assert facts["said"][LEFT] != facts["truth"] != facts["said"][RIGHT] != facts["said"][LEFT]
    assert facts["said"][BOTH] == facts["truth"] == "k"
    assert facts["answers"] == {"guess": "truth"}
    assert max(facts["p"], key=lambda reader: facts["p"][reader]) == BOTH


def test_both_ways_has_no_more_weights_than_either():
    parameters = {reader: trained(READERS[reader])[1].parameters for reader in (LEFT, RIGHT, BOTH)}
    assert parameters[BOTH] <= min(parameters[LEFT], parameters[RIGHT])


@pytest.mark.parametrize("reader", [LEFT, RIGHT])
def test_what_lies_beyond_the_gap_makes_no_difference_to_one_direction(reader):
    other = SENTENCE[: GAP + 1] + "e" * (len(SENTENCE) - GAP - 1) if reader == LEFT else "e" * GAP + SENTENCE[GAP:]
    assert np.allclose(blanks.hide_each(reader, other)[GAP], ASKED.p(reader), rtol=1e-5)


def test_a_change_reaches_what_each_row_reads_later_and_nothing_before():
    facts = told.facts("knows", {})
    assert facts["answers"] == {"changes": "before"}
    norms = told.differences(told.CHANGED, BOTH)
    T = len(SENTENCE)
    assert (norms["layer1_left"] > 0).tolist() == [t >= GAP for t in range(T)]
    assert (norms["layer1_right"] > 0).tolist() == [t <= GAP for t in range(T)]


def test_in_the_second_layer_a_change_reaches_all():
    facts = told.facts("layers", {})
    assert facts["first"] == len(SENTENCE) - LATE[0] == 2
    assert facts["answers"] == {"second": "all"}
    drawn = {row["id"]: row["differs"] for row in on_stage("layers")["rows"]}
    assert all(min(shares) > 0 for name, shares in drawn.items() if name.startswith("layer2"))


@pytest.mark.parametrize("reader", READERS)
def test_the_states_drawn_are_the_engine_s_where_their_letters_stand(reader):
    network, about = trained(READERS[reader])
    found = blanks.states(reader, ASKED.read)
    x = about.one_hot(ASKED.read)
    if reader == RIGHT:
        assert np.allclose(found["layer1_right"][::-1], rv.unroll(network, x[::-1])[0, 0].h[:, 0], atol=1e-6)
        return
    trace = rv.unroll(network, x)
    for name, values in found.items():
        layer, direction = int(name[5]) - 1, name.endswith(RIGHT)
        assert np.array_equal(values, trace[layer, int(direction)].h[:, 0])


def test_the_stage_holds_the_states_and_not_the_hidden_letter():
    found = on_stage("both")
    row = found["rows"][0]
    sent = np.frombuffer(b64decode(row["states"]), "<f4").reshape(len(SENTENCE), row["units"])
    assert np.allclose(sent, blanks.states(BOTH, ASKED.read)["layer1_left"], atol=1e-6)
    assert found["letters"][GAP] == sides.HIDDEN
    assert SENTENCE[GAP] not in found["letters"]


@pytest.mark.parametrize("reader", READERS)
def test_a_guess_shows_the_likeliest_letters_and_always_the_right_one(reader):
    (guess,) = sides.guesses_of(ASKED, [reader], WORDS)
    p = ASKED.p(reader)
    assert guess.letters[0] == ALPHABET[int(p.argmax())]
    assert guess.letters[guess.right] == "k"
    assert list(guess.p) == [p[ALPHABET.index(letter)] for letter in guess.letters]


def test_a_row_has_to_answer_when_it_gets_to_the_gap():
    assert on_stage("later")["rows"][0]["drawn"] == GAP + 1
    assert on_stage("back")["rows"][0]["drawn"] == len(SENTENCE) - GAP


def test_while_somebody_speaks_the_row_from_the_right_waits_for_the_end():
    starts = [row["start"] for row in on_stage("live")["rows"]]
    assert starts == [0, len(SENTENCE)]
    assert [row["start"] for row in on_stage("travels")["rows"]] == [0, 0, len(SENTENCE), len(SENTENCE)]


def test_two_sides_are_more_often_right_than_the_better_one():
    facts = told.facts("try", moment("try").values)
    assert facts["both"] > facts["best_alone"]


def test_a_second_layer_gains_much_at_this_gap_and_little_on_the_whole_with_no_more_weights():
    facts = told.facts("travels", moment("travels").values)
    one, two = (trained(READERS[reader])[1] for reader in (BOTH, LAYERS))
    assert facts["two"] > 1.5 * facts["one"]
    assert 0 < two.accuracy - one.accuracy < 0.02
    assert two.parameters <= one.parameters


@pytest.mark.parametrize("typed", ["", "a", "🙂", "x" * 500, "and the k_ng", "<b>$x$"])
def test_any_sentence_can_be_tried(typed):
    found = on_stage("try", text=typed, hidden=40)
    assert found["step"] == found["steps"] == len(found["letters"]) + 1
    assert 0 <= found["gap"] < len(found["letters"])


def test_a_click_on_a_letter_hides_it():
    assert on_stage("try", hidden=3)["gap"] == 2
    assert model.pick("hidden", 3, {}) == model.pick("hidden", {"x": 3}, {}) == {"hidden": 3}


@pytest.mark.parametrize("beat", PLAYED)
def test_an_answer_is_not_on_the_stage_before_the_reader_has_chosen(beat):
    asked, played = (on_stage(beat, told=one) for one in (False, True))
    assert asked["hide_from"] == asked["step"] < played["play_to"] <= played["steps"]
    assert (asked["locked"], asked["play_to"]) == (True, None)
    assert (played["locked"], played["hide_from"]) == (False, None)
    assert asked["token"] != played["token"]


@pytest.mark.parametrize("layers", ["one", "two"])
def test_what_is_held_in_the_player_moves_its_loss_and_nothing_of_the_question(layers):
    values = settle(model.controls, {"layers": layers, "holds": "h_3_1_1__z2r_4_2_0__z1r_4_2_0"})[1]
    free = settle(model.controls, {"layers": layers})[1]
    held, usual = (model.facts_for("saw", one) for one in (values, free))
    assert (held.held, usual.held) == (True, False)
    assert held.loss != usual.loss
    assert (held.answers, held.of, held.alone) == (usual.answers, usual.of, usual.alone)


@pytest.mark.parametrize("hidden", [1, 7, 9, len(SENTENCE)])
def test_two_layers_answer_at_once_for_the_letter_that_the_reader_hides(hidden):
    found = on_stage("travels", hidden=hidden)
    facts = told.facts("travels", {"text": SENTENCE, "hidden": hidden})
    assert facts["symbol"] == SENTENCE[hidden - 1]
    assert (found["gap"], found["step"], found["picks"]) == (hidden - 1, found["steps"], "hidden")
    assert found["token"] != on_stage("travels")["token"]
    for guess, name in zip(found["guesses"], ("one", "two"), strict=True):
        assert guess["p"][guess["right"]] == pytest.approx(facts[name])
