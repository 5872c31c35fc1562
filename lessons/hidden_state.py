"""A loop in time: what does the hidden state remember?

An Elman network with random weights reads real temperatures or a sentence, step by step. Nothing here is trained: what
it remembers is what the loop alone does.
"""

from dataclasses import dataclass, replace
from functools import lru_cache, partial

import numpy as np
import streamlit as st
from numpy.typing import NDArray

import rnnviz as rv
from lessons import _controls as controls
from lessons import _inputs as inputs
from lessons.catalog import CATALOG
from rnnviz.diagnostics import UnitStep, state_difference, steps_until_below, unit_step
from rnnviz.figures import (
    Difference,
    Picture,
    Tape,
    cursor,
    difference,
    difference_cursor,
    equation,
    places_of,
    prose,
    unrolled,
)
from rnnviz.figures.numbers import decimals, significant

WEATHER, SENTENCE, TWO_PASTS = "weather", "a sentence", "two pasts"
DEFAULT_SENTENCE = "the cat sat on the mat and slept"
SAME, DIFFERENT = "the same", "different"
FEW, SOME, MANY = "up to 5 steps", "6 to 20 steps", "longer"
MOST_UNITS = 32
DEFAULTS = {"units": 8, "rho": 0.9, "unit": 1, "step": 8}
GONE = 0.01  # of a difference: below this share of its first value we call it forgotten


@dataclass(frozen=True, eq=False)
class Reading:
    """What a network reads: `x` (T, I), the same on the tape and in words, and the Python that makes it."""

    x: NDArray[np.float64]
    tape: Tape
    words: tuple[str, ...]
    note: str
    code: str


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


def choose_days() -> Reading:
    data = inputs.weather()
    first = controls.day("first day", data.dates[0], data.dates[-60], data.dates[100], "day")
    steps = controls.whole("days", 2, 60, 24, "days", width=150)
    start = data.dates.index(first)
    celsius = data.celsius[start : start + steps]
    x = (celsius - data.mean) / data.std
    return Reading(
        x=x[:, None],
        tape=Tape(tuple(f"{c:.1f}" for c in celsius), np.clip(x / 3, -1, 1)),
        words=tuple(f"{c:.1f} °C, x = {significant(v)}" for c, v in zip(celsius, x, strict=True)),
        note=f"Daily maximum temperature in Seattle, in °C. The network reads x = (°C − {data.mean:.2f}) / "
        f"{data.std:.2f}: mean 0 and standard deviation 1 over the four years of the record.",
        code=f"celsius = np.array({celsius.tolist()})\n"
        f"x = ((celsius - {data.mean!r}) / {data.std!r})[:, None]  # mean and deviation of four years",
    )


def choose_sentence() -> Reading:
    typed = controls.words("sentence", DEFAULT_SENTENCE, "text", width=330)
    read = inputs.symbols(typed)
    nothing = "" if read else "There is nothing to read in that, so the network reads our own sentence. "
    cut = f"The network reads the first {inputs.MOST_SYMBOLS} symbols. " if len(read) == inputs.MOST_SYMBOLS else ""
    read = read or list(DEFAULT_SENTENCE)
    return spell(read, sorted(set(read)), nothing + cut)


def spell(read: list[str], alphabet: list[str], note: str = "") -> Reading:
    """A sequence of symbols, one-hot: 1 at the symbol's place in the alphabet, 0 elsewhere."""
    return Reading(
        x=inputs.one_hot(read, alphabet),
        tape=Tape(tuple("␣" if symbol == " " else symbol for symbol in read)),
        words=tuple(f"“{symbol}”" for symbol in read),
        note=f"{note}Each of the {len(alphabet)} different symbols has its own input: 1 while it is read, otherwise 0.",
        code=f"read = {read!r}\nalphabet = {alphabet!r}\n"
        "x = np.array([[float(symbol == letter) for letter in alphabet] for symbol in read])",
    )


def choose_two_pasts() -> tuple[Reading, Reading, int]:
    """Two sentences that differ in one early symbol, and the step (from 1) where they do."""
    typed = controls.words("sentence", DEFAULT_SENTENCE, "text", width=300)
    read = inputs.symbols(typed)
    note = "" if read else "There is nothing to read in that, so the network reads our own sentence. "
    read = read or list(DEFAULT_SENTENCE)
    changed = controls.whole("changed step", 1, 10, 5, "changed", width=120)
    changed = min(changed, len(read))
    becomes = (inputs.symbols(controls.words("becomes", "r", "becomes", width=80)) or ["r"])[0]
    other = [*read[: changed - 1], becomes, *read[changed:]]
    if other == read:
        note += f"Both sentences have “{becomes}” at step {changed}: choose another symbol to make them differ. "
    alphabet = sorted({*read, *other})
    return spell(read, alphabet, note), spell(other, alphabet), changed


def states(reading: Reading, settings: Settings) -> NDArray[np.float64]:
    """h_t of every step, (T, H), as the engine computes it."""
    trace = rv.unroll(settings.network(reading.x.shape[1]), reading.x[:, None, :])
    return np.asarray(trace[0, 0].h[:, 0])


def predict(reading: Reading, other: Reading | None, changed: int) -> str | None:
    """The reader's answer before seeing; None until there is one, or where there is nothing to predict."""
    if other is not None:
        question = f"**Predict.** Only step {changed} differs. More than 1 % of the first difference in h will last …"
        return controls.predict(question, (FEW, SOME, MANY), "predict_survival")
    pair = inputs.return_of_an_input(reading.tape.tokens)
    if pair is None:
        st.caption("No input comes twice in what you chose. Choose more, and there will be something to predict here.")
        return None
    token = reading.tape.tokens[pair[0] - 1]
    question = f"**Predict.** Steps {pair[0]} and {pair[1]} read the same, {token}. Their states h will be …"
    return controls.predict(question, (SAME, DIFFERENT), "predict_same")


def judge_same_input(given: str, reading: Reading, h: NDArray[np.float64]) -> str:
    """Two steps read the same: are their states the same?"""
    one, two = inputs.return_of_an_input(reading.tape.tokens) or (1, 1)
    apart = float(np.linalg.norm(h[one - 1] - h[two - 1]))
    truth = SAME if apart < 1e-12 else DIFFERENT
    because = "with ρ = 0 nothing comes back around the loop" if truth == SAME else "each carries what came before it"
    distance = f"‖h{_sub(one)} − h{_sub(two)}‖ = {significant(apart)}"
    return f"{distance}: the states are {truth}, because {because}. {_verdict(given == truth)}"


def judge_survival(given: str, changed: int, norms: NDArray[np.float64], rho: float) -> str:
    """How long does one changed symbol stay visible in the state?"""
    lasted = steps_until_below(norms, GONE)
    truth = MANY if lasted is None or lasted > 20 else SOME if lasted > 5 else FEW
    said = say_survival(norms, changed, rho)
    return f"{said[0].upper()}{said[1:]} {_verdict(given == truth)}"


def _verdict(right: bool) -> str:
    return "You predicted it." if right else "You predicted something else."


def say_survival(norms: NDArray[np.float64], changed: int, rho: float) -> str:
    """What became of the difference, with its number; for rho < 1 also what theory promises."""
    first, last = float(norms[changed - 1]), float(norms[-1])
    if first == 0:
        return "the two sentences are the same, so there is no difference to follow."
    lasted = steps_until_below(norms, GONE)
    if lasted is None:
        said = f"after {len(norms) - changed} further steps {last / first:.1%} of the first difference is still there."
    else:
        said = f"the difference fell below 1 % of its first value after {lasted} steps."
    if 0 < rho < 1:
        most = int(np.floor(np.log(GONE) / np.log(rho))) + 1
        said += f" Theory allows at most {most}, because {rho:g}{_super(most)} is the first power of {rho:g} below 1 %."
    return said


def _sub(number: int) -> str:
    return str(number).translate(str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉"))


def _super(number: int) -> str:
    return str(number).translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))


def ask(reading: Reading, settings: Settings, terms: UnitStep) -> None:
    """Three questions; the engine knows the answers."""
    parts = {"the input": abs(terms.input), "the past": abs(float(terms.recurrent.sum())), "the bias": abs(terms.bias)}
    controls.check(
        f"Which term is the largest, sign aside, in the sum of unit {terms.unit} at step {terms.step}?",
        tuple(parts),
        max(parts, key=lambda name: parts[name]),
        "In size: " + ", ".join(f"{name} {decimals(size, places_of(terms))}" for name, size in parts.items()) + ".",
        "check_term",
    )
    cut = replace(settings, rho=0.0)
    bumped = replace(reading, x=np.concatenate([1 - reading.x[:1], reading.x[1:]]))
    left = float(np.abs(states(reading, cut)[1:] - states(bumped, cut)[1:]).max(initial=0.0))
    controls.check(
        "Set ρ to 0. Of how many earlier inputs does the state then know?",
        ("none", "one", "all"),
        "none" if left == 0 else "all",
        f"We changed the first input and ran the network with ρ = 0: all later states moved by {significant(left)}.",
        "check_zero",
    )
    forwards = states(reading, settings)[-1]
    backwards = states(replace(reading, x=reading.x[::-1]), settings)[-1]
    apart = float(np.linalg.norm(forwards - backwards))
    controls.check(
        "Let the network read the same inputs from last to first. Is its last state the same?",
        ("yes", "no"),
        "yes" if apart < 1e-12 else "no",
        f"The two last states are {significant(apart)} apart: the state knows the order, not only what was in it.",
        "check_order",
    )


def snippet(reading: Reading, settings: Settings, step: int, unit: int, other: Reading | None) -> str:
    """The page as a program: run it, and it prints the numbers on the screen."""
    gain = f"partial(rv.initializers.orthogonal, gain={settings.rho})"
    lines = [
        "from functools import partial",
        "import numpy as np",
        "import rnnviz as rv",
        "",
        reading.code,
        "net = rv.Network.create(",
        f'    "elman", input_size=x.shape[1], hidden_size={settings.units},',
        f"    recurrent_init={gain}, rng=np.random.default_rng({settings.seed}),",
        ")",
        "h = rv.unroll(net, x[:, None, :])[0, 0].h[:, 0]  # (steps, units)",
        f"print(h[{step - 1}, {unit - 1}])  # step {step}, unit {unit}",
    ]
    if other is not None:
        lines += [
            "",
            *other.code.replace("read = ", "other = ").replace("in read]", "in other]").replace("x = ", "x_other = ")
            .splitlines(),
            "h_other = rv.unroll(net, x_other[:, None, :])[0, 0].h[:, 0]",
            "print(np.linalg.norm(h - h_other, axis=1))  # how far apart, step by step",
        ]  # fmt: skip
    return "\n".join(lines)


def choose_input() -> tuple[Reading, Reading | None, int]:
    """What is read; and, for two pasts, the other sentence and the step where they differ."""
    kind = controls.choice("input", (WEATHER, SENTENCE, TWO_PASTS), "input")
    if kind == WEATHER:
        return choose_days(), None, 1
    if kind == SENTENCE:
        return choose_sentence(), None, 1
    return choose_two_pasts()


@dataclass(frozen=True)
class Scene:
    """What one setting of all dials shows: marks of the step, pictures, and the equation in numbers and words."""

    marks: tuple[Picture, ...]
    pictures: tuple[Picture, ...]
    told: tuple[Picture, ...]
    terms: UnitStep


@lru_cache(maxsize=32)
def scene(
    reading: Reading,
    other: Reading | None,
    changed: int,
    predicted: str | None,
    settings: Settings,
    unit: int,
    step: int,
) -> Scene:
    """Everything that is drawn, from everything that is set."""
    trace = rv.unroll(settings.network(reading.x.shape[1]), reading.x[:, None, :])
    h = np.asarray(trace[0, 0].h[:, 0])
    terms = unit_step(trace, step, unit)
    marks, pictures = [cursor(h, reading.tape, step, unit)], [unrolled(h, reading.tape, unit)]
    judged = judge_same_input(predicted, reading, h) if predicted and other is None else ""
    if other is not None:
        h_other = states(other, settings)
        norms = state_difference(h, h_other)
        marks.append(difference_cursor(len(h), step))
        pictures.append(difference(Difference(h - h_other, norms, changed, settings.rho), reading.tape, other.tape))
        judged = judge_survival(predicted, changed, norms, settings.rho) if predicted else ""
    told = (equation(terms, reading.words[step - 1]), say_what_you_saw(terms, judged))
    return Scene(tuple(marks), tuple(pictures), told, terms)


def lab(
    reading: Reading, other: Reading | None, changed: int, seed: int, predicted: str | None
) -> tuple[Settings, UnitStep]:
    """The dials of the network, time, the picture, and what there is to see in it."""
    see = partial(scene, reading, other, changed, predicted)
    # Ahead of the dials, from where they stand: then all of this reaches the browser at once and is drawn once.
    units, rho, unit, step = (controls.standing(key, DEFAULTS[key]) for key in ("units", "rho", "unit", "step"))
    see(Settings(int(units), rho, seed), int(min(unit, units)), int(min(step, len(reading.x))))
    with st.container(horizontal=True, vertical_alignment="bottom", key="dials"):
        settings = Settings(
            units=controls.whole("hidden units", 1, MOST_UNITS, DEFAULTS["units"], "units", width=140),
            rho=controls.number("recurrent scale ρ", 0.0, 1.5, DEFAULTS["rho"], 0.05, "rho", width=140),
            seed=seed,
        )
        # Always the same range: a slider whose range changes is a new one, which loses its value and costs time.
        unit = min(controls.whole("unit", 1, MOST_UNITS, DEFAULTS["unit"], "unit", width=140), settings.units)
        step = controls.play(len(reading.x), DEFAULTS["step"])
    seen = see(settings, unit, step)
    with st.container(key="picture", gap=None):
        controls.show(*seen.marks)
        controls.show(*seen.pictures)
        controls.show(*seen.told)
    return settings, seen.terms


def say_what_you_saw(terms: UnitStep, judged: str) -> Picture:
    """The page's story, with the numbers of the selected step, and what became of the prediction."""
    past, places = float(terms.recurrent.sum()), places_of(terms)
    heavier = "past" if abs(past) > abs(terms.input) else "present"
    story = (
        "There is one cell. Unrolled, it is drawn once for each step, always with the same weights, and the blue "
        f"wire carries the state h from one step to the next. At step {terms.step} unit {terms.unit} adds "
        f"{decimals(terms.input, places)} from what it reads now and {decimals(past, places)} from the state before, "
        f"which is all that it knows of the past: the {heavier} weighs more."
    )
    return prose("What you saw", story, judged)


controls.begin(CATALOG[0])
prediction = st.container(key="prediction")
with st.container(horizontal=True, vertical_alignment="bottom", key="controls"):
    reading, other, changed = choose_input()
    seed = controls.seed()
    st.caption(reading.note, width="stretch")
with prediction:
    predicted = predict(reading, other, changed)
settings, terms = controls.live(lab, reading, other, changed, seed, predicted)
with controls.section("Check yourself: three questions", "checks") as opened:
    if opened:
        ask(reading, settings, terms)
with controls.section("The same in Python, with your settings", "code") as opened:
    if opened:
        st.code(snippet(reading, settings, terms.step, terms.unit, other), language="python")
st.markdown(
    """
**ρ decides how long the past lasts.** Here W_hh is ρ times a random orthogonal matrix (a rotation, perhaps mirrored).
All its eigenvalues have the absolute value ρ, its *spectral radius*, and one pass through it changes the length of any
difference by exactly the factor ρ. The tanh that follows can only bring two states closer. So with ρ below 1 every
difference dies out; with ρ above 1 it may live on. Try 0.5, 0.9 and 1.3 with “two pasts”: the same words, but for one
symbol.

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
