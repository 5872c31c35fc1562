"""Real training runs in which gradients explode, clipped at a multiple of the running average of their norm, or not.

The threshold of update k is factor * mean(||g_1|| ... ||g_(k-1)||), the norms as they are before clipping; at the
first update, where there is no average yet, it is factor * ||g_1||. Pascanu, Mikolov & Bengio (2013), section 3.2, look
at the average norm in this way, and write that thresholds from half to ten times it can still yield convergence.

An Elman network of rectified linear units, W_h initialized as the identity (Le, Jaitly & Hinton 2015, "A simple way to
initialize recurrent networks of rectified linear units"), learns `rnnviz.tasks.temporal_order` by plain gradient
descent. relu does not saturate, so that one update in which W_h grows is multiplied at every step. Each factor was
tried with each learning rate: where a small learning rate alone does as well, what a factor seems to do is done by its
smaller steps. `python -m lessons.trained.train_clipped` recorded the runs in lessons/trained/clipped.npz.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from math import log
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import rnnviz as rv

FILE = Path(__file__).parents[1] / "trained" / "clipped.npz"
FACTORS = (0.1, 0.5, 1.0, 2.0, 5.0, 10.0, np.inf)  # infinity: without clipping
RATES = (0.003, 0.01, 0.03, 0.1)
SEEDS = 10
UPDATES, BATCH, STEPS, UNITS = 400, 20, 20, 20
LAST = 50  # updates over which the final loss is averaged
CLASSES = 4
BASELINE = log(CLASSES)  # the loss of guessing
Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Update:
    """One update: the loss of its batch (nats), the norm of the gradient before clipping, and the threshold."""

    loss: float
    norm: float
    threshold: float


@dataclass(frozen=True)
class Runs:
    """What was recorded. F factors, R learning rates, S seeds, K updates. A run that is not finite any more is NaN.

    loss, norm, threshold  (F, R, K), of seed 0; the threshold is infinite where nothing is clipped
    final                  (F, R, S) mean loss of the last LAST updates
    jump                   (F, R, S) the largest norm over the average of all before it
    taken                  (F, R, S) the share of updates that were clipped
    """

    loss: Numbers
    norm: Numbers
    threshold: Numbers
    final: Numbers
    jump: Numbers
    taken: Numbers

    @property
    def learned(self) -> NDArray[np.int64]:
        """How many of the seeds came below half the loss of guessing: (F, R)."""
        return np.asarray((self.final < BASELINE / 2).sum(axis=-1))


def train(factor: float, rate: float, seed: int) -> Iterator[Update]:
    """Train one network, update by update, as long as the caller asks and its gradient is finite."""
    sizes = draw(np.random.default_rng(0))
    run = rv.training.train(
        rv.Network.create(
            "elman",
            input_size=sizes.x.shape[2],
            hidden_size=UNITS,
            output_size=sizes.output_size,
            nonlinearity="relu",
            recurrent_init="identity",
            rng=np.random.default_rng(seed),
        ),
        draw,
        loss=rv.losses.softmax_cross_entropy,
        optimizer=rv.optimizers.chain(rv.transformations.clip_by_average_norm(factor), rv.optimizers.sgd()),
        learning_rate=rate,
        rng=np.random.default_rng([seed, 1]),
    )
    total = 0.0
    with suppress(rv.NonFiniteError):
        for done, checkpoint in enumerate(run):
            norm = checkpoint.gradient_norm
            yield Update(checkpoint.loss, norm, factor * (total / done if done else norm))
            total += norm


def draw(rng: np.random.Generator) -> rv.tasks.SequenceBatch:
    """A batch to learn from."""
    return rv.tasks.temporal_order(rng, BATCH, STEPS)


def averages(norm: Numbers) -> Numbers:
    """The average of all norms before each update; of the first, its own: (K,)."""
    before = np.cumsum(norm)[:-1] / np.arange(1, norm.size)
    return np.concatenate([norm[:1], before])


@cache
def runs() -> Runs:
    """The recorded runs."""
    with np.load(FILE) as saved:
        return Runs(**{name: saved[name].astype(float) for name in Runs.__dataclass_fields__})
