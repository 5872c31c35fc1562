"""Numbers as text."""

import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rnnviz.figures.numbers import _half_up, decimals, of_log10, significant


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0.0776, "0.0776"),
        (-1.149, "−1.15"),
        (0, "0"),
        (-0.0, "0"),
        (1, "1.00"),
        (1.0001, "1.00"),
        (9.999, "10.0"),
        (1234.5, "1235"),
        (1.125, "1.13"),
        (-1.125, "−1.13"),
        (-0.0000000020, "−2.00×10⁻⁹"),
        (1e12, "1.00×10¹²"),
        (float("nan"), "NaN"),
        (float("inf"), "∞"),
        (float("-inf"), "−∞"),
    ],
)
def test_three_significant_digits_and_a_true_minus(value: float, said: str) -> None:
    assert significant(value) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0.9949, "0.995"),
        (0.9996, "0.9996"),
        (-0.99966, "−0.9997"),
        (0.99996, "0.99996"),
        (0.9999996, "0.9999996"),
        (1 - 1e-9, "1.000000"),
    ],
)
def test_what_is_less_than_1_does_not_read_as_1(value: float, said: str) -> None:
    assert significant(value) == said


@pytest.mark.parametrize(("value", "said"), [(-0.0004, "0.000"), (-0.0006, "−0.001"), (2.5, "2.500")])
def test_a_value_that_rounds_to_zero_has_no_sign(value: float, said: str) -> None:
    assert decimals(value, 3) == said


@pytest.mark.parametrize(
    ("exponent", "said"),
    [
        (-4.0, "0.000100"),
        (math.log10(0.25), "0.250"),
        (-400.0, "1.00×10⁻⁴⁰⁰"),
        (400.5, "3.16×10⁴⁰⁰"),
        (-310.0000001, "1.00×10⁻³¹⁰"),
        (-math.inf, "0"),
        (math.inf, "∞"),
        (math.nan, "NaN"),
    ],
)
def test_a_power_of_ten_is_said_where_no_float_holds_it(exponent: float, said: str) -> None:
    assert of_log10(exponent) == said


@given(st.floats(allow_nan=False, allow_infinity=False).filter(bool), st.integers(1, 7))
@example(1.125, 3)
@example(9.5, 1)
@example(1234.5, 3)
@example(2.5e-5, 1)
@example(0.99951171875, 3)
def test_the_quick_way_rounds_as_the_exact_one(value: float, digits: int) -> None:
    assert significant(value, digits).lstrip("−") == _half_up(abs(value), digits)
