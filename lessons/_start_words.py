"""What the lesson about the start says: every number in it is computed from the pass that is on the screen."""

from math import isfinite, log, log10, prod

import numpy as np

from lessons._controls import Prediction
from lessons._starts import EXACT, KEEPS, SCHEMES, SIGNALS, Others, Settings, Started
from rnnviz.activations import sigmoid
from rnnviz.figures.arithmetic import digits_for
from rnnviz.figures.chart import pick
from rnnviz.figures.html import symbol, text
from rnnviz.figures.numbers import decimals, of_log10, significant

RIVALS = {"PyTorch’s default": "uniform", "Xavier": "xavier_uniform", "He": "he_uniform", "orthogonal": "orthogonal"}
LESS, ALIKE, MORE = "less than half of it", "within a factor of 2", "more than twice as much"
NAMES = {"elman": "plain network", "lstm": "LSTM", "gru": "GRU"}
SANE = "start: default"
SMALLEST = log10(5e-324)  # of a float


def judge_schemes(prediction: Prediction, others: Others) -> str:
    """Which of the four keeps the gradient nearest to its length at the end."""
    reached = {
        label: float(logs[0])
        for label, name in RIVALS.items()
        for one, logs in zip(others.settings, others.log10_gradient)
        if one.scheme == name
    }
    truth = min(reached, key=lambda label: abs(reached[label]) if isfinite(reached[label]) else np.inf)
    numbers = ", ".join(f"{label} {of_log10(log)}" for label, log in reached.items())
    verdict = prediction.judge(truth, f"At step 1 is left: {numbers}")
    return f"{verdict} Of a gradient of length 1 at the last step, at step 1 is left: {numbers}." if verdict else ""


def judge_promise(prediction: Prediction, started: Started, promised: float) -> str:
    """Whether the gradient keeps the bias's promise; `promised`: log10 of it at step 1."""
    reached = float(started.log10_gradient[0])
    ratio = reached - promised if isfinite(promised) else np.inf if isfinite(reached) else 0.0
    truth = LESS if ratio < log10(0.5) else MORE if ratio > log10(2) else ALIKE
    numbers = f"promised is {of_log10(promised)}, measured {of_log10(reached)}"
    verdict = prediction.judge(truth, f"For step 1 {numbers}")
    return f"{verdict} For step 1 {numbers}." if verdict else ""


def say_plain(started: Started) -> tuple[str, ...]:
    """The matrix, the way back and the way forward of a plain network; HTML."""
    s, T = started.settings, started.settings.steps
    scheme = SCHEMES[s.scheme]
    largest = float(np.abs(started.eigenvalues).max())
    promised = "just as promised" if s.scheme in EXACT else "and the circular law promises a large matrix"
    size = "" if s.scheme in EXACT else f" {significant(s.radius)}"
    matrix = (
        f"<b>The matrix.</b> {scheme.label}: {text(scheme.law)}. Its spectral radius (the size of its largest "
        f"eigenvalue) is {significant(largest)}, {promised}{size}. Its largest singular value is "
        f"{significant(float(started.singular_values[0]))}: by that much one step can stretch at most."
    )
    lost = float(np.nanmean(1 - started.slopes)) if not np.isnan(started.slopes).all() else np.nan
    if s.nonlinearity == "relu":
        flat = f"{decimals(100 * lost, 0)} % of the units are off on average, and pass nothing back"
    elif s.nonlinearity == "linear":
        flat = "no unit saturates, because nothing bends"
    else:
        flat = f"saturation takes {decimals(100 * lost, 0)} % of the slope on average"
    first, last = (of_log10(float(started.log10_state[t])) for t in (0, T - 1))
    forwards = f"<b>Forwards.</b> The units’ typical size is {first} at step 1 and {last} at step {T}; {flat}."
    return (*say_exploded(started), matrix, say_way_back(started), forwards)


def say_way_back(started: Started) -> str:
    """How the gradient's length changes per step, measured and expected; HTML."""
    s, logs = started.settings, started.log10_gradient
    T, left = s.steps, float(logs[0])
    if not isfinite(left):
        if np.isneginf(left):
            return f"<b>Backwards.</b> {say_zero(started)}"
        return "<b>Backwards.</b> No gradient arrives at step 1, because what would arrive is no number any more."
    factor = 10 ** (left / (T - 1))
    stretch = float(np.sqrt(np.mean(started.singular_values**2)))
    slope = float(np.sqrt(np.mean(started.slopes**2))) * (0.25 if s.nonlinearity == "sigmoid" else 1)
    digits = digits_for([stretch, slope], stretch * slope, prod)
    return (
        f"<b>Backwards.</b> From 1 at step {T} the gradient’s length goes to {of_log10(left)} at step 1: a factor of "
        f"{significant(factor)} per step. A typical stretch of W (root mean square of its singular values) times a "
        f"typical slope (likewise) would be {significant(stretch, digits)} · {significant(slope, digits)} = "
        f"{significant(stretch * slope)}."
    )


def say_zero(started: Started) -> str:
    """Where the gradient is exactly 0, and why."""
    s, logs = started.settings, started.log10_gradient
    gone = int(np.flatnonzero(np.isneginf(logs))[-1]) + 1
    if np.nanmin(logs[gone:]) < SMALLEST + 16:
        why = f"it has become smaller than the smallest number that a float can hold, {of_log10(SMALLEST)}"
    elif s.nonlinearity == "relu" and s.radius > 0:
        why = (
            "every unit that still had a gradient was switched off there, and a relu that is off passes exactly nothing"
        )
    else:
        why = "W_hh is 0, and hands nothing back"
    return f"From step {gone} down the gradient is exactly 0 (the hollow 0s): {why}."


def say_exploded(started: Started) -> tuple[str, ...]:
    """What left the finite range and where, with a way back; nothing where all is finite."""
    forwards, backwards = started.trace.nonfinite, started.grads.nonfinite
    if forwards is None and (backwards is None or backwards.step is None):
        return ()
    said = []
    if forwards is not None and forwards.step is not None:
        said.append(f"Forwards, step {forwards.step + 1} is the first")
    if backwards is not None and backwards.step is not None:
        said.append(f"backwards, step {backwards.step + 1}" + ("" if said else " is the first"))
    where = " and, ".join(said)
    return (
        f"<b>Exploded.</b> {where[0].upper()}{where[1:]} where a number grew larger than any float can hold, 1.80×10³⁰⁸. "
        "What is computed from it is no number any more, so it is hatched. "
        f"{pick('Back to a start that works', SANE)}.",
    )


def say_gated(started: Started, direct: float, promised: float) -> tuple[str, ...]:
    """The gate that keeps, the way back and the way forward of a gated network; `direct` and `promised`: log10; HTML."""
    s, T = started.settings, started.settings.steps
    gate = KEEPS[s.cell]
    keeps, meant = float(started.openness.mean()), started.promised_openness
    state = f"{symbol('c')}" if s.cell == "lstm" else f"{symbol('h')}"
    if s.bias is None:
        bias = (
            f"Chrono draws a bias for each unit, log U[1, {s.longest - 1}]: the units promise to remember for "
            f"{significant(1 / (1 - float(meant.min())))} to {significant(1 / (1 - float(meant.max())))} steps each"
        )
    else:
        half = -log(2) / log(meant[0])
        bias = f"σ({decimals(s.bias, 1)}) = {significant(float(meant[0]))} per step leaves half after {significant(half)} steps"
    opened = (
        f"<b>The gate.</b> {bias}. Over this input gate {gate} is open by {significant(keeps)} on average: it listens "
        "to the input and the state as well."
    )
    left = float(started.log10_gradient[0])
    back = (
        f"<b>Backwards.</b> Of the gradient by {state} at step {T}, {of_log10(left)} of its length arrives at step 1. "
        f"Along the conveyor alone, where each step multiplies by its {gate}, it is {of_log10(direct)}; the bias alone "
        f"promises {of_log10(promised)}. The rest comes through the gates and the candidate."
    )
    first, last = (of_log10(float(started.log10_state[t])) for t in (0, T - 1))
    forth = f"<b>Forwards.</b> The typical size of {state} is {first} at step 1 and {last} at step {T}."
    return opened, back, forth


def snippet(started: Started) -> str:
    """The page as a program: run it, and it prints the numbers on the screen."""
    s = started.settings
    setting = SCHEMES[s.scheme].setting
    scheme = f"rv.initializers.{s.scheme}"
    init = f"partial({scheme}, {setting}={s.amount:g})" if setting else scheme
    lines = ["from functools import partial", ""] if s.cell == "elman" and setting else []
    lines += ["import numpy as np", "import rnnviz as rv", "", f"rng = np.random.default_rng({1000 + s.seed})"]
    lines += [f"x = {SIGNALS[s.signal].format(T=s.steps)}"]
    if s.cell == "elman":
        lines += ["net = rv.Network.create(", f'    "elman", 2, {s.units}, recurrent_init={init},']
        lines += [f'    nonlinearity="{s.nonlinearity}", rng=np.random.default_rng({s.seed}),', ")"]
    else:
        chrono = f'rv.initializers.chrono("{s.cell}", {s.units}, {s.longest}, np.random.default_rng({s.seed}))'
        lines += [f"biases = {chrono}" if s.bias is None else f'biases = {{"{KEEPS[s.cell]}": {s.bias:g}}}']
        lines += [f'net = rv.Network.create("{s.cell}", 2, {s.units}, gate_biases=biases,']
        lines += [f"                        rng=np.random.default_rng({s.seed}))"]
    norms = "log10_cell_gradient_norms" if s.cell == "lstm" else "log10_hidden_gradient_norms"
    lines += ["trace = rv.unroll(net, x)", "dy = np.zeros_like(trace.y)"]
    lines += [f"dy[-1] = 1 / np.sqrt({s.units})", "grads = rv.backpropagate(net, trace, dy)", ""]
    lines += [f"logs = rv.diagnostics.{norms}(grads)[0, 0][:, 0]"]
    lines += ["print(logs[0] - logs[-1])  # log10 of what is left of the gradient at step 1"]
    if s.cell == "elman":
        lines += ['W = net.state_dict()["weight_hh_l0"]']
        lines += ["print(np.abs(np.linalg.eigvals(W)).max(), np.linalg.norm(W, 2))  # spectral radius, singular value"]
    else:
        lines += [f'print(trace[0, 0].gates["{KEEPS[s.cell]}"].mean())  # how open the gate that keeps is']
    return "\n".join(lines)


def says_promise(settings: Settings) -> str:
    """The question about a gated network: what the bias promises for step 1."""
    keeps = KEEPS[settings.cell]
    return (
        f"Each step back should keep σ(bias of {keeps}) of the gradient. Of what that leaves at step 1, there arrives …"
    )


def half_life(bias: float) -> float:
    """Steps after which sigma(bias)^k is 1/2."""
    return -log(2) / log(float(sigmoid(np.array([bias]))[0]))
