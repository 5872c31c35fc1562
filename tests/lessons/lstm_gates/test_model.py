"""What the lesson on LSTM gates says are the engine's numbers, and its arithmetic comes out right as it is printed."""

from math import fsum

import numpy as np
import pytest

import rnnviz as rv
from lessons.common.controls import from_address, settle, to_address
from lessons.common.program import program
from lessons.common.signals import hold_signal, lstm_by_hand, reset_signal
from lessons.common.trained import probabilities, spell
from lessons.lstm_gates import model
from lessons.lstm_gates.experiment import with_letters
from lessons.lstm_gates.model import CLAMP, HOLD, NONE, RESET, SENTENCE, SHIFT, TEXT, Facts
from rnnviz import Pin, Shift
from rnnviz.activations import sigmoid
from rnnviz.diagnostics import measured_retention
from rnnviz.diagrams.arithmetic import as_printed
from rnnviz.numbers import significant
from tests.lessons.record.compare import LESSONS, run

FIRST = {RESET: 8, HOLD: 6, TEXT: 6}


def settings(**said) -> model.Settings:
    return model.Settings(**settle(model.controls, said)[1])


def look(step=None, unit=0, gate="f", **said) -> Facts:
    """What there is to say at a step from 0, with these controls."""
    s = settings(**said)
    return model.look(s, model.experiment(s), s.start if step is None else step, unit, gate)


def passes(network, x, surgery=()):
    """There and back from the last output."""
    trace = rv.unroll(network, x[:, None], surgery=surgery)
    dy = np.zeros_like(trace.y)
    dy[-1] = 1
    return trace, rv.backpropagate(network, trace, dy)


def test_the_first_page_knows_which_gate_closed_why_and_what_it_did_to_the_gradient():
    found = look().seen
    trace, grads = passes(lstm_by_hand(8.0), reset_signal(3, 0).x)
    f, dc = trace[0, 0].gates["f"][:, 0, 0], grads[0, 0].dc[:, 0, 0]
    assert (found.step, found.reads, found.gate.letter, found.gate.how) == (9, "reset", "f", "closed")
    assert found.gate.terms == (("bias", "", 8.0), ("input", "reset", -16.0))
    assert (found.gate.sum, found.gate.value) == (-8.0, f[8])
    assert (found.gate.spread, found.gate.lowest, found.gate.least) == ("lowest", 9, f.min())
    assert (found.back.here, found.back.before) == (dc[8], dc[5])
    assert found.back.other is None
    assert found.back.along == pytest.approx(dc[8] * f[6:9].prod(), rel=1e-12)


@pytest.mark.parametrize("bias", [-2.0, 0.0, 8.0])
def test_the_bias_alone_predicts_what_is_left_where_the_gate_listens_to_nothing_else(bias):
    memory = look(4, input=HOLD, bias=bias).seen.memory
    trace, _ = passes(lstm_by_hand(bias), hold_signal(12, 0.8, 0).x)
    kept = float(sigmoid(np.array([bias]))[0])
    assert (memory.kept, memory.why) == (kept, "bias")
    assert memory.predicted == pytest.approx(kept**5, rel=1e-12)
    assert memory.arrived == measured_retention(trace, 0)[5]
    printed = as_printed(memory.kept, memory.digits)
    assert significant(printed**5 * (1 + 1e-15)) == significant(memory.predicted)


@pytest.mark.parametrize("intervention", [NONE, CLAMP])
def test_what_cannot_be_told_from_rounding_is_no_number(intervention):
    """Unit 2 keeps 0.000335 of its cell at each step; a closed gate keeps nothing."""
    assert look(12, 1, input=HOLD, intervention=intervention).seen.memory.arrived is None


@pytest.mark.parametrize("span", [(1, 1), (9, 9), (1, 20), (20, 20)])
@pytest.mark.parametrize("unit", [0, 1, 2])
def test_an_intervention_is_compared_with_the_network_as_it_is(span, unit):
    found = look(13, intervention=CLAMP, held_open=0.65, span=span, of_unit=unit)
    network, x = lstm_by_hand(8.0), reset_signal(3, 0).x
    pin = Pin("f", 0.65, span[0] - 1, span[1] - 1, None if unit == 0 else (unit - 1,))
    (one, back_one), (two, back_two) = passes(network, x), passes(network, x, (pin,))
    change = found.seen.change
    assert (change.first, change.last, change.unit, change.amount) == (*span, unit, 0.65)
    assert (change.end, change.was) == (two.y[-1, 0, 0], one.y[-1, 0, 0])
    if span[0] > 1:
        at = span[0] - 2
        assert (change.through, change.without) == (back_two[0, 0].dc[at, 0, 0], back_one[0, 0].dc[at, 0, 0])
    else:
        assert change.through is None
    assert np.array_equal(found.run.changed.dc(0), back_two[0, 0].dc[:, 0, 0])


@pytest.mark.parametrize("kind", [RESET, HOLD, TEXT])
@pytest.mark.parametrize("gate", "figo")
@pytest.mark.parametrize("intervention", [CLAMP, SHIFT])
def test_an_intervention_does_what_its_controls_say(kind, gate, intervention):
    controls, values = settle(model.controls, {"input": kind, "gate": gate, "intervention": intervention})
    (amount,) = (c for c in controls if c.id.startswith(("held", "by")))
    for value in (amount.low, amount.high):
        (cut,) = model.Settings(**values | {amount.id: value}).surgery
        assert (cut.by if intervention == SHIFT else cut.value) == value
        assert isinstance(cut, Shift if intervention == SHIFT else Pin)
        assert (cut.gate, cut.first) == (gate, model.usual(values) - 1)


def test_clamped_forget_gate_closes_the_direct_path_but_not_the_one_through_h():
    """By hand W_h = 0, and nothing arrives; on the trained network a good part of the gradient does, through h."""
    by_hand = model.checks(model.experiment(settings()), 8)
    assert (by_hand.across, by_hand.answers["path"]) == (0.0, "none")
    run = model.experiment(settings(input=TEXT))
    shares = [model.checks(run, step).across for step in (10, 20, 30, 40)]
    assert min(shares) > 0.05
    closed = look(33, input=TEXT, intervention=CLAMP).seen.back
    assert closed.along == 0
    assert closed.other == closed.before != 0


@pytest.mark.parametrize("kind", [RESET, HOLD, TEXT])
def test_direct_path_is_the_gradient_where_there_is_no_other(kind):
    run = model.experiment(settings(input=kind)).changed
    same = np.allclose(run.direct(0), run.dc(0), rtol=1e-9, atol=0)
    assert same == (kind != TEXT)
    assert run.direct(0)[-1] == run.dc(0)[-1]


def test_an_intervention_is_not_taken_for_the_bias():
    """With f held at 1 at the reset, as much is left as the bias would leave; the bias did not do that."""
    found = look(10, intervention=CLAMP).seen
    assert found.memory.why == "intervention"
    assert found.memory.untouched < 0.001 < 0.9 < found.memory.arrived
    assert (found.gate.lowest, found.gate.token) == (1, "↓\N{THIN SPACE}0.4")


def test_an_intervention_begins_where_it_shows():
    assert settings(intervention=CLAMP).span == (9, 9)
    assert settings(intervention=CLAMP).held_open == 1.0
    assert settings(intervention=CLAMP, input=HOLD).held == 0.0


def test_a_span_beyond_a_shorter_sequence_goes_back_to_its_default():
    assert settings(intervention=CLAMP, span=(18, 20), gap=1).span == (5, 5)


@pytest.mark.parametrize(
    ("ends", "span"),
    [
        (["20", "1"], (1, 20)),
        (["3", "5"], (3, 5)),
        (["0", "99"], (9, 9)),
        (["x", "y"], (9, 9)),
        (["3"], (9, 9)),
        (["1", "2", "3"], (9, 9)),
    ],
)
def test_old_addresses_set_what_they_set(ends, span):
    values = from_address(model.controls, {"surgery": "pin a gate", "operated_unit": "2", "span": ends})
    assert (values["intervention"], values["of_unit"], values["span"]) == (CLAMP, 2, span)
    controls, values = settle(model.controls, values)
    assert from_address(model.controls, to_address(controls, values)) == values


@pytest.mark.parametrize("typed", ["", " ", "a", "ab", "x" * 10_000, "🙂🙃", "<img src=x>", "$x$ **b**", "\0"])
def test_any_text_can_be_typed(typed):
    found = look(0, input=TEXT, text=typed, intervention=SHIFT)
    read = spell(typed[:200])[: model.MOST_LETTERS]
    assert found.steps == (len(read) if len(read) > 1 else model.MOST_LETTERS) - 1
    assert found.seen.back is None


@pytest.mark.parametrize(
    ("typed", "lost"), [("", "short"), ("🙂", "short"), ("x" * 50, "long"), ("a1b2", "strange"), ("Été", "")]
)
def test_what_cannot_be_read_is_known(typed, lost):
    assert look(0, input=TEXT, text=typed).lost == lost


def test_predictions_are_judged_by_what_the_engine_did():
    assert look().answers == {"gradient": "hundredth"}
    assert look(intervention=CLAMP).answers == {"gradient": "hundredth"}  # it is about the network as it is
    assert look(input=HOLD).answers == {"left": "most"}
    assert look(input=HOLD, bias=-2.0).answers == {"left": "little"}
    assert look(input=TEXT, text="abcdef").answers == {}


def test_the_trained_gates_judge_the_prediction_about_spaces():
    found = look(input=TEXT)
    f = with_letters(spell(SENTENCE)[:49], 0.0, ()).untouched.trace[0, 0].gates["f"][:, 0].mean(axis=1)
    spaces = np.array([symbol == " " for symbol in spell(SENTENCE)[:48]])
    assert found.openness == pytest.approx((f[spaces].mean(), f[~spaces].mean()))
    assert found.answers["space"] == ("space" if f[spaces].mean() > f[~spaces].mean() else "letter")


@pytest.mark.parametrize("kind", [RESET, HOLD, TEXT])
def test_the_questions_know_the_engine_s_answers(kind):
    found = model.checks(model.experiment(settings(input=kind)), 5)
    assert found.answers == {
        "keep": "stays",
        "bias": "low",
        "output": "all",
        "path": "some" if kind == TEXT else "none",
    }


@pytest.mark.parametrize("kind", [RESET, HOLD, TEXT])
@pytest.mark.parametrize("intervention", [NONE, CLAMP, SHIFT])
def test_the_program_prints_the_numbers_of_the_page(kind, intervention):
    s = settings(input=kind, intervention=intervention, more=1.5)
    found = model.experiment(s)
    one = found.changed
    printed = run(program(LESSONS / "lstm_gates", **model.program(found, s, 7, 1)))
    wanted = [one.gate(gate, 1)[7] for gate in "ifgo"]
    wanted += [one.c(1)[7], one.dc(1)[7], measured_retention(one.trace, 1)[8]]
    assert [f"{value:.6g}" for value in wanted] == [number for number in printed if number != "64"]


def test_the_loss_at_the_last_letter_is_what_the_backward_pass_starts_from():
    found = with_letters(spell(SENTENCE)[:49], 0.0, ())
    one = found.changed
    p = probabilities(one.trace.y[-1, 0])[found.targets[-1]]
    assert one.loss == pytest.approx(-np.log(p))
    assert one.outcome[-1] == pytest.approx(p)
    assert not one.grads.dy[:-1].any()
    assert one.grads.dy[-1].any()


@pytest.mark.parametrize("kind", [RESET, HOLD, TEXT])
@pytest.mark.parametrize("intervention", [NONE, CLAMP, SHIFT])
@pytest.mark.parametrize("gate", "fi")
def test_the_printed_sums_and_products_come_out_right(kind, intervention, gate):
    for step in (4, 9, 11):
        found = look(step, 0, gate, input=kind, intervention=intervention).seen
        back, terms = found.back, found.gate
        product = np.prod([as_printed(one, back.more) for one in (back.here, *back.factors)])
        assert significant(float(product), back.digits) == significant(back.along, back.digits)
        if not terms.clamped:
            sum_ = fsum(as_printed(value, terms.more) for *_, value in terms.terms)
            assert significant(sum_, terms.digits) == significant(terms.sum, terms.digits)
