"""What `lessons/trained/preprocessing.py` has measured, and the two networks that it kept."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

import rnnviz as rv
from lessons.preprocessing.experiment import Settings
from rnnviz.evaluation import OverSeeds, over_seeds

FOLDER = Path(__file__).parents[1] / "trained"
SEEDS = 5
WAYS = MappingProxyType(
    {
        "level": Settings(),
        "random": Settings(split="random"),
        "fitted": Settings(fitted="all"),
        "line": Settings(fill="line"),
        "unscaled": Settings(scale="none"),
        "change": Settings(answer="change"),
        "change_random": Settings(answer="change", split="random"),
    }
)


@dataclass(frozen=True)
class Row:
    """One way over the seeds: errors in the series' unit.

    test     on the test part; seed 0 is `first`, and `valid` its error on the validation part
    naive    the error of the naive answer there, with seed 0
    """

    name: str
    test: OverSeeds
    first: float
    valid: float
    naive: float


@cache
def rows() -> dict[str, Row]:
    """All ways, by name."""
    found = json.loads((FOLDER / "preprocessing.json").read_text(encoding="utf-8"))
    return {
        name: Row(name, over_seeds(one["test"]), one["test"][0], one["valid"][0], one["naive"][0])
        for name, one in found.items()
    }


@cache
def network(way: str) -> rv.Network:
    """The network of "level" or "change", seed 0, as it was after training."""
    return rv.load(FOLDER / f"preprocessing_{way}.npz")
