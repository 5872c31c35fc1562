"""Luck as dots: each finite value is there once, the median is one of the values, and a median of 0 is a ring."""

import numpy as np
import pytest

from rnnviz.errors import ShapeError
from rnnviz.plots import prepare

TABLE = np.array([[-1.0, -3.0, -2.0], [-np.inf, -np.inf, 0.0], [np.nan, np.inf, 1.0]])


def test_each_finite_value_is_a_dot_and_the_median_one_of_the_values() -> None:
    data = prepare.spread(TABLE, ["a", "b", "c"], names=("median", "own"), own=[0.0, 0.0, 0.0]).datasets
    assert sorted(zip(data["cloud"]["x"], data["cloud"]["y"])) == [(1, -3.0), (1, -2.0), (1, -1.0), (2, 0.0), (3, 1.0)]
    assert data["read"]["y0"] == [-2.0, "0", "∞"]
    assert data["read"]["label"] == ["a", "b", "c"]
    assert data["zeros"]["x"] == [2]


def test_as_many_labels_as_settings_are_needed() -> None:
    with pytest.raises(ShapeError):
        prepare.spread(TABLE, ["a"], names=("median", "own"))


def test_what_lies_below_the_floor_stands_on_it_and_is_told_as_it_is() -> None:
    data = prepare.spread([[-60.0, -50.0, -40.0]], ["a"], names=("median", "own"), floor=-16).datasets
    assert data["view"]["low"][0] >= -20
    assert min(data["cloud"]["y"]) == -16
    assert data["read"]["y0"] == [-50.0]
