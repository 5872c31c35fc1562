"""Three cells on the same tasks, with as many parameters or units as an LSTM: how they are initialized, and trained.

Each task has an error that is known before anything is learned, that of answering without memory (`rnnviz.tasks`). A
run's *error* is its loss on `HELD` sequences that it never learns from, as a share of that baseline. Counting has a
score of its own: how far a network counts, the largest n up to which it accepts all a^m b^m, m = 1 ... n; it learns
from n of at most `LONGEST`, and is tried up to `TRIED`.

Settings and seed alone decide a run: the network's weights come from the generator of `seed`, all that it reads from
(seed, 1), whatever the cell: so all cells read the same sequences.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

import rnnviz as rv
from lessons.common import trials
from lessons.common.lanes import Lane
from rnnviz.arrays import Array
from rnnviz.cells import CELLS
from rnnviz.tasks import SequenceBatch
from rnnviz.training import Checkpoint

NAMES = ("elman", "lstm", "gru")
TASKS = ("adding", "order", "copy", "echo", "count")
SIZES = ("parameters", "units")  # what is as many as in the LSTM
RATES = (0.003, 0.01)  # learning rates of Adam that every cell was tried with
UNITS, BATCH, CLIP = 12, 32, 1.0  # hidden units of the LSTM; sequences of an update; threshold of clipping by norm
STEPS, DELAY, ECHO = 30, 10, 5  # of adding and order; of copy memory; of the echo
RECALL, SYMBOLS = 3, 4  # copy memory: how long the string is, of how many symbols
LONGEST, TRIED = 10, 40
HELD = 100
LEARNED = 0.1  # of the baseline: whose error is below it has learned the task
MOST_UNITS = 256


def sample(task: str, rng: np.random.Generator, batch_size: int = BATCH) -> SequenceBatch:
    """A batch of a task."""
    if task == "adding":
        return rv.tasks.adding(rng, batch_size, STEPS)
    if task == "order":
        return rv.tasks.temporal_order_fixed(rng, batch_size, STEPS)
    if task == "copy":
        return rv.tasks.copy_memory(rng, batch_size, DELAY, RECALL, SYMBOLS)
    if task == "echo":
        return rv.tasks.delayed_echo(rng, batch_size, STEPS, ECHO)
    return rv.tasks.a_n_b_n(rng, batch_size, LONGEST)


@lru_cache(maxsize=8)
def held_out(task: str) -> SequenceBatch:
    """The sequences on which errors are measured; of counting, every n once."""
    return strings(1, LONGEST) if task == "count" else sample(task, np.random.default_rng(2014), HELD)


def strings(shortest: int, longest: int) -> SequenceBatch:
    """a^n b^n for every n from shortest to longest."""
    each = [rv.tasks.a_n_b_n(np.random.default_rng(0), 1, n, n) for n in range(shortest, longest + 1)]
    x, targets, mask = (np.zeros((2 * longest + 1, len(each), *rest), kind) for rest, kind in KINDS)
    for k, one in enumerate(each):
        T = len(one.x)
        x[:T, k], targets[:T, k], mask[:T, k] = one.x[:, 0], one.targets[:, 0], one.mask[:, 0]
    baseline = rv.tasks.a_n_b_n(np.random.default_rng(0), 1, longest, shortest).baseline
    lengths = mask.sum(axis=0, dtype=np.int64)
    return replace(each[-1], x=x, targets=targets, mask=mask, lengths=lengths, baseline=baseline)


KINDS: tuple[tuple[tuple[int, ...], Any], ...] = (((3,), np.float64), ((3,), np.bool_), ((), np.bool_))


@lru_cache(maxsize=1)
def tried() -> SequenceBatch:
    """a^n b^n for n = 1 ... TRIED."""
    return strings(1, TRIED)


def counts_to(y: Array) -> int:
    """How far a network counts whose answers to `tried()` are y (T, TRIED, Q)."""
    right = tried().solved(y)
    return int(right.argmin()) if not right.all() else TRIED


def reach(task: str, network: rv.Network) -> int:
    """How far a network counts; -1 where that is not its task."""
    return counts_to(rv.unroll(network, tried().x).y) if task == "count" else -1


def error(task: str, y: Array) -> float:
    """Of answers to `held_out(task)`, as a share of the baseline."""
    batch = held_out(task)
    return float(batch.loss(y).value) / batch.baseline


@lru_cache(maxsize=64)
def sizes(task: str, like: int = UNITS) -> Mapping[str, Mapping[str, int]]:
    """{size: {cell: hidden units}} beside an LSTM with `like` units: as many units, or as nearly as many parameters."""
    wanted = parameters(task, "lstm", like)
    nearest = {cell: min(range(1, MOST_UNITS), key=lambda H: abs(parameters(task, cell, H) - wanted)) for cell in NAMES}
    return {"parameters": {**nearest, "lstm": like}, "units": dict.fromkeys(NAMES, like)}


def parameters(task: str, cell: str, H: int) -> int:
    """Of the cell, and of the readout, Q (H + 1)."""
    inputs, outputs = width(task)
    return CELLS[cell].parameter_count(inputs, H) + outputs * (H + 1)


def multiply_adds(task: str, cell: str, H: int) -> int:
    """Of one step for one sequence: of the cell, and of the readout, Q H."""
    inputs, outputs = width(task)
    return CELLS[cell].multiply_adds(inputs, H) + outputs * H


@lru_cache(maxsize=8)
def width(task: str) -> tuple[int, int]:
    """I and Q."""
    batch = sample(task, np.random.default_rng(0), 1)
    return int(batch.x.shape[2]), batch.output_size


@dataclass(frozen=True)
class Settings:
    """One run. size: what the network has as many of as an LSTM with `like` units; rate: the learning rate."""

    task: str = "adding"
    cell: str = "lstm"
    size: str = "parameters"
    rate: float = 0.01
    like: int = UNITS
    seed: int = 0

    @property
    def units(self) -> int:
        """H."""
        return sizes(self.task, self.like)[self.size][self.cell]

    def network(self) -> rv.Network:
        """As it is initialized."""
        inputs, outputs = width(self.task)
        rng = np.random.default_rng(self.seed)
        return rv.Network.create(self.cell, input_size=inputs, hidden_size=self.units, output_size=outputs, rng=rng)

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
            lambda rng: sample(self.task, rng),
            optimizer=rv.optimizers.adam(),
            learning_rate=self.rate,
            clip=trials.clipped_at(CLIP),
        )

    @property
    def token(self) -> tuple[Any, ...]:
        """All that makes another training of it."""
        return trials.token(self)

    def lane(self, label: str) -> Lane:
        """As a lane of the live stage."""
        return Lane(self.cell, self.start, self.go, token=self.token, label=label)

    def of(self, cell: str) -> "Settings":
        """The same for another cell."""
        return replace(self, cell=cell)


RACES = {"adding": 600, "count": 600, "echo": 200}  # the story's live races, all of seed 0: task and updates
BETWEEN = 5  # updates between two pictures of a race


def better(first: NDArray[np.float64], second: NDArray[np.float64]) -> float:
    """The share of pairs, one of each, in which the first is smaller; ties count half (Mann & Whitney 1947)."""
    return float(((first[:, None] < second) + 0.5 * (first[:, None] == second)).mean())
