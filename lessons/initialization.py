"""Before the first lesson: what does a network's start decide?

A plain network starts from every scheme there is for its recurrent weights, a gated one from several biases of the
gate that keeps. Nothing is trained: what arrives at the other end of the sequence is what the start lets through.
"""

import numpy as np
import streamlit as st

import rnnviz as rv
from lessons import _controls as controls
from lessons._controls import Prediction
from lessons._initialization import experiment as starts
from lessons._initialization import others as compared
from lessons._initialization import pictures, presets, words
from lessons._initialization.experiment import KEEPS, LONGEST, SCHEMES, STDS, Settings, Started
from lessons._initialization.presets import CHRONO, LABELS, ONE
from lessons._pictures import show
from lessons._verify import verify
from lessons.catalog import CATALOG
from rnnviz.diagnostics import memory_horizon
from rnnviz.figures.numbers import significant

CELLS = {"plain": "elman", "LSTM": "lstm", "GRU": "gru"}
ACTIVATIONS = ("tanh", "relu", "sigmoid", "linear")
LARGE = 200  # units of the matrix that shows the circular law


def choose() -> Settings:
    """The controls: what starts how, and what it reads."""
    scheme, amount, nonlinearity, bias, longest = "orthogonal", 1.0, "tanh", None, LONGEST
    with st.container(horizontal=True, vertical_alignment="bottom", key="controls"):
        cell = CELLS[controls.choice("cell", tuple(CELLS), "cell")]
        if cell == "elman":
            scheme = LABELS[controls.listed("start of W_hh", tuple(LABELS), "uniform", "scheme", width=154)]
            nonlinearity = controls.listed("activation", ACTIVATIONS, "tanh", "activation", width=105)
        else:
            gate = KEEPS[cell]
            kind = controls.choice(f"bias of gate {gate}", (ONE, CHRONO), "start_bias")
            if kind == ONE:
                bias = controls.number(f"bias of {gate}", -4.0, 8.0, 1.0, 0.5, "bias", width=150)
            else:
                longest = controls.whole("longest memory T_max", 3, 500, LONGEST, "longest", width=150)
        signal = controls.listed("input", tuple(starts.SIGNALS), starts.NOISE, "signal", width=145)
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
    controls.put(**presets.widgets(value))


def predict(settings: Settings) -> Prediction:
    """The reader's answer before seeing."""
    if settings.cell != "elman":
        question = "The bias promises that σ(b)ᵏ of the gradient is left k steps back. At step 1 there is really …"
        return controls.predict(question, (words.LESS, words.ALIKE, words.MORE), "predict_promise")
    question = f"{settings.steps - 1} steps back, which start has kept the gradient nearest to its length?"
    return controls.predict(question, tuple(words.RIVALS), "predict_scheme")


def lab() -> Started:
    """Question, controls, and all pictures with what there is to see in them."""
    question = st.container(horizontal=True, vertical_alignment="center", key="prediction")
    settings = choose()
    with question:
        prediction = predict(settings)
    started, comparing = Started(settings), prediction.given is not None or "compare" in st.query_params
    if started.gated:
        others = compared.others(compared.biases(settings))
        drawn = pictures.gated(started, others, comparing, prediction)
    else:
        others = compared.others(compared.schemes(settings))
        drawn = pictures.plain(started, others, comparing, prediction)
    show(*drawn, key="starts", picked=picked)
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
        f"The variance is 1/(3H), and the circular law says √(H · 1/(3H)) = 1/√3. One with H = {LARGE} that we have "
        f"just drawn has {significant(float(large))}.",
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
        f"W_hh is square, so fan_in = fan_out = H, and 2 / (fan_in + fan_out) = 1 / fan_in. The largest difference of "
        f"any two entries is {significant(apart)}.",
        "check_same",
    )
    dead = Started(Settings("elman", "zeros", 0.0, "tanh", None, 2, s.signal, s.steps, s.units, s.seed))
    moved = float(np.linalg.norm(dead.grads.params["weight_hh_l0"]))
    controls.check(
        "A plain network starts with W_hh = 0, its input weights random. Can gradient descent move W_hh?",
        ("yes", "no"),
        "yes" if moved > 0 else "no",
        f"The gradient by W_hh has the length {significant(moved)}: the last step alone gives it, from the state "
        "before it. Nothing farther back has a say yet.",
        "check_zero",
    )
    if started.gated:
        ask_horizon(started)
    biases = {f"{bias:g}": words.half_life(bias) for bias in (1.0, 3.0, 5.0)}
    wanted = 100
    lasting = ", ".join(f"{bias} gives {significant(half)}" for bias, half in biases.items())
    controls.check(
        f"A forget gate that hears its bias alone: with which is half left after about {wanted} steps?",
        tuple(biases),
        min(biases, key=lambda bias: abs(biases[bias] - wanted)),
        f"σ(b)ᵏ = ½ where k = ln 2 / −ln σ(b): {lasting} steps.",
        "check_half",
    )


def ask_horizon(started: Started) -> None:
    """Whether the whole state remembers for as long as the bias promises, whatever the loss."""
    s = started.settings
    horizon = memory_horizon(started.network, started.trace)[0, 0]
    measured, predicted = float(horizon.half[0]), horizon.predicted_half
    order = ("sooner", "at the same step", "later")
    truth = order[1 + int(np.sign(min(measured, s.steps) - min(predicted, s.steps)))]
    lags = [significant(lag) if np.isfinite(lag) else f"more than {s.steps}" for lag in (measured, predicted)]
    controls.check(
        "Our L looks at the state in one direction only. Is the norm of the whole Jacobian, of the last state by the "
        f"state k steps before, down to half sooner or later than the largest σ(bias of {KEEPS[s.cell]})ᵏ is?",
        order,
        truth,
        f"Measured {lags[0]} steps, promised {lags[1]}.",
        "check_horizon",
    )


controls.begin(next(lesson for lesson in CATALOG if lesson.slug == "initialization"))
started = controls.live(lab)
st.markdown(words.explanation())
verify(started.network, started.settings.x, started.dy)
with controls.section("Check yourself", "checks") as opened:
    if opened:
        ask(started)
with controls.section("The same in Python, with your settings", "code") as opened:
    if opened:
        st.code(words.snippet(started), language="python")
st.markdown(words.SOURCES)
