"""How the learning rate changes over the updates: step -> learning rate.

    constant       eta
    step_decay     eta factor^floor(t / every)
    exponential    eta factor^t
    linear         start + (end - start) t / n,                             end from t = n on
    cosine         end + (start - end) (1 + cos(pi t / n)) / 2,             end from t = n on
    warmup         first(0) (t + 1) / n for t < n, then first(t - n)
    join           first(t) for t < n, then second(t - n)

Each function takes the numbers of its formula and gives a `Schedule`: a function of the update's number t, counted
from 0. It takes a whole number or an array of them and gives float64 of the same shape, so that the whole curve is
one call: `cosine(0.01, 0.0, 500)(np.arange(600))`. Numbers out of range are a ValueError, when the schedule is made.
"""

from collections.abc import Callable
from math import isfinite
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from rnnviz.arrays import Array

Schedule: TypeAlias = Callable[[ArrayLike], Array]


def constant(learning_rate: float) -> Schedule:
    """The same learning rate, at least 0, at every step."""
    _check_rates(learning_rate=learning_rate)
    return lambda step: np.full(np.shape(step), learning_rate, np.float64)


def step_decay(learning_rate: float, factor: float, every: int) -> Schedule:
    """Multiply by `factor`, at least 0, after each `every` steps, at least 1; torch.optim.lr_scheduler.StepLR."""
    _check_rates(learning_rate=learning_rate, factor=factor)
    _check_steps(every=every)
    return lambda step: np.asarray(learning_rate * np.power(float(factor), np.floor_divide(step, every)))


def exponential(learning_rate: float, factor: float) -> Schedule:
    """Multiply by `factor`, at least 0, after each step; torch.optim.lr_scheduler.ExponentialLR."""
    return step_decay(learning_rate, factor, 1)


def linear(start: float, end: float, num_steps: int) -> Schedule:
    """A straight line from `start` to `end`, both at least 0, in `num_steps` steps, at least 1; then `end`."""
    _check_rates(start=start, end=end)
    _check_steps(num_steps=num_steps)
    return lambda step: np.asarray(start + (end - start) * _progress(step, num_steps))


def cosine(start: float, end: float, num_steps: int) -> Schedule:
    """Half a cosine from `start` to `end`, both at least 0, in `num_steps` steps, at least 1; then `end`.

    Loshchilov & Hutter (2017), equation 5, without restarts; torch.optim.lr_scheduler.CosineAnnealingLR.
    """
    _check_rates(start=start, end=end)
    _check_steps(num_steps=num_steps)
    return lambda step: np.asarray(end + (start - end) * (1.0 + np.cos(np.pi * _progress(step, num_steps))) / 2.0)


def warmup(schedule: Schedule, num_steps: int) -> Schedule:
    """Rise in a straight line to where `schedule` starts within `num_steps` steps, at least 1, and then follow it.

    The first step already learns a little, with 1 / num_steps of the full rate (Goyal et al. 2017, section 2.2).
    """
    _check_steps(num_steps=num_steps)
    peak = float(schedule(0))
    return join(linear(peak / num_steps, peak + peak / num_steps, num_steps), schedule, num_steps)


def join(first: Schedule, second: Schedule, num_steps: int) -> Schedule:
    """Follow `first` for `num_steps` steps, at least 1, and then `second` from its own step 0 on."""
    _check_steps(num_steps=num_steps)

    def schedule(step: ArrayLike) -> Array:
        t = np.asarray(step)
        return np.where(t < num_steps, first(t), second(np.maximum(t - num_steps, 0)))

    return schedule


def _progress(step: ArrayLike, num_steps: int) -> Array:
    """How far a step is on the way, from 0 to 1."""
    return np.minimum(step, num_steps) / np.float64(num_steps)


def _check_rates(**values: float) -> None:
    """Raise unless learning rates and factors are finite and at least 0."""
    for name, value in values.items():
        if not (isfinite(value) and value >= 0.0):
            raise ValueError(f"{name} must be finite and at least 0, got {value}")


def _check_steps(**values: int) -> None:
    """Raise unless numbers of steps are at least 1."""
    for name, value in values.items():
        if value < 1:
            raise ValueError(f"{name} must be at least 1, got {value}")
