"""What is recorded of each update, and the pictures of it."""

from collections.abc import Mapping, Sequence
from functools import lru_cache, partial
from typing import Any

import numpy as np

import rnnviz as rv
from lessons.common import live
from lessons.common.text import Words
from lessons.optimizers_and_schedules import experiment, hills
from lessons.optimizers_and_schedules.experiment import LAST, RATES, Settings
from lessons.optimizers_and_schedules.hills import Plane
from lessons.optimizers_and_schedules.rates import SOLVED, finals
from rnnviz.plots import prepare
from rnnviz.plots.prepared import Prepared
from rnnviz.training import Checkpoint

LEVELS = 11  # contour lines of a map
LOWEST = 1e-6  # of the axis of a loss that goes to zero
SMOOTH = {"same": 0, "new": LAST}  # of so many losses the mean stands out
MAP = "map"


@lru_cache(maxsize=8)
def recorder(hill: str, seed: int) -> live.Record:
    """The record of a checkpoint of any walk from this start."""
    return partial(record, experiment.plane(hill, seed))


def record(plane: Plane, checkpoint: Checkpoint) -> dict[str, Any]:
    """Loss, norm, learning rate, and where on the map it stands."""
    return {
        "loss": checkpoint.loss,
        "gradient_norm": checkpoint.clipped_norm,
        "learning_rate": checkpoint.learning_rate,
        "point": plane.project(checkpoint.network),
    }


def lane(name: str, settings: Settings, label: str) -> live.Lane:
    """A walk as a lane."""
    return live.Lane(name, settings.start, settings.go, token=settings.token, label=label)


@lru_cache(maxsize=8)
def constants(hill: str, seed: int) -> dict[str, Any]:
    """The map, the same object each time; its contour lines by equal steps of the loss's logarithm."""
    x, y = experiment.plane(hill, seed).over
    z = experiment.heights(hill, seed)
    low, high = np.quantile(z, [0.01, 0.97])
    return {MAP: live.chart(x, y, z, np.geomspace(low, high, LEVELS))}


def suits(words: Words) -> Prepared:
    """Which optimizer learns the echo with which learning rate, of how many starts."""
    say = words.labels("plots.suits", {"share": SOLVED})
    records = [
        {"optimizer": name, "rate": rate, "solved": bool(one < SOLVED)}
        for name, rows in finals().items()
        for rate, row in zip(RATES, rows)
        for one in row
    ]
    found = rv.sweep.shares(records, "solved", by=("optimizer", "rate"))
    numbers = (a[:, None] for a in (found.hits, found.count, found.low, found.high))
    names = [words.label(f"lanes.{name}") for name in finals()]
    columns = [f"{rate:g}" for rate in RATES]
    return prepare.success(say["title"], names, columns, *numbers, across=say["across"], picks="suits")


def panels(names: Sequence[str], words: Words, walks: Sequence[Settings]) -> list[live.Panel]:
    """Panels of these walks by name, in this order."""
    return [PANELS[name](words.labels("panels"), walks) for name in names]


def explored(walks: Sequence[Settings], words: Words) -> list[list[live.Panel]]:
    """All panels of Explore, in rows."""
    return [panels(row, words, walks) for row in (["map", "loss"], ["rate", "norm"])]


def _map(said: Mapping[str, Any], walks: Sequence[Settings]) -> live.Panel:
    hill = walks[0].hill
    axes = said["axes"][hill]
    goal = (said["goal"], hills.GOAL) if hill == "imitate" else None
    return live.paths("point", MAP, said["map"][hill], axes=(axes["across"], axes["up"]), goal=goal)


def _loss(said: Mapping[str, Any], walks: Sequence[Settings]) -> live.Panel:
    low = LOWEST if walks[0].hill == "imitate" else None
    return live.loss(title=said["loss"], smooth=SMOOTH[walks[0].batches], low=low)


def _rate(said: Mapping[str, Any], walks: Sequence[Settings]) -> live.Panel:
    highest = max(one.rate for one in walks)  # no schedule goes beyond its learning rate
    return live.curve("learning_rate", said["rate"], low=0.0, high=1.05 * highest)


PANELS = {
    "map": _map,
    "loss": _loss,
    "rate": _rate,
    "norm": lambda said, _: live.curve("gradient_norm", said["norm"], scale="log"),
}
