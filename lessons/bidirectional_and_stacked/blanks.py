"""What the trained readers answer where a symbol of a sentence is hidden.

A sentence is a text in the symbols of ALPHABET; where it holds a BLANK, nobody knows what stood there.
"""

from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

import rnnviz as rv
from lessons.common.interventions import held_pass
from lessons.common.trained import ALPHABET, BLANK, probabilities, spell, trained
from rnnviz.diagnostics import state_difference

LEFT, RIGHT, BOTH, LAYERS = "left", "right", "both", "layers"
READERS = MappingProxyType(
    {LEFT: "blanks_forward", RIGHT: "blanks_backward", BOTH: "blanks_bidirectional", LAYERS: "blanks_stacked"}
)
DEFAULT_SENTENCE = "there was a great light in the house."
MOST_SYMBOLS = 40
Floats = NDArray[np.float64]


def sentence_of(typed: str) -> str:
    """What the networks read of what was typed; our own sentence where there is nothing to read."""
    return (spell(typed, BLANK) or DEFAULT_SENTENCE)[:MOST_SYMBOLS]


def put(sentence: str, position: int, symbol: str) -> str:
    """The sentence with `symbol` at `position`, 1..T."""
    return sentence[: position - 1] + symbol + sentence[position:]


def answers(reader: str, texts: tuple[str, ...]) -> Floats:
    """(T, B, Q): the probabilities that a reader gives each symbol at each position of B texts of the same length."""
    network, about = trained(READERS[reader])
    order = slice(None, None, -1 if about.reads == "right to left" else 1)
    x = np.concatenate([about.one_hot(text) for text in texts], axis=1)
    return probabilities(rv.unroll(network, x[order]).y[order])


@lru_cache(maxsize=64)
def hide_each(reader: str, sentence: str) -> Floats:
    """(T, Q): row t is the reader's answer at position t, where that symbol alone is hidden."""
    hidden = tuple(put(sentence, position, BLANK) for position in range(1, len(sentence) + 1))
    each = np.arange(len(sentence))
    p = answers(reader, hidden)[each, each]
    p.flags.writeable = False
    return p


def of_the_truth(reader: str, sentence: str) -> Floats:
    """(T,) what the reader gives the hidden symbol, at each position; NaN where the sentence itself has a blank."""
    p = hide_each(reader, sentence)
    return np.array([np.nan if s == BLANK else p[t, ALPHABET.index(s)] for t, s in enumerate(sentence)])


def first_guesses(reader: str, sentence: str) -> str:
    """The symbol that the reader takes for likeliest, at each position where it is hidden."""
    return "".join(ALPHABET[k] for k in hide_each(reader, sentence).argmax(axis=1))


def rightly(reader: str, sentence: str) -> NDArray[np.bool_]:
    """(T,) whether the first guess is the hidden symbol; a blank is never guessed rightly."""
    return np.array([guess == symbol for guess, symbol in zip(first_guesses(reader, sentence), sentence, strict=True)])


def reach(one: str, other: str, reader: str = LAYERS) -> dict[str, Floats]:
    """How far apart the states of a reader both ways are for two texts: ||h - h'|| (T,) per layer and direction, by
    names such as "layer1_left".

    In float64, where a change that fades away stays above 0 for as long as these texts are.
    """
    network, about = trained(READERS[reader])
    network = network.with_parameters({name: a.astype(np.float64) for name, a in network.state_dict().items()})
    traces = [rv.unroll(network, about.one_hot(text)) for text in (one, other)]
    return {
        f"layer{layer + 1}_{way}": state_difference(*(trace[layer, direction].h[:, 0] for trace in traces))
        for layer in range(network.num_layers)
        for direction, way in enumerate((LEFT, RIGHT))
    }


def states(reader: str, text: str) -> dict[str, Floats]:
    """(T, H) the states of each row of a reader, by names such as "layer1_left"."""
    network, about = trained(READERS[reader])
    backwards = about.reads == "right to left"
    order = slice(None, None, -1 if backwards else 1)
    trace = rv.unroll(network, about.one_hot(text)[order])
    ways = (RIGHT,) if backwards else (LEFT, RIGHT)
    return {
        f"layer{layer + 1}_{ways[direction]}": np.asarray(trace[layer, direction].h[order, 0], np.float64)
        for layer in range(network.num_layers)
        for direction in range(network.num_directions)
    }


def pass_of(
    reader: str, read: str, position: int, symbol: str, holds: str = ""
) -> tuple[rv.Trace, rv.Gradients, float]:
    """Both passes of one reading, with what is held in the picture (lessons.common.interventions); the loss is
    -log p(symbol) at `position`, 1..T, and nothing else."""
    network, about = trained(READERS[reader])
    x, surgery = held_pass(network, about.one_hot(read), holds)
    trace = rv.unroll(network, x, surgery=surgery)
    targets = np.full((len(read), 1), ALPHABET.index(symbol))
    mask = np.arange(1, len(read) + 1)[:, None] == position
    loss = rv.losses.softmax_cross_entropy(trace.y, targets, mask)
    return trace, rv.backpropagate(network, trace, loss.dy), loss.value


@dataclass(frozen=True)
class Question:
    """Which symbol stood at `position`, 1..T, of the sentence? Where the reader typed a blank there, nobody knows."""

    sentence: str
    position: int

    @property
    def read(self) -> str:
        """What the networks read."""
        return put(self.sentence, self.position, BLANK)

    @property
    def truth(self) -> str | None:
        """The symbol that is hidden."""
        symbol = self.sentence[self.position - 1]
        return None if symbol == BLANK else symbol

    @property
    def symbol(self) -> str:
        """The symbol that the page follows: the true one; where nobody knows it, the best guess of both ways."""
        return self.truth or first_guesses(BOTH, self.sentence)[self.position - 1]

    def p(self, reader: str) -> Floats:
        """(Q,) what a reader says there."""
        return np.asarray(hide_each(reader, self.sentence)[self.position - 1])

    def guess(self, reader: str) -> str:
        """The symbol that a reader takes for likeliest."""
        return ALPHABET[int(self.p(reader).argmax())]

    def of_symbol(self, reader: str) -> float:
        """The probability that a reader gives that symbol."""
        return float(self.p(reader)[ALPHABET.index(self.symbol)])
