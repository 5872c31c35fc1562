"""What the page on speech says and draws, as numbers; the story's are in `tale.py`."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

import rnnviz as rv
from lessons.common.controls import Choice, Control, Range, Seed
from lessons.speech import experiment, recording, tale
from lessons.speech.clips import CLEAR, DIGITS, HOP, LEARNED, RATE, SPAN, TAKES, VOICES, clips, parts
from lessons.speech.experiment import BATCH, CELLS, CLIP, COOLED, KINDS, NOISE, SPLITS, UNITS, UPDATES, Settings
from lessons.speech.listening import SURE, Listening, listen
from lessons.speech.stored import KEPT, SEEDS, network, scores
from rnnviz.evaluation import confusion, per_class

LIVE, STORED = "live", "stored"
PRESETS: dict[str, dict[str, Any]] = {
    "known": {"split": "clips", "kind": "plain", "network": STORED, "digit": 6, "clip": 16},
    "failure": {"split": "clips", "kind": "plain", "network": STORED, "digit": 3, "clip": 3},
    "new": {"split": "voice", "voice": "a", "kind": "plain", "network": STORED, "digit": 7, "clip": 1},
    "centred": {"split": "voice", "voice": "a", "kind": "centred", "network": STORED, "digit": 8, "clip": 4},
}
NAMES = "abcdef"[:CLEAR]


def controls(values: Mapping[str, Any]) -> tuple[Control, ...]:
    """What is held out, what is read, which network, and which clip it hears."""
    first: tuple[Control, ...] = (Choice("split", SPLITS, "clips"),)
    if values.get("split") == "voice":
        first = (*first, Choice("voice", tuple(NAMES), "a"))
    found = (*first, Choice("kind", KINDS, "plain"), Choice("cell", CELLS, "gru"), Seed())
    known = {one.id: one.read(values.get(one.id, one.default)) for one in found}
    run = settings(known)
    kept: tuple[Control, ...] = (Choice("network", (STORED, LIVE), STORED),) if run in KEPT else ()
    clip = Range("clip", 1, len(of_digit(run, 0)), 1, 1, reach=VOICES * TAKES)
    return (*found, *kept, Range("digit", 0, DIGITS - 1, 1, 7), clip)


def settings(values: Mapping[str, Any]) -> Settings:
    """The run that the controls say."""
    voice = NAMES.index(str(values.get("voice", "a")))
    return Settings(str(values["cell"]), values["split"], voice, values["kind"], int(values["seed"]))


def of_digit(run: Settings, digit: int) -> NDArray[np.int64]:
    """The held-out clips of a digit, as places among all clips."""
    held = parts(run.split, run.voice)[1]
    return held[clips().digit[held] == digit]


def chosen(values: Mapping[str, Any]) -> int:
    """The clip that the controls say, as its place among all clips."""
    found = of_digit(settings(values), int(values["digit"]))
    return int(found[min(int(values["clip"]), len(found)) - 1])


def pick(target: str, value: Any, values: Mapping[str, Any]) -> dict[str, Any]:
    """A click on a mistake opens the first clip of it that the stored network makes; of others, of what was said."""
    if target != "mistake":
        return {}
    said, heard, run = int(value["y"]), int(value["x"]), settings(values)
    among = of_digit(run, said)
    if run in KEPT and values.get("network") == STORED:
        held = parts(run.split, run.voice)[1]
        answers = experiment.predicted(network(run), run)[np.isin(held, among)]
        found = np.flatnonzero(answers == heard)
        return {"digit": said, "clip": int(found[0]) + 1 if found.size else 1}
    return {"digit": said, "clip": 1}


@dataclass(frozen=True)
class Facts:
    """What there is to say of a network and of the clip that it hears.

    right, naive  the share of held-out clips that it hears right, and of whoever always says the same digit
    held          how many those are; most: how often its worst mistake happens: `said` heard as `heard`
    weakest       the digit with the lowest F1, and that
    digit, says, p, sure, seconds  the clip's digit, what it says, how sure; after how many seconds, or None
    """

    split: str
    kind: str
    voice: str
    update: int
    held: int
    right: float
    naive: float
    most: int
    said: int
    heard: int
    weakest: int
    f1: float
    digit: int
    speaker: str
    says: int
    p: float
    sure: float | None
    seconds: float


def facts(values: Mapping[str, Any], net: rv.Network, update: int, found: Listening) -> Facts:
    """Of this network."""
    run, n = settings(values), chosen(values)
    said = experiment.digits(run.split, run.voice)
    table = confusion(said, experiment.predicted(net, run), DIGITS)
    each = np.nan_to_num(per_class(table).f1)
    wrong = table - np.diag(np.diag(table))
    y, x = np.unravel_index(wrong.argmax(), wrong.shape)
    return Facts(
        split=run.split,
        kind=run.kind,
        voice=NAMES[run.voice].upper(),
        update=update,
        held=len(said),
        right=float(np.trace(table) / table.sum()),
        naive=float(table.sum(axis=1).max() / table.sum()),
        most=int(wrong.max()),
        said=int(y),
        heard=int(x),
        weakest=int(each.argmin()),
        f1=float(each.min()),
        digit=int(clips().digit[n]),
        speaker="ABCDEF"[clips().voice[n]],
        says=found.said,
        p=float(found.p[-1].max()),
        sure=None if found.sure is None else found.sure * SPAN,
        seconds=len(found.p) * SPAN,
    )


def hear(data: bytes) -> tuple[Listening | None, str, dict[str, Any]]:
    """One's own recording, as the network hears it that compares each clip with its own mean: what it says, and what is
    told of it, a name and its facts. None where it cannot be heard."""
    run = KEPT[1]
    try:
        own = recording.hear(data)
    except recording.Refused as refused:
        return None, refused.name, dict(refused.facts)
    found = listen(network(run), own.features, run)
    told = {"said": found.said, "p": float(found.p[-1].max()), **asdict(replace(own, features=np.zeros(0)))}
    return found, "heard", {name: one for name, one in told.items() if name != "features"}


# Questions, the explanation, the program


@dataclass(frozen=True)
class Checks:
    """What the questions speak of."""

    held: int
    guess: float
    digits: int
    known: float
    new: float
    frames: int
    seconds: float
    answers: dict[str, str]


@lru_cache(maxsize=8)
def checks(run: Settings) -> Checks:
    """The engine knows the answers."""
    held, frames = len(parts(run.split, run.voice)[1]), int(np.median([len(one) for one in clips().features]))
    known, new = scores().end("clips", run.kind), scores().end("voice", run.kind)
    split = {"guess": "tenth", "split": "lower" if new < known - 0.05 else "same", "mean": "end"}
    return Checks(held, 1 / DIGITS, DIGITS, known, new, frames, frames * SPAN, split)


def about() -> dict[str, Any]:
    """What the explanation says."""
    counts = clips().counts
    return {
        "clips": len(clips().digit),
        "takes": TAKES,
        "learned": LEARNED,
        "tested": TAKES - LEARNED,
        "voices": VOICES,
        "clear": CLEAR,
        "off": int(np.abs(counts[:CLEAR] - 50).sum()),
        "fewest": int(counts[CLEAR:].min()),
        "of": 50,
        "units": UNITS,
        "updates": UPDATES,
        "batch": BATCH,
        "clip": CLIP,
        "cooled": COOLED,
        "noise": NOISE,
        "span": SPAN * 1000,
        "rate": RATE,
        "window": recording.WINDOW,
        "hop": HOP,
        "mels": recording.MELS,
        "depth": recording.DEPTH,
        "seeds": SEEDS,
        "known": [scores().end("clips", "plain", seed=seed) for seed in range(SEEDS)],
        "rounded": scores().end("clips", "plain"),
        "unrounded": scores().unrounded,
        "step": float(clips().step.max()),
        "plain": [scores().end("voice", "plain", voice) for voice in range(CLEAR)],
        "centred": [scores().end("voice", "centred", voice) for voice in range(CLEAR)],
        "both": scores().end("clips", "centred"),
        "sure": SURE,
        "scipy": recording.available(),
        "edge": recording.EDGE,
        "seconds": scores().seconds,
    }


def program(values: Mapping[str, Any], update: int) -> dict[str, Any]:
    """What `program.jinja` is filled in with: the stored network, or the training up to an update."""
    run = settings(values)
    stored = KEPT.index(run) if run in KEPT and values.get("network") == STORED else None
    more = {"units": UNITS, "batch": BATCH, "clip_norm": CLIP, "noise": NOISE, "update": max(1, update)}
    more |= {"rate": experiment.RATE, "cooled": COOLED, "learned": LEARNED, "takes": TAKES, "stored": stored}
    return asdict(run) | more


def facts_for(section: str, values: Mapping[str, Any]) -> Any:
    """What a section of the language file speaks of with these values of the controls."""
    if section in tale.BEATS:
        return tale.facts(section)
    if section in ("about", "deeper", "own", "sources"):
        return about()
    run = settings(values)
    if section == "checks":
        return checks(run)
    kept = run in KEPT and values.get("network") == STORED
    net = network(run) if kept else run.network()
    found = listen(net, clips().features[chosen(values)], run)
    return facts(values, net, UPDATES if kept else 0, found)
