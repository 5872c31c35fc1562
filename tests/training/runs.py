"""Short runs on the adding problem, and what makes two of them the same to the bit."""

from collections.abc import Iterator
from dataclasses import asdict
from functools import partial
from itertools import islice
from typing import Any

import numpy as np

import rnnviz as rv
from rnnviz.training import Checkpoint

CELLS = ("elman", "lstm", "gru")
adding = partial(rv.tasks.adding, batch_size=6, num_steps=8)
clip = partial(rv.clipping.clip_by_global_norm, max_norm=0.1)


def network(cell: str = "lstm", **changes: Any) -> rv.Network:
    sizes: dict[str, Any] = {"input_size": 2, "hidden_size": 4, "output_size": 1}
    return rv.Network.create(cell, **sizes | changes, rng=np.random.default_rng(5))


def clipped(grads: dict[str, Any]) -> dict[str, Any]:
    return clip(grads).grads


def rules(**changes: Any) -> dict[str, Any]:
    """The arguments of `train` that a run and its continuation share."""
    return {
        "sample": adding,
        "loss": rv.losses.mean_squared_error,
        "optimizer": rv.optimizers.adam(),
        "learning_rate": rv.schedules.cosine(0.02, 0.0, 20),
        "clip": clipped,
    } | changes


def train(start: rv.Network | Checkpoint, seed: int = 0, **given: Any) -> Iterator[Checkpoint]:
    return rv.training.train(start, rng=np.random.default_rng(seed), **given)


def first(count: int, start: rv.Network | Checkpoint, seed: int = 0, **given: Any) -> list[Checkpoint]:
    return list(islice(train(start, seed, **given), count))


def numbers(checkpoint: Checkpoint) -> dict[str, Any]:
    """Everything that has to be the same when a run is repeated, as {name: array}: all but the seconds."""
    found = {
        name: np.asarray(getattr(checkpoint, name))
        for name in ("update", "loss", "gradient_norm", "clipped_norm", "learning_rate", "step_norms")
    }
    found |= {f"gate {gate}": np.asarray(mean) for gate, mean in checkpoint.gate_means.items()}
    found |= {f"carried {name}": a for name, a in checkpoint.carried.items()}
    found |= checkpoint.network.state_dict()
    if checkpoint.optimizer_state is not None:
        for letter, moment in checkpoint.optimizer_state.moments.items():
            found |= {f"{letter} {name}": np.asarray(a) for name, a in moment.items()}
    if checkpoint.plateau is not None:
        found |= {f"plateau {name}": np.asarray(one) for name, one in asdict(checkpoint.plateau).items()}
    return found | {"next": checkpoint.rng.generator().random(3)}


def same(one: Checkpoint, other: Checkpoint) -> bool:
    """To the bit, data types included."""
    mine, its = numbers(one), numbers(other)
    return mine.keys() == its.keys() and all(
        mine[name].dtype == its[name].dtype and np.array_equal(mine[name], its[name], equal_nan=True) for name in mine
    )


def same_run(one: list[Checkpoint], other: list[Checkpoint]) -> bool:
    return len(one) == len(other) and all(map(same, one, other))
