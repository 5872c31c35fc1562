"""Saliency on a page: words say whether they push, numbers stand above what they mattered."""

import numpy as np

from lessons.common import saliency
from rnnviz.plots import Line


def test_signed_values_are_said_to_push_and_norms_are_not():
    assert "up or down" in saliency.words(["a", "b"], [0.5, -0.5])
    assert "Norm" in saliency.words(["a", "b"], [0.5, 0.5])


def test_numbers_stand_above_how_much_each_step_mattered():
    made = saliency.series([Line("°C", [20.0, 25.0, 25.0])], np.array([0.0, 1.0, 0.5]), step=2)
    rows = [rows for rows in made.datasets.values() if "y" in rows or "value" in rows]
    assert any(0.5 in list(column) for row in rows for column in row.values())
    assert any(25.0 in list(column) for row in rows for column in row.values())
    saliency.series([Line("flat", np.ones(3))], np.zeros(3), step=1)
