"""Before the first lesson: what does a network's start decide?

A plain network starts from every scheme there is for its recurrent weights, a gated one from several biases of the
gate that keeps. Nothing is trained: what arrives at the other end of the sequence is what the start lets through.
"""

from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

import rnnviz as rv
from lessons import _controls as controls
from lessons import _start_words as words
from lessons import _starts as starts
from lessons._controls import Prediction
from lessons._pictures import show
from lessons._start_words import NAMES, RIVALS, half_life
from lessons._starts import KEEPS, SCHEMES, STDS, Others, Settings, Started
from lessons._verify import verify
from lessons.catalog import CATALOG
from rnnviz.activations import sigmoid
from rnnviz.figures import Card, Line, Picture, cards, columns, decades, eigenvalues, openness, saturated, story
from rnnviz.figures.chart import pick
from rnnviz.figures.eigenvalues import bars, cloud
from rnnviz.figures.html import symbol
from rnnviz.figures.numbers import significant

CELLS = {"plain": "elman", "LSTM": "lstm", "GRU": "gru"}
LABELS = {scheme.label: name for name, scheme in SCHEMES.items()}
ACTIVATIONS = ("tanh", "relu", "sigmoid", "linear")
ONE, CHRONO = "one for all", "chrono"
GRADIENT = (-16, 2)  # decades: what is 10⁻¹⁶ of a number does not change it when it is added
STATE = (-2, 1)
LARGE = 200  # units of the matrix that shows the circular law
HEIGHT = 180  # pixels, of the charts
DEFAULTS: dict[str, Any] = {"cell": "plain", "signal": starts.NOISE, "steps": 50, "units": 32, "seed": 0}
PLAIN: dict[str, Any] = {"scheme": "uniform", "activation": "tanh"}
PRESETS: dict[str, dict[str, Any]] = {
    "default": PLAIN,
    "he": PLAIN | {"scheme": "He normal"},
    "small": PLAIN | {"scheme": "orthogonal", "signal": starts.SMALL},
    "irnn": {"scheme": "identity", "activation": "relu", "signal": starts.ADDING},
    "irnn noise": {"scheme": "identity", "activation": "relu"},
    "zeros": PLAIN | {"scheme": "zeros"},
    "explode": {"scheme": "normal", "activation": "linear", "std": 10.0, "steps": 200},
    "lstm 0": {"cell": "LSTM", "start_bias": ONE, "bias": 0.0},
    "lstm 1": {"cell": "LSTM", "start_bias": ONE, "bias": 1.0},
    "chrono": {"cell": "LSTM", "start_bias": CHRONO, "longest": 50},
    "gru": {"cell": "GRU", "start_bias": ONE, "bias": 4.0},
}
WORTH_SEEING = (
    f"{pick('PyTorch’s default', 'start: default')}, ±1/√H, is the start of most plain networks: the gradient dies. "
    f"{pick('He', 'start: he')} was made for relu; with tanh its eigenvalues outside the circle make up for what "
    f"saturation takes. {pick('Orthogonal with small inputs', 'start: small')} keeps nearly everything, because tanh is "
    "a straight line around 0.",
    f"{pick('Identity and relu', 'start: irnn')} on the adding task, whose inputs are never negative, is a known-good: a "
    f"unit that is on stays on. {pick('The same on noise', 'start: irnn noise')}, and each unit is off sooner or later: "
    f"the gradient is exactly 0. So it is with {pick('zeros', 'start: zeros')}, one step back. And "
    f"{pick('a standard deviation of 10', 'start: explode')} reaches infinity.",
    f"An LSTM with {pick('forget bias 0', 'start: lstm 0')} forgets half at each step, with "
    f"{pick('forget bias 1', 'start: lstm 1')} a quarter; with {pick('chrono', 'start: chrono')} each unit has its own "
    f"pace. In a GRU with {pick('a bias of 4', 'start: gru')} nearly all goes along the conveyor.",
)

SOURCES = """
#### Sources

- 1 / fan_in: Y. LeCun, L. Bottou, G. Orr and K.-R. Müller, *Efficient BackProp*, in: Neural Networks: Tricks of the Trade,
  Springer (1998), section 4.6.
- 2 / (fan_in + fan_out): X. Glorot and Y. Bengio, [Understanding the difficulty of training deep feedforward neural
  networks](https://proceedings.mlr.press/v9/glorot10a.html), AISTATS 2010.
- 2 / fan_in: K. He, X. Zhang, S. Ren and J. Sun, [Delving deep into rectifiers](https://arxiv.org/abs/1502.01852),
  ICCV 2015.
- Orthogonal: A. M. Saxe, J. L. McClelland and S. Ganguli, [Exact solutions to the nonlinear dynamics of learning in deep
  linear neural networks](https://arxiv.org/abs/1312.6120), ICLR 2014; in recurrent networks: M. Henaff, A. Szlam and
  Y. LeCun, [Recurrent orthogonal networks and long-memory tasks](https://arxiv.org/abs/1602.06662), ICML 2016.
- Identity with relu: Q. V. Le, N. Jaitly and G. E. Hinton, [A simple way to initialize recurrent networks of rectified
  linear units](https://arxiv.org/abs/1504.00941) (2015).
- Echo states: H. Jaeger, *The “echo state” approach to analysing and training recurrent neural networks*, GMD Report 148
  (2001).
- The circular law: V. L. Girko, *Circular law*, Theory of Probability and its Applications 29 (1985), 694-706. Chaos where the
  radius exceeds 1: H. Sompolinsky, A. Crisanti and H. J. Sommers, [Chaos in random neural
  networks](https://doi.org/10.1103/PhysRevLett.61.259), Physical Review Letters 61 (1988).
- Stretch times slope, per step: M. Chen, J. Pennington and S. S. Schoenholz, [Dynamical isometry and a mean field theory of
  RNNs](https://arxiv.org/abs/1806.05394), ICML 2018.
- The forget gate and its bias: F. A. Gers, J. Schmidhuber and F. Cummins, *Learning to forget*, Neural Computation 12
  (2000), 2451-2471; a bias of 1: R. Jozefowicz, W. Zaremba and I. Sutskever, [An empirical exploration of recurrent network
  architectures](https://proceedings.mlr.press/v37/jozefowicz15.html), ICML 2015.
- Chrono: C. Tallec and Y. Ollivier, [Can recurrent neural networks warp time?](https://arxiv.org/abs/1804.11188), ICLR 2018.
- The adding task: S. Hochreiter and J. Schmidhuber, *Long short-term memory*, Neural Computation 9 (1997), 1735-1780.
- PyTorch’s default: the documentation of [torch.nn.RNN](https://docs.pytorch.org/docs/stable/generated/torch.nn.RNN.html).
"""


def choose() -> Settings:
    """The controls: what starts how, and what it reads."""
    scheme, amount, nonlinearity, bias, longest = "orthogonal", 1.0, "tanh", None, 50
    with st.container(horizontal=True, vertical_alignment="bottom", key="controls"):
        cell = CELLS[controls.choice("cell", tuple(CELLS), "cell")]
        if cell == "elman":
            scheme = LABELS[controls.listed("start of W_hh", tuple(LABELS), "uniform", "scheme", width=160)]
            nonlinearity = controls.listed("activation", ACTIVATIONS, "tanh", "activation", width=105)
        else:
            gate = KEEPS[cell]
            kind = controls.choice(f"bias of gate {gate}", (ONE, CHRONO), "start_bias")
            if kind == ONE:
                bias = controls.number(f"bias of {gate}", -4.0, 8.0, 1.0, 0.5, "bias", width=150)
            else:
                longest = controls.whole("longest memory T_max", 3, 500, 50, "longest", width=150)
        signal = controls.listed("input", tuple(starts.SIGNALS), starts.NOISE, "signal", width=155)
        steps = controls.whole("steps T", 5, 200, 50, "steps", width=110)
        units = controls.whole("units H", 1, 48, 32, "units", width=110)
        seed = controls.seed()
        if cell == "elman":
            amount = choose_amount(scheme)
    return Settings(cell, scheme, amount, nonlinearity, bias, longest, signal, steps, units, seed)


def choose_amount(scheme: str) -> float:
    """The scheme's own setting; 1 where it has none."""
    setting = SCHEMES[scheme].setting
    if setting == "std":
        return controls.one_of("std of W_hh", STDS, SCHEMES[scheme].default, "std", width=118)
    if setting is None:
        return 1.0
    return controls.number(f"{setting} of W_hh", 0.0, 3.0, SCHEMES[scheme].default, 0.05, setting, width=118)


def picked(value: str) -> None:
    """Set the page to a start that was clicked: a card, or one that the text speaks of."""
    kind, _, name = value.partition(": ")
    if kind == "compare":
        st.session_state.compare = True
    elif kind == "scheme":
        st.session_state.pop(SCHEMES[LABELS[name]].setting, None)
        st.session_state.scheme = name
    elif kind == "bias":
        st.session_state.start_bias, st.session_state.bias = ONE, float(name)
    elif kind == "chrono":
        st.session_state.start_bias, st.session_state.longest = CHRONO, int(name)
    elif kind == "start":
        for setting in ("gain", "std", "radius"):
            st.session_state.pop(setting, None)
        for key, setting in (DEFAULTS | PRESETS[name]).items():
            st.session_state[key] = setting


def plain(started: Started, others: Others, prediction: Prediction) -> tuple[Picture, ...]:
    """A plain network: the schemes to choose from, the matrix, the two passes, and what there was to see."""
    s = started.settings
    spectra = starts.spectra(s.units, s.seed)
    names = tuple(SCHEMES)
    chosen = names.index(s.scheme)
    several = [
        Card(
            SCHEMES[name].label,
            f"scheme: {SCHEMES[name].label}",
            cloud(started.eigenvalues if name == s.scheme else values),
            f"ρ {significant(float(np.abs(started.eigenvalues if name == s.scheme else values).max()), 2)}",
        )
        for name, (values, _) in zip(names, spectra)
    ]
    compared = others if comparing(prediction) else None
    singular = decades(
        [Line("σ", log10(started.singular_values), "backward", "dots")],
        up="σ",
        across="no.",
        least=(-2, 1),
        title="Singular values of W_hh",
        rest=f"σ from {significant(float(started.singular_values[-1]))} to {significant(float(started.singular_values[0]))}",
        behind=[log10(values) for _, values in spectra],
        height=150,
    )
    judged = words.judge_schemes(prediction, others)
    kind = {"relu": "Off (dark), unit by unit", "linear": "Saturated: a linear unit never is"}
    return (
        cards(several, chosen),
        columns(
            eigenvalues(started.eigenvalues, s.radius, "Eigenvalues of W_hh"),
            *passes(started, [Line(label(s), started.log10_gradient, "backward")], [], compared),
            kind="start",
        ),
        columns(
            singular,
            saturated(started.slopes, title=kind.get(s.nonlinearity, "Saturated (dark), unit by unit")),
            story("What you saw", judged, *words.say_plain(started)),
            kind="start",
        ),
    )


def gated(started: Started, others: Others, prediction: Prediction) -> tuple[Picture, ...]:
    """A gated network: biases to choose from, the gate that keeps, the two passes, and what there was to see."""
    s, gate = started.settings, KEEPS[started.settings.cell]
    chosen = others.settings.index(s) + 1 if s in others.settings else 0
    several = [
        Card("yours", as_pick(s), bars(np.sort(started.openness)), significant(float(started.openness.mean()), 2))
    ]
    several += [
        Card(label(one), as_pick(one), bars(np.sort(opened)), significant(float(opened.mean()), 2))
        for one, opened in zip(others.settings, others.openness)
    ]
    T = s.steps
    direct = started.along_the_conveyor(started.trace[0, 0].gates[gate][:, 0])
    promised = started.along_the_conveyor(np.tile(started.promised_openness, (T, 1)))
    lines = [
        Line("all ways", started.log10_gradient, "backward"),
        Line(f"product of {gate}", direct, "forget", "dotted"),
    ]
    judged = words.judge_promise(prediction, started, float(promised[0]))
    compared = others if comparing(prediction) else None
    said = words.say_gated(started, float(direct[0]), float(promised[0]))
    return (
        cards(several, chosen),
        columns(
            openness(started.openness, started.promised_openness, gate, title=f"Gate {gate}", height=HEIGHT),
            *passes(started, lines, [Line("promised σ(b)<sup>k</sup>", promised, "ink", "dashed")], compared),
            kind="start",
        ),
        columns(
            memory(started),
            saturated(started.slopes, title=f"Gate {gate} saturated (dark), unit by unit"),
            story("What you saw", judged, *said),
            kind="start",
        ),
    )


def passes(started: Started, lines: list[Line], guides: list[Line], others: Others | None) -> tuple[Picture, Picture]:
    """What arrives forwards and backwards, the other starts behind; of `others` None, there are none."""
    lstm = started.settings.cell == "lstm"
    letter = symbol("c" if lstm else "h", "t")
    gated = started.gated  # then the first card is the page's own start, and the others follow
    behind = [] if others is None else [*([started.log10_gradient] * gated), *others.log10_gradient]
    before = [] if others is None else [*([started.log10_state] * gated), *others.log10_state]
    note = "" if others else f"{pick('Show the other starts, too', 'compare: all')}"
    return (
        decades(
            [Line(label(started.settings), started.log10_state, "forward")],
            up=f"root mean square of {letter}",
            backwards=False,
            least=STATE,
            title="Forwards: the size of the state",
            rest="Faint: the other starts." if others else note,
            height=HEIGHT,
            behind=before,
        ),
        decades(
            lines,
            up=f"‖∂L/∂{letter}‖",
            least=GRADIENT,
            title="Backwards: the size of the gradient",
            rest="Faint: the other starts. Point at one above." if others else note,
            height=HEIGHT,
            guides=guides,
            behind=behind,
        ),
    )


def memory(started: Started) -> Picture:
    """How far back the state remembers: measured, and as the bias promises."""
    measured, promised = started.horizon
    rows = "".join(
        f"<tr><th>{share}</th><td>{as_steps(one, started)}</td><td>{as_steps(other, started)}</td></tr>"
        for share, one, other in zip(("half", "1 %"), measured, promised)
    )
    head = "<tr><th>left after</th><td>measured</td><td>promised</td></tr>"
    return story("Memory, in steps", f'<table class="numbers">{head}{rows}</table>')


def as_steps(lag: float, started: Started) -> str:
    """A lag as text; one that lies beyond the sequence has not been measured."""
    return significant(lag) if np.isfinite(lag) else f"> {started.settings.steps}"


def as_pick(s: Settings) -> str:
    """What a card of this start picks."""
    return f"chrono: {s.longest}" if s.bias is None else f"bias: {s.bias:g}"


def label(s: Settings) -> str:
    """The start in two words."""
    if s.cell == "elman":
        return SCHEMES[s.scheme].label
    return f"chrono {s.longest}" if s.bias is None else f"bias {significant(s.bias)}"


def log10(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """log10 of magnitudes; -inf for 0."""
    with np.errstate(divide="ignore"):
        return np.log10(values)


def comparing(prediction: Prediction) -> bool:
    """Whether the other starts are shown: once the reader has predicted, or wants to see them without."""
    return prediction.given is not None or bool(st.session_state.get("compare"))


def predict(settings: Settings) -> Prediction:
    """The reader's answer before seeing."""
    if settings.cell != "elman":
        return controls.predict(words.says_promise(settings), (words.LESS, words.ALIKE, words.MORE), "predict_promise")
    question = f"{settings.steps - 1} steps back, which start has kept the gradient nearest to its length?"
    return controls.predict(question, tuple(RIVALS), "predict_scheme")


def see() -> Picture:
    """Starts that are worth seeing, each a click away."""
    return story("Starts worth seeing", *WORTH_SEEING)


def lab() -> Started:
    """Question, controls, and all pictures with what there is to see in them."""
    question = st.container(horizontal=True, vertical_alignment="center", key="prediction")
    settings = choose()
    with question:
        prediction = predict(settings)
    started = Started(settings)
    if started.gated:
        show(*gated(started, starts.others(starts.biases(settings)), prediction), see(), key="starts", picked=picked)
    else:
        show(*plain(started, starts.others(starts.schemes(settings)), prediction), see(), key="starts", picked=picked)
    return started


def ask(started: Started) -> None:
    """Questions whose answers the engine knows."""
    s = started.settings
    rng = np.random.default_rng(s.seed)
    large = np.abs(np.linalg.eigvals(rv.initializers.uniform((LARGE, LARGE), rng))).max()
    radii = {"1/√3, about 0.577": np.sqrt(1 / 3), "1": 1.0, "√2, about 1.41": np.sqrt(2)}
    controls.check(
        "Entries between −1/√H and 1/√H: how large is the spectral radius of a large matrix?",
        tuple(radii),
        min(radii, key=lambda radius: abs(float(radii[radius] - large))),
        f"The variance is 1/(3H), and the circular law says √(H · 1/(3H)) = 1/√3. One with H = {LARGE} that we have just "
        f"drawn has {significant(float(large))}.",
        "check_radius",
    )
    drawn = [
        scheme((s.units, s.units), np.random.default_rng(s.seed))
        for scheme in (rv.initializers.xavier_uniform, rv.initializers.lecun_uniform)
    ]
    apart = float(np.abs(drawn[0] - drawn[1]).max())
    answers = ("not at all", "Xavier’s is larger", "LeCun’s is larger")
    controls.check(
        "Xavier uniform and LeCun uniform draw W_hh from the same seed. How do the two matrices differ?",
        answers,
        answers[0] if apart < 1e-12 else answers[1 + int(np.abs(drawn[1]).max() > np.abs(drawn[0]).max())],
        f"W_hh is square, so fan_in = fan_out = H, and 2 / (fan_in + fan_out) = 1 / fan_in. The largest difference of any "
        f"two entries is {significant(apart)}.",
        "check_same",
    )
    dead = Started(Settings("elman", "zeros", 0.0, "tanh", None, 2, s.signal, s.steps, s.units, s.seed))
    moved = float(np.linalg.norm(dead.grads.params["weight_hh_l0"]))
    controls.check(
        "A plain network starts with W_hh = 0, its input weights random. Can gradient descent move W_hh?",
        ("yes", "no"),
        "yes" if moved > 0 else "no",
        f"The gradient by W_hh has the length {significant(moved)}: the last step alone gives it, from the state before "
        "it. Nothing farther back has a say yet.",
        "check_zero",
    )
    biases = {f"{bias:g}": half_life(bias) for bias in (1.0, 3.0, 5.0)}
    wanted = 100
    lasting = ", ".join(f"{bias} gives {significant(half)}" for bias, half in biases.items())
    controls.check(
        f"A forget gate that hears its bias alone: with which is half left after about {wanted} steps?",
        tuple(biases),
        min(biases, key=lambda bias: abs(biases[bias] - wanted)),
        f"σ(b)ᵏ = ½ where k = ln 2 / −ln σ(b): {lasting} steps.",
        "check_half",
    )


controls.begin(next(lesson for lesson in CATALOG if lesson.slug == "initialization"))
started = controls.live(lab)
st.markdown(
    f"""
#### Where the laws come from

**Keep the size.** A unit sums fan_in products. If inputs and weights are independent with mean 0, the variance of the sum is
fan_in · Var W times that of the inputs: LeCun’s 1 / fan_in keeps it. Backwards a gradient is summed over fan_out
units; Xavier’s 2 / (fan_in + fan_out) is the compromise. A relu silences half of what it gets, and He’s 2 / fan_in makes
up for that. In a recurrent block fan_in = fan_out = H, so that Xavier and LeCun are one law there.

**A loop is different.** These laws were made for deep networks, where each layer has a matrix of its own. A loop
multiplies with the same one at each step. In the long run its eigenvalues decide: of a linear loop, what lies along an
eigenvector grows or shrinks by the factor |λ| at each step. In a single step the singular values do. An orthogonal matrix has
all of both at size 1. For a large matrix of independent entries the eigenvalues fill a disc of radius √(H · Var W), the
circular law, and the singular values go up to twice as far.

**Then comes the slope.** Each step back also multiplies with the activation’s slope, at most 1 (tanh, relu) or ¼
(sigmoid). So a good start for tanh has to be a little larger than 1, and no start of this kind helps a sigmoid.
The same factors carry a small change of the state forwards: a start whose gradient explodes is one where the
smallest difference between two pasts grows, which is chaos.

**Gates** have a switch for it. Where gate f (z in a GRU, which keeps here where it is 1) hears its bias b alone, σ(b) is kept
per step: σ(0) = {sigmoid(np.array([0.0]))[0]:.3g}, half of it gone after {half_life(0.0):.3g} step; σ(1) =
{sigmoid(np.array([1.0]))[0]:.3g}, {half_life(1.0):.3g} steps; σ(4) = {sigmoid(np.array([4.0]))[0]:.3g},
{half_life(4.0):.3g} steps. Chrono gives each unit a bias of its own, b = log U[1, T_max − 1], so that memories of 2 to T_max
steps, 1 / (1 − σ(b)) = 1 + exp(b), are all there from the start; the LSTM’s input gate gets −b.
"""
)
verify(started.network, started.settings.x, started.dy)
with controls.section("Check yourself: four questions", "checks") as opened:
    if opened:
        ask(started)
with controls.section("The same in Python, with your settings", "code") as opened:
    if opened:
        st.code(words.snippet(started), language="python")
st.markdown(SOURCES)
