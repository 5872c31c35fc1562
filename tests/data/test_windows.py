"""Windows: which steps stand in which."""

import numpy as np
import pytest

import rnnviz as rv
from rnnviz.data import windows

X = np.arange(20.0).reshape(10, 2)


@pytest.mark.parametrize(("length", "horizon", "stride"), [(3, 2, 1), (4, 1, 3), (1, 0, 2), (10, 0, 1)])
def test_a_window_and_its_target_follow_one_another(length: int, horizon: int, stride: int) -> None:
    x, targets = windows(X, length, horizon, stride)
    assert x.shape == (length, (10 - length - horizon) // stride + 1, 2)
    for b in range(x.shape[1]):
        first = b * stride
        np.testing.assert_array_equal(x[:, b], X[first : first + length])
        np.testing.assert_array_equal(targets[:, b], X[first + length : first + length + horizon])


def test_windows_of_a_part_hold_nothing_of_another() -> None:
    parts = rv.data.in_time(10, 0.6, 0.0)
    x, targets = windows(X[parts.train], 3, 1)
    assert max(x.max(), targets.max()) < X[parts.test].min()


def test_too_few_steps_are_told() -> None:
    with pytest.raises(rv.ShapeError, match="10 steps are too few for a window of 9 and 2"):
        windows(X, 9, 2)
    with pytest.raises(rv.ShapeError, match=r"\(N, I\)"):
        windows(X[:, 0], 2, 1)
    with pytest.raises(ValueError, match="stride"):
        windows(X, 2, 1, 0)
