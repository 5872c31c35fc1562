"""What each beat's words speak of: computed from the stored networks, and from those that have not learned yet."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from lessons.beyond_recurrence import costs
from lessons.beyond_recurrence.experiment import PLACES, begun, digit, look, words
from lessons.beyond_recurrence.stored import SEEDS, shares, trained

Facts = dict[str, Any]
NUMBER, TWINS = 773, (302, 203)  # the second two are spelled with the same letters
HALF, WHOLE = 14, 28  # letters, of the beat on costs
LONG = 256  # letters that are timed
QUICK = 0.9  # of the digits right: who is there first?
SAME = 1e-9  # probabilities that differ by less come from the same sums in another order


def facts(beat: str, values: Mapping[str, Any]) -> Facts:
    """What a beat's words speak of."""
    word = words()[NUMBER]
    common = {"word": word, "twins": [words()[n] for n in TWINS]}
    return common | BEATS[beat](values)


def way(_: Mapping[str, Any]) -> Facts:
    """A gradient walks back."""
    return {}


def jump(_: Mapping[str, Any]) -> Facts:
    """Or it jumps."""
    found = {kind: look(begun(kind, 0), words()[NUMBER], 0) for kind in costs.PAIR}
    weights = found["attention"].weights
    assert weights is not None
    kept = {kind: one.norms[0] / one.norms[-2] for kind, one in found.items()}
    return {
        "kept": kept,
        "far": kept["attention"] > 2 * kept["recurrent"],
        "answers": {"jump": "one" if (weights > 0).all() else "more"},
    }


def learned(_: Mapping[str, Any]) -> Facts:
    """What training makes of it."""
    before, after = (look(one, words()[NUMBER], 0) for one in (begun("recurrent", 0), trained("recurrent")))
    grown = float(after.norms[0] / before.norms[0])
    kept = [float(one.norms[0] / one.norms[-2]) for one in (before, after)]  # of the last letter's
    return {
        "grown": grown,
        "kept": kept,
        "opened": kept[1] > 2 * kept[0] and after.norms[-2] > before.norms[-2],
        "answers": {"learned": "more" if grown > 3 else "less" if grown < 1 / 3 else "same"},
    }


def order(_: Mapping[str, Any]) -> Facts:
    """Without positions."""
    one, other = (look(trained("shuffled"), words()[n], 0) for n in TWINS)
    apart = float(np.abs(one.p - other.p).max())
    same = one.digit == other.digit and apart < SAME
    return {"answers": {"order": "same" if same else "apart"}}


def positions(values: Mapping[str, Any]) -> Facts:
    """With them."""
    place = PLACES.index(values["place"])
    found = [look(trained("attention"), words()[n], place) for n in TWINS]
    right = [digit(n, place) for n in TWINS]
    return {"says": [one.digit for one in found], "right": right, "both": [one.digit for one in found] == right}


def cost(_: Mapping[str, Any]) -> Facts:
    """What the short way costs."""
    half, whole = costs.looks(HALF), costs.looks(WHOLE)
    ratio = whole / half
    names = {2: "two", 4: "four", 8: "eight"}
    return {
        "half": HALF,
        "whole": WHOLE,
        "looks": (half, whole),
        "ratio": ratio,
        "dearer": costs.dearer_from(),
        "answers": {"cost": names.get(round(ratio), "other")},
    }


def parallel(_: Mapping[str, Any]) -> Facts:
    """And what it takes on one core."""
    time = costs.milliseconds("attention", LONG) / costs.milliseconds("recurrent", LONG)
    return {"time": time, "slower": time > 1}


def fair(_: Mapping[str, Any]) -> Facts:
    """Who is better, each with its own learning rate."""
    mean = {arm: float(shares(arm)[:, -1].mean()) for arm in ("recurrent", "borrowed", "attention")}
    ahead = mean["recurrent"] - mean["attention"]
    first = {arm: int((shares(arm).mean(axis=0) > QUICK).argmax()) for arm in ("recurrent", "attention")}
    return {
        "mean": mean,
        "seeds": SEEDS,
        "sooner": 0 < first["attention"] < first["recurrent"],
        "answers": {"fair": "recurrent" if ahead > 0.005 else "attention" if ahead < -0.005 else "same"},
    }


def lives(_: Mapping[str, Any]) -> Facts:
    """All that was seen."""
    return {}


BEATS: Mapping[str, Callable[[Mapping[str, Any]], Facts]] = {
    each.__name__: each for each in (way, jump, learned, order, positions, cost, parallel, fair, lives)
}
