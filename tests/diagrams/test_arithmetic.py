"""Printed sums and products come out right."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnviz.diagrams.arithmetic import MOST, as_printed, digits_for
from rnnviz.numbers import significant

NUMBERS = st.floats(1e-3, 1e3) | st.floats(-1e3, -1e-3)


@given(st.lists(NUMBERS, min_size=1, max_size=4))
def test_a_printed_product_multiplies_out(factors: list[float]) -> None:
    product = math.prod(factors)
    digits = digits_for(factors, product, math.prod)
    assert digits < MOST
    assert significant(math.prod(as_printed(value, digits) for value in factors)) == significant(product)


def test_a_printed_sum_adds_up_and_has_no_digit_too_many() -> None:
    terms = [1.2021, 0.13824, -1.0861]
    digits = digits_for(terms, math.fsum(terms), math.fsum)
    assert digits > 3
    assert significant(math.fsum(as_printed(value, digits) for value in terms)) == significant(math.fsum(terms))
    assert significant(math.fsum(as_printed(value, digits - 1) for value in terms)) != significant(math.fsum(terms))
    assert digits_for([0.25, 0.5], 0.75, math.fsum) == 3


def test_what_cannot_come_out_gets_the_most_digits() -> None:
    assert digits_for([1.0], 2.0, math.fsum) == MOST


@pytest.mark.parametrize("value", [0.0, -1.15, 1.23e-9, -4.56e12, 0.000335, 12345.0])
def test_a_printed_number_reads_back(value: float) -> None:
    assert as_printed(value, 3) == pytest.approx(value, rel=5e-3)
