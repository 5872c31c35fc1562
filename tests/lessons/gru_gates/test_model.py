"""GRU gates: both networks are the engine's, the verdicts are measured, and the price is counted."""

import numpy as np
import pytest

import rnnviz as rv
from lessons.common.program import program
from lessons.common.signals import gru_by_hand, hold_signal, lstm_by_hand, reset_signal
from lessons.common.trained import spell, trained
from lessons.gru_gates import experiment as pair
from lessons.gru_gates import model
from lessons.gru_gates.model import AFTER, BEFORE, HOLD, RESET, SENTENCE, TEXT, Settings
from rnnviz.cells import GRU, LSTM
from tests.lessons.common.visits import settled
from tests.lessons.record.compare import LESSONS
from tests.lessons.record.compare import run as printed_by

KINDS = (HOLD, RESET, TEXT)


def chosen(**values):
    return Settings(**settled("gru_gates", values))


def run(**values):
    return model.experiment(chosen(**values))


def facts(step=5, unit=0, **values):
    return model.facts(chosen(**values), run(**values), step, unit)


def assert_is(here, network, x):
    """The GRU of the page is this network, reading this."""
    expected = rv.unroll(network, x[:, None] if x.ndim == 2 else x)
    assert np.array_equal(here.passes["gru"].y, expected.y)
    assert np.array_equal(here.passes["gru"][0, 0].gates["z"], expected[0, 0].gates["z"])


@pytest.mark.parametrize("keep", [-2.0, 2.0, 8.0])
@pytest.mark.parametrize("reset_bias", [-8.0, 8.0])
@pytest.mark.parametrize("k", [1, 40])
def test_a_held_value_is_read_by_both_networks_set_by_hand(keep, reset_bias, k):
    here = run(input=HOLD, hold=k, keep=keep, reset_bias=reset_bias)
    x = hold_signal(k, 0.8, 0).x
    assert_is(here, gru_by_hand(keep, reset_bias), x)
    assert np.array_equal(here.passes["lstm"].y, rv.unroll(lstm_by_hand(keep), x[:, None]).y)


@pytest.mark.parametrize("gap", [1, 8])
@pytest.mark.parametrize("place", [AFTER, BEFORE])
def test_the_reset_gate_stands_where_it_is_said(gap, place):
    here = run(input=RESET, gap=gap, reset_place=place, seed=3)
    assert_is(here, gru_by_hand(2.0, 8.0, place == AFTER), reset_signal(gap, 3).x)
    assert here.gru.reset_after == (place == AFTER)


@pytest.mark.parametrize(("size", "name"), list(model.SIZES.items()))
@pytest.mark.parametrize("place", [AFTER, BEFORE])
def test_the_trained_networks_read_the_sentence(size, name, place):
    network, about = trained(name)
    turned = rv.Network.from_state_dict(network.state_dict(), "gru", reset_after=place == AFTER)
    assert_is(run(input=TEXT, size=size, reset_place=place), turned, about.one_hot(spell(SENTENCE)[:-1]))


@pytest.mark.parametrize("typed", ["", " ", "a", "ab", "x" * 10_000, "🙂🙃", "<img src=x>", "$x^2$ **b**", "\u0000"])
def test_any_text_is_read_or_ours_where_there_is_nothing_to_read(typed):
    symbols = spell(typed[:200])[:64]
    read = symbols if len(symbols) > 1 else spell(SENTENCE)
    assert_is(run(input=TEXT, text=typed), trained("letters_gru")[0], trained("letters_gru")[1].one_hot(read[:-1]))


@pytest.mark.parametrize(("keep", "answer"), [(2.0, "gru"), (8.0, "neither")])
def test_whose_output_the_distractors_move_is_measured(keep, answer):
    found = facts(keep=keep)
    assert found.answers == {"moved": answer}
    x = hold_signal(12, 0.8, 0).x
    turned = x.copy()
    turned[1:, 0] *= -1
    for cell, network in (("gru", gru_by_hand(keep, 8.0)), ("lstm", lstm_by_hand(keep))):
        one, other = (rv.unroll(network, signal[:, None]).y[-1, 0, 0] for signal in (x, turned))
        assert found.moves[cell] == pytest.approx(abs(one - other))


def test_the_first_visit_shows_what_a_gru_gives_up():
    """At what opens the page the GRU lets the distractors in, the LSTM of the same bias does not."""
    found = facts(**model.OPENING)
    assert found.answers == {"moved": "gru"}
    off = {cell: abs(found.ended[cell] - found.ended["target"]) for cell in ("gru", "lstm")}
    assert off["gru"] > off["lstm"]
    assert abs(found.best["gru"] - found.best["target"]) < off["gru"]


def test_the_loss_on_unseen_text_judges_the_prediction():
    ratio = trained("letters_gru")[1].loss / trained("letters_lstm")[1].loss
    expected = "alike" if abs(ratio - 1) <= 0.05 else "lower" if ratio < 1 else "higher"
    assert facts(input=TEXT).answers == {"loss": expected}
    assert model.about(run(input=TEXT)).lead == pytest.approx(abs(ratio - 1))


@pytest.mark.parametrize(("step", "unit"), [(0, 0), (3, 1)])
def test_z_and_what_it_lets_in_add_up_to_one(step, unit):
    found = facts(step, unit)
    z = run().passes["gru"][0, 0].gates["z"][step, 0, unit]
    assert (found.z, found.other) == (z, 1 - z)
    assert (found.step, found.unit) == (step + 1, unit + 1)


@pytest.mark.parametrize("kind", KINDS)
def test_the_questions_are_answered_by_trying(kind):
    found = model.checks(run(input=kind))
    assert found.answers == {"keeps": "stays", "sign": "sign", "share": "three_quarters"}
    assert found.moved < 0.01
    assert found.gru / found.lstm == pytest.approx(3 / 4)


# What the reader holds in the picture


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_held_is_held_in_the_gru_and_inputs_in_both(kind):
    here = run(input=kind, holds="z_3_1_0.25__x_2_1_0.5")
    assert here.passes["gru"][0, 0].gates["z"][2, 0, 0] == 0.25
    assert [trace[0, 0].x[1, 0, 0] for trace in here.passes.values()] == [0.5, 0.5]
    assert here.operated
    assert not run(input=kind, holds="q_3_1_0.25__z_99999_1_0").operated
    assert np.array_equal(here.free.passes["gru"].y, run(input=kind).passes["gru"].y)


@pytest.mark.parametrize("kind", KINDS)
def test_predictions_and_questions_are_about_the_networks_as_they_are(kind):
    held = {"input": kind, "holds": "z_1_1_0__z_2_1_1__h_3_1_0.5"}
    assert facts(**held).answers == facts(input=kind).answers
    assert facts(**held).moves == facts(input=kind).moves
    assert model.checks(run(**held)) == model.checks(run(input=kind))


@pytest.mark.parametrize("kind", KINDS)
def test_the_program_holds_what_the_reader_holds(kind):
    s = chosen(input=kind, holds="z_3_1_0.25__x_2_1_0.5")
    here = model.experiment(s)
    layer = here.passes["gru"][0, 0]
    printed = printed_by(program(LESSONS / "gru_gates", **model.program(s, here, 2, 0)))
    assert printed[:3] == [f"{a[2, 0, 0]:.6g}" for a in (layer.gates["z"], layer.gates["n"], layer.h)]


# The price


@pytest.mark.parametrize("H", [2, 24, 256])
def test_the_price_is_counted(H):
    price = model.price(H, [(1e-6, 2e-6, 3e-6)] * 3)
    assert price.units[:2] == [H, H]
    for k, cell in enumerate((LSTM, GRU, GRU)):
        assert price.parameters[k] == cell.parameter_count(28, price.units[k])
        assert price.multiply_adds[k] == cell.multiply_adds(28, price.units[k])
    assert abs(price.parameters[2] / price.parameters[0] - 1) < 0.2


def test_the_price_is_measured():
    times = model.measure(2)
    assert len(times) == 3
    for low, median, high in times:
        assert 0 < low <= median <= high


@pytest.mark.parametrize(
    ("gru", "overlap", "took"),
    [((1.0, 1.1, 1.2), True, 1.1 / 1.2), ((0.5, 0.6, 0.7), False, 0.5), ((2.0, 2.4, 3.0), False, 2.0)],
)
def test_who_is_quicker_is_said_only_where_the_quartiles_do_not_overlap(gru, overlap, took):
    price = model.price(24, [(1.1, 1.2, 1.3), gru, gru])
    assert price.overlap == overlap
    assert price.took == pytest.approx(took)


@pytest.mark.parametrize(("I", "H"), [(3, 2), (28, 24), (28, 256), (1, 100)])
def test_no_gru_has_a_number_of_parameters_nearer_to_the_lstm_s(I, H):
    wanted, units = LSTM.parameter_count(I, H), pair.as_many_parameters(I, H)
    off = abs(GRU.parameter_count(I, units) - wanted)
    assert all(abs(GRU.parameter_count(I, other) - wanted) >= off for other in (units - 1, units + 1))
