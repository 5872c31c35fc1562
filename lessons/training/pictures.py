"""What is recorded of each update, and the pictures of it."""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, partial
from typing import Any

import numpy as np

import rnnviz as rv
from lessons.common import live
from lessons.common.text import Words
from lessons.training.experiment import BASELINE, Settings, answers, shown
from rnnviz.arrays import Array
from rnnviz.player.learn import Panel
from rnnviz.training import Checkpoint

HIGHEST = 2.2  # of the axis on which the sea is drawn
OVERFLOWS = 1.0, 1e308  # the axis of a loss that diverges, as far as float64 goes
CHANGED, FAR = 0.1, 0.4  # full colour of what has changed in a weight: in the story, in Explore


@lru_cache(maxsize=16)
def recorder(settings: Settings) -> live.Record:
    """The record of a checkpoint that came of these settings' initial weights."""
    return partial(record, recurrent(settings.network()))


def record(first: Array, checkpoint: Checkpoint) -> dict[str, Any]:
    """`live.usual`, what is said of the sea that is shown, and by how much W_h has moved away from `first`."""
    network = checkpoint.network
    return live.usual(checkpoint) | {"answers": answers(network), "changed": recurrent(network) - first}


def recurrent(network: rv.Network) -> Array:
    """W_h, (H, H): the block of which the eigenvalues are shown, of a gated cell that of its candidate."""
    blocks = np.split(network.layers[0][0].weight_hh, len(network.spec.gates))
    return np.asarray(blocks[next((k for k, gate in enumerate(network.spec.gates) if gate.role == "candidate"), 0)])


def lane(name: str, settings: Settings, label: str) -> live.Lane:
    """A lane in which these settings are trained."""
    return live.Lane(name, settings.start, settings.go, token=settings.token, label=label)


def panels(names: Sequence[str], words: Words, settings: Settings) -> list[Panel]:
    """Panels by name, in this order."""
    return [PANELS[name](words.labels("panels"), settings) for name in names]


def explored(settings: Settings, words: Words) -> list[list[Panel]]:
    """All panels of Explore, in rows."""
    rows = [["sea", "left"], ["norms", "plane", "radius"], ["in_time", "changed_far", "gates"]]
    if settings.cell == "elman":
        rows[-1].remove("gates")
    return [panels(row, words, settings) for row in rows]


def _sea(said: Mapping[str, str], _: Settings) -> Panel:
    batch = shown()
    asked = batch.mask[:, 0]
    return live.sequence("answers", batch.targets[:, 0, 0], said["sea"], asked=asked, low=-HIGHEST, high=HIGHEST)


def _norms(_: Mapping[str, str], settings: Settings) -> Panel:
    return live.norms(settings.threshold)


def _changed(most: float, said: Mapping[str, str], settings: Settings) -> Panel:
    return live.heat("changed", said["changed"], (settings.units, settings.units), most=most)


PANELS: dict[str, Callable[[Mapping[str, str], Settings], Panel]] = {
    "sea": _sea,
    "loss": lambda _, __: live.loss(),
    "left": lambda _, __: live.loss(BASELINE),
    "overflowing": lambda _, __: live.loss(low=OVERFLOWS[0], high=OVERFLOWS[1]),
    "norms": _norms,
    "changed": partial(_changed, CHANGED),
    "changed_far": partial(_changed, FAR),
    "plane": lambda _, __: live.eigenvalues(),
    "radius": lambda _, __: live.radius(),
    "gates": lambda _, settings: live.gates(settings.cell),
    "in_time": lambda _, __: live.norms_in_time(),
}
