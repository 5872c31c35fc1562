"""A small network that reads four seconds of a watch's signals and says which exercise it is.

    L = mean over the steps t of each window's second half of -log p_t(exercise),    p_t = softmax(y_t)

The answer at the window's end counts. Noise on what it reads while it learns keeps it from learning its windows by
heart (Bishop 1995). Settings and seed alone decide a run.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from typing import Any

import numpy as np

import rnnviz as rv
from lessons.common import trials
from lessons.gesture.recordings import EXERCISES, SIGNALS, Places, Split, batch, parts, scaler, windows
from rnnviz.arrays import Array
from rnnviz.tasks import SequenceBatch
from rnnviz.training import Checkpoint

CELLS = ("gru", "lstm", "elman")
SPLITS: tuple[Split, ...] = ("people", "windows", "person")
UNITS, BATCH, CLIP, RATE, NOISE = 32, 64, 1.0, 0.01, 0.3
UPDATES, COOLED = 300, 200  # updates, and after how many of them the learning rate is a tenth


@dataclass(frozen=True)
class Settings:
    """One run. split: what is held out; person: which one, from 0, where that is one person."""

    cell: str = "gru"
    split: Split = "people"
    person: int = 0
    seed: int = 0

    def network(self) -> rv.Network:
        """As it is initialized."""
        rng = np.random.default_rng(self.seed)
        return rv.Network.create(self.cell, SIGNALS, UNITS, output_size=EXERCISES, dtype=np.float32, rng=rng)

    def start(self) -> Checkpoint:
        """The checkpoint of update 0."""
        return trials.start(self.network(), self.seed)

    def go(self, checkpoint: Checkpoint) -> Iterator[Checkpoint]:
        """Trained on from a checkpoint."""
        rate = trials.cooled(RATE, COOLED)
        return trials.go(checkpoint, partial(sample, settings=self), learning_rate=rate, clip=CLIP)

    @property
    def token(self) -> tuple[Any, ...]:
        """All that makes another training of it."""
        return trials.token(self)


def sample(rng: np.random.Generator, settings: Settings) -> SequenceBatch:
    """Windows to learn from, drawn for one update, with noise on them."""
    which = rng.choice(parts(settings.split, settings.person)[0], BATCH, replace=False)
    drawn = batch(which, scaler(settings.split, settings.person))
    return replace(drawn, x=drawn.x + NOISE * rng.standard_normal(drawn.x.shape))


@lru_cache(maxsize=4)
def held_out(split: Split, person: int) -> SequenceBatch:
    """The windows on which it is measured."""
    return batch(parts(split, person)[1], scaler(split, person))


def exercises(split: Split, person: int) -> Places:
    """What is done in them, (B,)."""
    return windows().exercise[parts(split, person)[1]]


def answers(network: rv.Network, run: Settings) -> Array:
    """What it answers (B, 7) at the end of each window that is held out."""
    x = held_out(run.split, run.person).x
    return np.concatenate(
        [rv.unroll(network, part).y[-1] for part in np.array_split(x, max(1, x.shape[1] // 500), axis=1)]
    )


def predicted(network: rv.Network, run: Settings) -> Places:
    """Which exercise (B,) it sees in each of them."""
    return np.asarray(answers(network, run).argmax(axis=1))


def right(network: rv.Network, run: Settings) -> float:
    """The share of them that it sees right."""
    return float((predicted(network, run) == exercises(run.split, run.person)).mean())
