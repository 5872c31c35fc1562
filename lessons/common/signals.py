"""Signals made to show one point, and networks set by hand that solve them. Plain data, no widgets, no training.

Each step reads three numbers, in the order of INPUTS:

    value   between -1 and 1; it counts only where `write` stands beside it, and distracts everywhere else
    write   1 where the value is to be added to what is remembered, otherwise 0
    reset   1 where what is remembered is to be cleared, otherwise 0

The target is what should be remembered: the sum of the values marked `write` since the last `reset`.

The networks have two hidden units. Unit 1, the memory, obeys the marks. Unit 2, the present, keeps nothing: it holds
what is being read. Both hold a value v as about SCALE * v, where tanh is nearly straight, and the readout multiplies
unit 1 back. The gates listen to the marks alone, not to h: a gate's pre-activation is its bias, or at a mark OPEN or
CLOSED. sigma(8) = 0.99966 is as good as open, sigma(-8) = 0.00034 as good as closed.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

import rnnviz as rv
from rnnviz.cells import GRU, LSTM
from rnnviz.numbers import decimals

INPUTS = ("value", "write", "reset")
UNITS = ("memory", "present")
SCALE = 0.25
OPEN, CLOSED = 8.0, -8.0


@dataclass(frozen=True, eq=False)
class Signal:
    """One sequence: `x` (T, 3), the `targets` (T,) and what each step reads, in a few characters."""

    x: NDArray[np.float64]
    targets: NDArray[np.float64]
    tokens: tuple[str, ...]


def hold_signal(k: int, value: float | None = None, seed: int = 0) -> Signal:
    """A value marked `write` at the first step, then k distractors: T = k + 1; the target is that value throughout.

    `value` lies between -1 and 1; None draws one of +-0.3, 0.4, ... 1. Distractors are drawn from -1, -0.9, ... 1.
    """
    rng = np.random.default_rng(seed)
    drawn = _drawn(rng, 0.3, 1.0)
    return _signal([(drawn if value is None else value, 1, 0), *_distractors(rng, k)])


def reset_signal(gap: int, seed: int = 0) -> Signal:
    """Two values to add up, a reset, two more values; `gap` distractors follow each of the five: T = 5 + 5 gap.

    The values are drawn from +-0.2, 0.3, 0.4, 0.5, so that no sum leaves [-1, 1]; at the reset the value is 0.
    """
    rng = np.random.default_rng(seed)
    steps: list[tuple[float, int, int]] = []
    for mark in ("write", "write", "reset", "write", "write"):
        steps.append((_drawn(rng, 0.2, 0.5), 1, 0) if mark == "write" else (0.0, 0, 1))
        steps += _distractors(rng, gap)
    return _signal(steps)


def lstm_by_hand(forget_bias: float = OPEN, input_bias: float = CLOSED, output_bias: float = OPEN) -> rv.Network:
    """An LSTM of two units: the memory's cell state adds up what is marked `write`, until `reset` clears it.

        f = sigma(forget_bias), at a reset sigma(-8)        i = sigma(input_bias), at a write sigma(8)
        o = sigma(output_bias)                              g = tanh(SCALE * value)

    So sigma(forget_bias)^k of what was written is left in c after k steps, and each distractor adds sigma(input_bias)
    of itself. The present has f = sigma(-8) and i = o = sigma(8). With open gates a value of 1 reads as 1 just after
    it was written; over [-1, 1] the bend of the two tanh is an error of at most 2 %.
    """
    value, shut = (SCALE, 0.0, 0.0, 0.0), (0.0, 0.0, 0.0, CLOSED)
    gates = {
        "i": ((0.0, OPEN - input_bias, 0.0, input_bias), (0.0, 0.0, 0.0, OPEN)),
        "f": ((0.0, 0.0, CLOSED - forget_bias, forget_bias), shut),
        "g": (value, value),
        "o": ((0.0, 0.0, 0.0, output_bias), (0.0, 0.0, 0.0, OPEN)),
    }
    return _network("lstm", [gates[gate] for gate in LSTM.GATES], np.zeros((8, 2)), np.tanh(np.tanh(SCALE)))


def gru_by_hand(update_bias: float = OPEN, reset_bias: float = OPEN, reset_after: bool = True) -> rv.Network:
    """A GRU of two units for the same job; z = 1 keeps. W_hn passes the memory on to its own candidate, times 1.

        z = sigma(update_bias), at a write or a reset sigma(-8)
        r = sigma(reset_bias), at a write sigma(8), at a reset sigma(-8)
        n = tanh(SCALE * value + r h)               h = (1 - z) n + z h

    A write opens the way for n = memory + value, a reset for n = value, which is 0 there. In between, where tanh is
    straight, the factor z + (1 - z) r of the memory passes each step, and each distractor adds 1 - z of itself: with r
    closed z^k is left after k steps, as sigma(forget_bias)^k is in the LSTM; with r open the memory stays whole but
    distractors pile up on it. The present has z = r = sigma(-8). W_hn is diagonal and its bias 0, so r (W_hn h) is
    W_hn (r h): here both places of the reset gate give the same numbers.
    """
    value, shut = (SCALE, 0.0, 0.0, 0.0), (0.0, 0.0, 0.0, CLOSED)
    gates = {
        "r": ((0.0, OPEN - reset_bias, CLOSED - reset_bias, reset_bias), shut),
        "z": ((0.0, CLOSED - update_bias, CLOSED - update_bias, update_bias), shut),
        "n": (value, value),
    }
    weight_hh = np.zeros((6, 2))
    weight_hh[2 * GRU.GATES.index("n"), 0] = 1.0
    return _network("gru", [gates[gate] for gate in GRU.GATES], weight_hh, np.tanh(SCALE), reset_after)


def _network(
    cell: str,
    rows: list[tuple[tuple[float, ...], ...]],
    weight_hh: NDArray[np.float64],
    one: float,
    reset_after: bool = True,
) -> rv.Network:
    """`rows`: by gate and unit, what value, write, reset and 1 are multiplied with; `one`: the h[0] that reads as 1."""
    weights = np.array(rows).reshape(len(weight_hh), 4)
    state = {
        "weight_ih_l0": weights[:, :3],
        "weight_hh_l0": weight_hh,
        "bias_ih_l0": weights[:, 3],
        "bias_hh_l0": np.zeros(len(weights)),
        "readout.weight": np.array([[1 / one, 0.0]]),
        "readout.bias": np.zeros(1),
    }
    return rv.Network.from_state_dict(state, cell, reset_after=reset_after)


def _drawn(rng: np.random.Generator, low: float, high: float) -> float:
    """A value of either sign, in tenths, whose size is from `low` to `high`."""
    return float(rng.choice((-1, 1)) * rng.integers(round(10 * low), round(10 * high) + 1) / 10)


def _distractors(rng: np.random.Generator, count: int) -> list[tuple[float, int, int]]:
    return [(float(tenths) / 10, 0, 0) for tenths in rng.integers(-10, 11, count)]


def _signal(steps: list[tuple[float, int, int]]) -> Signal:
    """The steps, each (value, write, reset), with targets and tokens."""
    targets, memory = [], 0.0
    for value, write, reset in steps:
        memory = memory * (1 - reset) + write * value
        targets.append(memory)
    return Signal(np.array(steps, dtype=float), np.array(targets), tuple(_token(*step) for step in steps))


def _token(value: float, write: int, reset: int) -> str:
    """What a step reads: "−0.4", "↓0.4" where it is to be written, or "reset"."""
    return "reset" if reset else f"{'↓' if write else ''}{decimals(value, 1)}"
