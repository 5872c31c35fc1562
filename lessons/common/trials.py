"""What the runs of several lessons have in common: a seed, Adam, gradients clipped by their global norm.

    run = Settings(...)                               # a frozen dataclass, all that decides a run; token(run): itself
    checkpoint = start(run.network(), run.seed)       # update 0
    for checkpoint in go(checkpoint, sample, learning_rate=cooled(0.01, 200), clip=1.0): ...

Where a run is another one, with another optimizer or regularization, `token` and `clipped_at` serve alone.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields
from functools import cache
from typing import Any

import numpy as np

import rnnviz as rv
from rnnviz.arrays import Array
from rnnviz.training import Checkpoint

Sample = Callable[[np.random.Generator], Any]


def token(settings: Any) -> tuple[Any, ...]:
    """All that makes another training of it."""
    return tuple(getattr(settings, one.name) for one in fields(settings))


def start(network: Any, seed: int) -> Checkpoint[Any]:
    """The checkpoint of update 0; what is drawn while it learns is not what it was initialized with."""
    return rv.training.start(network, rv.optimizers.adam(), np.random.default_rng([seed, 1]))


def go(
    checkpoint: Checkpoint[Any], sample: Sample, *, learning_rate: float | Callable[[int], float], clip: float
) -> Iterator[Checkpoint[Any]]:
    """Trained on from a checkpoint, of a batch for each update."""
    adam = rv.optimizers.adam()
    return rv.training.train(checkpoint, sample, optimizer=adam, learning_rate=learning_rate, clip=clipped_at(clip))


def clipped_at(most: float) -> Callable[[Mapping[str, Array]], dict[str, Array]]:
    """Gradients to gradients, clipped by their global norm."""
    return lambda grads: dict(rv.clipping.clip_by_global_norm(grads, most).grads)


@cache
def cooled(rate: float, after: int) -> Callable[[int], float]:
    """A learning rate that is a tenth from an update on."""
    return lambda update: rate if update < after else rate / 10
