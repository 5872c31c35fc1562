"""Networks that forecast a series: at once, or step by step out of their own forecasts.

    direct     reads a window of z, and says at its end all the z of the horizon: Q = horizon outputs
    feedback   says after each step the next z, Q = 1; beyond the last known one it reads its own forecasts

Both are trained with the mean squared error of z, by Adam, on windows that end in the series' first half. Settings and
seed alone decide a run.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import numpy as np

import rnnviz as rv
from lessons.common import trials
from lessons.forecasting.series import Series
from rnnviz.arrays import Array
from rnnviz.tasks import SequenceBatch
from rnnviz.training import Checkpoint

UNITS, BATCH, CLIP, RATE = 16, 32, 1.0, 0.005
HOW = ("direct", "feedback")


@dataclass(frozen=True)
class Settings:
    """One run."""

    series: Series
    how: str = "direct"
    cell: str = "gru"
    seed: int = 0

    def network(self) -> rv.Network:
        """As it is initialized."""
        outputs = self.series.horizon if self.how == "direct" else 1
        rng = np.random.default_rng(self.seed)
        return rv.Network.create(self.cell, input_size=1, hidden_size=UNITS, output_size=outputs, rng=rng)

    def start(self) -> Checkpoint:
        """The checkpoint of update 0."""
        return trials.start(self.network(), self.seed)

    def go(self, checkpoint: Checkpoint) -> Iterator[Checkpoint]:
        """Trained on from a checkpoint."""
        return rv.training.train(
            checkpoint, self.sample, loss=rv.losses.mean_squared_error, optimizer=rv.optimizers.adam(),
            learning_rate=RATE, clip=trials.clipped_at(CLIP),
        )  # fmt: skip

    def sample(self, rng: np.random.Generator) -> SequenceBatch:
        """Windows of the first half, drawn at random."""
        first = self.series.origins(0, self.series.learned)
        origins = rng.choice(first, BATCH)
        return batch(self.series, self.how, origins, rng.integers(self.series.z.shape[1], size=BATCH))

    def trained(self, updates: int) -> rv.Network:
        """After so many updates."""
        return next(islice(self.go(self.start()), updates - 1, None)).network


def windows(series: Series, origins: Array, which: Array) -> Array:
    """(T, B, 1): what is read before each of B origins, of the series `which` (B,)."""
    at = origins[None, :] + np.arange(1 - series.window, 1)[:, None]
    return np.asarray(series.z[at, which[None, :]][:, :, None])


def batch(series: Series, how: str, origins: Array, which: Array) -> SequenceBatch:
    """Windows and what is to be said of them."""
    x, count = windows(series, origins, which), len(origins)
    if how == "feedback":
        ahead = origins[None, :] + np.arange(2 - series.window, 2)[:, None]
        targets, mask = series.z[ahead, which[None, :]][:, :, None], np.ones(x.shape[:2], bool)
    else:
        after = origins[:, None] + np.arange(1, series.horizon + 1)[None, :]
        targets, mask = np.zeros((len(x), count, series.horizon)), np.zeros(x.shape[:2], bool)
        targets[-1], mask[-1] = series.z[after, which[:, None]], True
    lengths = np.full(count, len(x))
    return SequenceBatch(x, targets, mask, lengths, targets.shape[2], float(np.square(targets[mask]).mean()))


def forecast(network: rv.Network, series: Series, origins: Array, shocks: Array | None = None) -> Array:
    """(horizon, n, S) values that a network forecasts from n origins.

    shocks  (horizon, n, S) of z: what is added to each forecast before it is fed back
    """
    count, many = len(origins), series.values.shape[1]
    at, which = np.repeat(origins, many), np.tile(np.arange(many), count)
    trace = rv.unroll(network, windows(series, at, which))
    z = trace.y[-1].T
    if network.output_size == 1:
        z = fed_back(network, trace, series.horizon, None if shocks is None else shocks.reshape(len(shocks), -1))
    return series.back(z, series.values[at, which]).reshape(series.horizon, count, many)


def fed_back(network: rv.Network, trace: rv.Trace, horizon: int, shocks: Array | None = None) -> Array:
    """(horizon, B): each forecast becomes the next input."""
    said = []
    for step in range(horizon):
        z = trace.y[-1] + (0 if shocks is None else shocks[step][:, None])
        said.append(z[:, 0])
        last = trace[0, 0]
        c = last.c[-1:] if network.cell == "lstm" else None
        trace = rv.unroll(network, z[None], None, last.h[-1:], c)
    return np.stack(said)
