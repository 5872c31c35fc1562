"""The networks of the story, and the days that they read: real daily maxima in Seattle from 23 April 2012 on.

A day is read as its distance from a mild 16 °C in steps of 4 degrees, to a tenth, so that its numbers can be followed
in one's head. Three small Elman networks read them: one unit with weights set by hand, eight units with random ones,
and eight units that hear little of the input and much of their loop, which read two pasts.
"""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

import rnnviz as rv
from lessons.common import inputs

Array = NDArray[np.float64]

FIRST, WEEK, LONG = 113, 8, 20  # of the record; days
MILD, DEGREES = 16.0, 4.0
W_X, W_H, BIAS = 0.8, 0.6, 0.1
HOT, COLD = 30.0, 2.0  # °C: the first days of the two pasts
PAIR = (1, 3)  # two days of the same temperature, from 0
PASTS_RHO = 0.6


def celsius(count: int) -> list[float]:
    """The daily maxima of so many days."""
    return [float(c) for c in inputs.weather().celsius[FIRST : FIRST + count]]


def read(temperatures: list[float]) -> Array:
    """What a network reads of them: (T, 1, 1)."""
    return np.asarray(np.round((np.array(temperatures) - MILD) / DEGREES, 1)[:, None, None])


def one_unit(w_x: float = W_X, w_h: float = W_H) -> rv.Trace:
    """One tanh unit reads the first eight days: h_t = tanh(w_x x_t + w_h h_{t-1} + b)."""
    weights = {"weight_ih_l0": [[w_x]], "weight_hh_l0": [[w_h]], "bias_ih_l0": [BIAS], "bias_hh_l0": [0.0]}
    net = rv.Network.from_state_dict({name: np.array(values, float) for name, values in weights.items()})
    return rv.unroll(net, read(celsius(WEEK)))


@lru_cache(maxsize=64)
def eight_units(rho: float = 0.9, seed: int = 21, gain: float = 0.75) -> rv.Network:
    """Eight units; W_h is rho times a random orthogonal matrix, W_x normal with this deviation."""
    return rv.Network.create(
        "elman",
        input_size=1,
        hidden_size=8,
        init=lambda shape, rng: gain * rng.normal(size=shape),
        recurrent_init=lambda shape, rng: rv.initializers.orthogonal(shape, rng, gain=rho),
        rng=np.random.default_rng(seed),
    )


def week(rho: float = 0.9) -> rv.Trace:
    """Eight units read the first eight days."""
    return rv.unroll(eight_units(rho), read(celsius(WEEK)))


def pasts(rho: float) -> tuple[rv.Trace, rv.Trace]:
    """The same eight units read twenty days twice: the first day is hot or cold, the others are the same."""
    net, later = eight_units(rho, seed=14, gain=0.15), celsius(LONG)[1:]
    return rv.unroll(net, read([HOT, *later])), rv.unroll(net, read([COLD, *later]))
