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
one call: `cosine(0.01, 0.0, 500)(np.arange(600))`. Rates and factors are finite and at least 0, numbers of steps whole
and at least 1: others are a ValueError when the schedule is made, as are steps that are negative or no whole numbers
when it is asked.
"""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from rnnviz.arrays import Array, number, real_array, whole

Schedule: TypeAlias = Callable[[ArrayLike], Array]


def constant(learning_rate: float) -> Schedule:
    """The same learning rate at every step."""
    learning_rate = _rate("learning_rate", learning_rate)
    return _of_steps(lambda t: np.full(t.shape, learning_rate))


def step_decay(learning_rate: float, factor: float, every: int) -> Schedule:
    """Multiply by `factor` after each `every` steps; torch.optim.lr_scheduler.StepLR."""
    learning_rate, factor = _rate("learning_rate", learning_rate), _rate("factor", factor)
    every = _steps("every", every)
    return _of_steps(lambda t: learning_rate * np.power(factor, t // every))


def exponential(learning_rate: float, factor: float) -> Schedule:
    """Multiply by `factor` after each step; torch.optim.lr_scheduler.ExponentialLR."""
    return step_decay(learning_rate, factor, 1)


def linear(start: float, end: float, num_steps: int) -> Schedule:
    """A straight line from `start` to `end` in `num_steps` steps; then `end`."""
    start, end, num_steps = _rate("start", start), _rate("end", end), _steps("num_steps", num_steps)
    return _of_steps(lambda t: start + (end - start) * np.minimum(t / num_steps, 1.0))


def cosine(start: float, end: float, num_steps: int) -> Schedule:
    """Half a cosine from `start` to `end` in `num_steps` steps; then `end`.

    Loshchilov & Hutter (2017), equation 5, without restarts; torch.optim.lr_scheduler.CosineAnnealingLR.
    """
    start, end, num_steps = _rate("start", start), _rate("end", end), _steps("num_steps", num_steps)
    return _of_steps(lambda t: end + (start - end) * (1.0 + np.cos(np.pi * np.minimum(t / num_steps, 1.0))) / 2.0)


def warmup(schedule: Schedule, num_steps: int) -> Schedule:
    """Rise in a straight line to where `schedule` starts within `num_steps` steps, and then follow it.

    The first step already learns a little, with 1 / num_steps of the full rate (Goyal et al. 2017, section 2.2).
    """
    num_steps = _steps("num_steps", num_steps)
    peak = float(schedule(0))
    return join(linear(peak / num_steps, peak + peak / num_steps, num_steps), schedule, num_steps)


def join(first: Schedule, second: Schedule, num_steps: int) -> Schedule:
    """Follow `first` for `num_steps` steps, and then `second` from its own step 0 on; neither is asked for others."""
    n = _steps("num_steps", num_steps)
    return _of_steps(lambda t: np.where(t < n, first(np.minimum(t, n - 1)), second(np.maximum(t - n, 0))))


def _rate(name: str, value: float) -> float:
    return number(name, value, "[0, inf)")


def _steps(name: str, value: int) -> int:
    return whole(name, value, 1)


def _of_steps(formula: Callable[[Array], Array]) -> Schedule:
    """Make a formula of t, a float64 array of whole numbers from 0 on, into a schedule."""

    def schedule(step: ArrayLike) -> Array:
        t = real_array("step", step, np.float64)
        if not (np.isfinite(t) & (t >= 0) & (t == np.floor(t))).all():
            raise ValueError(f"a schedule's steps must be whole numbers of at least 0, got {step!r}")
        return np.asarray(formula(t))

    return schedule
