"""Networks that forecast: what they see, how they feed back, and what the stored ones do on what they never saw."""

import numpy as np
import pytest

import rnnviz as rv
from lessons.forecasting import series as of
from lessons.forecasting import stored
from lessons.forecasting.experiment import Settings, batch, forecast, windows
from lessons.forecasting.series import FILES
from lessons.trained.forecasting import weights


@pytest.mark.parametrize("how", ["direct", "feedback"])
def test_a_window_ends_at_its_origin_and_the_targets_follow(how: str) -> None:
    series = of.named("co2")
    one = batch(series, how, np.array([100]), np.array([0]))
    np.testing.assert_array_equal(one.x[:, 0, 0], series.z[101 - series.window : 101, 0])
    asked = one.targets[-1, 0] if how == "direct" else one.targets[:, 0, 0]
    first = 101 if how == "direct" else 102 - series.window
    np.testing.assert_array_equal(asked, series.z[first : first + len(asked), 0])


@pytest.mark.parametrize("cell", ["elman", "lstm", "gru"])
def test_feeding_back_is_reading_its_own_forecasts(cell: str) -> None:
    series = of.cut(of.named("weather"), 5, 3)
    net, at = Settings(series, "feedback", cell).network(), np.array([50])
    x, said = windows(series, at, np.array([0])), []
    for _ in range(3):
        said.append(rv.unroll(net, x).y[-1])
        x = np.concatenate([x, said[-1][None]])
    expected = series.back(np.array(said)[:, 0, 0], series.values[at, 0])
    np.testing.assert_allclose(forecast(net, series, at)[:, 0, 0], expected, rtol=1e-12)


def test_a_shock_is_added_before_it_is_fed_back() -> None:
    series = of.cut(of.named("weather"), 5, 3)
    net, at = Settings(series, "feedback").network(), np.array([50])
    shocks = np.array([0.5, 0.0, 0.0]).reshape(3, 1, 1)
    plain, shaken = forecast(net, series, at), forecast(net, series, at, shocks)
    assert shaken[0, 0, 0] - plain[0, 0, 0] == pytest.approx(0.5 * series.scale[1])
    assert shaken[1, 0, 0] != plain[1, 0, 0]


@pytest.mark.parametrize("name", FILES)
def test_what_a_network_learns_from_ends_before_the_third_quarter(name: str) -> None:
    run = Settings(of.named(name))
    rng, last = np.random.default_rng(0), run.series.origins(0, run.series.learned)[-1]
    known = {tuple(np.round(run.series.z[k + 1 : k + 1 + run.series.horizon, s], 9)) for k in range(last + 1)
             for s in range(run.series.z.shape[1])}  # fmt: skip
    assert {tuple(np.round(row, 9)) for row in run.sample(rng).targets[-1]} <= known


@pytest.mark.parametrize(
    ("name", "how", "most"),
    [
        ("weather", "direct", 0.88),
        ("weather", "feedback", 0.89),
        ("sunspots", "direct", 0.51),
        ("sunspots", "feedback", 0.41),
        ("co2", "direct", 0.24),
    ],
)
def test_stored_networks_beat_the_naive_forecast_on_the_last_quarter(name: str, how: str, most: float) -> None:
    judged = stored.judged(name, how)
    assert (judged.network.mean(axis=1) < judged.baselines["naive"].mean()).all()  # every seed
    assert judged.network.mean() < most * judged.baselines["naive"].mean()


def test_prices_are_beaten_by_no_network() -> None:
    judged = stored.judged("prices")
    assert (judged.network.mean(axis=1) > judged.baselines["naive"].mean()).all()


def test_the_script_makes_the_stored_weights_again() -> None:
    with np.load(stored.FILE) as saved:
        np.testing.assert_allclose(
            weights("sunspots", "direct", 100, 1), saved["sunspots direct"][:1], rtol=1e-4, atol=1e-6
        )


def test_ten_networks_are_far_too_sure_and_past_errors_are_not() -> None:
    series = of.named("weather")
    origins, members = stored.ensemble("weather", "direct")
    _, paths = stored.diced("weather")
    truth = series.truth(origins)
    assert stored.within(members, truth, 0.1, 0.9).mean() < 0.2
    assert stored.within(paths, truth, 0.1, 0.9).mean() == pytest.approx(0.8, abs=0.05)
