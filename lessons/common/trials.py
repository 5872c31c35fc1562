"""What the runs of several lessons have in common: a seed, Adam, gradients clipped by their global norm.

    run = Settings(...)                               a frozen dataclass, all that decides a run; token(run): itself
checkpoint = start(run.network(), run.seed)       update 0
for checkpoint in go(checkpoint, sample, learning_rate=cooled(0.01, 200), clip=1.0): ...
"""

from collections.abc import Callable, Iterator
from dataclasses import fields
from functools import cache, partial
from typing import Any

import numpy as np

import rnnviz as rv
from rnnviz.arrays import Array
from rnnviz.training import Checkpoint

Sample = Callable[[np.random.Generator], Any]


def token(settings: Any) -> tuple[Any, ...]:
    """All that makes another training of it."""
    return tuple(getattr(settings, one.name) for one in fields(settings))


def start(network: rv.Network, seed: int) -> Checkpoint:
    """The checkpoint of update 0; what is drawn while it learns is not what it was initialized with."""
    return rv.training.start(network, rv.optimizers.adam(), np.random.default_rng([seed, 1]))


def go(
    checkpoint: Checkpoint, sample: Sample, *, learning_rate: float | Callable[[int], float], clip: float
) -> Iterator[Checkpoint]:
    """Trained on from a checkpoint, of a batch for each update."""
    adam = rv.optimizers.adam()
    return rv.training.train(
        checkpoint, sample, optimizer=adam, learning_rate=learning_rate, clip=partial(clipped, most=clip)
    )


def clipped(grads: dict[str, Array], most: float) -> dict[str, Array]:
    """By their global norm."""
    return dict(rv.clipping.clip_by_global_norm(grads, most).grads)


@cache
def cooled(rate: float, after: int) -> Callable[[int], float]:
    """A learning rate that is a tenth from an update on."""
    return lambda update: rate if update < after else rate / 10
