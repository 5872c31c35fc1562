"""How the learning rate changes over the updates: step -> learning rate.

    constant       eta
    step_decay     eta factor^floor(t / every)
    exponential    eta factor^t
    linear         start + (end - start) t / n,                             end from t = n on
    cosine         end + (start - end) (1 + cos(pi t / n)) / 2,             end from t = n on
    one_cycle      up from start to peak and down to end, both by half a cosine,   end from t = n - 1 on
    warmup         first(0) (t + 1) / n for t < n, then first(t - n)
    join           first(t) for t < n, then second(t - n)

Each function takes the numbers of its formula and gives a `Schedule`: a function of the update's number t, counted
from 0. It takes a whole number or an array of them and gives float64 of the same shape, so that the whole curve is
one call: `cosine(0.01, 0.0, 500)(np.arange(600))`. Rates and factors are finite and at least 0, numbers of steps whole
and at least 1: others are a ValueError when the schedule is made, as are steps that are negative or no whole numbers
when it is asked.

One rule needs more than t: `reduce_on_plateau` looks at the losses. It is no function of t but a `LossSchedule`, with
`init() -> state` and `update(state, loss) -> state`; `state.learning_rate` is the rate of the next update, and a state
holds plain numbers, so that a checkpoint can keep it.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import inf
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


def one_cycle(
    peak: float, num_steps: int, rise: float = 0.3, start: float | None = None, end: float | None = None
) -> Schedule:
    """Up to `peak` within the share `rise` of `num_steps` steps, and down to `end`; then `end`.

    Smith & Topin (2019), "Super-convergence", arXiv 1708.07120, where both ways are straight lines; the cosines are
    those of torch.optim.lr_scheduler.OneCycleLR, as are the defaults: start = peak / 25, end = start / 10,000. The peak
    is at t = rise num_steps - 1. Momentum, which the paper moves the other way, stays as it is. rise: in (0, 1), and
    rise num_steps greater than 1, so that there is a way up.
    """
    peak, n = _rate("peak", peak), _steps("num_steps", num_steps)
    start = peak / 25 if start is None else _rate("start", start)
    end = start / 1e4 if end is None else _rate("end", end)
    top = number("rise", rise, "(0, 1)") * n - 1
    if top <= 0:
        raise ValueError(f"rise * num_steps must be greater than 1, got {rise} * {n}")

    def way(t: Array, first: float, last: float) -> Array:
        rate: Array = last + (first - last) * (1.0 + np.cos(np.pi * t)) / 2.0
        return rate

    return _of_steps(
        lambda t: np.where(
            t <= top,
            way(np.minimum(t / top, 1.0), start, peak),
            way(np.clip((t - top) / (n - 1 - top), 0.0, 1.0), peak, end),
        )
    )


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


@dataclass(frozen=True)
class Plateau:
    """Where a `LossSchedule` stands: numbers alone.

    learning_rate  of the next update
    best           the lowest loss so far, inf before the first
    waited         looks in a row that saw nothing better
    cooling        looks to come that do not count
    total, count   of the losses since the last look
    """

    learning_rate: float
    best: float = inf
    waited: int = 0
    cooling: int = 0
    total: float = 0.0
    count: int = 0


@dataclass(frozen=True)
class LossSchedule:
    """A learning rate that depends on the losses; made by `reduce_on_plateau`, which says what the fields mean."""

    learning_rate: float
    factor: float
    patience: int
    threshold: float
    cooldown: int
    least: float
    every: int

    def init(self) -> Plateau:
        """Before the first loss."""
        return Plateau(self.learning_rate)

    def update(self, state: Plateau, loss: float) -> Plateau:
        """After one more loss; one that is NaN is no better than any."""
        total, count = state.total + float(loss), state.count + 1
        if count < self.every:
            return replace(state, total=total, count=count)
        seen = total / count
        better = seen < state.best * (1.0 - self.threshold) if state.best < inf else seen == seen
        waited = 0 if better or state.cooling else state.waited + 1
        best, cooling, rate = seen if better else state.best, max(state.cooling - 1, 0), state.learning_rate
        if waited > self.patience:
            return Plateau(max(rate * self.factor, min(rate, self.least)), best, 0, self.cooldown)
        return Plateau(rate, best, waited, cooling)


def reduce_on_plateau(
    learning_rate: float,
    factor: float = 0.1,
    patience: int = 10,
    threshold: float = 1e-4,
    cooldown: int = 0,
    least: float = 0.0,
    every: int = 1,
) -> LossSchedule:
    """Multiply by `factor` once the loss has not fallen for more than `patience` looks.

    torch.optim.lr_scheduler.ReduceLROnPlateau, mode="min", threshold_mode="rel".

    threshold  a loss is better if it is below (1 - threshold) times the best, in [0, 1)
    cooldown   looks after a reduction that do not count
    least      it goes no lower
    every      looks at the mean of so many losses; 1: at each, as there. The losses of single batches are noisy: let it
               look at as many as make an average that means something.
    """
    return LossSchedule(
        _rate("learning_rate", learning_rate),
        number("factor", factor, "[0, 1)"),
        whole("patience", patience, 0),
        number("threshold", threshold, "[0, 1)"),
        whole("cooldown", cooldown, 0),
        _rate("least", least),
        _steps("every", every),
    )


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
