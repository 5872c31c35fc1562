"""Hidden state, the story: its stage shows the engine's numbers for days that a reader can follow in the head."""

from math import tanh

import numpy as np
import pytest

from lessons.common.beats import opened
from lessons.common.story import moment_at
from lessons.hidden_state import days, model, stage
from tests.lessons.common.words import Lesson

WORDS = Lesson.open("hidden_state").words


def scene(beat, answered=(), **touched):
    place = opened(WORDS.beats, beat)
    for name, value in touched.items():
        place = place.touch(name, value)
    for question in answered:
        place = place.answer(question, None)
    return stage.scene(moment_at(place, WORDS, model))


def test_what_is_read_has_one_decimal() -> None:
    x = days.read(days.celsius(days.WEEK))[:, 0, 0]
    assert x.tolist() == [round(value, 1) for value in x.tolist()]
    assert np.abs(x).max() <= 2


@pytest.mark.parametrize(("w_x", "w_h"), [(0.8, 0.6), (0.0, 0.0), (-2.0, 2.0), (1.5, -1.0)])
def test_one_unit_is_its_formula_also_where_its_weights_are_dragged(w_x, w_h) -> None:
    data, h = scene("loop", w_x=w_x, w_h=w_h).stage["data"], 0.0
    for t, x in enumerate(data["x"]):
        assert data["x_terms"][t] == pytest.approx(w_x * x)
        assert data["h_terms"][t] == pytest.approx(w_h * h, rel=1e-6, abs=1e-7)
        h = tanh(w_x * x + w_h * h + days.BIAS)
        assert data["h"][t] == pytest.approx(h, abs=1e-6)


def test_on_day_two_yesterday_outweighs_the_cold() -> None:
    facts = scene("again").facts
    assert facts["x"] < 0 < facts["h"]
    assert facts["answers"] == {"again": "above"}
    assert abs(facts["h_terms"]) > abs(facts["x_terms"])


@pytest.mark.parametrize("nonsense", [None, "x", float("nan"), True, [], {}, 1e300, -1e300])
def test_nonsense_from_a_drag_stays_within_the_weights_range(nonsense) -> None:
    data = scene("loop", w_x=nonsense).stage["data"]
    assert -2 <= data["w_x"] <= 2


def test_two_days_read_the_same_and_their_states_differ() -> None:
    earlier, later = days.PAIR
    x, h = days.read(days.celsius(days.WEEK))[:, 0, 0], days.week()[0, 0].h[:, 0]
    assert x[earlier] == x[later]
    assert not np.array_equal(h[earlier], h[later])
    facts = scene("same").facts
    assert (facts["earlier"], facts["later"]) == (earlier + 1, later + 1)
    assert facts["answers"] == {"same": "different"}


@pytest.mark.parametrize("rho", [0.0, 0.3, 0.6, 0.9, 1.2, 1.5])
def test_what_is_left_of_the_first_day_is_the_states_difference(rho) -> None:
    hot, cold = (trace[0, 0].h[:, 0] for trace in days.pasts(rho))
    apart = np.linalg.norm(hot - cold, axis=1)
    facts = scene("fading", rho=rho).facts
    assert facts["left"] == pytest.approx(apart[-1] / apart[0], rel=1e-5)
    below = apart < 0.01 * apart[0]
    assert (facts["gone"] is None) == (not below[-1])
    if below[-1]:
        assert facts["gone"] == np.flatnonzero(~below)[-1] + 2
    if rho < 1:
        assert (apart <= apart[0] * rho ** np.arange(len(apart)) * (1 + 1e-9) + 1e-15).all()


def test_more_of_the_past_is_left_where_rho_is_larger() -> None:
    left = [scene("fading", rho=rho).facts["left"] for rho in (0.0, 0.3, 0.6, 0.9)]
    assert left == sorted(left)
    assert left[0] == 0


@pytest.mark.parametrize(
    ("w_x", "w_h", "lifted"),
    [(0.8, 0.6, "loop"), (0.8, 0.4, "both"), (0.1, 0.0, "constant"), (0.8, -0.9, ""), (-0.8, 0.6, ""), (0.2, 0.0, "")],
)
def test_what_outweighs_the_cold_is_what_adds_enough(w_x, w_h, lifted) -> None:
    facts = scene("again", answered=["again"], w_x=w_x, w_h=w_h).facts
    assert facts["lifted"] == lifted
    assert facts["answers"] == {"again": "above"}
    assert facts["dragged"] == ((w_x, w_h) != (days.W_X, days.W_H))
    assert facts["turned"] == (w_h < 0 < w_x)
    total = facts["x_terms"] + facts["h_terms"] + days.BIAS
    assert facts["now"] == ("zero" if abs(total) < 1e-6 else "above" if total > 0 else "below")
