"""The book: its chapters, which of them are held out, and letters as numbers.

Chapters 1 to 45 of Moby-Dick (lessons/data/moby_dick.py). Those whose number ends in 5 are held out: nothing is ever
trained or counted on them. A letter is any symbol that stands in the others, its number is its place among them.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

FILE = Path(__file__).parents[1] / "data" / "moby_dick.txt"
HEADING = re.compile(r"^CHAPTER (\d+)\n", re.MULTILINE)
Codes = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Book:
    """chapters: {number: text}; held: the numbers of those that are held out."""

    chapters: Mapping[int, str]
    held: tuple[int, ...]

    @property
    def train(self) -> str:
        """The text to learn from: the chapters one after the other."""
        return "\n".join(text for n, text in self.chapters.items() if n not in self.held)

    @property
    def held_out(self) -> str:
        """The text to measure on."""
        return "\n".join(self.chapters[n] for n in self.held)


@cache
def book() -> Book:
    """As it is in lessons/data."""
    _, *parts = HEADING.split(FILE.read_text(encoding="utf-8"))
    chapters = {int(n): text.strip() for n, text in zip(parts[::2], parts[1::2])}
    return Book(chapters, tuple(n for n in chapters if n % 10 == 5))


@cache
def alphabet() -> str:
    """Every symbol of the text that is learned from, in order."""
    return "".join(sorted(set(book().train)))


@cache
def place() -> Mapping[str, int]:
    """{symbol: its number}."""
    return {symbol: code for code, symbol in enumerate(alphabet())}


def encode(text: str) -> Codes:
    """(T,) numbers of the symbols. Raises KeyError for a symbol that is not in the alphabet: see `strange`."""
    return np.array([place()[symbol] for symbol in text], np.int64)


def decode(codes: Codes) -> str:
    """The text of these numbers."""
    return "".join(alphabet()[code] for code in codes)


def strange(text: str) -> tuple[str, ...]:
    """The symbols of a text that are not in the alphabet, each once, in order."""
    return tuple(dict.fromkeys(symbol for symbol in text if symbol not in place()))


@cache
def train_codes() -> Codes:
    """The text to learn from, as numbers."""
    return encode(book().train)


@cache
def held_codes() -> Codes:
    """The text to measure on, as numbers; what is in no chapter that was learned from is left out."""
    return encode("".join(symbol for symbol in book().held_out if symbol in place()))
