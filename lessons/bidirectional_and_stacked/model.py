"""What the future knows: four trained networks say which symbol is hidden in a sentence.

One has read what stands to its left, one what stands to its right, one both, and one both in two layers.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

import rnnviz as rv
from lessons.bidirectional_and_stacked import told
from lessons.bidirectional_and_stacked.blanks import (
    BOTH,
    DEFAULT_SENTENCE,
    LAYERS,
    LEFT,
    MOST_SYMBOLS,
    READERS,
    RIGHT,
    Question,
    answers,
    first_guesses,
    of_the_truth,
    pass_of,
    put,
    reach,
    rightly,
    sentence_of,
)
from lessons.common.controls import Choice, Control, Range, Text
from lessons.common.interventions import HOLDS, kept_holds
from lessons.common.trained import ALPHABET, BLANK, spell, trained

HIDDEN = 20  # its "i" of "light"
ONE, TWO = "one", "two"
ALONE = (LEFT, RIGHT, BOTH)
PRESETS: dict[str, dict[str, Any]] = {
    "middle": {"text": DEFAULT_SENTENCE, "hidden": HIDDEN},
    "space": {"text": DEFAULT_SENTENCE, "hidden": 6},
    "unknown": {"text": "and the k_ng said unto them.", "hidden": 10},
}


def controls(values: Mapping[str, Any]) -> tuple[Control, ...]:
    """The sentence, the position that is hidden in it, and the network that the player shows."""
    T = len(sentence_of(values.get("text", DEFAULT_SENTENCE)))
    return (
        Text("text", DEFAULT_SENTENCE),
        Range("hidden", 1, T, 1, min(HIDDEN, T)),
        Choice("layers", (ONE, TWO), ONE, was={"one layer": ONE, "two layers": TWO}),
        HOLDS,
    )


def pick(target: str, value: Any, values: Mapping[str, Any]) -> dict[str, Any]:
    """A symbol that was clicked, in a chart or on the stage, is the one to hide."""
    if target != "hidden":
        return {}
    return {"hidden": int(value["x"] if isinstance(value, Mapping) else value)}


def question(values: Mapping[str, Any]) -> Question:
    """Which symbol is asked for."""
    return Question(sentence_of(values["text"]), values["hidden"])


def shown_reader(values: Mapping[str, Any]) -> str:
    """The network that the player shows."""
    return BOTH if values["layers"] == ONE else LAYERS


def visible(text: str) -> str:
    """A text in which spaces can be seen."""
    return text.replace(" ", "␣")


def notes(values: Mapping[str, Any]) -> dict[str, tuple[str, dict[str, Any]]]:
    """What stands beside the sentence: that nothing of it can be read, not all, or not to its end."""
    typed = str(values["text"])
    spelled = spell(typed, BLANK)
    if not spelled:
        return {"text": ("nothing", {})}
    if len(spelled) > MOST_SYMBOLS:
        return {"text": ("long", {"most": MOST_SYMBOLS})}
    return {"text": ("respelled", {"read": spelled})} if spelled != typed.strip() else {}


@dataclass(frozen=True)
class Reader:
    """What one network says: the probability of the symbol, its first guess, how many of all it gets right."""

    id: str
    p: float
    guess: str
    right: int


@dataclass(frozen=True)
class Neighbour:
    """A symbol whose input would move the answer: where it stands, and the norm of dL/dx there."""

    symbol: str
    position: int
    norm: float


@dataclass(frozen=True)
class Facts:
    """What the page says of a question, and of the place in the player; positions and layers are counted from 1."""

    read: str
    position: int
    symbol: str
    known: bool
    readers: list[Reader]
    of: dict[str, float]
    all_known: int
    alone: int
    reader: str
    held: bool
    loss: float
    leans: list[Neighbour]
    step: int
    steps: int
    layer: int
    direction: str
    answers: dict[str, str]


def facts(asked: Question, reader: str, step: int, layer: int, direction: int, holds: str = "") -> Facts:
    """What there is to say; `step`, `layer` and `direction` in the player are counted from 0."""
    sentence, at = asked.sentence, asked.position - 1
    right = {name: rightly(name, sentence) for name in READERS}
    _, grads, loss = pass_of(reader, asked.read, asked.position, asked.symbol, holds)
    of = {name: asked.of_symbol(name) for name in READERS}
    return Facts(
        read=asked.read.replace(BLANK, "▢"),
        position=asked.position,
        symbol=visible(asked.symbol),
        known=asked.truth is not None,
        readers=[
            Reader(name, of[name], visible(first_guesses(name, sentence)[at]), int(right[name].sum()))
            for name in READERS
        ],
        of=of,
        all_known=int((~np.isnan(of_the_truth(LEFT, sentence))).sum()),
        alone=int((right[BOTH] & ~right[LEFT] & ~right[RIGHT]).sum()),
        reader=reader,
        held=bool(kept_holds(trained(READERS[reader])[0], len(sentence), holds)),
        loss=loss,
        leans=leaning(asked, grads),
        step=step + 1,
        steps=len(sentence),
        layer=layer + 1,
        direction=(LEFT, RIGHT)[direction],
        answers={"reader": max(ALONE, key=lambda name: of[name])},
    )


def leaning(asked: Question, grads: rv.Gradients) -> list[Neighbour]:
    """The three neighbours whose input would move the answer most."""
    pull = np.linalg.norm(grads.dx[:, 0].astype(np.float64), axis=1)
    pull[asked.position - 1] = -1
    first = np.argsort(-pull, kind="stable")[: min(3, len(pull) - 1)]
    return [Neighbour(visible(asked.read[t]), int(t) + 1, float(pull[t])) for t in first]


@dataclass(frozen=True)
class Row:
    """A network in the table: what it is, and how it does on text that it has never seen."""

    id: str
    layers: int
    directions: int
    units: int
    parameters: int
    loss: float
    accuracy: float


@dataclass(frozen=True)
class Table:
    """All four, beside guessing by frequency alone."""

    rows: list[Row]
    symbols: int
    updates: int
    baseline: float
    baseline_accuracy: float


def table() -> Table:
    """As the files of trained networks say."""
    rows = []
    for name, file in READERS.items():
        net, about = trained(file)
        size = net.num_layers, net.num_directions, net.hidden_size
        rows.append(Row(name, *size, about.parameters, about.loss, about.accuracy))
    about = trained(READERS[BOTH])[1]
    return Table(rows, about.answers, about.updates, about.baseline, about.baseline_accuracy)


@dataclass(frozen=True)
class Checks:
    """What the questions speak of: how many of the states change, and what is known while one is still typing."""

    steps: int
    first: int
    second: int
    symbol: str
    left: float
    both: float
    whole: float
    answers: dict[str, str]


def checks(asked: Question) -> Checks:
    """The answers to the questions, found by trying."""
    sentence, T = asked.sentence, len(asked.sentence)
    other = put(sentence, T, "e" if sentence[-1] != "e" else "a")
    first, second = (int((reach(sentence, other)[f"layer{layer}_{LEFT}"] > 0).sum()) for layer in (1, 2))
    cut, k = asked.read[: asked.position], ALPHABET.index(asked.symbol)
    left, both = (float(answers(name, (cut,))[-1, 0, k]) for name in (LEFT, BOTH))

    def which(count: int) -> str:
        return "none" if count == 0 else "last" if count == 1 < T else "all"

    right = {"first": which(first), "second": which(second), "typing": LEFT}
    return Checks(T, first, second, visible(asked.symbol), left, both, asked.of_symbol(BOTH), right)


def program(asked: Question) -> dict[str, Any]:
    """What `program.jinja` is filled in with."""
    names = tuple(READERS.values())
    return {"alphabet": ALPHABET, "read": asked.read, "names": names, "at": asked.position - 1, "symbol": asked.symbol}


def facts_for(section: str, values: Mapping[str, Any]) -> Any:
    """What a section of the language file speaks of, with these settings, at the first step."""
    if section in told.BEATS:
        return told.facts(section, values)
    asked = question(values)
    if section in ("table", "checks"):
        return table() if section == "table" else checks(asked)
    return facts(asked, shown_reader(values), 0, 0, 0, values["holds"])
