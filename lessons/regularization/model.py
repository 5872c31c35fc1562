"""What the page on regularization says and draws, as numbers; the story's are in `tale.py`."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

import rnnviz as rv
from lessons.common.controls import Choice, Control, Range, Seed, Steps
from lessons.regularization import draws, tale
from lessons.regularization.experiment import (
    COUNTS,
    DAYS,
    DROPS,
    MASKS,
    PATIENCE,
    RATES,
    STRENGTHS,
    Settings,
    Trained,
    celsius,
    course,
    like_today,
    test_set,
    validation_set,
)
from lessons.regularization.memory import STEPS, UNITS, memory
from rnnviz.arrays import Array
from rnnviz.masks import Masks

FEW = 30  # updates that a question speaks of
PRESETS: dict[str, dict[str, Any]] = {
    "l2": asdict(tale.SMALL),
    "stopped": asdict(Settings(patience="20")),
    "dropped": asdict(tale.DROPPED),
    "variational": asdict(tale.KEPT),
    "each_step": asdict(Settings(mask="each_step", p=0.3)),
    "zoneout": asdict(Settings(mask="zoneout", p=0.3)),
    "more": asdict(Settings(count=48)),
}


def controls(_values: Mapping[str, Any]) -> tuple[Control, ...]:
    """The network, what it learns from, and what is done against learning it by heart."""
    first = Settings()
    return (
        Choice("mask", MASKS, first.mask, look="list"),
        Steps("p", DROPS, first.p),
        Steps("l2", STRENGTHS, first.l2),
        Steps("patience", PATIENCE, first.patience),
        Steps("count", COUNTS, first.count),
        Choice("cell", tuple(rv.cells.CELLS), first.cell),
        Range("units", 2, 48, 1, first.units),
        Steps("rate", RATES, first.rate),
        Seed(default=first.seed),
    )


def pick(_target: str, _value: Any, _values: Mapping[str, Any]) -> dict[str, Any]:
    """Nothing on this page is picked but by the controls, the stage and the player."""
    return {}


def settings(values: Mapping[str, Any]) -> Settings:
    """What the controls say."""
    return Settings(**{name: values[name] for name in Settings.__dataclass_fields__})


@dataclass(frozen=True)
class Facts:
    """What there is to say where the reader stands.

    stands        after which update; train and valid: both errors, gap: the second less the first
    weights       the norm of all parameters; begins: before the first update
    like          the error of who says that tomorrow is like today
    regularized   whether anything is done against learning by heart
    """

    stands: int
    count: int
    train: float
    valid: float
    gap: float
    weights: float
    begins: float
    like: float
    regularized: bool


def facts(chosen: Settings, at: Trained) -> Facts:
    """Of this checkpoint."""
    return Facts(
        stands=at.update,
        count=chosen.count,
        train=at.train,
        valid=at.valid,
        gap=at.valid - at.train,
        weights=at.weights,
        begins=tale.norm(chosen),
        like=like_today(validation_set()),
        regularized=chosen != chosen.plain,
    )


@dataclass(frozen=True, eq=False)
class Look:
    """A network reads one fortnight of the validation set: both passes, dL/dy, L, and what is read."""

    x: Array
    trace: rv.Trace
    grads: rv.Gradients
    dy: Array
    loss: float
    tokens: tuple[str, ...]


def look(network: rv.Network) -> Look:
    """Of this network; nothing is struck."""
    batch = validation_set()
    x = batch.x[:, :1]
    trace = rv.unroll(network, x)
    loss = rv.losses.mean_squared_error(trace.y, batch.targets[:, :1], batch.mask[:, :1])
    tokens = tuple(f"{degrees:.1f}°".replace("-", "−") for degrees in celsius(x[:, 0, 0]))
    return Look(x, trace, rv.backpropagate(network, trace, loss.dy), np.asarray(loss.dy), loss.value, tokens)


def drawn(chosen: Settings, network: rv.Network, x: Array) -> Masks | None:
    """Masks for one pass, with which the gradients are checked."""
    rule = chosen.regularization
    return None if rule is None else rule.draw(np.random.default_rng(chosen.seed), network, *x.shape[:2])


def remembered(chosen: Settings) -> dict[str, Any]:
    """What becomes of a memory with masks of this probability."""
    found = memory(chosen.p)
    return {"p": chosen.p, "units": UNITS, "steps": STEPS, "left": {k: float(s[-1]) for k, s in found.shares.items()}}


def checks(chosen: Settings) -> dict[str, Any]:
    """The engine knows the answers."""
    found = course(chosen, FEW)
    mask = np.random.default_rng(chosen.seed).random(20000) >= chosen.p
    factor = 1 / (1 - chosen.p)
    p = chosen.p
    return {
        "p": p,
        "few": found.last.update,
        "factor": factor,
        "stays": 1 - p,
        "average": float((mask * factor).mean()),
        "steps": STEPS,
        "once": 1 - p,
        "powered": (1 - p) ** STEPS,
        "share": float(memory(p).shares["each_step"][-1]),
        "best": found.best.update,
        "lowest": found.best.valid,
        "ends": found.last.valid,
        "answers": {
            "factor": "scaled",
            "survives": "powered",
            "last": "last" if found.best.update == found.last.update else "earlier",
        },
    }


def about() -> dict[str, Any]:
    """What the explanation says."""
    return {
        "days": DAYS,
        "new": len(validation_set().lengths),
        "like": like_today(validation_set()),
        "third_like": like_today(test_set()),
    }


def often() -> dict[str, Any]:
    """What many draws came to."""
    rows = draws.rows()
    like = like_today(test_set())
    return {
        "seeds": draws.SEEDS,
        "limit": draws.LIMIT,
        "learnt": Settings().count,
        "rows": {row.name: row for row in rows},
        "below": sum(row.mean < like for row in rows),
        "l2": draws.METHODS["l2"].l2,
        "patience": int(draws.METHODS["stopped"].patience),
        "p": {name: one.p for name, one in draws.METHODS.items()},
    }


def program(chosen: Settings, stands: int) -> dict[str, Any]:
    """What `program.jinja` is filled in with; stands: after which update the reader does."""
    return asdict(chosen) | {"stands": stands, "update": max(1, stands), "days": DAYS}


def facts_for(section: str, values: Mapping[str, Any]) -> Any:
    """What a section of the language file speaks of with these values of the controls."""
    if section in tale.BEATS:
        return tale.facts(section, values["patience"], values["p"])
    if section in ("about", "deeper", "draws"):
        return about() | often()
    chosen = settings(values)
    if section == "checks":
        return checks(chosen)
    return remembered(chosen) if section == "memory" else facts(chosen, chosen.start())
