"""What the page on optimizers says and draws, as numbers; the story's are in `tale.py`."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

import numpy as np

import rnnviz as rv
from lessons.common.controls import Choice, Control, Seed, Steps
from lessons.optimizers_and_schedules import experiment, hills, tale
from lessons.optimizers_and_schedules.experiment import (
    BEST,
    DIVIDES,
    LAST,
    LIMIT,
    OPTIMIZERS,
    RATES,
    SCALES,
    SCHEDULES,
    WARM,
    Settings,
    walk,
)
from lessons.optimizers_and_schedules.rates import SOLVED, STARTS
from rnnviz.arrays import Array
from rnnviz.training import Checkpoint

NEAR = 0.01  # of a step: so near to learning rate times norm it is that
BESIDE = ("none", "race")
TWO = Settings("imitate")
PRESETS: dict[str, dict[str, Any]] = {
    "crawl": asdict(replace(TWO, rate=0.05)),
    "leaps": asdict(replace(TWO, rate=2.0)),
    "rolls": asdict(replace(TWO, optimizer="momentum", rate=0.05)),
    "race": asdict(Settings()) | {"beside": "race"},
    "noise": asdict(Settings(optimizer="adam", rate=0.1, batches="new")),
    "annealed": asdict(Settings(optimizer="adam", rate=0.1, batches="new", schedule="cosine")),
    "saturates": asdict(Settings(optimizer="adam", rate=0.2, batches="new")),
    "warmed": asdict(Settings(optimizer="adam", rate=0.2, batches="new", schedule="warmup_cosine")),
}
PRESETS = {name: {"beside": "none"} | values for name, values in PRESETS.items()}


def controls(_values: Mapping[str, Any]) -> tuple[Control, ...]:
    """The loss, and how it is walked down."""
    first = Settings()
    return (
        Choice("hill", hills.HILLS, first.hill),
        Choice("optimizer", tuple(OPTIMIZERS), first.optimizer),
        Steps("rate", RATES, first.rate),
        Choice("schedule", tuple(SCHEDULES), first.schedule, look="list"),
        Choice("batches", ("same", "new"), first.batches),
        Steps("scale", SCALES, first.scale),
        Choice("beside", BESIDE, "none"),
        Seed(),
    )


def pick(target: str, value: Any, _values: Mapping[str, Any]) -> dict[str, Any]:
    """A click in the map of learning rates walks the echo that way."""
    if target != "suits":
        return {}
    k, m = (min(max(int(value[name]), 1), len(of)) - 1 for name, of in (("x", RATES), ("y", OPTIMIZERS)))
    plain = {"hill": "echo", "schedule": "constant", "batches": "same", "scale": 1.0}
    return plain | {"optimizer": tuple(OPTIMIZERS)[m], "rate": RATES[k]}


def settings(values: Mapping[str, Any]) -> Settings:
    """What the controls say."""
    return Settings(**{one.name: values[one.name] for one in fields(Settings)})


def beside(chosen: Settings) -> dict[str, Settings]:
    """The other optimizers on the same loss, each with the learning rate of the race and all else as it is."""
    others = {name: replace(chosen, optimizer=name, rate=rate) for name, rate in BEST.items()}
    return {name: one for name, one in others.items() if name != chosen.optimizer}


@dataclass(frozen=True)
class Facts:
    """What there is to say of one update.

    stands  after which update the reader stands
    loss    of the update that is spoken of, the first where none is done; norm: of the gradient that the optimizer got;
            rate: its learning rate; step: how far that update went where it is the first
    away    how far the weights are from where they began; off: from the plane, as a share of that
    share   of the paths of the race that lies in the plane; whole: the map shows all weights that learn
    forked  the update at which it was forked; None: it was not
    """

    stands: int
    loss: float
    norm: float
    rate: float
    step: float
    away: float
    off: float
    share: float
    whole: bool
    forked: int | None


def facts(chosen: Settings, at: Checkpoint, stands: int, forked: int | None = None) -> Facts:
    """Of this checkpoint, whose update is spoken of."""
    begun, plane = hills.weights(chosen.start().network), experiment.plane(chosen.hill, chosen.seed)
    away = float(np.linalg.norm(hills.weights(at.network) - begun))
    return Facts(
        stands=stands,
        loss=at.loss,
        norm=at.clipped_norm,
        rate=at.learning_rate,
        step=away,
        away=away,
        off=plane.off(at.network),
        share=plane.share,
        whole=chosen.hill == "imitate",
        forked=forked,
    )


def spoken_of(chosen: Settings, at: Checkpoint) -> Checkpoint:
    """The checkpoint whose update is spoken of: the first one's, where none is done yet; its own, where that fails."""
    return at if at.update else next(chosen.go(at))


@dataclass(frozen=True, eq=False)
class Look:
    """A network reads the first of the sequences shown: both passes, dL/dy, and L."""

    trace: rv.Trace
    grads: rv.Gradients
    dy: Array
    loss: float


def look(chosen: Settings, network: rv.Network) -> Look:
    """Of this network."""
    shown = hills.shown(chosen.hill, chosen.seed)
    trace = rv.unroll(network, shown.x[:, :1])
    loss = rv.losses.mean_squared_error(trace.y, shown.targets[:, :1], shown.mask[:, :1])
    return Look(trace, rv.backpropagate(network, trace, loss.dy), np.asarray(loss.dy), loss.value)


@dataclass(frozen=True)
class Checks:
    """What the questions speak of: the first step, the first step of ten times the loss, the last learning rate."""

    product: float
    moved: float
    factor: float
    divides: bool
    peak: float
    late: float
    answers: dict[str, str]


def checks(chosen: Settings) -> Checks:
    """The engine knows the answers."""
    first, times = walk(chosen, 1), walk(replace(chosen, scale=10 * chosen.scale), 1)
    moved, scaled = (float(np.linalg.norm(one.path[-1] - one.path[0])) for one in (first, times))
    product = float(first.rates[0] * first.norms[0])
    rates = SCHEDULES[chosen.schedule](chosen.rate)(np.arange(LIMIT))
    peak, late = float(rates.max()), float(rates[-1])
    factor = scaled / moved
    return Checks(
        product=product,
        moved=moved,
        factor=factor,
        divides=chosen.optimizer in DIVIDES,
        peak=peak,
        late=late,
        answers={
            "step": "product" if abs(moved - product) <= NEAR * moved else "other",
            "scale": "keeps" if abs(factor - 1) <= NEAR else "changes",
            "late": "full" if late >= peak else "lower",
        },
    )


def about() -> dict[str, Any]:
    """What the explanation says; the curvatures are those of the loss of two weights at its goal."""
    gentle, steep = curvatures()
    return {
        "goal": hills.GOAL,
        "units": hills.UNITS,
        "delay": hills.DELAY,
        "weights": hills.weights(hills.network("echo", 0)).size,
        "few": hills.FEW,
        "points": hills.POINTS,
        "rates": len(RATES),
        "lowest": RATES[0],
        "highest": RATES[-1],
        "starts": STARTS,
        "limit": LIMIT,
        "last": LAST,
        "best": BEST,
        "solved": SOLVED,
        "gentle": gentle,
        "steep": steep,
        "limit_rate": 2 / steep,
    }


def curvatures(apart: float = 1e-4) -> tuple[float, float]:
    """The eigenvalues of the Hessian at the goal of two weights, by central differences of the loss."""
    w = np.stack(np.meshgrid((-1, 0, 1), (-1, 0, 1)), axis=-1).reshape(-1, 2) * apart + hills.GOAL
    plane = hills.whole()
    f = hills.losses("imitate", 0, w @ plane.along).reshape(3, 3)
    across, up = f[1, 2] - 2 * f[1, 1] + f[1, 0], f[2, 1] - 2 * f[1, 1] + f[0, 1]
    mixed = (f[2, 2] - f[2, 0] - f[0, 2] + f[0, 0]) / 4
    low, high = np.linalg.eigvalsh(np.array([[across, mixed], [mixed, up]]) / apart**2)
    return float(low), float(high)


def program(chosen: Settings, update: int) -> dict[str, Any]:
    """What `program.jinja` is filled in with."""
    given = {"goal": hills.GOAL, "begin": hills.BEGIN, "level": hills.LEVEL, "noise": hills.NOISE, "few": hills.FEW}
    sizes = {"units": hills.UNITS, "delay": hills.DELAY, "steps": hills.STEPS[chosen.hill]}
    lasts = {"limit": LIMIT, "warm": WARM, "count": hills.SHOWN[chosen.hill], "update": update}
    return asdict(chosen) | given | sizes | lasts


def facts_for(section: str, values: Mapping[str, Any]) -> Any:
    """What a section of the language file speaks of with these values of the controls."""
    if section in tale.BEATS:
        return tale.facts(section)
    if section in ("about", "deeper", "suits"):
        return about()
    chosen = settings(values)
    if section == "checks":
        return checks(chosen)
    return facts(chosen, spoken_of(chosen, chosen.start()), 0)
