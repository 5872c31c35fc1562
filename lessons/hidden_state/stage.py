"""The story's stage: which network each beat shows, what of it, and the numbers that the beat's words speak of."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from lessons.common.story import Moment, Scene
from lessons.hidden_state import days
from rnnviz.player import loop

WRITTEN = {  # what is written on the stage at every beat
    "week": days.WEEK,
    "others": days.LONG - 1,
    "before": days.PASTS_RHO,
    "most": 1.5,
    "first_unit": 1,
    "mild": days.MILD,
    "degrees": days.DEGREES,
}
NOTHING = 1e-6  # nearer to zero than this a state counts as zero
RANGE = {"w_x": (-2.0, 2.0), "w_h": (-2.0, 2.0), "rho": (0.0, 1.5)}  # what a reader can drag on the stage


def scene(moment: Moment) -> Scene:
    """What stands on the stage in this beat."""
    data, facts, more = VIEWS[str(moment.attributes["view"])](moment)
    words = moment.words.labels("stage", WRITTEN) | moment.words.labels(f"on_stage.{moment.beat}", facts)
    stage = {
        "kind": "loop",
        "view": moment.attributes["view"],
        "data": data,
        "words": words,
        "token": moment.epoch,
        "locked": not moment.told,
        "build": bool(moment.attributes.get("build")),
        **more,
    }
    return Scene(facts, stage)


def machine(moment: Moment) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """One unit, at one step."""
    step = int(moment.attributes["step"]) - 1
    data = one(moment)
    numbers = {name: data[name][step] for name in ("x", "h", "x_terms", "h_terms")}
    given = float(days.one_unit()[0, 0].h[step, 0, 0])  # what was asked is about the weights that the beat opens with
    facts = numbers | {
        "dragged": (data["w_x"], data["w_h"]) != (days.W_X, days.W_H),
        "now": side(numbers["h"]),
        "lifted": lifted(numbers),
        "turned": numbers["h"] < 0 and numbers["h_terms"] < 0 and data["w_h"] < 0,
        "answers": {"again": side(given)},
    }
    asks = bool(moment.words.questions(moment.beat))
    return (
        data,
        facts,
        {"step": step} | ({"hide_from": step, "play_to": step + 1 if moment.told else None} if asks else {}),
    )


def side(h: float) -> str:
    """On which side of zero a state is."""
    return "zero" if abs(h) < NOTHING else "above" if h > 0 else "below"


def lifted(numbers: Mapping[str, float]) -> str:
    """What brings h above zero on a day that pulls it down: the "loop" alone, the "constant" alone, or "both"."""
    cold, past = numbers["x_terms"], numbers["h_terms"]
    if cold >= 0 or side(numbers["h"]) != "above":
        return ""
    if past + cold > NOTHING:
        return "loop"
    return "constant" if days.BIAS + cold + min(past, 0) > NOTHING else "both"


def time(moment: Moment) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """The same unit, folded and unrolled."""
    return one(moment), {}, {"step": 1, "phase": 5, "folded": True}


def one(moment: Moment) -> dict[str, Any]:
    """One unit with the weights that the reader has dragged."""
    return loop.one_unit(
        days.one_unit(touched(moment, "w_x", days.W_X), touched(moment, "w_h", days.W_H)), **names(moment), lines=2
    )


def units(moment: Moment) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """Eight units over the days."""
    return loop.many_units(days.week(), **names(moment), pair=days.PAIR), {"units": 8}, {}


def columns(moment: Moment) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """The states of two days that read the same."""
    earlier, later = days.PAIR
    trace = days.week()
    h = trace[0, 0].h[:, 0]
    facts = {
        "earlier": earlier + 1,
        "later": later + 1,
        "answers": {"same": "same" if np.array_equal(h[earlier], h[later]) else "different"},
    }
    data = loop.many_units(trace, **names(moment), pair=days.PAIR)
    more = {"step": 0, "phase": 5, "marked": list(days.PAIR), "hide_from": 1}
    return data, facts, more | ({"play_to": later + 1} if moment.told else {})


def pasts(moment: Moment) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """Two pasts that differ on the first day."""
    rho = touched(moment, "rho", float(moment.attributes["rho"]))
    hot, cold = days.pasts(rho)
    warm = [days.HOT, *days.celsius(days.LONG)[1:]]
    degrees, short = [f"{c:.0f} °C" for c in warm], [f"{c:.0f}°" for c in warm]
    first = f"{days.COLD:.0f}"
    data = loop.two_pasts(
        hot,
        cold,
        tokens=degrees,
        tokens_other=[f"{first} °C", *degrees[1:]],
        short_tokens=short,
        short_tokens_other=[f"{first}°", *short[1:]],
        labels=named_days(moment, days.LONG),
        short_labels=[str(day + 1) for day in range(days.LONG)],
        rho=rho,
        ghost=loop.shares_left(*days.pasts(days.PASTS_RHO)),
        full=0.75,
    )
    left, gone = float(data["shares"][-1]), data["gone"]
    facts = {"rho": rho, "left": left, "gone": None if gone is None else gone + 1, "days": days.LONG}
    return data, facts, {"play_to": days.LONG}


def takeaway(moment: Moment) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """How much each day counts in the last state; with a loop as strong as the reader makes it."""
    rho = touched(moment, "rho", float(moment.attributes["rho"]))
    return loop.last_state(days.week(rho), **names(moment), rho=rho), {}, {}


VIEWS = {"machine": machine, "time": time, "units": units, "columns": columns, "pasts": pasts, "takeaway": takeaway}


def names(moment: Moment) -> dict[str, list[str]]:
    """What the days are called, and what is read on them."""
    degrees = [f"{c:.1f}" for c in days.celsius(days.WEEK)]
    return {
        "tokens": [f"{text}°" for text in degrees],
        "short_tokens": degrees,
        "labels": named_days(moment, days.WEEK),
        "short_labels": [str(day + 1) for day in range(days.WEEK)],
    }


def named_days(moment: Moment, count: int) -> list[str]:
    """Day 1, day 2, ..."""
    return [moment.words.label("day_number", {"day": day + 1}) for day in range(count)]


def touched(moment: Moment, name: str, default: float) -> float:
    """What the reader has dragged to, within its range."""
    return within(moment.touched, name, default)


def within(given: Mapping[str, Any], name: str, default: float) -> float:
    """A number within the range that this name has; the default where there is none."""
    value, (low, high) = given.get(name, default), RANGE[name]
    real = isinstance(value, int | float) and not isinstance(value, bool) and value == value
    return min(max(float(value), low), high) if real else default
