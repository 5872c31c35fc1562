"""The networks of the story: one GRU unit at a time, with weights set by hand so that a reader can follow in the head.

The blend reads eight days of weather, each as its distance from a mild 16 °C in steps of 4 degrees, to a tenth:

    z = sigma(b), the same on all days        n = tanh(x)        h = (1 - z) n + z h_prev

The others read one of a few symbols, each with an input of its own. "↓ 0.8" says: take 0.8. A number without an arrow
is chatter, "·" is silence. z is 0 at an arrow and 1 elsewhere, to the last digit; v is the number of a symbol, w = 0
where the candidate does not look at the past, else 1:

    n = tanh(atanh(v) + r w h_prev)        r = sigma(b_r)        h = (1 - z) n + z h_prev

L is the last h.
"""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

import rnnviz as rv
from lessons.common import inputs
from lessons.common.interventions import held_pass
from lessons.common.one_unit import Reading, read_by
from rnnviz.cells import GRU, LSTM

LARGE = 40.0  # (1 + tanh(20)) / 2 is 1, and (1 + tanh(-20)) / 2 is 0, to the last digit of a float64
ARROW, SILENCE = "↓", "·"
HELD = ("↓ 0.8", "0.3", SILENCE, "0.6", "↓ 0.2", SILENCE)
MADE_ROOM = ("↓ 0.8", "0.3", SILENCE, "0.6", SILENCE)
CLOSED = 3  # where of these z is closed by hand, from 0
SHUT = "z_4_1_0"  # the same as lessons.common.interventions has it
TWO = ("↓ 0.3", SILENCE, "↓ 0.2", SILENCE)
MANY = ("↓ 0.4",) * 7
SYMBOLS = ("↓ 0.8", "↓ 0.4", "↓ 0.3", "↓ 0.2", "0.6", "0.3", SILENCE)
FIRST, DAYS = 113, 8  # of the record of Seattle's weather: from 23 April 2012 on
MILD, DEGREES = 16.0, 4.0


def number(symbol: str) -> float:
    """The number that a symbol names; 0 where it names none."""
    return 0.0 if symbol == SILENCE else float(symbol.removeprefix(ARROW))


@lru_cache(maxsize=64)
def weather(update_bias: float, holds: str = "") -> Reading:
    """The blend reads eight days; nothing but its bias moves z, and what the reader holds."""
    celsius = inputs.weather().celsius[FIRST : FIRST + DAYS]
    x = np.round((celsius - MILD) / DEGREES, 1)[:, None]
    rows = {"r": ([0.0], 0.0), "z": ([0.0], update_bias), "n": ([1.0], 0.0)}
    return _passes(_gru(rows, 0.0), x, tuple(f"{c:.1f}°" for c in celsius), ("x",), holds)


@lru_cache(maxsize=64)
def read(tokens: tuple[str, ...], reset_bias: float = LARGE, seen: float = 0.0, holds: str = "") -> Reading:
    """The GRU reads symbols.

    seen   w, the weight of the past in the candidate
    holds  what is held (lessons.common.interventions)
    """
    arrows = [-2 * LARGE * symbol.startswith(ARROW) for symbol in SYMBOLS]
    rows = {
        "r": ([0.0] * len(SYMBOLS), reset_bias),
        "z": (arrows, LARGE),
        "n": (np.arctanh([number(symbol) for symbol in SYMBOLS]), 0.0),
    }
    return _passes(_gru(rows, seen), _one_hot(tokens), tokens, SYMBOLS, holds)


def lstm_adds(tokens: tuple[str, ...]) -> float:
    """What the cell state of an LSTM holds at the end that adds each of these numbers, with f and i open."""
    values = {"i": (0.0, LARGE), "f": (0.0, LARGE), "g": (1.0, 0.0), "o": (0.0, LARGE)}
    candidates = np.arctanh([number(symbol) for symbol in SYMBOLS])
    net = _network("lstm", [(values[g][0] * candidates, values[g][1]) for g in LSTM.GATES], np.zeros((4, 1)))
    return float(np.asarray(rv.unroll(net, _one_hot(tokens)[:, None, :])[0, 0].c)[-1, 0, 0])


def _one_hot(tokens: tuple[str, ...]) -> NDArray[np.float64]:
    return np.eye(len(SYMBOLS))[[SYMBOLS.index(token) for token in tokens]]


def _gru(rows: dict[str, tuple[Sequence[float] | NDArray[np.float64], float]], seen: float) -> rv.Network:
    past = np.array([[seen if gate == "n" else 0.0] for gate in GRU.GATES])
    return _network("gru", [rows[gate] for gate in GRU.GATES], past)


def _network(cell: str, rows: Sequence[tuple[object, float]], past: NDArray[np.float64]) -> rv.Network:
    state = {
        "weight_ih_l0": np.array([weights for weights, _ in rows], float),
        "weight_hh_l0": past,
        "bias_ih_l0": np.array([bias for _, bias in rows]),
        "bias_hh_l0": np.zeros(len(rows)),
    }
    return rv.Network.from_state_dict(state, cell)


def _passes(
    network: rv.Network, x: NDArray[np.float64], tokens: tuple[str, ...], names: tuple[str, ...], holds: str
) -> Reading:
    x, surgery = held_pass(network, x[:, None, :], holds)
    return read_by(network, x, tokens, inputs=names, surgery=surgery)
