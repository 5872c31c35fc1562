"""Numbers in German and in English words, 0 to 999: the pairs, who learns from which, and the two alphabets.

A number is held out where it leaves 3 when divided by 7: no network has ever read it. Every hundreds', tens' and ones'
word stands in other numbers that are learned from, so all that is new in most of them is the combination.
"""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from rnnviz.data import Vocabulary
from rnnviz.seq2seq import Pairs, pairs

FILE = Path(__file__).parents[1] / "data" / "number_words.csv"
EVERY, HELD_AT = 7, 3  # numbers that leave 3 when divided by 7 are held out
STOP = "∎"  # how the end symbol is written
MOST = 40  # letters that are read, and said, at most; the longest of the pairs has 29


@dataclass(frozen=True)
class Word:
    """A number, and how both languages spell it."""

    number: int
    german: str
    english: str

    @property
    def held_out(self) -> bool:
        """Whether no network learns from it."""
        return self.number % EVERY == HELD_AT


@cache
def words() -> tuple[Word, ...]:
    """All of them, by number."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return tuple(Word(int(row["number"]), row["de"], row["en"]) for row in csv.DictReader(file))


@cache
def held_out() -> tuple[Word, ...]:
    """Those that no network learns from."""
    return tuple(word for word in words() if word.held_out)


@cache
def german() -> Vocabulary:
    """The letters of the German words that are learned from."""
    return Vocabulary(tuple(sorted({letter for word in words() if not word.held_out for letter in word.german})), None)


@cache
def english() -> Vocabulary:
    """The end symbol, and those of the English words."""
    letters = {letter for word in words() if not word.held_out for letter in word.english}
    return Vocabulary((STOP, *sorted(letters)), None)


def batch(of: tuple[Word, ...]) -> Pairs:
    """These as one padded batch, in float32."""
    return pairs(
        [german().encode(word.german) for word in of],
        [english().encode(word.english) for word in of],
        len(german()),
        len(english()),
        np.float32,
    )


@cache
def learned_from() -> Pairs:
    """All that is learned from, as one batch."""
    return batch(tuple(word for word in words() if not word.held_out))


@cache
def unseen() -> Pairs:
    """All that is held out, as one batch."""
    return batch(held_out())


def written(symbols: tuple[int, ...]) -> str:
    """English symbols as text."""
    return "".join(english().decode(np.array(symbols, np.int64)))
