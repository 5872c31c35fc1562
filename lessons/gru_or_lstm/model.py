"""What the page on GRU and LSTM says and draws, as numbers; the story's are in `tale.py`, costs in `price.py`."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

import rnnviz as rv
from lessons.common.controls import Choice, Control, Range, Seed, Steps
from lessons.gru_or_lstm import experiment, price, tale
from lessons.gru_or_lstm.experiment import (
    BATCH,
    CLIP,
    ECHO,
    HELD,
    LEARNED,
    LONGEST,
    NAMES,
    RATES,
    SIZES,
    STEPS,
    TASKS,
    TRIED,
    UNITS,
    Settings,
)
from lessons.gru_or_lstm.stored import EVERY, SEEDS, UPDATES, seconds
from rnnviz.arrays import Array
from rnnviz.cells import CELLS
from rnnviz.training import Checkpoint

CELL_CHOICES = ("lstm", "gru", "elman")
LIVE_RATES = (0.001, 0.003, 0.01, 0.03, 0.1)
PRESETS: dict[str, dict[str, Any]] = {
    "adding": {"task": "adding", "size": "parameters", "like": UNITS, "rate": 0.01},
    "count": {"task": "count", "size": "parameters", "like": UNITS, "rate": 0.01, "shown": "lstm"},
    "small": {"task": "count", "size": "parameters", "like": 4, "rate": 0.03, "shown": "gru"},
    "units": {"task": "copy", "size": "units", "like": UNITS, "rate": 0.01},
}


def controls(_values: Mapping[str, Any]) -> tuple[Control, ...]:
    """The task, how large the networks are, how they are trained, and which of them the player shows."""
    first = Settings()
    return (
        Choice("task", TASKS, first.task),
        Choice("size", SIZES, first.size),
        Range("like", 2, 32, 1, first.like),
        Steps("rate", LIVE_RATES, first.rate),
        Seed(),
        Choice("shown", CELL_CHOICES, "lstm"),
    )


def stored_controls(_values: Mapping[str, Any]) -> tuple[Control, ...]:
    """What of the stored runs is shown."""
    return (
        Choice("stored_task", TASKS, "adding"),
        Choice("stored_size", SIZES, "parameters"),
        Steps("stored_rate", RATES, RATES[-1]),
        Choice("per", ("updates", "time"), "updates"),
    )


def pick(_target: str, _value: Any, _values: Mapping[str, Any]) -> dict[str, Any]:
    """Nothing on this page is picked but by the controls, the stage and the player."""
    return {}


def settings(values: Mapping[str, Any]) -> Settings:
    """What the controls say, of the cell that the player shows."""
    named = {name: values[name] for name in ("task", "size", "rate", "like", "seed")}
    return Settings(cell=values["shown"], **named)


@dataclass(frozen=True)
class Facts:
    """What there is to say of the networks where the reader stands.

    stands   after which update; units, parameters, multiply_adds, bytes: by cell, in the order of `cells`
    error    by cell, of held-out sequences, as a share of the baseline; right: the share that has no wrong answer
    reach    by cell, how far it counts; -1 in other tasks
    best     the cell with the smallest error, "several" where another one's is within a tenth
    """

    task: str
    size: str
    like: int
    shown: str
    stands: int
    cells: tuple[str, ...]
    units: tuple[int, ...]
    parameters: tuple[int, ...]
    multiply_adds: tuple[int, ...]
    bytes: tuple[int, ...]
    error: tuple[float, ...]
    right: tuple[float, ...]
    reach: tuple[int, ...]
    best: str


def facts(chosen: Settings, at: Mapping[str, Checkpoint]) -> Facts:
    """Of these checkpoints, {cell: checkpoint}."""
    batch = experiment.held_out(chosen.task)
    answers = {cell: rv.unroll(at[cell].network, batch.x).y for cell in CELL_CHOICES}
    counted = [price.count(chosen.task, cell, chosen.size, chosen.like) for cell in CELL_CHOICES]
    errors = {cell: experiment.error(chosen.task, y) for cell, y in answers.items()}
    first, second = sorted(errors, key=errors.__getitem__)[:2]
    return Facts(
        task=chosen.task,
        size=chosen.size,
        like=chosen.like,
        shown=chosen.cell,
        stands=at[chosen.cell].update,
        cells=CELL_CHOICES,
        units=tuple(one.units for one in counted),
        parameters=tuple(one.parameters for one in counted),
        multiply_adds=tuple(one.multiply_adds for one in counted),
        bytes=tuple(one.bytes for one in counted),
        error=tuple(errors.values()),
        right=tuple(float(batch.solved(y).mean()) for y in answers.values()),
        reach=tuple(experiment.reach(chosen.task, at[cell].network) for cell in CELL_CHOICES),
        best=first if errors[first] < 0.9 * errors[second] else "several",
    )


@dataclass(frozen=True, eq=False)
class Look:
    """A network reads one held-out sequence: both passes, dL/dy, and L."""

    x: Array
    trace: rv.Trace
    grads: rv.Gradients
    dy: Array
    loss: float


def look(task: str, network: rv.Network) -> Look:
    """Of this network."""
    if task == "count":
        batch = rv.tasks.a_n_b_n(np.random.default_rng(0), 1, LONGEST, LONGEST)
    else:
        batch = experiment.sample(task, np.random.default_rng(2014), 1)
    trace = rv.unroll(network, batch.x)
    loss = batch.loss(trace.y)
    return Look(batch.x, trace, rv.backpropagate(network, trace, loss.dy), np.asarray(loss.dy), loss.value)


@dataclass(frozen=True)
class Stored:
    """What is said of the stored runs of one task; by cell in the order of `cells`.

    learned  how many seeds learned it; typical: when half of them had, None where they never did
    share    in what share of all pairs of seeds the GRU ends with a smaller error than the LSTM; ahead: who clearly
             does, "gru", "lstm" or "open"
    reach    the least and the most that a seed counts to; empty in other tasks
    took     the quickest update in milliseconds, middle: their median; then: the quickest, when all this was stored
    """

    task: str
    size: str
    rate: float
    per: str
    seeds: int
    updates: int
    repeats: int
    learned_below: float
    cells: tuple[str, ...]
    learned: tuple[int, ...]
    typical: tuple[int | None, ...]
    share: float
    ahead: str
    reach: tuple[tuple[int, int], ...]
    took: tuple[float, ...]
    middle: tuple[float, ...]
    then: tuple[float, ...]


def stored(values: Mapping[str, Any]) -> Stored:
    """Of what `stored_controls` say."""
    task, size, rate = values["stored_task"], values["stored_size"], float(values["stored_rate"])
    found = {cell: tale.times(task, cell, size, rate) for cell in CELL_CHOICES}
    taken = price.measured(task, size, UNITS)
    counts = [tale.reaches(cell, size, rate) for cell in CELL_CHOICES] if task == "count" else []
    took, middle = zip(*(tuple(1e3 * one for one in taken[cell]) for cell in CELL_CHOICES))
    return Stored(
        task=task,
        size=size,
        rate=rate,
        per=values["per"],
        seeds=SEEDS,
        updates=UPDATES,
        repeats=price.REPEATS,
        learned_below=LEARNED,
        cells=CELL_CHOICES,
        learned=tuple(int(np.isfinite(one).sum()) for one in found.values()),
        typical=tuple(tale.typical(one) for one in found.values()),
        share=tale.share(task, size, rate),
        ahead=tale.ahead(task, size, rate),
        reach=tuple((int(one.min()), int(one.max())) for one in counts),
        took=took,
        middle=middle,
        then=tuple(1e3 * seconds()[cell] for cell in CELL_CHOICES),
    )


@dataclass(frozen=True)
class Checks:
    """What the questions speak of."""

    like: int
    lstm: int
    gru: int
    share: float
    units: int
    bytes: int
    gru_bytes: int
    answers: dict[str, str]


def checks(chosen: Settings) -> Checks:
    """The engine knows the answers."""
    inputs, _ = experiment.width(chosen.task)
    lstm, gru = (CELLS[cell].parameter_count(inputs, chosen.like) for cell in ("lstm", "gru"))
    shares = {"half": 1 / 2, "three_quarters": 3 / 4, "same": 1.0}
    equal = price.counts(chosen.task, "parameters", chosen.like)
    more = equal["gru"].units - chosen.like
    memory = equal["gru"].bytes - equal["lstm"].bytes
    return Checks(
        like=chosen.like,
        lstm=lstm,
        gru=gru,
        share=gru / lstm,
        units=equal["gru"].units,
        bytes=equal["lstm"].bytes,
        gru_bytes=equal["gru"].bytes,
        answers={
            "share": min(shares, key=lambda name: abs(shares[name] - gru / lstm)),
            "units": "more" if more > 0 else "fewer" if more < 0 else "same",
            "memory": "lstm" if memory < 0 else "gru" if memory > 0 else "same",
        },
    )


def about() -> dict[str, Any]:
    """What the explanation says."""
    return {
        "steps": STEPS,
        "echo": ECHO,
        "delay": experiment.DELAY,
        "recall": experiment.RECALL,
        "symbols": experiment.SYMBOLS,
        "longest": LONGEST,
        "tried": TRIED,
        "held": HELD,
        "batch": BATCH,
        "clip": CLIP,
        "units": UNITS,
        "seeds": SEEDS,
        "rates": RATES,
        "updates": UPDATES,
        "every": EVERY,
        "learned": LEARNED,
        "clearly": tale.CLEARLY,
    }


def program(chosen: Settings, update: int) -> dict[str, Any]:
    """What `program.jinja` is filled in with."""
    inputs, outputs = experiment.width(chosen.task)
    named = asdict(chosen) | {"units": chosen.units, "inputs": inputs, "outputs": outputs}
    return named | {"update": update, "batch": BATCH, "clip": CLIP, "call": CALLS[chosen.task]}


CALLS = {
    "adding": f"adding(rng, {BATCH}, {STEPS})",
    "order": f"temporal_order_fixed(rng, {BATCH}, {STEPS})",
    "copy": f"copy_memory(rng, {BATCH}, {experiment.DELAY}, {experiment.RECALL}, {experiment.SYMBOLS})",
    "echo": f"delayed_echo(rng, {BATCH}, {STEPS}, {ECHO})",
    "count": f"a_n_b_n(rng, {BATCH}, {LONGEST})",
}


def facts_for(section: str, values: Mapping[str, Any]) -> Any:
    """What a section of the language file speaks of with these values of the controls."""
    if section in tale.BEATS:
        return tale.facts(section, values)
    if section in ("about", "deeper"):
        return about()
    if section == "stored":
        first = {control.id: control.default for control in stored_controls({})}
        return stored({**first, **{name: value for name, value in values.items() if name in first}})
    chosen = settings(values)
    if section == "checks":
        return checks(chosen)
    return facts(chosen, {cell: replace(chosen, cell=cell).start() for cell in NAMES})
