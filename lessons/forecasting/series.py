"""The series: real ones out of lessons/data, or a column of the reader's own; and what a network reads of them.

A network does not read degrees or dollars but z, with mean 0 and spread 1 over the part that it learns from. For v, the
values of a series:

    levels    z_t of v_t
    changes   z_t of v_t - v_{t-1}: where the level only goes up, as that of CO2 does
    growth    z_t of log v_t - log v_{t-1}: changes in percent, for prices

The first half of each series is there to learn from, the third quarter to choose by, the last quarter to judge by.
"""

import csv
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np

import rnnviz as rv
from rnnviz.arrays import Array

DATA = Path(__file__).parents[1] / "data"
READS = ("levels", "changes", "growth")
LEAST, MOST = 60, 5000  # values of a series of one's own


@dataclass(frozen=True, eq=False)
class Series:
    """Values (N, S) of S series that are measured at the same N times, such as the prices of four companies.

    names    of the S series
    times    (N,) what is written of each time
    reads    what a network reads of it, one of READS
    season   after how many steps it repeats itself, more or less: for the seasonal naive forecast
    window   how many values a network reads before it forecasts; horizon: how many it forecasts
    """

    id: str
    names: tuple[str, ...]
    times: tuple[str, ...]
    values: Array
    reads: str
    season: int
    window: int
    horizon: int

    @property
    def learned(self) -> int:
        """Up to which time it is there to learn from: N / 2."""
        return len(self.values) // 2

    @property
    def chosen(self) -> int:
        """Up to which time it is there to learn from, and to choose by: 3 N / 4."""
        return len(self.values) * 3 // 4

    @cached_property
    def raw(self) -> Array:
        """(N, S) what z is made of; the first of changes, which nobody knows, is 0."""
        if self.reads == "levels":
            return self.values
        values = np.log(self.values) if self.reads == "growth" else self.values
        return np.asarray(np.diff(values, axis=0, prepend=values[:1]))

    @cached_property
    def scale(self) -> tuple[float, float]:
        """Mean and spread of what z is made of, over the part that is there to learn from."""
        known = self.raw[(self.reads != "levels") : self.learned]
        return float(known.mean()), float(known.std())

    @cached_property
    def z(self) -> Array:
        """(N, S) what a network reads."""
        mean, spread = self.scale
        return (self.raw - mean) / spread

    def back(self, z: Array, last: Array) -> Array:
        """Values of forecasts z (horizon, ...) that follow values `last` (...)."""
        mean, spread = self.scale
        raw = z * spread + mean
        if self.reads == "levels":
            return np.asarray(raw)
        total = np.cumsum(raw, axis=0)
        return np.asarray(last * np.exp(total) if self.reads == "growth" else last + total)

    def origins(self, first: int, end: int, step: int = 1) -> Array:
        """The last known times t of forecasts for t + 1, ..., t + horizon, which lie from `first` to before `end`."""
        folds = rv.evaluation.rolling_origin(end, max(first, self.window + 1), self.horizon, step)
        return np.array([fold.test.start - 1 for fold in folds])

    def truth(self, origins: Array) -> Array:
        """(horizon, n, S) what came after each of n origins."""
        ahead = origins[None, :] + np.arange(1, self.horizon + 1)[:, None]
        return np.asarray(self.values[ahead])

    def off(self, forecasts: Array, origins: Array) -> Array:
        """How far forecasts (horizon, n, S) are off, with sign: in the series' unit, or in percent of the truth where
        growth is read."""
        truth = self.truth(origins)
        return np.asarray(100 * (forecasts / truth - 1) if self.reads == "growth" else forecasts - truth)


def column(name: str) -> tuple[tuple[str, ...], tuple[str, ...], Array]:
    """Names, times and values (N, S) of a file in lessons/data; gaps are filled along a straight line."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        head, *rows = csv.reader(file)
    values = np.array([[float(cell or "nan") for cell in row[1:]] for row in rows])
    return tuple(head[1:]), tuple(row[0] for row in rows), rv.data.missing.interpolate(values)


FILES = {  # file, what is read, season, window, horizon
    "weather": ("seattle_max_temperature.csv", "levels", 365, 28, 14),
    "sunspots": ("sunspots_yearly.csv", "levels", 11, 33, 11),
    "co2": ("co2_monthly.csv", "changes", 12, 24, 12),
    "prices": ("stocks_monthly.csv", "growth", 12, 12, 6),
}


@lru_cache(maxsize=4)
def named(name: str) -> Series:
    """One of the real series."""
    file, reads, season, window, horizon = FILES[name]
    names, times, values = column(file)
    return Series(name, names, times, values, reads, season, window, horizon)


@lru_cache(maxsize=4)
def own(values: tuple[float, ...], reads: str, season: int) -> Series:
    """A column of numbers of the reader's own."""
    times = tuple(str(k + 1) for k in range(len(values)))
    return Series("own", ("",), times, np.array(values)[:, None], reads, season, 24, 6)


@lru_cache(maxsize=32)
def cut(series: Series, window: int, horizon: int) -> Series:
    """The same for another window and horizon."""
    return replace(series, window=window, horizon=horizon)


# Forecasts for which nothing has to be learned


def naive(series: Series, origins: Array) -> Array:
    """All stays as it is: (horizon, n, S)."""
    return np.broadcast_to(series.values[origins], (series.horizon, len(origins), series.values.shape[1]))


def seasonal(series: Series, origins: Array) -> Array:
    """As it was one season before, or two where that is not known yet; where none is known, all stays as it is."""
    ahead = np.arange(1, series.horizon + 1)[:, None]
    back = series.season * -(-ahead // series.season)
    before = origins[None, :] + ahead - back
    return np.asarray(series.values[np.where(before >= 0, before, origins[None, :])])


def drift(series: Series, origins: Array) -> Array:
    """It goes on along the line from the first value to the last one known (in percent where growth is read)."""
    values = np.log(series.values) if series.reads == "growth" else series.values
    slope = (values[origins] - values[0]) / origins[:, None]
    line = values[origins] + np.arange(1, series.horizon + 1)[:, None, None] * slope
    return np.asarray(np.exp(line) if series.reads == "growth" else line)


BASELINES = {"naive": naive, "seasonal": seasonal, "drift": drift}
