"""Holding values on a lesson's page: a control like any other, one call for the model, programs to reproduce it."""

import numpy as np
import pytest

import rnnviz as rv
from lessons.backprop_through_time import model as backprop_through_time
from lessons.common.controls import every_id, settle
from lessons.common.interventions import HOLDS, held_pass
from lessons.common.program import program
from lessons.hidden_state import model as hidden_state
from lessons.lstm_gates import model as lstm_gates
from tests.lessons.common.visits import LESSONS, move, say, visit
from tests.lessons.common.words import Lesson
from tests.lessons.record.compare import LESSONS as FOLDERS
from tests.lessons.record.compare import run as printed_by

HOLDING = [slug for slug in LESSONS if HOLDS.id in every_id(Lesson.open(slug).model.controls)]


@pytest.mark.parametrize("said", [None, "", "nonsense", 3, ["f_1_1"], "f_0_0_0", "<b>__f"])
def test_what_is_no_hold_is_the_default(said):
    assert HOLDS.read(said) == ""


@pytest.mark.parametrize("said", ["f_9_1_0.35", "f_9_1_0.350", "x__f_9_1_0.35__f_1", ["f_1_1_1", "f_9_1_0.35"]])
def test_the_control_reads_holds_in_their_shortest_form(said):
    assert HOLDS.read(said) == "f_9_1_0.35"
    assert HOLDS.read(HOLDS.write(HOLDS.read(said))) == HOLDS.read(said)


def test_the_lessons_with_a_player_to_operate_on_can_be_held():
    assert {"hidden_state", "lstm_gates", "gru_gates", "bidirectional_and_stacked"} <= {*HOLDING}
    assert "backprop_through_time" in HOLDING


@pytest.mark.parametrize("slug", HOLDING)
def test_an_address_that_holds_opens_the_lab_and_says_it_again(slug):
    at = visit(slug, holds="h_2_1_0.5__q_1_1_1")
    assert at.query_params["holds"] in ("h_2_1_0.5", ["h_2_1_0.5"])
    assert settle(Lesson.open(slug).model.controls, {"holds": "h_2_1_0.5"})[1]["holds"] == "h_2_1_0.5"


@pytest.mark.parametrize("slug", HOLDING)
def test_what_is_held_beyond_the_last_step_is_not_said_by_the_address(slug):
    assert visit(slug, holds="h_2_1_0.5__h_999_1_0.5").query_params["holds"] in ("h_2_1_0.5", ["h_2_1_0.5"])
    assert "holds" not in visit(slug, holds="h_999_1_0.5").query_params


def test_what_is_held_is_back_with_the_steps_that_it_is_held_at():
    at = visit("gru_gates", holds="h_12_1_0.5", hold=20)
    assert "holds" not in move(at, hold=3).query_params
    assert "h_12_1_0.5" in move(at, hold=20).query_params["holds"]


@pytest.mark.parametrize("slug", HOLDING)
def test_a_preset_frees_what_is_held(slug):
    model = Lesson.open(slug).model
    at = visit(slug, holds="h_2_1_0.5")
    say(at, "ask", event={"target": "preset", "value": next(iter(model.PRESETS))})
    assert "holds" not in at.query_params


def lstm_run(holds):
    return lstm_gates.experiment(lstm_gates.Settings(holds=holds))


def test_the_lstm_s_two_runs_differ_from_the_first_held_step_on():
    run = lstm_run("f_9_1_0.35__x_12_1_0.2")
    assert run.operated
    changed, untouched = (np.asarray(r.trace[0, 0].c)[:, 0] for r in (run.changed, run.untouched))
    np.testing.assert_array_equal(changed[:8], untouched[:8])
    assert changed[8, 0] != untouched[8, 0]
    x, surgery = held_pass(run.network, run.x, "f_9_1_0.35__x_12_1_0.2")
    np.testing.assert_array_equal(changed, np.asarray(rv.unroll(run.network, x, surgery=surgery)[0, 0].c)[:, 0])
    assert run.x[11, 0, 0] != 0.2, "what is read is left as it is"


def test_holds_of_another_network_operate_on_nothing():
    run = lstm_run("z_2_1_0.5__f_99_1_0__h_1_99_1")
    assert not run.operated
    assert run.changed is run.untouched


def test_in_the_story_a_dragged_valve_is_the_slider():
    values = {"intervention": lstm_gates.CLAMP}
    assert lstm_gates.held("f_4_1_0.3", values) == {"held_open": 0.3}
    assert lstm_gates.held("f_1_1_0.9__f_4_1_0.3__c_4_1_1", values) == {"held_open": 0.3}
    assert lstm_gates.held("", values) == {"held_open": 0.0}, "freed, it closes at the reset as it does by itself"
    assert lstm_gates.held("f_4_1_0.3", {}) == {}


@pytest.mark.parametrize("text", ["f_9_1_0.35__h_3_1_0.5__c_5_2_-0.4__x_2_1_0.9", "x_1_2_0.5"])
def test_the_lstm_s_program_prints_what_is_held(text):
    settings = lstm_gates.Settings(holds=text)
    run = lstm_gates.experiment(settings)
    printed = printed_by(program(FOLDERS / "lstm_gates", **lstm_gates.program(run, settings, 10, 0)))
    layer = run.changed.trace[0, 0]
    for value in (layer.gates["f"][10, 0, 0], layer.c[10, 0, 0], run.changed.grads[0, 0].dc[10, 0, 0]):
        assert f"{float(value):.6g}" in printed


@pytest.mark.parametrize("kind", [{}, {"input": "two_pasts"}])
def test_the_hidden_state_s_program_prints_what_is_held(kind):
    settings = hidden_state.Settings(**kind, holds="h_4_1_0.5__x_2_1_0.9")
    run = hidden_state.experiment(settings)
    here = hidden_state.facts(run, 8, 2)
    printed = printed_by(program(FOLDERS / "hidden_state", **hidden_state.program(run, here)))
    assert float(run.trace[0, 0].h[3, 0, 0]) == 0.5
    for value in (run.h[8, 2], run.grads[0, 0].dh[8, 0, 2], *(run.norms[8:10] if run.norms is not None else ())):
        assert f"{float(value):.6g}" in printed


@pytest.mark.parametrize("network", ["random", "trained", "weather"])
@pytest.mark.parametrize("text", ["h_3_1_0.5", "x_1_1_0.4__h_5_1_-0.5"])
def test_the_way_back_s_program_prints_what_is_held(network, text):
    _, values = settle(backprop_through_time.controls, {"network": network, "holds": text, "k": 4})
    _, free = settle(backprop_through_time.controls, {"network": network, "k": 4})
    run = backprop_through_time.experiment(values)
    printed = printed_by(program(FOLDERS / "backprop_through_time", **backprop_through_time.program(run, values)))
    assert run.loss.value != backprop_through_time.experiment(free).loss.value
    assert f"{run.loss.value:.6g}" in printed
    for norm in run.norms:
        assert f"{float(norm):.6g}" in printed
