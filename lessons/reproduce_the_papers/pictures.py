"""The stored runs as a live stage that asks for nothing, the same trained anew, and how many learned at each length."""

from collections.abc import Mapping
from functools import lru_cache, partial
from typing import Any

import numpy as np

import rnnviz as rv
from lessons.common import live
from lessons.common.text import Words
from lessons.reproduce_the_papers.entries import ENTRIES, EXAM, LOSS, Entry
from lessons.reproduce_the_papers.published import PUBLISHED
from lessons.reproduce_the_papers.stored import runs, shown
from rnnviz.player import learn
from rnnviz.plots import prepare
from rnnviz.plots.prepared import Prepared
from rnnviz.sweep import shares
from rnnviz.tasks import SequenceBatch
from rnnviz.training import Checkpoint

QUICK = 100  # sequences on which what is trained anew is measured
LOWEST = 1e-4  # of a loss's axis


def stored(entry: Entry, length: int, words: Words, **place: Any) -> dict[str, Any]:
    """All stored runs of an entry at one length, a pale line for each and a strong one for their median."""
    lanes = [learn.Lane(arm.id, words.label(f"arms.{arm.id}")) for arm in entry.arms]
    names = [*(f"run_{s + 1}" for s in range(entry.seeds)), "median"]
    panels = [[score(entry, length, words, names)]]
    how = {"limit": entry.updates, "every": entry.every, "words": {"play": words.label("pictures.play")}}
    return live.stored(lanes, shown(entry.id, length), panels, **how, **place)


def score(entry: Entry, length: int, words: Words, names: list[str], title: str = "stored") -> live.Panel:
    """The score against the updates, the one of guessing, and what was published, where that is a number."""
    lines = {words.label("pictures.guessing"): entry.guessing(length)}
    for arm, value in PUBLISHED[entry.id].scores.items():
        lines[words.label("pictures.published", {"arm": words.label(f"arms.{arm}")})] = value
    named = words.label(f"pictures.{title}.{entry.score}", {"seeds": entry.seeds, "sequences": QUICK})
    if entry.score == LOSS:
        return live.curve(names, named, scale="log", lines=lines)
    return live.curve(names, named, low=0.0, high=1.0, lines=lines)


def anew(entry: Entry, length: int, words: Words) -> list[list[live.Panel]]:
    """What is seen of runs that are trained anew: their score, loss and gradients."""
    clips = {arm.clip for arm in entry.arms} - {None}
    above = [score(entry, length, words, ["score"], "anew")]
    below = [live.norms(*clips)]
    if entry.score != LOSS:
        below.insert(0, live.loss(quick(entry.id, length).baseline))
    return [above, below]


def lanes(entry: Entry, length: int, seed: int, words: Words) -> list[live.Lane]:
    """One run of each arm, from one seed."""
    return [
        live.Lane(
            arm.id,
            partial(entry.start, arm.id, length, seed),
            partial(entry.go, arm=arm.id, length=length),
            token=(entry.id, length, seed),
            label=words.label(f"arms.{arm.id}"),
        )
        for arm in entry.arms
    ]


@lru_cache(maxsize=16)
def recorder(entry: str, length: int) -> live.Record:
    """The record of a checkpoint of this entry."""
    return partial(record, entry, length)


def record(entry: str, length: int, checkpoint: Checkpoint) -> Mapping[str, Any]:
    """The loss of an update's batch, its gradient, and the score of the network after it."""
    batch = quick(entry, length)
    return {
        "loss": checkpoint.loss,
        "gradient_norm": checkpoint.gradient_norm,
        "clipped_norm": checkpoint.clipped_norm,
        "score": ENTRIES[entry].of(batch, rv.unroll(checkpoint.network, batch.x).y),
    }


@lru_cache(maxsize=16)
def quick(entry: str, length: int) -> SequenceBatch:
    """A few sequences that no update reads."""
    return ENTRIES[entry].task(np.random.default_rng(EXAM), QUICK, length)


def success(entry: Entry, words: Words) -> Prepared:
    """How many of the stored runs have learned: arm x length, with what so few of them leave open."""
    rows = [
        {"arm": arm.id, "length": length, "learned": bool(entry.learned(best))}
        for arm in entry.arms
        for length in entry.lengths
        for best in runs(entry.id, arm.id, length).best
    ]
    found = shares(rows, "learned", by=("arm", "length"))
    numbers = [np.asarray(a)[:, None] for a in (found.hits, found.count, found.low, found.high)]
    say = words.labels("pictures", {"seeds": entry.seeds, "sequences": QUICK, "arm": ""})
    rows_of = [words.label(f"arms.{arm.id}") for arm in entry.arms]
    return prepare.success(
        say["learned"], rows_of, [str(n) for n in entry.lengths], *numbers, across=say["across"], picks="cell"
    )
