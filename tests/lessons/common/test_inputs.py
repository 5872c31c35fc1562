"""What the lessons read: the shipped data, and whatever is typed."""

from datetime import date, timedelta

import numpy as np
import pytest

from lessons.common import inputs as inputs


def test_weather_is_four_whole_years() -> None:
    data = inputs.weather()
    assert len(data.dates) == len(data.celsius) == 1461
    assert all(two - one == timedelta(days=1) for one, two in zip(data.dates, data.dates[1:], strict=False))
    assert (data.dates[0], data.dates[-1]) == (date(2012, 1, 1), date(2015, 12, 31))
    x = (data.celsius - data.mean) / data.std
    assert (x.mean(), x.std()) == pytest.approx((0, 1), abs=1e-12)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("a cat", ["a", " ", "c", "a", "t"]),
        ("  a \n\t b  ", ["a", " ", "b"]),
        ("", []),
        (" \n ", []),
        ("e\u0301", ["é"]),
        ("q\u0323\u0307y", ["q\u0323\u0307", "y"]),
        ("a\u202eb\u0000", ["a", "b"]),
        ("مرحبا", list("مرحبا")),
        ("👍🏽", ["👍", "🏽"]),
        ("\u0301a", ["a"]),
    ],
)
def test_symbols_are_what_a_reader_sees(typed: str, read: list[str]) -> None:
    assert inputs.symbols(typed) == read


def test_a_long_text_is_cut() -> None:
    assert len(inputs.symbols("ab" * 5000)) == inputs.MOST_SYMBOLS


def test_one_hot_has_one_one_per_row() -> None:
    x = inputs.one_hot(list("abca"), list("abc"))
    assert x.tolist() == [[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 0, 0]]
    assert x.dtype == np.float64


@pytest.mark.parametrize(("tokens", "pair"), [("abcb", (2, 4)), ("abba", (2, 3)), ("abc", None)])
def test_the_first_input_that_returns(tokens: str, pair: tuple[int, int] | None) -> None:
    assert inputs.return_of_an_input(tuple(tokens)) == pair
