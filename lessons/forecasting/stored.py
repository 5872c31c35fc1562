"""The ensembles that `python -m lessons.trained.forecasting` has trained: `SEEDS` networks for each of `KEPT`, which
differ in nothing but their seed; and what they forecast from the origins of the last quarter, which none has seen.

The file holds for each name "<series> <how>" the weights (SEEDS, P), in the order of `state_dict`, in float32.
"""

from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import numpy as np

import rnnviz as rv
from lessons.forecasting import series as of
from lessons.forecasting.experiment import Settings, forecast
from lessons.forecasting.series import Series
from rnnviz.arrays import Array

FILE = Path(__file__).parents[1] / "trained" / "forecasting.npz"
SEEDS = 10
KEPT = {  # {(series, how): updates}: of 100, 200, ... those with the least error on the third quarter
    ("weather", "direct"): 400,
    ("weather", "feedback"): 200,
    ("sunspots", "direct"): 100,
    ("sunspots", "feedback"): 100,
    ("co2", "direct"): 600,
    ("prices", "direct"): 100,
}


@cache
def networks(name: str, how: str) -> tuple[rv.Network, ...]:
    """Those of one name, in the order of their seeds."""
    with np.load(FILE) as saved:
        flat = saved[f"{name} {how}"]
    return tuple(network(Settings(of.named(name), how), one) for one in flat)


def network(like: Settings, flat: Array) -> rv.Network:
    """The network of these weights, in the precision of the file."""
    net, at, named = like.network(), 0, {}
    for name, array in net.state_dict().items():
        named[name] = flat[at : at + array.size].reshape(array.shape).astype(array.dtype)
        at += array.size
    return net.with_parameters(named)


def flat(net: rv.Network) -> Array:
    """Its weights in a row."""
    return np.concatenate([array.ravel() for array in net.state_dict().values()]).astype(np.float32)


@lru_cache(maxsize=16)
def ensemble(name: str, how: str, step: int = 1) -> tuple[Array, Array]:
    """The origins (n,) of the last quarter, every `step`-th, and (SEEDS, horizon, n, S) what is forecast from them."""
    series = of.named(name)
    origins = series.origins(series.chosen, len(series.values), step)
    return origins, np.stack([forecast(one, series, origins) for one in networks(name, how)])


# Intervals


DICE = 10  # paths of each network


@cache
def residuals(name: str, seed: int) -> Array:
    """How far off in z a network that feeds back was one step ahead, on the third quarter: with sign, and mean 0."""
    series = of.cut(of.named(name), of.named(name).window, 1)
    origins = series.origins(series.learned, series.chosen)
    said = forecast(networks(name, "feedback")[seed], series, origins)
    _, spread = series.scale
    off = ((series.truth(origins) - said) / spread)[0]
    return np.asarray(off.ravel() - off.mean())


@lru_cache(maxsize=8)
def diced(name: str, step: int = 1) -> tuple[Array, Array]:
    """The same origins, and paths (SEEDS * DICE, horizon, n, S): at each step a past error is drawn, and added."""
    series, paths = of.named(name), []
    origins = series.origins(series.chosen, len(series.values), step)
    for seed, one in enumerate(networks(name, "feedback")):
        rng = np.random.default_rng(seed)
        for _ in range(DICE):
            shocks = rng.choice(residuals(name, seed), (series.horizon, len(origins), series.values.shape[1]))
            paths.append(forecast(one, series, origins, shocks))
    return origins, np.stack(paths)


def within(members: Array, truth: Array, low: float, high: float) -> Array:
    """(horizon, n, S) whether the truth lies between these quantiles of members (M, horizon, n, S)."""
    least, most = np.quantile(members, [low, high], axis=0)
    return np.asarray((least <= truth) & (truth <= most))


@dataclass(frozen=True, eq=False)
class Judged:
    """How far off each way is on the last quarter, by steps ahead: mean absolute errors (horizon,).

    network  (SEEDS, horizon), seed by seed; together: of their mean
    """

    series: Series
    origins: int
    network: Array
    together: Array
    baselines: dict[str, Array]


def off(series: Series, forecasts: Array, origins: Array) -> Array:
    """Mean absolute error (horizon,) of forecasts (horizon, n, S)."""
    return np.asarray(np.abs(series.off(forecasts, origins)).mean(axis=(1, 2)))


@cache
def judged(name: str, how: str = "direct") -> Judged:
    """On all origins of the last quarter."""
    series = of.named(name)
    origins, members = ensemble(name, how)
    return Judged(
        series,
        len(origins),
        np.stack([off(series, one, origins) for one in members]),
        off(series, members.mean(axis=0), origins),
        {way: off(series, said(series, origins), origins) for way, said in of.BASELINES.items()},
    )
