"""What each method comes to on the test set, over many draws of fortnights and weights; made by
`python -m lessons.trained.regularization`.

The story shows one draw; how much another one changes stands beside it.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from lessons.regularization.experiment import LIMIT, Settings

FILE = Path(__file__).parents[1] / "trained" / "regularization.json"
SEEDS = 20
STOPPED = "stopped"
METHODS: Mapping[str, Settings] = {
    "off": Settings(),
    STOPPED: Settings(patience="20"),
    "l2": Settings(l2=0.1),
    "outputs": Settings(mask="outputs", p=0.5),
    "each_step": Settings(mask="each_step", p=0.3),
    "variational": Settings(mask="variational", p=0.3),
    "zoneout": Settings(mask="zoneout", p=0.3),
}


@dataclass(frozen=True)
class Row:
    """One method over all draws.

    mean, spread  of the error on the test set after LIMIT updates, of early stopping's best network; degrees
    gap           mean of the error on the validation set less that on what was learnt
    better        in how many draws its error is smaller than that of the same draw without
    """

    name: str
    mean: float
    spread: float
    gap: float
    better: int


def at(name: str, seed: int) -> Settings:
    """One draw of a method."""
    return replace(METHODS[name], seed=seed)


@cache
def stored() -> dict[str, dict[str, list[float]]]:
    """{method: {"train", "valid", "test": errors, seed by seed}}."""
    found: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return found


@cache
def rows() -> tuple[Row, ...]:
    """A row for each method."""
    found = stored()
    off = np.array(found["off"]["test"])
    return tuple(
        Row(
            name,
            float(np.mean(one["test"])),
            float(np.std(one["test"])),
            float(np.mean(np.subtract(one["valid"], one["train"]))),
            int((np.array(one["test"]) < off).sum()),
        )
        for name, one in found.items()
    )


__all__ = ["FILE", "LIMIT", "METHODS", "SEEDS", "Row", "at", "rows", "stored"]
