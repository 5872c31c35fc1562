"""What the page on forecasting says and draws in Explore, as numbers; the story's are in `tale.py`."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

import rnnviz as rv
from lessons.common.controls import Choice, Control, Range, Seed, Steps
from lessons.forecasting import series as of
from lessons.forecasting import stored, tale
from lessons.forecasting.experiment import BATCH, CLIP, HOW, RATE, UNITS, Settings, batch, forecast
from lessons.forecasting.series import FILES, LEAST, MOST, READS, Series
from rnnviz.arrays import Array
from rnnviz.evaluation import OverSeeds, over_seeds

OWN, USUAL, LIVE, STORED = "own", "usual", "live", "stored"
HORIZONS, WINDOWS = (USUAL, "1", "2", "4", "7", "14", "21"), (USUAL, "3", "7", "14", "28", "56")
LEFT = 8  # windows that are left to learn from, at least
TRAVEL = 60  # origins that are travelled, at most
PRESETS: dict[str, dict[str, Any]] = {
    "weather": {"series": "weather", "how": "direct", "network": STORED},
    "year": {"series": "co2", "how": "direct", "network": STORED},
    "sun": {"series": "sunspots", "how": "feedback", "network": STORED},
    "market": {"series": "prices", "how": "direct", "network": STORED},
    "short": {"series": "weather", "how": "direct", "window": "3"},
}


def controls(values: Mapping[str, Any]) -> tuple[Control, ...]:
    """Which series, how it is forecast, and by which network."""
    which = values.get("series", "weather")
    found: list[Control] = [Choice("series", (*FILES, OWN), "weather")]
    if which == "prices":
        found.append(Choice("company", of.named("prices").names, "AAPL"))
    if which == OWN:
        found += [Choice("reads", READS, "levels"), Range("season", 1, 400, 1, 12)]
    found += [Choice("how", HOW, "direct"), Steps("horizon", HORIZONS, USUAL), Steps("window", WINDOWS, USUAL)]
    found += [Choice("cell", ("elman", "lstm", "gru"), "gru"), Seed(high=stored.SEEDS - 1)]
    known = {one.id: one.read(values.get(one.id)) for one in found}
    return (*found, Choice("network", (STORED, LIVE), STORED)) if is_kept(known) else tuple(found)


def is_kept(values: Mapping[str, Any]) -> bool:
    """Whether an ensemble of these settings is stored."""
    usual = all(values[name] == USUAL for name in ("horizon", "window")) and values["cell"] == "gru"
    return usual and (values["series"], values["how"]) in stored.KEPT


def pick(_target: str, _value: Any, _values: Mapping[str, Any]) -> dict[str, Any]:
    """Nothing on this page is picked but by the controls, the stages and the player."""
    return {}


def usable(column: Array, reads: str) -> tuple[tuple[float, ...], str]:
    """The reader's column (N,), each gap filled with the value before it; and why it is not used, "" where it is."""
    first = column[: len(column) // 2, None]
    if len(column) < LEAST or np.isfinite(first).sum() < LEAST // 3:
        return (), "short"
    filled = rv.data.fill_forward(column[:, None], first)[-MOST:, 0]
    if np.ptp(filled[: len(filled) // 2]) == 0:
        return (), "constant"
    if reads == "growth" and filled.min() <= 0:
        return (), "negative"
    return tuple(float(value) for value in filled), ""


def settings(values: Mapping[str, Any], own: tuple[float, ...] = ()) -> Settings:
    """What the controls say; own: the reader's column of numbers, and the weather until there is one."""
    name = values["series"]
    if name != OWN:
        series = of.named(name)
    else:
        series = of.own(own, values["reads"], values["season"]) if own else of.named("weather")
    return Settings(fitted(series, values["horizon"], values["window"]), values["how"], values["cell"], values["seed"])


def fitted(series: Series, horizon: str, window: str) -> Series:
    """The series with this horizon and window, or as much of them as it is long enough for."""
    ahead = series.horizon if horizon == USUAL else int(horizon)
    read = series.window if window == USUAL else int(window)
    ahead = max(1, min(ahead, len(series.values) // LEFT))
    return of.cut(series, max(1, min(read, series.learned - ahead - LEFT)), ahead)


def company(values: Mapping[str, Any]) -> int:
    """Which of several series is drawn."""
    return of.named("prices").names.index(values["company"]) if values["series"] == "prices" else 0


# What the lab shows


@dataclass(frozen=True, eq=False)
class Held:
    """Forecasts from all origins of the last quarter; `members` (M, horizon, n, S).

    errors  {way: (horizon,)}: mean absolute errors; "network" of single networks, "together" of their mean
    each    (M,) of each network, over the horizon
    seeds   the error over the horizon, seed by seed; None where there is one network
    inside  how often the truth lies between the members' quantiles; None likewise
    """

    series: Series
    origins: Array
    members: Array
    errors: dict[str, Array]
    each: Array
    seeds: OverSeeds | None
    inside: float | None


def held(chosen: Settings, networks: tuple[rv.Network, ...]) -> Held:
    """Of these networks."""
    series = chosen.series
    origins = series.origins(series.chosen, len(series.values))
    members = np.stack([forecast(one, series, origins) for one in networks])
    each = np.stack([stored.off(series, one, origins) for one in members])
    errors = {"network": each.mean(axis=0), "together": stored.off(series, members.mean(axis=0), origins)}
    errors |= {name: stored.off(series, said(series, origins), origins) for name, said in of.BASELINES.items()}
    several = len(networks) > 1
    inside = stored.within(members, series.truth(origins), 0.1, 0.9).mean() if several else None
    seeds = over_seeds(each.mean(axis=1)) if several else None
    return Held(series, origins, members, errors, each.mean(axis=1), seeds, None if inside is None else float(inside))


@lru_cache(maxsize=8)
def held_by_stored(name: str, how: str) -> Held:
    """Of a stored ensemble."""
    return held(Settings(of.named(name), how), stored.networks(name, how))


def networks(chosen: Settings, kept: bool, live: rv.Network | None = None) -> tuple[rv.Network, ...]:
    """The ensemble that is stored, or the one network that is trained here, at first as it is initialized."""
    return stored.networks(chosen.series.id, chosen.how) if kept else (live or chosen.network(),)


def found(chosen: Settings, kept: bool, live: rv.Network | None = None) -> Held:
    """What its networks do on the last quarter."""
    return held_by_stored(chosen.series.id, chosen.how) if kept else held(chosen, networks(chosen, kept, live))


def table(judged: Held, diced: float | None = None) -> dict[str, Any]:
    """What the text says of it: for each way its error one step ahead, at the end, and on average."""
    rows = {
        name: {"first": float(errors[0]), "last": float(errors[-1]), "mean": float(errors.mean())}
        for name, errors in judged.errors.items()
    }
    return {
        "series": judged.series.id,
        "horizon": judged.series.horizon,
        "window": judged.series.window,
        "origins": len(judged.origins),
        "rows": rows,
        "networks": len(judged.members),
        "spread": judged.seeds.spread if judged.seeds else 0.0,
        "low": judged.seeds.low if judged.seeds else 0.0,
        "high": judged.seeds.high if judged.seeds else 0.0,
        "inside": judged.inside,
        "diced": diced,
        "sure": 0.95,
        "ratio": rows["network"]["mean"] / rows["naive"]["mean"] if rows["naive"]["mean"] else float("inf"),
    }


@lru_cache(maxsize=4)
def inside_of_dice(name: str) -> float | None:
    """How often the truth lies within the paths on which past errors were drawn; None where there are none."""
    if (name, "feedback") not in stored.KEPT:
        return None
    origins, paths = stored.diced(name)
    return float(stored.within(paths, of.named(name).truth(origins), 0.1, 0.9).mean())


@dataclass(frozen=True, eq=False)
class Look:
    """A network reads the window before one origin: both passes, dL/dy and L, and how much each input mattered to the
    forecast one step ahead."""

    trace: rv.Trace
    grads: rv.Gradients
    dy: Array
    x: Array
    loss: float
    tokens: tuple[str, ...]
    values: Array
    mattered: Array


def look(network: rv.Network, chosen: Settings, origin: int, which: int) -> Look:
    """Of this network."""
    series = chosen.series
    one = batch(series, chosen.how, np.array([origin]), np.array([which]))
    trace = rv.unroll(network, one.x)
    loss = one.loss(trace.y)
    grads = rv.backpropagate(network, trace, loss.dy)
    first = np.zeros_like(trace.y)
    first[-1, 0, 0] = 1.0
    mattered = rv.diagnostics.saliency(trace, rv.backpropagate(network, trace, first)).norm[:, 0]
    values = series.values[origin - series.window + 1 : origin + 1, which]
    tokens = tuple(f"{value:.4g}" for value in values)
    return Look(trace, grads, np.asarray(loss.dy), one.x, loss.value, tokens, values, mattered)


# Questions, the explanation, the program


def checks(judged: Held) -> dict[str, Any]:
    """The engine knows the answers."""
    errors = judged.errors
    first = {name: float(errors[name][0]) for name in of.BASELINES}
    network, naive = float(errors["network"].mean()), float(errors["naive"].mean())
    return {
        "first": first,
        "network": network,
        "naive": naive,
        "horizon": judged.series.horizon,
        "answers": {"first": min(first, key=first.__getitem__), "beats": "yes" if network < naive else "no"},
    }


def about() -> dict[str, Any]:
    """What the explanation says."""
    return {
        "units": UNITS,
        "batch": BATCH,
        "clip": CLIP,
        "rate": RATE,
        "seeds": stored.SEEDS,
        "paths": stored.SEEDS * stored.DICE,
        "updates": {f"{name}_{how}": updates for (name, how), updates in stored.KEPT.items()},
    }


def program(chosen: Settings, kept: bool, update: int, column: str = "") -> dict[str, Any]:
    """What `program.jinja` is filled in with; column: of the reader's table."""
    series, mine = chosen.series, chosen.series.id == OWN
    return {
        "file": "your.csv" if mine else f"lessons/data/{FILES[series.id][0]}",
        "own": mine,
        "column": column,
        "most": MOST,
        "columns": series.values.shape[1],
        "reads": series.reads,
        "window": series.window,
        "horizon": series.horizon,
        "how": chosen.how,
        "cell": chosen.cell,
        "seed": chosen.seed,
        "stored": f"{series.id} {chosen.how}" if kept else "",
        "update": update,
        "units": UNITS,
        "batch": BATCH,
        "rate": RATE,
        "clip": CLIP,
    }


def facts_for(section: str, values: Mapping[str, Any]) -> Any:
    """What a section of the language file speaks of with these values of the controls."""
    if section in tale.BEATS:
        return tale.facts(section)
    if section in ("about", "deeper"):
        return about()
    chosen, kept = settings(values), values.get("network") == STORED
    if section == "saw":
        return saw(chosen, 0, chosen.network())
    if section == "own":
        return {"wrong": "none", "count": 0}
    judged = found(chosen, kept)
    return checks(judged) if section == "checks" else table(judged, inside_of_dice(chosen.series.id) if kept else None)


def saw(chosen: Settings, update: int, network: rv.Network) -> dict[str, Any]:
    """What the live stage shows where the reader stands: the error on the third quarter."""
    series = chosen.series
    origins = few(series)
    error = float(stored.off(series, forecast(network, series, origins), origins).mean())
    naive = float(stored.off(series, of.naive(series, origins), origins).mean())
    return {"update": update, "error": error, "naive": naive, "series": series.id, "horizon": series.horizon}


@lru_cache(maxsize=16)
def few(series: Series) -> Array:
    """Origins of the third quarter, at most so many."""
    origins = series.origins(series.learned, series.chosen)
    return origins[:: max(1, -(-len(origins) // TRAVEL))]


def travelled(series: Series) -> slice:
    """Every so many of the last quarter's origins, so that they can be travelled."""
    count = len(series.origins(series.chosen, len(series.values)))
    return slice(None, None, max(1, -(-count // TRAVEL)))
