"""The story's facts: what the stored runs say, so that whatever a beat states is counted and not typed."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import numpy as np

from lessons.reproduce_the_papers.entries import ENTRIES
from lessons.reproduce_the_papers.published import LOG, LOG_FIRST, PUBLISHED
from lessons.reproduce_the_papers.stored import runs

Facts = dict[str, Any]
LONG, SHORT, BETWEEN = 40, 20, 30  # steps
LIVE = {"claim": 600, "again": 800}  # updates of the beats in which networks are trained anew
FACTOR = 2.0  # so far from a published number a loss still agrees with it


@cache
def facts(beat: str) -> Facts:
    """What a beat's words speak of."""
    return BEATS[beat]()


def counted(length: int) -> Facts:
    """Clipped and unclipped runs at one length: how many have learned."""
    found = {arm: runs("clipping", arm, length) for arm in ("clipped", "unclipped")}
    return {name: one.learned for name, one in found.items()} | {"length": length, "seeds": ENTRIES["clipping"].seeds}


def who(of: Facts) -> str:
    """Which of both arms learns, by what most of its runs do."""
    clipped, unclipped = (2 * of[name] > of["seeds"] for name in ("clipped", "unclipped"))
    return "both" if clipped and unclipped else "clipped" if clipped else "unclipped" if unclipped else "neither"


def claim() -> Facts:
    """A claim."""
    return counted(LONG)


def luck() -> Facts:
    """The same from five seeds."""
    found = counted(LONG)
    split = found["clipped"] == found["seeds"] and found["unclipped"] == 0
    far = found["clipped"] - found["unclipped"] > found["seeds"] / 2
    return found | {"answers": {"luck": "split" if split else "mostly" if far else "chance"}}


def length() -> Facts:
    """At half the length."""
    found = counted(SHORT)
    last = runs("clipping", "unclipped", SHORT).last
    fallen = found["unclipped"] - int((last >= ENTRIES["clipping"].good).sum())
    return found | {"long": LONG, "fallen": fallen, "answers": {"length": who(found)}}


def limits() -> Facts:
    """All lengths."""
    return {"between": counted(BETWEEN), "short": counted(SHORT), "long": counted(LONG), "seeds": 5}


def numbers() -> Facts:
    """The adding problem beside another implementation's numbers."""
    entry = ENTRIES["adding"]
    found = {arm.id: float(np.median(runs("adding", arm.id, 100).last)) for arm in entry.arms}
    best = {arm.id: float(runs("adding", arm.id, 100).last.min()) for arm in entry.arms}
    worst = {arm.id: float(runs("adding", arm.id, 100).last.max()) for arm in entry.arms}
    theirs = PUBLISHED["adding"].scores
    agree = {arm: theirs[arm] / FACTOR <= found[arm] <= theirs[arm] * FACTOR for arm in found}
    answer = "both" if all(agree.values()) else "lstm" if agree["lstm"] else "elman" if agree["elman"] else "neither"
    return {"ours": found, "best": best, "worst": worst, "theirs": dict(theirs), "seeds": entry.seeds,
            "updates": entry.updates, "guessing": entry.guessing(100), "steps": 100, "units": entry.units,
            "agree": agree,
            "answers": {"numbers": answer}}  # fmt: skip


def solved() -> Facts:
    """Whether a run that has learned stays so."""
    found = runs("varied", "clipped", 50)
    answer = "stay" if found.lapsed == 0 else "all" if found.lapsed == found.learned else "some"
    return {"learned": found.learned, "seeds": len(found.best), "lapsed": found.lapsed, "good": found.entry.good,
            "log": LOG, "log_first": LOG_FIRST, "every": found.entry.every,
            "answers": {"solved": answer}}  # fmt: skip


def again() -> Facts:
    """Memory set at the start."""
    found = {arm: runs("chrono", arm, 150) for arm in ("chrono", "constant")}
    return {name: one.learned for name, one in found.items()} | {
        "steps": 150,
        "seeds": ENTRIES["chrono"].seeds,
        "limit": LIVE["again"],
    }


def kept() -> Facts:
    """The takeaway."""
    return limits()


BEATS: Mapping[str, Callable[[], Facts]] = {
    each.__name__: each for each in (claim, luck, length, limits, numbers, solved, again, kept)
}
