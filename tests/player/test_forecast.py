"""The stage of forecasts: it sends what it was given, and says what does not fit."""

from base64 import b64decode
from typing import Any

import numpy as np
import pytest

import rnnviz as rv
from rnnviz.arrays import Array
from rnnviz.player.forecast import Way, forecast, slid, travelled, unrolled

VALUES = np.arange(12.0)
ORIGINS = [4, 6]


def way(horizon: int = 3, members: int = 2) -> Way:
    return Way("network", "network", np.arange(2.0 * members * horizon).reshape(2, members, horizon))


def sent(given: dict[str, Any]) -> Array:
    return np.frombuffer(b64decode(given["data"]), "<f4").reshape(given["shape"])


def test_a_stage_holds_the_forecasts_that_it_was_given() -> None:
    stage = forecast(VALUES, ORIGINS, [way()], travelled(2, 3), words={}, span=[5, 4])
    assert stage["span"] == [5, 4]
    np.testing.assert_array_equal(sent(stage["ahead"][0]), way().ahead)
    np.testing.assert_array_equal(sent(stage["values"]), VALUES)


def test_the_axis_holds_all_that_is_drawn() -> None:
    far = Way("far", "far", np.full((2, 1, 3), 40.0))
    stage = forecast(VALUES, ORIGINS, [far], unrolled(3), words={})
    assert stage["low"] < 0
    assert stage["high"] > 40


def test_a_frame_is_origin_steps_ahead_steps_of_the_truth_and_steps_moved_back() -> None:
    np.testing.assert_array_equal(unrolled(2), [[0, 0, 0, 0], [0, 1, 1, 0], [0, 2, 2, 0]])
    np.testing.assert_array_equal(unrolled(1, truth=0), [[0, 0, 0, 0], [0, 1, 0, 0]])
    np.testing.assert_array_equal(slid([0.0, 0.5]), [[0, 0, 0, 0], [0, 0, 0, 0.5]])


def test_what_came_true_is_not_seen_before_it_plays() -> None:
    np.testing.assert_array_equal(travelled(2, 3), [[0, 3, 0, 0], [0, 3, 3, 0], [1, 3, 3, 0]])


@pytest.mark.parametrize(
    ("values", "ways", "errors"),
    [
        (VALUES[:, None], [way()], None),
        (VALUES, [Way("w", "w", np.zeros((3, 1, 3)))], None),
        (VALUES, [way()], [[1.0]]),
    ],
)
def test_what_does_not_fit_is_told(values: Array, ways: list[Way], errors: Any) -> None:
    with pytest.raises(rv.ShapeError, match="got"):
        forecast(values, ORIGINS, ways, unrolled(3), words={}, errors=errors)


def test_errors_stay_within_their_axis_from_the_second_origin_on() -> None:
    errors = np.full((5, 1, 3), 4.0)
    errors[:3] = np.array([np.nan, 20.0, 9.0])[:, None, None]
    one = Way("all", "all", np.zeros((4, 1, 3)))
    stage = forecast(VALUES, np.repeat(ORIGINS, 2), [one], travelled(4, 3), words={}, errors=errors)
    assert 9.0 < stage["high_error"] < 20.0
