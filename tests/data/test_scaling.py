"""Scaling: fitted on the training part alone, undone exactly."""

import numpy as np
import pytest

import rnnviz as rv
from rnnviz.data import min_max, standardize

X = np.random.default_rng(0).normal([5.0, -100.0], [2.0, 30.0], (200, 2))


def test_a_standardized_training_part_has_mean_zero_and_spread_one() -> None:
    z = standardize(X).transform(X)
    np.testing.assert_allclose(z.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(z.std(axis=0), 1)


def test_a_training_part_between_zero_and_one_touches_both() -> None:
    z = min_max(X).transform(X)
    np.testing.assert_allclose([z.min(axis=0), z.max(axis=0)], [[0, 0], [1, 1]])
    assert min_max(X[:50]).transform(X[50:]).max() > 1, "later values go where they go"


@pytest.mark.parametrize("fit", [standardize, min_max])
def test_the_inverse_undoes_the_transform(fit) -> None:
    scaler = fit(X)
    np.testing.assert_allclose(scaler.inverse(scaler.transform(X)), X)


@pytest.mark.parametrize("fit", [standardize, min_max])
def test_windows_are_scaled_as_their_series_is(fit) -> None:
    scaler, x = fit(X), rv.data.windows(X, 10, 0).x
    np.testing.assert_array_equal(scaler.transform(x)[:, 3], scaler.transform(X)[3:13])
    np.testing.assert_allclose(fit(X.reshape(2, 100, 2)).shift, scaler.shift)


@pytest.mark.parametrize("fit", [standardize, min_max])
def test_gaps_take_no_part_and_stay_gaps(fit) -> None:
    gaps = X.copy()
    gaps[::3, 0] = np.nan
    np.testing.assert_allclose(fit(gaps).shift[0], fit(np.delete(X, np.s_[::3], axis=0)).shift[0])
    assert np.isnan(fit(gaps).transform(gaps)).sum() == np.isnan(gaps).sum()


@pytest.mark.parametrize("fit", [standardize, min_max])
def test_a_constant_column_is_moved_not_blown_up(fit) -> None:
    assert fit(np.full((7, 1), 0.1)).scale == [1.0]
    assert fit(np.full((7, 1), 0.1)).transform([[0.1]]) == pytest.approx(0, abs=1e-12)


def test_wrong_calls_say_what_is_wrong() -> None:
    with pytest.raises(rv.ShapeError, match=r"single column is x\[:, None\]"):
        standardize(X[:, 0])
    with pytest.raises(rv.NonFiniteError, match="column 1"):
        min_max([[1.0, np.inf]])
    with pytest.raises(ValueError, match="column 0 of train has no numbers"):
        standardize([[np.nan, 1.0]])
    with pytest.raises(rv.ShapeError, match="2 columns"):
        standardize(X).transform(X[:, :1])
