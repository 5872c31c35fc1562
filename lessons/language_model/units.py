"""Which unit watches what: how each unit's cell state goes along with something that can be counted in the text.

    r = correlation over letters of tanh(c) of a unit and a number v of the text

A unit is chosen where |r| is largest on a stretch that was learned from, and its r is then measured on what is held
out: the largest of many numbers is always partly luck. (Karpathy, Johnson & Fei-Fei 2015 looked for such cells by eye.)
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

import rnnviz as rv
from lessons.language_model.book import alphabet
from rnnviz.arrays import Array

WATCHED = ("quote", "bracket", "word", "sentence", "capital")
PIECES, WARM = 32, 50
CAP = {"word": 10, "sentence": 100}  # letters, as far as they are counted


def what(text: str) -> dict[str, NDArray[np.float64]]:
    """v after each letter: inside quotes, inside brackets (0 or 1), letters since a word or sentence began, capital."""
    found = {name: np.zeros(len(text)) for name in WATCHED}
    quoted, bracketed, word, sentence = False, False, 0, 0
    for t, letter in enumerate(text):
        quoted = quoted != (letter == '"') and letter != "\n"
        bracketed = (bracketed or letter == "(") and letter not in ")\n"
        word = word + 1 if letter.isalpha() or letter == "'" else 0
        sentence = 0 if letter in ".!?\n" else sentence + 1
        here = (quoted, bracketed, min(word, CAP["word"]), min(sentence, CAP["sentence"]), letter.isupper())
        for name, value in zip(WATCHED, here):
            found[name][t] = value
    return found


def correlations(network: rv.Network, text: str) -> Mapping[str, Array]:
    """{what: r of each unit, (H,)} on a text, read in PIECES pieces side by side; 0 of a unit that never moves."""
    codes = np.array([alphabet().index(letter) for letter in text])
    T = len(codes) // PIECES
    x = np.eye(len(alphabet()), dtype=network.dtype)[codes[: T * PIECES].reshape(PIECES, T).T]
    c: Any = rv.unroll(network, x)[0, 0].c
    states = np.tanh(c[WARM:]).astype(np.float64)
    centred = states - states.mean(axis=(0, 1))
    spread = np.sqrt(np.square(centred).sum(axis=(0, 1)))
    found = {}
    for name, values in what(text).items():
        v = values[: T * PIECES].reshape(PIECES, T).T[WARM:]
        v = v - v.mean()
        together = np.tensordot(v, centred, 2)
        found[name] = np.divide(
            together, spread * np.sqrt(np.square(v).sum()), where=spread > 0, out=np.zeros_like(spread)
        )
    return found
