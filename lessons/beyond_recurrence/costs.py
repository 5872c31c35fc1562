"""What reading T letters costs: multiply-adds by formula, and the time that it takes on this machine.

LSTM             T (4 H (I + H) + 3 H + Q H)            `rnnviz.cells.LSTM.multiply_adds`
self-attention   T (I H + 6 H^2 + Q H) + 2 T^2 H        `SelfAttention.multiply_adds`
"""

from functools import cache
from time import perf_counter

import numpy as np

from lessons.beyond_recurrence.experiment import DIGITS, UNITS, alphabet, begun, read
from rnnviz.arrays import Array
from rnnviz.cells import LSTM
from rnnviz.self_attention import SelfAttention

PAIR = ("recurrent", "attention")
MOST = 256  # letters that are counted
TIMED = (16, 32, 64, 128, 256, 512)
TRIES = 5  # the quickest of which counts


def multiply_adds(kind: str, num_steps: int) -> int:
    """Of reading so many letters, one word."""
    if kind == "recurrent":
        H = UNITS[kind]
        return num_steps * (LSTM.multiply_adds(len(alphabet()), H) + DIGITS * H)
    network = begun(kind, 0)
    assert isinstance(network, SelfAttention)
    return network.multiply_adds(num_steps)


@cache
def counted(kind: str) -> Array:
    """(MOST,) of reading 1, 2, ... letters."""
    return np.array([multiply_adds(kind, T) for T in range(1, MOST + 1)], np.float64)


def dearer_from() -> int:
    """From how many letters on attention costs more."""
    more = counted("attention") > counted("recurrent")
    return int(np.flatnonzero(~more)[-1]) + 2 if not more.all() else 1


def looks(num_steps: int) -> int:
    """Pairs of positions that are compared where each looks at itself and at all before it."""
    return num_steps * (num_steps + 1) // 2


@cache
def milliseconds(kind: str, num_steps: int) -> float:
    """How long one forward pass takes here, once per session of the server: the quickest of TRIES."""
    network, taken = begun(kind, 0, num_steps), []
    x = np.zeros((num_steps, 1, len(alphabet())), np.float32)
    for _ in range(TRIES):
        began = perf_counter()
        read(network, x)
        taken.append(perf_counter() - began)
    return 1000 * min(taken)
