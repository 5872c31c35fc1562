"""What the story says, beat by beat: facts of the networks in tale.py, and at the end of those that were trained."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from math import log, log10
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lessons.common.one_unit import Reading
from lessons.common.trained import trained
from lessons.gru_gates import tale
from lessons.gru_gates.experiment import Experiment, with_letters
from lessons.gru_gates.tale import CLOSED, HELD, MADE_ROOM, MANY, SHUT, TWO

THREE_QUARTERS = log(3)  # the bias of z for which z is 0.75
SENTENCE = "to the ship."  # the last symbol is there to be guessed, and is not read
NEARLY, SHUT_BELOW = 0.001, 0.1  # below these a gate is told as almost zero, and counts as shut
Facts = dict[str, Any]


def facts(beat: str, values: Mapping[str, Any]) -> Facts:
    """What a beat's words speak of, with these values of the controls; steps from 1."""
    return BEATS[beat](values)


def reading(beat: str, values: Mapping[str, Any]) -> Reading | Experiment:
    """What the player shows on a beat's stage."""
    return READINGS[beat](values)


def blend(_: Mapping[str, Any]) -> Facts:
    """One state, one valve."""
    return {"z": tale.weather(THREE_QUARTERS).gate("z")[0]}


def time(values: Mapping[str, Any]) -> Facts:
    """How many days the state averages over: the time constant tau = 1 / (1 - z), to two digits.

    With `places` digits of z a reader who checks finds the same; `read`: so many days are there to be averaged.
    """
    found = tale.weather(values["keep"])
    z = found.gate("z")[0]
    tau = 1 / (1 - z)
    return {"z": z, "tau": float(f"{tau:.2g}"), "places": 3 + int(log10(tau)), "read": tau <= len(found.h)}


def back(_: Mapping[str, Any]) -> Facts:
    """How much of the gradient comes back to the first day."""
    found = tale.weather(THREE_QUARTERS)
    first = found.dh[0]
    return {
        "steps": len(found.dh) - 1,
        "last": found.dh[-1],
        "first": first,
        "answers": {"first_day": "same" if first > 0.9 else "tenth" if 0.1 < first < 0.2 else "zero"},
    }


def update(_: Mapping[str, Any]) -> Facts:
    """A gate that decides at each step anew: nothing but what is to be seen."""
    return {}


def swap(_: Mapping[str, Any]) -> Facts:
    """What z, closed by hand, leaves: the candidate."""
    found = tale.read(MADE_ROOM, holds=SHUT)
    after, before = found.h[CLOSED], found.h[CLOSED - 1]
    near = {"zero": 0.0, "chatter": tale.number(MADE_ROOM[CLOSED]), "stays": before}
    return {
        "before": before,
        "chatter": near["chatter"],
        "answers": {"closed": min(near, key=lambda name: abs(near[name] - after))},
    }


def reset(values: Mapping[str, Any]) -> Facts:
    """What the candidate sees of the past."""
    found = tale.read(TWO, values["reset_bias"], 1.0)
    at = len(TWO) - 2
    return {
        "r": found.gate("r")[at],
        "nearly": NEARLY,
        "weight": float(found.trace.network.state_dict()["weight_hh_l0"][-1, 0]),  # W_hn: of r, z, n the last
        "first": tale.number(TWO[0]),
        "second": tale.number(TWO[at]),
        "n": found.gate("n")[at],
        "adds": found.h[-1] > tale.number(TWO[at]) + 0.1,
    }


def count(_: Mapping[str, Any]) -> Facts:
    """An average has no room to count."""
    found, sum_ = tale.read(MANY, seen=1.0), tale.lstm_adds(MANY)
    near = {"sum": sum_, "below": 0.9, "one": tale.number(MANY[0])}
    return {
        "times": len(MANY),
        "each": tale.number(MANY[0]),
        "sum": sum_,
        "h": found.h[-1],
        "answers": {"full": min(near, key=lambda name: abs(near[name] - found.h[-1]))},
    }


def compare(_: Mapping[str, Any]) -> Facts:
    """Both cells, trained alike, on a text that neither has seen: how often the first guess is right."""
    return {"right": {cell: trained(f"letters_{cell}")[1].accuracy for cell in ("gru", "lstm")}}


def summary(_: Mapping[str, Any]) -> Facts:
    """A trained GRU, and its unit whose update gate minds the spaces most."""
    spaces, z = _gates()
    return {"unit": heedful() + 1, "letters": bool((z[~spaces, heedful()] < SHUT_BELOW).any())}


def heedful() -> int:
    """The unit, from 0, whose update gate closes most at spaces, compared with letters."""
    spaces, z = _gates()
    return int((z[spaces].mean(axis=0) - z[~spaces].mean(axis=0)).argmin())


def _gates() -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """Where the sentence has spaces, (T,), and the update gates of all units, (T, H)."""
    run = _sentence()
    return np.array([token == "␣" for token in run.tokens]), np.asarray(run.passes["gru"][0, 0].gates["z"])[:, 0]


@lru_cache(maxsize=1)
def _sentence() -> Experiment:
    return with_letters(SENTENCE, "letters_gru", True)


def _two(values: Mapping[str, Any]) -> Reading:
    return tale.read(TWO, values["reset_bias"], 1.0, values["holds"])


BEATS: dict[str, Callable[[Mapping[str, Any]], Facts]] = {
    "blend": blend,
    "time": time,
    "back": back,
    "update": update,
    "swap": swap,
    "reset": reset,
    "count": count,
    "compare": compare,
    "summary": summary,
}
READINGS: dict[str, Callable[[Mapping[str, Any]], Reading | Experiment]] = {
    "blend": lambda values: tale.weather(THREE_QUARTERS, values["holds"]),
    "time": lambda values: tale.weather(values["keep"], values["holds"]),
    "back": lambda values: tale.weather(THREE_QUARTERS, values["holds"]),
    "update": lambda values: tale.read(HELD, holds=values["holds"]),
    "swap": lambda values: tale.read(MADE_ROOM, holds=values["holds"]),
    "reset": _two,
    "count": lambda values: tale.read(MANY, seen=1.0, holds=values["holds"]),
    "summary": lambda _: _sentence(),
}
