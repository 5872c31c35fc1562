"""Sentences of reviews, as words: which of them the network learns from, and which words it knows.

The file's order is kept, and it is cut into blocks of ten lines: of each six blocks in a row four are for training, one
is for validation, one for the test. Blocks, since neighbours often come from the same review; a rule, not a draw. Of
sentences with the same words only the first one counts, so that none is in two parts.
"""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from rnnviz.data.text import Vocabulary

FILE = Path(__file__).parents[1] / "data" / "reviews.tsv"
PARTS = ("train", "validation", "test")
BLOCK, CYCLE = 10, ("train", "train", "train", "train", "validation", "test")
LEAST = 3  # a word that stands more rarely than this in the training part is unknown
MOST = 40  # words of a sentence: what comes after is not read
UNKNOWN = "<unknown>"
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*|\d+|[!?]")


@dataclass(frozen=True)
class Review:
    """One sentence: its words, whether it praises, where it comes from, and which part it is in."""

    words: tuple[str, ...]
    praises: bool
    site: str
    part: str
    text: str


def words_of(text: str) -> tuple[str, ...]:
    """Its words, small letters; ! and ? are words, too, and the n't of wasn't is one of its own."""
    found: list[str] = []
    for word in WORD.findall(text.lower().replace("’", "'")):
        found += [word[:-3], word[-3:]] if word.endswith("n't") and len(word) > 3 else [word]
    return tuple(found)


@cache
def reviews() -> tuple[Review, ...]:
    """All of them, in the file's order."""
    seen, found = set(), []
    for number, line in enumerate(FILE.read_text(encoding="utf-8").splitlines()):
        site, label, text = line.split("\t")
        words = words_of(text)[:MOST]
        if words and words not in seen:
            seen.add(words)
            found.append(Review(words, label == "1", site, CYCLE[number // BLOCK % len(CYCLE)], text))
    return tuple(found)


@cache
def part(name: str) -> tuple[Review, ...]:
    """Those of one part."""
    return tuple(one for one in reviews() if one.part == name)


@cache
def vocabulary() -> Vocabulary:
    """The words of the training part that stand there often enough; all others are one and the same, unknown."""
    return Vocabulary.of([one.words for one in part("train")], least=LEAST, unknown=UNKNOWN)
