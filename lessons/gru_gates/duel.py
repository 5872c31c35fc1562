"""Which letter comes next? The trained GRU and the trained LSTM read the same beginning, and guess."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

import rnnviz as rv
from lessons.common.text import Words
from lessons.common.trained import probabilities, spell, trained
from lessons.gru_gates.experiment import visible
from rnnviz.player.reading import Guess, Row, reading

NETWORKS = {"gru": "letters_gru", "lstm": "letters_lstm"}
BEGINNING = "to the shi"
MOST_LETTERS = 36
GUESSES = 4
NEXT = "▢"


def beginning(typed: str) -> str:
    """What both read of what was typed, a space at its end too; our own where there is nothing to read."""
    spelled = spell(typed)[:MOST_LETTERS]
    return f"{spelled} " if spelled and typed[-1:].isspace() else spelled or BEGINNING


def passes(text: str) -> dict[str, rv.Trace]:
    """What each network did with a beginning."""
    opened = {cell: trained(name) for cell, name in NETWORKS.items()}
    return {cell: rv.unroll(network, about.one_hot(text)) for cell, (network, about) in opened.items()}


def guesses(trace: rv.Trace) -> NDArray[np.float64]:
    """(Q,) the probabilities that a network gives to what comes next."""
    return np.asarray(probabilities(trace.y)[-1, 0])


def stage(text: str, words: Words, **place: Any) -> dict[str, Any]:
    """Both networks read a beginning, and then say their likeliest letters; the GRU stands below."""
    found, say = passes(text), words.labels("duel")
    letters = [*visible(text), NEXT]
    rows = [Row(cell, say[cell], _with_next(trace), drawn=len(text)) for cell, trace in found.items()]
    said = [_guess(trace, trained(NETWORKS[cell])[1].alphabet, say[cell]) for cell, trace in found.items()]
    return reading(letters, rows, gap=len(text), guesses=said[::-1], words=say, **place)


def _with_next(trace: rv.Trace) -> NDArray[np.float64]:
    """(T + 1, H) the states, and none where the next letter will stand."""
    return np.concatenate([np.asarray(trace[0, 0].h[:, 0], np.float64), np.zeros((1, trace.network.hidden_size))])


def _guess(trace: rv.Trace, alphabet: str, name: str) -> Guess:
    p = guesses(trace)
    likeliest = np.argsort(-p, kind="stable")[:GUESSES].tolist()
    return Guess(name, visible("".join(alphabet[k] for k in likeliest)), p[likeliest].tolist())
