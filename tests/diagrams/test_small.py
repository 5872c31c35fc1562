"""Small pictures: each draws its numbers and nothing else; what is not finite or has another shape is refused."""

import re
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from rnnviz.diagrams import small
from rnnviz.errors import NonFiniteError, ShapeError


def numbers(drawn: str, name: str) -> list[float]:
    return [float(value) for value in re.findall(rf' {name}="(-?[\d.]+)"', drawn)]


def test_a_chain_has_a_circle_for_each_state_in_the_colour_of_its_sign() -> None:
    drawn = small.chain([0.5, -1.0, 0.0])
    assert drawn.count("<circle") == 3
    assert re.findall(r"--rnn-(\w+)\) ([\d.]+)%", drawn) == [
        ("positive", "47.5"),
        ("negative", "95"),
        ("negative", "0"),
    ]
    assert numbers(drawn, "cx") == sorted(numbers(drawn, "cx"))


def test_a_strip_has_a_square_for_each_number() -> None:
    assert small.strip(np.zeros((3, 5))).count("<rect") == 15


def test_a_band_is_as_wide_as_its_states_are_large_and_valves_as_high_as_they_are_open() -> None:
    heights = numbers(small.band([0.5, -1.0], [1.0, 0.25]), "height")
    assert heights == [26, 20, 20, 48, 5, 20]


def test_bars_are_higher_where_gradients_are_larger() -> None:
    heights = numbers(small.bars([1e-9, 1e-3, 0.01, 1.0]), "height")
    assert heights[:2] == [0, 0]
    assert all(one <= other for one, other in pairwise(heights))
    assert heights[-1] == pytest.approx(small.HIGH - 2 * small.EDGE)
    assert numbers(small.bars([0.0, 0.0]), "height") == [0, 0]


def test_an_ellipse_has_the_singular_values_of_its_matrix() -> None:
    drawn = small.ellipses([np.diag([1.0, 0.5]), np.eye(2)])
    rx, ry = numbers(drawn, "rx"), numbers(drawn, "ry")
    assert rx[0] == rx[1] == ry[1]
    assert ry[0] == pytest.approx(rx[0] / 2, rel=0.01)


def test_lines_of_one_norm_are_level_and_larger_ones_lie_higher() -> None:
    low, high = re.findall(r'd="M([^"]+)"', small.lines([[1.0, 1.0], [10.0, 10.0]]))
    ys = [[float(point.split()[1]) for point in path.split("L")] for path in (low, high)]
    assert ys == [[86, 86], [10, 10]]


def test_the_clipped_arrow_ends_on_its_circle() -> None:
    drawn = small.arrow([3.0, 4.0], [0.6, 0.8], 1.0)
    centre, tip = zip(numbers(drawn, "cx"), numbers(drawn, "cy"), strict=True)
    radius = numbers(drawn, "r")[0]
    assert np.hypot(tip[0] - centre[0], tip[1] - centre[1]) == pytest.approx(radius, rel=0.01)


def test_time_runs_to_the_right_and_gradients_to_the_left() -> None:
    assert "small-picture forward" in small.chain([0.1])
    assert "small-picture backward" in small.bars([0.1])
    assert small.stack(small.strip([[0.1]]), small.strip([[0.1]], backward=True)).count("<svg") == 2


@pytest.mark.parametrize(
    ("draw", "given"),
    [
        (small.chain, ([],)),
        (small.chain, ([[0.1]],)),
        (small.strip, ([0.1],)),
        (small.band, ([0.1], [0.1, 0.2])),
        (small.ellipses, (np.eye(2),)),
        (small.lines, ([[1.0, 0.0]],)),
    ],
)
def test_other_shapes_are_refused(draw: Callable[..., Any], given: Any) -> None:
    with pytest.raises(ShapeError):
        draw(*given)


@pytest.mark.parametrize("draw", [small.chain, small.bars])
def test_what_is_not_finite_is_refused(draw: Callable[..., Any]) -> None:
    with pytest.raises(NonFiniteError):
        draw([0.1, np.nan])


def test_walks_begin_and_end_where_the_paths_do():
    drawn = small.walks([[[0.0, 0.0], [1.0, 2.0], [4.0, 1.0]], [[0.0, 0.0], [2.0, 2.0], [2.0, 1.0]]])
    middle, right = (small.EDGE + share * (small.WIDE - 2 * small.EDGE) for share in (0.5, 1.0))
    assert numbers(drawn, "cx") == pytest.approx([right, middle])
    assert numbers(drawn, "cy") == pytest.approx([small.HIGH / 2] * 2)
    with pytest.raises(ShapeError, match="walks"):
        small.walks(np.zeros((1, 2, 3)))
