"""The first page's network: an LSTM that was trained on English reads a few words and guesses each next letter."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

import rnnviz as rv
from lessons.common.trained import codes, spell, trained

NETWORK = "letters_lstm"
READ = spell("the king said unto them")
NEXT = READ[1:] + " "


@dataclass(frozen=True, eq=False)
class Reading:
    """Both passes; `tokens` is what each step reads, `inputs` and `outputs` name the features and the classes.

    loss      the mean of -log p of the letters that really come next
    units     of the network
    accuracy  how often its first guess is right on text that it has never seen, a share of one
    """

    trace: rv.Trace
    grads: rv.Gradients
    loss: float
    tokens: tuple[str, ...]
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    units: int
    accuracy: float


@lru_cache(maxsize=1)
def reading() -> Reading:
    """What the network does with the words."""
    network, about = trained(NETWORK)
    trace = rv.unroll(network, about.one_hot(READ))
    loss = rv.losses.softmax_cross_entropy(trace.y, np.asarray(codes(NEXT, about.alphabet))[:, None])
    return Reading(
        trace,
        rv.backpropagate(network, trace, loss.dy),
        loss.value,
        *(visible(symbols) for symbols in (READ, about.inputs, about.alphabet)),
        units=network.hidden_size,
        accuracy=about.accuracy,
    )


def visible(symbols: str) -> tuple[str, ...]:
    """Symbol by symbol, with a sign for the space."""
    return tuple("␣" if symbol == " " else symbol for symbol in symbols)
