"""How the two losses of `hills` are walked down: every optimizer, every schedule, and what became of each walk.

A walk is `rnnviz.training.train` of one network. Where the sequences of all updates are the same, its loss is a fixed
function of the weights; where each update reads new ones, its gradient is that function's plus noise.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from typing import Any

import numpy as np

import rnnviz as rv
from lessons.common import trials
from lessons.optimizers_and_schedules import hills
from lessons.optimizers_and_schedules.hills import FEW, FREE, Plane
from rnnviz.arrays import Array
from rnnviz.schedules import Schedule
from rnnviz.tasks import SequenceBatch
from rnnviz.training import Checkpoint

LIMIT = 200  # updates of all walks
LAST = 20  # of so many losses the mean is taken
RATES = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)
SCALES = (0.1, 1.0, 10.0, 100.0)
KNOBS = ("optimizer", "rate", "schedule")  # what a fork may change
OPTIMIZERS = {
    "sgd": rv.optimizers.sgd(),
    "momentum": rv.optimizers.sgd(momentum=0.9),
    "nesterov": rv.optimizers.nesterov(0.9),
    "adagrad": rv.optimizers.adagrad(),
    "rmsprop": rv.optimizers.rmsprop(),
    "adam": rv.optimizers.adam(),
}
DIVIDES = ("adagrad", "rmsprop", "adam")  # by the magnitude of the gradient
WARM = 25  # updates of a warm-up
SCHEDULES: dict[str, Callable[[float], Schedule]] = {
    "constant": rv.schedules.constant,
    "step": lambda rate: rv.schedules.step_decay(rate, 0.5, LIMIT // 5),
    "exponential": lambda rate: rv.schedules.exponential(rate, 0.98),
    "cosine": lambda rate: rv.schedules.cosine(rate, 0.0, LIMIT),
    "warmup": lambda rate: rv.schedules.warmup(rv.schedules.constant(rate), WARM),
    "warmup_cosine": lambda rate: rv.schedules.warmup(rv.schedules.cosine(rate, 0.0, LIMIT - WARM), WARM),
    "one_cycle": lambda rate: rv.schedules.one_cycle(rate, LIMIT),
}
BEST = {  # the learning rate of `RATES` that is best for the echo, see lessons/trained/best_rates.py
    "sgd": 0.2, "momentum": 0.2, "nesterov": 0.1, "adagrad": 0.05, "rmsprop": 0.002, "adam": 0.02,
}  # fmt: skip


@dataclass(frozen=True)
class Settings:
    """One walk. scale: by how much the loss is multiplied; batches: "same" for all updates, or "new" ones for each."""

    hill: str = "echo"
    optimizer: str = "sgd"
    rate: float = 0.2
    schedule: str = "constant"
    batches: str = "same"
    scale: float = 1.0
    seed: int = 0

    @property
    def token(self) -> tuple[Any, ...]:
        """All that makes another walk of it."""
        return trials.token(self)

    def start(self) -> Checkpoint:
        """The checkpoint of update 0."""
        rng = np.random.default_rng([self.seed, 2])
        return rv.training.start(hills.network(self.hill, self.seed), OPTIMIZERS[self.optimizer], rng)

    def go(self, checkpoint: Checkpoint) -> Iterator[Checkpoint]:
        """Trained on from a checkpoint."""
        return rv.training.train(
            checkpoint,
            partial(fresh, self.hill) if self.batches == "new" else lambda _: hills.shown(self.hill, self.seed),
            loss=rv.losses.mean_squared_error,
            optimizer=OPTIMIZERS[self.optimizer],
            learning_rate=SCHEDULES[self.schedule](self.rate),
            clip=partial(scaled, scale=self.scale, free=FREE if self.hill == "imitate" else None),
        )


def fresh(hill: str, rng: np.random.Generator) -> SequenceBatch:
    """What one update reads where each reads new sequences."""
    return hills.batch(hill, rng, FEW)


def scaled(grads: dict[str, Array], scale: float, free: tuple[str, ...] | None) -> dict[str, Array]:
    """The gradient of `scale` times the loss; zero for all parameters that are not `free`."""
    return {name: (scale if free is None or name in free else 0.0) * g for name, g in grads.items()}


@dataclass(frozen=True, eq=False)
class Walk:
    """What became of one walk, from its beginning.

    losses   (n,) of each update's sequences, before it
    rates    (n,) learning rates; norms: (n,) of the gradients that the optimizer got
    path     (n + 1, P) all weights, from the initial ones on
    last     the newest checkpoint; diverged: the update that could not be done; None: all could
    """

    losses: Array
    rates: Array
    norms: Array
    path: Array
    last: Checkpoint
    diverged: int | None

    @cached_property
    def final(self) -> float:
        """The mean of the last losses; infinite where it diverged."""
        return float("inf") if self.diverged else float(self.losses[-LAST:].mean())

    @cached_property
    def noise(self) -> float:
        """The standard deviation of the last losses beside their mean."""
        return float(self.losses[-LAST:].std() / self.losses[-LAST:].mean())


@lru_cache(maxsize=64)
def walk(settings: Settings, updates: int = LIMIT) -> Walk:
    """A walk of so many updates, or as far as it goes."""
    begun, found, diverged = settings.start(), [], None
    try:
        for checkpoint in settings.go(begun):
            found.append(checkpoint)
            if checkpoint.update >= updates:
                break
    except rv.NonFiniteError:
        diverged = len(found) + 1
    numbers = [[one.loss for one in found], [one.learning_rate for one in found], [one.clipped_norm for one in found]]
    losses, rates, norms = np.array(numbers).reshape(3, -1)
    path = np.stack([hills.weights(one.network) for one in (begun, *found)])
    return Walk(losses, rates, norms, path, (found or [begun])[-1], diverged)


def racers(seed: int = 0) -> dict[str, Settings]:
    """All optimizers on the echo, from one start, each with the learning rate that was best for it."""
    return {name: Settings("echo", name, rate, seed=seed) for name, rate in BEST.items()}


@lru_cache(maxsize=8)
def plane(hill: str, seed: int = 0) -> Plane:
    """The plane of the map: of the echo, that of the race from the same start."""
    if hill == "imitate":
        return hills.whole()
    return hills.leading([walk(one).path for one in racers(seed).values()])


@lru_cache(maxsize=8)
def heights(hill: str, seed: int = 0) -> Array:
    """The map."""
    return hills.heights(hill, seed, plane(hill, seed))
