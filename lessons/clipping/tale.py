"""The story's numbers: a few updates to the edge of the cliff, the step that follows, and what clipping makes of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lessons.clipping import experiment as clipping
from lessons.clipping import runs, training
from lessons.clipping.experiment import NAMES, NORM, UNCLIPPED, VALUE, Settings
from rnnviz import clipping as engine
from rnnviz.error_surface import H0, STEPS, TARGET, Descent
from rnnviz.error_surface import START as H0_AT

START = Settings(4.64, -2.0, rate=0.5, threshold=0.5)
OVER = (4.0, 5.0), (-2.7, -1.6)  # what the story's map shows
CLOSE = (4.05, 4.75), (-2.6, -1.8)  # and where three go along the cliff
UPDATES = 30  # of a descent in the story
LONG = 2.4  # thresholds: the norm of the arrow that is clipped
CRAWLS = 0.5  # of the updates: where more of them are clipped, it crawls
LITTLE = 1  # network of the recorded ones: so few more or less are no difference


@cache
def walk(threshold: float = START.threshold) -> dict[str, Descent]:
    """The descents of the story."""
    return clipping.descents(Settings(START.w, START.b, START.rate, threshold), UPDATES)


@dataclass(frozen=True)
class Step:
    """The update that meets the cliff's face, counted from 1, and where it throws the unclipped descent.

    usual, norm  the largest norm before, and the one there; times: how many times as large
    w, b         where it stands after the update
    w_norm, ...  where it stands clipped by norm
    """

    steps: int
    target: float
    at: int
    usual: float
    norm: float
    times: float
    w: float
    b: float
    after: float
    stays: bool
    answers: dict[str, str]


@cache
def step() -> Step:
    """Of the unclipped descent."""
    bare = walk()[UNCLIPPED]
    at = int(bare.norm_before.argmax())
    usual = float(bare.norm_before[:at].max())
    w, b = float(bare.w[at + 1]), float(bare.b[at + 1])
    (low_w, high_w), (low_b, high_b) = OVER
    out = not (low_w <= w <= high_w and low_b <= b <= high_b)
    norm = float(bare.norm_before[at])
    return Step(
        steps=STEPS,
        target=TARGET,
        at=at + 1,
        usual=usual,
        norm=norm,
        times=norm / usual,
        w=w,
        b=b,
        after=float(bare.norm_before[at + 1]),
        stays=bool(bare.norm_before[at + 1] == 0),
        answers={"lands": "out" if out else "near"},
    )


def turn() -> dict[str, Any]:
    """By how much clipping by value turns an arrow of the story, at most, once around; and what norm does."""
    angles = np.radians(np.arange(0.0, 360.0, 0.5))
    found = {VALUE: 0.0, NORM: 0.0}
    for g in LONG * np.stack([np.cos(angles), np.sin(angles)], axis=1):
        found[VALUE] = max(found[VALUE], engine.clip_by_value({"g": g}, 1.0).angle)
        found[NORM] = max(found[NORM], engine.clip_by_global_norm({"g": g}, 1.0).angle)
    who = {(True, True): "both", (True, False): VALUE, (False, True): NORM, (False, False): "neither"}
    return {"most": found[VALUE], "answers": {"turns": who[found[VALUE] > 0.05, found[NORM] > 0.05]}}


@dataclass(frozen=True)
class Replay:
    """Three descents of `updates`: their typical misses, and what clipping made of the first step on the cliff.

    longer   whether clipping by value left that step longer than clipping by norm did
    returns  whether both were clipped again later: they are back at the cliff
    """

    updates: int
    at: int
    turned: float
    longer: bool
    returns: bool
    off: dict[str, float]
    answers: dict[str, str]


def replay() -> Replay:
    """Which of the three stays nearest to the target."""
    found, at = walk(), step().at
    off = {name: miss(found[name]) for name in NAMES}
    first, second, _ = sorted(NAMES, key=off.__getitem__)
    best = first if off[second] - off[first] > clipping.AS_GOOD else "several"
    turned = float(found[VALUE].angle[at - 1])
    longer = bool(found[VALUE].norm_after[at - 1] > found[NORM].norm_after[at - 1])
    returns = all(clipped(found[name])[at:].any() for name in (VALUE, NORM))
    return Replay(UPDATES, at, turned, longer, returns, off, {"best": best})


def clipped(descent: Descent) -> NDArray[np.bool_]:
    """At which of the updates clipping took hold."""
    return np.asarray(descent.norm_after[:UPDATES] < descent.norm_before[:UPDATES] * (1 - 1e-9))


def miss(descent: Descent) -> float:
    """By how much the output typically misses its target on the way: the root of the median of E."""
    errors = descent.error[1 : UPDATES + 1]
    return clipping.miss(float(np.median(np.where(np.isnan(errors), np.inf, errors))))


@dataclass(frozen=True)
class Limit:
    """What a threshold does to the descent clipped by norm.

    usual    the norm on ordinary ground
    clipped  at how many of the updates it took hold
    arrives  whether it comes to the cliff at all
    ends     "thrown" off the map, "crawls" where most of its steps were shortened, else "walks"
    """

    threshold: float
    usual: float
    updates: int
    clipped: int
    arrives: bool
    ends: str


def limit(threshold: float) -> Limit:
    """Of this threshold."""
    found = walk(threshold)[NORM]
    taken = int(clipped(found).sum())
    arrives = bool((found.b < H0_AT - H0 * found.w).any())
    (low_w, high_w), (low_b, high_b) = OVER
    inside = (found.w >= low_w) & (found.w <= high_w) & (found.b >= low_b) & (found.b <= high_b)
    ends = "thrown" if not inside.all() else "crawls" if taken > CRAWLS * UPDATES else "walks"
    return Limit(threshold, step().usual, UPDATES, taken, arrives, ends)


def learned() -> dict[str, Any]:
    """Of the recorded runs: how many networks learn with clipping and without, at the rate where it matters most.

    once            how many do where it is clipped at the average itself
    small_..., least  at the smallest rate: how many learn at best, without clipping, and at least with it
    """
    found, seen = runs.compared(), training.runs().learned
    small = seen[:, 0]
    small_best, small_without = int(small[:-1].max()), int(small[-1])
    return {
        "seeds": found.seeds,
        "best": found.best,
        "without": found.without,
        "factor": found.factor,
        "rate": found.at,
        "highest": found.highest,
        "once": int(seen[training.FACTORS.index(1.0), training.RATES.index(found.at)]),
        "matters": small_best - small_without > LITTLE,
        "least": int(small[:-1].min()),
        "small_best": small_best,
        "small_without": small_without,
    }


BEATS = {
    "cliff": lambda _: step(),
    "step": lambda _: step(),
    "turn": lambda _: turn(),
    "replay": lambda _: replay(),
    "threshold": lambda values: limit(float(values["threshold"])),
    "real": lambda _: learned(),
    "vanishing": lambda _: {"answers": {"tiny": "same"}},
}


def facts(beat: str, values: Mapping[str, Any]) -> Any:
    """What a beat's words speak of."""
    return BEATS[beat](values) if beat in BEATS else {}
