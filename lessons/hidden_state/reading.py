"""What the network reads: some days of real weather, a sentence, or two sentences that differ in one symbol."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Optional

import numpy as np
from numpy.typing import NDArray

from lessons.common import inputs

Array = NDArray[np.float64]
DEFAULT_SENTENCE = "the cat sat on the mat and slept"
FIRST_DAY = 100  # of the record


@dataclass(frozen=True, eq=False)
class Reading:
    """What a network reads.

    x        (T, I) numbers; each of the I inputs has a name in `inputs`
    tokens   the same as T short texts
    symbols  the symbols that were spelled, where it is a sentence
    other    the other past: the same but for the step `changed`, counted from 0
    """

    x: Array
    tokens: tuple[str, ...]
    inputs: tuple[str, ...]
    symbols: tuple[str, ...] = ()
    alphabet: tuple[str, ...] = ()
    other: Optional["Reading"] = None
    changed: int = 0


def days(first: date | None, count: int) -> Reading:
    """Daily maxima, scaled to mean 0 and deviation 1 over the four years of the record."""
    data = inputs.weather()
    start = FIRST_DAY if first is None else data.dates.index(first)
    celsius = data.celsius[start : start + count]
    return Reading(((celsius - data.mean) / data.std)[:, None], tuple(f"{c:.1f}" for c in celsius), ("x",))


def spell(read: list[str], alphabet: list[str]) -> Reading:
    """A sequence of symbols, one-hot: 1 at the symbol's place in the alphabet, 0 elsewhere."""
    return Reading(inputs.one_hot(read, alphabet), visible(read), visible(alphabet), tuple(read), tuple(alphabet))


def visible(symbols: list[str]) -> tuple[str, ...]:
    """The symbols, with a sign for the space."""
    return tuple("␣" if symbol == " " else symbol for symbol in symbols)


def two_pasts(text: str, changed: int, becomes: str) -> Reading:
    """Two sentences that differ in one symbol: the one at the step `changed`, from 1, or the last, becomes another."""
    read = symbols(text)
    at = min(changed, len(read)) - 1
    other = [*read[:at], (inputs.symbols(becomes) or ["r"])[0], *read[at + 1 :]]
    alphabet = sorted({*read, *other})
    return replace(spell(read, alphabet), other=spell(other, alphabet), changed=at)


def symbols(text: str) -> list[str]:
    """The symbols of a text that is typed; those of our own sentence where there are none."""
    return inputs.symbols(text) or list(DEFAULT_SENTENCE)
