"""What the page on initialization says and draws, as numbers; the networks are in `experiment.py` and `others.py`."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from math import isfinite, log, log10, prod
from typing import Any

import numpy as np

import rnnviz as rv
from lessons.common.controls import Choice, Control, Range, Seed, Steps
from lessons.initialization import experiment
from lessons.initialization.experiment import (
    ADDING,
    EXACT,
    KEEPS,
    LAWS,
    LONGEST,
    NOISE,
    PULSE,
    SCHEMES,
    SIGNALS,
    SMALL,
    STDS,
    Settings,
    Started,
)
from lessons.initialization.others import SEEDS, luck
from rnnviz.activations import sigmoid
from rnnviz.diagnostics import memory_horizon
from rnnviz.diagrams.arithmetic import digits_for

ONE, CHRONO = "one", "chrono"
SHOWN, HIDDEN = "yes", "no"
NONE, SEVERAL = "none", "several"
AS_NEAR = 0.1  # decades: laws whose typical distances from norm 1 differ by less are alike
LARGE, WANTED = 200, 100  # units of the matrix that shows the circular law; steps that half is to be left after
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
    """A card, or a column of what luck does, sets the scheme with its default, or the bias, or chrono's longest."""
    if target == "column":
        return pick("scheme", tuple(SCHEMES)[min(max(int(value["x"]), 1), len(SCHEMES)) - 1], values)
    if target == "scheme":
        drawn = SCHEMES[value]
        return {"scheme": value} | ({drawn.setting: drawn.default} if drawn.setting else {})
    if target == "bias":
        kind, _, number = str(value).partition(" ")
        return {"start_bias": CHRONO, "longest": int(number)} if kind == CHRONO else {"start_bias": ONE, "bias": value}
    return {}


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


def paths(run: Started) -> dict[str, np.ndarray]:
    """log10 of what is left, (T,): by all paths, by the direct one, as predicted from the bias alone."""
    gate = KEEPS[run.settings.cell]
    predicted = np.tile(run.predicted_openness, (run.settings.steps, 1))
    return {
        "all": run.log10_gradient,
        "direct": run.along_the_path(run.trace[0, 0].gates[gate][:, 0]),
        "predicted": run.along_the_path(predicted),
    }


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


def half_life(kept: float) -> float:
    """After how many steps a half is left of what each step keeps so much of."""
    return -log(2) / log(kept)


def beside(reached: float, predicted: float) -> str:
    """What arrives beside what was predicted, both log10: "less" than half of it, "more" than twice it, or "alike"."""
    if not isfinite(predicted):
        return "more" if isfinite(reached) else "alike"
    ratio = reached - predicted
    return "less" if ratio < log10(0.5) else "more" if ratio > log10(2) else "alike"


# What luck does


@dataclass(frozen=True)
class Typical:
    """What is left at step 1 by each law: over the seeds and over the schemes that follow it.

    left       {law: median}, log10 of the norm; -inf stands for 0
    low, high  {law: quartile}
    off        {law: median of how far from 1, in decades}; infinite where nothing or nothing finite arrives
    first      {law: of how many seeds one of its schemes came nearest to 1}, ties to the first
    best       the law nearest to 1; answer: that, or "several" that are alike, or "none" where none is finite
    """

    seeds: int
    left: dict[str, float]
    low: dict[str, float]
    high: dict[str, float]
    off: dict[str, float]
    first: dict[str, int]
    best: str
    answer: str


def typical(s: Settings) -> Typical:
    """Every law with its default, on this activation, input, number of steps and of units."""
    logs = luck(s.units, s.nonlinearity, s.signal, s.steps)
    off = np.where(np.isfinite(logs), np.abs(logs), np.inf)
    rows = {name: [k for k, one in enumerate(SCHEMES.values()) if one.law == name] for name in LAWS}
    distance = {name: _quantile(off[k].ravel(), 0.5) for name, k in rows.items()}
    nearest = np.where(np.isfinite(off.min(axis=0)), off.argmin(axis=0), -1)
    best, second = sorted(distance, key=lambda name: distance[name])[:2]
    clear = distance[second] - distance[best] > AS_NEAR
    return Typical(
        seeds=SEEDS,
        left={name: _quantile(logs[k].ravel(), 0.5) for name, k in rows.items()},
        low={name: _quantile(logs[k].ravel(), 0.25) for name, k in rows.items()},
        high={name: _quantile(logs[k].ravel(), 0.75) for name, k in rows.items()},
        off=distance,
        first={name: int(np.isin(nearest, k).sum()) for name, k in rows.items()},
        best=best,
        answer=NONE if not isfinite(distance[best]) else best if clear else SEVERAL,
    )


def _quantile(values: np.ndarray, share: float) -> float:
    """One of the values, so that infinities never meet; NaN counts as larger than all."""
    return float(np.sort(values)[int(share * (values.size - 1))])


# Explanation, questions


@dataclass(frozen=True)
class About:
    """What the explanation says, computed from the presets' own networks.

    small_step, small_left  of orthogonal weights and small inputs: what a step keeps, and what all of them leave
    opened, direct, kept    of LSTMs with bias 0 and 1: the gate's mean; what a step keeps on the direct path, on all
    gru                     of a GRU with bias 4: the direct path's share of what arrives, as a ratio
    biases, shares, halves  what a gate keeps that hears its bias alone, and after how many steps half is left
    """

    back: int
    small_step: float
    small_left: float
    biases_lstm: tuple[float, ...]
    opened: tuple[float, ...]
    direct: tuple[float, ...]
    kept: tuple[float, ...]
    gru: float
    biases: tuple[float, ...]
    shares: tuple[float, ...]
    halves: tuple[float, ...]


@lru_cache(maxsize=1)
def about() -> About:
    """Of these networks."""
    run = Started(settings(PRESETS["small"]))
    back, left = run.settings.steps - 1, float(run.log10_gradient[0])
    lstms = [Started(replace(settings(PRESETS["lstm_zero"]), bias=bias)) for bias in (0.0, 1.0)]
    gru = paths(Started(settings(PRESETS["gru_four"])))
    biases = (0.0, 1.0, 4.0)
    shares = tuple(sigmoid(np.array(biases)).tolist())
    return About(
        back=back,
        small_step=10 ** (left / back),
        small_left=10**left,
        biases_lstm=(0.0, 1.0),
        opened=tuple(float(one.openness.mean()) for one in lstms),
        direct=tuple(float(10 ** (paths(one)["direct"][0] / back)) for one in lstms),
        kept=tuple(float(10 ** (one.log10_gradient[0] / back)) for one in lstms),
        gru=float(10 ** (gru["direct"][0] - gru["all"][0])),
        biases=biases,
        shares=shares,
        halves=tuple(map(half_life, shares)),
    )


@dataclass(frozen=True)
class Horizon:
    """After how many steps the norm of the whole Jacobian is down to half, and the largest sigma(bias)^k; answer.

    None: not within the sequence.
    """

    measured: int | None
    predicted: int | None
    answer: str


@dataclass(frozen=True)
class Checks:
    """What the questions speak of.

    large     the spectral radius of a matrix of `large_units`; radii: the choices
    apart     the largest difference of an entry of two matrices
    moved     the norm of the gradient by W_h = 0; at_last: of the state before the last step
    """

    cell: str
    activation: str
    signal: str
    steps: int
    units: int
    large_units: int
    large: float
    radii: dict[str, float]
    apart: float
    moved: float
    wanted: int
    lasting: dict[str, tuple[float, float]]
    horizon: Horizon | None
    answers: dict[str, str]


def checks(run: Started) -> Checks:
    """The engine knows the answers."""
    s = run.settings
    large = radius_of_large(s.seed)
    radii = {"third": float(np.sqrt(1 / 3)), "one": 1.0, "root": float(np.sqrt(2))}
    shape = s.units, s.units
    xavier = rv.initializers.xavier_uniform(shape, np.random.default_rng(s.seed))
    lecun = rv.initializers.lecun_uniform(shape, np.random.default_rng(s.seed))
    apart = float(np.abs(xavier - lecun).max())
    dead = replace(s, cell="elman", scheme="zeros", amount=1.0, bias=None)
    moved = float(np.linalg.norm(Started(dead).grads.params["weight_hh_l0"]))
    lasting = {f"b{bias:g}": (bias, half_life(float(sigmoid(np.array(bias))))) for bias in (1.0, 3.0, 5.0)}
    far = horizon(run) if run.gated else None
    larger = "xavier" if np.abs(xavier).max() > np.abs(lecun).max() else "lecun"
    answers = {
        "radius": min(radii, key=lambda name: abs(radii[name] - large)),
        "same": "same" if apart < 1e-12 else larger,
        "zero": "moves" if moved > 0 else "stays",
        "half": min(lasting, key=lambda name: abs(lasting[name][1] - WANTED)),
    } | ({"horizon": far.answer} if far else {})
    return Checks(
        s.cell, s.nonlinearity, s.signal, s.steps, s.units, LARGE, large, radii, apart, moved, WANTED, lasting,
        far, answers,
    )  # fmt: skip


@lru_cache(maxsize=16)
def radius_of_large(seed: int) -> float:
    """The spectral radius of a large matrix with entries between -1/sqrt(H) and 1/sqrt(H)."""
    drawn = rv.initializers.uniform((LARGE, LARGE), np.random.default_rng(seed))
    return float(np.abs(np.linalg.eigvals(drawn)).max())


def horizon(run: Started) -> Horizon:
    """Whether the whole state remembers as long as the bias predicts; "unseen" where both are beyond the sequence."""
    found = memory_horizon(run.network, run.trace)[0, 0]
    most = run.settings.steps  # the earliest state is the initial one, so many steps back
    seen = [float(lag) if lag <= most else np.inf for lag in (float(found.half[0]), found.predicted_half)]
    if not any(map(isfinite, seen)):
        answer = "unseen"
    else:
        answer = {-1: "sooner", 0: "same", 1: "later"}[int(np.sign(np.nan_to_num(seen[0] - seen[1])))]
    return Horizon(
        measured=int(seen[0]) if isfinite(seen[0]) else None,
        predicted=int(seen[1]) if isfinite(seen[1]) else None,
        answer=answer,
    )


def program(s: Settings) -> dict[str, Any]:
    """What `program.jinja` is filled in with."""
    return asdict(s) | {"setting": SCHEMES[s.scheme].setting, "gate": KEEPS.get(s.cell, "")}


def facts_for(section: str, values: Mapping[str, Any]) -> Any:
    """What a section of the language file speaks of with these values of the controls."""
    s = settings(values)
    if section == "about":
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
