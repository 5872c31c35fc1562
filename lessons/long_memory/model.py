"""What the page on long memories says and draws, as numbers; the story's are in `tale.py`."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np

import rnnviz as rv
from lessons.common.controls import Choice, Control, Seed, Steps
from lessons.long_memory import tale
from lessons.long_memory.experiment import (
    BATCH,
    CELLS,
    CLIP,
    HELD,
    INITS,
    LEARNED,
    RATES,
    RECALL,
    SYMBOLS,
    TASKS,
    UNITS,
    USUAL,
    Settings,
    held_out,
    reach,
)
from lessons.long_memory.stored import EVERY, KEPT, LENGTHS, OVER, SEEDS, SHARE, UPDATES, left, the_map
from rnnviz.arrays import Array

LIVE, STORED = "live", "stored"
WAITS = (10, 15, 25, 35, 50, 75, 100, 150, 200)
HELD_BY = ("cell_of_map",)  # what is clicked in a story's picture and sets controls
PRESETS: dict[str, dict[str, Any]] = {
    "short": asdict(Settings(length=10)),
    "bridge": asdict(Settings(length=100, seed=2)),
    "open": asdict(Settings(length=100, cell="lstm", init="chrono", seed=2)),
    "order": asdict(Settings("order", 35)),
    "copy": asdict(Settings("copy", 15, init="chrono")),
}


def controls(values: Mapping[str, Any]) -> tuple[Control, ...]:
    """What is learned, how the networks begin, and which of them the player shows."""
    first = Settings()
    found = (
        Choice("task", tuple(TASKS), first.task),
        Steps("length", WAITS, 50),
        Choice("init", INITS, first.init),
        Steps("rate", (USUAL, "0.001", "0.003", "0.01", "0.03"), first.rate),
        Seed(),
        Choice("cell", CELLS, first.cell),
    )
    known = {one.id: one.read(values.get(one.id, one.default)) for one in found}
    return (*found, Choice("network", (LIVE, STORED), LIVE)) if is_kept(settings(known)) else found


def settings(values: Mapping[str, Any], **changed: Any) -> Settings:
    """What the controls say, but for what is `changed`."""
    return replace(Settings(**{name: values[name] for name in Settings.__dataclass_fields__}), **changed)


def is_kept(run: Settings) -> bool:
    """Whether its weights were kept."""
    return run in the_map().weights


def pick(target: str, value: Any, values: Mapping[str, Any]) -> dict[str, Any]:
    """A click on the map opens that network, of seed 0 and as it was trained; where there is none, nothing."""
    if target not in HELD_BY:
        return {}
    place, row = (int(value[axis]) - 1 for axis in ("x", "y"))
    if not (0 <= place < len(CELLS) * len(LENGTHS) and 0 <= row < len(INITS)):
        return {}
    task = str(values.get("task", KEPT))
    run = Settings(task, LENGTHS[place % len(LENGTHS)], CELLS[place // len(LENGTHS)], INITS[row])
    if run not in the_map().error:
        return {}
    return asdict(run) | {"network": STORED if is_kept(run) else LIVE}


def held(value: Any, values: Mapping[str, Any]) -> dict[str, Any]:
    """The same in the story."""
    return pick("cell_of_map", value, values)


# What the lab shows


@dataclass(frozen=True)
class Cell:
    """One of the three at the update where the reader stands.

    error    on the sequences that are held out; share: of the baseline
    left     after which update it has left the baseline, as far as is known; None: it has not
    reach    what is left of the gradient at the first step
    """

    cell: str
    error: float
    share: float
    left: int | None
    reach: float


@dataclass(frozen=True)
class Facts:
    """What there is to say of one update."""

    task: str
    length: int
    update: int
    baseline: float
    cells: tuple[Cell, ...]


def facts(chosen: Settings, update: int, found: Mapping[str, tuple[Array, Array]], every: int) -> Facts:
    """Of {cell: (errors, what is left at the first step)}, each after 0, `every`, 2 `every`, ... updates."""
    baseline, at = held_out(chosen.task, chosen.length).baseline, update // every
    cells = []
    for cell, (errors, first) in found.items():
        k = min(at, len(errors) - 1)
        one = float(errors[k])
        cells.append(Cell(cell, one, one / baseline, left(errors[: k + 1], baseline, every), float(first[k])))
    return Facts(chosen.task, chosen.length, update, baseline, tuple(cells))


def at_first(chosen: Settings) -> dict[str, tuple[Array, Array]]:
    """The same before the first update."""
    batch, found = held_out(chosen.task, chosen.length), {}
    for cell in CELLS:
        network = chosen.of(cell).network()
        loss = batch.loss(rv.unroll(network, batch.x).y).value
        found[cell] = np.array([loss]), reach(network, chosen.task, chosen.length)[:1]
    return found


@dataclass(frozen=True)
class OnMap:
    """What the map says of the chosen network and its like; `there`: whether it says anything.

    learned, low, high  how many of the seeds, and between which shares that is sure at 95 %
    median, least, most  of their errors in the end, over the baseline
    """

    there: bool
    run: Settings
    learned: int
    seeds: int
    low: float
    high: float
    median: float
    least: float
    most: float
    share: float
    updates: int


def on_map(chosen: Settings) -> OnMap:
    """Of the network that the controls choose."""
    run, found = replace(chosen, seed=0, rate=USUAL), the_map()
    if run not in found.error:
        return OnMap(False, run, 0, 0, 0.0, 1.0, 1.0, 1.0, 1.0, LEARNED, UPDATES)
    shares = found.shares(run.task)
    place = INITS.index(run.init), CELLS.index(run.cell), LENGTHS.index(run.length)
    ends = found.error[run][:, -1] / held_out(run.task, run.length).baseline
    sure = float(shares.low[place]), float(shares.high[place])
    spread = float(np.median(ends)), float(ends.min()), float(ends.max())
    return OnMap(True, run, int(shares.hits[place]), SEEDS, *sure, *spread, LEARNED, UPDATES)


@dataclass(frozen=True, eq=False)
class Look:
    """A network reads one of the sequences that are held out: both passes, dL/dy, and L."""

    trace: rv.Trace
    grads: rv.Gradients
    dy: Array
    x: Array
    loss: float
    tokens: tuple[str, ...]


def look(network: rv.Network, chosen: Settings, which: int) -> Look:
    """Of this network."""
    batch = held_out(chosen.task, chosen.length)
    part = slice(which, which + 1)
    one = replace(
        batch,
        x=batch.x[:, part],
        targets=batch.targets[:, part],
        mask=batch.mask[:, part],
        lengths=batch.lengths[part],
    )
    trace = rv.unroll(network, one.x)
    loss = one.loss(trace.y)
    dy = np.asarray(loss.dy)
    return Look(trace, rv.backpropagate(network, trace, dy), dy, one.x, loss.value, tokens(chosen.task, one.x[:, 0]))


def tokens(task: str, x: Array) -> tuple[str, ...]:
    """What is written of each input (T, I): numbers, marked ones in brackets; symbols, a dot for a blank."""
    if task == "adding":
        return tuple(f"[{value:.2f}]" if mark else f"{value:.2f}" for value, mark in x)
    symbols = "ABcdef" if task == "order" else "abcd"[:SYMBOLS] + "·?"
    return tuple(symbols[int(row.argmax())] for row in x)


# Questions, the explanation, the program


@dataclass(frozen=True)
class Checks:
    """What the questions speak of."""

    task: str
    length: int
    baseline: float
    double: float
    reach: dict[str, float]
    answers: dict[str, str]


@lru_cache(maxsize=8)
def checks(chosen: Settings) -> Checks:
    """The engine knows the answers."""
    now = held_out(chosen.task, chosen.length).baseline
    twice = held_out(chosen.task, 2 * chosen.length).baseline
    left_at_first = {cell: float(first[0]) for cell, (_, first) in at_first(chosen).items()}
    return Checks(
        task=chosen.task,
        length=chosen.length,
        baseline=now,
        double=twice,
        reach=left_at_first,
        answers={
            "guess": {"adding": "sixth", "order": "four", "copy": "string"}[chosen.task],
            "double": "same" if np.isclose(now, twice) else "smaller" if twice < now else "larger",
            "reach": max(left_at_first, key=left_at_first.__getitem__),
        },
    )


def about() -> dict[str, Any]:
    """What the explanation says."""
    return {
        "units": UNITS,
        "batch": BATCH,
        "clip": CLIP,
        "rates": RATES,
        "held": HELD,
        "grid": (1 - held_out("adding", LENGTHS[0]).baseline * 6) ** -1,
        "recall": RECALL,
        "symbols": SYMBOLS,
        "seeds": SEEDS,
        "updates": UPDATES,
        "every": EVERY,
        "share": LEARNED,
        "leaves": SHARE,
        "over": OVER,
    }


def program(chosen: Settings, update: int) -> dict[str, Any]:
    """What `program.jinja` is filled in with."""
    network = chosen.network()
    given = asdict(chosen) | {"rate": chosen.learning_rate, "update": update, "inputs": network.input_size}
    recurrent = (
        "lecun_normal" if chosen.init == "gaussian" else "identity" if chosen.init == "identity" else "orthogonal"
    )
    gated = chosen.init == "chrono" and chosen.cell != "elman"
    more = {"outputs": network.output_size, "units": UNITS, "batch": BATCH, "clip": CLIP, "recurrent": recurrent}
    return given | more | {"chrono": gated, "recall": RECALL, "symbols": SYMBOLS}


def facts_for(section: str, values: Mapping[str, Any]) -> Any:
    """What a section of the language file speaks of with these values of the controls."""
    if section in tale.BEATS:
        return tale.facts(section)
    if section in ("about", "deeper"):
        return about()
    chosen = settings(values)
    if section == "checks":
        return checks(chosen)
    if section == "cell":
        return on_map(chosen)
    return facts(chosen, 0, at_first(chosen), 1)
