"""Seven claims of the field, each as one record: the task, the networks, and how they are trained and judged.

An *entry* compares *arms*, such as an LSTM and an Elman network, on one task at one or several lengths. A run is
one arm at one length with one seed: the seed draws its initial weights and, by a generator of its own, its batches. Its
*score* is measured on sequences that no update reads, the same for all runs of a length: their loss, or the share of
them that are answered right. `python -m lessons.trained.papers` has done all runs, those of one arm together
(rnnviz.sweep.train); `start` and `go` do one again, alone.

What was published, and where we do less than the paper, says the language file.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, partial
from typing import Any

import numpy as np

import rnnviz as rv
from lessons.common import trials
from rnnviz.arrays import Array
from rnnviz.optimizers import Optimizer
from rnnviz.tasks import SequenceBatch
from rnnviz.training import Checkpoint

LOSS, RIGHT = "loss", "right"  # what a score is
EXAM = 1997  # seed of the sequences that runs are measured on


@dataclass(frozen=True)
class Arm:
    """One of those that are compared: `make` has the settings of `Network.create`; clip: the largest norm."""

    id: str
    cell: str
    clip: float | None = 1.0
    make: Callable[[int, int, np.random.Generator], Mapping[str, Any]] = field(default=lambda _, __, ___: {})


@dataclass(frozen=True)
class Entry:
    """One claim.

    task      (rng, batch_size, length) -> batch
    arms      what is compared, the one that should learn first
    lengths   of the sequences; shown: the one that is opened
    updates   of each run; every: how many between two scores, of which there are updates / every + 1
    score     LOSS or RIGHT; good: a run has learned from this share on, or up to this share of the loss of guessing
    varied    whether lengths are drawn anew for each batch, up to `lengths`, from the number that `varied` says
    """

    id: str
    task: Callable[[np.random.Generator, int, int], SequenceBatch]
    arms: tuple[Arm, ...]
    lengths: tuple[int, ...]
    units: int
    batch: int
    updates: int
    every: int
    seeds: int
    optimizer: Optimizer
    rate: float | Callable[[int], Any]
    score: str
    good: float
    varied: int | None = None
    exam: int = 500
    quick: int = 5  # updates between two pictures, where it is trained anew

    def arm(self, name: str) -> Arm:
        """One of them."""
        return next(one for one in self.arms if one.id == name)

    def sample(self, length: int) -> Callable[[np.random.Generator], SequenceBatch]:
        """What one update reads."""
        return partial(_sample, self, length)

    def network(self, arm: str, length: int, rng: np.random.Generator) -> rv.Network:
        """As it is initialized."""
        sizes, chosen = examined(self.id, length), self.arm(arm)
        return rv.Network.create(
            chosen.cell,
            input_size=sizes.x.shape[2],
            hidden_size=self.units,
            output_size=sizes.output_size,
            rng=rng,
            **chosen.make(self.units, length, rng),
        )

    def start(self, arm: str, length: int, seed: int) -> Checkpoint:
        """A run before its first update."""
        weights, batches = generators(np.random.default_rng(seed))
        return rv.training.start(self.network(arm, length, weights), self.optimizer, batches)

    def go(self, checkpoint: Checkpoint, *, arm: str, length: int) -> Iterator[Checkpoint]:
        """Trained on from a checkpoint."""
        clip = self.arm(arm).clip
        return rv.training.train(
            checkpoint,
            self.sample(length),
            optimizer=self.optimizer,
            learning_rate=self.rate,
            clip=None if clip is None else trials.clipped_at(clip),
        )

    def measured(self, network: rv.Network, length: int) -> float:
        """The score of a network."""
        batch = examined(self.id, length)
        return self.of(batch, rv.unroll(network, batch.x).y)

    def of(self, batch: SequenceBatch, y: Array) -> float:
        """The score of these answers; NaN where they are not finite."""
        if not np.isfinite(y).all():
            return np.nan
        return batch.loss(y).value if self.score == LOSS else float(batch.accuracy(y))

    def learned(self, scores: Array) -> Any:
        """Which scores are those of runs that have learned."""
        if self.score == LOSS:
            return scores <= self.good * self.guessing(self.lengths[-1])
        return scores >= self.good

    def guessing(self, length: int) -> float:
        """The score of whoever remembers nothing."""
        batch = examined(self.id, length)
        return batch.baseline if self.score == LOSS else 1.0 / batch.output_size


def generators(rng: np.random.Generator) -> tuple[np.random.Generator, np.random.Generator]:
    """Of the weights, and of the batches: two of their own."""
    weights, batches = rng.spawn(2)
    return weights, batches


@cache
def examined(name: str, length: int) -> SequenceBatch:
    """The sequences on which the runs of an entry are measured."""
    entry = ENTRIES[name]
    return entry.task(np.random.default_rng(EXAM), entry.exam, length)


def _sample(entry: Entry, length: int, rng: np.random.Generator) -> SequenceBatch:
    drawn = length if entry.varied is None else int(rng.integers(entry.varied, length, endpoint=True))
    return entry.task(rng, entry.batch, drawn)


def _input_gate(_units: int, _length: int, _rng: np.random.Generator) -> Mapping[str, Any]:
    return {"gate_biases": {"i": -1.0, "f": 1.0}}


def _gaussian(units: int, _length: int, _rng: np.random.Generator) -> Mapping[str, Any]:
    return {"recurrent_init": partial(rv.initializers.normal, std=units**-0.5)}


def _chrono(units: int, length: int, rng: np.random.Generator) -> Mapping[str, Any]:
    return {"gate_biases": rv.initializers.chrono("lstm", units, length, rng)}


def _copy(rng: np.random.Generator, batch_size: int, delay: int) -> SequenceBatch:
    return rv.tasks.copy_memory(rng, batch_size, delay)


LSTM, ELMAN = Arm("lstm", "lstm"), Arm("elman", "elman")
ADAM, SGD, RMSPROP = rv.optimizers.adam(), rv.optimizers.sgd(), rv.optimizers.rmsprop(alpha=0.9)
HALVED_EVERY = 1500  # updates
HALVED = rv.schedules.step_decay(0.005, 0.5, HALVED_EVERY)
LEARNED = 0.99

ENTRIES: dict[str, Entry] = {
    entry.id: entry
    for entry in (
        Entry("adding", rv.tasks.adding, (LSTM, ELMAN), (100,), 8, 32, 6000, 150, 5, ADAM, HALVED, LOSS, 0.1),
        Entry(
            "order",
            rv.tasks.temporal_order,
            (Arm("lstm", "lstm", make=_input_gate), ELMAN),
            (50,), 4, 32, 3000, 150, 5, ADAM, 0.02, RIGHT, LEARNED,
        ),
        Entry(
            "varied",
            rv.tasks.temporal_order_fixed,
            (Arm("clipped", "elman"),),
            (50,), 100, 20, 10000, 250, 3, SGD, 0.01, RIGHT, LEARNED, varied=20,
        ),
        Entry("copy", _copy, (ELMAN,), (100,), 40, 32, 1000, 50, 3, RMSPROP, 0.001, LOSS, 0.1, exam=100),
        Entry(
            "clipping",
            rv.tasks.temporal_order_fixed,
            (Arm("clipped", "elman"), Arm("unclipped", "elman", clip=None)),
            (20, 30, 40), 50, 20, 1500, 50, 5, SGD, 0.05, RIGHT, LEARNED,
        ),
        Entry(
            "orthogonal",
            rv.tasks.temporal_order_fixed,
            (Arm("orthogonal", "elman"), Arm("gaussian", "elman", make=_gaussian)),
            (20, 40, 60), 32, 32, 1500, 50, 5, ADAM, 0.001, RIGHT, LEARNED,
        ),
        Entry(
            "chrono",
            rv.tasks.adding,
            (Arm("chrono", "lstm", make=_chrono), Arm("constant", "lstm")),
            (150,), 8, 32, 1200, 40, 5, ADAM, 0.005, LOSS, 0.1,
        ),
    )
}  # fmt: skip
