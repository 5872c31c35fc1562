"""What the page on gestures says and draws, as numbers; the story's are in `tale.py`."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any

import numpy as np

import rnnviz as rv
from lessons.common.controls import Choice, Control, Range, Seed
from lessons.gesture import experiment, tale
from lessons.gesture.experiment import BATCH, CELLS, CLIP, COOLED, NOISE, SPLITS, UNITS, UPDATES, Settings
from lessons.gesture.recordings import (
    EXERCISES,
    KNOWN,
    LENGTH,
    PEOPLE,
    RATE,
    SIGNALS,
    STRIDE,
    parts,
    recordings,
    starts,
    windows,
)
from lessons.gesture.stored import KEPT, SEEDS, network, scores
from lessons.gesture.watching import Look, Watched, look, watch
from rnnviz.arrays import Array
from rnnviz.evaluation import confusion, over_seeds, per_class

LIVE, STORED = "live", "stored"
PRESETS: dict[str, dict[str, Any]] = {
    "new": {"split": "people", "network": STORED, "watched": 8, "exercise": 3, "arm": "right", "window": 1},
    "mistaken": {"split": "people", "network": STORED, "watched": 8, "exercise": 1, "arm": "right", "window": 5},
    "known": {"split": "windows", "network": STORED, "watched": 8, "exercise": 1, "arm": "right", "window": 5},
    "worst": {
        "split": "person",
        "person": 2,
        "network": STORED,
        "watched": 2,
        "exercise": 6,
        "arm": "right",
        "window": 5,
    },
}


def controls(values: Mapping[str, Any]) -> tuple[Control, ...]:
    """What is held out, which network, and which window of which recording it reads."""
    first: tuple[Control, ...] = (Choice("split", SPLITS, "people"),)
    if values.get("split") == "person":
        first = (*first, Range("person", 1, PEOPLE, 1, 2))
    found = (*first, Choice("cell", CELLS, "gru"), Seed())
    known = {one.id: one.read(values.get(one.id, one.default)) for one in found}
    kept: tuple[Control, ...] = (Choice("network", (STORED, LIVE), STORED),) if settings(known) in KEPT else ()
    which = (
        Range("watched", 1, PEOPLE, 1, 8),
        Range("exercise", 0, EXERCISES - 1, 1, 3),
        Choice("arm", ("right", "left"), "right"),
    )
    read = {one.id: one.read(values.get(one.id, one.default)) for one in which}
    most = len(starts(len(recordings().signals[chosen(read)])))
    return (*found, *kept, *which, Range("window", 1, most, 1, 1, reach=100))


def settings(values: Mapping[str, Any]) -> Settings:
    """The run that the controls say."""
    return Settings(str(values["cell"]), values["split"], int(values.get("person", 1)) - 1, int(values["seed"]))


def chosen(values: Mapping[str, Any]) -> int:
    """The recording that the controls say, as its place among all."""
    known = recordings()
    of = (known.person == values["watched"] - 1) & (known.exercise == values["exercise"])
    return int(np.flatnonzero(of & (known.right == (values["arm"] == "right")))[0])


def pick(target: str, value: Any, values: Mapping[str, Any]) -> dict[str, Any]:
    """A click on a mistake opens a window of it, as the stored network sees it; of others, of what was done."""
    if target != "mistake":
        return {}
    done, seen, run = int(value["y"]), int(value["x"]), settings(values)
    if run not in KEPT or values.get("network") != STORED:
        return {"exercise": done}
    held = parts(run.split, run.person)[1]
    found = held[(windows().exercise[held] == done) & (experiment.predicted(network(run), run) == seen)]
    if not found.size:
        return {"exercise": done}
    n = int(windows().recording[found[0]])
    arm = "right" if recordings().right[n] else "left"
    place = {"watched": int(recordings().person[n]) + 1, "exercise": done, "arm": arm}
    return {**place, "window": int(windows().place[found[0]]) + 1}


@dataclass(frozen=True)
class Facts:
    """What there is to say of a network, and of the recording that it reads.

    right, naive  the share of held-out windows that it sees right, and of whoever always says the most frequent one
    share         of the windows of exercise `done`, how many its most frequent mistake takes, for `seen`
    weakest, f1   the exercise with the lowest F1
    knows         whether it has learned from windows of the person who is watched
    of, good      windows of this recording, and how many of them are right; says, p: of the window that is chosen
    """

    split: str
    person: int
    update: int
    held: int
    right: float
    naive: float
    done: int
    seen: int
    share: float
    weakest: int
    f1: float
    watched: int
    exercise: int
    knows: bool
    of: int
    good: int
    window: int
    says: int
    p: float


def facts(values: Mapping[str, Any], net: rv.Network, update: int, seen: Watched) -> Facts:
    """Of this network."""
    run, n = settings(values), chosen(values)
    done = experiment.exercises(run.split, run.person)
    table = confusion(done, experiment.predicted(net, run), EXERCISES)
    each = np.nan_to_num(per_class(table).f1)
    wrong = table - np.diag(np.diag(table))
    y, x = (int(place) for place in np.unravel_index(wrong.argmax(), wrong.shape))
    window = min(int(values["window"]), len(seen.p)) - 1
    exercise, person = int(recordings().exercise[n]), int(recordings().person[n])
    return Facts(
        split=run.split,
        person=run.person + 1,
        update=update,
        held=len(done),
        right=float(np.trace(table) / table.sum()),
        naive=float(table.sum(axis=1).max() / table.sum()),
        done=y,
        seen=x,
        share=float(wrong[y, x] / table[y].sum()),
        weakest=int(each.argmin()),
        f1=float(each.min()),
        watched=person + 1,
        exercise=exercise,
        knows={"people": person < KNOWN, "windows": True, "person": person != run.person}[run.split],
        of=len(seen.p),
        good=int((seen.said == exercise).sum()),
        window=window + 1,
        says=int(seen.said[window]),
        p=float(seen.p[window].max()),
    )


def own(values: Array, rate: float) -> Array:
    """The reader's own six signals (n, 6) at `rate` a second as the network reads them: RATE a second, (T, 6)."""
    seconds = len(values) / rate
    edges = np.arange(int(seconds * RATE) + 1) / RATE * rate
    sums = np.concatenate([np.zeros((1, SIGNALS)), np.cumsum(values, axis=0)])
    at = np.array([np.interp(edges, np.arange(len(sums)), column) for column in sums.T]).T
    return np.asarray(np.diff(at, axis=0) / (rate / RATE))


# Questions, the explanation, the program


@dataclass(frozen=True)
class Checks:
    """What the questions speak of."""

    share: float
    known: float
    score: float
    guess: float
    answers: dict[str, str]


@lru_cache(maxsize=4)
def checks(run: Settings) -> Checks:
    """The engine knows the answers."""
    share, known, score = (LENGTH - STRIDE) / LENGTH, scores().end(KEPT[1]), scores().end(KEPT[0])
    answers = {"overlap": "leak", "which": "people", "bars": "people"}
    return Checks(share, known, score, 1 / EXERCISES, answers)


def about() -> dict[str, Any]:
    """What the explanation says."""
    mean = over_seeds(scores().people)
    held = {split: len(parts(split)[1]) for split in ("people", "windows")}
    return {
        "recordings": len(recordings().signals),
        "people": PEOPLE,
        "known": KNOWN,
        "new": PEOPLE - KNOWN,
        "exercises": EXERCISES,
        "rate": RATE,
        "length": LENGTH,
        "seconds": LENGTH / RATE,
        "stride": STRIDE,
        "windows": windows().x.shape[1],
        "held": held,
        "units": UNITS,
        "batch": BATCH,
        "clip": CLIP,
        "noise": NOISE,
        "updates": UPDATES,
        "cooled": COOLED,
        "seeds": SEEDS,
        "scores": [scores().end(Settings(seed=seed)) for seed in range(SEEDS)],
        "claimed": scores().end(KEPT[1]),
        "mean": mean.mean,
        "low": float(mean.low),
        "high": float(min(mean.high, 1.0)),
        "least": min(scores().people),
        "most": max(scores().people),
    }


def program(values: Mapping[str, Any], update: int) -> dict[str, Any]:
    """What `program.jinja` is filled in with: the stored network, or the training up to an update."""
    run = settings(values)
    stored = KEPT.index(run) if run in KEPT and values.get("network") == STORED else None
    more = {"units": UNITS, "batch": BATCH, "clip_norm": CLIP, "noise": NOISE, "update": max(1, update)}
    more |= {"rate": experiment.RATE, "cooled": COOLED, "length": LENGTH, "stride": STRIDE, "known": KNOWN}
    return asdict(run) | more | {"stored": stored}


def shown(values: Mapping[str, Any], net: rv.Network) -> tuple[Watched, Look]:
    """The recording and the window that the controls say, as a network sees them."""
    seen = watch(net, recordings().signals[chosen(values)], settings(values))
    return seen, look(net, seen, min(int(values["window"]), len(seen.p)) - 1)


def facts_for(section: str, values: Mapping[str, Any]) -> Any:
    """What a section of the language file speaks of with these values of the controls."""
    if section in tale.BEATS:
        return tale.facts(section)
    if section in ("about", "deeper", "sources"):
        return about()
    run = settings(values)
    if section == "checks":
        return checks(run)
    kept = run in KEPT and values.get("network") == STORED
    net = network(run) if kept else run.network()
    return facts(values, net, UPDATES if kept else 0, shown(values, net)[0])
