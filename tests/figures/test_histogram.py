"""Distributions of magnitudes: each bar where its numbers lie, and nothing that has no place on a log axis is lost."""

import html
import json
import re

import numpy as np
import pytest

from rnnviz.errors import ShapeError
from rnnviz.figures import histogram

BEFORE, AFTER = np.array([0.02, 0.02, 5.0, 700.0]), np.array([0.02, 0.02, 0.3, 0.3])


def says(body: str) -> list[str]:
    given = re.search(r'data-hits="([^"]*)"', body)
    assert given is not None
    return list(json.loads(html.unescape(given[1]))["says"])


def draw(before: np.ndarray = BEFORE, after: np.ndarray = AFTER, **others: object) -> str:
    return histogram(before, after, **({"name": "norm", "of": "updates", "least": (-2, 3)} | others)).body


@pytest.mark.parametrize("scale", [1e-9, 1.0, 1e9])
def test_each_number_is_counted_once_before_and_once_after(scale: float) -> None:
    """Also far beyond the decades that the axis shows at least."""
    counted = [
        re.search(r": (\d+) updates before, (\d+) after", said) for said in says(draw(BEFORE * scale, AFTER * scale))
    ]
    assert len(counted) >= 4 * 5
    for k in (1, 2):
        assert sum(int(found[k]) for found in counted if found) == 4


def test_a_number_lies_in_the_bar_of_its_quarter_decade() -> None:
    bar = next(said for said in says(draw()) if "1 updates before" in said)
    assert bar == "norm 3.16 to 5.62: 1 updates before, 0 after"


def test_the_threshold_stands_at_its_place() -> None:
    """log10 of 1 is two fifths of the way from 10^-2 to 10^3."""
    assert re.search(r'<path class="dashed"[^>]*d="M400 1000L400 0"', draw(threshold=1.0))
    assert "threshold" not in draw()


def test_zero_is_a_hollow_zero_and_infinity_a_struck_node_and_both_are_said() -> None:
    body = draw(np.array([0.0, 1.0, np.inf, np.nan]), np.array([0.0, 1.0, 0.3, 0.3]))
    assert 'class="zero"' in body
    assert 'class="struck"' in body
    assert "1 updates with exactly 0; 2 updates without a finite number" in body
    assert 'class="zero"' not in draw()


def test_a_note_is_read_before_what_has_no_bar() -> None:
    assert "so &amp; so 1 updates with exactly 0" in draw(np.array([0.0, 1.0]), np.array([0.0, 1.0]), note="so & so")


def test_nothing_but_zeros_can_be_drawn() -> None:
    assert 'class="zero"' in draw(np.zeros(3), np.zeros(3))


@pytest.mark.parametrize(("before", "after"), [(np.array([]), np.array([])), (np.ones(2), np.ones(3))])
def test_as_many_after_as_before(before: np.ndarray, after: np.ndarray) -> None:
    with pytest.raises(ShapeError, match="as many numbers after as before"):
        draw(before, after)
