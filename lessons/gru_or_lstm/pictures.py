"""What is recorded of each update, and the pictures of it; and the charts of what is stored, counted and measured."""

from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

import rnnviz as rv
from lessons.common import live
from lessons.common.text import Words
from lessons.gru_or_lstm import experiment, price, tale
from lessons.gru_or_lstm.experiment import BETWEEN, CLIP, LEARNED, LONGEST, NAMES, TASKS, TRIED
from lessons.gru_or_lstm.stored import EVERY, PAIR, SEEDS, UPDATES, race, runs
from rnnviz.plots import Bars, Line, prepare
from rnnviz.plots.axes import Axis
from rnnviz.plots.prepared import Prepared
from rnnviz.training import Checkpoint

HUES = {"lstm": "forward", "gru": "positive", "elman": "input"}  # as the live stage has them
NOTHING = {"cell": "", "units": 0, "unit": 0}  # of labels that name something, where they are not meant
COUNTED = "parameters", "multiply_adds", "bytes"
FRAMES = 120  # of the race by the clock
LOWEST = 1e-3  # of the axis of errors


@lru_cache(maxsize=8)
def recorder(task: str) -> live.Record:
    """The record of a checkpoint of a task."""
    batch = experiment.held_out(task)

    def record(checkpoint: Checkpoint) -> dict[str, Any]:
        y = rv.unroll(checkpoint.network, batch.x).y
        found = {name: getattr(checkpoint, name) for name in ("gradient_norm", "clipped_norm", "spectral_radius")}
        found |= {"error": experiment.error(task, y), "right": float(batch.solved(y).mean())}
        if task == "adding":
            found["answers"] = y[-1, :, 0]
        if task == "echo":
            found["heard"] = y[:, 0, 0]
        if task == "count":
            found["reach"] = experiment.reach(task, checkpoint.network)
        return found

    return record


def panels(names: Sequence[str], task: str, words: Words) -> list[live.Panel]:
    """Panels by name, in this order."""
    said = words.labels("panels", {"longest": LONGEST, "unit": 0})
    return [PANELS[name](said, task) for name in names]


def explored(task: str, words: Words) -> list[list[live.Panel]]:
    """All panels of Explore, in rows."""
    above = {"adding": ["error", "dots"], "count": ["error", "reach"], "echo": ["error", "echo"]}.get(
        task, ["error", "right"]
    )
    return [panels(row, task, words) for row in (above, ["norms", "radius"])]


def _error(said: Mapping[str, Any], _: str) -> live.Panel:
    lines = {said["baseline"]: 1.0, said["learned"]: LEARNED}
    return live.curve("error", said["error"], scale="log", low=LOWEST, high=3.0, lines=lines)


def _dots(said: Mapping[str, Any], task: str) -> live.Panel:
    targets = experiment.held_out(task).targets[-1, :, 0]
    return live.dots("answers", targets, said["dots"], low=0.0, high=2.0, axes=(said["should"], said["does"]))


def _echo(said: Mapping[str, Any], task: str) -> live.Panel:
    batch = experiment.held_out(task)
    asked = batch.mask[:, 0]
    return live.sequence("heard", batch.targets[:, 0, 0], said["echo"], asked=asked, low=-0.7, high=0.7)


def _reach(said: Mapping[str, Any], _: str) -> live.Panel:
    return live.curve("reach", said["reach"], low=0.0, high=30.0, lines={said["trained"]: float(LONGEST)})


PANELS = {
    "error": _error,
    "dots": _dots,
    "echo": _echo,
    "reach": _reach,
    "right": lambda said, _: live.curve("right", said["right"], low=0.0, high=1.0),
    "norms": lambda _, __: live.norms(CLIP),
    "radius": lambda _, __: live.radius(),
}


@cache
def seed_records(task: str, limit: int) -> list[list[dict[str, Any]]]:
    """What is stored up to this update, for the stage: each lane's errors by task and seed, and their medians.

    task  the only one; "": all
    """
    found = runs()
    shown = [task] if task else TASKS
    errors = {(one, cell): found.error[found.rows(one, cell, tale.SIZE, tale.RATE)] for one in shown for cell in PAIR}

    def at(n: int, cell: str) -> dict[str, float]:
        each = {f"{one}{k}": float(error) for one in shown for k, error in enumerate(errors[one, cell][:, n])}
        return each | {f"{one}_median": float(np.median(errors[one, cell][:, n])) for one in shown}

    return [[at(n, cell) for n in range(limit // EVERY + 1)] for cell in PAIR]


def seed_panel(task: str, title: str, words: Words) -> live.Panel:
    """All seeds of a task, and before them their median."""
    said = words.labels("panels", {"longest": LONGEST})
    of = [*(f"{task}{k}" for k in range(SEEDS)), f"{task}_median"]
    return live.curve(of, title, scale="log", low=LOWEST / 10, high=3.0, lines={said["learned"]: LEARNED})


@cache
def counters() -> list[list[dict[str, Any]]]:
    """What both networks of the second race remember in, while they read one long string: a frame for each symbol."""
    lanes = []
    for cell in PAIR:
        found, unit = tale.state(cell), tale.counter(cell)
        order = [*(k for k in range(found.shape[1]) if k != unit), unit]  # the last one stands out
        lanes.append([{f"{cell}{n}": float(row[k]) for n, k in enumerate(order)} for row in found])
    return lanes


def counter_panels(words: Words) -> list[live.Panel]:
    """The cell state of the one, and the state of the other."""
    said = words.labels("pictures", NOTHING)
    each = {cell: [f"{cell}{n}" for n in range(tale.state(cell).shape[1])] for cell in PAIR}
    most = {cell: float(np.ceil(np.abs(tale.state(cell)).max())) for cell in PAIR}
    marks = {said["then"]: tale.SHOWN}
    return [
        live.curve(of, said[f"state_{cell}"], low=-most[cell], high=most[cell], marks=marks)
        for cell, of in each.items()
    ]


@lru_cache(maxsize=4)
def clocked(taken: tuple[tuple[str, float], ...]) -> tuple[int, list[list[dict[str, Any]]]]:
    """The race of the adding problem by the clock, and how many milliseconds there are between two frames of it.

    taken  (cell, seconds of an update), as measured: each lane has done as many updates as there was time for
    """
    last = experiment.RACES["adding"]
    every = max(1, int(np.ceil(1e3 * last * max(seconds for _, seconds in taken) / FRAMES)))
    lanes = []
    for cell, seconds in taken:
        done = [min(last, int(1e-3 * n * every / seconds)) for n in range(FRAMES + 1)]
        errors = race("adding").error[cell]
        lanes.append([{"done": float(one), "error": float(errors[one // BETWEEN])} for one in done])
    return every, lanes


# Charts


def sizes(like: int, words: Words, **more: Any) -> Prepared:
    """Parameters and multiply-adds of an LSTM, of a GRU with as many units, and of one with as many parameters."""
    same, equal = price.counts("adding", "units", like), price.counts("adding", "parameters", like)
    chosen = [same["lstm"], same["gru"], equal["gru"]]
    names = [words.label(f"cells.{cell}") for cell in ("lstm", "gru", "gru")]
    labels = [words.label("pictures.sized", {"cell": name, "units": one.units}) for name, one in zip(names, chosen)]
    say, hues = words.labels("pictures", NOTHING), {"parameters": "forget", "multiply_adds": "candidate"}
    series = [Bars(say[of], [getattr(one, of) for one in chosen], hue) for of, hue in hues.items()]
    return prepare.bars(series, labels, title=say["sizes"], low=0.0, **more)


def costs(task: str, size: str, words: Words) -> Prepared:
    """Parameters, multiply-adds, memory and time of all cells, in shares of the LSTM's."""
    say = words.labels("pictures", NOTHING)
    counted = price.counts(task, size, experiment.UNITS)
    taken = price.measured(task, size, experiment.UNITS)
    rows = {name: {cell: getattr(one, name) for cell, one in counted.items()} for name in COUNTED}
    rows["time"] = {cell: quickest for cell, (quickest, _) in taken.items()}
    series = [
        Bars(say["cells"][cell], [row[cell] / row["lstm"] for row in rows.values()], HUES[cell])
        for cell in ("lstm", "gru", "elman")
    ]
    return prepare.bars(series, [say[name] for name in rows], up=say["share"], title=say["costs"], low=0.0)


def curves(task: str, size: str, rate: float, per: str, words: Words) -> Prepared:
    """The stored errors, the median of all seeds and each of them behind: over updates, or over time."""
    say, found = words.labels("pictures", NOTHING), runs()
    rows = {cell: found.error[found.rows(task, cell, size, rate)] for cell in NAMES}
    if per == "time":
        taken = {cell: each[0] for cell, each in price.measured(task, size, experiment.UNITS).items()}
        last = min(taken.values()) * UPDATES
        rows = {cell: at_times(table, taken[cell], last) for cell, table in rows.items()}
        ticks = tuple((1 + k * UPDATES / EVERY / 4, f"{k * last / 4:.2g} s") for k in range(5))
    else:
        ticks = tuple((1 + k / EVERY, str(k)) for k in range(0, UPDATES + 1, 200))
    lines = [Line(say["cells"][cell], np.log10(np.median(table, axis=0)), HUES[cell]) for cell, table in rows.items()]
    behind = [np.log10(row) for cell in PAIR for row in rows[cell]]
    guide = Line(say["learned_line"], np.full(UPDATES // EVERY + 1, np.log10(LEARNED)), "muted", "dashed")
    return prepare.decades(
        lines, guides=[guide], behind=behind, up=say["error"], across=say["measured"], backwards=False, follow=False,
        title=say["curves"], x_axis=Axis(1.0, 1.0 + UPDATES / EVERY, ticks), least=(-3, 0),
    )  # fmt: skip


def at_times(table: NDArray[Any], seconds: float, last: float) -> NDArray[np.float64]:
    """Errors (S, K) by update, at K times from 0 to `last`: those of the last measurement before each."""
    K = table.shape[1]
    update = np.linspace(0.0, last, K) / seconds
    return np.asarray(table[:, np.minimum((update / EVERY).astype(int), K - 1)], np.float64)


def reach(words: Words, size: str, rate: float) -> Prepared:
    """How far each seed's network counts."""
    say = words.labels("pictures", NOTHING)
    series = [Bars(say["cells"][cell], tale.reaches(cell, size, rate), HUES[cell]) for cell in NAMES]
    return prepare.bars(
        series, [str(k) for k in range(SEEDS)], up=say["n"], across=say["seed"], title=say["reach"], low=0.0,
        high=float(TRIED),
    )  # fmt: skip
