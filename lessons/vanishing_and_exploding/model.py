"""What the page on vanishing and exploding gradients says and draws, as numbers; the experiment is `experiment.py`."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

import rnnviz as rv
from lessons.common.controls import Choice, Control, Range, Seed
from lessons.vanishing_and_exploding import tale
from lessons.vanishing_and_exploding.experiment import (
    CELLS,
    GAUSSIAN,
    INPUTS,
    MATRICES,
    NUMBERS,
    ORTHOGONAL,
    SCALES,
    TRIANGULAR,
    UNITS,
    Settings,
    Study,
    dy,
    run,
    study,
)
from lessons.vanishing_and_exploding.why import GROWN, SHRUNK, Factors, Gates, Horizon, factors, gates, horizon
from rnnviz.activations import sigmoid
from rnnviz.diagnostics import weight_gradient_by_step
from rnnviz.plots.cells import pale

MOST = 100  # steps

_SEEN: dict[str, tuple[Settings, int]] = {
    "saturated": (Settings(), 30),
    "sheared": (Settings(TRIANGULAR, 0.6, "linear"), 9),
    "defective": (Settings(TRIANGULAR, 1.0, "linear", MOST), 99),
    "rotation": (Settings(ORTHOGONAL, 1.0, "linear"), 49),
    "quarter": (Settings(ORTHOGONAL, 3.0, "sigmoid"), 30),
    "overflow": (Settings(TRIANGULAR, 3.0, "relu", MOST, numbers="float32"), 60),
    "burst": (Settings(ORTHOGONAL, 3.0, "tanh", MOST, input_scale=0.0, numbers="float32"), 80),
    "carried": (Settings(ORTHOGONAL, 0.5, "lstm", input_scale=1.0, keep=5.0), 49),
}
PRESETS: dict[str, dict[str, Any]] = {name: asdict(one) | {"lag": lag} for name, (one, lag) in _SEEN.items()}


def controls(values: Mapping[str, Any]) -> tuple[Control, ...]:
    """What can be set; one can look back no further than to the first step."""
    steps = int(values.get("steps", 50))
    return (
        Choice("matrix", MATRICES, ORTHOGONAL, was={"Gaussian": GAUSSIAN}),
        Choice("cell", CELLS, "tanh", was={"LSTM": "lstm", "GRU": "gru"}),
        Choice("numbers", NUMBERS, "float64"),
        Seed(),
        Range("rho", float(SCALES[0]), float(SCALES[-1]), 0.05, 1.5, digits=2),
        Range("steps", 10, MOST, 1, 50),
        Range("lag", 1, steps - 1, 1, 30, reach=MOST - 1),
        Range("input_scale", 0.0, 5.0, 0.25, 2.0, digits=2, was_id="loud"),
        Range("keep", -2.0, 8.0, 0.5, 1.0, digits=1),
    )


def pick(target: str, value: Any, values: Mapping[str, Any]) -> dict[str, Any]:
    """A step of a chart ("at") or a cell of the map sets how far back one looks, at least 1, the map the scale too; so
    does the walk where it comes to rest, between its ends."""
    if target not in ("at", "map", "walked"):
        return {}
    steps = int(values["steps"])
    lag = steps - int(value["x"])
    if target == "walked" and not 1 <= lag < steps:
        return {}
    found: dict[str, Any] = {"lag": min(max(lag, 1), steps - 1)}
    return found | ({"rho": float(value["y"])} if target == "map" else {})


def notice(target: str, value: Any, values: Mapping[str, Any]) -> str:
    """What a reader is told who picked the last step, where there is nothing to see."""
    return "last" if target in ("at", "map") and int(value["x"]) == int(values["steps"]) else ""


@dataclass(frozen=True)
class Lost:
    """Where a network ("elman", "lstm", "gru") left the finite range: its state, or its gradient, at a step from 1.

    before  so many steps before the end
    """

    network: str
    state: bool
    step: int
    before: int


@dataclass(frozen=True)
class Facts:
    """Every number that the page says; steps are counted from 1, norms of gradients are log10."""

    matrix: str
    cell: str
    kind: str
    numbers: str
    rho: float
    input_scale: float
    keep: float
    steps: int
    lag: int
    step: int
    lost: tuple[Lost, ...]
    largest: float
    least: float
    elman: float
    lstm: float
    lstm_cell: float
    gru: float
    starts_at_one: bool
    factors: Factors | None
    gates: Gates | None
    horizon: Horizon | None
    pale: float | None
    silent: float
    heard: float
    comparable: bool
    answers: dict[str, str]


def experiment(values: Mapping[str, Any]) -> tuple[Study, int]:
    """The networks of these settings, and how far back one looks."""
    return study(Settings(**{name: value for name, value in values.items() if name != "lag"})), int(values["lag"])


def facts(seen: Study, lag: int) -> Facts:
    """What there is to say where one looks `lag` steps back."""
    chosen = seen.settings
    at = chosen.steps - lag - 1
    norms = {kind: float(passed.norms[at]) for kind, passed in seen.passes.items()}
    silent, heard = with_and_without_input(seen, at)
    comparable = silent < np.inf and heard < np.inf  # not with NaN either
    info, gated = np.finfo(chosen.numbers), chosen.kind != "elman"
    now, then = (heard, silent) if chosen.input_scale else (silent, heard)
    change = 0.0 if now == then or not comparable else then - now
    return Facts(
        matrix=chosen.matrix,
        cell=chosen.cell,
        kind=chosen.kind,
        numbers=chosen.numbers,
        rho=chosen.rho,
        input_scale=chosen.input_scale,
        keep=chosen.keep,
        steps=chosen.steps,
        lag=lag,
        step=chosen.steps - lag,
        lost=lost(seen),
        largest=float(info.max),
        least=float(info.smallest_subnormal),
        elman=norms["elman"],
        lstm=norms["lstm"],
        lstm_cell=float(seen.passes["lstm"].cell_norms[at]),
        gru=norms["gru"],
        starts_at_one=not any(passed.exploded for passed in seen.passes.values()),
        factors=None if gated else factors(seen, lag),
        gates=gates(seen, lag) if gated else None,
        horizon=horizon(seen),
        pale=pale(seen.map),
        silent=silent,
        heard=heard,
        comparable=bool(comparable),
        answers={"input": "larger" if change > GROWN else "smaller" if change < SHRUNK else "alike"},
    )


def with_and_without_input(seen: Study, at: int) -> tuple[float, float]:
    """log10 of the gradient's norm at a place of the network that is looked at, without input and with it."""
    chosen = seen.settings
    other = run(replace(chosen, input_scale=0.0 if chosen.input_scale else 1.0), chosen.kind)
    now, then = (float(one.norms[at]) for one in (seen.shown, other))
    return (then, now) if chosen.input_scale else (now, then)


def lost(seen: Study) -> tuple[Lost, ...]:
    """What has left the finite range, network by network."""
    found, T = [], seen.settings.steps
    for kind, passed in seen.passes.items():
        gone = np.flatnonzero(passed.lost)
        if passed.exploded is not None:
            found.append(Lost(kind, True, passed.exploded, T - passed.exploded))
        elif gone.size:
            found.append(Lost(kind, False, int(gone[-1]) + 1, T - int(gone[-1]) - 1))
    return tuple(found)


@dataclass(frozen=True)
class Checks:
    """What the questions speak of.

    s1, bounds             of this matrix at rho = 1 its largest singular value; the choices, the sure one among them
    twenty, shares         what is left after 20 steps; after 40, the choices
    kept, lags, left_log10 what a forget gate keeps; the choices; what is left on the state at the right one
    """

    matrix: str
    keep: float
    s1: float
    bounds: dict[str, float]
    lag_short: int
    lag_long: int
    twenty: float
    forty: float
    shares: dict[str, float]
    kept: float
    lags: dict[str, int]
    left_log10: float
    answers: dict[str, str]


def checks(seen: Study) -> Checks:
    """The questions' numbers; the engine knows the answers."""
    chosen = seen.settings
    unit = replace(chosen, rho=1.0, cell="sigmoid", numbers="float64")
    s1 = round(float(np.linalg.norm(unit.network("elman").state_dict()["weight_hh_l0"], 2)), 9)
    twenty, forty = (10.0 ** run(Settings(rho=0.9, cell="linear"), "elman").norms[[-21, -41]]).tolist()
    shares = {"half": twenty / 2, "square": twenty**2, "root": twenty**0.5}
    kept = float(sigmoid(np.array(chosen.keep)))
    steps = int(np.ceil(np.log(0.01) / np.log(kept)))
    return Checks(
        matrix=chosen.matrix,
        keep=chosen.keep,
        s1=s1,
        bounds={"slope_one": 1 / s1, "slope_quarter": 4 / s1},
        lag_short=20,
        lag_long=40,
        twenty=twenty,
        forty=forty,
        shares=shares,
        kept=kept,
        lags={"quarter": -(-steps // 4), "right": steps, "tenfold": 10 * steps},
        left_log10=steps * float(np.log10(kept)),
        answers={
            "bound": "slope_quarter",
            "square": min(shares, key=lambda name: abs(shares[name] - forty)),
            "path": "right",
        },
    )


def verified(seen: Study) -> dict[str, Any]:
    """What "Verify" compares: the network, its inputs and dL/dy at the last steps, as many as can be checked."""
    T, looked, layer = seen.settings.steps, seen.in_sight, seen.shown.trace[0, 0]
    start = {}
    if looked < T:
        start = {"h0": layer.h[T - looked - 1]} | ({} if layer.c is None else {"c0": layer.c[T - looked - 1]})
    network: rv.Network = seen.shown.trace.network
    return {"network": network, "x": seen.settings.x[T - looked :], "dy": dy(looked), **start}


def limits(seen: Study) -> dict[str, Any]:
    """What is to be said of such a check: how far it looks, and whether other numbers than those above are checked."""
    T, looked = seen.settings.steps, seen.in_sight
    again = bool(seen.shown.lost[T - looked :].any())
    return {"steps": T, "looked": looked, "first": T - looked, "again": again, "numbers": seen.settings.numbers}


def deeper(seen: Study, lag: int) -> dict[str, Any]:
    """What the hard parts say: of float32, of dL/dW_h near and far, and of the rate at which differences grow.

    near, whole  the norm of dL/dW_h over the last `lag` steps, and over all
    exponent     ln of the largest singular value of the last `lag` steps, per step; None where it is no number
    """
    info, T, shown = np.finfo("float32"), seen.settings.steps, seen.shown
    with np.errstate(all="ignore"):
        sums = weight_gradient_by_step(shown.trace, shown.grads)[0, 0].weight_hh.running[:, 0]
    grown = float(seen.products.log10_norm[T - lag, 0]) * float(np.log(10)) / lag
    return {
        "largest": float(info.max),
        "least": float(info.smallest_subnormal),
        "lag": lag,
        "steps": T,
        "near": float(sums[T - lag]),
        "whole": float(sums[0]),
        "finite": bool(np.isfinite(sums).all()) and shown.exploded is None,
        "exponent": grown if np.isfinite(grown) else None,
    }


def program(seen: Study, lag: int) -> dict[str, Any]:
    """What `program.jinja` is filled in with."""
    chosen = seen.settings
    sizes = {"units": UNITS, "inputs": INPUTS}
    return asdict(chosen) | sizes | {"activation": chosen.activation, "lag": lag, "step": chosen.steps - lag}


def facts_for(section: str, values: Mapping[str, Any]) -> Any:
    """What a section of the language file speaks of with these values of the controls."""
    if section in tale.BEATS:
        return tale.facts(section, values)
    seen, lag = experiment(values)
    if section == "checks":
        return checks(seen)
    return {"deeper": lambda: deeper(seen, lag), "limits": lambda: limits(seen)}.get(
        section, lambda: facts(seen, lag)
    )()
