"""Explore: any series, horizon and window, the reader's own among them; and the program."""

from pathlib import Path

import numpy as np
import pytest

from lessons.common.controls import settle
from lessons.common.program import program
from lessons.forecasting import model, pictures, stored, tale
from lessons.forecasting import series as of
from lessons.forecasting.series import FILES, LEAST

RNG = np.random.default_rng(4)


def values(**said: str | int) -> dict[str, object]:
    return settle(model.controls, said)[1]


@pytest.mark.parametrize("series", FILES)
@pytest.mark.parametrize("horizon", [model.HORIZONS[1], model.HORIZONS[-1]])
@pytest.mark.parametrize("window", [model.WINDOWS[1], model.WINDOWS[-1]])
def test_any_window_and_horizon_leaves_enough_to_learn_from(series: str, horizon: str, window: str) -> None:
    chosen = model.settings(values(series=series, horizon=horizon, window=window))
    assert len(chosen.series.origins(0, chosen.series.learned)) >= model.LEFT
    assert len(chosen.series.origins(chosen.series.chosen, len(chosen.series.values)))


@pytest.mark.parametrize("count", [LEAST, 500])
@pytest.mark.parametrize("reads", ["levels", "changes", "growth"])
def test_a_column_of_one_s_own_is_forecast(count: int, reads: str) -> None:
    column = 5 + np.sin(np.arange(count) / 3) + 0.1 * RNG.random(count)
    column[3] = np.nan
    mine, wrong = model.usable(column, reads)
    assert (len(mine), wrong) == (count, "")
    chosen = model.settings(values(series=model.OWN, reads=reads, horizon="21", window="56"), mine)
    found = model.table(model.held(chosen, (chosen.network(),)))
    assert np.isfinite([row["mean"] for row in found["rows"].values()]).all()


@pytest.mark.parametrize(
    ("column", "reads", "wrong"),
    [
        (np.arange(LEAST - 1.0), "levels", "short"),
        (np.full(100, np.nan), "levels", "short"),
        (np.repeat([1.0, 2.0], 50), "levels", "constant"),
        (np.arange(-50.0, 50.0), "growth", "negative"),
    ],
)
def test_a_column_that_cannot_be_used_is_refused_with_its_reason(column: np.ndarray, reads: str, wrong: str) -> None:
    assert model.usable(column, reads) == ((), wrong)


def test_without_a_column_of_one_s_own_one_sees_the_weather() -> None:
    assert model.settings(values(series=model.OWN)).series.id == "weather"


def test_an_ensemble_is_offered_only_where_it_is_stored() -> None:
    assert values(series="weather")["network"] == model.STORED
    assert "network" not in values(series="weather", horizon="7")
    assert "network" not in values(series="co2", how="feedback")


def test_saliency_is_the_slope_of_the_next_forecast() -> None:
    chosen = model.settings(values(series="weather"))
    look = model.look(stored.networks("weather", "direct")[0], chosen, 1200, 0)
    net, x, step = look.trace.network, look.x.copy(), 1e-5
    x[20, 0, 0] += step
    moved = model.rv.unroll(net, x).y[-1, 0, 0] - look.trace.y[-1, 0, 0]
    assert look.mattered[20] == pytest.approx(abs(moved) / step, rel=1e-3)


# The story


def test_the_errors_that_are_drawn_end_at_those_that_are_told() -> None:
    series = of.named("weather")
    origins, members = pictures.ahead("weather", "mean", 1)
    drawn = pictures.running(series, origins, [members])
    assert np.isnan(drawn[0]).all()
    np.testing.assert_allclose(drawn[-1, 0], stored.judged("weather").together)
    told = tale.facts("naive")["last"]
    assert told["seasonal"] == pictures.ends("weather", "seasonal")[-1] < told["naive"] < told["drift"]


def test_forecasts_of_prices_moved_back_by_a_month_lie_on_the_price() -> None:
    prices, said, errors = pictures.late(0)
    assert errors[-1] < errors[0] / 3
    assert errors[0] == pytest.approx(100 * np.abs(said[1:] / prices[1:] - 1).mean())
    assert errors[-1] == pytest.approx(100 * np.abs(said[1:] / prices[:-1] - 1).mean())


def test_walks_begin_where_the_price_does_and_change_as_it_does() -> None:
    prices, lots = pictures.walks()
    assert (lots[:, 0] == prices[0]).all()
    known = np.diff(np.log(prices))
    assert np.isclose(np.diff(np.log(lots[0]))[:, None], known, atol=1e-12).any(axis=1).all()


def test_every_question_has_its_answer() -> None:
    told = {name: tale.facts(name)["answers"][name] for name in tale.BEATS if "answers" in tale.facts(name)}
    expected = {
        "naive": "seasonal",
        "origin": "later",
        "feedback": "direct",
        "band": "few",
        "late": "none",
        "walk": "b",
    }
    assert told == expected


def test_the_program_reads_the_chosen_column_of_one_s_own_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    heat = np.round(5 + np.sin(np.arange(90) / 3) + 0.1 * RNG.random(90), 3)
    rows = [f"{1900 + k},{k % 7},{value}" for k, value in enumerate(heat)]
    (tmp_path / "your.csv").write_text("\n".join(["year,day,heat", *rows]), encoding="utf-8")
    mine, _ = model.usable(heat, "changes")
    chosen = model.settings(values(series=model.OWN, reads="changes"), mine)
    monkeypatch.chdir(tmp_path)
    exec(program(Path(model.__file__).parent, **model.program(chosen, False, 0, "heat")), {})
    network, naive = map(float, capsys.readouterr().out.split())
    errors = model.held(chosen, (chosen.network(),)).errors
    assert (network, naive) == (pytest.approx(errors["network"].mean()), pytest.approx(errors["naive"].mean()))
