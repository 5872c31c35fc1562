"""What all diagrams are: HTML that shows itself in a notebook, whose words and clicks come from outside."""

import re

import numpy as np
import pytest
from markupsafe import Markup, escape

from rnnviz import ShapeError, diagrams
from rnnviz.diagrams import Card, cards, cloud, equation, sign, signed, symbol, tape, term, text


def test_a_diagram_passes_for_markup_and_brings_its_style_to_a_notebook() -> None:
    made = tape(["a", "b"], 1)
    assert escape(made) == Markup(made)
    assert made._repr_html_().startswith("<style>")
    assert made._repr_html_().endswith(made)


def test_text_is_escaped_and_html_is_left_alone() -> None:
    assert text("<b>\"'") == "&lt;b&gt;&quot;&#x27;"
    assert text(Markup("<b>")) == "<b>"
    assert text(symbol("h", "t")) == symbol("h", "t")


def test_the_tape_marks_the_step_and_where_another_one_differs() -> None:
    body = tape(["warm", "<c>", "mild"], 3, other=["warm", "cold", "mild"], name="first")
    assert re.findall(r'class="(\w+)"(?: aria-current="step")?>([^<]*)</b>', body) == [
        ("differs", "&lt;c&gt;"),
        ("now", "mild"),
    ]
    assert "data-target" not in body


def test_a_step_of_the_tape_can_be_clicked_where_a_target_is_given() -> None:
    body = tape(["a", "b"], target="step")
    assert re.findall(r'data-target="step" data-value="(\d)"', body) == ["1", "2"]


def test_a_tape_without_that_step_is_refused() -> None:
    with pytest.raises(ShapeError):
        tape(["a"], 2)
    with pytest.raises(ShapeError):
        tape(["a"], 1, other=["a", "b"])


def test_a_card_says_what_it_picks_and_which_line_it_lights_up() -> None:
    body = cards(
        [Card("<a>", 'he"', cloud(np.array([0.5])), "ρ 1"), Card("b", 2.5, "", "")], 1, target="scheme", places=5
    )
    assert re.findall(r'data-value="([^"]*)" aria-pressed="(\w+)"', body) == [
        ("&quot;he\\&quot;&quot;", "false"),
        ("2.5", "true"),
    ]
    assert re.findall(r'data-lit="(\d)"', body) == ["0", "1"]
    assert "&lt;a&gt;" in body
    assert "--n:5" in body


def test_a_card_s_cloud_has_a_point_per_eigenvalue() -> None:
    drawn = cloud(np.array([0.5 + 0.25j, 0.5 - 0.25j, -1.0]))
    unit = float(re.search(r'class="unit" r="([^"]*)"', drawn)[1])
    points = [(float(x), -float(y)) for x, y in re.findall(r"M(\S+) (\S+?)h0", drawn)]
    assert np.array(points) == pytest.approx(unit * np.array([[0.5, 0.25], [0.5, -0.25], [-1, 0]]), abs=0.5)


def test_a_card_s_bars_are_as_high_as_the_gate_is_open() -> None:
    drawn = diagrams.bars(np.array([0.25, 1.0]))
    assert re.search(r'class="bars" d="([^"]*)"', drawn)[1] == "M0.5 2V1.5M1.5 2V0"


def test_an_equation_names_the_places_that_its_terms_stand_for() -> None:
    body = equation(term(symbol("h", "3"), signed(0.5, 3), "h"), sign("="), term("x", signed(-0.25, 2)))
    assert re.findall(r'data-part="(\w+)"', body) == ["h"]
    assert re.findall(r">(−?[\d.]+)</span></span>", body) == ["0.500", "−0.25"]
