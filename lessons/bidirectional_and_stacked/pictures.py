"""The pictures of `bidirectional_and_stacked` besides the player: who says what, and which states know."""

import numpy as np

from lessons.bidirectional_and_stacked.blanks import (
    BOTH,
    LAYERS,
    LEFT,
    READERS,
    RIGHT,
    Question,
    hide_each,
    of_the_truth,
    put,
    reach,
)
from lessons.bidirectional_and_stacked.model import visible
from lessons.common.text import Words
from lessons.common.trained import ALPHABET, BLANK
from rnnviz.diagrams import Answer, Diagram, guesses, percent
from rnnviz.numbers import significant
from rnnviz.plots import prepare
from rnnviz.plots.prepared import Prepared

SYMBOLS = tuple("␣" if symbol == " " else symbol for symbol in ALPHABET)


def answered(asked: Question, words: Words) -> Diagram:
    """What each of the four says, beside what it has read."""
    read, at = asked.read, asked.position
    seen = {LEFT: read[:at], RIGHT: read[at - 1 :], BOTH: read, LAYERS: read}
    truth = None if asked.truth is None else ALPHABET.index(asked.truth)
    found = []
    for name in READERS:
        reads = words.label("pictures.reads", {"read": seen[name].replace(BLANK, "▢")})
        found.append(Answer(words.label(f"readers.{name}"), reads, hide_each(name, asked.sentence)[at - 1]))
    return guesses(found, SYMBOLS, truth)


def everywhere(asked: Question, words: Words) -> Prepared:
    """The same for every position in turn."""
    return prepare.shares(
        words.label("pictures.everywhere"),
        tuple(words.label(f"readers.{name}") for name in READERS),
        np.stack([of_the_truth(name, asked.sentence) for name in READERS]),
        tuple(visible(asked.sentence)),
        asked.position,
        ["–" if asked.truth is None else percent(asked.of_symbol(name)) for name in READERS],
        picks="hidden",
    )


def noticed(asked: Question, words: Words) -> Prepared:
    """Which states of the network with two layers know whether the symbol is there or hidden."""
    norms = reach(asked.read, put(asked.sentence, asked.position, asked.symbol))
    largest = max(float(norm.max()) for norm in norms.values())
    told = {"symbol": visible(asked.symbol), "position": asked.position, "largest": largest}
    return prepare.shares(
        words.label("pictures.noticed", told),
        tuple(words.label(f"states.{name}") for name in norms),
        np.stack(list(norms.values())) / largest,
        tuple(visible(asked.read)),
        asked.position,
        [significant(float(norm[asked.position - 1])) for norm in norms.values()],
        picks="hidden",
    )
