"""Gaps: found, dropped, filled, told."""

import numpy as np
import pytest

import rnnviz as rv
from rnnviz.data import drop, fill_forward, fill_mean, interpolate, is_missing, with_mask

NAN = np.nan
X = np.array([[NAN, 1.0], [2.0, NAN], [NAN, NAN], [6.0, 4.0]])
TRAIN = X[:2]


def test_steps_with_a_gap_are_dropped_whole() -> None:
    rows, kept = drop(X)
    np.testing.assert_array_equal(rows, [[6.0, 4.0]])
    np.testing.assert_array_equal(kept, [3])


def test_gaps_get_the_mean_of_the_training_part() -> None:
    np.testing.assert_array_equal(fill_mean(X, TRAIN), [[2, 1], [2, 1], [2, 1], [6, 4]])


def test_gaps_get_the_last_known_value_and_before_it_the_training_mean() -> None:
    np.testing.assert_array_equal(fill_forward(X, TRAIN), [[2, 1], [2, 1], [2, 1], [6, 4]])
    np.testing.assert_array_equal(fill_forward([[1.0], [NAN], [5.0], [NAN]], [[9.0]]).ravel(), [1, 1, 5, 5])
    np.testing.assert_array_equal(fill_forward([[NAN], [1.0]], [[9.0]]).ravel(), [9, 1])


def test_filling_forward_uses_nothing_of_later_steps() -> None:
    later = X.copy()
    later[3] = [1e6, -1e6]
    np.testing.assert_array_equal(fill_forward(later, TRAIN)[:3], fill_forward(X, TRAIN)[:3])
    assert (interpolate(later)[1:3] != interpolate(X)[1:3]).any(), "interpolation does"


def test_gaps_lie_on_the_line_between_their_neighbours() -> None:
    np.testing.assert_array_equal(interpolate(X), [[2, 1], [2, 2], [4, 3], [6, 4]])


def test_a_mask_tells_where_gaps_were() -> None:
    both = with_mask(fill_mean(X, TRAIN), is_missing(X))
    assert both.shape == (4, 4)
    np.testing.assert_array_equal(both[:, 2:].astype(bool), np.isnan(X))


def test_nothing_changes_its_input() -> None:
    before = X.copy()
    for filled in (drop(X)[0], fill_mean(X, TRAIN), fill_forward(X, TRAIN), interpolate(X)):
        filled[:] = 0
    np.testing.assert_array_equal(X, before)


def test_no_rows_give_no_rows() -> None:
    none = np.zeros((0, 2))
    assert drop(none)[0].shape == fill_mean(none, TRAIN).shape == fill_forward(none, TRAIN).shape == (0, 2)


def test_wrong_calls_say_what_is_wrong() -> None:
    with pytest.raises(rv.ShapeError, match=r"\(N, I\)"):
        drop([1.0, NAN])
    with pytest.raises(rv.ShapeError, match="2 columns"):
        fill_mean(X, TRAIN[:, :1])
    with pytest.raises(ValueError, match="column 1 of train"):
        fill_forward(X, [[1.0, NAN]])
    with pytest.raises(ValueError, match="nothing to interpolate"):
        interpolate([[NAN]])
    with pytest.raises(rv.ShapeError, match="bool"):
        with_mask(X, X)
