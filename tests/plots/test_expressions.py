"""Numbers are written in a chart as they are in prose."""

import re

import pytest
import vl_convert

from rnnviz.numbers import of_log10, significant
from rnnviz.plots import expressions
from rnnviz.plots.expressions import colour


def written(values: list[float | str], expression: str) -> list[str]:
    """What Vega makes of an expression of `datum.v`, for each value."""
    spec = {
        "data": {"values": [{"v": value, "i": i} for i, value in enumerate(values)]},
        "transform": [{"calculate": f"'<' + {expression} + '>'", "as": "said"}],
        "mark": {"type": "text", "limit": 0},
        "encoding": {"text": {"field": "said"}, "y": {"field": "i", "type": "ordinal"}},
    }
    return re.findall(r">&lt;(.*?)&gt;</text>", vl_convert.vegalite_to_svg(spec, vl_version="6.1"))


NUMBERS = [0.0776, -1.15, 12.34, 1234.5, 999999.0, 1e6, 2e-9, -3.5e-5, 6.02e23, 1e-123, 0.0]
LOGS = [-3.2, 0.0, 2.0, 4.5, 5.99, 6.0, -4.0, -4.01, -12.3456, -400.2, 350.7, -1234.5, -6.0001]


def test_a_number_reads_as_in_prose() -> None:
    assert written(NUMBERS, expressions.number("datum.v")) == [significant(value) for value in NUMBERS]


def test_a_logarithm_reads_as_its_number() -> None:
    assert written(LOGS, expressions.of_log10("datum.v")) == [of_log10(value) for value in LOGS]


def test_what_is_text_stays_text() -> None:
    assert written(["NaN", "∞"], expressions.number("datum.v")) == ["NaN", "∞"]
    assert written(["0"], expressions.of_log10("datum.v")) == ["0"]


def test_a_colour_that_the_theme_has_not_is_refused() -> None:
    with pytest.raises(ValueError, match="a colour of the theme"):
        colour("mauve")
