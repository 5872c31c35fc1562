"""The frame of the charts: where values stand, what is labelled, and what the reader is told."""

import base64
import json
import re
from html import unescape

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnviz.figures import chart

exponents = st.lists(st.floats(-400, 400), min_size=1, max_size=20)


@given(exponents, st.integers(-10, 0), st.integers(1, 5))
def test_a_log_axis_holds_every_finite_value_and_the_range_asked_for(values, low, width):
    axis = chart.decades("norm", [*values, np.inf, -np.inf, np.nan], (low, low + width))
    assert axis.low <= min(low, *values)
    assert axis.high >= max(low + width, *values)
    assert 1 <= len(axis.ticks) <= 9
    assert all(axis.low <= at <= axis.high for at, _ in axis.ticks)


def test_a_log_axis_of_no_number_at_all_is_the_range_asked_for():
    axis = chart.decades("norm", [np.nan, np.inf], (-3, 1))
    assert (axis.low, axis.high) == (-3, 1)


@given(st.integers(0, 5), st.integers(0, 300))
def test_whole_numbers_stand_in_the_middle_of_columns_and_the_ends_are_labelled(first, more):
    axis = chart.steps("step", first, first + more)
    n = more + 1
    np.testing.assert_allclose(axis.at(np.arange(first, first + n)), (np.arange(n) + 0.5) / n)
    labels = [int(label) for _, label in axis.ticks]
    assert labels == sorted(set(labels))
    assert {first, first + more} <= set(labels)
    assert len(labels) <= 13


@pytest.mark.parametrize(("exponent", "said"), [(0, "1"), (1, "10"), (-3, "10<sup>−3</sup>"), (12, "10<sup>12</sup>")])
def test_powers_of_ten_are_written_as_an_axis_says_them(exponent, said):
    assert chart.power(exponent) == said


def unit(name: str) -> chart.Axis:
    return chart.Axis(name, 0.0, 1.0, ((0.0, "0"), (1.0, "1")))


def test_a_line_is_interrupted_where_there_is_no_number():
    drawn = chart.path([0, 0.25, 0.5, 0.75, 1], [0, 1, np.nan, 1, 0], unit("x"), unit("y"), "forward")
    assert re.search(r'd="([^"]*)"', drawn)[1] == "M0 1000L250 0M750 0L1000 1000"


def test_a_line_without_any_number_is_nothing():
    assert chart.path([0, 1], [np.nan, np.inf], unit("x"), unit("y"), "forward") == ""


def test_marks_stand_where_their_values_are():
    drawn = chart.mark(0.25, 1.0, unit("x"), unit("y"), "dot", "forget")
    assert "left:25%;top:0%" in drawn
    assert "--hue:var(--rnn-forget)" in drawn


def test_a_band_ends_with_the_box():
    assert "left:0%;width:50%" in chart.band(-3, 0.5, unit("x"), "shade")


def test_what_can_be_pointed_at_is_text_and_nothing_but_text():
    drawn = chart.hits(1, ['"><script>alert(1)</script>'], picks="cell:")
    assert "<script>" not in drawn
    said = json.loads(unescape(re.search(r'data-hits="([^"]*)"', drawn)[1]))
    assert said == {"columns": 1, "rows": 1, "says": ['"><script>alert(1)</script>'], "picks": "cell:", "now": None}
    assert "<b>" not in chart.pick("<b>", '"<b>')


def test_a_chart_says_what_it_is_and_holds_its_parts():
    body = chart.chart(unit("time"), unit("size"), lines="<path/>", marks="<b></b>", said='a "chart"').body
    assert 'aria-label="a &quot;chart&quot;"' in body
    assert "time" in body
    assert "size" in body
    assert body.index("<path/>") < body.index("<b></b>")


def test_a_field_says_of_each_cell_its_row_its_column_and_its_number():
    log10 = [[0.5, -np.inf, np.nan], [-40.25, np.inf, 3.0]]
    drawn = chart.field(['"top"', "foot"], ["a", "b", "c"], log10, picks="map:", now=4)
    told = json.loads(unescape(re.search(r'data-hits="([^"]*)"', drawn)[1]))
    numbers = np.frombuffer(base64.b64decode(told.pop("log10")), "<f4").reshape(2, 3)
    np.testing.assert_array_equal(numbers, np.float32(log10))
    names = {"down": ['"top"', "foot"], "across": ["a", "b", "c"]}
    assert told == {"columns": 3, "rows": 2, "picks": "map:", "now": 4} | names
