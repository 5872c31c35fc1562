"""The pictures: the hearing stage, curves, the confusion matrix, scores by voice."""

from collections.abc import Mapping, Sequence
from functools import cache, lru_cache, partial
from typing import Any

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray

from lessons.common import live
from lessons.common.shared import shared
from lessons.common.text import Words
from lessons.common.trained import probabilities
from lessons.speech import experiment
from lessons.speech.clips import DIGITS, FEATURES, SPAN, clips
from lessons.speech.experiment import UPDATES, Settings
from lessons.speech.listening import SURE, Listening
from lessons.speech.recording import MELS
from lessons.speech.stored import EVERY, scores
from rnnviz.arrays import Array
from rnnviz.diagrams import confusion
from rnnviz.evaluation import confusion as counted
from rnnviz.player.hearing import Picture, hearing
from rnnviz.player.learn import DASHES, Lane, learn
from rnnviz.plots import Bars, prepare
from rnnviz.plots.prepared import Prepared
from rnnviz.training import Checkpoint

BANDS = 32  # of the spectrum that is drawn
HUES = {("clips", "plain"): ("forward", 0), ("voice", "plain"): ("positive", 1), ("voice", "centred"): ("forget", 2)}
FULL = 2.2  # spreads from the mean at which a colour is full


def stage(
    heard: Listening,
    words: Words,
    *,
    view: str = "spectrum",
    right: int | None = None,
    matters: bool = False,
    **place: Any,
) -> dict[str, Any]:
    """The hearing stage. view: "spectrum", or "features" as the network reads them."""
    said = {**shared().labels("hearing", {}), **words.labels("hearing", {"sure": SURE})}
    values = spectrum(heard.features) if view == "spectrum" else np.asarray(heard.x[:, 0]) / FULL
    frames, silence = len(values), len(heard.p) - len(values)
    if silence:
        values = np.concatenate([values, np.zeros((silence, values.shape[1]))])
    return hearing(
        Picture(values, said[view]),
        heard.p,
        labels=words.labels("digits"),
        words=said,
        right=right,
        padding=(frames, said["padding"]) if silence else None,
        mattered=heard.mattered if matters else None,
        sure=SURE,
        span=SPAN,
        pace=6.0,
        **place,
    )


def spectrum(features: Array) -> Array:
    """Decibels by pitch (T, BANDS), scaled for colours: the 13 coefficients by the cosine transform back."""
    return (features @ waves() - _middle()[0]) / (FULL * _middle()[1])


@cache
def waves() -> Array:
    """(13, BANDS): the orthonormal DCT-II of 128 bands, back again at BANDS of them."""
    band = (np.arange(BANDS) + 0.5) * MELS / BANDS
    found = np.cos(np.pi * np.arange(FEATURES)[:, None] * band / MELS) * np.sqrt(2 / MELS)
    found[0] = MELS**-0.5
    return found


@cache
def _middle() -> tuple[float, float]:
    """Mean and spread of all decibels of all clips."""
    every = np.concatenate(clips().features) @ waves()
    return float(every.mean()), float(every.std())


# Learning


@lru_cache(maxsize=16)
def recorder(run: Settings) -> live.Record:
    """The record of a checkpoint of this run."""
    return partial(_record, run)


def _record(run: Settings, checkpoint: Checkpoint) -> dict[str, Any]:
    answers = experiment.answers(checkpoint.network, run)
    said = experiment.digits(run.split, run.voice)
    p = probabilities(answers)[np.arange(len(said)), said]
    table = counted(said, answers.argmax(axis=1), DIGITS)
    return live.usual(checkpoint) | {
        "right": float((answers.argmax(axis=1) == said).mean()),
        "error": float(-np.log(np.maximum(p, 1e-12)).mean()),
        "confusion": table / np.maximum(table.sum(axis=1, keepdims=True), 1),
    }


def panels(words: Words) -> list[list[live.Panel]]:
    """Those of Explore."""
    say = words.labels("panels")
    guess = {say["guess"]: float(np.log(DIGITS))}
    return [
        [live.curve("right", say["right"], low=0.0, high=1.0, lines={say["guess"]: 1 / DIGITS})],
        [
            live.curve(["loss", "error"], say["losses"], scale="log", lines=guess, names=[say["learned"], say["held"]]),
            live.heat("confusion", say["confusion"], (DIGITS, DIGITS)),
            live.norms(experiment.CLIP),
        ],
    ]


@cache
def replayed(runs: tuple[Settings, ...]) -> list[list[dict[str, float]]]:
    """The stored scores of these runs, lane by lane."""
    return [[{"right": one} for one in scores().right[run]] for run in runs]


def race(runs: Mapping[Settings, str], words: Words, **place: Any) -> dict[str, Any]:
    """The stage on which these runs are replayed: the share right of each, named."""
    say = words.labels("panels")
    lanes = [Lane(f"lane {k}", label) for k, label in enumerate(runs.values())]
    panel = live.curve("right", say["right"], low=0.0, high=1.0, lines={say["guess"]: 1 / DIGITS})
    said = {**shared().labels("learn", {}), **words.labels("replay")}
    records = replayed(tuple(runs))
    stage = learn(lanes, records, panels=[[panel]], words=said, limit=UPDATES, every=EVERY, pace=120, **place)
    for lane, run in zip(stage["lanes"], runs):
        lane |= {"hue": HUES[run.split, run.kind][0], "dash": list(DASHES[HUES[run.split, run.kind][1]])}
    return stage


# Charts


def matrix(said: NDArray[np.int64], heard: NDArray[np.int64], words: Words, *, title: str, target: str = "") -> Markup:
    """What was said, and what was heard."""
    say = words.labels("confusion", {"title": title})
    counts = counted(said, heard, DIGITS)
    names = [str(digit) for digit in range(DIGITS)]
    return Markup(confusion(counts, names, title=title, up=say["said"], across=say["heard"], target=target))


def by_voice(words: Words, height: int = 440) -> Prepared:
    """The share right of each voice that was held out, by both kinds of features."""
    say = words.labels("voices")
    rows: Sequence[Bars] = [
        Bars(say[kind], np.array([scores().end("voice", kind, voice) for voice in range(4)]), hue)
        for kind, hue in (("plain", "positive"), ("centred", "forget"))
    ]
    return prepare.bars(rows, say["names"], up=say["up"], low=0.0, high=1.0, title=say["title"], height=height)
