"""A small network that hears a digit: one answer after each frame, and the last one counts.

    L = mean over the frames t of each clip's second half of -log p_t(digit),    p_t = softmax(y_t)

So it says at any moment what it has heard so far. Noise on what it reads while it learns keeps it from learning its
clips by heart (Bishop 1995). Settings and seed alone decide a run.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

import rnnviz as rv
from lessons.common import trials
from lessons.speech.clips import DIGITS, FEATURES, Kind, Split, batch, clips, last, parts, scaler
from rnnviz.arrays import Array
from rnnviz.tasks import SequenceBatch
from rnnviz.training import Checkpoint

CELLS = ("gru", "lstm", "elman")
SPLITS: tuple[Split, ...] = ("clips", "voice")
KINDS: tuple[Kind, ...] = ("plain", "centred")
UNITS, BATCH, CLIP, RATE, NOISE = 48, 32, 1.0, 0.01, 0.3
UPDATES, COOLED = 600, 400  # updates, and after how many of them the learning rate is a tenth


@dataclass(frozen=True)
class Settings:
    """One run. split: what is held out, clips or a voice, and which voice, from 0; kind: what it reads of a clip."""

    cell: str = "gru"
    split: Split = "clips"
    voice: int = 0
    kind: Kind = "plain"
    seed: int = 0

    def network(self) -> rv.Network:
        """As it is initialized."""
        rng = np.random.default_rng(self.seed)
        return rv.Network.create(self.cell, FEATURES, UNITS, output_size=DIGITS, dtype=np.float32, rng=rng)

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
    """Clips to learn from, drawn for one update, with noise on them."""
    which = rng.choice(parts(settings.split, settings.voice)[0], BATCH, replace=False)
    drawn = batch(which, scaler(settings.split, settings.voice, settings.kind), settings.kind)
    there = rv.losses.length_mask(drawn.lengths, len(drawn.x))[..., None]
    return replace(drawn, x=drawn.x + NOISE * rng.standard_normal(drawn.x.shape) * there)


@lru_cache(maxsize=16)
def held_out(split: Split, voice: int, kind: Kind) -> SequenceBatch:
    """The clips on which it is measured."""
    return batch(parts(split, voice)[1], scaler(split, voice, kind), kind)


@lru_cache(maxsize=16)
def digits(split: Split, voice: int) -> NDArray[np.int64]:
    """What is said in them, (B,)."""
    return clips().digit[parts(split, voice)[1]]


def answers(network: rv.Network, settings: Settings) -> Array:
    """What it answers (B, Q) at the end of each clip that is held out."""
    batch = held_out(settings.split, settings.voice, settings.kind)
    return last(rv.unroll(network, batch.x, lengths=batch.lengths).y, batch.lengths)


def predicted(network: rv.Network, settings: Settings) -> NDArray[np.int64]:
    """Which digit (B,) it hears in each of them."""
    return np.asarray(answers(network, settings).argmax(axis=1))


def right(network: rv.Network, settings: Settings) -> float:
    """The share of them that it hears right."""
    return float((predicted(network, settings) == digits(settings.split, settings.voice)).mean())
