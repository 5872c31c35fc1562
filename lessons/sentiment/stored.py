"""What `python -m lessons.trained.sentiment` has trained and kept: one network, and the courses of all seeds.

Each of two ways, with nothing against learning by heart (plain) and with all that there is (kept), SEEDS seeds; and
`kept` on fewer sentences, SIZES of them, half as many seeds, scored on the validation part. The network is that of
`kept`, seed 0: not the best one. The test part was looked at once, after all training was done.
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

import rnnviz as rv
from lessons.sentiment.experiment import Settings
from lessons.sentiment.reviews import part
from rnnviz.arrays import Array

FOLDER = Path(__file__).parents[1] / "trained"
FILE = FOLDER / "sentiment.npz"
SEEDS = 10
SIZES = tuple(len(part("train")) // k for k in (8, 4, 2, 1))  # how many sentences are learned from
KEPT, PLAIN = Settings(), Settings().plain
WAYS = {"plain": PLAIN, "kept": KEPT}
NAMES = ("train", "valid", "train_right", "valid_right")


@dataclass(frozen=True, eq=False)
class Stored:
    """What became of all runs.

    courses  {way: {name: (SEEDS, n)}} after 0, EVERY, 2 EVERY, ... updates; names as in `experiment.record`
    test     {way: (SEEDS,)} right answers on the test part, in the end
    curve    right answers on the validation part, in the end, of those that have learned from SIZES sentences
    naive    {"majority" or "bag": {part: share of right answers}}
    bag      (I + 1,) the weights of the bag of words, see `naive`
    seconds  of training, seed by seed and way by way, on average
    """

    courses: dict[str, dict[str, Array]]
    test: dict[str, Array]
    curve: rv.evaluation.LearningCurve
    naive: dict[str, dict[str, float]]
    bag: Array
    seconds: float


@cache
def stored() -> Stored:
    """The file beside the network."""
    found = json.loads(FILE.with_suffix(".json").read_text(encoding="utf-8"))
    courses = {way: {name: np.array(rows) for name, rows in one.items()} for way, one in found["courses"].items()}
    test = {way: np.array(one) for way, one in found["test"].items()}
    curve = rv.evaluation.LearningCurve(np.array(SIZES), np.array(found["curve"]))
    return Stored(courses, test, curve, found["naive"], np.array(found["bag"]), found["seconds"])


@cache
def network() -> rv.Network:
    """The stored one."""
    return rv.load(FILE)
