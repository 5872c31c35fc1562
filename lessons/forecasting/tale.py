"""What each beat says: of the stored ensembles, on those origins of the last quarter that its stage shows."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import numpy as np

from lessons.forecasting import pictures, stored
from lessons.forecasting import series as of

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
    """How far off the forecasts for nothing are tomorrow, and which is best two weeks ahead."""
    found = {name: pictures.ends("weather", name) for name in of.BASELINES}
    first = {name: float(errors[0]) for name, errors in found.items()}
    last = {name: float(errors[-1]) for name, errors in found.items()}
    apart = np.abs(pictures.ahead("weather", "drift", 1)[1] - pictures.ahead("weather", "naive", 1)[1]).max()
    return {
        "first": first,
        "last": last,
        "flat": bool(apart < 2 * NEAR * last["naive"]),
        "answers": {"naive": min(last, key=last.__getitem__)},
    }


def origin() -> Facts:
    """Where the network is farthest ahead of the naive forecast."""
    network, plain = pictures.ends("weather", "mean"), pictures.ends("weather", "naive")
    gain = plain - network
    best = int(gain.argmax())
    return {
        "best": best + 1,
        "gain": float(gain[best]),
        "network": float(network[0]),
        "naive": float(plain[0]),
        "answers": {"origin": "nowhere" if gain.max() <= 0 else "tomorrow" if best == 0 else "later"},
    }


def feedback() -> Facts:
    """At once, or fed back: who is off further, on sunspots and on the weather."""
    series = of.named("sunspots")
    found = {
        how: float(pictures.ends("sunspots", kind).mean()) for how, kind in (("direct", "mean"), ("feedback", "fed"))
    }
    there = {kind: float(pictures.ends("weather", kind).mean()) for kind in ("mean", "fed")}
    ratio = found["direct"] / found["feedback"]
    return {
        "horizon": series.horizon,
        "windows": len(series.origins(0, series.learned)),
        "found": found,
        "even": abs(there["mean"] / there["fed"] - 1) < NEAR,
        "answers": {"feedback": "same" if abs(ratio - 1) < NEAR else "direct" if ratio > 1 else "feedback"},
    }


def band() -> Facts:
    """How often the truth is within the fan of ten networks."""
    share = pictures.inside("weather", "direct")
    return {"share": share, "answers": {"band": "eight" if share > 0.65 else "half" if share > 0.3 else "few"}}


def dice() -> Facts:
    """The same of the paths on which past errors are drawn."""
    return {"share": pictures.inside("weather", "diced"), "asked": pictures.EIGHT[1] - pictures.EIGHT[0]}


def late() -> Facts:
    """How far off one-month forecasts of prices are, and how far once they are moved back."""
    judged = stored.judged("prices")
    network, plain = float(judged.together[0]), float(judged.baselines["naive"][0])
    ratio = network / plain
    return {
        "network": network,
        "naive": plain,
        "answers": {"late": "much" if ratio < 0.75 else "little" if ratio < 1 else "none"},
    }


def walk() -> Facts:
    """Which of two lines is a price."""
    return {"lots": pictures.LOTS, "answers": {"walk": "b"}}


def rule() -> Facts:
    """What the networks are worth, series by series."""
    return {name: pictures.share(name) for name in of.FILES}


BEATS: Mapping[str, Callable[[], Facts]] = {
    each.__name__: each for each in (fan, naive, origin, feedback, band, dice, late, walk, rule)
}
