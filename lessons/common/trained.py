"""Small networks that have learned to read English letters, and what is known about each.

The files are in lessons/trained, with the script that made them. A text becomes symbols by `spell`: 26 letters, the
space and the full stop. In the networks whose names start with "blanks" one more symbol, `BLANK`, stands for a letter
that cannot be seen.
"""

import json
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

import rnnviz as rv

ALPHABET = " .abcdefghijklmnopqrstuvwxyz"
BLANK = "_"
FOLDER = Path(__file__).parents[1] / "trained"
DASHES = "-–—/"
ENDS = MappingProxyType(dict.fromkeys(".;:?!", "."))


@dataclass(frozen=True)
class About:
    """What a trained network is, as the script that trained it wrote it down.

    task               what it was trained to say, in one sentence
    alphabet           the symbol of each of its Q outputs, in order
    inputs             the symbol of each of its I one-hot inputs, in order
    reads              "left to right", "right to left" or "both ways"
    parameters         the number of its weights and biases
    updates, seed      how long it was trained, and the seed of all that was random
    loss, accuracy     on a text it has never seen: mean cross-entropy in nats per answer, and share of right guesses
    answers            how many answers on that text
    baseline           the loss, on that text, of answering with the frequencies of the symbols in the one it learned
    baseline_accuracy  the share of right guesses when always guessing the most frequent symbol
    """

    task: str
    alphabet: str
    inputs: str
    reads: str
    parameters: int
    updates: int
    seed: int
    loss: float
    accuracy: float
    answers: int
    baseline: float
    baseline_accuracy: float

    def one_hot(self, symbols: str) -> NDArray[np.float64]:
        """The network's input for a text that is spelled in its `inputs`: (T, 1, I), a 1 in each row."""
        return np.eye(len(self.inputs))[codes(symbols, self.inputs)][:, None, :]


@cache
def trained(name: str) -> tuple[rv.Network, About]:
    """The network lessons/trained/<name>.npz, and what is known about it."""
    about = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return rv.load(FOLDER / f"{name}.npz"), About(**about)


def spell(text: str, extra: str = "") -> str:
    """`text` in the symbols of ALPHABET, and those of `extra`: what is not among them becomes a space, or nothing.

    Capitals become small letters, accents are dropped, the marks that end a clause or a sentence become full stops, and
    runs of white space one space.
    """
    symbols = []
    for character in unicodedata.normalize("NFKD", text).lower():
        symbol = ENDS.get(character, character)
        if symbol in ALPHABET + extra:
            symbols.append(symbol)
        elif character.isspace() or character in DASHES:
            symbols.append(" ")
    return " ".join("".join(symbols).split())


def readable(typed: str, most: int, instead: str) -> tuple[str, str]:
    """What letter networks read of a text, 2 to `most` symbols, or `instead`; and a few words where something is lost.

    Capitals and accents are not worth a word, symbols that are left out are.
    """
    spelled = spell(typed)
    if len(spelled) < 2:
        return spell(instead)[:most], "too short to read, this is ours"
    if len(spelled) > most:
        return spelled[:most], f"the first {most} symbols are read"
    known = all(spell(character) or character.isspace() or character in DASHES for character in typed)
    return spelled, "" if known else "only a to z and . are read"


def codes(symbols: str, alphabet: str) -> NDArray[np.int64]:
    """(T,) places of the symbols in the alphabet. Raises ValueError for a symbol that is not in it."""
    return np.array([alphabet.index(symbol) for symbol in symbols], np.int64)


def probabilities(y: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
    """softmax of the logits `y` (..., Q), in float64."""
    powers = np.exp(y.astype(np.float64) - y.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)
