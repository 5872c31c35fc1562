"""What `python -m lessons.trained.sequence_labelling` has kept: a network of each way, and the courses of all seeds."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

import rnnviz as rv
from lessons.sequence_labelling.experiment import Read, read
from lessons.sequence_labelling.names import words_of
from rnnviz.arrays import Array

FOLDER = Path(__file__).parents[1] / "trained"
FILE = FOLDER / "sequence_labelling.json"
SEEDS = 5
COURSE = ("macro", "accuracy")


@dataclass(frozen=True, eq=False)
class Stored:
    """What became of all runs, {way: array}.

    macro, accuracy  (SEEDS, n) on the validation part after 0, EVERY, 2 EVERY, ... updates
    f1               (SEEDS, 4) of each tag on the test part; right: (SEEDS,) the share of right words there
    counts           (4, 4) of seed 0 on the test part: which tags were taken for which
    """

    macro: dict[str, Array]
    accuracy: dict[str, Array]
    f1: dict[str, Array]
    right: dict[str, Array]
    counts: dict[str, Array]


@cache
def stored() -> Stored:
    """The file beside the networks."""
    found = json.loads(FILE.read_text(encoding="utf-8"))
    return Stored(**{name: {way: np.array(rows) for way, rows in one.items()} for name, one in found.items()})


@cache
def network(way: str) -> rv.Network:
    """The stored one that reads this way, of seed 0."""
    return rv.load(FOLDER / f"sequence_labelling_{way}.npz")


@cache
def reading(way: str, text: str) -> Read:
    """A sentence as that one tags it."""
    return read(network(way), words_of(text))
