"""The pictures: their numbers are those of the trace, and they refuse what does not fit."""

import re
from html import unescape
from math import tanh

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

import rnnviz as rv
from rnnviz.diagnostics import UnitStep, unit_step
from rnnviz.figures import Difference, Tape, cursor, difference, equation, places_of, unrolled

X = np.random.default_rng(0).normal(size=(12, 1, 2))
TRACE = rv.unroll(rv.Network.create("elman", 2, 5), X)
H = TRACE[0, 0].h[:, 0]
TAPE = Tape(tuple("rnns<b>&\"' x"))


def chips(picture: str) -> list[float]:
    return [float(chip.replace("−", "-")) for chip in re.findall(r'class="chip"[^>]*>([^<]*)<', picture)]


def test_small_heat_maps_say_their_numbers() -> None:
    numbers = re.findall(r"<b style=[^>]*>([^<]*)</b>", unrolled(H, TAPE, 2).body)
    assert [float(n.replace("−", "-")) for n in numbers] == pytest.approx(H.T.ravel(), rel=5e-3)


def test_what_was_typed_stays_text() -> None:
    for picture in (unrolled(H, TAPE, 1), cursor(H, TAPE, 4, 1), equation(unit_step(TRACE, 4, 1), "<b>")):
        assert not re.search(r"<b>[&\"' ]|<<", picture.body)
    assert unescape("&lt;") in unescape(cursor(H, TAPE, 4, 1).body)


@given(
    some.lists(some.floats(-2, 2), min_size=1, max_size=32),
    some.floats(-2, 2),
    some.sampled_from([0.0, 0.1, -0.7]),
)
def test_the_equation_multiplies_out_as_printed(recurrent: list[float], given_input: float, bias: float) -> None:
    total = given_input + float(np.sum(recurrent)) + bias
    terms = UnitStep(3, 1, given_input, np.array(recurrent), bias, total, tanh(total))
    places = places_of(terms)
    h, from_input, from_past, from_bias, printed_sum, h_again = chips(equation(terms, "x").body)
    if places < 9:
        assert round(from_input + from_past + from_bias, places) == printed_sum
        assert round(tanh(printed_sum), places) == h == h_again


def test_a_step_or_unit_outside_is_an_error() -> None:
    with pytest.raises(rv.ShapeError, match="unit 6"):
        unrolled(H, TAPE, 6)
    with pytest.raises(rv.ShapeError, match="11 tokens"):
        unrolled(H, Tape(TAPE.tokens[:-1]), 1)
    with pytest.raises(rv.ShapeError, match=r"step 13 is not in 1\.\.12"):
        cursor(H, TAPE, 13, 1)


def test_a_difference_of_other_lengths_is_an_error() -> None:
    norms = np.linalg.norm(H, axis=1)
    assert "Grey" in difference(Difference(H, norms, 1, 0.9), TAPE, TAPE).body
    assert "Grey" not in difference(Difference(H, norms, 1, 1.1), TAPE, TAPE).body
    with pytest.raises(rv.ShapeError, match=r"\[11, 12\]"):
        difference(Difference(H, norms[1:], 1, 0.9), TAPE, TAPE)
    with pytest.raises(rv.ShapeError, match="got 13"):
        difference(Difference(H, norms, 13, 0.9), TAPE, TAPE)


def test_no_difference_is_drawn_as_none() -> None:
    same = Difference(np.zeros_like(H), np.zeros(12), 3, 0.9)
    assert "one-percent" not in difference(same, TAPE, TAPE).body
