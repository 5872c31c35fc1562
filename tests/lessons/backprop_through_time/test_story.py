"""The story of who is to blame: its numbers are the engine's for the eight days of the first lesson."""

from math import prod
from typing import Any

import numpy as np
import pytest

import rnnviz as rv
from lessons.backprop_through_time import days, stage
from lessons.backprop_through_time.experiment import with_eight_days
from lessons.common.beats import opened
from lessons.common.story import Scene, moment_at
from lessons.hidden_state import days as first_lesson
from tests.lessons.common.words import Lesson

LESSON = Lesson.open("backprop_through_time")
WORDS = LESSON.words


def scene(beat: str, answered: bool = False, **touched: Any) -> Scene:
    place = opened(WORDS.beats, beat)
    for name, value in touched.items():
        place = place.touch(name, value)
    for question in WORDS.questions(beat) if answered else ():
        place = place.answer(question, None)
    return stage.scene(moment_at(place, WORDS, LESSON.model))


def test_the_days_and_the_networks_are_those_of_the_first_lesson() -> None:
    assert np.array_equal(days.question().x, first_lesson.read(first_lesson.celsius(first_lesson.WEEK)))
    ours, theirs = (rv.unroll(net, days.question().x).y for net in (days.one_unit(), first_lesson.one_unit().network))
    assert np.array_equal(ours, theirs)
    assert np.array_equal(rv.unroll(days.eight_units(), days.question().x).y, first_lesson.week().y)


@pytest.mark.parametrize("every", [False, True])
@pytest.mark.parametrize("network", [days.one_unit(), days.eight_units()])
def test_the_loss_has_the_gradient_that_is_sent_back(network: rv.Network, every: bool) -> None:
    y = rv.unroll(network, days.question().x).y
    loss, nudge = days.question(every).loss(y), 1e-6
    for t, q in ((7, 0), (3, 0), (0, y.shape[2] - 1)):
        up, down = y.copy(), y.copy()
        up[t, 0, q] += nudge
        down[t, 0, q] -= nudge
        slope = (days.question(every).loss(up).value - days.question(every).loss(down).value) / (2 * nudge)
        assert loss.dy[t, 0, q] == pytest.approx(slope, abs=1e-9)


def test_the_answer_at_the_end_is_wrong_and_the_first_day_was_warm() -> None:
    assert days.question().x[0, 0, 0] > 0 > scene("mistake").facts["h"]
    facts = scene("nudge").facts
    assert facts["dh"] == pytest.approx(scene("mistake").facts["h"] - 1)
    assert facts["loss"] == pytest.approx(facts["dh"] ** 2 / 2)


@pytest.mark.parametrize("value", [-1.0, -0.2, 0.5, 1.0])
def test_a_held_answer_has_the_loss_and_the_gradient_that_are_told(value: float) -> None:
    facts = scene("nudge", holds=f"h_8_1_{value:g}").facts
    assert facts["dh"] == pytest.approx(value - 1)
    assert facts["loss"] == pytest.approx((value - 1) ** 2 / 2)
    assert ("larger" in WORDS.section("nudge", facts).body) == (value < 1)


def test_a_nudge_of_the_day_before_moves_the_last_state_by_the_factor() -> None:
    network, x, nudge = days.one_unit(), days.question().x, 1e-6
    h = rv.unroll(network, x)[0, 0].h
    ends = [rv.unroll(network, x[-1:], h0=h[-2] + by)[0, 0].h[-1, 0, 0] for by in (nudge, -nudge)]
    facts = scene("step").facts
    assert facts["factor"] == pytest.approx((ends[0] - ends[1]) / (2 * nudge))
    assert facts["answers"] == {"factor": "less"}


def test_what_arrives_is_the_product_of_the_factors() -> None:
    run = with_eight_days(days.W_H)
    factors = [days.W_H * (1 - h**2) for h in run.trace[0, 0].h[1:, 0, 0]]
    facts = scene("way").facts
    assert facts["share"] == pytest.approx(prod(factors))
    assert facts["steps"] == len(factors)
    assert max(factors) < 1
    assert facts["answers"] == {"arrives": "hundredth"}


def test_a_stronger_loop_brings_more_back_until_tanh_is_flat() -> None:
    told = [scene("loop", w_h=w_h).facts for w_h in (0.0, 0.6, 0.9, 1.15, 1.3, 1.5)]
    shares = [facts["share"] for facts in told]
    assert shares[:4] == sorted(shares[:4])
    assert shares[3:] == sorted(shares[3:], reverse=True)
    assert max(shares) < 1
    texts = [WORDS.section("loop", facts).body for facts in told]
    assert ["is flat" in text for text in texts] == [False, False, False, True, True, True]


def test_where_a_state_is_held_the_gradient_that_is_told_is_the_engines() -> None:
    run = with_eight_days(days.W_H, every=True, holds="h_5_1_0.5")
    dh = run.full[0, 0].dh[:, 0, 0]
    assert dh[4] == pytest.approx(0.5 - 1 + days.W_H * (1 - run.h[4, 0] ** 2) * dh[5])
    assert dh[3] == pytest.approx(run.loss.dy[3, 0, 0])  # nothing comes through the constant


def test_the_days_together_ask_for_a_smaller_weight_though_some_do_not() -> None:
    facts = scene("weight").facts
    up, down = (with_eight_days(days.W_H + by).loss.value for by in (1e-6, -1e-6))
    assert facts["sum"] == pytest.approx((up - down) / 2e-6)
    assert facts["answers"] == {"weight": "smaller"}
    assert not facts["agree"]
    data = scene("weight").stage["data"]
    assert sum(data["parts"]) == pytest.approx(facts["sum"])
    assert int(np.abs(data["parts"]).argmax()) + 1 == facts["largest"]


def test_asked_on_every_day_the_gradient_is_the_days_own_and_what_comes_from_later() -> None:
    run = with_eight_days(days.W_H, every=True)
    dh, h = run.full[0, 0].dh[:, 0, 0], run.trace[0, 0].h[:, 0, 0]
    for t in range(7):
        assert dh[t] == pytest.approx((h[t] - 1) + days.W_H * (1 - h[t + 1] ** 2) * dh[t + 1])


def test_truncated_nothing_arrives_at_the_first_day() -> None:
    facts = scene("truncated").facts
    assert facts["answers"] == {"edge": "zero"}
    dh = with_eight_days(days.W_H, facts["k"]).truncated[0, 0].dh[:, 0, 0]
    assert (dh[: facts["first"] - 1] == 0).all()
    assert (dh[facts["first"] - 1 :] != 0).all()


@pytest.mark.parametrize("beat", [beat for beat in WORDS.beats if WORDS.questions(beat)])
def test_what_is_asked_is_not_on_the_stage_before(beat: str) -> None:
    asked, told = scene(beat).stage, scene(beat, answered=True).stage
    if asked["kind"] == "sum":
        assert (asked["locked"], asked["step"], told["play_to"]) == (True, 0, days.DAYS)
        return
    asked, told = asked["view"], told["view"]
    assert asked["locked"]
    assert asked["step"] > asked["hide_from"]
    assert told["play_to"] == (asked["step"] if beat == "step" else 0)  # the one step that is asked about, or all
    if beat in ("step", "way"):
        assert not {"circuit", "equation"} & set(asked["show"])


def test_explore_opens_on_the_days_where_the_story_stood() -> None:
    values = moment_at(opened(WORDS.beats, "loop").touch("w_h", 1.2), WORDS, LESSON.model).values
    assert values == {"network": "weather", "w_h": 1.2, "k": days.DAYS, "holds": ""}
    said = LESSON.model.facts(LESSON.model.experiment(values))
    assert (said.w, said.T, said.spells) == (1.2, days.DAYS, False)
