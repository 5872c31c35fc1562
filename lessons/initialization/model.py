"""What the page on initialization says of one network, as numbers; of many in `typical.py`, questions in `asked.py`."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from math import isfinite, log10, prod
from typing import Any

import numpy as np

from lessons.common.controls import Choice, Control, Range, Seed, Steps
from lessons.initialization import experiment
from lessons.initialization.asked import Checks, about, checks
from lessons.initialization.experiment import (
    ADDING,
    EXACT,
    KEEPS,
    LONGEST,
    NOISE,
    PULSE,
    SCHEMES,
    SIGNALS,
    SMALL,
    STDS,
    Settings,
    Started,
    half_life,
    paths,
)
from lessons.initialization.typical import typical
from rnnviz.diagrams.arithmetic import digits_for

__all__ = ["about", "checks", "typical"]  # besides what is here
ONE, CHRONO = "one", "chrono"
SHOWN, HIDDEN = "yes", "no"
SMALLEST, LARGEST = log10(5e-324), float(np.finfo(np.float64).max)  # of a float64
OLD = {"Xavier": "xavier", "He": "he", "LeCun": "lecun"}
WAS = {f"{old} {kind}": f"{new}_{kind}" for old, new in OLD.items() for kind in ("uniform", "normal")}

_PLAIN: dict[str, Any] = {"cell": "elman", "signal": NOISE, "steps": 50, "units": 32, "seed": 0}
PRESETS: dict[str, dict[str, Any]] = {
    "pytorch": _PLAIN | {"scheme": "uniform", "activation": "tanh"},
    "he": _PLAIN | {"scheme": "he_uniform", "activation": "tanh"},
    "small": _PLAIN | {"scheme": "orthogonal", "gain": 1.0, "activation": "tanh", "signal": SMALL},
    "irnn": _PLAIN | {"scheme": "identity", "gain": 1.0, "activation": "relu", "signal": ADDING},
    "on_noise": _PLAIN | {"scheme": "identity", "gain": 1.0, "activation": "relu", "seed": 1},
    "huge": _PLAIN | {"scheme": "normal", "std": 10.0, "activation": "linear", "steps": 200},
    "lstm_zero": _PLAIN | {"cell": "lstm", "start_bias": ONE, "bias": 0.0},
    "lstm_chrono": _PLAIN | {"cell": "lstm", "start_bias": CHRONO, "longest": LONGEST},
    "gru_four": _PLAIN | {"cell": "gru", "start_bias": ONE, "bias": 4.0},
}


def controls(values: Mapping[str, Any]) -> tuple[Control, ...]:
    """What is initialized how, and what it reads."""
    cell = Choice("cell", ("elman", "lstm", "gru"), "elman", was={"plain": "elman", "LSTM": "lstm", "GRU": "gru"})
    own = _of_scheme(values) if values.get("cell", "elman") == "elman" else _of_gate(values)
    was = {"noise, a tenth": SMALL, "adding task": ADDING, "one pulse": PULSE}
    return (
        cell,
        *own,
        Choice("signal", SIGNALS, NOISE, was=was, look="list"),
        Range("steps", 5, 200, 1, 50),
        Range("units", 1, 48, 1, 32),
        Seed(),
        Choice("compare", (HIDDEN, SHOWN), HIDDEN, was={"True": SHOWN}),
    )


def _of_scheme(values: Mapping[str, Any]) -> tuple[Control, ...]:
    """The scheme, its setting where it has one, and the activation."""
    names = tuple(SCHEMES)
    scheme = Choice("scheme", names, "uniform", was=WAS | {"echo state": "echo_state"}, look="list")
    activation = Choice("activation", ("tanh", "relu", "sigmoid", "linear"), "tanh", look="list")
    drawn = SCHEMES[values.get("scheme", "uniform")]
    if drawn.setting is None:
        return (scheme, activation)
    if drawn.setting == "std":
        return (scheme, Steps("std", STDS, drawn.default), activation)
    return (scheme, Range(drawn.setting, 0.0, 3.0, 0.05, drawn.default, digits=2), activation)


def _of_gate(values: Mapping[str, Any]) -> tuple[Control, ...]:
    """The bias of the gate that keeps."""
    kind = Choice("start_bias", (ONE, CHRONO), ONE, was={"one for all": ONE})
    if values.get("start_bias", ONE) == ONE:
        return (kind, Range("bias", -4.0, 8.0, 0.5, 1.0, digits=2))
    return (kind, Range("longest", 3, 500, 1, LONGEST))


def settings(values: Mapping[str, Any]) -> Settings:
    """The experiment that these values of the controls ask for."""
    scheme = values.get("scheme", "orthogonal")
    bias = values.get("bias") if values["cell"] != "elman" else None
    return Settings(
        cell=values["cell"],
        scheme=scheme,
        amount=values.get(SCHEMES[scheme].setting or "", 1.0),
        nonlinearity=values.get("activation", "tanh"),
        bias=bias,
        longest=int(values.get("longest", LONGEST)),
        signal=values["signal"],
        steps=int(values["steps"]),
        units=int(values["units"]),
        seed=int(values["seed"]),
    )


def pick(target: str, value: Any, values: Mapping[str, Any]) -> dict[str, Any]:
    """A lane or a card sets the scheme with its default, the bias, or chrono's longest.

    A dot sets the seed.
    """
    if target == "seed":
        return {"seed": value}
    if target == "lane" and value not in SCHEMES:
        return pick("bias", value if str(value).startswith(CHRONO) else _number(value), values)
    if target == "lane":
        return {} if value == values.get("scheme") else pick("scheme", value, values)
    if target == "scheme":
        drawn = SCHEMES[value]
        return {"scheme": value} | ({drawn.setting: drawn.default} if drawn.setting else {})
    if target == "bias":
        kind, _, number = str(value).partition(" ")
        if kind == CHRONO:
            return {"start_bias": CHRONO, "longest": int(number)}
        return {} if value is None else {"start_bias": ONE, "bias": value}
    return {}


def _number(said: Any) -> float | None:
    """A lane's bias; None for the lane of the page's own."""
    try:
        return float(said)
    except (TypeError, ValueError):
        return None


@dataclass(frozen=True)
class Zero:
    """Where the gradient is exactly 0, and why: "matrix", "underflow", "off" (relu), "saturated"."""

    step: int
    why: str


@dataclass(frozen=True)
class Matrix:
    """What there is to say of a plain network.

    radius, predicted  the spectral radius of W_h, and what the scheme predicts; exact: for every size
    s1                 its largest singular value
    gain, slope        root mean squares of its singular values and of the activation's slopes; product; with digits
    lost               the share of the slope that is lost on average, None where nothing is finite
    factor             what is left per step back
    """

    radius: float
    exact: bool
    predicted: float
    s1: float
    gain: float
    slope: float
    product: float
    digits: int
    lost: float | None
    factor: float


@dataclass(frozen=True)
class Gate:
    """What there is to say of a gated network.

    bias, longest      of the gate that keeps, or chrono's; kept: sigma of it, half: the steps after which half is left
    shortest, slowest  of chrono: the time constants of its biases, in steps
    keeps, lost        the gate's mean, and the share of its slope that is lost
    direct, predicted  log10 of what arrives at step 1 on the direct path, and of what the bias alone predicts
    lags               {path: (steps after which half is left, a hundredth)}; None: not within the sequence
    """

    bias: float | None
    longest: int
    kept: float
    half: float
    shortest: float
    slowest: float
    keeps: float
    lost: float
    direct: float
    predicted: float
    lags: dict[str, tuple[int | None, int | None]]


@dataclass(frozen=True)
class Facts:
    """Every number that the page says of one network; steps are counted from 1, norms and states are log10.

    left            of a gradient of norm 1 at the last step, at step 1
    state, last     the root mean square of the state at step 1 and at the last step where it is finite
    forward, backward  from which step on, or down, it is not finite; None: it is
    """

    cell: str
    scheme: str
    activation: str
    signal: str
    steps: int
    units: int
    seed: int
    left: float
    arrives: bool
    state: float
    state_last: float
    last: int
    forward: int | None
    backward: int | None
    largest: float
    smallest: float
    zero: Zero | None
    matrix: Matrix | None
    gate: Gate | None
    answers: dict[str, str]


def facts(run: Started, comparing: bool = True) -> Facts:
    """Of one network; the question on schemes is answered only where the others are shown, or asked for."""
    s, logs = run.settings, run.log10_gradient
    states = run.log10_state
    last = int(np.flatnonzero(np.isfinite(states) | np.isneginf(states))[-1])
    forward, backward = (None if lost is None or lost.step is None else lost.step + 1 for lost in _lost(run))
    gate = gate_facts(run) if run.gated else None
    answers = {}
    if gate:
        answers["bias"] = beside(float(logs[0]), gate.predicted)
    elif comparing:
        answers["scheme"] = typical(s).answer
    return Facts(
        cell=s.cell,
        scheme=s.scheme,
        activation=s.nonlinearity,
        signal=s.signal,
        steps=s.steps,
        units=s.units,
        seed=s.seed,
        left=float(logs[0]),
        arrives=isfinite(float(logs[0])),
        state=float(states[0]),
        state_last=float(states[last]),
        last=last + 1,
        forward=forward,
        backward=backward,
        largest=LARGEST,
        smallest=SMALLEST,
        zero=zero(run),
        matrix=None if run.gated else matrix(run),
        gate=gate,
        answers=answers,
    )


def _lost(run: Started) -> tuple[Any, Any]:
    return run.trace.nonfinite, run.grads.nonfinite


def matrix(run: Started) -> Matrix:
    """Of a plain network's W_h, and of the way back through it."""
    s, logs = run.settings, run.log10_gradient
    gain = float(np.sqrt(np.mean(run.singular_values**2)))
    known = not np.isnan(run.slopes).all()
    quarter = 0.25 if s.nonlinearity == "sigmoid" else 1.0
    slope = float(np.sqrt(np.nanmean(run.slopes**2))) * quarter if known else float("nan")
    left = float(logs[0])
    return Matrix(
        radius=round(float(np.abs(run.eigenvalues).max()), 12),
        exact=s.scheme in EXACT,
        predicted=s.radius,
        s1=round(float(run.singular_values[0]), 12),
        gain=gain,
        slope=slope,
        product=gain * slope,
        digits=digits_for([gain, slope], gain * slope, prod) if isfinite(gain * slope) else 3,
        lost=float(np.nanmean(1 - run.slopes)) if known else None,
        factor=float(10 ** (left / (s.steps - 1))) if isfinite(left) else 0.0,
    )


def zero(run: Started) -> Zero | None:
    """From which step down the gradient is exactly 0; None where it is not."""
    logs = run.log10_gradient
    if not np.isneginf(logs[0]):
        return None
    gone = int(np.flatnonzero(np.isneginf(logs))[-1]) + 1
    if not run.gated and not run.W.any():
        why = "matrix"
    elif np.nanmin(logs[gone:]) < SMALLEST + 16:
        why = "underflow"
    else:
        why = "off" if run.settings.nonlinearity == "relu" else "saturated"
    return Zero(gone, why)


def gate_facts(run: Started) -> Gate:
    """Of the gate that keeps, and of the way back through it."""
    s, meant, found = run.settings, run.predicted_openness, paths(run)
    constants = 1 / (1 - meant)
    return Gate(
        bias=s.bias,
        longest=s.longest,
        kept=float(meant[0]),
        half=half_life(float(meant[0])),
        shortest=float(constants.min()),
        slowest=float(constants.max()),
        keeps=float(run.openness.mean()),
        lost=float(np.mean(1 - run.slopes)),
        direct=float(found["direct"][0]),
        predicted=float(found["predicted"][0]),
        lags={name: (_steps(logs, 0.5), _steps(logs, 0.01)) for name, logs in found.items()},
    )


def _steps(logs: np.ndarray, share: float) -> int | None:
    lag = experiment.lag(logs, share)
    return int(lag) if isfinite(lag) else None


def beside(reached: float, predicted: float) -> str:
    """What arrives beside what was predicted, both log10: "less" than half of it, "more" than twice it, or "alike"."""
    if not isfinite(predicted):
        return "more" if isfinite(reached) else "alike"
    ratio = reached - predicted
    return "less" if ratio < log10(0.5) else "more" if ratio > log10(2) else "alike"


def program(s: Settings) -> dict[str, Any]:
    """What `program.jinja` is filled in with."""
    return asdict(s) | {"setting": SCHEMES[s.scheme].setting, "gate": KEEPS.get(s.cell, "")}


def facts_for(section: str, values: Mapping[str, Any]) -> Any:
    """What a section of the language file speaks of with these values of the controls."""
    s = settings(values)
    if section in ("about", "deeper"):
        return about()
    if section == "spread":
        return typical(s)
    return _checks(s) if section == "checks" else _facts(s)


@lru_cache(maxsize=4)
def _facts(s: Settings) -> Facts:
    return facts(Started(s))


@lru_cache(maxsize=4)
def _checks(s: Settings) -> Checks:
    return checks(Started(s))
