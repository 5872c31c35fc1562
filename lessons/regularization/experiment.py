"""A network that learns tomorrow's temperature from a few fortnights, and what can keep it from learning them by heart.

It reads the daily maximum temperatures of 14 days in Seattle and says that of the 15th. The fortnights that it learns
from lie in 2012 and 2013 and do not overlap; how it does on new ones is measured in 2014, the *validation set*; 2015 is
left alone, for the one look after all is decided, the *test set*. An *error* is the root mean square of the difference,
in degrees Celsius. What is trained is the mean squared error of temperatures with mean 0 and spread 1.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any

import numpy as np

import rnnviz as rv
from lessons.common import trials
from lessons.common.inputs import weather
from rnnviz.arrays import Array
from rnnviz.masks import Masks
from rnnviz.regularization import Dropout, EarlyStopping, Regularization, Stopping, Variational, Zoneout
from rnnviz.tasks import SequenceBatch
from rnnviz.training import Checkpoint

DAYS = 14
EVERY = 3  # of the validation and test sets, every third fortnight: neighbours are much alike
LIMIT, LONG = 300, 600  # updates of the story, and of Explore
COUNTS = (6, 12, 24, 48)  # of fortnights that it learns from; there are 48 that do not overlap
RATES = (0.001, 0.002, 0.005, 0.01, 0.02)
STRENGTHS = (0.0, 0.01, 0.03, 0.1, 0.3, 1.0)  # of L2
DROPS = (0.05, 0.1, 0.2, 0.3, 0.5, 0.7)
PATIENCE = ("off", "5", "10", "20", "40", "80")
MASKS = ("none", "outputs", "each_step", "variational", "zoneout")


@dataclass(frozen=True)
class EachStep:
    """Dropout of what W_h reads, h_{t-1}, drawn anew at every step: what erases a memory bit by bit.

    No rate of `rnnviz.regularization` does this; its masks are drawn here as `Variational` draws them, but (T, B, H).
    """

    recurrent: float

    def draw(self, rng: np.random.Generator, network: rv.Network, num_steps: int, batch_size: int) -> Masks:
        """A mask (T, B, H): 0 with the probability `recurrent`, else 1 / (1 - recurrent)."""
        kept = rng.random((num_steps, batch_size, network.hidden_size)) >= self.recurrent
        return Masks(recurrent={(0, 0): kept / (1 - self.recurrent)})

    def expected(self, _network: rv.Network) -> Masks:
        """None: what is drawn is 1 on average."""
        return Masks()


@dataclass(frozen=True)
class Settings:
    """The network, the fortnights, and what is done against learning them by heart.

    l2        its strength, lambda: lambda / 2 times the sum of all squared parameters is added to the loss
    mask      what is struck at random, one of MASKS, with probability p
    patience  of early stopping, in updates; "off": it is not stopped
    seed      of the weights, of the fortnights; and the next one, of what is struck
    """

    cell: str = "elman"
    units: int = 32
    count: int = 24
    rate: float = 0.005
    l2: float = 0.0
    mask: str = "none"
    p: float = 0.5
    patience: str = "off"
    seed: int = 2

    @property
    def plain(self) -> "Settings":
        """The same without any regularization."""
        return replace(self, l2=0.0, mask="none", patience="off", p=Settings.p)

    @property
    def regularization(self) -> Regularization | None:
        """What draws the masks."""
        made: dict[str, Regularization | None] = {
            "none": None,
            "outputs": Dropout(outputs=self.p),
            "each_step": EachStep(self.p),
            "variational": Variational(recurrent=self.p),
            "zoneout": Zoneout(h=self.p),
        }
        return made[self.mask]

    @property
    def optimizer(self) -> rv.optimizers.Optimizer:
        """Adam; with L2, of the gradient of loss and penalty."""
        decay = [rv.transformations.weight_decay(self.l2)] if self.l2 else []
        return rv.optimizers.chain(*decay, rv.optimizers.adam())

    @property
    def learnt(self) -> SequenceBatch:
        """The fortnights that it learns from."""
        return training_set(self.count, self.seed)

    def network(self) -> rv.Network:
        """As it is initialized."""
        rng = np.random.default_rng(self.seed)
        return rv.Network.create(self.cell, input_size=1, hidden_size=self.units, output_size=1, rng=rng)

    def start(self) -> "Trained":
        """The checkpoint of update 0."""
        rng = np.random.default_rng(self.seed + 1)
        return Trained(rv.training.start(self.network(), self.optimizer, rng), self)

    def go(self, begun: "Trained") -> Iterator["Trained"]:
        """Trained on from a checkpoint; it ends where early stopping stops it.

        From a later checkpoint than the first, early stopping has forgotten what it saw, and so stops no earlier.
        """
        seen = stopping(self.patience)
        checkpoints = rv.training.train(
            begun.checkpoint,
            lambda _rng: self.learnt,
            loss=rv.losses.mean_squared_error,
            optimizer=self.optimizer,
            learning_rate=self.rate,
            regularization=self.regularization,
        )
        for checkpoint in checkpoints:
            found = Trained(checkpoint, self)
            yield found
            if seen.stopped_at(found):
                return

    @property
    def token(self) -> tuple[Any, ...]:
        """All that makes another training of it."""
        return trials.token(self)


@dataclass(frozen=True, eq=False)
class Trained:
    """A checkpoint, and under which settings it came to be: zoneout is evaluated with what it keeps on average."""

    checkpoint: Checkpoint
    settings: Settings

    @property
    def update(self) -> int:
        """Updates done so far."""
        return self.checkpoint.update

    @property
    def network(self) -> rv.Network:
        """As it is now."""
        return self.checkpoint.network

    @cached_property
    def train(self) -> float:
        """The error on the fortnights that it learns from, with nothing struck."""
        return error(self.answers(self.settings.learnt), self.settings.learnt)

    @cached_property
    def valid(self) -> float:
        """The error on the validation set."""
        return error(self.answers(validation_set()), validation_set())

    @cached_property
    def test(self) -> float:
        """The error on the test set."""
        return error(self.answers(test_set()), test_set())

    @cached_property
    def weights(self) -> float:
        """The norm of all parameters."""
        return float(rv.clipping.global_norm(self.network.state_dict()))

    def answers(self, batch: SequenceBatch) -> Array:
        """What it says of the day after each fortnight, (B,), in degrees."""
        rule = self.settings.regularization
        masks = None if rule is None else rule.expected(self.network)
        return celsius(rv.unroll(self.network, batch.x, masks=masks).y[-1, :, 0])


class _Looks:
    """Early stopping, look after look."""

    def __init__(self, rule: EarlyStopping | None) -> None:
        self.rule, self.seen = rule, Stopping()

    def stopped_at(self, found: Trained) -> bool:
        if self.rule is None:
            return False
        self.seen = self.rule.update(self.seen, found.valid)
        return self.seen.stopped


def stopping(patience: str) -> _Looks:
    """Early stopping that has seen nothing yet."""
    return _Looks(None if patience == "off" else EarlyStopping(int(patience)))


def celsius(scaled: Array) -> Array:
    """Degrees, of temperatures with mean 0 and spread 1."""
    return np.asarray(scaled * weather().std + weather().mean)


def after(batch: SequenceBatch) -> Array:
    """The temperature of the day after each fortnight, (B,)."""
    return celsius(batch.targets[-1, :, 0])


def error(answers: Array, batch: SequenceBatch) -> float:
    """The root mean square of the answers' errors, in degrees."""
    return float(np.sqrt(((answers - after(batch)) ** 2).mean()))


def like_today(batch: SequenceBatch) -> float:
    """The error of who says that tomorrow will be like today."""
    return error(celsius(batch.x[-1, :, 0]), batch)


def fortnights(first_days: Array) -> SequenceBatch:
    """The fortnights that begin on these days, and the days after them."""
    scaled = (weather().celsius - weather().mean) / weather().std
    x = np.stack([scaled[day : day + DAYS] for day in first_days], axis=1)[:, :, None]
    B = len(first_days)
    targets, mask = np.zeros((DAYS, B, 1)), np.zeros((DAYS, B), bool)
    targets[-1, :, 0] = scaled[np.asarray(first_days) + DAYS]
    mask[-1] = True
    return SequenceBatch(x, targets, mask, np.full(B, DAYS), output_size=1, baseline=float(scaled.var()))


def first_of(year: int) -> int:
    """The number of the 1st of January."""
    return next(k for k, day in enumerate(weather().dates) if day.year == year)


@lru_cache(maxsize=32)
def training_set(count: int, seed: int) -> SequenceBatch:
    """So many of the fortnights of 2012 and 2013 that do not overlap, in order."""
    blocks = np.arange(0, first_of(2014) - DAYS - 1, DAYS + 1)
    return fortnights(np.sort(np.random.default_rng(seed).permutation(blocks)[:count]))


@lru_cache(maxsize=1)
def validation_set() -> SequenceBatch:
    """Of 2014: no update reads them."""
    return fortnights(np.arange(first_of(2014), first_of(2015) - DAYS, EVERY))


@lru_cache(maxsize=1)
def test_set() -> SequenceBatch:
    """Of 2015: nothing is decided by them."""
    return fortnights(np.arange(first_of(2015), len(weather().celsius) - DAYS, EVERY))


@dataclass(frozen=True, eq=False)
class Course:
    """What became of one training, update by update from 0: errors (n + 1,) and norms of all parameters.

    best  the checkpoint with the smallest validation error; last: the newest one
    """

    train: Array
    valid: Array
    weights: Array
    best: Trained
    last: Trained


@lru_cache(maxsize=64)
def course(settings: Settings, updates: int = LIMIT) -> Course:
    """A training of so many updates, or until it is stopped or diverges."""
    best = last = settings.start()
    rows = [(last.train, last.valid, last.weights)]
    try:
        for found in settings.go(last):
            last = found
            rows.append((last.train, last.valid, last.weights))
            best = min(best, last, key=lambda one: one.valid)
            if last.update >= updates:
                break
    except rv.NonFiniteError:
        pass
    return Course(*np.array(rows).T, best, last)
