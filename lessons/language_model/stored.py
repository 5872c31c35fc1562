"""What was computed before the page is opened, by lessons/trained/language_model.py: the network, and all scores."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

import rnnviz as rv
from lessons.language_model.experiment import Settings

FILE = Path(__file__).parents[1] / "trained" / "language_model.npz"


@dataclass(frozen=True)
class Scores:
    """How the network was trained, and bits per letter.

    bits, learned  of the network, on what is held out and on as much of what was learned from
    plain, mixed   of tables by the number of letters that they look at, 0, 1, ...: learned from, held out
    watch          {what: {"unit", "r"}}: the unit that goes along best with it, from 0, its r on what is held out
    surprise       {"first", "later", "end"}: bits of a word's first letter, its others, and of what follows it
    reach          what share of all that mattered lies in the last few letters, and what far behind (`measured`)
    """

    settings: Settings
    bits: float
    learned: float
    plain: tuple[list[float], list[float]]
    mixed: tuple[list[float], list[float]]
    watch: Mapping[str, Mapping[str, Any]]
    surprise: Mapping[str, float]
    reach: tuple[float, float]


@cache
def network() -> rv.Network:
    """Its weights, which are kept in half precision, in single precision."""
    with np.load(FILE, allow_pickle=False) as file:
        return rv.Network.from_state_dict({name: file[name].astype(np.float32) for name in file.files})


@cache
def scores() -> Scores:
    """As the script wrote them down."""
    found = json.loads(FILE.with_suffix(".json").read_text(encoding="utf-8"))
    return Scores(**found | {"settings": Settings(**found["settings"])})
