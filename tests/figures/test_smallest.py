"""The smallest and the largest that a picture can be asked to draw."""

from math import tanh

import numpy as np
import pytest

from rnnviz import NonFiniteError
from rnnviz.diagnostics import UnitStep
from rnnviz.figures import Difference, Tape, cursor, difference, equation, unrolled
from rnnviz.figures.numbers import significant
from rnnviz.figures.theme import PALETTES, ThemeName, signed_rgb
from tests.pictures import assert_printed, chips, heat_maps, waterfall


@pytest.mark.parametrize("value", [0.0, 1.0, -1.0, -0.25])
def test_one_step_of_one_unit_is_one_cell_of_its_value(value: float) -> None:
    h = np.array([[value]])
    (shown,) = heat_maps(unrolled(h, Tape(("a",)), 1).body)
    assert shown.tolist() == pytest.approx(h, abs=0.5 / 255)
    assert f"--y:{(1 - value) / 2:.4f};" in cursor(h, Tape(("a",)), 1, 1).body


def test_the_heat_map_of_many_units_is_the_states_turned_on_their_side() -> None:
    h = np.random.default_rng(0).uniform(-1, 1, (60, 32))
    (shown,) = heat_maps(unrolled(h, Tape(("a",) * 60), 32).body)
    assert np.abs(shown - h.T).max() <= 0.5 / 255 + 1e-12


def test_a_difference_that_one_step_wipes_out_is_drawn() -> None:
    """rho = 0: theory's bound is 0 from the second step on, which a log axis cannot show."""
    values = np.array([[0.5, -0.5], [0, 0]])
    tape = Tape(("a", "b"))
    drawn = difference(Difference(values, np.linalg.norm(values, axis=1), 1, 0.0), tape, tape)
    assert np.abs(heat_maps(drawn.body)[0] - values.T).max() <= 0.5 / 255


@pytest.mark.parametrize("H", [1, 2, 8, 32])
def test_the_equation_and_the_waterfall_say_the_terms_they_were_given(H: int) -> None:
    rng = np.random.default_rng(H)
    for _ in range(50):
        given, bias, recurrent = rng.normal(), rng.normal(), rng.normal(0, 0.3, H)
        total = given + float(recurrent.sum()) + bias
        drawn = equation(UnitStep(2, 1, given, recurrent, bias, total, tanh(total)), "a").body
        assert_printed(chips(drawn), [tanh(total), given, float(recurrent.sum()), bias, total, tanh(total)])
        assert_printed(waterfall(drawn), [given, *recurrent.tolist(), bias, total])


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_zero_on_the_signed_scale_is_the_background(theme: ThemeName) -> None:
    palette = PALETTES[theme]
    assert "#" + bytes(signed_rgb(0.0, palette)).hex() == palette.background


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_what_is_not_finite_is_refused_or_said_and_never_a_colour(bad: float) -> None:
    h = np.array([[0.1], [bad]])
    tape = Tape(("a", "b"))
    with pytest.raises(NonFiniteError, match="finite"):
        unrolled(h, tape, 1)
    with pytest.raises(NonFiniteError, match="finite"):
        difference(Difference(h, np.abs(h[:, 0]), 1, 0.9), tape, tape)
    with pytest.raises(NonFiniteError, match="finite"):
        equation(UnitStep(1, 1, 0.1, np.array([bad]), 0.0, bad, bad), "x")
    assert significant(bad) in ("NaN", "∞", "−∞")
