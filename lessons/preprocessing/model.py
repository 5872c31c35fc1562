"""What the page on preprocessing says and draws, as numbers; the story's are in `tale.py`."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np

import rnnviz as rv
from lessons.common.controls import Choice, Control, Range, Seed, Steps
from lessons.preprocessing import raw, tale
from lessons.preprocessing.experiment import (
    LIMIT,
    TRAIN,
    VALIDATION,
    Raw,
    Settings,
    Trained,
    prepare,
    story,
    usable,
)
from lessons.preprocessing.stored import SEEDS, rows
from rnnviz.arrays import Array

OFF_ON = ("off", "on")
PRESETS: dict[str, dict[str, Any]] = {
    "random": {"split": "random"},
    "fitted": {"fitted": "all"},
    "line": {"fill": "line"},
    "unscaled": {"scale": "none"},
    "change": {"answer": "change"},
    "year": {"answer": "change", "length": 52, "horizon": 13},
}


def controls(values: Mapping[str, Any]) -> tuple[Control, ...]:
    """How the numbers are prepared, and the network that reads them."""
    first = Settings()
    scaled = values.get("scale", first.scale) != "none"
    return (
        Choice("split", ("time", "random"), first.split, group="parts"),
        Choice("fill", ("forward", "mean", "line", "drop"), first.fill, look="list", group="gaps"),
        Choice("mask", OFF_ON, first.mask, look="switch", group="gaps"),
        Choice("scale", ("standardize", "min_max", "none"), first.scale, look="list", group="scaling"),
        *([Choice("fitted", ("train", "all"), first.fitted, group="scaling")] if scaled else []),
        Choice("answer", ("level", "change"), first.answer, group="windows"),
        Steps("length", (8, 13, 26, 52), first.length, group="windows"),
        Steps("horizon", (1, 4, 13), first.horizon, group="windows"),
        Choice("cell", tuple(rv.cells.CELLS), first.cell, group="network"),
        Range("units", 2, 32, 1, first.units, group="network"),
        Seed(default=first.seed, group="network"),
    )


def pick(_target: str, _value: Any, _values: Mapping[str, Any]) -> dict[str, Any]:
    """Nothing on this page is picked but by the controls, the stage and the player."""
    return {}


def settings(values: Mapping[str, Any]) -> Settings:
    """What the controls say."""
    return Settings(**{name: values[name] for name in Settings.__dataclass_fields__ if name in values})


def fitting(given: Raw, chosen: Settings) -> Settings | None:
    """The same with windows short enough for the smallest part of this series; None where none is."""
    for length in (chosen.length, 26, 13, 8):
        tried = replace(chosen, length=min(length, chosen.length))
        if usable(given, tried) and usable(given, tried.honest):
            return tried
    return None


@dataclass(frozen=True)
class Facts:
    """What there is to say where the reader stands.

    stands     after which update; valid and test: both errors, naive: those of the naive answer
    counts     windows of each part; gaps: values that were never measured, of `steps`
    leaks      which ways to be wrong this is; honest: the test error of the same without them, None where there is none
    shortened  the windows' length where that of the controls does not fit the series, else None
    mean, spread, low, high  of the training part as the network reads it
    """

    name: str
    own: bool
    stands: int
    valid: float
    test: float
    naive: dict[str, float]
    counts: tuple[int, ...]
    shape: tuple[int, ...]
    gaps: int
    steps: int
    leaks: tuple[str, ...]
    honest: float | None
    shortened: int | None
    shift: float
    scale: float
    low: float
    high: float


def facts(given: Raw, name: str, at: Trained, honest: Trained | None, wanted: int, own: bool) -> Facts:
    """Of this checkpoint, and of the honest one beside it."""
    made, values = at.prepared, given.array()
    x = made.parts.train.batch.x
    return Facts(
        name=name,
        own=own,
        stands=at.update,
        valid=at.valid,
        test=at.test,
        naive={"valid": made.naive.validation, "test": made.naive.test},
        counts=tuple(part.batch.x.shape[1] for part in made.parts),
        shape=x.shape,
        gaps=int(np.isnan(values).sum()),
        steps=len(values),
        leaks=at.settings.leaks,
        honest=None if honest is None else honest.test,
        shortened=at.settings.length if at.settings.length != wanted else None,
        shift=float(made.scaler.shift[0]),
        scale=float(made.scaler.scale[0]),
        low=float(x[..., 0].min()),
        high=float(x[..., 0].max()),
    )


@dataclass(frozen=True, eq=False)
class Look:
    """The network reads the last window of the test part: both passes, what it says, how much each step mattered."""

    x: Array
    trace: rv.Trace
    grads: rv.Gradients
    dy: Array
    loss: float
    said: float
    measured: float
    mattered: Array
    read: Array


def look(at: Trained) -> Look:
    """Of this network."""
    part = at.prepared.parts.test
    x, targets, mask = part.batch.x[:, -1:], part.batch.targets[:, -1:], part.batch.mask[:, -1:]
    trace = rv.unroll(at.network, x)
    loss = rv.losses.mean_squared_error(trace.y, targets, mask)
    score = np.zeros_like(trace.y)
    score[-1] = 1.0
    mattered = rv.diagnostics.saliency(trace, rv.backpropagate(at.network, trace, score)).norm[:, 0]
    said = float(part.base[-1] + part.unit * trace.y[-1, 0, 0])
    read = part.base[-1] + part.unit * x[:, 0, 0]
    grads = rv.backpropagate(at.network, trace, loss.dy)
    return Look(x, trace, grads, np.asarray(loss.dy), loss.value, said, float(part.true[-1]), mattered, read)


@lru_cache(maxsize=32)
def checks(chosen: Settings) -> dict[str, Any]:
    """The engine knows the answers."""
    values = raw.carbon().values
    train = values[: round(TRAIN * len(values))]
    test = values[round((TRAIN + VALIDATION) * len(values)) :]
    z = rv.data.standardize(train[:, None]).transform(test[:, None])
    (before, _), _ = (raw.padding(one) for one in tale.batches())
    N = 1000
    return {
        "steps": N,
        "length": chosen.length,
        "horizon": chosen.horizon,
        "windows": N - chosen.length - chosen.horizon + 1,
        "blocks": N // (chosen.length + chosen.horizon),
        "mean": float(np.nanmean(z)),
        "known": len(raw.words()),
        "padding": before,
        "answers": {"many": "windows", "outside": "above" if np.nanmean(z) > 1 else "zero", "unknown": "other"},
    }


def about() -> dict[str, Any]:
    """What the explanation says, and the table of ways to be wrong."""
    made = prepare(story(), Settings())
    return {
        "rows": rows(),
        "seeds": SEEDS,
        "limit": LIMIT,
        "train": TRAIN,
        "validation": VALIDATION,
        "weeks": len(raw.carbon().values),
        "missing": int(np.isnan(raw.carbon().values).sum()),
        "naive": made.naive.test,
        "length": Settings.length,
        "horizon": Settings.horizon,
    }


def program(chosen: Settings, stands: int, column: str = "") -> dict[str, Any]:
    """What `program.jinja` is filled in with; stands: the reader's update; column: of the reader's table."""
    file, name = ("your.csv", column) if column else ("lessons/data/co2_weekly.csv", raw.carbon().name)
    shown = {"stands": stands, "file": file, "column": name, "train": TRAIN, "validation": VALIDATION}
    return asdict(chosen) | shown


def facts_for(section: str, values: Mapping[str, Any]) -> Any:
    """What a section of the language file speaks of with these values of the controls."""
    if section in tale.BEATS:
        return tale.facts(section)
    if section in ("about", "deeper", "leaks"):
        return about()
    if section == "unusable":
        return {"name": raw.carbon().name, "horizon": settings(values).horizon}
    chosen = settings(values)
    if section == "checks":
        return checks(chosen)
    begun = Trained.begin(story(), chosen)
    if section == "mattered":
        return look(begun)
    honest = Trained.begin(story(), chosen.honest) if chosen.leaks else None
    return facts(story(), raw.carbon().name, begun, honest, chosen.length, own=False)
