"""What the story says of a network on what is held out: where it is sure, and how far back it looks."""

from functools import cache

import numpy as np

import rnnviz as rv
from lessons.language_model import writer
from lessons.language_model.book import alphabet, book, encode
from lessons.language_model.experiment import asked

PASSAGES = {"bracket": (35, "("), "": (15, '"')}  # by what is watched: which chapter is read, from which sign on
NEAR, FAR = 8, 20  # letters back


@cache
def passage(watched: str = "", most: int = 300) -> str:
    """A stretch of a chapter that is held out, from a word that stands a little before the sign."""
    chapter, sign = PASSAGES.get(watched, PASSAGES[""])
    text = book().chapters[chapter]
    start = text.rindex(" ", 0, text.index(sign, 60) - 50) + 1
    return text[start : start + most]


def surprise(network: rv.Network) -> dict[str, float]:
    """Bits on what is held out: of a word's first letter, of all its others, and of what follows a word."""
    x, targets, counts = asked()
    steps = rv.losses.softmax_cross_entropy(rv.unroll(network, np.eye(len(alphabet()), dtype="f4")[x]).y, targets).steps
    letters = np.array([symbol.isalpha() for symbol in alphabet()])
    before, now = letters[x] & counts, letters[targets]
    kinds = {"first": ~letters[x] & counts & now, "later": before & now, "end": before & ~now}
    return {name: rv.losses.nats_to_bits(float(steps[which].mean())) for name, which in kinds.items()}


def reach(network: rv.Network) -> tuple[float, float]:
    """What share of all that mattered lies in the last NEAR letters, and what beyond FAR: over the story's passage."""
    codes = encode(passage())
    shares = np.nan_to_num(writer.mattered(network, codes, writer.BACK))
    shares /= shares.sum(axis=1, keepdims=True)
    mean = shares.mean(axis=0)
    return float(mean[:NEAR].sum()), float(mean[FAR:].sum())
