"""A network that learns to say how high the sea will stand in an hour; all of its training, with what can be set.

The sea is the sum of two tides of the same height: the moon's, twice a day (M2, 12.42 hours), and one of once a day
(K1, 23.93 hours). x_t is its level at hour t, y_t should be the level an hour later. Whether it rises or falls is not
in x_t: without memory no answer has a smaller expected mean squared error than `BASELINE` (rnnviz.tasks.sine_mixture).

W_h is `rho` times a random orthogonal matrix, so that at first all its eigenvalues have the absolute value rho; of a
gated cell, each gate's block is.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from typing import Any

import numpy as np

import rnnviz as rv
from lessons.common import trials
from rnnviz.arrays import Array
from rnnviz.player.learn import leaves
from rnnviz.tasks import SequenceBatch
from rnnviz.training import Checkpoint

PERIODS = (12.42, 23.93)  # hours: of M2 and K1
FREQUENCIES = tuple(2 * math.pi / hours for hours in PERIODS)
HOURS, BATCH = 48, 16  # two days; seas that one update reads
LIMIT, LONG = 240, 600  # updates of the story, and of Explore
RATES = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)
CLIPS = ("none", "2", "1", "0.5", "0.2", "0.1")
DROPS = (0.0, 0.05, 0.1, 0.2, 0.4)
KNOBS = ("rate", "clip", "optimizer", "drop")  # what a fork may change
OPTIMIZERS = {
    "sgd": rv.optimizers.sgd(),
    "momentum": rv.optimizers.sgd(momentum=0.9),
    "rmsprop": rv.optimizers.rmsprop(),
    "adam": rv.optimizers.adam(),
}
SHOWN, LAST = 2012, 20  # seed of the sea that is shown; of so many losses the mean is taken


@dataclass(frozen=True)
class Settings:
    """What can be set: the network at its start, and how it is trained; drop: of what the readout reads."""

    cell: str = "elman"
    units: int = 16
    rho: float = 0.3
    optimizer: str = "sgd"
    rate: float = 0.05
    clip: str = "none"
    drop: float = 0.0
    seed: int = 0

    @property
    def threshold(self) -> float | None:
        """Of clipping by norm; None: nothing is clipped."""
        return None if self.clip == "none" else float(self.clip)

    def network(self) -> rv.Network:
        """As it is initialized."""
        return rv.Network.create(
            self.cell,
            input_size=1,
            hidden_size=self.units,
            output_size=1,
            recurrent_init=partial(rv.initializers.orthogonal, gain=self.rho),
            rng=np.random.default_rng(self.seed),
        )

    def start(self) -> Checkpoint:
        """The checkpoint of update 0; the seas come from the next seed."""
        return rv.training.start(self.network(), OPTIMIZERS[self.optimizer], np.random.default_rng(self.seed + 1))

    def go(self, checkpoint: Checkpoint) -> Iterator[Checkpoint]:
        """Trained on from a checkpoint."""
        return rv.training.train(
            checkpoint,
            seas,
            loss=rv.losses.mean_squared_error,
            optimizer=OPTIMIZERS[self.optimizer],
            learning_rate=self.rate,
            clip=None if self.threshold is None else trials.clipped_at(self.threshold),
            regularization=rv.regularization.Dropout(outputs=self.drop) if self.drop else None,
        )

    @property
    def token(self) -> tuple[Any, ...]:
        """All that makes another training of it."""
        return trials.token(self)


def seas(rng: np.random.Generator) -> SequenceBatch:
    """What one update reads: `BATCH` seas of `HOURS` hours, each with phases of its own."""
    return rv.tasks.sine_mixture(rng, BATCH, HOURS, FREQUENCIES)


@lru_cache(maxsize=1)
def shown() -> SequenceBatch:
    """The one sea that is shown; no update reads it."""
    return rv.tasks.sine_mixture(np.random.default_rng(SHOWN), 1, HOURS, FREQUENCIES)


BASELINE = seas(np.random.default_rng(0)).baseline


def answers(network: rv.Network) -> Array:
    """What a network says of the sea that is shown, (T,)."""
    return np.asarray(rv.unroll(network, shown().x).y[:, 0, 0])


@dataclass(frozen=True, eq=False)
class Course:
    """What became of one training, update by update from the first.

    done      the checkpoints' numbers as arrays (n,): losses, norms before and after clipping, spectral radii
    gates     {letter: (n,)} means
    last      the newest checkpoint; diverged: the update that could not be done; None: all could
    """

    losses: Array
    norms: Array
    clipped: Array
    radii: Array
    gates: dict[str, Array]
    last: Checkpoint
    diverged: int | None

    @cached_property
    def final(self) -> float:
        """The mean of the last losses."""
        return float(self.losses[-LAST:].mean())

    @cached_property
    def left(self) -> int | None:
        """After which update the loss has left the baseline, as the picture marks it; None: it has not."""
        return leaves(self.losses, BASELINE)


@lru_cache(maxsize=64)
def course(settings: Settings, updates: int = LIMIT, of: Settings | None = None, at: int = 0) -> Course:
    """A training of so many updates; as a fork of another one, of all after its update `at`."""
    begun = settings.start() if of is None else course(of, at).last
    found, diverged = [], None
    try:
        for checkpoint in settings.go(begun):
            found.append(checkpoint)
            if checkpoint.update >= updates:
                break
    except rv.NonFiniteError:
        diverged = (found[-1].update if found else begun.update) + 1
    return Course(
        losses=np.array([one.loss for one in found]),
        norms=np.array([one.gradient_norm for one in found]),
        clipped=np.array([one.clipped_norm for one in found]),
        radii=np.array([one.spectral_radius for one in found]),
        gates={name: np.array([one.gate_means[name] for one in found]) for name in (found or [begun])[0].gate_means},
        last=found[-1] if found else begun,
        diverged=diverged,
    )
