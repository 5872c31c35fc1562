"""What masks do to a memory: units that each hold one bit, from which something is struck at every step.

    h_t = tanh(2 h_{t-1})                               no input; h_0 = +-0.9575, where 2 h bends back onto h itself

Each unit speaks to itself alone, so that its state is the bit that it was given, for ever. Masks are drawn for what W_h
reads (`EachStep`, `Variational`), or keep a state as it was (`Zoneout`). A unit that was struck once is 0, and stays 0:
its bit is lost. Over t steps a bit survives

    each step a new mask    (1 - p)^t
    one mask for all steps  1 - p
    zoneout                 1
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

import rnnviz as rv
from lessons.regularization.experiment import EachStep
from rnnviz.arrays import Array
from rnnviz.regularization import Regularization, Variational, Zoneout

UNITS, STEPS, SEQUENCES = 12, 20, 200
LOOP = 2.0  # of every unit to itself
THERE = 0.5  # of |h|: a bit is there that is above
KINDS = ("each_step", "variational", "zoneout")


@dataclass(frozen=True, eq=False)
class Memory:
    """What became of the bits.

    states  {kind: (STEPS + 1, UNITS)} of one sequence, h_0 first; struck: where its mask struck, likewise
    shares  {kind: (STEPS + 1,)} of the bits of all sequences that are still there
    """

    p: float
    states: dict[str, Array]
    struck: dict[str, Array]
    shares: dict[str, Array]

    @property
    def expected(self) -> Array:
        """(1 - p)^t, (STEPS + 1,)."""
        return np.asarray((1 - self.p) ** np.arange(STEPS + 1))


def network() -> rv.Network:
    """UNITS units, each of which hears itself alone."""
    weights = {
        "weight_ih_l0": np.zeros((UNITS, 1)),
        "weight_hh_l0": LOOP * np.eye(UNITS),
        "bias_ih_l0": np.zeros(UNITS),
        "bias_hh_l0": np.zeros(UNITS),
    }
    return rv.Network.from_state_dict(weights, "elman")


def rule(kind: str, p: float) -> Regularization:
    """What draws the masks of this kind."""
    if kind == "zoneout":
        return Zoneout(h=p)
    return EachStep(p) if kind == "each_step" else Variational(recurrent=p)


def bits() -> Array:
    """What is held at first, (SEQUENCES, UNITS): +-h with h = tanh(2 h)."""
    held = 0.95
    for _ in range(60):
        held = float(np.tanh(LOOP * held))
    return held * np.random.default_rng(1).choice([-1.0, 1.0], (SEQUENCES, UNITS))


@lru_cache(maxsize=16)
def memory(p: float, seed: int = 0) -> Memory:
    """Of masks that strike, or keep, with this probability."""
    states, struck, shares = {}, {}, {}
    for kind in KINDS:
        masks = rule(kind, p).draw(np.random.default_rng(seed), network(), STEPS, SEQUENCES)
        h0 = bits()
        trace = rv.unroll(network(), np.zeros((STEPS, SEQUENCES, 1)), h0=h0[None], masks=masks)
        h = np.concatenate([h0[None], trace[0, 0].h])
        hit = masks.kept["h", 0, 0] if kind == "zoneout" else masks.recurrent[0, 0] == 0
        states[kind] = h[:, 0]
        struck[kind] = np.concatenate([np.zeros((1, UNITS)), np.broadcast_to(hit, (STEPS, SEQUENCES, UNITS))[:, 0]])
        shares[kind] = (np.abs(h) > THERE).mean(axis=(1, 2))
    return Memory(p, states, struck, shares)


@lru_cache(maxsize=16)
def records(p: float) -> list[list[dict[str, Any]]]:
    """The stage's one lane, step by step: states and strikes so far, matrices (UNITS, STEPS + 1), and shares."""
    found, rows = memory(p), []
    for step in range(STEPS + 1):
        seen = (np.arange(STEPS + 1) <= step)[:, None]
        row: dict[str, Any] = {"expected": found.expected[step]}
        for kind in KINDS:
            row[kind] = found.shares[kind][step]
            row[f"states_{kind}"] = np.where(seen, found.states[kind], 0.0).T
            row[f"struck_{kind}"] = np.where(seen, found.struck[kind], 0.0).T
        rows.append(row)
    return [rows]
