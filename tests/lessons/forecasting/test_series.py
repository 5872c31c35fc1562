"""What is read of a series, and what costs nothing to forecast."""

import csv
from pathlib import Path

import numpy as np
import pytest

from lessons.data.series import COMPANIES
from lessons.forecasting import series as of
from lessons.forecasting.series import FILES, Series


def made(values: list[float], reads: str = "levels", season: int = 3) -> Series:
    return Series("made", ("",), tuple(map(str, range(len(values)))), np.array(values)[:, None], reads, season, 2, 3)


@pytest.mark.parametrize("name", FILES)
def test_no_forecast_that_is_judged_was_learned_from(name: str) -> None:
    series = of.named(name)
    learned = series.origins(0, series.learned)
    chosen = series.origins(series.learned, series.chosen)
    judged = series.origins(series.chosen, len(series.values))
    assert learned[-1] + series.horizon < chosen[0] + 1 <= series.learned
    assert chosen[-1] + series.horizon < judged[0] + 1 <= series.chosen
    assert judged[-1] + series.horizon == len(series.values) - 1


@pytest.mark.parametrize("name", FILES)
def test_what_is_learned_from_has_mean_zero_and_spread_one(name: str) -> None:
    series = of.named(name)
    known = series.z[(series.reads != "levels") : series.learned]
    assert known.mean() == pytest.approx(0.0, abs=1e-12)
    assert known.std() == pytest.approx(1.0)


@pytest.mark.parametrize("name", FILES)
def test_the_true_z_gives_back_the_true_values(name: str) -> None:
    series = of.named(name)
    origins = series.origins(series.chosen, len(series.values))
    z = series.z[origins + np.arange(1, series.horizon + 1)[:, None]]
    np.testing.assert_allclose(series.back(z, series.values[origins]), series.truth(origins), rtol=1e-12)


def test_the_later_part_does_not_change_what_is_read_of_the_first() -> None:
    series = made([float(k % 5) for k in range(20)])
    other = made([*(float(k % 5) for k in range(10)), *range(100, 110)])
    np.testing.assert_array_equal(series.z[:10], other.z[:10])


def test_forecasts_for_nothing_are_what_they_are_called() -> None:
    series = made([1.0, 2.0, 4.0, 7.0, 9.0, 8.0, 5.0, 6.0, 7.0, 8.0])
    at = np.array([4])
    np.testing.assert_array_equal(of.naive(series, at)[:, 0, 0], [9.0, 9.0, 9.0])
    np.testing.assert_array_equal(of.seasonal(series, at)[:, 0, 0], [4.0, 7.0, 9.0])
    np.testing.assert_array_equal(of.drift(series, at)[:, 0, 0], [11.0, 13.0, 15.0])


def test_a_season_that_is_shorter_than_the_horizon_is_repeated_from_known_values_alone() -> None:
    series = made([1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0], season=2)
    np.testing.assert_array_equal(of.seasonal(series, np.array([4]))[:, 0, 0], [4.0, 5.0, 4.0])


def test_prices_are_off_in_percent_of_the_truth() -> None:
    series = made([1.0, 1.1, 1.3, 2.0, 1.9, 2.0, 4.0, 5.0], "growth")
    off = series.off(of.naive(series, np.array([4])), np.array([4]))
    np.testing.assert_allclose(off[:, 0, 0], [-5.0, -52.5, -62.0])


def test_the_files_hold_all_months_and_companies() -> None:
    co2, prices = of.named("co2"), of.named("prices")
    with (Path(of.DATA) / "co2_monthly.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    gaps = [k for k, row in enumerate(rows) if not row["co2_ppm"]]
    assert len(gaps) == 5
    assert max(gaps) < co2.learned  # what is filled lies in the part that is learned from
    assert np.isfinite(co2.values).all()
    assert prices.names == COMPANIES
    assert (len(co2.values), len(prices.values), len(of.named("sunspots").values)) == (526, 123, 309)
