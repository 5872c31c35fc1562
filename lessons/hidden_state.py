"""A loop in time: what does the hidden state remember?

An Elman network with random weights reads real temperatures or a sentence, step by step. Nothing here is trained: what
it remembers is what the loop alone does.
"""

from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import streamlit as st
from numpy.typing import NDArray

import rnnviz as rv
from lessons import _controls as controls
from lessons.common import inputs as inputs
from lessons import _readings as readings
from lessons._controls import Prediction
from lessons._player import Shown, player
from lessons._readings import Reading
from lessons.catalog import CATALOG
from rnnviz.diagnostics import gate_step, state_difference, steps_until_below
from rnnviz.figures import Difference, difference, prose
from rnnviz.figures.numbers import significant

SAME, DIFFERENT = "the same", "different"
FEW, SOME, MANY = "up to 5 steps", "6 to 20 steps", "longer"
GONE = 0.01  # of a difference: below this share of its first value we call it forgotten


@dataclass(frozen=True)
class Settings:
    """The network: hidden units, spectral radius of W_hh, seed."""

    units: int
    rho: float
    seed: int

    def network(self, input_size: int) -> rv.Network:
        """Random weights; W_hh is rho times a random orthogonal matrix, so that all its eigenvalues have size rho."""
        return rv.Network.create(
            "elman",
            input_size=input_size,
            hidden_size=self.units,
            recurrent_init=partial(rv.initializers.orthogonal, gain=self.rho),
            rng=np.random.default_rng(self.seed),
        )

    def read(self, reading: Reading) -> rv.Trace:
        """Everything that the network computes while it reads."""
        return rv.unroll(self.network(reading.x.shape[1]), reading.x[:, None, :])


def states(trace: rv.Trace) -> NDArray[np.float64]:
    """h_t of every step, (T, H)."""
    return np.asarray(trace[0, 0].h[:, 0])


def matters(trace: rv.Trace) -> tuple[rv.Gradients, float]:
    """How much each unit of each step matters for the last state: the gradients of L, the sum of its units, and L."""
    dy = np.zeros_like(trace.y)
    dy[-1] = 1.0
    return rv.backpropagate(trace.network, trace, dy), float(trace.y[-1].sum())


def predict(reading: Reading) -> Prediction | None:
    """The reader's answer before seeing; None where there is nothing to predict."""
    if reading.other is not None:
        if reading.other.tokens == reading.tokens:
            st.caption("Both sentences are the same. Choose another symbol, and there will be something to predict.")
            return None
        changed = f"Only step {reading.changed} differs."
        question = f"{changed} More than 1 % of the first difference in h will last …"
        return controls.predict(question, (FEW, SOME, MANY), "predict_survival")
    pair = inputs.return_of_an_input(reading.tokens)
    if pair is None:
        st.caption("No input comes twice in what you chose. Choose more, and there will be something to predict.")
        return None
    question = f"Steps {pair[0]} and {pair[1]} read the same, {reading.tokens[pair[0] - 1]}."
    return controls.predict(f"{question} Their states h will be …", (SAME, DIFFERENT), "predict_same")


def judge(prediction: Prediction | None, reading: Reading, trace: rv.Trace, settings: Settings) -> str:
    """What became of the prediction; and of two pasts that differ, predicted or not."""
    if prediction is None:
        return ""
    if reading.other is not None:
        norms = state_difference(states(trace), states(settings.read(reading.other)))
        lasted = steps_until_below(norms, GONE)
        truth = MANY if lasted is None or lasted > 20 else SOME if lasted > 5 else FEW
        said, theory = say_survival(norms, reading.changed), say_theory(settings.rho)
        return " ".join(filter(None, [said, theory, prediction.judge(truth, said.removesuffix("."))]))
    h = states(trace)
    one, two = inputs.return_of_an_input(reading.tokens) or (1, 1)
    apart = float(np.linalg.norm(h[one - 1] - h[two - 1]))
    truth = SAME if apart < 1e-12 else DIFFERENT
    because = "with ρ = 0 nothing comes back around the loop" if truth == SAME else "each carries what came before"
    said = f"h{_sub(one)} and h{_sub(two)} are {significant(apart)} apart"
    verdict = prediction.judge(truth, said)
    return f"{said}: the states are {truth}, because {because}. {verdict}" if verdict else ""


def say_survival(norms: NDArray[np.float64], changed: int) -> str:
    """What became of the difference, with its number."""
    first, last = float(norms[changed - 1]), float(norms[-1])
    lasted = steps_until_below(norms, GONE)
    if lasted is None:
        return f"After {len(norms) - changed} further steps {last / first:.1%} of the first difference is still there."
    return f"The difference fell below 1 % of its first value after {lasted} steps."


def say_theory(rho: float) -> str:
    """For how many steps a difference can last at most; nothing where it can last for ever."""
    if not 0 < rho < 1:
        return ""
    most = int(np.floor(np.log(GONE) / np.log(rho))) + 1
    return f"Theory allows at most {most}, because {rho:g}{_super(most)} is the first power of {rho:g} below 1 %."


def _sub(number: int) -> str:
    return str(number).translate(str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉"))


def _super(number: int) -> str:
    return str(number).translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))


def say_what_you_saw(trace: rv.Trace, grads: rv.Gradients, shown: Shown) -> tuple[str, str]:
    """The page's story, forwards and backwards, with the numbers of the selected step and unit."""
    step, unit, dh = shown.step + 1, shown.unit + 1, grads[0, 0].dh[:, 0]
    terms = gate_step(trace, "h", step, unit)
    now, past = float(terms.input.sum()), terms.recurrent
    forwards = (
        "There is one cell. Unrolled, it is drawn once for each step, always with the same weights, and the wire "
        f"carries the state h from one step to the next. At step {step} unit {unit} adds {significant(now)} from what "
        f"it reads now and {significant(past)} from the state before, which is all that it knows of the past: the "
        f"{'past' if abs(past) > abs(now) else 'present'} weighs more."
    )
    backwards = (
        "The backward pass (press ← Backward, or b) asks the opposite. L is the sum of the last state's units, so "
        f"∂L/∂h says how much each earlier unit still matters for the last state. For unit {unit} at step {step} that "
        f"is {significant(float(dh[shown.step, shown.unit]))}; the largest of step 1 is "
        f"{significant(float(np.abs(dh[0]).max()))} in size, where each unit of the last step has 1."
    )
    return forwards, backwards


def ask(reading: Reading, settings: Settings, trace: rv.Trace, shown: Shown) -> None:
    """Three questions; the engine knows the answers."""
    terms = gate_step(trace, "h", shown.step + 1, shown.unit + 1)
    sizes = {"the input": abs(float(terms.input.sum())), "the past": abs(terms.recurrent), "the bias": abs(terms.bias)}
    controls.check(
        f"Which term is the largest, sign aside, in the sum of unit {terms.unit} at step {terms.step}?",
        tuple(sizes),
        max(sizes, key=lambda name: sizes[name]),
        "In size: " + ", ".join(f"{name} {significant(size)}" for name, size in sizes.items()) + ".",
        "check_term",
    )
    cut = replace(settings, rho=0.0)
    bumped = replace(reading, x=np.concatenate([1 - reading.x[:1], reading.x[1:]]))
    left = float(np.abs(states(cut.read(reading))[1:] - states(cut.read(bumped))[1:]).max(initial=0.0))
    controls.check(
        "Set ρ to 0. Of how many earlier inputs does the state then know?",
        ("none", "one", "all"),
        "none" if left == 0 else "all",
        f"We changed the first input and ran the network with ρ = 0. The most that a later state moved is "
        f"{significant(left)}.",
        "check_zero",
    )
    backwards = settings.read(replace(reading, x=reading.x[::-1]))
    apart = float(np.linalg.norm(states(trace)[-1] - states(backwards)[-1]))
    controls.check(
        "Let the network read the same inputs from last to first. Is its last state the same?",
        ("yes", "no"),
        "yes" if apart < 1e-12 else "no",
        f"The two last states are {significant(apart)} apart: the state knows the order, not only what was in it.",
        "check_order",
    )


def snippet(reading: Reading, settings: Settings, shown: Shown) -> str:
    """The page as a program: run it, and it prints the numbers on the screen."""
    t, j = shown.step, shown.unit
    program = f"""from functools import partial
import numpy as np
import rnnviz as rv

{reading.code}
net = rv.Network.create(
    "elman", input_size=x.shape[1], hidden_size={settings.units},
    recurrent_init=partial(rv.initializers.orthogonal, gain={settings.rho}), rng=np.random.default_rng({settings.seed}),
)
trace = rv.unroll(net, x[:, None, :])
h = trace[0, 0].h[:, 0]  # (steps, units)
print(h[{t}, {j}])  # step {t + 1}, unit {j + 1}

dy = np.zeros_like(trace.y)
dy[-1] = 1.0  # L is the sum of the last state's units
print(rv.backpropagate(net, trace, dy)[0, 0].dh[{t}, 0, {j}])  # how much that unit still matters for L"""
    if reading.other is None:
        return program
    return f"""{program}

h_other = rv.unroll(net, x_other[:, None, :])[0, 0].h[:, 0]
print(np.linalg.norm(h - h_other, axis=1))  # how far apart, step by step"""


def lab() -> tuple[Reading, Settings, rv.Trace, Shown]:
    """Prediction, controls, picture, and what there was to see in it."""
    question = st.container(horizontal=True, vertical_alignment="center", key="prediction")
    with st.container(horizontal=True, vertical_alignment="bottom", key="controls"):
        reading = readings.choose()
        settings = Settings(
            units=controls.whole("hidden units", 1, 32, 8, "units", width=105),
            rho=controls.number("recurrent scale ρ", 0.0, 1.5, 0.9, 0.05, "rho", width=118),
            seed=controls.seed(),
        )
    with question:
        prediction = predict(reading)
        if reading.remark:
            st.caption(reading.remark, width="content")
    trace = settings.read(reading)
    grads, loss = matters(trace)
    shown = player(
        trace,
        grads,
        key="loop",
        tokens=reading.tokens,
        inputs=reading.inputs,
        loss=loss,
        step=7,
        note=f"Untrained: random weights drawn from the seed. {reading.about}",
    )
    if reading.other is not None:
        apart = states(trace) - states(settings.read(reading.other))
        norms = state_difference(apart, np.zeros_like(apart))
        data = Difference(apart, norms, reading.changed, settings.rho)
        controls.show(difference(data, reading.tokens, reading.other.tokens, shown.step + 1))
    judged = judge(prediction, reading, trace, settings)
    controls.show(prose("What you saw", judged, *say_what_you_saw(trace, grads, shown)))
    return reading, settings, trace, shown


controls.begin(CATALOG[0])
reading, settings, trace, shown = controls.live(lab)
st.markdown(
    """
**ρ decides how long the past lasts.** Here W_hh is ρ times a random orthogonal matrix (a rotation, perhaps mirrored).
All its eigenvalues have the absolute value ρ, its *spectral radius*, and one pass through it changes the length of any
difference by exactly the factor ρ. The tanh that follows can only bring two states closer. So with ρ below 1 every
difference dies out; with ρ above 1 it may live on. Try 0.5, 0.9 and 1.3 with “two pasts”: the same words, but for one
symbol.
"""
)
with controls.section("Check yourself: three questions", "checks") as opened:
    if opened:
        ask(reading, settings, trace, shown)
with controls.section("The same in Python, with your settings", "code") as opened:
    if opened:
        st.code(snippet(reading, settings, shown), language="python")
st.markdown(
    """
#### Sources

- The network with a loop: J. L. Elman, [Finding structure in time](https://doi.org/10.1207/s15516709cog1402_1),
  Cognitive Science 14 (1990), 179-211.
- Differences fade where the largest singular value of W_hh, here equal to ρ, is below 1: H. Jaeger, *The “echo state”
  approach to analysing and training recurrent neural networks*, GMD Report 148 (2001).
- Random orthogonal weights: A. M. Saxe, J. L. McClelland and S. Ganguli,
  [Exact solutions to the nonlinear dynamics of learning in deep linear neural networks](https://arxiv.org/abs/1312.6120)
  (2014).
- Temperatures: NOAA, public domain, as collected in the package vega_datasets.
"""
)
