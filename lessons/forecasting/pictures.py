"""The stages: a fan that unrolls, origins that travel, a line moved back by one step; the chart at the end."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from lessons.common.text import Words
from lessons.forecasting import experiment, stored
from lessons.forecasting import series as of
from lessons.forecasting.series import Series
from rnnviz.arrays import Array
from rnnviz.player.forecast import Way, forecast, slid, travelled, unrolled
from rnnviz.plots import Bars, prepare
from rnnviz.plots.prepared import Prepared

LOOKS: Mapping[str, tuple[str, tuple[float, ...]]] = {  # of each way: its hue, its dash
    "direct": ("forward", ()),
    "mean": ("forward", ()),
    "fed": ("positive", (11, 3, 2, 3)),
    "diced": ("forward", ()),
    "naive": ("forget", (7, 4)),
    "seasonal": ("output", (2, 3)),
    "drift": ("candidate", (12, 4)),
    "real": ("ink", ()),
    "lot": ("forward", ()),
}
WIDE = {"drift": 7.0}  # pixels, of a line that may lie below another
EIGHT = (0.1, 0.9)  # quantiles between which eight of ten lie
DRAWN = 3  # every so many of the paths are drawn
EVERY = {"weather": 3, "sunspots": 1}  # steps from one origin to the next, where the errors are drawn
WEEK = 7  # the same where the fan is looked at
FRAMES = 21  # of a line that is moved back
LOTS, LOT = 20, 24  # walks drawn by lot, and the seed of the first
SHARE = 2  # which of the companies


@lru_cache(maxsize=32)
def ahead(name: str, kind: str, step: int) -> tuple[Array, Array]:
    """Origins (n,) and forecasts (M, horizon, n, S) of one way, of a real series."""
    if kind in of.BASELINES:
        series = of.named(name)
        origins = series.origins(series.chosen, len(series.values), step)
        return origins, of.BASELINES[kind](series, origins)[None]
    if kind == "diced":
        return stored.diced(name, step)
    origins, members = stored.ensemble(name, "feedback" if kind == "fed" else "direct", step)
    return origins, members if kind == "direct" else members.mean(axis=0, keepdims=True)


def way(kind: str, label: str, members: Array, which: int = 0) -> Way:
    """Forecasts (M, horizon, n, S) of one of the S series, as they are drawn."""
    hue, dash = LOOKS[kind]
    return Way(kind, label, members[:, :, :, which].transpose(2, 0, 1), hue, dash, WIDE.get(kind, 2.5))


def labels(series: Series, words: Words) -> dict[str, str]:
    """What each way is called with this series."""
    found: dict[str, str] = words.labels("ways", {"series": series.id})
    return found


def running(series: Series, origins: Array, found: Sequence[Array]) -> Array:
    """(n + 1, W, horizon): how far the mean of each way is off on average, over the first 0, 1, ... n origins."""
    each = [np.abs(series.off(members.mean(axis=0), origins)).mean(axis=2).T for members in found]
    counts = np.arange(1, len(origins) + 1)[:, None, None]
    so_far = np.cumsum(np.stack(each, axis=1), axis=0) / counts
    return np.concatenate([np.full_like(so_far[:1], np.nan), so_far])


def ends(name: str, kind: str) -> Array:
    """(horizon,) the errors of one way that are drawn in the end, on the origins that are shown."""
    origins, members = ahead(name, kind, EVERY[name])
    return np.asarray(running(of.named(name), origins, [members])[-1, 0])


def inside(name: str, kind: str) -> float:
    """How often the truth lies within the fan of one way, on the origins that are shown."""
    origins, members = ahead(name, kind, WEEK)
    return float(stored.within(members, of.named(name).truth(origins), *EIGHT).mean())


def ticks(series: Series) -> list[tuple[int, str]]:
    """Which times may be written: the first of a month, a January, every tenth year or time."""
    first = series.times[0]
    if len(first) == len("2012-01-01"):
        return [(k, time[:7]) for k, time in enumerate(series.times) if time.endswith("-01")]
    if len(first) == len("2012-01"):
        return [(k, time[:4]) for k, time in enumerate(series.times) if time.endswith("-01")]
    return [(k, time) for k, time in enumerate(series.times) if int(time) % 10 == 0]


def dressed(series: Series, words: Words) -> dict[str, Any]:
    """What is written on a stage of this series."""
    say = words.labels(f"series.{series.id}")
    off = "%" if series.reads == "growth" else say["unit"]
    stage = words.labels("stage", {"name": say["name"], "ahead": say["ahead"], "unit": off})
    return {"words": stage, "unit": say["unit"], "ticks": ticks(series)}


def fan(name: str, words: Words, start: int, **place: Any) -> dict[str, Any]:
    """One fan of possible paths, from the origin of this number on."""
    series, (origins, paths) = of.named(name), ahead(name, "diced", 1)
    members = paths[::DRAWN, :, start : start + 1]
    said = [words.label("said.fan", {"ahead": k, "unit": words.label(f"series.{name}.ahead")}) for k in range(15)]
    return forecast(
        series.values[:, 0], origins[start : start + 1], [way("diced", labels(series, words)["diced"], members)],
        unrolled(series.horizon), span=[series.window, series.horizon + 1], band=EIGHT, said=said,
        **dressed(series, words), **place,
    )  # fmt: skip


def travel(name: str, kinds: Sequence[str], words: Words, **place: Any) -> dict[str, Any]:
    """From one origin to the next, and the errors by horizon."""
    series, found = of.named(name), [ahead(name, kind, EVERY[name]) for kind in kinds]
    named, shown = labels(series, words), [members for _, members in found]
    return travelled_stage(series, found[0][0], kinds, [named[kind] for kind in kinds], shown, words, **place)


def travelled_stage(
    series: Series, origins: Array, kinds: Sequence[str], named: Sequence[str], shown: Sequence[Array], words: Words,
    which: int = 0, **place: Any,
) -> dict[str, Any]:  # fmt: skip
    """The same of any forecasts (M, horizon, n, S)."""
    times = [series.times[origin] for origin in (origins[0], *origins)]
    said = [words.label("said.travel", {"time": time, "count": count}) for count, time in enumerate(times)]
    ways = [way(kind, label, members, which) for kind, label, members in zip(kinds, named, shown)]
    return forecast(
        series.values[:, which], origins, ways, travelled(len(origins), series.horizon),
        errors=running(series, origins, shown), span=[int(1.4 * series.window), series.horizon + 2], said=said,
        **dressed(series, words), **place,
    )  # fmt: skip


def covered(name: str, kind: str, words: Words, **place: Any) -> dict[str, Any]:
    """From one origin to the next: how often the truth lies within the fan."""
    series, (origins, members) = of.named(name), ahead(name, kind, WEEK)
    within = stored.within(members, series.truth(origins), *EIGHT).sum(axis=(0, 2))
    inside = [0, *(int(count) for count in within.cumsum())]
    counts = [{"inside": one, "count": k * series.horizon} for k, one in enumerate(inside)]
    said = [words.label("said.covered", count) for count in counts]
    drawn = members[::DRAWN] if kind == "diced" else members
    return forecast(
        series.values[:, 0], origins, [way(kind, labels(series, words)[kind], drawn)],
        travelled(len(origins), series.horizon), band=EIGHT, said=said,
        span=[series.window, series.horizon + 2], **dressed(series, words), **place,
    )  # fmt: skip


@lru_cache(maxsize=4)
def late(which: int) -> tuple[Array, Array, Array]:
    """Of one company in the last quarter: prices (n,), what was forecast of each a month before, and for each frame how
    far off that is, in percent, once it is moved back."""
    series = of.cut(of.named("prices"), of.named("prices").window, 1)
    origins = series.origins(series.chosen, len(series.values))
    nets = stored.networks("prices", "direct")
    said = np.mean([experiment.forecast(net, of.named("prices"), origins)[0, :, which] for net in nets], axis=0)
    prices = series.values[origins[0] : origins[-1] + 2, which]
    at = np.arange(1, len(prices))
    shifts = np.linspace(0, 1, FRAMES)
    errors = [100 * np.abs(said / np.interp(at - by, np.arange(len(prices)), prices) - 1).mean() for by in shifts]
    return prices, np.concatenate([[np.nan], said]), np.array(errors)


def moved(words: Words, **place: Any) -> dict[str, Any]:
    """One-month forecasts beside the price, and then moved back by a month."""
    series, (prices, said, errors) = of.named("prices"), late(0)
    first = len(series.values) - len(prices)
    shown = dressed(series, words) | {"ticks": [(k - first, time) for k, time in ticks(series) if k >= first]}
    shown["words"] = shown["words"] | {"series": words.label("apple")}
    notes = [words.label("said.moved", {"error": float(error)}) for error in errors]
    return forecast(
        prices, [len(prices) - 1], [], slid(np.linspace(0, 1, FRAMES)), line=said, said=notes, pace=5, **shown, **place
    )


@lru_cache(maxsize=1)
def walks() -> tuple[Array, Array]:
    """A company's price (N,), and LOTS walks (LOTS, N) whose monthly changes are drawn from its own, by lot."""
    prices = of.named("prices").values[:, SHARE]
    changes = np.diff(np.log(prices))
    drawn = np.random.default_rng(LOT).choice(changes, (LOTS, len(changes)))
    return prices, prices[0] * np.exp(np.cumsum(np.pad(drawn, ((0, 0), (1, 0))), axis=1))


def guessed(words: Words, told: bool, **place: Any) -> dict[str, Any]:
    """A price and a walk, without their names; and then the price among many walks."""
    prices, lots = walks()
    named = words.labels("walk", {"lots": LOTS, "told": told})
    path = [one[None, None, 1:] for one in (lots[0], prices)]
    if told:
        ways = [
            Way("lot", named["lots"], lots[None, :, 1:], "forward"),
            Way("real", named["real"], path[1], "positive"),
        ]
    else:
        ways = [Way("a", named["a"], path[0], "forward"), Way("b", named["b"], path[1], "positive", (7, 4))]
    shown = dressed(of.named("prices"), words)
    shown["words"] = shown["words"] | {"series": named["title"], "origin": ""}
    return forecast(prices, [0], ways, unrolled(len(prices) - 1, truth=0), **shown, **place)


def worth(words: Words) -> Prepared:
    """The error of each series' networks over that of the naive forecast."""
    say = words.labels("worth")
    names = ("co2", "sunspots", "weather", "prices")
    found = [share(name) for name in names]
    series = [Bars(say["network"], found), Bars(say["naive"], np.ones(len(names)), "forget")]
    labels = [words.label(f"series.{name}.short") for name in names]
    return prepare.bars(series, labels, title=say["title"], low=0.0, high=1.25, height=420)


def share(name: str) -> float:
    """The mean error over the horizon of single networks, over that of the naive forecast."""
    how = "feedback" if name == "sunspots" else "direct"
    judged = stored.judged(name, how)
    return float(judged.network.mean() / judged.baselines["naive"].mean())
