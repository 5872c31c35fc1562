"""What the page on tuning says and draws, as numbers; the story's are in `tale.py`."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any

import numpy as np

import rnnviz as rv
from lessons.common.controls import Control, Seed, Steps
from lessons.tuning import tale
from lessons.tuning.experiment import (
    BATCHES,
    CLIP,
    COUNTS,
    ETAS,
    EVERY,
    HIGH,
    LIMIT,
    LOW,
    POOL,
    POOL_SEED,
    SIZES,
    STEPS,
    TEST,
    VALIDATION,
    Search,
    scores,
    some,
    test,
    validation,
)
from lessons.tuning.stored import AXES, MANY, best_of, matters
from rnnviz.arrays import Array

PRESETS: dict[str, dict[str, Any]] = {
    "story": asdict(Search()),
    "luck": asdict(Search(seed=1)),
    "early": asdict(Search(eta=4)),
    "wide": asdict(Search(units=32, batch=32)),
}


def controls(_values: Mapping[str, Any]) -> tuple[Control, ...]:
    """How many learning rates begin, how many are kept, and what all of them share."""
    first = Search()
    return (
        Steps("count", COUNTS, first.count),
        Steps("eta", ETAS, first.eta),
        Steps("units", SIZES, first.units),
        Steps("batch", BATCHES, first.batch),
        Seed(),
    )


def pick(_target: str, _value: Any, _values: Mapping[str, Any]) -> dict[str, Any]:
    """Nothing on this page is picked but by the controls, the stage and the player."""
    return {}


def settings(values: Mapping[str, Any]) -> Search:
    """What the controls say."""
    return Search(**{name: values[name] for name in Search.__dataclass_fields__})


@dataclass(frozen=True)
class Facts:
    """What there is to say of one update.

    left    how many candidates have got so far; count: how many began
    leader  the number of the best of them, its learning rate, and its error on the validation set
    tested  the same network's on the test set, where the search is over; else None
    spent   updates of all candidates together so far; full: had nobody been stopped
    ends    after which updates the worse ones are stopped; over: whether the last of these has come
    """

    update: int
    count: int
    left: int
    leader: int
    rate: float
    error: float
    tested: float | None
    spent: int
    full: int
    ends: tuple[int, ...]
    over: bool


def facts(search: Search, update: int, errors: Mapping[int, float], winner: rv.Network | None = None) -> Facts:
    """Of {candidate: error} at an update; winner: the network of the best of them."""
    leader = min(errors, key=errors.__getitem__)
    over = update >= search.ends[-1]
    spent = np.dot(np.diff(np.minimum((0, *search.ends), update)), search.sizes)
    return Facts(
        update=update,
        count=search.count,
        left=len(errors),
        leader=leader,
        rate=search.rates[leader],
        error=errors[leader],
        tested=loss_of(winner) if over and winner is not None else None,
        spent=int(spent),
        full=search.count * update,
        ends=search.ends[:-1],
        over=over,
    )


def loss_of(network: rv.Network) -> float:
    """A network's error on the test set."""
    return test().loss(rv.unroll(network, test().x).y).value


def at_first(search: Search) -> dict[int, float]:
    """The errors before the first update."""
    return dict(enumerate(scores(search.start().now)))


@dataclass(frozen=True, eq=False)
class Look:
    """A network reads the first sequence of the validation set: both passes, dL/dy, and L."""

    trace: rv.Trace
    grads: rv.Gradients
    dy: Array
    x: Array
    loss: float
    tokens: tuple[str, ...]


def look(network: rv.Network) -> Look:
    """Of this network; marked numbers stand in brackets."""
    batch = some(0, 1)
    trace = rv.unroll(network, batch.x)
    loss = batch.loss(trace.y)
    dy = np.asarray(loss.dy)
    tokens = tuple(f"[{value:.2f}]" if mark else f"{value:.2f}" for value, mark in batch.x[:, 0])
    return Look(trace, rv.backpropagate(network, trace, dy), dy, batch.x, loss.value, tokens)


@dataclass(frozen=True)
class Checks:
    """What the questions speak of."""

    count: int
    sizes: tuple[int, ...]
    cost: int
    full: int
    share: float
    chosen: float
    tested: float
    many: int
    answers: dict[str, str]


@lru_cache(maxsize=8)
def checks(search: Search) -> Checks:
    """The engine knows the answers."""
    full = search.count * search.ends[-1]
    share = search.cost / full
    chosen, tested = (float(row[-1]) for row in best_of())
    return Checks(
        count=search.count,
        sizes=search.sizes,
        cost=search.cost,
        full=full,
        share=share,
        chosen=chosen,
        tested=tested,
        many=MANY,
        answers={
            "cost": "half" if share >= 0.4 else "third" if share >= 0.3 else "quarter",
            "last": "two" if search.sizes[-1] == 2 else "more",
            "optimism": "lower" if chosen < tested else "higher",
        },
    )


def about() -> dict[str, Any]:
    """What the explanation says."""
    return {
        "steps": STEPS,
        "baseline": validation().baseline,
        "validation": VALIDATION,
        "test": TEST,
        "limit": LIMIT,
        "low": LOW,
        "high": HIGH,
        "clip": CLIP,
        "many": MANY,
        "shares": {name: matters(name) for name in AXES},
        "chance": 3 / (MANY - 1),
    }


def program(search: Search) -> dict[str, Any]:
    """What `program.jinja` is filled in with."""
    more = {"steps": STEPS, "low": LOW, "high": HIGH, "pool": POOL, "pool_seed": POOL_SEED, "validation": VALIDATION}
    chosen = {"test": TEST, "clip": CLIP, "every": EVERY, "budget": search.ends[0] * search.count * len(search.sizes)}
    return asdict(search) | more | chosen


def facts_for(section: str, values: Mapping[str, Any]) -> Any:
    """What a section of the language file speaks of with these values of the controls."""
    if section in tale.BEATS:
        return tale.facts(section)
    search = settings(values)
    if section == "checks":
        return checks(search)
    return facts(search, 0, at_first(search)) if section == "saw" else about()
