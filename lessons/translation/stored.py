"""The translators that are kept: their weights, what they answer, and how often they are right."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from lessons.translation.experiment import LOOKS, MOST, PLAIN, UNITS, UPDATES, Score, forced, read, score
from lessons.translation.words import STOP, Word, batch, english, held_out, words, written
from rnnviz.arrays import Array
from rnnviz.seq2seq import EncoderDecoder, beam_search, greedy

FOLDER = Path(__file__).parents[1] / "trained"
LONGER = 4  # times as many updates as the one with attention had, the one without
SHOWN = {LOOKS: UPDATES, PLAIN: LONGER * UPDATES}
PLACES = ("hundreds", "tens", "ones")


def file_of(model: str, updates: int) -> Path:
    """Where the weights stand."""
    return FOLDER / f"translation_{model}_{updates}.npz"


@cache
def network(model: str, updates: int | None = None) -> EncoderDecoder:
    """The one that the page shows, or the one after so many updates."""
    return EncoderDecoder.load(file_of(model, updates or SHOWN[model]))


@cache
def scored(model: str, updates: int | None = None) -> Score:
    """How it does on what is held out."""
    return score(network(model, updates))


@cache
def wider() -> float:
    """The share that one without attention gets right, with twice the units and as many updates as the one with."""
    runs = json.loads((FOLDER / "translation.json").read_text(encoding="utf-8"))["runs"]
    return next(float(run["exact"]) for run in runs if run["units"] == 2 * UNITS)


@dataclass(frozen=True, eq=False)
class Answer:
    """What a network says to one word.

    said     its letters, the end symbol among them if it came to an end; text: without
    p        (U,) of each letter; weights: (U, T), None without attention
    all      of the whole answer
    """

    said: tuple[str, ...]
    p: Array
    weights: Array | None

    @property
    def text(self) -> str:
        """What one reads."""
        return "".join(letter for letter in self.said if letter != STOP)

    @property
    def all(self) -> float:
        """The probability of all letters together."""
        return float(np.prod(self.p))


def answer(net: EncoderDecoder, german: str) -> Answer:
    """Greedily, to a German word."""
    found = greedy(net, read(german), most=MOST)
    said = (*found.symbols[0], *((0,) if found.ended[0] else ()))
    p = found.p[np.arange(len(said)), 0, list(said)].astype(np.float64)
    weights = None if found.weights is None else found.weights[: len(said), 0]
    return Answer(english().decode(np.array(said, np.int64)), p, weights)


def taught(net: EncoderDecoder, word: Word) -> Answer:
    """The letters that are likeliest at each step while it reads the truth, whatever it has said before."""
    y = forced(net, batch((word,))).y[:, 0].astype(np.float64)
    p = np.exp(y - y.max(axis=1, keepdims=True))
    return Answer(english().decode(y.argmax(axis=1)), p.max(axis=1) / p.sum(axis=1), None)


@cache
def numbers() -> dict[str, int]:
    """{English words: number}, to read an answer."""
    return {word.english: word.number for word in words()}


def digits(number: int) -> tuple[int, int, int]:
    """Hundreds, tens and ones."""
    return number // 100, number // 10 % 10, number % 10


@cache
def kept_digits(model: str) -> dict[str, float]:
    """Of the held-out numbers from 100 on: the share whose hundreds, tens and ones are right in the answer."""
    right = []
    for word, symbols in zip(held_out(), scored(model).said.symbols, strict=True):
        if word.number < 100:
            continue
        said = numbers().get(written(symbols))
        right.append([said is not None and a == b for a, b in zip(digits(word.number), digits(said or 0))])
    return dict(zip(PLACES, np.mean(right, axis=0).tolist(), strict=True))


@cache
def beamed(model: str, width: int) -> int:
    """How many of the held-out numbers a beam of this width gets right."""
    return sum(best(network(model), word, width) == word.english for word in held_out())


def best(net: EncoderDecoder, word: Word, width: int) -> str:
    """What a beam of this width says in the end."""
    symbols = beam_search(net, read(word.german), width, MOST).best.symbols
    return written(symbols).rstrip(STOP)
