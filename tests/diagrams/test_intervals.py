"""Scores with their error bars: a dot stands where its run is, a bar spans its interval, none leaves the axis."""

import re

import pytest

from rnnviz import NonFiniteError, ShapeError
from rnnviz.diagrams import Scored, intervals


def test_dots_and_bars_stand_where_their_numbers_are() -> None:
    body = intervals([Scored("<a>", [0.5, 0.75], (0.6, 0.7), said="62 %")], low=0.5, high=1.0, name="test")
    assert re.findall(r'<u style="left:([\d.]+)%', body) == ["0.00", "50.00"]
    assert re.search(r'<s style="left:([\d.]+)%;right:calc\(100% - ([\d.]+)%', body).groups() == ("20.00", "40.00")
    assert "&lt;a&gt;" in body
    assert "50%</u><u>100%" in body


def test_a_row_without_runs_is_empty_and_what_lies_beyond_the_axis_stands_at_its_end() -> None:
    body = intervals([Scored("a", [], (0.0, 1.0)), Scored("b", [0.2])], low=0.5, high=1.0)
    assert re.findall(r"left:([\d.]+)%", body) == ["0.00"]


def test_scores_that_cannot_be_drawn_are_refused() -> None:
    with pytest.raises(ShapeError):
        intervals([Scored("a", 0.5)], low=0.0, high=1.0)
    with pytest.raises(ShapeError):
        intervals([], low=1.0, high=1.0)
    with pytest.raises(NonFiniteError):
        intervals([Scored("a", [float("nan")])], low=0.0, high=1.0)
