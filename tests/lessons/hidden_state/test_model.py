"""Hidden state: its facts are the engine's numbers, and its verdicts follow from them."""

import numpy as np
import pytest

from lessons.common import inputs
from lessons.hidden_state import model
from lessons.hidden_state.model import DEFAULT_SENTENCE, SENTENCE, TWO_PASTS, WEATHER, Settings
from tests.hidden_state import Expected, assert_sent, parts, spelled, temperatures
from tests.lessons.common.visits import components, settled, visit

RAT = DEFAULT_SENTENCE[:4] + "r" + DEFAULT_SENTENCE[5:]
DAYS = Expected(temperatures())


def run(**values):
    return model.experiment(Settings(**settled("hidden_state", values)))


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, DAYS),
        ({"units": 1}, Expected(temperatures(), units=1)),
        ({"units": 32}, Expected(temperatures(), units=32)),
        ({"rho": 0.0}, Expected(temperatures(), rho=0.0)),
        ({"rho": 1.5}, Expected(temperatures(), rho=1.5)),
        ({"days": 2}, Expected(temperatures(days=2))),
        ({"days": 60}, Expected(temperatures(days=60))),
        ({"seed": 9999}, Expected(temperatures(), seed=9999)),
        ({"day": "2012-01-01"}, Expected(temperatures(first=0))),
        ({"input": SENTENCE}, Expected(spelled(DEFAULT_SENTENCE))),
        ({"input": TWO_PASTS}, Expected(spelled(DEFAULT_SENTENCE, RAT))),
    ],
)
def test_the_network_is_that_of_the_settings_and_the_player_gets_its_numbers(values, expected) -> None:
    assert np.array_equal(run(**values).h, expected.h)
    assert np.array_equal(run(**values).grads[0, 0].dh[:, 0], expected.dh)
    at = visit("hidden_state", mode="explore", **{name: str(value) for name, value in values.items()})
    assert_sent(components(at)["hidden_state"].bytes, expected)


def test_the_player_says_what_was_read_and_that_nothing_was_learned() -> None:
    header, _ = parts(components(visit("hidden_state", mode="explore"))["hidden_state"].bytes)
    assert header["tokens"] == [f"{c:.1f}" for c in inputs.weather().celsius[100:124]]
    assert header["inputs"] == ["x"]
    assert "random weights" in header["note"]
    assert (header["start"]["step"], header["start"]["unit"], header["start"]["selected"]) == (7, 0, "h")


@pytest.mark.parametrize(("step", "unit"), [(0, 0), (10, 3), (23, 7)])
def test_the_terms_of_a_unit_are_input_past_and_bias_and_make_its_state(step, unit) -> None:
    net = DAYS.trace.network.layers[0][0]
    facts = model.facts(run(), step, unit)
    assert (facts.step, facts.unit) == (step + 1, unit + 1)
    assert facts.now == pytest.approx(float(net.weight_ih[unit] @ DAYS.x[step]))
    assert facts.past == pytest.approx(float(net.weight_hh[unit] @ DAYS.h[step - 1]) if step else 0.0)
    assert np.tanh(facts.now + facts.past + facts.bias) == pytest.approx(DAYS.h[step, unit])
    sizes = {"input": abs(facts.now), "past": abs(facts.past), "bias": abs(facts.bias)}
    assert facts.answers["term"] == facts.largest == max(sizes, key=sizes.__getitem__)
    assert facts.dh == DAYS.dh[step, unit]
    assert facts.dh_first == np.abs(DAYS.dh[0]).max()


@pytest.mark.parametrize(
    "typed",
    ["", " \n", "x" * 10_000, "🙂🙃👩‍👩‍👧", "<img src=x>", "مرحبا بالعالم", "\u202eevil\u0000", "`'\"\\{}%", "a"],
)
@pytest.mark.parametrize("kind", [SENTENCE, TWO_PASTS])
def test_any_text_is_read_symbol_by_symbol(kind, typed) -> None:
    here = run(input=kind, text=typed)
    read = inputs.symbols(typed[:200]) or list(DEFAULT_SENTENCE)
    assert here.reading.tokens == tuple("␣" if symbol == " " else symbol for symbol in read)
    assert here.reading.x.sum() == len(read)
    facts = model.facts(here, 0, 0)
    assert facts.nothing == (not typed.strip())
    assert bool(facts.shortened) == (len(typed) > 1000)


@pytest.mark.parametrize("becomes", ["", " ", "c", "<b>", "🙂🙂"])
def test_any_symbol_can_replace_another_and_two_pasts_may_be_the_same(becomes) -> None:
    facts = model.facts(run(input=TWO_PASTS, becomes=becomes), 0, 0)
    assert facts.same_pasts == (becomes == "c")
    assert (facts.survival is None) == facts.same_pasts


@pytest.mark.parametrize("rho", [0.0, 0.5, 0.9, 1.0, 1.5])
def test_how_long_a_difference_survives_is_measured_and_within_what_theory_allows(rho) -> None:
    facts = model.facts(run(input=TWO_PASTS, rho=rho), 0, 0)
    survival = facts.survival
    one, other = (Expected(x, rho=rho).h for x in (spelled(DEFAULT_SENTENCE, RAT), spelled(RAT, DEFAULT_SENTENCE)))
    norms = np.linalg.norm(one - other, axis=1)[4:]
    below = norms < 0.01 * norms[0]
    assert survival.share == pytest.approx(norms[-1] / norms[0])
    assert survival.steps == len(norms) - 1
    if below[-1]:
        assert survival.lasted == np.flatnonzero(~below)[-1] + 1
        assert survival.lasted <= survival.most
        assert facts.answers["survival"] == {True: "few", False: "some"}[survival.lasted <= 5]
    else:  # what is not seen to die is not said to last longer than the text
        assert survival.lasted is None
        assert facts.answers["survival"] == "end"
    assert (survival.most is None) == (rho >= 1)
    if survival.most is not None:
        assert rho**survival.most < 0.01


def test_without_a_loop_the_same_input_gives_the_same_state_and_with_one_another() -> None:
    for rho, answer in ((0.0, "same"), (0.9, "different")):
        facts = model.facts(run(rho=rho), 0, 0)
        assert facts.answers["same"] == answer
        h = run(rho=rho).h
        assert facts.twice.apart == np.linalg.norm(h[facts.twice.earlier - 1] - h[facts.twice.later - 1])
        assert run().reading.tokens[facts.twice.earlier - 1] == run().reading.tokens[facts.twice.later - 1]


@pytest.mark.parametrize("kind", [WEATHER, SENTENCE, TWO_PASTS])
def test_the_questions_are_answered_by_trying(kind) -> None:
    here = run(input=kind)
    checks = model.checks(here, model.facts(here, 7, 0))
    assert checks.answers == {"term": checks.here.largest, "zero": "none", "order": "no"}
    assert checks.moved == 0
    backwards = Expected(here.reading.x[::-1])
    assert checks.apart == pytest.approx(np.linalg.norm(here.h[-1] - backwards.h[-1]))


def test_a_state_does_not_know_the_order_where_both_orders_end_alike() -> None:
    here = run(input=SENTENCE, text="abcba")
    assert model.checks(here, model.facts(here, 0, 0)).answers["order"] == "yes"
