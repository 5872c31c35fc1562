"""A real training run, clipped at a multiple of the running average of its gradient's norm; and what came of it.

The threshold of update k is factor * mean(||g_1|| ... ||g_(k-1)||), the norms as they are before clipping; at the
first update, where there is no average yet, it is factor * ||g_1||. Pascanu, Mikolov & Bengio (2013), section 3.2, look
at the average norm in this way, and write that thresholds from half to ten times it can still yield convergence.

An Elman network with tanh units learns `rnnviz.tasks.temporal_order` by plain gradient descent. The runs take minutes,
so they were made beforehand: `python -m lessons.trained.train_clipped` writes them to lessons/trained/clipped.npz.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import rnnviz as rv

FILE = Path(__file__).parents[1] / "trained" / "clipped.npz"
FACTORS = (0.1, 0.5, 1.0, 2.0, 5.0, 10.0, np.inf)  # infinity: without clipping
SEEDS = 10
UPDATES, BATCH, STEPS, UNITS = 400, 20, 20, 20
LEARNING_RATE, GAIN = 0.1, 1.3
LAST = 50  # updates over which the final loss is averaged
Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Update:
    """One update: the loss of its batch (nats), the norm of the gradient before clipping, and the threshold."""

    loss: float
    norm: float
    threshold: float


@dataclass(frozen=True)
class Runs:
    """What was recorded. F factors, S seeds, K updates.

    loss, norm, threshold  (F, K), of seed 0; the threshold is infinite where nothing is clipped
    final                  (F, S) mean loss of the last LAST updates
    baseline               the loss of guessing
    """

    loss: Numbers
    norm: Numbers
    threshold: Numbers
    final: Numbers
    baseline: float

    def learned(self) -> NDArray[np.int64]:
        """For each factor, how many of the seeds came below half the baseline: (F,)."""
        return np.asarray((self.final < self.baseline / 2).sum(axis=1))


def train(factor: float, seed: int) -> Iterator[Update]:
    """Train one network, update by update, for as long as the caller asks."""
    rng = np.random.default_rng([seed, 1])
    batch = rv.tasks.temporal_order(rng, BATCH, STEPS)
    net = rv.Network.create(
        "elman",
        input_size=batch.x.shape[2],
        hidden_size=UNITS,
        output_size=batch.output_size,
        recurrent_init=partial(rv.initializers.orthogonal, gain=GAIN),
        rng=np.random.default_rng(seed),
    )
    optimizer = rv.optimizers.sgd()
    state, total, done = optimizer.init(net.state_dict()), 0.0, 0
    while True:
        trace = rv.unroll(net, batch.x, lengths=batch.lengths)
        loss = rv.losses.softmax_cross_entropy(trace.y, batch.targets, batch.mask)
        grads = rv.backpropagate(net, trace, loss.dy).params
        norm = rv.clipping.global_norm(grads)
        threshold = factor * (total / done if done else norm)
        clipped = rv.clipping.clip_by_global_norm(grads, threshold)
        yield Update(loss.value, norm, threshold)
        params, state = optimizer.update(clipped.grads, state, net.state_dict(), LEARNING_RATE)
        net, total, done = net.with_parameters(params), total + norm, done + 1
        batch = rv.tasks.temporal_order(rng, BATCH, STEPS)


@cache
def runs() -> Runs:
    """The recorded runs."""
    with np.load(FILE) as saved:
        return Runs(
            **{name: saved[name].astype(float) for name in ("loss", "norm", "threshold", "final")}, baseline=np.log(4.0)
        )
