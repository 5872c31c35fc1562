"""A gate's openness, measured and promised, unit by unit in the order of the promise."""

import json
import re
from html import unescape

import numpy as np
import pytest

from rnnviz import NonFiniteError, ShapeError
from rnnviz.figures import openness

MEASURED, PROMISED = np.array([0.75, 0.25, 0.5]), np.array([0.9, 0.1, 0.5])


def test_dots_stand_at_what_was_measured_sorted_by_the_promise():
    body = openness(MEASURED, PROMISED, "f").body
    tops = [float(top) for top in re.findall(r'class="dot" style="[^"]*top:([\d.]+)%"', body)]
    assert tops == pytest.approx([75, 50, 25])
    says = json.loads(unescape(re.search(r'data-hits="([^"]*)"', body)[1]))["says"]
    assert says[0] == "unit 2: f = 0.250 on average, 0.100 by its bias alone"
    assert "mean over units and steps 0.500" in body


def test_others_are_faint_behind():
    body = openness(MEASURED, PROMISED, "z", behind=[PROMISED, MEASURED]).body
    assert re.findall(r'class="faint (other-\d)"', body) == ["other-0", "other-1"]


def test_one_unit_is_drawn():
    assert "NaN" not in openness(np.array([0.5]), np.array([0.5]), "f").body


def test_what_does_not_fit_is_refused():
    with pytest.raises(ShapeError):
        openness(MEASURED, PROMISED[:2], "f")
    with pytest.raises(NonFiniteError):
        openness(np.array([np.nan]), np.array([0.5]), "f")
