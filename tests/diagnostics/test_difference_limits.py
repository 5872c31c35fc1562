"""How long a difference lasts: numbers at the ends of their range, and what is refused."""

import math

import numpy as np
import pytest

from rnnviz.diagnostics import state_difference, steps_until_below
from rnnviz.errors import NonFiniteError, ShapeError


@pytest.mark.parametrize("scale", [1e-320, 1e-200, 1.0, 1e200, 3e307])
def test_state_difference_neither_overflows_nor_underflows(scale: float) -> None:
    h = scale * np.array([[[3.0, 4.0], [0.0, 0.0]], [[0.0, -4.0], [-3.0, 0.0]]])
    np.testing.assert_allclose(state_difference(h, 0.0 * h), scale * np.array([[5.0, 0.0], [4.0, 3.0]]), rtol=1e-3)


def test_state_difference_keeps_the_data_type_and_shows_what_is_not_finite() -> None:
    h = np.array([[math.inf, 1.0], [math.nan, 1.0], [3.0, 4.0]], np.float32)
    norms = state_difference(h, np.zeros_like(h))
    assert norms.dtype == np.float32
    np.testing.assert_array_equal(norms, [math.inf, math.nan, 5.0])


def test_a_fraction_of_one_asks_for_the_first_step_below_the_start() -> None:
    assert steps_until_below([0.0, 1.0, 2.0, 0.5], 1.0) == 2


@pytest.mark.parametrize("fraction", [2.0, 0.0, -1.0, math.nan, "0.1", None])
def test_fractions_out_of_range_are_refused(fraction: float) -> None:
    with pytest.raises(ValueError, match=r"fraction must be a number in \(0, 1\], got "):
        steps_until_below(np.array([1.0, 0.5]), fraction)


def test_norms_must_be_a_row_of_finite_numbers() -> None:
    with pytest.raises(ShapeError, match=r"shape \(T,\) are needed, got \(4, 2\)"):
        steps_until_below(np.ones((4, 2)), 0.5)
    for bad in (math.nan, math.inf):
        with pytest.raises(NonFiniteError, match="first at step 1"):
            steps_until_below(np.array([1.0, bad, bad]), 0.5)
