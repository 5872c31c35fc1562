"""Sentences with the names of people, companies and towns, word by word; what a network reads of a word.

A word is one-hot: its place among the words that stand often in the training part, in small letters; all others are
unknown, which names nearly always are. Besides, one input says whether it begins with a capital.
"""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from rnnviz.arrays import Array
from rnnviz.data.text import Vocabulary

FILE = Path(__file__).parents[1] / "data" / "named_entities.tsv"
TAGS = ("O", "PER", "ORG", "LOC")
LEAST = 10  # a word that stands more rarely than this in the training part is unknown
MOST = 30  # words that are read of a sentence
ENDS = re.compile(r"^\W+|\W+$")


@dataclass(frozen=True)
class Sentence:
    """Its words as they are written, and the tag of each, a place in TAGS."""

    words: tuple[str, ...]
    tags: tuple[int, ...]


@cache
def part(name: str) -> tuple[Sentence, ...]:
    """The sentences of "train", "validation" or "test", in the file's order."""
    found = []
    for line in FILE.read_text(encoding="utf-8").splitlines():
        of, text = line.split("\t")
        if of == name:
            pairs = [pair.rsplit("/", 1) for pair in text.split()]
            found.append(Sentence(tuple(word for word, _ in pairs), tuple(TAGS.index(tag) for _, tag in pairs)))
    return tuple(found)


@cache
def vocabulary() -> Vocabulary:
    """The words of the training part that stand there often enough, in small letters."""
    return Vocabulary.of([[word.lower() for word in one.words] for one in part("train")], least=LEAST)


def inputs(words: tuple[str, ...]) -> Array:
    """(T, I) what the network reads: one-hot words, and in the last column whether there is a capital."""
    capital = [[float(word[:1].isupper())] for word in words]
    return np.hstack([vocabulary().one_hot([word.lower() for word in words]), capital])


def words_of(text: str) -> tuple[str, ...]:
    """The words of a text that was typed: what stands between white space, without signs at either end."""
    found = (ENDS.sub("", word) for word in text.split())
    return tuple(word for word in found if word)[:MOST]
