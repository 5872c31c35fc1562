"""What each beat says of the tables, the series and the networks: computed, or read from what the script measured."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np

from lessons.preprocessing import raw
from lessons.preprocessing.experiment import LIMIT, TRAIN, VALIDATION, Part, Settings, prepare, story
from lessons.preprocessing.stored import network, rows
from rnnviz.arrays import Array
from rnnviz.data import by_length, fill_forward, fill_mean, in_time, interpolate

Facts = dict[str, Any]
CHOSEN = Settings()
GAPS = slice(0, 64)  # weeks of the series in which most of the gaps lie
SLIDES = slice(1000, 1046)  # weeks of it without a gap
STUCK, FLAT = 0.8, 0.25  # of an error: it has hardly fallen; of a rise: the forecast stays flat


@lru_cache(maxsize=32)
def facts(beat: str) -> Facts:
    """What a beat's words speak of."""
    return {"limit": LIMIT, "horizon": CHOSEN.horizon, "length": CHOSEN.length} | BEATS[beat]()


def table() -> Facts:
    """A raw table: what in it is a number."""
    found = raw.weather()
    return {"days": len(found), "texts": sum(name not in found.numbers for name in ("date", "weather"))}


def categories() -> Facts:
    """Words for the weather, and the one that is not among them."""
    known = raw.words()
    kinds = [raw.weather().columns["weather"][day] for day in raw.days()]
    strange = next(kind for kind in kinds if kind not in known)
    return {
        "words": len(known),
        "strange": strange,
        "unknown": known.unknown,
        "answers": {"words": "other" if known.encode([strange])[0] == 0 else "new"},
    }


def scale() -> Facts:
    """With raw numbers and with scaled ones, the same network, and what becomes of its error."""
    low, high = float(np.nanmin(raw.carbon().values)), float(np.nanmax(raw.carbon().values))
    begins = float(np.sqrt(np.mean(prepare(story(), Settings(scale="none")).parts.validation.true ** 2)))
    ends = {way: rows()[way].valid for way in ("unscaled", "level")}
    stuck = ends["unscaled"] > STUCK * begins
    slower = "alike" if ends["unscaled"] < 2 * ends["level"] else "slower"
    return {
        "low": low,
        "high": high,
        "begins": begins,
        "naive": prepare(story(), CHOSEN).naive.validation,
        "ends": ends,
        "answers": {"scale": "stuck" if stuck else slower},
    }


def gaps() -> Facts:
    """The gaps of a series, and three ways to fill them."""
    values = raw.carbon().values
    filled = fills()
    mean = next(value for value, _ in filled["mean"].values())
    later = [name for name, found in filled.items() if any(known > at for at, (_, known) in found.items())]
    return {
        "missing": int(np.isnan(values).sum()),
        "weeks": len(values),
        "mean": mean,
        "before": float(np.nanmean(values[GAPS])),
        "answers": {"gaps": later[0] if len(later) == 1 else "none"},
    }


def fills() -> dict[str, dict[int, tuple[float, int]]]:
    """By way: {place: (what it gets, the place at which that is known)}, in the weeks of `GAPS`."""
    values = raw.carbon().values[:, None]
    train = values[in_time(len(values), TRAIN, VALIDATION).train]
    known = ~np.isnan(values[:, 0])
    there = np.flatnonzero(~known[GAPS])
    next_known = {int(t): int(t + np.argmax(known[t:])) for t in there}
    made = {"mean": fill_mean(values, train), "forward": fill_forward(values, train), "line": interpolate(values)}
    return {
        name: {int(t): (float(found[t, 0]), next_known[int(t)] if name == "line" else int(t)) for t in there}
        for name, found in made.items()
    }


def slides() -> Facts:
    """Windows, and what neighbours share."""
    N, shared = len(raw.carbon().values), CHOSEN.length - 1
    share = shared / CHOSEN.length
    return {
        "weeks": N,
        "windows": N - CHOSEN.length - CHOSEN.horizon + 1,
        "shared": shared,
        "answers": {"windows": "most" if share > 0.75 else "half" if share > 0.25 else "none"},
    }


def batches() -> tuple[list[Any], list[Any]]:
    """The wet spells in batches as they come, and by length."""
    sizes = [len(one) for one in raw.spells()]
    return raw.as_they_come(), by_length(sizes, raw.BATCH, np.random.default_rng(0))


def lengths() -> Facts:
    """How much of the batches is padding."""
    (before, whole), (after, less) = (raw.padding(one) for one in batches())
    left = after / before
    sizes = [len(one) for one in raw.spells()]
    return {
        "spells": len(sizes),
        "shortest": min(sizes),
        "longest": max(sizes),
        "padding": {"before": before, "after": after},
        "cells": {"before": whole, "after": less},
        "answers": {"lengths": "none" if after == 0 else "less" if left < 0.5 else "more"},
    }


def claim() -> Facts:
    """The error that windows drawn at random claim, and that of the years to come."""
    drawn, honest = rows()["random"], rows()["level"]
    times = honest.first / drawn.first
    return {
        "random": drawn.first,
        "naive_random": drawn.naive,
        "honest": honest.first,
        "naive": honest.naive,
        "times": times,
        "worse": honest.first > honest.naive,
        "answers": {"claim": "alike" if times < 1.2 else "somewhat" if times < 2 else "far"},
    }


def why() -> Facts:
    """What both networks say of the years to come."""
    parts = {way: prepare(story(), Settings(answer=way)).parts for way in ("level", "change")}
    said = {way: forecast(way) for way in parts}
    learnt = float(parts["level"].train.true.max())
    rise = float(parts["level"].test.true.max()) - learnt
    above = float(said["level"].max()) - learnt
    return {
        "learnt": learnt,
        "most": float(parts["level"].test.true.max()),
        "said": float(said["level"].max()),
        "change": rows()["change"].first,
        "naive": rows()["change"].naive,
        "answers": {"why": "flat" if above < FLAT * rise else "follows" if above > 0.75 * rise else "lags"},
    }


def forecast(way: str) -> Array:
    """(B,) what the stored network of this way says of the windows of the test part."""
    test: Part = prepare(story(), Settings(answer=way)).parts.test
    return test.said(network(way))


def leave() -> Facts:
    """The takeaway."""
    return {}


BEATS: dict[str, Callable[[], Facts]] = {
    "raw": table,
    "words": categories,
    "scale": scale,
    "gaps": gaps,
    "windows": slides,
    "lengths": lengths,
    "claim": claim,
    "why": why,
    "leave": leave,
}
