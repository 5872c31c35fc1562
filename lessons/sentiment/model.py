"""What the page on reviews says and draws, as numbers; the story's are in `tale.py`."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np

import rnnviz as rv
from lessons.common.controls import Choice, Control, Seed, Steps, Text
from lessons.sentiment import naive, tale
from lessons.sentiment.experiment import BATCH, CLIP, EVERY, GUESS, LIMIT, POOL, Read, Settings, read, record
from lessons.sentiment.reviews import BLOCK, LEAST, MOST, UNKNOWN, part, reviews, vocabulary, words_of
from lessons.sentiment.stored import SEEDS, network, stored
from rnnviz.arrays import Array
from rnnviz.evaluation import over_seeds

LIVE, STORED = "live", "stored"
LONGEST = 400  # characters that can be typed
PRESETS: dict[str, dict[str, Any]] = {
    "turns": {"text": tale.TURNS},
    "later": {"text": tale.LATER},
    "unknown": {"text": tale.UNKNOWN},
    "bad": {"text": "It is not bad at all!"},
    "irony": {"text": "Great, another hour of my life wasted."},
    "plain": asdict(Settings().plain) | {"network": LIVE},
}
TUNED = ("skip", "drop", "decay", "rate", "cell", "seed")


def controls(_values: Mapping[str, Any]) -> tuple[Control, ...]:
    """The sentence, whose network reads it, and how that is trained."""
    first = Settings()
    return (
        Text("text", tale.TURNS, most=LONGEST, look="line"),
        Choice("network", (STORED, LIVE), STORED),
        Steps("skip", (0.0, 0.1, 0.2, 0.3, 0.5), first.skip),
        Steps("drop", (0.0, 0.2, 0.5, 0.7), first.drop),
        Steps("decay", (0.0, 0.0003, 0.001, 0.003), first.decay),
        Steps("rate", (0.001, 0.003, 0.01, 0.03), first.rate),
        Choice("cell", tuple(rv.cells.CELLS), first.cell),
        Seed(default=first.seed),
    )


def settings(values: Mapping[str, Any]) -> Settings:
    """What the controls say of the training."""
    return Settings(**{name: values[name] for name in TUNED})


def pick(_target: str, _value: Any, _values: Mapping[str, Any]) -> dict[str, Any]:
    """Nothing on this page is picked but by the controls, the stages and the player."""
    return {}


def notes(values: Mapping[str, Any]) -> dict[str, tuple[str, Any]]:
    """What stands beside the sentence: that it has no words, that it is too long, that words are unknown."""
    found = words_of(values["text"])
    if not found:
        return {"text": ("nothing", {})}
    if len(found) > MOST:
        return {"text": ("long", {"most": MOST, "words": len(found)})}
    strange = [word for word in found if word not in vocabulary()]
    if len(strange) == len(found):
        return {"text": ("strange", {"words": len(found)})}
    return {"text": ("some", {"strange": list(dict.fromkeys(strange))[:4], "count": len(strange)})} if strange else {}


def typed(values: Mapping[str, Any]) -> tuple[str, ...]:
    """The words that are read: those that were typed; ours where there are none."""
    return words_of(values["text"])[:MOST] or words_of(tale.TURNS)


# What the lab shows


@dataclass(frozen=True)
class Facts:
    """What there is to say of the sentence that was read.

    up, down  the words with the largest effects on the last logit, None where none is above or below zero
    turns     the word at which the score moved farthest
    bag       what the bag of words gives the same sentence
    """

    words: int
    unknown: int
    score: float
    begins: float
    praises: bool
    turns: str
    up: str | None
    down: str | None
    bag: float
    agree: bool


def facts(found: Read) -> Facts:
    """Of this reading."""
    moves = np.abs(np.diff(np.concatenate([[found.begins], found.scores])))
    most, least = int(found.effects.argmax()), int(found.effects.argmin())
    bag = naive.of_words(found.words)
    return Facts(
        words=len(found.words),
        unknown=sum(found.unknown),
        score=found.score,
        begins=found.begins,
        praises=found.score >= 0.5,
        turns=found.words[int(moves.argmax())],
        up=found.words[most] if found.effects[most] > 0 else None,
        down=found.words[least] if found.effects[least] < 0 else None,
        bag=bag,
        agree=(bag >= 0.5) == (found.score >= 0.5),
    )


def learned(rows: Mapping[str, Array], update: int) -> dict[str, Any]:
    """What there is to say of the live network after this update; `rows` are those of `experiment.record`."""
    now = {name: float(values[min(update // EVERY, len(values) - 1)]) for name, values in rows.items()}
    naive_score = stored().naive["bag"]["validation"]
    return now | {"update": update, "gap": now["valid"] - now["train"], "bag": naive_score, "guess": GUESS}


def columns(words: tuple[str, ...]) -> tuple[str, ...]:
    """What the inputs of the network that is shown are called: each known word once; unknown ones are one."""
    return tuple(dict.fromkeys(word if word in vocabulary() else UNKNOWN for word in words))


@lru_cache(maxsize=1)
def evaluation() -> dict[str, Any]:
    """The stored scores, beside those of naive answers."""
    found = stored()
    return {
        **{way: over_seeds(values) for way, values in found.test.items()},
        "bag": found.naive["bag"]["test"],
        "majority": found.naive["majority"]["test"],
        "test": len(part("test")),
        "seeds": SEEDS,
        "margin": tale.facts("once")["margin"],
        "verdict": tale.facts("once")["answers"]["once"],
        "behind": tale.facts("once")["behind"],
    }


def curve() -> dict[str, Any]:
    """What twice as many sentences were worth, in percentage points, and whether at the end it was more than luck."""
    each = stored().curve.over_seeds
    gained = [100 * (after.mean - before.mean) for before, after in pairwise(each)]
    return {
        "runs": each[0].n,
        "first": gained[0],
        "last": gained[-1],
        "clear": each[-1].low > each[-2].high,
    }


# Questions, the explanation, the program


@lru_cache(maxsize=1)
def checks() -> dict[str, Any]:
    """What the questions speak of: the same words in another order, and the same sentence with an unknown word."""
    one, other = (words_of(text) for text in ("good, not bad", "bad, not good"))
    bags = [naive.of_words(words) for words in (one, other)]
    nets = [read(network(), words).score for words in (one, other)]
    strange = [read(network(), words_of(f"The food was {word}")).score for word in ("scrumptious", "execrable")]
    return {
        "bags": bags,
        "nets": nets,
        "strange": strange,
        "parameters": network().parameter_count,
        "embedding": network().state_dict()["weight_ih_l0"].size,
        "answers": {
            "order": "network" if bags[0] == bags[1] and nets[0] != nets[1] else "both",
            "strange": "same" if strange[0] == strange[1] else "different",
            "where": "words",
        },
    }


def about() -> dict[str, Any]:
    """What the explanation says."""
    first, sizes = Settings(), {name: len(part(name)) for name in ("train", "validation", "test")}
    return {
        "words": len(vocabulary()) - 1,
        "least": LEAST,
        "most": MOST,
        "block": BLOCK,
        "sizes": sizes,
        "dropped": 3000 - len(reviews()),
        "units": first.units,
        "columns": 3 * first.units,
        "inputs": len(vocabulary()),
        "rate": first.rate,
        "batch": BATCH,
        "pool": POOL,
        "clip": CLIP,
        "limit": LIMIT,
        "skip": first.skip,
        "drop": first.drop,
        "decay": first.decay,
        "bag_decay": naive.L2,
        "seconds": stored().seconds,
        "parameters": network().parameter_count,
    }


def program(chosen: Settings, words: tuple[str, ...], update: int | None) -> dict[str, Any]:
    """What `program.jinja` is filled in with; `update` is None where the network is the stored one."""
    fixed = {"batch": BATCH, "pool": POOL, "clip": CLIP, "limit": LIMIT, "most": MOST, "least": LEAST, "block": BLOCK}
    return asdict(chosen) | fixed | {"words": list(words), "update": update, "stored": update is None}


def facts_for(section: str, values: Mapping[str, Any]) -> Any:
    """What a section of the language file speaks of with these values of the controls."""
    if section in tale.BEATS:
        return tale.facts(section)
    if section in ("about", "deeper", "sources"):
        return about()
    if section == "checks":
        return checks()
    if section == "more":
        return curve()
    if section == "scores":
        return evaluation()
    if section == "learned":
        return learned({name: np.array([value]) for name, value in record(settings(values).start()).items()}, 0)
    return facts(read(network(), typed(values)))
