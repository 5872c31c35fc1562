"""What the page on names says and draws, as numbers; the story's are in `tale.py`."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any

import numpy as np

import rnnviz as rv
from lessons.common.controls import Choice, Control, Range, Seed, Steps, Text
from lessons.sequence_labelling import tale
from lessons.sequence_labelling.experiment import (
    BATCH,
    CLIP,
    LIMIT,
    SKIP,
    WAYS,
    Read,
    Settings,
    no_name,
    record,
    shares,
)
from lessons.sequence_labelling.names import LEAST, MOST, TAGS, part, vocabulary, words_of
from lessons.sequence_labelling.stored import SEEDS, network, reading, stored
from rnnviz.arrays import Array

LIVE, STORED = "live", "stored"
PRESETS: dict[str, dict[str, Any]] = {
    "long": {"text": tale.LONG},
    "bridges": {"text": tale.BRIDGES},
    "strange": {"text": tale.STRANGE},
    "lower": {"text": tale.LOWER},
    "loves": {"text": "Maria loves Porto"},
    "left": {"text": tale.BRIDGES, "way": "left"},
}
TUNED = ("way", "cell", "units", "rate", "seed")


def controls(_values: Mapping[str, Any]) -> tuple[Control, ...]:
    """The sentence, who reads it, and how that is trained."""
    first = Settings()
    return (
        Text("text", tale.LONG, most=300, look="line"),
        Choice("way", WAYS, first.way),
        Choice("network", (STORED, LIVE), STORED),
        Range("word", 1, MOST, 1, 1),
        Choice("cell", tuple(rv.cells.CELLS), first.cell),
        Range("units", 2, 24, 1, first.units),
        Steps("rate", (0.001, 0.003, 0.01, 0.03), first.rate),
        Seed(default=first.seed),
    )


def settings(values: Mapping[str, Any]) -> Settings:
    """What the controls say of the training."""
    return Settings(**{name: values[name] for name in TUNED})


def pick(_target: str, _value: Any, _values: Mapping[str, Any]) -> dict[str, Any]:
    """Nothing on this page is picked but by the controls, the stages and the player."""
    return {}


def notes(values: Mapping[str, Any]) -> dict[str, tuple[str, Any]]:
    """What stands beside the sentence: that it has no words, is too long, or has words that are unknown."""
    found = words_of(values["text"])
    if not found:
        return {"text": ("nothing", {})}
    if len(values["text"].split()) > MOST:
        return {"text": ("long", {"most": MOST, "words": len(values["text"].split())})}
    strange = [word for word in found if word.lower() not in vocabulary() and not word[0].isupper()]
    return {"text": ("strange", {"strange": list(dict.fromkeys(strange))[:4]})} if strange else {}


def typed(values: Mapping[str, Any]) -> tuple[str, ...]:
    """The words that are read: those that were typed; ours where there are none."""
    return words_of(values["text"]) or words_of(tale.LONG)


@dataclass(frozen=True, eq=False)
class Asked:
    """The tag of one word, asked back: dL/dy with L its logit, both passes, and how much each word mattered, (T,)."""

    word: int
    dy: Array
    grads: rv.Gradients
    norms: Array


def asked(found: Read, values: Mapping[str, Any]) -> Asked:
    """Of the word that the control names, the last one where the sentence is shorter."""
    at = min(int(values["word"]), len(found.words)) - 1
    dy = np.zeros_like(found.trace.y)
    dy[at, 0, found.tags[at]] = 1.0
    grads = rv.backpropagate(found.trace.network, found.trace, dy)
    return Asked(at, dy, grads, rv.diagnostics.saliency(found.trace, grads).norm[:, 0])


@dataclass(frozen=True)
class Facts:
    """What there is to say of the sentence, and of the word that is asked back.

    names   (words, kind) of each name that was found; p: of the tag that the word got
    most    the other word that mattered most for it; None where none did
    """

    words: int
    way: str
    names: tuple[tuple[str, str], ...]
    word: str
    number: int
    tag: str
    p: float
    most: str | None
    after: bool


def facts(found: Read, one: Asked, way: str) -> Facts:
    """Of this reading."""
    names: list[tuple[list[str], str]] = []
    for t, (word, k) in enumerate(zip(found.words, found.tags, strict=True)):
        if k and t and found.tags[t - 1] == k:
            names[-1][0].append(word)
        elif k:
            names.append(([word], TAGS[k]))
    others = np.where(np.arange(len(found.words)) == one.word, 0.0, one.norms)
    best = int(others.argmax())
    return Facts(
        words=len(found.words),
        way=way,
        names=tuple((" ".join(words), tag) for words, tag in names),
        word=found.words[one.word],
        number=one.word + 1,
        tag=TAGS[int(found.tags[one.word])],
        p=float(found.p[one.word].max()),
        most=found.words[best] if others[best] > 0 else None,
        after=best > one.word,
    )


def learned(rows: Mapping[str, float], update: int) -> dict[str, Any]:
    """What there is to say of the live network where the reader stands; `rows` as of `experiment.record`."""
    return {**rows, "update": update, "lazy": no_name("validation").accuracy}


@lru_cache(maxsize=1)
def evaluation() -> dict[str, Any]:
    """The stored scores on the test part."""
    right = {way: float(stored().right[way].mean()) for way in WAYS}
    macro = {way: float(stored().f1[way][:, 1:].mean()) for way in WAYS}
    counts = stored().counts["left"]
    wrong = counts - np.diag(np.diag(counts))
    true, said = np.unravel_index(int(wrong.argmax()), wrong.shape)
    worst = {"true": TAGS[int(true)], "said": TAGS[int(said)], "count": int(wrong.max())}
    lazy = no_name("test").accuracy
    return {"test": len(part("test")), "seeds": SEEDS, "lazy": lazy, "right": right, "macro": macro, "worst": worst}


@lru_cache(maxsize=1)
def checks() -> dict[str, Any]:
    """What the questions speak of, found by trying."""
    one, other = (reading("left", text).p[0] for text in (tale.SISTERS, tale.BRIDGES))
    two, three = (reading("both", text).p[0] for text in (tale.SISTERS, tale.BRIDGES))
    return {
        "left_apart": float(np.abs(one - other).max()),
        "both_apart": float(np.abs(two - three).max()),
        "lazy": no_name("test").accuracy,
        "f1": float(no_name("test").f1[1]),
        "answers": {
            "apart": "zero" if np.array_equal(one, other) else "little",
            "f1": "zero" if no_name("test").f1[1] == 0 else "half",
            "typing": "left",
        },
    }


def about() -> dict[str, Any]:
    """What the explanation says."""
    return {
        "sizes": {name: len(part(name)) for name in ("train", "validation", "test")},
        "known": len(vocabulary()) - 1,
        "inputs": len(vocabulary()) + 1,
        "least": LEAST,
        "most": MOST,
        "skip": SKIP,
        "units": Settings().units,
        "rate": Settings().rate,
        "batch": BATCH,
        "clip": CLIP,
        "limit": LIMIT,
        "names": 1 - float(shares()[0]),
        "parameters": {way: network(way).parameter_count for way in WAYS},
    }


def program(chosen: Settings, words: tuple[str, ...], update: int | None, word: int) -> dict[str, Any]:
    """What `program.jinja` is filled in with; `update` is None where the network is the stored one."""
    fixed = {"batch": BATCH, "clip": CLIP, "least": LEAST, "skip": SKIP, "tags": list(TAGS)}
    return asdict(chosen) | fixed | {"words": list(words), "update": update, "stored": update is None, "at": word}


def facts_for(section: str, values: Mapping[str, Any]) -> Any:
    """What a section of the language file speaks of with these values of the controls."""
    if section in tale.BEATS:
        return tale.facts(section)
    if section in ("about", "deeper", "sources"):
        return about()
    if section == "checks":
        return checks()
    if section == "scores":
        return evaluation()
    if section == "learned":
        return learned(record(settings(values).start()), 0)
    found = reading(values["way"], " ".join(typed(values)))
    return facts(found, asked(found, values), values["way"])
