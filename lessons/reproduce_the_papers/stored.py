"""What the runs of lessons/trained/papers came to: the scores of every run, and what can be said of all seeds."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from lessons.reproduce_the_papers.entries import ENTRIES, LOSS, Entry
from rnnviz.arrays import Array

FOLDER = Path(__file__).parents[1] / "trained" / "papers"


@dataclass(frozen=True, eq=False)
class Runs:
    """All seeds of one arm of an entry, at one length.

    scores   (S, K) after every so many updates, from before the first on; NaN once a run has diverged
    minutes  that all of them took together
    commit   of the code that did them
    """

    entry: Entry
    arm: str
    length: int
    scores: Array
    minutes: float
    commit: str

    @property
    def best(self) -> Array:
        """(S,) the best score that each run has had; the last one of those that are judged by their loss."""
        if self.entry.score == LOSS:
            return np.nan_to_num(self.scores[:, -1], nan=np.inf)
        return np.asarray(np.nanmax(self.scores, axis=1))

    @property
    def last(self) -> Array:
        """(S,) the score after the last update."""
        return np.asarray(self.scores[:, -1])

    @property
    def middle(self) -> Array:
        """(K,) the median of the runs."""
        return np.asarray(np.nanmedian(self.scores, axis=0))

    @property
    def learned(self) -> int:
        """How many have learned."""
        return int(np.sum(self.entry.learned(self.best)))

    @property
    def first(self) -> tuple[int | None, ...]:
        """After which update each run was first seen to have learned; None: it never was."""
        over = self.entry.learned(np.nan_to_num(self.scores, nan=np.inf if self.entry.score == LOSS else 0.0))
        return tuple(int(row.argmax()) * self.entry.every if row.any() else None for row in np.asarray(over))

    @property
    def lapsed(self) -> int:
        """How many of those that were seen to have learned were later seen not to have."""
        over = np.asarray(self.entry.learned(np.nan_to_num(self.scores)))
        return int(sum(row.any() and not row[row.argmax() :].all() for row in over))


@cache
def runs(name: str, arm: str, length: int) -> Runs:
    """Those of one arm at one length."""
    rows = [one for one in _records(name) if one["arm"] == arm and one["length"] == length]
    rows.sort(key=lambda one: one["seed"])
    return Runs(
        ENTRIES[name],
        arm,
        length,
        np.array([one["scores"] for one in rows], np.float64),
        sum(one["seconds"] for one in rows) / 60,
        rows[0]["commit"],
    )


@cache
def _records(name: str) -> tuple[dict[str, Any], ...]:
    """What stands in an entry's file."""
    lines = (FOLDER / f"{name}.jsonl").read_text().splitlines()[1:]
    return tuple(json.loads(line)["record"] for line in lines)


@cache
def shown(name: str, length: int) -> tuple[tuple[dict[str, float], ...], ...]:
    """The records of a live stage, lane by lane: run_1, run_2, ... and the median of all."""
    return tuple(_rows(runs(name, arm.id, length)) for arm in ENTRIES[name].arms)


def _rows(of: Runs) -> tuple[dict[str, float], ...]:
    return tuple(
        {**{f"run_{s + 1}": float(score) for s, score in enumerate(column)}, "median": float(of.middle[k])}
        for k, column in enumerate(of.scores.T)
    )
