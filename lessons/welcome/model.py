"""The first page's network: an LSTM that learned from English reads what is typed, and guesses what comes next.

The first things to see: what one of its units, `UNIT`, keeps; the whole network; and the gradient on its way back. L is
the mean of -log p of the letters that really came next, for all letters but the last, whose successor nobody knows.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

import rnnviz as rv
from lessons.common.controls import Choice, Control, Text
from lessons.common.trained import About, codes, spell, trained

NETWORK = "letters_lstm"
SENTENCE = "the cat sat on the mat and slept"
MOST = 40  # letters that are read
LATER = 4  # from this letter of a word on
UNSEEN = Path(__file__).parents[1] / "data" / "king_james_held_out.txt"
UNIT = 13  # from 0: of all units, the one whose c tells best how far into a word it is
ONE, ALL, BACK = "one", "all", "back"
PRESETS: dict[str, dict[str, Any]] = {}


def controls(values: Mapping[str, Any]) -> tuple[Control, ...]:
    """What is read, and what is to be seen of it."""
    return (Text("text", SENTENCE, most=400), Choice("act", (ONE, ALL, BACK), ONE))


def pick(target: str, value: Any, values: Mapping[str, Any]) -> dict[str, Any]:
    """Nothing is picked here but by the controls and the stage."""
    return {}


@dataclass(frozen=True, eq=False)
class Reading:
    """Both passes over a text.

    read      what the network reads of what was typed, 1 to MOST symbols
    lost      what it does not: "nothing" was there, so it reads its own; "strange" signs; what is too "long"; or ""
    loss      L; None where there is one letter alone
    """

    read: str
    lost: str
    trace: rv.Trace
    grads: rv.Gradients
    loss: float | None

    @property
    def tokens(self) -> tuple[str, ...]:
        """Symbol by symbol, with a sign for the space."""
        return visible(self.read)


@dataclass(frozen=True)
class Facts:
    """What the page says.

    units, accuracy, updates   of the network: its size, the share of right first guesses on text that it has never
                               seen, and how long it was trained
    unit                       the number of the one unit, from 1
    at_spaces, later, into     its c on average, on such text: at spaces, and from letter `into` of a word on
    letters, loss              how many are read; L, None where there is one letter alone
    guess, share               the network's guess after the last letter, and how sure it is of it
    """

    act: str
    lost: str
    most: int
    units: int
    accuracy: float
    updates: int
    unit: int
    at_spaces: float
    later: float
    into: int
    letters: int
    loss: float | None
    guess: str
    share: float


def spelled(typed: str) -> tuple[str, str]:
    """What is read of a text, and what of it is lost."""
    read = spell(typed)
    if not read:
        return SENTENCE, "nothing"
    if len(read) > MOST:
        return read[:MOST].rstrip(), "long"
    plain = all(spell(one) or one.isspace() or one in "-–—/'’\"“”,!?" for one in typed)
    return read, "" if plain else "strange"


@lru_cache(maxsize=32)
def reading(typed: str) -> Reading:
    """What the network does with a text."""
    read, lost = spelled(typed)
    network, about = trained(NETWORK)
    trace = rv.unroll(network, about.one_hot(read))
    loss = loss_of(trace, read, about)
    dy = np.zeros_like(trace.y) if loss is None else loss.dy
    return Reading(read, lost, trace, rv.backpropagate(network, trace, dy), None if loss is None else loss.value)


def loss_of(trace: rv.Trace, read: str, about: About) -> rv.losses.Loss | None:
    """How surprised it was by the letters that came next; None where none did."""
    if len(read) < 2:
        return None
    known = np.arange(len(read))[:, None] < len(read) - 1
    return rv.losses.softmax_cross_entropy(trace.y, codes(read[1:] + " ", about.alphabet)[:, None], known)


@lru_cache(maxsize=1)
def usual() -> tuple[float, float]:
    """c of the one unit on average, at spaces and from the LATER-th letter of a word on, in text it has never seen."""
    network, about = trained(NETWORK)
    text = spell(UNSEEN.read_text(encoding="utf-8"))[:4000]
    c = np.asarray(rv.unroll(network, about.one_hot(text))[0, 0].c)[:, 0, UNIT].astype(np.float64)
    into, places = 0, []
    for symbol in text:
        into = into + 1 if symbol.isalpha() else 0
        places.append(into)
    where = np.array(places)
    return float(c[where == 0].mean()), float(c[where >= LATER].mean())


def facts(values: Mapping[str, Any]) -> Facts:
    """What there is to say of a text."""
    now, (network, about) = reading(values["text"]), trained(NETWORK)
    at_spaces, later = usual()
    last = now.trace.y[-1, 0].astype(np.float64)
    shares = np.exp(last - last.max()) / np.exp(last - last.max()).sum()
    return Facts(
        act=values["act"],
        lost=now.lost,
        most=MOST,
        units=network.hidden_size,
        accuracy=about.accuracy,
        updates=about.updates,
        unit=UNIT + 1,
        at_spaces=at_spaces,
        later=later,
        into=LATER,
        letters=len(now.read),
        loss=now.loss,
        guess=about.alphabet[int(shares.argmax())],
        share=float(shares.max()),
    )


def facts_for(section: str, values: Mapping[str, Any]) -> Any:
    """What a section of the language file speaks of."""
    return facts(values)


def visible(symbols: str) -> tuple[str, ...]:
    """Symbol by symbol, with a sign for the space."""
    return tuple("␣" if symbol == " " else symbol for symbol in symbols)
