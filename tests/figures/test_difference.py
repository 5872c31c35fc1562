"""The difference of two pasts: its pixels and its number are those it was given, and it refuses what does not fit."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

import rnnviz as rv
from rnnviz.figures import Difference, difference
from tests.pictures import assert_printed, heat_maps

VALUES = np.random.default_rng(0).uniform(-1, 1, (12, 5))
DATA = Difference(VALUES, np.linalg.norm(VALUES, axis=1), 1, 0.9)
TAPE = tuple("a loop in ti")


def number_of_the_step(html: str) -> str:
    (said,) = re.findall(r'class="note">.* = <b>([^<]*)</b>', html)
    return str(said)


@given(some.integers(1, 60), some.integers(1, 32), some.data())
def test_its_pixels_are_the_values_and_its_number_is_a_norm(T: int, H: int, data: some.DataObject) -> None:
    values = np.random.default_rng(T).uniform(-1, 1, (T, H))
    norms, step = np.linalg.norm(values, axis=1), data.draw(some.integers(1, T))
    drawn = difference(Difference(values, norms, 1, 0.9), ("a",) * T, ("b",) * T, step).body
    assert np.abs(heat_maps(drawn)[0] - values.T).max() <= 0.5 / 255 + 1e-12
    assert_printed([number_of_the_step(drawn)], [norms[step - 1]])


@pytest.mark.parametrize("step", [1, 5, 12])
def test_one_step_is_marked_in_both_tapes_and_on_the_axis(step: int) -> None:
    drawn = difference(DATA, TAPE, TAPE, step).body
    tapes = [re.findall(r"<b( class=\"now\")?>", part)[:12] for part in drawn.split('class="lane tape"')[1:]]
    assert tapes == [[' class="now"' if t == step else "" for t in range(1, 13)]] * 2
    assert f'<b style="--at:{step}">{step}</b>' in drawn
    assert f"--t:{step}" in drawn


def test_what_was_typed_stays_text() -> None:
    drawn = difference(DATA, ("<img src=x>",) * 12, TAPE, 1).body
    assert "<img" not in drawn
    assert drawn.count("&lt;img src=x&gt;") == 12


def test_a_bound_is_drawn_only_where_weights_shrink() -> None:
    assert "Grey" in difference(DATA, TAPE, TAPE, 3).body
    assert "Grey" not in difference(Difference(VALUES, DATA.norms, 1, 1.1), TAPE, TAPE, 3).body


def test_other_lengths_and_steps_outside_are_errors() -> None:
    with pytest.raises(rv.ShapeError, match=r"\[11, 12\]"):
        difference(Difference(VALUES, DATA.norms[1:], 1, 0.9), TAPE, TAPE, 1)
    with pytest.raises(rv.ShapeError, match=r"\[11, 12\]"):
        difference(DATA, TAPE, TAPE[1:], 1)
    with pytest.raises(rv.ShapeError, match="got 13 as the first"):
        difference(Difference(VALUES, DATA.norms, 13, 0.9), TAPE, TAPE, 1)
    for step in (0, 13):
        with pytest.raises(rv.ShapeError, match=f"{step} as the current"):
            difference(DATA, TAPE, TAPE, step)


def test_no_difference_is_drawn_as_none() -> None:
    same = Difference(np.zeros((12, 5)), np.zeros(12), 3, 0.9)
    assert "one-percent" not in difference(same, TAPE, TAPE, 1).body


def test_a_difference_that_one_step_wipes_out_is_drawn() -> None:
    """rho = 0: theory's bound is 0 from the second step on, which a log axis cannot show."""
    values = np.array([[0.5, -0.5], [0, 0]])
    drawn = difference(Difference(values, np.linalg.norm(values, axis=1), 1, 0.0), "ab", "ac", 2).body
    assert np.abs(heat_maps(drawn)[0] - values.T).max() <= 0.5 / 255
    assert_printed([number_of_the_step(drawn)], [0.0])


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_what_is_not_finite_is_refused(bad: float) -> None:
    values = np.array([[0.1], [bad]])
    with pytest.raises(rv.NonFiniteError, match="finite"):
        difference(Difference(values, np.abs(values[:, 0]), 1, 0.9), "ab", "ac", 1)
