"""What the page on training says and draws, as numbers; the story's are in `tale.py`."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

import rnnviz as rv
from lessons.common.controls import Choice, Control, Range, Seed, Steps
from lessons.training import experiment, tale
from lessons.training.experiment import (
    BASELINE,
    BATCH,
    CLIPS,
    DROPS,
    FREQUENCIES,
    HOURS,
    KNOBS,
    LAST,
    OPTIMIZERS,
    PERIODS,
    RATES,
    Settings,
    course,
)
from rnnviz.arrays import Array
from rnnviz.training import Checkpoint

FEW = 60  # updates that the questions speak of
ALIKE = 0.02  # of a spectral radius: less is no change
NEAR = 0.01  # of a step: so near to learning rate times norm it is that
PRESETS: dict[str, dict[str, Any]] = {
    "diverges": asdict(Settings(rate=1.0)),
    "clipped": asdict(Settings(rate=1.0, clip="0.1")),
    "momentum": asdict(Settings(optimizer="momentum", rate=0.02)),
    "gates": asdict(tale.GATED),
    "dropped": asdict(Settings(optimizer="adam", rate=0.01, drop=0.2)),
}


def controls(_values: Mapping[str, Any]) -> tuple[Control, ...]:
    """The network at its start, and how it is trained."""
    first = Settings()
    return (
        Choice("cell", tuple(rv.cells.CELLS), first.cell),
        Range("units", 2, 32, 1, first.units),
        Range("rho", 0.1, 1.5, 0.05, first.rho, digits=2),
        Seed(),
        Choice("optimizer", tuple(OPTIMIZERS), first.optimizer),
        Steps("rate", RATES, first.rate),
        Steps("clip", CLIPS, first.clip),
        Steps("drop", DROPS, first.drop),
    )


def pick(_target: str, _value: Any, _values: Mapping[str, Any]) -> dict[str, Any]:
    """Nothing on this page is picked but by the controls, the stage and the player."""
    return {}


def settings(values: Mapping[str, Any]) -> Settings:
    """What the controls say."""
    return Settings(**{name: values[name] for name in Settings.__dataclass_fields__})


@dataclass(frozen=True)
class Facts:
    """What there is to say of one update.

    stands     after which update the reader stands; update: the one that is spoken of, the first where none is done
    loss       of its seas, before it; norm, after: of its gradient, before and after clipping
    threshold  of clipping; None: there is none
    radius     the spectral radius after it, begins: of the initial weights
    gates      (letter, mean opening), no candidates
    diverged   the update whose numbers were not finite; None: none so far
    forked     the update at which it was forked; None: it was not. changed: the knobs that differ from its parent's
    """

    stands: int
    update: int
    loss: float
    norm: float
    after: float
    threshold: float | None
    radius: float
    begins: float
    gates: tuple[tuple[str, float], ...]
    diverged: int | None
    forked: int | None
    changed: tuple[str, ...]


def facts(
    chosen: Settings,
    at: Checkpoint,
    stands: int,
    parent: Settings | None = None,
    forked: int = 0,
    ended: tuple[int, str] | None = None,
) -> Facts:
    """Of this checkpoint; ended: the first update that could not be done, and why."""
    gates = [gate.letter for gate in at.network.spec.gates if gate.role not in ("", "candidate")]
    return Facts(
        stands=stands,
        update=at.update,
        loss=at.loss,
        norm=at.gradient_norm,
        after=at.clipped_norm,
        threshold=chosen.threshold,
        radius=at.spectral_radius,
        begins=chosen.start().spectral_radius,
        gates=tuple((letter, at.gate_means[letter]) for letter in gates),
        diverged=ended[0] if ended and ended[1] == "diverged" else None,
        forked=None if parent is None else forked,
        changed=() if parent is None else tuple(k for k in KNOBS if getattr(parent, k) != getattr(chosen, k)),
    )


def spoken_of(chosen: Settings, at: Checkpoint) -> Checkpoint:
    """The checkpoint whose update is spoken of: the first one's, where none is done yet."""
    return at if at.update else next(chosen.go(at))


@dataclass(frozen=True, eq=False)
class Look:
    """A network reads the sea that is shown: both passes, dL/dy, and L."""

    trace: rv.Trace
    grads: rv.Gradients
    dy: Array
    loss: float


def look(network: rv.Network) -> Look:
    """Of this network."""
    trace = rv.unroll(network, experiment.shown().x)
    loss = experiment.shown().loss(trace.y)
    return Look(trace, rv.backpropagate(network, trace, loss.dy), np.asarray(loss.dy), loss.value)


@dataclass(frozen=True)
class Checks:
    """What the questions speak of: the first update's step, and what the first updates did."""

    few: int
    rate: float
    norm: float
    product: float
    step: float
    plain: bool
    lower: int
    begins: float
    radius: float
    answers: dict[str, str]


def checks(chosen: Settings) -> Checks:
    """The engine knows the answers."""
    begun = chosen.start()
    first, found = next(chosen.go(begun)), course(chosen, FEW)
    before, after = begun.network.state_dict(), first.network.state_dict()
    step = rv.clipping.global_norm({name: after[name] - before[name] for name in before})
    product = chosen.rate * first.clipped_norm
    plain = abs(step - product) <= NEAR * product
    lower = int((np.diff(found.losses) < 0).sum())
    grown = found.radii[-1] - begun.spectral_radius
    return Checks(
        few=len(found.losses) - 1,
        rate=chosen.rate,
        norm=first.clipped_norm,
        product=product,
        step=step,
        plain=plain,
        lower=lower,
        begins=begun.spectral_radius,
        radius=float(found.radii[-1]),
        answers={
            "step": "product" if plain else "other",
            "lower": "all" if lower == len(found.losses) - 1 else "more" if 2 * lower >= len(found.losses) else "less",
            "radius": "alike" if abs(grown) < ALIKE else "larger" if grown > 0 else "smaller",
        },
    )


def about() -> dict[str, Any]:
    """What the explanation says."""
    cosine = float(np.cos(FREQUENCIES).mean())
    names = "hours", "batch", "periods", "baseline", "last", "cosine"
    return dict(zip(names, (HOURS, BATCH, PERIODS, BASELINE, LAST, cosine), strict=True))


def program(chosen: Settings, update: int) -> dict[str, Any]:
    """What `program.jinja` is filled in with."""
    return asdict(chosen) | {"update": update, "periods": PERIODS, "batch": BATCH, "hours": HOURS}


def facts_for(section: str, values: Mapping[str, Any]) -> Any:
    """What a section of the language file speaks of with these values of the controls."""
    if section in tale.BEATS:
        return tale.facts(section)
    if section in ("about", "deeper"):
        return about()
    chosen = settings(values)
    if section == "checks":
        return checks(chosen)
    parent = replace(chosen, rate=0.05) if chosen.rate != Settings().rate else None
    return facts(chosen, spoken_of(chosen, chosen.start()), 0, parent, 1)
