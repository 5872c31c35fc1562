"""What each beat says: of the stored ensembles, on origins in the last quarter of each series."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import numpy as np

from lessons.forecasting import pictures, stored
from lessons.forecasting import series as of
from rnnviz.evaluation import over_seeds

Facts = dict[str, Any]
NEAR = 0.05  # of an error: what differs by less is about the same


@cache
def facts(beat: str) -> Facts:
    """What a beat's words speak of."""
    weather = of.named("weather")
    return {
        "days": weather.horizon,
        "read": weather.window,
        "networks": stored.SEEDS,
        "paths": stored.SEEDS * stored.DICE,
    } | BEATS[beat]()


def fan() -> Facts:
    """How far apart the possible paths are, tomorrow and at the end."""
    _, paths = stored.diced("weather")
    apart = np.diff(np.quantile(paths, pictures.EIGHT, axis=0), axis=0)[0].mean(axis=(1, 2))
    return {"first": float(apart[0]), "last": float(apart[-1])}


def naive() -> Facts:
    """Which of the forecasts for nothing is best two weeks ahead, and which tomorrow."""
    found = stored.judged("weather").baselines
    first = {name: float(errors[0]) for name, errors in found.items()}
    last = {name: float(errors[-1]) for name, errors in found.items()}
    return {
        "first": first,
        "last": last,
        "best": min(first, key=first.__getitem__),
        "answers": {"naive": min(last, key=last.__getitem__)},
    }


def origin() -> Facts:
    """Where the network is farthest ahead of the naive forecast."""
    judged = stored.judged("weather")
    gain = judged.baselines["naive"] - judged.together
    best = int(gain.argmax())
    where = "nowhere" if gain.max() <= 0 else "tomorrow" if best == 0 else "later"
    return {
        "origins": judged.origins,
        "best": best + 1,
        "gain": float(gain[best]),
        "network": float(judged.together[0]),
        "naive": float(judged.baselines["naive"][0]),
        "ahead": bool((gain > 0).all()),
        "answers": {"origin": where},
    }


def feedback() -> Facts:
    """At once, or fed back: who is off further, on sunspots and on the weather."""
    found = {how: float(stored.judged("sunspots", how).together.mean()) for how in ("direct", "feedback")}
    there = {how: float(stored.judged("weather", how).together.mean()) for how in ("direct", "feedback")}
    ratio = found["direct"] / found["feedback"]
    same = abs(ratio - 1) < NEAR
    return {
        "horizon": of.named("sunspots").horizon,
        "windows": len(of.named("sunspots").origins(0, of.named("sunspots").learned)),
        "found": found,
        "even": abs(there["direct"] / there["feedback"] - 1) < NEAR,
        "answers": {"feedback": "same" if same else "direct" if ratio > 1 else "feedback"},
    }


def band() -> Facts:
    """How often the truth is within the fan of ten networks."""
    origins, members = stored.ensemble("weather", "direct")
    share = float(stored.within(members, of.named("weather").truth(origins), *pictures.EIGHT).mean())
    answer = "eight" if share > 0.65 else "half" if share > 0.3 else "few"
    return {"share": share, "asked": pictures.EIGHT[1] - pictures.EIGHT[0], "answers": {"band": answer}}


def dice() -> Facts:
    """The same of the paths on which past errors are drawn."""
    origins, members = stored.diced("weather")
    share = float(stored.within(members, of.named("weather").truth(origins), *pictures.EIGHT).mean())
    return {"share": share, "before": band()["share"], "asked": band()["asked"]}


def late() -> Facts:
    """How far off one-month forecasts of prices are, and how far once they are moved back."""
    judged, moved = stored.judged("prices"), pictures.late(0)[2]
    ratio = judged.network.mean(axis=0)[0] / judged.baselines["naive"][0]
    return {
        "network": float(judged.network.mean(axis=0)[0]),
        "naive": float(judged.baselines["naive"][0]),
        "moved": float(moved[-1]),
        "shown": float(moved[0]),
        "answers": {"late": "much" if ratio < 0.75 else "little" if ratio < 1 else "none"},
    }


def walk() -> Facts:
    """Which of two lines is a price."""
    prices = of.named("prices").values[:, pictures.SHARE]
    changes = np.diff(np.log(prices))
    return {
        "lots": pictures.LOTS,
        "months": len(prices),
        "memory": float(np.corrcoef(changes[:-1], changes[1:])[0, 1]),
        "answers": {"walk": "b"},
    }


def rule() -> Facts:
    """What the networks are worth, series by series."""
    runs = over_seeds(stored.judged("weather").network.mean(axis=1))
    return {"share": {name: pictures.share(name) for name in of.FILES}, "spread": runs.spread}


BEATS: Mapping[str, Callable[[], Facts]] = {
    each.__name__: each for each in (fan, naive, origin, feedback, band, dice, late, walk, rule)
}
