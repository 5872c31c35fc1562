"""What the page says of an entry, as numbers: how it was run, what came of it, and what was published."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

import rnnviz as rv
from lessons.common.controls import Choice, Control, Seed, Steps
from lessons.reproduce_the_papers import tale
from lessons.reproduce_the_papers.entries import ENTRIES, HALVED_EVERY, LOSS, Entry, examined
from lessons.reproduce_the_papers.published import LOG_FIRST, PUBLISHED
from lessons.reproduce_the_papers.stored import Runs, runs
from rnnviz.arrays import Array
from rnnviz.sweep import shares
from rnnviz.training import Checkpoint

SMALL, FEW = 12, 8  # steps of the sequence that the player shows; most units of the network whose gradients are checked
ARMS = ("first", "second")
PRESETS: dict[str, dict[str, Any]] = {
    "long": {"entry": "clipping", "length": 40},
    "short": {"entry": "clipping", "length": 20},
    "log": {"entry": "varied"},
    "memory": {"entry": "chrono"},
}


def controls(values: Mapping[str, Any]) -> tuple[Control, ...]:
    """Which entry, at which length where it has several, and the seed of what is run anew."""
    entry = ENTRIES[str(values.get("entry", "clipping"))]
    several = (Steps("length", entry.lengths, entry.lengths[-1]),) if len(entry.lengths) > 1 else ()
    of_several = (Choice("arm", ARMS, ARMS[0]),) if len(entry.arms) > 1 else ()
    return (Choice("entry", tuple(ENTRIES), "clipping", look="list"), *several, Seed(), *of_several)


def pick(target: str, value: Any, values: Mapping[str, Any]) -> dict[str, Any]:
    """A click on a cell of the map is that length, and that network in the player."""
    entry = ENTRIES[values["entry"]]
    if target != "cell":
        return {}
    x, y = (min(max(int(value[k]), 1), len(of)) - 1 for k, of in (("x", entry.lengths), ("y", entry.arms)))
    return {"length": entry.lengths[x], "arm": ARMS[y]}


@dataclass(frozen=True)
class Chosen:
    """What the controls say."""

    entry: Entry
    length: int
    seed: int
    arm: str


def chosen(values: Mapping[str, Any]) -> Chosen:
    """The entry, its length, the seed, and which of the networks."""
    entry = ENTRIES[values["entry"]]
    arm = entry.arms[ARMS.index(values["arm"]) if len(entry.arms) > 1 and "arm" in values else 0]
    return Chosen(entry, int(values.get("length", entry.lengths[-1])), int(values["seed"]), arm.id)


@dataclass(frozen=True)
class Arm:
    """What came of all runs of one arm.

    learned, of           how many of how many have learned
    middle, best, worst   of their scores after the last update
    first                 the median update at which those that have learned were first seen to; None: none has
    weights               of each network
    published             its number, None: there is none
    """

    id: str
    learned: int
    of: int
    middle: float
    best: float
    worst: float
    first: int | None
    weights: int
    published: float | None


@dataclass(frozen=True)
class Facts:
    """One entry at one length; loss: whether its score is one, else it is a share that was right."""

    entry: str
    length: int
    arms: tuple[Arm, ...]
    units: int
    batch: int
    updates: int
    seeds: int
    exam: int
    loss: bool
    good: float
    guessing: float
    minutes: float
    commit: str
    halved: int
    longest: int
    last_seed: int
    published: dict[str, Any]
    from_length: int | None
    log: int | None
    log_first: float
    lapsed: int
    answers: dict[str, str]


def facts(entry: Entry, length: int) -> Facts:
    """Of this entry."""
    of_all = [runs(entry.id, arm.id, length) for arm in entry.arms]
    return Facts(
        entry=entry.id,
        length=length,
        arms=tuple(arm(one) for one in of_all),
        units=entry.units,
        batch=entry.batch,
        updates=entry.updates,
        seeds=entry.seeds,
        exam=entry.exam,
        loss=entry.score == LOSS,
        good=entry.good,
        guessing=entry.guessing(length),
        minutes=sum(one.minutes for one in of_all),
        commit=of_all[0].commit,
        halved=HALVED_EVERY,
        longest=entry.lengths[-1],
        last_seed=entry.seeds - 1,
        published=dict(PUBLISHED[entry.id].scores),
        from_length=entry.varied,
        log=PUBLISHED[entry.id].log,
        log_first=LOG_FIRST,
        lapsed=of_all[0].lapsed,
        answers={},
    )


def arm(of: Runs) -> Arm:
    """Of these runs."""
    last = np.nan_to_num(of.last, nan=np.inf if of.entry.score == LOSS else 0.0)
    ordered = np.sort(last) if of.entry.score == LOSS else np.sort(last)[::-1]
    seen = [update for update in of.first if update is not None]
    return Arm(
        id=of.arm,
        learned=of.learned,
        of=len(last),
        middle=float(np.median(last)),
        best=float(ordered[0]),
        worst=float(ordered[-1]),
        first=int(np.median(seen)) if seen else None,
        weights=of.entry.network(of.arm, of.length, np.random.default_rng(0)).parameter_count,
        published=PUBLISHED[of.entry.id].scores.get(of.arm),
    )


@dataclass(frozen=True)
class Stands:
    """One arm of what is done anew, after an update: its batch's loss, and its score on all of the exam."""

    id: str
    loss: float
    score: float


def stands(of: Chosen, at: Mapping[str, Checkpoint]) -> dict[str, Any]:
    """Where the reader stands, by arms; of what has not begun, the first update."""
    entry, length = of.entry, of.length
    begun = all(one.update for one in at.values())
    now = {arm: one if begun else next(entry.go(one, arm=arm, length=length)) for arm, one in at.items()}
    found = tuple(Stands(arm, one.loss, entry.measured(one.network, length)) for arm, one in now.items())
    update = max(one.update for one in now.values())
    return {"arms": found, "update": update, "seed": of.seed, "begun": begun, "exam": entry.exam,
            "loss": entry.score == LOSS}  # fmt: skip


def first(of: Chosen) -> dict[str, Checkpoint]:
    """All arms before their first update."""
    return {arm.id: of.entry.start(arm.id, of.length, of.seed) for arm in of.entry.arms}


@dataclass(frozen=True, eq=False)
class Look:
    """A network reads one short sequence of its task: both passes, dL/dy, and L."""

    trace: rv.Trace
    grads: rv.Gradients
    dy: Array
    loss: float


def look(entry: Entry, network: rv.Network) -> Look:
    """Of this network."""
    batch = short(entry)
    trace = rv.unroll(network, batch.x)
    loss = batch.loss(trace.y)
    return Look(trace, rv.backpropagate(network, trace, loss.dy), np.asarray(loss.dy), loss.value)


def short(entry: Entry) -> rv.tasks.SequenceBatch:
    """One short sequence of an entry's task."""
    return entry.task(np.random.default_rng(SMALL), 1, SMALL)


def verified(entry: Entry, arm: str, seed: int) -> dict[str, Any]:
    """A network of the entry, with few units where it has many, and what it reads."""
    small = replace(entry, units=min(entry.units, FEW))
    network = small.network(arm, SMALL, np.random.default_rng(seed))
    return {"network": network, "x": short(entry).x, "dy": look(small, network).dy}


@dataclass(frozen=True)
class Checks:
    """What the questions speak of: the first arm's runs, and what so few of them leave open."""

    arm: str
    learned: int
    of: int
    share: float
    low: float
    high: float
    wrong: int
    pairs: int
    answers: dict[str, str]


def checks(entry: Entry, length: int) -> Checks:
    """The engine knows the answers."""
    first, last = runs(entry.id, entry.arms[0].id, length), runs(entry.id, entry.arms[-1].id, length)
    rows = [{"arm": first.arm, "learned": bool(one)} for one in entry.learned(first.best)]
    found = shares(rows, "learned", by=("arm",))
    sign = 1 if entry.score == LOSS else -1
    wrong = int(np.sum(sign * first.best[:, None] > sign * last.best[None, :]))
    few = "all" if first.learned == len(first.best) else "none" if first.learned == 0 else "some"
    pairs = first.best.size * last.best.size
    return Checks(
        arm=first.arm,
        learned=first.learned,
        of=len(first.best),
        share=first.learned / len(first.best),
        low=float(found.low[0]),
        high=float(found.high[0]),
        wrong=wrong,
        pairs=pairs,
        answers={
            "sure": "wide",
            "one": few,
            "pairs": "alike"
            if len(entry.arms) == 1
            else "never"
            if wrong == 0
            else "rare"
            if wrong < pairs / 2
            else "often",
        },
    )


def program(of: Chosen, update: int) -> dict[str, Any]:
    """What `program.jinja` is filled in with."""
    return {
        "entry": of.entry.id,
        "length": of.length,
        "seed": of.seed,
        "units": of.entry.units,
        "batch": of.entry.batch,
        "exam": of.entry.exam,
        "update": update,
        "updates": of.entry.updates,
        "inputs": examined(of.entry.id, of.length).x.shape[2],
        "outputs": examined(of.entry.id, of.length).output_size,
        "arms": [(arm.id, arm.cell, arm.clip) for arm in of.entry.arms],
        "score": of.entry.score,
    }


def facts_for(section: str, values: Mapping[str, Any]) -> Any:
    """What a section of the language file speaks of with these values of the controls."""
    if section in tale.BEATS:
        return tale.facts(section)
    of = chosen(values)
    if section == "stands":
        return stands(of, first(of))
    if section == "checks":
        return checks(of.entry, of.length)
    if section.startswith("claim_"):
        other = ENTRIES[section.removeprefix("claim_")]
        return facts(other, of.length if other is of.entry else other.lengths[-1])
    return facts(of.entry, of.length)
