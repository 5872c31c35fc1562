"""Three cells, three tasks that ask for a memory, at any length; how they are initialized, and trained.

Each task has an error that is known before anything is learned: that of whoever answers without looking back
(`rnnviz.tasks`). A run's *error* is its loss on `HELD` sequences that it never learns from. Of the adding problem the
marked numbers there are the midpoints of a 10 x 10 grid, so that answering 1 costs (1 - 1/100) / 6 on them.

Settings and seed alone decide a run: the network's weights come from the generator of `seed`, chrono's biases from
(seed, 2), and all that it reads from (seed, 1).
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from typing import Any

import numpy as np

import rnnviz as rv
from lessons.common import trials
from rnnviz.arrays import Array
from rnnviz.tasks import SequenceBatch
from rnnviz.training import Checkpoint

CELLS = ("elman", "lstm", "gru")
INITS = ("gaussian", "orthogonal", "identity", "chrono")
RECURRENT = {"gaussian": "lecun_normal", "orthogonal": "orthogonal", "identity": "identity", "chrono": "orthogonal"}
UNITS, BATCH, CLIP = 12, 32, 1.0
RATES = {"elman": 0.003, "lstm": 0.01, "gru": 0.01}  # of 0.003 and 0.01, the better one for each cell
USUAL = "usual"  # each cell's own learning rate
HELD, GRID, FIFTH = 100, 10, 5  # sequences to measure on; values of each number of the adding problem among them
RECALL, SYMBOLS = 2, 4  # of copy memory: how long the string is, and of how many symbols
LEARNED = 0.5  # of the baseline: a network whose error is below it has learned something


@dataclass(frozen=True)
class Settings:
    """One run. length: of the sequences, or of the copy problem's delay; rate: a number as text, or `USUAL`."""

    task: str = "adding"
    length: int = 100
    cell: str = "gru"
    init: str = "orthogonal"
    rate: str = USUAL
    seed: int = 0

    @property
    def learning_rate(self) -> float:
        """Of Adam."""
        return RATES[self.cell] if self.rate == USUAL else float(self.rate)

    @property
    def sample(self) -> "Task":
        """(rng, batch_size) -> a batch of the task."""
        return partial(TASKS[self.task], length=self.length)

    def network(self) -> rv.Network:
        """As it is initialized: gates half open, but for chrono's, whose biases are those of memories this long."""
        batch = self.sample(np.random.default_rng(0), 1)
        gated = self.init == "chrono" and self.cell != "elman"
        third = np.random.default_rng([self.seed, 2])
        return rv.Network.create(
            self.cell,
            input_size=batch.x.shape[2],
            hidden_size=UNITS,
            output_size=batch.output_size,
            recurrent_init=RECURRENT[self.init],
            forget_bias=0.0,
            gate_biases=rv.initializers.chrono(self.cell, UNITS, self.length, third) if gated else None,
            rng=np.random.default_rng(self.seed),
        )

    def generator(self) -> np.random.Generator:
        """Of all that the network reads."""
        return np.random.default_rng([self.seed, 1])

    def start(self) -> Checkpoint:
        """The checkpoint of update 0."""
        return rv.training.start(self.network(), rv.optimizers.adam(), self.generator())

    def go(self, checkpoint: Checkpoint) -> Iterator[Checkpoint]:
        """Trained on from a checkpoint."""
        return rv.training.train(
            checkpoint,
            partial(self.sample, batch_size=BATCH),
            loss=LOSSES[self.task],
            optimizer=rv.optimizers.adam(),
            learning_rate=self.learning_rate,
            clip=trials.clipped_at(CLIP),
        )

    @property
    def token(self) -> tuple[Any, ...]:
        """All that makes another training of it."""
        return trials.token(self)

    def of(self, cell: str) -> "Settings":
        """The same for another cell."""
        return replace(self, cell=cell)


Task = Callable[..., SequenceBatch]


def adding(rng: np.random.Generator, batch_size: int, length: int) -> SequenceBatch:
    """Two marked numbers of `length`: what is their sum?"""
    return rv.tasks.adding(rng, batch_size, length)


def copy(rng: np.random.Generator, batch_size: int, length: int) -> SequenceBatch:
    """A string of symbols, `length` steps of waiting, and the string once more."""
    return rv.tasks.copy_memory(rng, batch_size, length, num_recall=RECALL, num_symbols=SYMBOLS)


def order(rng: np.random.Generator, batch_size: int, length: int) -> SequenceBatch:
    """Two symbols among `length`: which came first?"""
    return rv.tasks.temporal_order_fixed(rng, batch_size, length)


TASKS: Mapping[str, Task] = {"adding": adding, "copy": copy, "order": order}
LOSSES = {
    "adding": rv.losses.mean_squared_error,
    "copy": rv.losses.softmax_cross_entropy,
    "order": rv.losses.softmax_cross_entropy,
}


@lru_cache(maxsize=32)
def held_out(task: str, length: int) -> SequenceBatch:
    """The sequences on which errors are measured."""
    batch = TASKS[task](np.random.default_rng(2012), HELD, length)
    if task != "adding":
        return batch
    middles = (np.arange(GRID) + 0.5) / GRID
    numbers = np.stack([np.repeat(middles, GRID), np.tile(middles, GRID)])  # (2, HELD): the first, the second
    x, targets = batch.x.copy(), batch.targets.copy()
    steps = np.argsort(x[:, :, 1], axis=0, kind="stable")[-2:]  # both marks, in the order of time
    np.put_along_axis(x[:, :, 0], steps, numbers, axis=0)
    targets[-1, :, 0] = numbers.sum(axis=0)
    return replace(batch, x=x, targets=targets, baseline=float(((numbers.sum(axis=0) - 1) ** 2).mean()))


@dataclass(frozen=True, eq=False)
class Measured:
    """One network on the sequences that are held out.

    answers  y (T, HELD, Q); error: their loss; right: the share of right ones among those that count
    reach    (T,) ||dL/ds_t|| / ||dL/ds_T||, of the state s that is handed on: c of an LSTM, h of the others
    """

    answers: Array
    error: float
    right: float
    reach: Array


def measured(network: rv.Network, task: str, length: int) -> Measured:
    """Of this network."""
    batch = held_out(task, length)
    y = rv.unroll(network, batch.x).y
    return Measured(y, float(batch.loss(y).value), batch.accuracy(y), reach(network, task, length))


def reach(network: rv.Network, task: str, length: int) -> Array:
    """What is left of the gradient at each step, (T,), on every fifth of these sequences; see `Measured`."""
    batch = held_out(task, length)
    few = replace(
        batch,
        x=batch.x[:, ::FIFTH],
        targets=batch.targets[:, ::FIFTH],
        mask=batch.mask[:, ::FIFTH],
        lengths=batch.lengths[::FIFTH],
    )
    trace = rv.unroll(network, few.x)
    found = rv.backpropagate(network, trace, few.loss(trace.y).dy)[0, 0]
    norms = np.sqrt(np.square(found.dc if network.cell == "lstm" else found.dh).sum(axis=(1, 2)))
    return np.asarray(norms / norms[-1])
