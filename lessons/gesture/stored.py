"""What `python -m lessons.trained.gesture` has trained and kept: networks of three splits, the scores of all runs."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

import rnnviz as rv
from lessons.gesture.experiment import Settings
from lessons.gesture.recordings import PEOPLE

FILE = Path(__file__).parents[1] / "trained" / "gesture.npz"
EVERY, SEEDS = 20, 3  # updates between two scores; runs with new people held out
KEPT = (Settings(), Settings(split="windows"), *(Settings(split="person", person=k) for k in range(PEOPLE)))
RUNS = (*KEPT, *(Settings(seed=seed) for seed in range(1, SEEDS)))


@dataclass(frozen=True)
class Scores:
    """Of all runs, {run: share right after 0, EVERY, ... updates}, and how many seconds of one core they took."""

    right: dict[Settings, tuple[float, ...]]
    seconds: float

    def end(self, run: Settings) -> float:
        """The share right in the end."""
        return self.right[run][-1]

    @property
    def people(self) -> tuple[float, ...]:
        """Of each person who was held out in turn."""
        return tuple(self.end(Settings(split="person", person=k)) for k in range(PEOPLE))


@cache
def scores() -> Scores:
    """Those of the file."""
    found = json.loads(FILE.with_suffix(".json").read_text(encoding="utf-8"))
    return Scores({run: tuple(row) for run, row in zip(RUNS, found["right"], strict=True)}, found["seconds"])


@cache
def network(run: Settings) -> rv.Network:
    """One of those in KEPT, as it was in the end."""
    with np.load(FILE, allow_pickle=False) as saved:
        named = {name: saved[f"{KEPT.index(run)} {name}"] for name in run.network().state_dict()}
    return run.network().with_parameters(named)
