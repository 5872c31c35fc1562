"""Which learning rates each optimizer gets on with: stored, as lessons/trained/best_rates.py has measured it."""

import json
from functools import cache
from math import inf
from pathlib import Path

import numpy as np

from rnnviz.arrays import Array

FILE = Path(__file__).parents[1] / "trained" / "best_rates.json"
SOLVED = 0.05  # of the loss of answering 0: who ends below it has learned the echo
STARTS = 5  # initial weights, each with sequences of its own


@cache
def finals() -> dict[str, Array]:
    """{optimizer: (rates, starts)} the final losses beside that of answering 0; infinite where a walk diverged."""
    found = json.loads(FILE.read_text(encoding="utf-8"))
    return {
        name: np.array([[inf if one is None else one for one in row] for row in rows]) for name, rows in found.items()
    }


def typical(optimizer: str) -> Array:
    """(rates,) the median over the starts."""
    return np.asarray(np.median(finals()[optimizer], axis=1))
