"""The story's numbers: of its two races and of all seeds, stored; of what a cell costs, counted and measured."""

from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

import rnnviz as rv
from lessons.gru_or_lstm import experiment, price
from lessons.gru_or_lstm.experiment import (
    BETWEEN,
    ECHO,
    LEARNED,
    LONGEST,
    NAMES,
    STEPS,
    TASKS,
    TRIED,
    UNITS,
    Settings,
)
from lessons.gru_or_lstm.stored import EVERY, PAIR, SEEDS, UPDATES, race, runs

Facts = dict[str, Any]
SIZE, RATE = "parameters", 0.01  # of the story
SHOWN = 20  # n of the string that both read in the beat "why"
CLEARLY = 0.9  # of all pairs: whoever is first in so many is ahead
LAST = 5  # measurements
NEVER = np.inf


def learned(error: NDArray[np.floating[Any]], every: int) -> float:
    """The first measured update at which an error is below `LEARNED`; infinity where there is none."""
    below = np.flatnonzero(error < LEARNED)
    return float(below[0] * every) if below.size else NEVER


@cache
def times(task: str, cell: str, size: str = SIZE, rate: float = RATE) -> NDArray[np.float64]:
    """When each seed's network had learned a task, in updates."""
    found = runs()
    return np.array([learned(error, EVERY) for error in found.error[found.rows(task, cell, size, rate)]])


@cache
def reaches(cell: str, size: str = SIZE, rate: float = RATE) -> NDArray[np.int64]:
    """How far each seed's network counts in the end."""
    found = runs()
    return np.asarray(found.reach[found.rows("count", cell, size, rate), -1])


def first(task: str, cells: tuple[str, ...] = PAIR) -> Facts:
    """Who of these has learned a task first, in its race; "neither" alone did."""
    found = race(task).error
    at = {cell: learned(found[cell], BETWEEN) for cell in cells}
    done = {cell: None if np.isinf(update) else int(update) for cell, update in at.items()}
    alone = list(at.values()).count(min(at.values())) == 1
    return {"at": done, "first": min(at, key=at.__getitem__) if alone else "neither"}


def race_facts() -> Facts:
    """The race of the adding problem."""
    found = first("adding")
    return {"steps": STEPS, **found, "answers": {"race": found["first"]}}


def fair(like: int) -> Facts:
    """How many units, and parameters, each has."""
    same, equal = price.counts("adding", "units", like), price.counts("adding", SIZE, like)
    return {"like": like, "same": same["gru"].parameters, "lstm": same["lstm"].parameters,
            "gru": equal["gru"].parameters, "units": equal["gru"].units}  # fmt: skip


def seeds() -> Facts:
    """In how many of the seeds the GRU learns adding first; both read the same sequences."""
    gru, lstm = times("adding", "gru"), times("adding", "lstm")
    wins, ties = int((gru < lstm).sum()), int((gru == lstm).sum())
    answer = "all" if wins == SEEDS else "most" if 2 * wins > SEEDS else "half" if 2 * wins == SEEDS else "few"
    return {"seeds": SEEDS, "wins": wins, "ties": ties, "gru": typical(gru), "lstm": typical(lstm),
            "answers": {"seeds": answer}}  # fmt: skip


def typical(values: NDArray[np.float64]) -> int | None:
    """The median, the upper one of two; None where that is never."""
    middle = float(np.sort(values)[len(values) // 2])
    return None if np.isinf(middle) else int(middle)


def count() -> Facts:
    """Who counts further than it has learned, in the race of counting."""
    found = race("count")
    reach = {cell: int(found.reach[cell][-1]) for cell in PAIR}
    gap = reach["lstm"] - reach["gru"]
    answer = "alike" if abs(gap) <= 2 else "lstm" if gap > 0 else "gru"
    return {"longest": LONGEST, "tried": TRIED, "reach": reach, "answers": {"count": answer}}


@cache
def passes() -> dict[str, rv.Trace]:
    """Both networks of the race of counting, as they were at its end, read one long string."""
    x = rv.tasks.a_n_b_n(np.random.default_rng(0), 1, SHOWN, SHOWN).x
    return {cell: rv.unroll(trained(cell), x) for cell in PAIR}


def trained(cell: str) -> rv.Network:
    """The network of the race of counting, at its end."""
    network, at = Settings("count", cell).network(), 0
    weights, named = np.asarray(race("count").weights[cell], np.float64), {}
    for name, array in network.state_dict().items():
        named[name] = weights[at : at + array.size].reshape(array.shape)
        at += array.size
    return network.with_parameters(named)


def state(cell: str) -> NDArray[np.float64]:
    """(T, H) what it remembers in: the cell state, or h."""
    layer = passes()[cell][0, 0]
    return np.asarray(layer.h if layer.c is None else layer.c, np.float64)[:, 0]


def counter(cell: str) -> int:
    """The unit that still moves most at the last a's: from the middle one to the last."""
    found = state(cell)
    return int(np.abs(found[SHOWN] - found[SHOWN // 2]).argmax())


def why() -> Facts:
    """How large the counters become, and how much they still move in the second half of the a's."""
    found = {cell: state(cell)[:, counter(cell)] for cell in PAIR}
    most = {cell: float(np.abs(values).max()) for cell, values in found.items()}
    early = {cell: float(abs(values[SHOWN // 2] - values[1])) for cell, values in found.items()}
    late = {cell: float(abs(values[SHOWN] - values[SHOWN // 2])) for cell, values in found.items()}
    return {"n": SHOWN, "unit": {cell: counter(cell) + 1 for cell in PAIR}, "most": most,
            "late": late, "even": {cell: late[cell] > 0.5 * early[cell] for cell in PAIR}}  # fmt: skip


def echo() -> Facts:
    """The race of the delayed echo, which all three run."""
    found = first("echo", NAMES)
    return {"delay": ECHO, "units": Settings("echo", "elman").units, "like": UNITS, **found,
            "answers": {"echo": found["first"]}}  # fmt: skip


@cache
def final(task: str, cell: str, size: str = SIZE, rate: float = RATE) -> NDArray[np.float64]:
    """Each seed's error in the end: the median of the last measurements, since one alone may stand in a jump."""
    found = runs()
    rows = found.error[found.rows(task, cell, size, rate), -LAST:]
    return np.median(np.asarray(rows, np.float64), axis=1)


def share(task: str, size: str = SIZE, rate: float = RATE) -> float:
    """In what share of all pairs of seeds the GRU ends with the smaller error."""
    return experiment.better(final(task, "gru", size, rate), final(task, "lstm", size, rate))


def ahead(task: str, size: str = SIZE, rate: float = RATE) -> str:
    """Who clearly ends with the smaller error: "gru", "lstm", or "open"."""
    share_of_gru = share(task, size, rate)
    return "gru" if share_of_gru >= CLEARLY else "lstm" if share_of_gru <= 1 - CLEARLY else "open"


def across() -> Facts:
    """On how many of the tasks which of them is ahead."""
    who = {task: ahead(task) for task in TASKS}
    on = {one: [task for task, name in who.items() if name == one] for one in ("gru", "lstm")}
    others = {who[task] for task in TASKS[1:]}
    answer = "gru" if others == {"gru"} else "lstm" if others == {"lstm"} else "mixed"
    return {"tasks": len(TASKS), "others": len(TASKS) - 1, "seeds": SEEDS, "updates": UPDATES, "on": on,
            "first": who[TASKS[0]], "answers": {"across": answer}}  # fmt: skip


def cost() -> Facts:
    """What each gets done in the time that the LSTM's race takes, here and now, on the adding problem."""
    taken, counted = price.measured("adding", SIZE, UNITS), price.counts("adding", SIZE, UNITS)
    quickest = {cell: each[0] for cell, each in taken.items()}
    best, second = sorted(quickest, key=quickest.__getitem__)[:2]
    alone = price.faster(taken[best], taken[second]) == "one"
    products = [one.multiply_adds for one in counted.values()]
    return {"best": best, "ratio": quickest["gru"] / quickest["lstm"], "plain": quickest["elman"] / quickest["lstm"],
            "memory": counted["gru"].bytes / counted["lstm"].bytes, "apart": max(products) / min(products) - 1,
            "repeats": price.REPEATS, "answers": {"cost": best if alone else "alike"}}  # fmt: skip


def summary() -> Facts:
    """Both sides of it."""
    return {"reach": count()["reach"], "longest": LONGEST}


BEATS = {
    "race": lambda _: race_facts(),
    "fair": lambda values: fair(int(values["like"])),
    "seeds": lambda _: seeds(),
    "count": lambda _: count(),
    "why": lambda _: why(),
    "echo": lambda _: echo(),
    "across": lambda _: across(),
    "cost": lambda _: cost(),
    "summary": lambda _: summary(),
}


def facts(beat: str, values: Mapping[str, Any]) -> Facts:
    """What a beat's words speak of."""
    found: Facts = BEATS[beat](values)
    return found
