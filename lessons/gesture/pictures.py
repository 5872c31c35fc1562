"""The pictures: windows over a recording's signals, curves, the confusion matrix, people one by one."""

from functools import cache, lru_cache, partial
from typing import Any

import numpy as np
from markupsafe import Markup

from lessons.common import live
from lessons.common.shared import shared
from lessons.common.text import Words
from lessons.gesture import experiment
from lessons.gesture.experiment import UPDATES, Settings
from lessons.gesture.recordings import EXERCISES, RATE, Places
from lessons.gesture.stored import EVERY, scores
from lessons.gesture.watching import Look, Watched
from rnnviz.arrays import Array
from rnnviz.diagrams import Scored, confusion, intervals
from rnnviz.evaluation import confusion as counted
from rnnviz.evaluation import over_seeds
from rnnviz.player.hearing import Picture, hearing
from rnnviz.player.learn import DASHES, Lane, learn
from rnnviz.training import Checkpoint

SURE, FULL = 0.9, 2.5  # a probability; spreads of a signal that fill its lane's half
FEWEST = 0.5  # where the axis of the people begins
HUES = {"windows": ("forward", 0), "people": ("positive", 1)}


def over(seen: Watched, words: Words, right: int | None, **place: Any) -> dict[str, Any]:
    """The stage of a recording: windows slide over its signals."""
    how = {"windows": seen.spans, "sure": None, "pace": 3.0}
    return _stage(seen.signals, seen.p, words, "recording", right, **(how | place))


def within(seen: Look, words: Words, right: int | None, **place: Any) -> dict[str, Any]:
    """The stage of one window, step by step, with what mattered."""
    how = {"mattered": seen.mattered, "sure": SURE, "pace": 8.0}
    return _stage(np.asarray(seen.x[:, 0]), seen.p, words, "window", right, **how, **place)


def _stage(signals: Array, p: Array, words: Words, name: str, right: int | None, **how: Any) -> dict[str, Any]:
    said = {**shared().labels("hearing", {}), **words.labels("hearing", {"sure": SURE})}
    picture = Picture(signals / FULL, said[name], "lines", words.labels("signals"))
    return hearing(picture, p, labels=words.labels("exercises"), words=said, right=right, span=1 / RATE, **how)


# Learning


@lru_cache(maxsize=8)
def recorder(run: Settings) -> live.Record:
    """The record of a checkpoint of this run."""
    return partial(_record, run)


def _record(run: Settings, checkpoint: Checkpoint) -> dict[str, Any]:
    said, seen = experiment.exercises(run.split, run.person), experiment.predicted(checkpoint.network, run)
    table = counted(said, seen, EXERCISES)
    shares = table / np.maximum(table.sum(axis=1, keepdims=True), 1)
    return live.usual(checkpoint) | {"right": float((seen == said).mean()), "confusion": shares}


def panels(words: Words) -> list[list[live.Panel]]:
    """Those of Explore."""
    say = words.labels("panels")
    return [
        [live.curve("right", say["right"], low=0.0, high=1.0, lines={say["guess"]: 1 / EXERCISES})],
        [
            live.curve("loss", say["loss"], scale="log", lines={say["guess"]: float(np.log(EXERCISES))}),
            live.heat("confusion", say["confusion"], (EXERCISES, EXERCISES)),
            live.norms(experiment.CLIP),
        ],
    ]


@cache
def replayed(runs: tuple[Settings, ...]) -> list[list[dict[str, float]]]:
    """The stored scores of these runs, lane by lane."""
    return [[{"right": one} for one in scores().right[run]] for run in runs]


def race(words: Words, **place: Any) -> dict[str, Any]:
    """The stage on which both splits' runs are replayed: the share right of each."""
    say, names = words.labels("panels"), words.labels("lanes")
    runs = tuple(Settings(split=split) for split in ("windows", "people"))
    panel = live.curve("right", say["right"], low=0.0, high=1.0, lines={say["guess"]: 1 / EXERCISES})
    said = {**shared().labels("learn", {}), **words.labels("replay")}
    lanes, records = [Lane(run.split, names[run.split]) for run in runs], replayed(runs)
    stage = learn(lanes, records, panels=[[panel]], words=said, limit=UPDATES, every=EVERY, pace=60, **place)
    for lane in stage["lanes"]:
        hue, dash = HUES[lane["id"]]
        lane |= {"hue": hue, "dash": list(DASHES[dash])}
    return stage


# Tables


def matrix(done: Places, seen: Places, words: Words, *, title: str, target: str = "") -> Markup:
    """What was done, and what the network saw."""
    say = words.labels("confusion")
    names = words.labels("short")
    counts = counted(done, seen, EXERCISES)
    return Markup(confusion(counts, names, title=title, up=say["done"], across=say["seen"], target=target))


def people(words: Words) -> Markup:
    """Each person held out in turn: a dot for each, the interval of their mean; and what windows would have said."""
    say, found = words.labels("people"), scores()
    mean = over_seeds(found.people)
    bar = (mean.low, min(mean.high, 1.0))
    rows = [_once(say["windows"], Settings(split="windows"), "forward"), _once(say["people"], Settings(), "positive")]
    rows.append(Scored(say["each"], found.people, bar, "positive", f"{100 * mean.mean:.0f}%"))
    return Markup(f'<div class="roomy">{intervals(rows, low=FEWEST, high=1.0, name=say["title"])}</div>')


def _once(name: str, run: Settings, hue: str) -> Scored:
    score = scores().end(run)
    return Scored(name, [score], None, hue, f"{100 * score:.0f}%")
