"""What the page on self-attention says and draws in Explore, as numbers; the story's are in `tale.py`."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any
from unicodedata import normalize

import numpy as np

from lessons.beyond_recurrence import costs, tale
from lessons.beyond_recurrence.experiment import (
    BATCH,
    CHOSEN_AT,
    CLIP,
    DIGITS,
    EVERY,
    HELD_AT,
    KINDS,
    LONGEST,
    MARKS,
    PLACES,
    RATES,
    UNITS,
    UPDATES,
    Network,
    alphabet,
    asked,
    back,
    begun,
    digit,
    everything,
    held_out,
    look,
    numbers,
    read,
    words,
)
from lessons.beyond_recurrence.stored import SEEDS, shares, trained
from lessons.common.controls import Choice, Control, Seed, Steps, Text
from rnnviz.arrays import Array
from rnnviz.attention import causal_mask
from rnnviz.self_attention import SelfAttention, forward

TRAINED, BEGUN, LIVE = "trained", "begun", "live"
LENGTHS = (14, 28, 56, 112, 224)
FEW = 12  # texts over which norms are averaged
PRESETS: dict[str, dict[str, Any]] = {
    "far": {"word": words()[tale.NUMBER], "place": "hundreds", "weights": TRAINED, "order": "written"},
    "twins": {"word": words()[tale.TWINS[0]], "place": "hundreds", "weights": TRAINED, "order": "written"},
    "shuffled": {"word": words()[tale.TWINS[0]], "place": "hundreds", "weights": TRAINED, "order": "shuffled"},
    "begun": {"word": words()[tale.NUMBER], "place": "hundreds", "weights": BEGUN, "order": "written"},
    "long": {"length": LENGTHS[-1]},
}


def controls(_: Mapping[str, Any]) -> tuple[Control, ...]:
    """What is read, by which networks, and how long texts are."""
    return (
        Text("word", words()[tale.NUMBER], most=60),
        Choice("place", PLACES, PLACES[0]),
        Choice("weights", (TRAINED, BEGUN, LIVE), TRAINED),
        Choice("order", ("written", "shuffled"), "written"),
        Choice("mask", ("none", "causal"), "none"),
        Steps("length", LENGTHS, LENGTHS[1]),
        Seed(),
    )


def pick(_: str, __: Any, ___: Mapping[str, Any]) -> dict[str, Any]:
    """No picture sets anything."""
    return {}


@dataclass(frozen=True)
class Typed:
    """What is read of what was typed.

    word   its letters, at most LONGEST - 1; ours where there is none
    left   what cannot be read, each once
    state  "number", "unknown" (letters, but no number from 0 to 999), "letters" (some left out), "long" or "empty"
    number the number; None where it is none
    """

    word: str
    left: str
    state: str
    number: int | None


def typed(given: str) -> Typed:
    """Small letters of the German number words, ü as one however it was typed; spaces, hyphens and what cannot be seen
    are nothing."""
    said = "".join(one for one in normalize("NFC", given).lower() if one.isprintable() and one not in " -")
    known = alphabet()[: -len(MARKS)]
    kept = "".join(letter for letter in said if letter in known)
    left = "".join(dict.fromkeys(letter for letter in said if letter not in known))
    word = kept[: LONGEST - 1] or words()[tale.NUMBER]
    number = words().index(word) if word in words() else None
    state = "unknown" if number is None else "number"
    if not kept or left or len(kept) >= LONGEST:
        state = "empty" if not kept else "letters" if left else "long"
    return Typed(word, left, state, number)


def notes(values: Mapping[str, Any]) -> dict[str, tuple[str, dict[str, Any]]]:
    """What stands beside the typed word, where it is no number or was not wholly read."""
    found = typed(str(values.get("word", "")))
    facts = {"left": found.left, "word": found.word, "most": LONGEST - 1}
    return {} if found.state == "number" else {"word": (found.state, facts)}


def shuffled(word: str) -> str:
    """The letters of a word in another order, the same one each time."""
    return "".join(np.random.default_rng(0).permutation(list(word)))


@dataclass(frozen=True)
class Said:
    """What one network says: its kind, the digit, how sure it is, and how much of the gradient is left at the first."""

    kind: str
    digit: int
    sure: float
    kept: float


@dataclass(frozen=True)
class Facts:
    """What the lab says of a word; right: the digit that is asked, None where it is no number."""

    word: str
    place: str
    order: str
    weights: str
    right: int | None
    said: tuple[Said, ...]


def text(values: Mapping[str, Any]) -> tuple[str, int]:
    """What is read, and the place that is asked."""
    word = typed(str(values["word"])).word
    return shuffled(word) if values["order"] == "shuffled" else word, PLACES.index(values["place"])


def networks(values: Mapping[str, Any], live: Mapping[str, Network]) -> dict[str, Network]:
    """Those that the controls choose; `live` those that learn on the page. Without positions, the stored one."""
    if values["weights"] == BEGUN:
        return {kind: begun(kind, int(values["seed"])) for kind in KINDS}
    return {kind: trained(kind) for kind in KINDS} | (dict(live) if values["weights"] == LIVE else {})


def facts(values: Mapping[str, Any], of: Mapping[str, Network]) -> Facts:
    """What they say."""
    word, place = text(values)
    number = typed(str(values["word"])).number
    said = []
    for kind, network in of.items():
        found = look(network, word, place)
        kept = float(found.norms[0] / found.norms[-2]) if len(word) > 1 else 1.0
        said.append(Said(kind, found.digit, float(found.p[found.digit]), kept))
    right = None if number is None else digit(number, place)
    return Facts(word, values["place"], values["order"], values["weights"], right, tuple(said))


def matrix(network: Network, word: str, place: int, mask: str) -> Array:
    """Which position looks at which, (T, T): all weights of the layer, with a causal mask or without."""
    assert isinstance(network, SelfAttention)
    x = asked([(word, place, 0)]).x
    allowed = causal_mask(len(x)) if mask == "causal" else None
    return forward(network, x, mask=allowed).attention.weights[:, 0]


@lru_cache(maxsize=16)
def far(length: int, seed: int) -> dict[str, Array]:
    """The norm of the gradient at each letter of texts of this length before training, {kind: (T,)}: of the last
    position's logits, over FEW texts of number words."""
    rng, letters = np.random.default_rng(seed), alphabet()
    texts = ["".join(rng.permutation(words()))[:length] for _ in range(FEW)]
    x = np.array([[np.eye(len(letters))[letters.index(one)] for one in row] for row in texts]).transpose(1, 0, 2)
    found = {}
    for kind in costs.PAIR:
        trace = read(begun(kind, seed, length), x.astype(np.float32))
        dy = np.zeros_like(trace.y)
        dy[-1, :, 0] = 1
        found[kind] = np.sqrt(np.square(back(trace, dy), dtype=np.float64).sum(axis=2).mean(axis=1))
    return found


# Evaluation, questions, the explanation, the program


@cache
def evaluated() -> dict[str, Any]:
    """The stored networks on the words that are held out, by place; and whoever always says the most frequent digit."""
    of, learned = held_out(), everything()
    rows = {}
    for kind in KINDS:
        right = of.said(read(trained(kind), of.x, of.lengths).y) == of.targets.max(axis=0)
        rows[kind] = [float(share) for share in right.reshape(-1, len(PLACES)).mean(axis=0)]
    naive = []
    for place in range(len(PLACES)):
        often = np.bincount(learned.targets.max(axis=0)[place :: len(PLACES)], minlength=DIGITS).argmax()
        naive.append(float((of.targets.max(axis=0)[place :: len(PLACES)] == often).mean()))
    ends = {arm: shares(arm)[:, -1] for arm in KINDS}
    return {
        "rows": rows | {"naive": naive},
        "mean": {arm: float(one.mean()) for arm, one in ends.items()},
        "low": {arm: float(one.min()) for arm, one in ends.items()},
        "high": {arm: float(one.max()) for arm, one in ends.items()},
        "seeds": SEEDS,
        "words": len(numbers(HELD_AT)),
        "parameters": {kind: trained(kind).parameter_count for kind in KINDS},
    }


@dataclass(frozen=True)
class Checks:
    """What the questions speak of."""

    ratio: float
    apart: float
    answers: dict[str, str]


@cache
def checks() -> Checks:
    """The engine knows the answers."""
    word, place = words()[tale.NUMBER], 0
    plain, masked = (matrix(trained("attention"), word, place, mask)[-1] for mask in ("none", "causal"))
    apart = float(np.abs(plain - masked).max())
    long = costs.multiply_adds("attention", 2048) / costs.multiply_adds("attention", 1024)
    return Checks(
        ratio=long,
        apart=apart,
        answers={
            "mask": "same" if apart < tale.SAME else "other",
            "long": "four" if long > 3 else "two",
            "keeps": "state",
        },
    )


def about() -> dict[str, Any]:
    """What the explanation says."""
    return {
        "every": EVERY,
        "held": HELD_AT,
        "chosen": CHOSEN_AT,
        "batch": BATCH,
        "clip": CLIP,
        "updates": UPDATES,
        "units": UNITS,
        "rates": RATES,
        "learned": len(numbers()),
        "longest": LONGEST,
        "few": FEW,
        "dearer": costs.dearer_from(),
        "tries": costs.TRIES,
    }


def program(values: Mapping[str, Any], update: int) -> dict[str, Any]:
    """What `program.jinja` is filled in with, for a training that stands at this update."""
    word, place = text(values)
    given = {"units": UNITS, "rates": RATES, "updates": UPDATES, "batch": BATCH, "clip": CLIP, "every": EVERY}
    left = {"held": HELD_AT, "chosen": CHOSEN_AT, "seed": int(values["seed"]), "steps": LONGEST}
    return given | left | {"update": update, "word": word, "mark": MARKS[place]}


def facts_for(section: str, values: Mapping[str, Any]) -> Any:
    """What a section speaks of, for the checks of words."""
    if section in tale.BEATS:
        return tale.facts(section, values)
    if section == "said":
        return facts(values, networks(values, {kind: begun(kind, 0) for kind in costs.PAIR}))
    if section == "proof":
        return {"kind": "recurrent"}
    return {"evaluated": evaluated, "checks": checks}.get(section, about)()
