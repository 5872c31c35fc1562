"""The story's walks, and what each beat says of them: computed by walking them, once in a process."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np

import rnnviz as rv
from lessons.optimizers_and_schedules import experiment, hills
from lessons.optimizers_and_schedules.experiment import BEST, DIVIDES, LAST, LIMIT, WARM, Settings, racers, walk
from rnnviz.arrays import Array

Facts = dict[str, Any]
Lanes = dict[str, Settings]
DOWN = Settings("imitate", "sgd", 0.5)
SMALL, GOOD, LARGE = 0.05, 0.5, 3.0  # learning rates
HEAVY = 0.05  # the learning rate with and without momentum
SCALE = 10.0  # what the loss is multiplied by
ADAM = 0.05
PEAK, HIGH = 0.1, 0.2  # learning rates at which the schedules begin, and those with a warm-up
WON = 0.95  # of the second smallest loss: one that is not below is as good
ALIKE = 1e-3  # of a path's extent: paths that are no farther apart are the same
SATURATED = 0.9  # a state of at least so large an absolute value is saturated

LANES: Mapping[str, Lanes] = {
    "downhill": {"down": DOWN},
    "rates": {name: replace(DOWN, rate=rate) for name, rate in (("small", SMALL), ("good", GOOD), ("large", LARGE))},
    "momentum": {
        "plain": replace(DOWN, rate=HEAVY),
        "heavy": replace(DOWN, rate=HEAVY, optimizer="momentum"),
    },
    "units": {
        "descent": DOWN,
        "descent_times": replace(DOWN, scale=SCALE),
        "adam": Settings("imitate", "adam", ADAM),
        "adam_times": Settings("imitate", "adam", ADAM, scale=SCALE),
    },
    "race": racers(),
    "shadow": racers(),
    "cosine": {
        "constant": Settings("echo", "adam", PEAK, "constant", "new"),
        "cosine": Settings("echo", "adam", PEAK, "cosine", "new"),
    },
    "warmup": {
        "cold": Settings("echo", "adam", HIGH, "cosine", "new"),
        "warm": Settings("echo", "adam", HIGH, "warmup_cosine", "new"),
    },
    "valley": {name: one for name, one in racers().items() if name in ("sgd", "adam")},
}


@cache
def facts(beat: str) -> Facts:
    """What a beat's words speak of; `arrived`: nobody has played it to its end yet."""
    return {"arrived": False, "limit": LIMIT} | BEATS[beat]()


def said() -> Facts:
    """What lanes are called by."""
    return {"small": SMALL, "good": GOOD, "large": LARGE, "heavy": HEAVY, "times": round(SCALE), "best": BEST}


def finals(beat: str) -> dict[str, float]:
    """The final losses of a beat's walks."""
    return {name: walk(one).final for name, one in LANES[beat].items()}


def least(final: Mapping[str, float]) -> str:
    """Which is clearly the smallest; "alike" where none is."""
    best, second = sorted(final, key=final.__getitem__)[:2]
    return best if final[best] < WON * final[second] else "alike"


def downhill() -> Facts:
    """The first walk."""
    found = walk(DOWN)
    return {
        "rate": DOWN.rate,
        "goal": hills.GOAL,
        "first": float(found.losses[0]),
        "reached": bool(found.final < 1e-2 * found.losses[0]),
    }


def rates() -> Facts:
    """One small, one good, one too large."""
    found = {name: walk(one) for name, one in LANES["rates"].items()}
    final = finals("rates")
    large = found["large"].losses
    return {
        "small": SMALL,
        "good": GOOD,
        "large": LARGE,
        "turns": int((np.diff(np.sign(np.diff(found["large"].path[:60, 1]))) != 0).sum()),
        "lands": bool(large[-1] < 1e-2 * large[0]),
        "share": float(final["small"] / found["small"].losses[0]),
        "answers": {"rates": least(final)},
    }


def momentum() -> Facts:
    """The same learning rate, with and without momentum."""
    plain, heavy = (walk(one) for one in LANES["momentum"].values())
    final = finals("momentum")
    overshoots = bool(heavy.path[:, 1].max() > hills.GOAL[0] + 0.01)
    return {
        "rate": HEAVY,
        "times": round(1 / (1 - 0.9)),
        "plain": float(plain.losses[-1]),
        "heavy": float(heavy.losses[-1]),
        "overshoots": overshoots,
        "answers": {"momentum": least(final)},
    }


def apart(one: Array, other: Array) -> float:
    """How far two paths are apart at most, beside how far the first one goes."""
    n = min(len(one), len(other))
    extent = float(np.ptp(one, axis=0).max())
    return float(np.linalg.norm(one[:n] - other[:n], axis=1).max()) / extent


def units() -> Facts:
    """A loss that is multiplied: whose path stays?"""
    found = {name: walk(one).path for name, one in LANES["units"].items()}
    stays = {
        "descent": apart(found["descent"], found["descent_times"]) < ALIKE,
        "adam": apart(found["adam"], found["adam_times"]) < ALIKE,
    }
    kept = [name for name, same in stays.items() if same]
    return {
        "times": round(SCALE),
        "rate": ADAM,
        "apart": apart(found["adam"], found["adam_times"]),
        "answers": {"units": kept[0] if len(kept) == 1 else "both" if kept else "neither"},
    }


def race() -> Facts:
    """All six."""
    final = finals("race")
    order = sorted(final, key=final.__getitem__)
    shown = hills.shown("echo", 0)
    return {
        "units": hills.UNITS,
        "weights": hills.weights(hills.network("echo", 0)).size,
        "winner": order[0],
        "second": order[1],
        "last": order[-1],
        "best": final[order[0]] / shown.baseline,
        "worst": final[order[-1]] / shown.baseline,
        "answers": {"race": least(final)},
    }


def shadow() -> Facts:
    """What of the paths the map shows."""
    plane = experiment.plane("echo")
    return {
        "weights": plane.origin.size,
        "lower": below_shadows(),
        "answers": {"shadow": ways()},
    }


def below_shadows() -> bool:
    """Whether the path that comes lowest ends below the ground on which its shadow falls."""
    plane, name = experiment.plane("echo"), min(finals("race"), key=finals("race").__getitem__)
    end = walk(racers()[name])
    shadow = plane.origin + plane.along.T @ (plane.along @ (end.path[-1] - plane.origin))
    return bool(end.losses[-1] < hills.losses("echo", 0, shadow[None])[0])


def ways() -> str:
    """Whether those that divide by the gradient's magnitude go another way on the map than the others.

    By the side of the map's first direction on which the mean of a path lies.
    """
    plane = experiment.plane("echo")
    side = {name: bool(((walk(one).path - plane.origin) @ plane.along[1]).mean() > 0) for name, one in racers().items()}
    divided, plain = ({side[name] for name in side if (name in DIVIDES) == one} for one in (True, False))
    return "same" if divided == plain and len(plain) == 1 else "two" if len(divided) == len(plain) == 1 else "own"


def cosine() -> Facts:
    """A learning rate that stays, and one that falls."""
    final = finals("cosine")
    stays, falls = (walk(one) for one in LANES["cosine"].values())
    return {
        "few": hills.FEW,
        "peak": PEAK,
        "last": LAST,
        "times": final["constant"] / final["cosine"],
        "calmer": bool(falls.noise < stays.noise),
        "answers": {"cosine": least(final)},
    }


def warmup() -> Facts:
    """The same large learning rate, at once and by and by."""
    final, shown = finals("warmup"), hills.shown("echo", 0)
    saturated = {name: share_saturated(one, WARM) for name, one in LANES["warmup"].items()}
    return {
        "high": HIGH,
        "warm": WARM,
        "saturated": saturated,
        "worse": bool(saturated["cold"] > saturated["warm"]),
        "left": {name: one / shown.baseline for name, one in final.items()},
        "answers": {"warmup": least(final)},
    }


def share_saturated(settings: Settings, update: int) -> float:
    """The share of states at or beyond `SATURATED` after so many updates."""
    network = walk(settings, update).last.network
    h = rv.unroll(network, hills.shown("echo", 0).x)[0, 0].h
    return float((np.abs(h) >= SATURATED).mean())


def valley() -> Facts:
    """All that was seen."""
    return {"rate": BEST["adam"]}


BEATS: Mapping[str, Callable[[], Facts]] = {
    each.__name__: each for each in (downhill, rates, momentum, units, race, shadow, cosine, warmup, valley)
}
