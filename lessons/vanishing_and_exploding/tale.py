"""The story's networks: small enough that the whole gradient is an arrow. What each beat says of them.

Two Elman units, or one LSTM unit with its h and c, read thirty days of Seattle's weather from 23 April 2012 on, the
eight days of the other lessons first: as their distance from a mild 16 °C in steps of 4 degrees. The weights are set by
hand; L looks at the last state alone. W_h is rho times a turn and a shear, divided by the spectral radius of the two.
In one beat networks with weights drawn at random race: an Elman network, an LSTM and a GRU, each from as many seeds.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

import rnnviz as rv
from lessons.common import inputs
from rnnviz.arrays import Array
from rnnviz.diagnostics import jacobian_products
from rnnviz.player.race import quantile, ranking
from rnnviz.player.walk import slopes_of
from rnnviz.sweep import both_ways

FIRST, DAYS = 113, 30  # of the record; days
MILD, DEGREES = 16.0, 4.0
FACTORS = (1.1, 1.0, 0.9)  # of the warm-up
OWN = 0.8  # the reader's factor at first
SHRINKING, ASKED = 0.9, 10  # the factor that is asked about, and after how many steps back
ALIKE = 1.0  # decades: what is within them of one is about one
UNITS, SEEDS, KEEP = 16, 20, 3.0  # of the race; KEEP: the bias of what keeps the state
KINDS: dict[str, dict[str, Any]] = {
    "elman": {"recurrent_init": "orthogonal"},
    "lstm": {"gate_biases": {"f": KEEP}},
    "gru": {"gate_biases": {"z": KEEP}},
}
Facts = dict[str, Any]


@dataclass(frozen=True)
class Pair:
    """Two tanh units: W_h by its spectral radius rho, turn (degrees) and shear; how strongly they hear the weather."""

    rho: float
    turn: float = 25.0
    shear: float = 0.0
    hears: float = 0.0


PAIRS = {
    "circle": Pair(0.9, shear=0.6),
    "slopes": Pair(0.9, hears=0.75),
    "rho": Pair(1.3),
    "saturated": Pair(1.4, hears=1.0),
}


def weather() -> Array:
    """What is read, (T, 1, 1)."""
    celsius = inputs.weather().celsius[FIRST : FIRST + DAYS]
    return np.asarray(np.round((celsius - MILD) / DEGREES, 1)[:, None, None])


@lru_cache(maxsize=64)
def pair(made: Pair) -> rv.Trace:
    """Two Elman units read the weather."""
    angle = np.radians(made.turn)
    turned = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    W = turned @ np.array([[1.0, -made.shear], [0.0, 1.0]])
    W *= made.rho / np.abs(np.linalg.eigvals(W)).max()
    weights = {"weight_ih_l0": made.hears * np.array([[0.9], [-0.6]]), "weight_hh_l0": W}
    return rv.unroll(
        rv.Network.from_state_dict(weights | dict.fromkeys(("bias_ih_l0", "bias_hh_l0"), np.zeros(2))), weather()
    )


@lru_cache(maxsize=64)
def carrier(bias: float) -> rv.Trace:
    """One LSTM unit reads the weather; `bias` is that of its forget gate."""
    weights = {
        "weight_ih_l0": [[0.3], [0.2], [0.3], [0.3]],
        "weight_hh_l0": [[0.2]] * 4,
        "bias_ih_l0": [-2.0, bias, 0.0, 2.0],
        "bias_hh_l0": [0.0] * 4,
    }
    return rv.unroll(rv.Network.from_state_dict({name: np.array(w) for name, w in weights.items()}), weather())


def trace(beat: str, values: Mapping[str, Any]) -> rv.Trace:
    """The pass that a beat of the plane shows."""
    if beat == "carried":
        return carrier(float(values["keep"]))
    return pair(Pair(float(values["rho"])) if beat == "rho" else PAIRS[beat])


def norms(passed: rv.Trace) -> Array:
    """log10 of the most that is left of any gradient, (T + 1,)."""
    return jacobian_products(passed.network, passed)[0, 0].log10_norm[:, 0]


def facts(beat: str, values: Mapping[str, Any]) -> Facts:
    """What a beat's words speak of, with these values of the controls; `arrived`: nobody has played it yet."""
    return {"steps": DAYS, "arrived": False} | BEATS[beat](values)


def one(_: Mapping[str, Any]) -> Facts:
    """One number, one factor."""
    return {"factors": len(FACTORS) + 1}


def log(_: Mapping[str, Any]) -> Facts:
    """What is left of one factor after ten steps, and after thirty."""
    left = {k: SHRINKING**k for k in (ASKED, DAYS)}
    shares = {"third": left[ASKED] / 3, "cube": left[ASKED] ** 3, "tenth": left[ASKED] / 1000}
    right = min(shares, key=lambda name: abs(np.log(shares[name] / left[DAYS])))
    return {"factor": SHRINKING, "some": ASKED, "ten": left[ASKED], "shares": shares, "left": left[DAYS],
            "answers": {"log": right}}  # fmt: skip


def circle(_: Mapping[str, Any]) -> Facts:
    """Two units, no slopes yet: how much of the best arrow arrives."""
    return {"left": float(norms(pair(PAIRS["circle"]))[0])}


def slopes(_: Mapping[str, Any]) -> Facts:
    """The slopes of the days, and the step at which the two together are smallest."""
    found = slopes_of(pair(PAIRS["slopes"]))
    assert found is not None
    least = int(found.prod(axis=1).argmin())
    return {"day": least + 1, "slope_one": float(found[least, 0]), "slope_two": float(found[least, 1])}


def rho(values: Mapping[str, Any]) -> Facts:
    """The reader's own rho; nothing is read."""
    given = float(values["rho"])
    left = float(norms(pair(Pair(given)))[0])
    fate = "explodes" if left > 0 else "vanishes"
    if abs(left) < ALIKE:
        fate = "keeps" if abs(left) < 1e-6 else "grows" if left > 0 else "shrinks"
    return {"rho": given, "left": left, "fate": fate}


def saturated(_: Mapping[str, Any]) -> Facts:
    """rho above 1, and large states."""
    made = PAIRS["saturated"]
    passed = pair(made)
    left = float(norms(passed)[0])
    fate = "alike" if abs(left) < ALIKE else "larger" if left > 0 else "smaller"
    promised = DAYS * float(np.log10(made.rho))
    return {"rho": made.rho, "promised": promised, "left": left, "per_step": 10 ** (left / DAYS),
            "answers": {"saturated": fate}}  # fmt: skip


def cells(_: Mapping[str, Any]) -> Facts:
    """Three kinds of network: log10 of what typically arrives, and where most does."""
    found = brought_back()
    best = ranking(found)["rank"].index(1)
    left = dict(zip(KINDS, quantile(found, 0.5).tolist()))
    return {"units": UNITS, "seeds": SEEDS, "left": left, "opened": None, "answers": {"cells": list(KINDS)[best]}}


@lru_cache(maxsize=1)
def brought_back() -> Array:
    """log10 of the norms that arrive at the first day, (kinds, seeds)."""
    networks = [one for lane in contest().values() for one in lane]
    found: Array = both_ways(networks, weather()[:, 0]).log10_left[0].reshape(len(KINDS), SEEDS)
    return found


@lru_cache(maxsize=1)
def contest() -> dict[str, list[rv.Network]]:
    """{kind: its networks, seed by seed}; the plain one's W_h is orthogonal."""
    return {
        kind: [rv.Network.create(kind, 1, UNITS, rng=np.random.default_rng(seed), **how) for seed in range(SEEDS)]
        for kind, how in KINDS.items()
    }


def raced(kind: str, seed: int) -> tuple[rv.Trace, rv.Gradients]:
    """One network of the race by itself; L is the sum of its last state's units over sqrt(UNITS)."""
    trace = rv.unroll(contest()[kind][seed], weather())
    dy = np.zeros_like(trace.y)
    dy[-1] = UNITS**-0.5
    return trace, rv.backpropagate(trace.network, trace, dy)


def carried(values: Mapping[str, Any]) -> Facts:
    """The LSTM, with the bias that the reader drags: what f alone leaves, typical f (geometric mean), and all paths."""
    passed = carrier(float(values["keep"]))
    alone, left = float(np.log10(passed[0, 0].gates["f"]).sum()), float(norms(passed)[0])
    return {"f": 10 ** (alone / DAYS), "alone": alone, "left": left, "whole": left >= 0}


def product(_: Mapping[str, Any]) -> Facts:
    """Three fates."""
    return {}


BEATS: dict[str, Callable[[Mapping[str, Any]], Facts]] = {
    each.__name__: each for each in (one, log, circle, slopes, rho, saturated, cells, carried, product)
}
FATES = {"vanishes": ("slopes", {}), "explodes": ("rho", {"rho": 1.3}), "carried": ("carried", {"keep": 5.0})}
