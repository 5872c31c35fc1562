"""Magnitudes on a log axis: every number is said, zeros are hollow, and what is no number is struck where it began."""

import json
import re
from html import unescape

import numpy as np
import pytest

from rnnviz import ShapeError
from rnnviz.figures import Line, decades


def said(body: str) -> dict:
    return json.loads(unescape(re.search(r'data-hits="([^"]*)"', body)[1]))


def test_each_step_says_the_numbers_of_all_lines():
    lines = [Line("RNN", [-3.0, -2.0]), Line("LSTM", [-400.0, np.log10(0.25)])]
    assert said(decades(lines, up="norm", first=4).body)["says"] == [
        "step 4: RNN 0.00100, LSTM 1.00×10⁻⁴⁰⁰",
        "step 5: RNN 0.0100, LSTM 0.250",
    ]


def test_zero_is_a_hollow_ring_on_the_floor():
    body = decades([Line("RNN", [-np.inf, -1.0, 0.0])], up="norm").body
    assert body.count('class="zero"') == 1
    assert re.search(r'class="zero" style="[^"]*top:100%"', body)
    assert said(body)["says"][0] == "step 1: RNN 0"


@pytest.mark.parametrize(("backwards", "at"), [(True, 3), (False, 1)])
@pytest.mark.parametrize(("value", "label"), [(np.inf, "∞"), (np.nan, "NaN")])
def test_what_is_no_number_is_struck_where_it_began(backwards, at, value, label):
    body = decades([Line("RNN", [value, value, value, 0.0])], up="norm", backwards=backwards).body
    left = 100 * (at - 0.5) / 4
    assert f"left:{left:.5g}%;top:0%" in re.search(r'class="struck"[^>]*', body)[0]
    assert re.search(r'class="struck"[^>]*>([^<]*)<', body)[1] == label
    assert "left:0%;width:75%" in re.search(r'class="hatched"[^>]*', body)[0]


def test_a_chart_of_nothing_but_explosion_is_not_blank():
    body = decades([Line("RNN", [np.nan] * 3)], up="norm").body
    assert 'class="struck"' in body
    assert said(body)["says"] == [f"step {t}: RNN NaN" for t in (1, 2, 3)]


def test_the_marked_step_is_said_while_nothing_is_pointed_at():
    body = decades([Line("RNN", [-3.0, -2.0])], up="norm", mark_at=2).body
    assert said(body)["now"] == 1
    assert '<p class="said" aria-live="polite">step 2: RNN 0.0100</p>' in body


@pytest.mark.parametrize(
    ("lines", "mark"),
    [([], None), ([Line("a", [])], None), ([Line("a", [1.0]), Line("b", [1.0, 2.0])], None), ([Line("a", [1.0])], 2)],
)
def test_lines_that_do_not_fit_are_refused(lines, mark):
    with pytest.raises(ShapeError):
        decades(lines, up="norm", mark_at=mark)


def test_a_guide_is_named_and_said_but_leaves_the_axis_as_it_is():
    line, guide = Line("RNN", [-1.0, 0.0]), Line("bound", [40.0, 0.0], look="dashed")
    with_guide, without = (decades([line], up="norm", guides=guides).body for guides in ([guide], []))
    assert said(with_guide)["says"][0] == "step 1: RNN 0.100, bound 1.00×10⁴⁰"
    ticks = re.compile(r'class="up">.*?</div>')
    assert ticks.search(with_guide)[0] == ticks.search(without)[0]
    assert with_guide.count("<path") == without.count("<path") + 2  # the line, and its key


def test_a_cut_stands_between_its_step_and_the_next():
    body = decades([Line("RNN", [-3.0, -2.0, -1.0, 0.0])], up="norm", cuts=[1, 3]).body
    assert re.findall(r'class="cut" style="left:([^"]*)%"', body) == ["25", "75"]


def test_what_else_left_the_numbers_is_struck_at_its_step():
    body = decades([Line("RNN", [-1.0, 0.0, 0.0, 0.0])], up="norm", struck={3: "states ∞"}).body
    assert re.search(r'class="struck" style="[^"]*left:62.5%;top:0%;[^"]*">states ∞<', body)


def test_others_behind_are_faint_unnamed_and_do_not_widen_the_axis():
    alone = decades([Line("RNN", [-1.0, 0.0])], up="norm")
    body = decades([Line("RNN", [-1.0, 0.0])], up="norm", behind=[[-60.0, 0.0], [-np.inf, 0.0]]).body
    assert re.findall(r'class="faint (other-\d)"', body) == ["other-0", "other-1"]
    assert re.findall(r'<div class="up">(.*?)</div>', body) == re.findall(r'<div class="up">(.*?)</div>', alone.body)
    assert said(body) == said(alone.body)
    with pytest.raises(ShapeError):
        decades([Line("RNN", [-1.0, 0.0])], up="norm", behind=[[0.0]])


def test_a_line_behind_goes_through_its_values_and_is_interrupted_where_there_is_none():
    body = decades([Line("RNN", [-2.0] * 5)], up="norm", behind=[[-2.0, -1.5, np.nan, -0.5, -90.0]]).body
    assert 'd="M100 1000l200 -250M700 250l200 2750"' in body  # the box has 1000 units from 10^-2 to 1


def test_a_long_line_behind_is_drawn_with_fewer_points():
    body = decades([Line("RNN", np.zeros(1000))], up="norm", behind=[np.zeros(1000)]).body
    behind, own = re.findall(
        r'<path class="[^"]*"[^>]*d="([^"]*)"', body.split("</figure>")[0].split('<svg viewBox="0 0 1000')[1]
    )
    assert len(re.findall("[Ml]", behind)) == 100
    assert len(re.findall("[ML]", own)) == 1000


def test_a_number_without_neighbours_is_a_dot():
    body = decades([Line("RNN", [-np.inf, -1.0, -np.inf, -2.0, -3.0])], up="norm").body
    assert re.findall(r'class="dot" style="[^"]*left:([^"]*)%;', body) == ["30"]
