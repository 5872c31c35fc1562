"""The map's colours and texts are its numbers, and a cell that is picked is the scale and the step that it shows."""

import base64
import json
import re
from html import unescape

import numpy as np
import pytest

from rnnviz import ShapeError
from rnnviz.figures import scale_map
from rnnviz.figures.scale_map import cell
from tests.pictures import STENCIL, pixels, stencilled

SCALES = np.array([0.5, 1.0, 1.5])
VALUES = np.array([[-12.0, -6.0, -3.0, 0.0], [0.0, 0.0, 0.0, 0.0], [24.0, 6.0, 3.0, 0.0]])


def told(body: str) -> dict:
    return json.loads(unescape(re.search(r'data-hits="([^"]*)"', body)[1]))


def test_colours_are_decades_and_the_largest_scale_is_at_the_top() -> None:
    drawn = stencilled(scale_map(SCALES, VALUES, scale=1.0, step=2).body)
    np.testing.assert_allclose(drawn, np.clip(VALUES[::-1] / 12, -1, 1), atol=0.5 / 255)


def test_each_cell_says_its_scale_its_step_and_its_number() -> None:
    said = told(scale_map(SCALES, VALUES, scale=1.0, step=2, name="ρ", picks="map:").body)
    numbers = np.frombuffer(base64.b64decode(said["log10"]), "<f4").reshape(3, 4)
    np.testing.assert_array_equal(numbers, VALUES[::-1])
    assert said["down"] == ["ρ 1.5", "ρ 1", "ρ 0.5"]
    assert said["across"][0] == "step 1, 3 before the end"
    assert (said["now"], said["picks"]) == (5, "map:")


@pytest.mark.parametrize("step", [1, 4])
@pytest.mark.parametrize("scale", [0.5, 1.0, 1.5])
def test_the_cell_that_is_marked_is_picked_as_the_scale_and_step_that_it_shows(scale: float, step: int) -> None:
    body = scale_map(SCALES, VALUES, scale=scale, step=step).body
    assert cell(told(body)["now"], SCALES, 4) == (scale, step)
    left, top = 100 * (step - 0.5) / 4, 100 * (1.75 - scale) / 1.5
    assert f"left:{left:.5g}%;top:{top:.5g}%" in re.search(r'class="ring"[^>]*', body)[0]


def test_zeros_are_dotted_and_what_is_no_number_is_hatched() -> None:
    values = VALUES.copy()
    values[0, 1], values[2, 0], values[2, 3] = -np.inf, np.nan, np.inf
    body = scale_map(SCALES, values, scale=1.0, step=2).body
    for kind, where in {"nothing": np.isneginf(values), "gone": np.isnan(values) | np.isposinf(values)}.items():
        mask = pixels(base64.b64decode(STENCIL.search(body.split(f'<s class="{kind}">')[1])[1]))[:, :, 1]
        np.testing.assert_array_equal(mask > 0, where[::-1])
    assert 'class="gone"' not in scale_map(SCALES, VALUES, scale=1.0, step=2).body


def test_a_map_that_looks_blank_says_how_near_to_1_all_of_it_is() -> None:
    near = np.full_like(VALUES, np.log10(1.03))
    near[1, 2] = np.log10(0.957)  # 1 / 0.957 = 1.0449
    assert "within a factor of 1.05 of 1" in scale_map(SCALES, near, scale=1.0, step=2).body
    for other in (0.6, -np.inf, np.nan, np.inf):
        near[0, 0] = other
        assert "within a factor" not in scale_map(SCALES, near, scale=1.0, step=2).body


@pytest.mark.parametrize(("shape", "step"), [((2, 4), 1), ((3,), 1), ((3, 4), 0), ((3, 4), 5)])
def test_what_does_not_fit_is_refused(shape: tuple[int, ...], step: int) -> None:
    with pytest.raises(ShapeError, match="scale_map"):
        scale_map(SCALES, np.zeros(shape), scale=1.0, step=step)


@pytest.mark.parametrize("picked", [-1, 12])
def test_there_are_no_other_cells(picked: int) -> None:
    with pytest.raises(ShapeError, match="cells are numbered"):
        cell(picked, SCALES, 4)
