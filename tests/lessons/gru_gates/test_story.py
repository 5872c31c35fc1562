"""The story's networks do what it says, and its stage shows nothing before it is asked for."""

import json
from dataclasses import replace
from math import exp, tanh
from pathlib import Path

import numpy as np
import pytest

from lessons.common import story, text
from lessons.common.controls import settle
from lessons.common.interventions import read_holds, write_holds
from lessons.common.story import Moment
from lessons.common.trained import ALPHABET, trained
from lessons.gru_gates import duel, model, stage, tale, told
from lessons.gru_gates.experiment import cell_parameters, visible
from lessons.gru_gates.tale import ARROW, CLOSED, HELD, MADE_ROOM, MANY, TWO
from lessons.hidden_state import days

WORDS = text.load(Path(stage.__file__).parent)


def moment(beat, told=True, epoch=0, **touched):
    attributes = WORDS.attributes(beat)
    values = settle(model.controls, {**attributes, **touched})[1]
    return Moment(beat, attributes, values, touched, told, epoch, WORDS)


def body(beat, **touched):
    """A beat's text, its facts as the stage sets them."""
    return WORDS.section(beat, stage.scene(moment(beat, **touched)).facts).body.replace("\n", " ")


def test_each_beat_has_facts_and_a_stage():
    assert WORDS.beats == tuple(told.BEATS)
    assert set(WORDS.beats) - set(told.READINGS) == {"compare"}
    kinds = {beat: json.loads(json.dumps(stage.scene(moment(beat)).stage))["kind"] for beat in WORDS.beats}
    assert kinds == dict.fromkeys(WORDS.beats, "player") | {"compare": "reading"}


def test_the_days_are_those_of_the_first_lesson():
    found = tale.weather(0.0)
    assert np.array_equal(found.trace[0, 0].x, days.read(days.celsius(days.WEEK)))


@pytest.mark.parametrize("bias", [-2.0, 1.0, 8.0, told.THREE_QUARTERS])
def test_with_a_fixed_z_the_state_is_an_average_of_candidates_by_powers_of_z(bias):
    found, z = tale.weather(bias), 1 / (1 + exp(-bias))
    x = found.trace[0, 0].x[:, 0, 0]
    for t, h in enumerate(found.h):
        assert h == pytest.approx(sum((1 - z) * z**k * tanh(x[t - k]) for k in range(t + 1)), rel=1e-12)
    assert found.dh == pytest.approx([z**k for k in range(len(x))][::-1], rel=1e-12)


@pytest.mark.parametrize("bias", [-2.0, 0.0, 8.0])
def test_the_time_constant_is_the_weight_of_all_days_in_days_that_count_in_full(bias):
    facts = told.facts("time", {"keep": bias})
    assert facts["tau"] == pytest.approx(1 + exp(bias), rel=0.05)
    assert facts["tau"] == pytest.approx(sum(facts["z"] ** k for k in range(100_000)), rel=0.05)


@pytest.mark.parametrize("bias", np.arange(-2.0, 8.5, 0.5))
def test_who_checks_the_time_constant_with_the_printed_z_finds_it(bias):
    facts = told.facts("time", {"keep": bias})
    assert 1 / (1 - round(facts["z"], facts["places"])) == pytest.approx(facts["tau"], rel=0.06)
    assert facts["read"] == (1 + exp(bias) <= days.WEEK)
    assert ("if that many were read" in body("time", keep=bias)) != facts["read"]


def test_three_quarters_stay():
    assert told.facts("blend", {})["z"] == pytest.approx(3 / 4, abs=1e-15)


def test_of_the_gradient_a_little_more_than_a_tenth_comes_back_to_the_first_day():
    facts = told.facts("back", {})
    assert facts["answers"] == {"first_day": "tenth"}
    assert facts["first"] == pytest.approx(0.75 ** facts["steps"])
    assert facts["last"] == 1


def test_the_update_gate_takes_what_is_marked_and_holds_it():
    found = tale.read(HELD)
    assert found.gate("z") == [not token.startswith(ARROW) for token in HELD]
    assert found.h == pytest.approx([0.8] * 4 + [0.2] * 2, abs=1e-15)


def test_what_a_closed_update_gate_forgets_makes_room_for_what_is_read():
    facts, found = told.facts("swap", {}), told.reading("swap", moment("swap").values)
    assert facts["answers"] == {"closed": "chatter"}
    assert found.h[CLOSED] == found.gate("n")[CLOSED] == pytest.approx(tale.number(MADE_ROOM[CLOSED]))
    assert tale.read(MADE_ROOM).h[CLOSED] == facts["before"] == pytest.approx(0.8)
    assert stage.view(moment("swap"))["ghost"] == tale.read(MADE_ROOM).h


@pytest.mark.parametrize(("z", "h"), [(0.0, 0.6), (0.5, 0.7), (1.0, 0.8)])
def test_a_valve_can_be_dragged_and_h_follows(z, h):
    (hold,) = read_holds(WORDS.attributes("swap")["holds"])
    assert (hold.place, hold.step, hold.value) == ("z", CLOSED, 0.0)
    found = told.reading("swap", moment("swap", holds=write_holds([replace(hold, value=z)])).values)
    assert found.h[CLOSED:] == pytest.approx([h, h])
    assert told.facts("swap", {})["answers"] == {"closed": "chatter"}


@pytest.mark.parametrize(("bias", "said"), [(-8.0, "afresh"), (-2.0, "in between"), (0.0, "builds"), (8.0, "builds")])
def test_the_reset_gate_says_how_much_the_candidate_sees(bias, said):
    facts = told.facts("reset", {"reset_bias": bias})
    r = 1 / (1 + exp(-bias))
    assert (
        facts["n"]
        == told.reading("reset", {"reset_bias": bias, "holds": ""}).h[-1]
        == pytest.approx(tanh(np.arctanh(0.2) + r * 0.3))
    )
    assert said in body("reset", reset_bias=bias)
    assert facts["n"] < facts["first"] + facts["second"]
    assert tale.number(TWO[0]) == facts["first"]


def test_a_gru_stays_below_one_where_an_lstm_counts():
    facts = told.facts("count", {})
    assert facts["answers"] == {"full": "below"}
    assert facts["sum"] == pytest.approx(len(MANY) * 0.4)
    assert 0.8 < facts["h"] < 1


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("to the shi", "to the shi"),
        ("And the ", "and the "),
        ("", duel.BEGINNING),
        ("🙂 ", duel.BEGINNING),
        ("x" * 300, "x" * duel.MOST_LETTERS),
    ],
)
def test_both_networks_read_what_is_typed_and_each_says_what_it_expects_next(typed, read):
    shown = stage.scene(moment("compare", text=typed)).stage
    assert "".join(shown["letters"][:-1]).replace("␣", " ") == duel.beginning(typed) == read
    for row, guess in zip(shown["rows"], shown["guesses"][::-1], strict=True):
        p = duel.guesses(duel.passes(read)[row["id"]])
        assert row["drawn"] == len(read) == shown["gap"]
        assert guess["p"] == pytest.approx(sorted(p, reverse=True)[: duel.GUESSES])
        assert guess["letters"][0] == visible(ALPHABET[p.argmax()])[0]


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("to the shi", ""),
        ("and the ", ""),
        ("And the", "It is read as “and the”: the networks know small letters, the space and the full stop."),
        ("🙂", "There is no letter from a to z in it, so ours is read."),
        ("x" * 300, "Only its beginning is read."),
    ],
)
def test_what_of_the_typed_is_not_read_is_said_beside_the_box(typed, told):
    given = moment("compare", text=typed)
    (box,) = story.controls(given, model)
    assert box["note"] == told


def test_what_is_typed_is_answered_at_once_and_what_stands_there_first_waits_for_play():
    assert stage.scene(moment("compare")).stage["step"] == 0
    typed = stage.scene(moment("compare", text="the")).stage
    assert typed["step"] == typed["steps"] == len("the") + 1


def test_the_two_differ_on_what_stands_there_first():
    first = {one["letters"][0] for one in stage.scene(moment("compare")).stage["guesses"]}
    assert len(first) == 2


def test_the_gru_has_three_quarters_of_the_weights():
    """What the story says of them; should other networks be trained, it has to be said otherwise."""
    networks = {cell: trained(name)[0] for cell, name in duel.NETWORKS.items()}
    assert networks["gru"].hidden_size == networks["lstm"].hidden_size
    assert cell_parameters(networks["gru"]) / cell_parameters(networks["lstm"]) == 3 / 4


def test_the_two_are_nearly_alike_on_unseen_text():
    """What the story says of them; should other networks be trained, it has to be said otherwise."""
    right = told.facts("compare", {})["right"]
    assert abs(right["gru"] - right["lstm"]) < 0.02


def test_the_trained_unit_shuts_at_each_space():
    run, unit = told.reading("summary", {}), told.heedful()
    z = run.passes["gru"][0, 0].gates["z"][:, 0, unit]
    spaces = np.array([token == "␣" for token in run.tokens])
    assert z[spaces].max() < 0.01
    assert z[~spaces].mean() > 0.3
    assert told.facts("summary", {})["letters"] == (z[~spaces].min() < 0.1)


@pytest.mark.parametrize(
    ("beat", "answer"), [("back", range(len(HELD) + 1)), ("swap", range(CLOSED, 5)), ("count", range(1, 7))]
)
def test_an_answer_is_not_on_the_stage_before_the_reader_has_chosen(beat, answer):
    asked, played = (stage.view(moment(beat, told=one)) for one in (False, True))
    backward = asked["pass"] == "backward"
    hidden = range(asked["hide_from"] + 1) if backward else range(asked["hide_from"], len(answer) + 9)
    assert set(answer) <= set(hidden)
    assert asked["step"] not in hidden
    assert asked["locked"]
    assert asked["play_to"] is None
    assert asked["ghost"] is None
    assert played["hide_from"] is None
    assert played["play_to"] in answer
    assert asked["token"] != played["token"]
    assert not played["locked"]
