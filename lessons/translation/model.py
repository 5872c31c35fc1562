"""What the page on translation says and draws, as numbers; the story's are in `tale.py`."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from unicodedata import normalize

import numpy as np

import rnnviz as rv
from lessons.common.controls import Choice, Control, Range, Seed, Steps, Text
from lessons.translation import tale
from lessons.translation.experiment import BATCH, CLIP, LOOKS, MODELS, PLAIN, RATE, UNITS, UPDATES, Settings, forced
from lessons.translation.stored import LONGER, SHOWN, Answer, answer, beamed, network, scored, wider
from lessons.translation.words import EVERY, HELD_AT, MOST, STOP, Word, english, german, held_out, unseen, words
from rnnviz.arrays import Array
from rnnviz.seq2seq import EncoderDecoder, Pairs, Pass, PassGradients, backward, pairs

ENCODER, DECODER = "encoder", "decoder"
MOST_STRANGE = 8  # characters that are told
SLIPS = 0.99  # of all letters right, in a question
DEFAULT = "siebenundachtzig"
CHECKED = 6  # derivatives of each array of weights, against finite differences
LONGEST = max(len(word.english) for word in words()) + 1
PRESETS: dict[str, dict[str, Any]] = {
    "turn": {"word": DEFAULT, "model": LOOKS},
    "long": {"word": "siebenhundertsechsundsiebzig", "model": LOOKS},
    "lost": {"word": "sechshunderteinundsechzig", "model": "plain"},
    "typed": {"word": "fuenfundvierzig", "model": LOOKS},
    "beyond": {"word": "tausenddrei", "model": LOOKS},
}


def controls(values: Mapping[str, Any]) -> tuple[Control, ...]:
    """The word, who translates it, what is looked at; and how the networks are that learn."""
    first = Settings()
    return (
        Text("word", DEFAULT, most=80),
        Choice("model", MODELS, LOOKS),
        Range("width", 1, 6, 1, tale.WIDTH),
        Range("letter", 1, LONGEST, 1, 1),
        Choice("part", (ENCODER, DECODER), ENCODER),
        Steps("units", (16, 32, 64), first.units),
        Steps("rate", (0.001, 0.002, 0.005, 0.01), first.rate),
        Seed(),
    )


def settings(values: Mapping[str, Any]) -> Settings:
    """Of the networks that learn."""
    return Settings(units=values["units"], rate=values["rate"], seed=values["seed"])


def pick(target: str, value: Any, values: Mapping[str, Any]) -> dict[str, Any]:
    """Nothing on this page is picked but by the controls and the player."""
    return {}


# What is typed


@dataclass(frozen=True)
class Typed:
    """What is read of what the reader has typed.

    read     the letters; those of the default word where none is left
    strange  characters that no word of the list has, the first MOST_STRANGE of them: they are left out
    others   whether there are more of those
    cut      how many letters are too many
    nothing  whether nothing was left
    known    the number word that it is; None: it is none of the list
    """

    read: str
    strange: tuple[str, ...]
    others: bool
    cut: int
    nothing: bool
    known: Word | None


def typed(text: str) -> Typed:
    """Lower case, without white space, ü as one letter however it was typed; what cannot be read is told."""
    letters = "".join(normalize("NFC", text).lower().split())
    left = "".join(letter for letter in letters if letter in german())
    strange = tuple(dict.fromkeys(letter for letter in letters if letter not in german() and letter.isprintable()))
    word = left[:MOST] or DEFAULT
    known = next((one for one in words() if one.german == word), None)
    return Typed(word, strange[:MOST_STRANGE], len(strange) > MOST_STRANGE, max(0, len(left) - MOST), not left, known)


# What is shown of it


@dataclass(frozen=True, eq=False)
class Look:
    """A network's answer to a word, both passes, and the letter whose logit is L.

    letter   from 0; of an answer that is shorter, the last
    effect   (T,) gradient times input: what each letter of the source adds to L
    asked    what both networks read; dy: 1 at that logit
    """

    net: EncoderDecoder
    german: str
    answer: Answer
    passed: Pass
    grads: PassGradients
    letter: int
    effect: Array
    asked: Pairs
    dy: Array

    @property
    def spoken(self) -> tuple[str, ...]:
        """What the decoder reads: nothing, then its own letters."""
        return ("·", *self.answer.said[: len(self.passed.y) - 1])


@lru_cache(maxsize=16)
def look(model: str, word: str, letter: int) -> Look:
    """What `model` says to a German word, and what its letter, from 1, depends on."""
    net = network(model)
    found = answer(net, word)
    said = english().encode([one for one in found.said if one != STOP])
    asked = pairs([german().encode(word)], [said], net.input_size, net.output_size, np.float32)
    passed, at = forced(net, asked), min(letter, len(found.said)) - 1
    dy = np.zeros_like(passed.y)
    dy[at, 0, english().encode([found.said[at]])[0]] = 1
    grads = backward(passed, dy)
    effect = rv.diagnostics.saliency(passed.encoder, grads.encoder).effect[:, 0]
    return Look(net, word, found, passed, grads, at, effect, asked, dy)


@dataclass(frozen=True)
class Both:
    """What the page says of the word: what both say, and how sure they are of all of it."""

    typed: Typed
    texts: dict[str, str]
    p: dict[str, float]
    ended: dict[str, bool]
    most: int
    letter: str
    place: int
    mattered: str
    mattered_at: int
    width: int


def both(values: Mapping[str, Any]) -> Both:
    """Side by side."""
    found = typed(values["word"])
    here = look(values["model"], found.read, values["letter"])
    each = {model: answer(network(model), found.read) for model in MODELS}
    best = int(np.abs(here.effect).argmax())
    return Both(
        typed=found,
        texts={model: one.text for model, one in each.items()},
        p={model: one.all for model, one in each.items()},
        ended={model: one.said[-1] == STOP for model, one in each.items()},
        most=MOST,
        letter=visible(here.answer.said[here.letter]),
        place=here.letter + 1,
        mattered=found.read[best],
        mattered_at=best + 1,
        width=values["width"],
    )


def visible(letter: str) -> str:
    """A sign for the space."""
    return "␣" if letter == " " else letter


# Scores, questions, the explanation, the program


@lru_cache(maxsize=1)
def scores() -> dict[str, Any]:
    """Of both on what is held out, beside the most frequent letter, and whoever knows the list by heart."""
    found = {model: scored(model) for model in MODELS}
    naive = rv.metrics.accuracy(found[LOOKS].passed.y, unseen().targets, unseen().mask).naive
    return {
        "held": len(held_out()),
        "right": {model: int(one.exact.sum()) for model, one in found.items()},
        "exact": {model: float(one.exact.mean()) for model, one in found.items()},
        "letters": {model: one.letters for model, one in found.items()},
        "parameters": {model: network(model).parameter_count for model in MODELS},
        "updates": SHOWN,
        "naive": naive,
    }


def checks() -> dict[str, Any]:
    """What the questions speak of."""
    word, width = words()[tale.TURN], tale.WIDTH
    alone, wide = int(scored("plain").exact.sum()), beamed("plain", width)
    return {
        "letters": len(word.english),
        "each": SLIPS,
        "chance": SLIPS ** len(word.english),
        "alone": alone,
        "wide": wide,
        "width": width,
        "weights": len(word.german) * (len(word.english) + 1),
        "answers": {
            "row": "row",
            "chain": "less",
            "wider": "more" if wide > alone else "fewer" if wide < alone else "same",
        },
    }


def about() -> dict[str, Any]:
    """What the explanation says."""
    held = {"every": EVERY, "at": HELD_AT, "held": len(held_out()), "learned": len(words()) - len(held_out())}
    sizes = {
        "wider": wider(),
        "alike": float(scored(PLAIN, UPDATES).exact.mean()),
        "units": UNITS,
        "half": UNITS // 2,
        "read": len(german()),
        "said": len(english()),
    }
    return (
        held | sizes | {"batch": BATCH, "clip": CLIP, "rate": RATE, "updates": UPDATES, "longer": LONGER, "most": MOST}
    )


def program(values: Mapping[str, Any], update: int) -> dict[str, Any]:
    """What `program.jinja` is filled in with."""
    chosen, shown = settings(values), values["model"]
    given = {"word": typed(values["word"]).read, "model": shown, "stored": SHOWN[shown], "width": values["width"]}
    learned = {"units": chosen.units, "rate": chosen.rate, "seed": chosen.seed, "update": update}
    return (
        given | learned | {"limit": UPDATES, "batch": BATCH, "clip": CLIP, "every": EVERY, "at": HELD_AT, "most": MOST}
    )


def facts_for(section: str, values: Mapping[str, Any]) -> Any:
    """What a section of the language file speaks of with these values of the controls."""
    if section in tale.BEATS:
        return tale.facts(section)
    if section == "score":
        return scores()
    if section == "checks":
        return checks()
    return about() if section in ("about", "deeper", "learns") else both(values)
