"""The story's networks do what it says, and its stage shows nothing before it is asked for."""

import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from lessons.common import text
from lessons.common.controls import settle
from lessons.common.story import Moment
from lessons.lstm_gates import model, stage, tale, told
from lessons.lstm_gates.tale import ARROW, ASK, ASKED, CHATTER, KEPT, RESET, WHOLE

WORDS = text.load(Path(stage.__file__).parent)
TEXTS = (KEPT, CHATTER, ASKED, WHOLE)


def moment(beat, told=True, epoch=0, **touched):
    attributes = WORDS.attributes(beat)
    values = settle(model.controls, {**attributes, **touched})[1]
    return Moment(beat, attributes, values, touched, told, epoch, WORDS)


def test_each_beat_has_facts_and_a_stage():
    assert WORDS.beats == tuple(told.BEATS) == tuple(told.READINGS)
    for beat in WORDS.beats:
        assert json.loads(json.dumps(stage.scene(moment(beat)).stage))["kind"] == "player"


@pytest.mark.parametrize("tokens", TEXTS)
def test_gates_are_one_or_zero_and_tenths_add_up(tokens):
    """Each printed product and sum can be checked in the head."""
    found, c = tale.read(tokens), 0.0
    for t, token in enumerate(tokens):
        f, i, g, o = (found.gate(letter)[t] for letter in "figo")
        assert (f, i, o) == (token != RESET, token.startswith(ARROW), token == ASK)
        assert g == pytest.approx(tale.number(token), abs=1e-15)
        c = f * c + i * tale.number(token)
        assert found.c[t] == pytest.approx(c, abs=1e-15)
        assert found.h[t] == pytest.approx(o * np.tanh(c), abs=1e-15)


def test_an_input_gate_is_open_only_where_an_arrow_outweighs_its_bias():
    facts, found = told.facts("sum", {}), tale.read(CHATTER)
    assert facts["bias"] < 0 < facts["sum"] == facts["bias"] + facts["arrow"]
    assert [i for i, token in zip(found.gate("i"), CHATTER, strict=True) if token.startswith(ARROW)] == [1, 1]
    assert sum(found.gate("i")) == 2


def test_a_plain_state_fades_where_a_cell_state_stays():
    h, c = tale.read_plainly(KEPT).h, tale.read(KEPT).c
    assert all(later < earlier / 2 for earlier, later in pairwise(h))
    assert set(c) == {c[0]}


@pytest.mark.parametrize(("bias", "f"), [(0.0, 0.5), (-2.0, 0.119202922), (8.0, 0.999664650)])
def test_what_is_left_is_a_power_of_the_forget_gate(bias, f):
    facts = told.facts("forget", {"bias": bias})
    assert facts["f"] == pytest.approx(f, rel=1e-8)
    assert facts["left"] == pytest.approx(0.8 * f ** (len(KEPT) - 1), rel=1e-7)


def test_at_the_reset_the_forget_gate_alone_moves_and_its_terms_say_why():
    facts, found = told.facts("reset", {}), tale.read(WHOLE)
    assert facts["answers"] == {"which": "f"}
    assert [letter for letter in "fio" if found.gate(letter)[told.AT] != found.gate(letter)[told.AT - 1]] == ["f"]
    assert facts["sum"] == facts["bias"] + facts["marker"] < 0
    assert (facts["f"], facts["after"]) == (0, 0)
    assert facts["before"] > 0


def test_no_gradient_comes_back_over_the_reset():
    facts, found = told.facts("back", {}), tale.read(WHOLE)
    assert facts["answers"] == {"earlier": "zero"}
    assert found.dc[: told.AT] == [0] * told.AT
    assert set(found.dc[told.AT :]) == {facts["there"]}
    assert facts["step"] - facts["earlier"] == facts["back"] == told.BACK


@pytest.mark.parametrize("held", [0.0, 0.4, 1.0])
def test_a_clamped_gate_lets_through_what_it_is_open_both_ways(held):
    facts, usual = told.facts("clamp", {"held_open": held}), tale.read(WHOLE)
    assert facts["end"] == pytest.approx(usual.c[-1] + held * usual.c[told.AT - 1])
    clamped = tale.read(WHOLE, held=(told.AT, held))
    assert facts["reached"] == pytest.approx(held * clamped.dc[-1])
    assert (facts["was"], facts["without"]) == (usual.c[-1], 0)


def test_the_trained_unit_forgets_at_each_space_and_nowhere_else():
    run, unit = told.reading("learned", {}), told.heedful()
    assert told.facts("learned", {})["unit"] == unit + 1
    f = run.untouched.gate("f", unit)
    spaces = np.array([token == "␣" for token in run.tokens])
    assert f[spaces].max() < 0.1 < 0.5 < f[~spaces].min()


def test_what_the_trained_unit_holds_at_the_first_space_is_new():
    facts, run = told.facts("learned", {}), told.reading("learned", {})
    layer, unit, at = run.untouched.trace[0, 0], told.heedful(), run.tokens.index("␣")
    new = layer.gates["i"][at, 0, unit] * layer.gates["g"][at, 0, unit]
    assert facts["c"] == pytest.approx(facts["old"] + new, rel=1e-5)
    assert 0 < facts["old"] < 0.1 * facts["c"]


@pytest.mark.parametrize(("beat", "answer"), [("reset", range(told.AT, len(WHOLE))), ("back", range(told.AT + 1))])
def test_an_answer_is_not_on_the_stage_before_the_reader_has_chosen(beat, answer):
    asked, played = (stage.view(moment(beat, told=one)) for one in (False, True))
    backward = asked["pass"] == "backward"
    hidden = range(asked["hide_from"] + 1) if backward else range(asked["hide_from"], len(WHOLE))
    assert set(answer) <= set(hidden)
    assert asked["step"] not in hidden
    assert asked["locked"]
    assert asked["play_to"] is None
    assert "equation" not in asked["show"]
    assert played["hide_from"] is None
    assert played["play_to"] in answer
    assert asked["token"] != played["token"]
    assert not played["locked"]


def test_a_clamped_run_is_compared_with_the_network_as_it_is():
    for beat in WORDS.beats:
        ghost = stage.view(moment(beat, held_open=0.3))["ghost"]
        assert ghost == (tale.read(WHOLE).c if beat == "clamp" else None)


@pytest.mark.parametrize("bias", [-2.0, 0.0, 4.5, 5.0, 7.5, 8.0])
def test_the_number_is_said_to_stay_only_where_it_does(bias):
    facts = told.facts("forget", {"bias": bias})
    body = WORDS.section("forget", facts).body
    assert ("now it stays" in body.replace("\n", " ")) == (facts["left"] > 0.95 * facts["number"])
    assert "1.000" not in body


@pytest.mark.parametrize("held", [0.0, 0.05, 0.95, 1.0])
def test_of_a_clamp_that_changes_nothing_no_difference_is_told(held):
    body = WORDS.section("clamp", told.facts("clamp", {"held_open": held})).body
    assert ("instead of" in body) == (held > 0)


def test_a_link_in_the_text_sets_the_stage_and_the_next_beat_puts_it_right():
    sent = stage.view(moment("clamp", stage={"select": "c", "pass": "backward", "step": 1}))
    usual = stage.view(moment("clamp"))
    assert (sent["select"], sent["pass"], sent["step"]) == ("c", "backward", 0)
    assert (usual["pass"], usual["step"]) == ("forward", len(WHOLE) - 1)
    assert sent["token"] != usual["token"]
    assert stage.view(moment("clamp", epoch=1))["token"] != usual["token"]
