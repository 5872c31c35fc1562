"""What each beat says of its trainings and its masks: computed by training them, once in a process."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np

import rnnviz as rv
from lessons.regularization import draws
from lessons.regularization.experiment import DAYS, LIMIT, Settings, course, like_today, validation_set
from lessons.regularization.memory import SEQUENCES, STEPS, UNITS, memory
from rnnviz.arrays import Array
from rnnviz.regularization import EarlyStopping

Facts = dict[str, Any]
Values = Mapping[str, Any]
FIRST = Settings()
SMALL = replace(FIRST, l2=0.1)
DROPPED = replace(FIRST, mask="outputs", p=0.5)
KEPT = replace(FIRST, mask="variational", p=0.3)
PATIENCE, P = "20", 0.1  # as the beats open
HEART = 0.1  # degrees: a smaller error on what was learnt is none
FELL = 0.9  # of a gap, an error: what is not below is as large as before
WIDER = 1.1


@lru_cache(maxsize=64)
def facts(beat: str, patience: str = PATIENCE, p: float = P) -> Facts:
    """What a beat's words speak of, with what the reader can set in it."""
    shared = {"count": FIRST.count, "days": DAYS, "limit": LIMIT, "like": like_today(validation_set())}
    return shared | BEATS[beat]({"patience": patience, "p": p})


def fortnights(_: Values) -> Facts:
    """Nothing is trained yet."""
    return {"begins": float(course(FIRST).train[0])}


def new(_: Values) -> Facts:
    """What becomes of the error on fortnights that are new, and when it is smallest."""
    found = course(FIRST)
    best = found.best.update
    third = "first" if best <= LIMIT / 3 else "middle" if best <= 2 * LIMIT / 3 else "last"
    worse = len(found.valid) > best + 1 and found.valid[-1] * FELL > found.valid[best]
    return {
        "best": best,
        "lowest": float(found.valid[best]),
        "ends": float(found.valid[-1]),
        "learnt": float(found.train[-1]),
        "heart": bool(found.train[-1] < HEART),
        "beaten": bool(found.valid[-1] > like_today(validation_set())),
        "never": bool(found.valid.min() > like_today(validation_set())),
        "answers": {"new": third if worse else "level"},
    }


def stop(values: Values) -> Facts:
    """Where early stopping stops with this patience, and what it keeps."""
    found = course(FIRST)
    stops, best = stopped(found.valid, int(values["patience"])) if values["patience"] != "off" else (None, -1)
    kept = float(found.valid[best])
    return {
        "patience": None if values["patience"] == "off" else int(values["patience"]),
        "stops": stops,
        "best": best,
        "kept": kept,
        "ends": float(found.valid[-1]),
        "very_best": found.best.update == best,
    }


def stopped(valid: Array, patience: int) -> tuple[int | None, int]:
    """After which update early stopping stops, None if it does not, and which it keeps; valid[0] is not looked at."""
    rule = EarlyStopping(patience)
    seen = rule.init()
    for value in valid[1:]:
        seen = rule.update(seen, float(value))
        if seen.stopped:
            return seen.looks, seen.at + 1
    return None, seen.at + 1


def weights(_: Values) -> Facts:
    """What L2 does to the error on what was learnt, and on what is new."""
    off, on = course(FIRST), course(SMALL)
    zero = "zero" if on.train[-1] < HEART else "above" if on.train[-1] < FELL * on.train[0] else "nothing"
    return {
        "strength": SMALL.l2,
        "learnt": float(on.train[-1]),
        "ends": {"off": float(off.valid[-1]), "on": float(on.valid[-1])},
        "norms": {"begins": float(on.weights[0]), "off": float(off.weights[-1]), "on": float(on.weights[-1])},
        "better": bool(on.valid[-1] < off.valid[-1]),
        "answers": {"weights": zero},
    } | drawn("l2")


def dropout(_: Values) -> Facts:
    """What dropout does to the gap between both errors."""
    off, on = course(FIRST), course(DROPPED)
    gaps = {name: float(one.valid[-1] - one.train[-1]) for name, one in (("off", off), ("on", on))}
    share = gaps["on"] / gaps["off"]
    return {
        "p": DROPPED.p,
        "gaps": gaps,
        "learnt": float(on.train[-1]),
        "better": bool(on.valid[-1] < off.valid[-1]),
        "answers": {"dropout": "narrower" if share < FELL else "wider" if share > WIDER else "same"},
    } | drawn("outputs")


def drawn(method: str) -> Facts:
    """In how many draws of fortnights and weights a method was better than nothing, on the test set."""
    return {"seeds": draws.SEEDS, "wins": next(row.better for row in draws.rows() if row.name == method)}


def held(values: Values) -> Facts:
    """How many bits survive masks that are new at every step."""
    found = memory(values["p"])
    share = float(found.shares["each_step"][-1])
    return {
        "units": UNITS,
        "steps": STEPS,
        "memories": SEQUENCES,
        "p": values["p"],
        "stays": 1 - values["p"],
        "left": share,
        "expected": float(found.expected[-1]),
        "answers": {"held": "most" if share > 2 / 3 else "few" if share < 1 / 3 else "half"},
    }


def masks(values: Values) -> Facts:
    """Which other masks keep the bits."""
    shares = {kind: float(one[-1]) for kind, one in memory(values["p"]).shares.items()}
    first = float(memory(values["p"]).shares["variational"][1])
    others = {kind: shares[kind] for kind in ("variational", "zoneout")}
    alike = np.isclose(*others.values())
    return held(values) | {
        "left": shares,
        "at_once": bool(np.isclose(shares["variational"], first)),
        "answers": {"masks": "alike" if alike else max(others, key=others.__getitem__)},
    }


def leave(_: Values) -> Facts:
    """All that was seen."""
    return {"p": KEPT.p}


BEATS: Mapping[str, Callable[[Values], Facts]] = {
    each.__name__: each for each in (fortnights, new, stop, weights, dropout, held, masks, leave)
}


def norm(settings: Settings) -> float:
    """Of all parameters before the first update."""
    return float(rv.clipping.global_norm(settings.network().state_dict()))
