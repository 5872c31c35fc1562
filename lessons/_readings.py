"""What the first lesson lets a network read: the weather, a sentence, or two sentences that differ in one symbol."""

from dataclasses import dataclass, replace
from typing import Optional

import numpy as np
from numpy.typing import NDArray

from lessons import _controls as controls
from lessons.common import inputs as inputs

WEATHER, SENTENCE, TWO_PASTS = "weather", "a sentence", "two pasts"
DEFAULT_SENTENCE = "the cat sat on the mat and slept"


@dataclass(frozen=True, eq=False)
class Reading:
    """What a network reads.

    x        (T, I) numbers; each of the I inputs has a name in `inputs`
    tokens   the same as T short texts
    about    what the numbers mean, in a sentence
    code     the Python that makes `x`, and `x_other` where there is another past
    remark   what there is to say about what the reader typed, if anything
    other    the other past: the same but for the step `changed`, counted from 1
    """

    x: NDArray[np.float64]
    tokens: tuple[str, ...]
    inputs: tuple[str, ...]
    about: str
    code: str
    remark: str = ""
    other: Optional["Reading"] = None
    changed: int = 1


def choose() -> Reading:
    """What the reader chooses to feed to the network."""
    kind = controls.choice("input", (WEATHER, SENTENCE, TWO_PASTS), "input")
    return {WEATHER: choose_days, SENTENCE: choose_sentence, TWO_PASTS: choose_two_pasts}[kind]()


def choose_days() -> Reading:
    """Some days of real weather."""
    data = inputs.weather()
    first = controls.day("first day", data.dates[0], data.dates[-60], data.dates[100], "day")
    steps = controls.whole("days", 2, 60, 24, "days", width=140)
    start = data.dates.index(first)
    celsius = data.celsius[start : start + steps]
    return Reading(
        x=((celsius - data.mean) / data.std)[:, None],
        tokens=tuple(f"{c:.1f}" for c in celsius),
        inputs=("x",),
        about=f"Read are daily maximum temperatures in Seattle, in °C, as x = (°C − {data.mean:.2f}) / {data.std:.2f}: "
        "mean 0 and standard deviation 1 over the four years of the record.",
        code=f"celsius = np.array({celsius.tolist()})\n"
        f"x = ((celsius - {data.mean!r}) / {data.std!r})[:, None]  # mean and deviation of four years",
    )


def choose_sentence() -> Reading:
    """Whatever the reader types."""
    read, remark = typed_symbols(330)
    return replace(spell(read, sorted(set(read))), remark=remark)


def choose_two_pasts() -> Reading:
    """Two sentences that differ in one early symbol."""
    read, remark = typed_symbols(250)
    changed = min(controls.whole("changed step", 1, 10, 5, "changed", width=110), len(read))
    becomes = (inputs.symbols(controls.words("becomes", "r", "becomes", width=75)) or ["r"])[0]
    other = [*read[: changed - 1], becomes, *read[changed:]]
    alphabet = sorted({*read, *other})
    one, two = spell(read, alphabet), spell(other, alphabet)
    code = f"{one.code}\n{in_python('x_other', other)}"
    return replace(one, other=two, changed=changed, code=code, remark=remark)


def typed_symbols(width: int) -> tuple[list[str], str]:
    """The symbols of a sentence that the reader types, or those of our own; and what there is to say about that."""
    read = inputs.symbols(controls.words("sentence", DEFAULT_SENTENCE, "text", width=width))
    if not read:
        return list(DEFAULT_SENTENCE), "Nothing to read in that: this is our own sentence."
    return read, f"Read are the first {len(read)} symbols." if len(read) == inputs.MOST_SYMBOLS else ""


def spell(read: list[str], alphabet: list[str]) -> Reading:
    """A sequence of symbols, one-hot: 1 at the symbol's place in the alphabet, 0 elsewhere."""
    return Reading(
        x=inputs.one_hot(read, alphabet),
        tokens=visible(read),
        inputs=visible(alphabet),
        about=f"Each symbol has an input of its own, {len(alphabet)} in all: 1 while it is read, otherwise 0.",
        code=f"alphabet = {alphabet!r}\n{in_python('x', read)}",
    )


def in_python(name: str, read: list[str]) -> str:
    """The Python that makes one-hot numbers of a sequence of symbols."""
    return f"read = {read!r}\n{name} = np.array([[float(symbol == letter) for letter in alphabet] for symbol in read])"


def visible(symbols: list[str]) -> tuple[str, ...]:
    """The symbols, with a sign for the space."""
    return tuple("␣" if symbol == " " else symbol for symbol in symbols)
