"""The lanes say the numbers of the step that is current, and draw every value at its height."""

import re

import numpy as np
import pytest

import rnnviz as rv
from rnnviz.figures.lanes import Lane, Line, lanes
from tests.pictures import number

RNG = np.random.default_rng(0)
GATE, OTHER, OUTPUT = RNG.uniform(0, 1, 12), RNG.uniform(0, 1, 12), RNG.uniform(-2, 2, 12)
ROWS = (
    Lane("What keeps", (Line("GRU z", GATE, "forget", "area"), Line("LSTM f", OTHER, "forget", "solid"))),
    Lane("Output", (Line("y", OUTPUT, "ink", "dashed"),), -2.0, 2.0),
)


def shapes(html: str) -> list[list[tuple[float, float]]]:
    """The corners of each line's polygon, in percent of its lane."""
    polygons = re.findall(r"clip-path:polygon\(([^\"]*)\)\"", html)
    return [[(float(x), float(y)) for x, y in re.findall(r"([\d.]+)% (?:calc\()?([\d.]+)%", p)] for p in polygons]


@pytest.mark.parametrize("step", [1, 7, 12])
def test_the_keys_say_the_numbers_of_the_step(step: int) -> None:
    keys = re.findall(r"</i>([^<]*) <b>([^<]*)</b>", lanes(ROWS, step).body)
    assert [label for label, _ in keys] == ["GRU z", "LSTM f", "y"]
    values = [float(values[step - 1]) for values in (GATE, OTHER, OUTPUT)]
    assert [number(text) for _, text in keys] == pytest.approx(values, rel=5e-3)


def test_an_area_fills_each_column_to_its_value() -> None:
    corners = shapes(lanes(ROWS, 1).body)[0][1:-1]
    assert [100 - y for _, y in corners] == pytest.approx(np.repeat(100 * GATE, 2), abs=0.01)
    assert [x for x, _ in corners[::2]] == pytest.approx(100 * np.arange(12) / 12, abs=0.01)


def test_a_line_passes_through_its_values_in_the_middle_of_the_columns() -> None:
    corners = shapes(lanes(ROWS, 1).body)[2][:12]
    assert [x for x, _ in corners] == pytest.approx(100 * (np.arange(12) + 0.5) / 12, abs=0.01)
    assert [y for _, y in corners] == pytest.approx(100 * (2 - OUTPUT) / 4, abs=0.01)


def test_lines_of_one_lane_differ_in_more_than_colour() -> None:
    classes = re.findall(r'class="line (\w+)" style="--paint:var\(--rnn-forget\)"', lanes(ROWS, 1).body)
    assert classes == ["area", "solid"]


def test_one_step_is_drawn() -> None:
    assert "NaN" not in lanes((Lane("a", (Line("b", np.array([0.5]), "ink", "solid"),)),), 1).body


def test_what_was_typed_stays_text() -> None:
    assert "<script" not in lanes((Lane("<script>", (Line("<script>", GATE, "ink", "solid"),)),), 1).body


@pytest.mark.parametrize("step", [0, 13])
def test_a_step_outside_is_an_error(step: int) -> None:
    with pytest.raises(rv.ShapeError, match=f"step {step} of 12"):
        lanes(ROWS, step)


def test_lines_of_different_lengths_are_an_error() -> None:
    with pytest.raises(rv.ShapeError, match="one length"):
        lanes((*ROWS, Lane("short", (Line("a", GATE[:-1], "ink", "solid"),))), 1)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_what_is_not_finite_is_refused(bad: float) -> None:
    with pytest.raises(rv.NonFiniteError, match="loss"):
        lanes((Lane("a", (Line("loss", np.array([0.1, bad]), "ink", "solid"),)),), 1)
