"""The heat map of what is lost holds 1 minus the slope; where a number ends, it is hatched."""

import base64
import json
import re
from html import unescape

import numpy as np
import pytest

from rnnviz import ShapeError
from rnnviz.figures import saturated
from tests.pictures import STENCIL, pixels

SLOPES = np.random.default_rng(0).uniform(0, 1, (7, 3))


def lost(body: str) -> np.ndarray:
    """(T, H), as drawn."""
    return pixels(base64.b64decode(STENCIL.search(body)[1]))[:, :, 1].T / 255


def test_the_shade_is_the_share_of_the_slope_that_is_lost():
    body = saturated(SLOPES).body
    assert np.abs(lost(body) - (1 - SLOPES)).max() <= 0.5 / 255 + 1e-12
    assert f"lost: {100 * (1 - SLOPES).mean():.0f} % on average" in body


def test_each_step_says_what_its_units_have_lost():
    slopes = SLOPES.copy()
    slopes[5:] = np.nan
    says = json.loads(unescape(re.search(r'data-hits="([^"]*)"', saturated(slopes).body)[1]))["says"]
    mean, least, most = (100 * part for part in (1 - slopes[2].mean(), 1 - slopes[2].max(), 1 - slopes[2].min()))
    assert says[2] == f"step 3: {mean:.0f} % lost, from {least:.0f} to {most:.0f} % by unit"
    assert says[5:] == ["step 6: no number any more", "step 7: no number any more"]


def test_from_the_first_step_that_is_no_number_on_it_is_hatched():
    slopes = SLOPES.copy()
    slopes[4, 1] = np.nan
    body = saturated(slopes).body
    left, width = map(float, re.search(r'class="hatched" style="[^"]*left:([\d.]+)%;width:([\d.]+)%', body).groups())
    assert left == pytest.approx(100 * 4 / 7, rel=1e-4)
    assert left + width == pytest.approx(100, rel=1e-4)
    assert not lost(body)[4:].any()


def test_nothing_but_nan_is_no_blank_chart():
    body = saturated(np.full((3, 2), np.nan)).body
    assert "left:0%;width:100%" in body
    assert "no number at any step" in body


@pytest.mark.parametrize("shape", [(3,), (0, 2), (3, 0), (1, 1, 1)])
def test_another_shape_is_refused(shape):
    with pytest.raises(ShapeError):
        saturated(np.zeros(shape))
