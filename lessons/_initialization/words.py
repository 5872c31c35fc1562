"""What the lesson about the start says: every number in it is computed from the pass that is on the screen."""

from math import isfinite, log, log10, prod

import numpy as np

from lessons._controls import Prediction
from lessons._initialization.experiment import EXACT, KEEPS, SCHEMES, SIGNALS, Started
from lessons._initialization.others import Others
from lessons._initialization.presets import SANE, STARTS
from rnnviz.activations import sigmoid
from rnnviz.figures import Picture
from rnnviz.figures.arithmetic import digits_for
from rnnviz.figures.chart import pick
from rnnviz.figures.html import symbol, text
from rnnviz.figures.numbers import MINUS, decimals, of_log10, significant

RIVALS = {
    "PyTorch’s default": "uniform",
    "Xavier uniform": "xavier_uniform",
    "He uniform": "he_uniform",
    "orthogonal": "orthogonal",
}
NONE = "none of them"
LESS, ALIKE, MORE = "less than half of that", "that, within a factor of 2", "more than twice that"
SMALLEST = log10(5e-324)  # of a float
LARGEST = float(np.finfo(np.float64).max)


def tries() -> Picture:
    """The starts worth seeing in one line."""
    buttons = " · ".join(pick(name, f"start: {name}") for name in STARTS)
    return Picture(f'<div class="rnn tries">Try: {buttons}</div>')


def judge_schemes(prediction: Prediction, others: Others) -> str:
    """Which of the four keeps the gradient nearest to its length at the end."""
    reached = {
        label: float(logs[0])
        for label, name in RIVALS.items()
        for one, logs in zip(others.settings, others.log10_gradient)
        if one.scheme == name
    }
    kept = {label: abs(log) for label, log in reached.items() if isfinite(log)}
    truth = min(kept, key=lambda label: kept[label]) if kept else NONE
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
    s = started.settings
    scheme = SCHEMES[s.scheme]
    largest = round(float(np.abs(started.eigenvalues).max()), 12)
    promised = "just as promised" if s.scheme in EXACT else "and the circular law promises a large matrix"
    size = "" if s.scheme in EXACT else f" {significant(s.radius)}"
    matrix = (
        f"<b>The matrix.</b> {scheme.label}: {text(scheme.law)}. Its spectral radius (the size of its largest "
        f"eigenvalue) is {significant(largest)}, {promised}{size}. Its largest singular value is "
        f"{significant(round(float(started.singular_values[0]), 12))}: by that much one step can stretch at most."
    )
    lost = float(np.nanmean(1 - started.slopes)) if not np.isnan(started.slopes).all() else np.nan
    if s.nonlinearity == "relu":
        flat = f"{decimals(100 * lost, 0)} % of the units are off on average, and pass nothing back"
    elif s.nonlinearity == "linear":
        flat = "no unit saturates, because nothing bends"
    else:
        flat = f"saturation takes {decimals(100 * lost, 0)} % of the slope on average"
    forwards = f"<b>Forwards.</b> The units’ typical size {say_state(started)}; {flat}."
    return (*say_exploded(started), matrix, say_way_back(started), forwards)


def say_state(started: Started) -> str:
    """The state's size at the first and the last step that is a number."""
    logs = started.log10_state
    last = int(np.flatnonzero(np.isfinite(logs) | np.isneginf(logs))[-1])
    return f"is {of_log10(float(logs[0]))} at step 1 and {of_log10(float(logs[last]))} at step {last + 1}"


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
    slope = float(np.sqrt(np.nanmean(started.slopes**2))) * (0.25 if s.nonlinearity == "sigmoid" else 1)
    digits = digits_for([stretch, slope], stretch * slope, prod)
    return (
        "<b>Backwards.</b> L is the sum of the last state’s units, divided by √H, so that the gradient by that state "
        f"has length 1. At step 1 its length is {of_log10(left)}: a factor of {significant(factor)} per step. "
        "A typical stretch of W (root mean square of its singular values) times a "
        f"typical slope (likewise) would be {significant(stretch, digits)} · {significant(slope, digits)} = "
        f"{significant(stretch * slope)}."
    )


def say_zero(started: Started) -> str:
    """Where the gradient is exactly 0, and why."""
    s, logs = started.settings, started.log10_gradient
    gone = int(np.flatnonzero(np.isneginf(logs))[-1]) + 1
    if not started.W.any():
        why = "W_hh is 0, and hands nothing back"
    elif np.nanmin(logs[gone:]) < SMALLEST + 16:
        why = f"it has become smaller than the smallest number that a float can hold, {of_log10(SMALLEST)}"
    elif s.nonlinearity == "relu":
        why = (
            f"at step {gone + 1} every unit that still had a gradient was off, and a relu that is off passes exactly "
            "nothing"
        )
    else:
        why = (
            f"at step {gone + 1} every unit that still had a gradient was saturated so far that a float rounds its "
            "slope to 0"
        )
    return f"From step {gone} down the gradient is exactly 0 (the hollow 0s): {why}."


def say_exploded(started: Started) -> tuple[str, ...]:
    """From where on numbers left the finite range, with a way back; nothing where all are finite."""
    ways = {"forwards from step {} on": started.trace.nonfinite, "backwards from step {} down": started.grads.nonfinite}
    found = [way.format(left.step + 1) for way, left in ways.items() if left is not None and left.step is not None]
    if not found:
        return ()
    where = " and ".join(found)
    said = (
        f"<b>Exploded.</b> {where[0].upper()}{where[1:]} numbers have left the range of floats, which ends at "
        f"{significant(LARGEST)}: what is larger is ∞, and ∞ − ∞ is NaN, no number. What is computed from either is "
        f"hatched. {pick('Back to a start that works', f'start: {SANE}')}."
    )
    return (said,)


def say_gated(started: Started, direct: float, promised: float) -> tuple[str, ...]:
    """The gate, the way back and the way forward of a gated network; `direct` and `promised`: log10 at step 1; HTML."""
    s, T = started.settings, started.settings.steps
    gate = KEEPS[s.cell]
    keeps, meant = float(started.openness.mean()), started.promised_openness
    lost = 100 * float(np.mean(1 - started.slopes))
    state = f"{symbol('c')}" if s.cell == "lstm" else f"{symbol('h')}"
    if s.bias is None:
        shortest, longest = (significant(1 / (1 - float(end))) for end in (meant.min(), meant.max()))
        ends = shortest if shortest == longest else f"{shortest} to {longest}"
        bias = f"Chrono draws each unit’s bias, log U[1, {s.longest - 1}]: by that alone it remembers for {ends} steps"
    else:
        half = -log(2) / log(meant[0])
        said = f"{s.bias:g}".replace("-", MINUS)
        kept = f"σ({said}) = {significant(float(meant[0]))}"
        after = f"half after {significant(half)} steps" if half >= 1 else "less than half after a single step"
        bias = f"{kept} per step leaves {after}"
    opened = (
        f"<b>The gate.</b> {bias}. Over this input gate {gate} is open by {significant(keeps)} on average: it listens "
        f"to the input and the state as well. Saturation takes {decimals(lost, 0)} % of its "
        "slope; a gate that is open and saturated holds, whatever comes."
    )
    left = float(started.log10_gradient[0])
    back = (
        f"<b>Backwards.</b> L is the sum of the last h’s units. Of the gradient by {state} at step {T}, "
        f"{of_log10(left)} of its length arrives at step 1. "
        f"Along the conveyor alone, where each step multiplies by its {gate}, it is {of_log10(direct)}; the bias alone "
        f"promises {of_log10(promised)}. What comes through the gates and the candidate adds to that, or takes from it."
    )
    forth = f"<b>Forwards.</b> The typical size of {state} {say_state(started)}."
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


def half_life(bias: float) -> float:
    """Steps after which sigma(bias)^k is 1/2."""
    return -log(2) / log(sigma(bias))


def explanation() -> str:
    """Where the laws come from, and what a loop and a gate make of them; Markdown."""
    kept = [
        f"{significant(sigma(bias))} with b = {bias:g}, and half is left after {significant(half_life(bias))} steps"
        for bias in (0.0, 1.0, 4.0)
    ]
    return f"""
#### Starts worth seeing

**PyTorch’s default**, ±1/√H, makes the gradient die. **He uniform** was made for relu; with tanh its eigenvalues
outside the circle make up for what saturation takes. **Orthogonal, with small inputs,** keeps 0.981 per step, because
tanh is nearly a straight line around 0; over 49 steps even that leaves only 0.394.

**Identity with relu** is good where inputs are never negative, as in the adding task: a unit that is on mostly stays
on. **On noise** units are switched off now and then, with seed 1 at last every one that still had a gradient, and none
is left. A **standard deviation of 10** without a bend leaves the range of numbers.

An LSTM’s forget gate with **bias 0** is about half open, with a bias of 1 about three quarters, and along the conveyor
alone just that is kept per step. All ways together keep more, about 0.7 and 0.9. With **chrono** each unit has its own
pace. In a **GRU with a bias of 4** the conveyor alone brings back about as much as all ways together.

#### Where the laws come from

**Keep the size.** A unit sums fan_in products. If inputs and weights are independent with mean 0, the sum has fan_in ·
Var W times the inputs’ variance: LeCun’s 1 / fan_in keeps it. Backwards a gradient is summed over fan_out units;
Xavier’s 2 / (fan_in + fan_out) is the compromise. A relu silences half of what it gets, and He’s 2 / fan_in makes up
for that. In a recurrent block fan_in = fan_out = H, so Xavier and LeCun are one law there.

**A loop is different.** These laws were made for deep networks, where each layer has a matrix of its own. A loop
multiplies with the same one at each step. In the long run its eigenvalues decide: in a linear loop what lies along an
eigenvector grows or shrinks by the factor |λ| per step. In a single step the singular values do. An orthogonal matrix
has all of both at size 1. If the entries are independent, the eigenvalues of a large matrix fill a disc of radius
√(H · Var W), which is the circular law, and the singular values reach up to twice as far.

**Then comes the slope.** Each step back also multiplies with the activation’s slope, at most 1 (tanh, relu) or ¼
(sigmoid). So a start for tanh has to be a little larger than 1, and one for a sigmoid more than four times as large.
The same factors carry a small change of the state forwards: where the gradient explodes, the smallest difference
between two pasts grows. Where states stay bounded all the same, as with tanh, that is chaos; in a linear network
everything just grows.

**Gates have a switch for it.** A gate f (in a GRU z, which keeps where it is 1) that hears its bias b alone keeps σ(b)
per step: {"; ".join(kept)}. Chrono gives each unit a bias of its
own, b = log U[1, T_max − 1], so that memories of 2 to T_max steps, 1 / (1 − σ(b)) = 1 + exp(b), are all there from the
start; the LSTM’s input gate gets −b.
"""


def sigma(bias: float) -> float:
    """The logistic function of one number."""
    return float(sigmoid(np.array([bias]))[0])


SOURCES = """
#### Sources

- 1 / fan_in: Y. LeCun, L. Bottou, G. Orr and K.-R. Müller, *Efficient BackProp*, in: Neural Networks: Tricks of the
  Trade, Springer (1998), section 4.6.
- 2 / (fan_in + fan_out): X. Glorot and Y. Bengio, [Understanding the difficulty of training deep feedforward neural
  networks](https://proceedings.mlr.press/v9/glorot10a.html), AISTATS 2010.
- 2 / fan_in: K. He, X. Zhang, S. Ren and J. Sun, [Delving deep into rectifiers](https://arxiv.org/abs/1502.01852),
  ICCV 2015.
- Orthogonal: A. M. Saxe, J. L. McClelland and S. Ganguli, [Exact solutions to the nonlinear dynamics of learning in
  deep linear neural networks](https://arxiv.org/abs/1312.6120), ICLR 2014; in recurrent networks: M. Henaff, A. Szlam
  and Y. LeCun, [Recurrent orthogonal networks and long-memory tasks](https://arxiv.org/abs/1602.06662), ICML 2016.
- Identity with relu: Q. V. Le, N. Jaitly and G. E. Hinton, [A simple way to initialize recurrent networks of
  rectified linear units](https://arxiv.org/abs/1504.00941) (2015).
- Echo states: H. Jaeger, *The “echo state” approach to analysing and training recurrent neural networks*, GMD Report
  148 (2001).
- The circular law: V. L. Girko, *Circular law*, Theory of Probability and its Applications 29 (1985), 694-706. Chaos
  where the radius exceeds 1: H. Sompolinsky, A. Crisanti and H. J. Sommers, [Chaos in random neural
  networks](https://doi.org/10.1103/PhysRevLett.61.259), Physical Review Letters 61 (1988).
- Stretch times slope, per step: M. Chen, J. Pennington and S. S. Schoenholz, [Dynamical isometry and a mean field
  theory of RNNs](https://arxiv.org/abs/1806.05394), ICML 2018.
- The forget gate and its bias: F. A. Gers, J. Schmidhuber and F. Cummins, *Learning to forget*, Neural Computation 12
  (2000), 2451-2471; a bias of 1: R. Jozefowicz, W. Zaremba and I. Sutskever, [An empirical exploration of recurrent
  network architectures](https://proceedings.mlr.press/v37/jozefowicz15.html), ICML 2015.
- Chrono: C. Tallec and Y. Ollivier, [Can recurrent neural networks warp time?](https://arxiv.org/abs/1804.11188),
  ICLR 2018.
- The adding task: S. Hochreiter and J. Schmidhuber, *Long short-term memory*, Neural Computation 9 (1997), 1735-1780.
- PyTorch’s default: the documentation of
  [torch.nn.RNN](https://docs.pytorch.org/docs/stable/generated/torch.nn.RNN.html).
"""
