"""Eight days of weather, read by one unit that is then asked: was the first day warm?

Real daily maxima in Seattle from 23 April 2012 on, read as the distance from a mild 16 °C in steps of 4 degrees, to a
tenth: the days and the unit of the lesson on the hidden state. One weight, w_h, leads from each day to the next.

    h_t = tanh(w_x x_t + w_h h_{t-1} + b)      the answer is h itself: 1 means yes, and yes is right
    L = 1/2 (h_T - 1)^2                        asked at the end;  dL/dh_T = h_T - 1
    L = 1/2 sum_t (h_t - 1)^2                  asked on every day
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

import rnnviz as rv
from lessons.common import inputs
from rnnviz.arrays import Array

FIRST, DAYS = 113, 8  # of the record
MILD, DEGREES = 16.0, 4.0
W_X, W_H, BIAS = 0.8, 0.6, 0.1
YES = 1.0
UNITS, RHO, SEED, GAIN = 8, 0.9, 21, 0.75  # of the wider network that reads the same days


@dataclass(frozen=True, eq=False)
class Question:
    """What is read, `x` (T, 1, 1), and whether the question is put on every day, or on the last one alone."""

    x: Array
    every: bool = False

    def loss(self, y: Array) -> rv.losses.Loss:
        """Half the squared distance of each answer (T, 1, Q) from yes, summed; Q outputs share the blame evenly."""
        asked = np.ones(len(y), bool) if self.every else np.arange(len(y)) == len(y) - 1
        away = np.where(asked[:, None, None], y - YES, 0.0)
        steps = 0.5 * (away**2).mean(axis=2)
        return rv.losses.Loss(float(steps.sum()), steps, away / y.shape[2])


@cache
def celsius() -> tuple[float, ...]:
    """The daily maxima."""
    return tuple(float(c) for c in inputs.weather().celsius[FIRST : FIRST + DAYS])


def tokens() -> tuple[str, ...]:
    """What is read, as it is shown: 21.7°."""
    return tuple(f"{c:.1f}°" for c in celsius())


def question(every: bool = False) -> Question:
    """The eight days, with their question."""
    return Question(np.round((np.array(celsius())[:, None, None] - MILD) / DEGREES, 1), every)


def one_unit(w_h: float = W_H) -> rv.Network:
    """One tanh unit whose state is its answer."""
    return _network([[W_X]], [[w_h]], [BIAS])


@cache
def eight_units() -> rv.Network:
    """Eight units; W_h is rho times a random orthogonal matrix. Their mean answer counts."""
    return rv.Network.create(
        "elman",
        input_size=1,
        hidden_size=UNITS,
        init=lambda shape, rng: GAIN * rng.normal(size=shape),
        recurrent_init=lambda shape, rng: rv.initializers.orthogonal(shape, rng, gain=RHO),
        rng=np.random.default_rng(SEED),
    )


def _network(w_x: Sequence[Sequence[float]], w_h: Sequence[Sequence[float]], b: Sequence[float]) -> rv.Network:
    weights = {"weight_ih_l0": w_x, "weight_hh_l0": w_h, "bias_ih_l0": b, "bias_hh_l0": [0.0] * len(b)}
    return rv.Network.from_state_dict({name: np.array(values, float) for name, values in weights.items()}, "elman")
