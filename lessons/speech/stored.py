"""What `python -m lessons.trained.speech` has trained and kept: four networks, and the scores of all that it tried."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

import rnnviz as rv
from lessons.speech.clips import CLEAR, Kind, Split
from lessons.speech.experiment import KINDS, Settings

FILE = Path(__file__).parents[1] / "trained" / "speech.npz"
EVERY = 20  # updates between two scores
SEEDS = 3  # of the networks whose held-out clips are of voices that they know
KEPT = tuple(Settings(split=split, kind=kind) for split in ("clips", "voice") for kind in KINDS)
RUNS = (
    *(Settings(kind=kind, seed=seed) for kind in KINDS for seed in range(SEEDS)),
    *(Settings(split="voice", voice=voice, kind=kind) for kind in KINDS for voice in range(CLEAR)),
)


@dataclass(frozen=True)
class Scores:
    """Of all runs, {run: (share right, loss) after 0, EVERY, ... updates}, and what else was measured.

    unrounded  share right of the first kept network on its held-out clips before they were rounded
    seconds    that all runs took, on one core
    """

    right: dict[Settings, tuple[float, ...]]
    unrounded: float
    seconds: float

    def end(self, split: Split, kind: Kind, voice: int = 0, seed: int = 0) -> float:
        """The share right in the end."""
        return self.right[Settings(split=split, voice=voice, kind=kind, seed=seed)][-1]


@cache
def scores() -> Scores:
    """Those of the file."""
    found = json.loads(FILE.with_suffix(".json").read_text(encoding="utf-8"))
    right = {run: tuple(row) for run, row in zip(RUNS, found["right"], strict=True)}
    return Scores(right, found["unrounded"], found["seconds"])


@cache
def network(run: Settings) -> rv.Network:
    """One of those in KEPT, as it was in the end."""
    with np.load(FILE, allow_pickle=False) as saved:
        like = run.network()
        named = {name: saved[f"{KEPT.index(run)} {name}"] for name in like.state_dict()}
    return like.with_parameters(named)
