"""How does an LSTM decide what to keep? Its gates at work, and on the operating table.

An LSTM reads a made signal, with weights set by hand, or a sentence, with trained weights. Any gate can be held at a
value, or have its bias shifted, over a span of steps; the operated network stands beside the untouched one.
"""

from functools import partial
from math import log10

import numpy as np
import streamlit as st

import rnnviz as rv
from lessons import _controls as controls
from lessons._controls import Prediction
from lessons._lstm_gates.experiment import Experiment, with_letters, with_signal
from lessons._lstm_gates.words import BACK, NAMES, ROUNDING, about, story
from lessons._player import Shown, player, send_to
from lessons.common.trained import readable, trained
from lessons.catalog import CATALOG
from rnnviz.diagnostics import measured_retention, promised_retention
from rnnviz.figures import Picture, Strand, Strip, beside
from rnnviz.figures.arithmetic import digits_for
from rnnviz.figures.numbers import significant
from rnnviz.surgery import Surgery

PLAYER = "lstm_gates"
RESET, HOLD, TEXT = "a reset marker", "a value to hold", "a sentence"
NOTHING, PIN, SHIFT = "none", "pin a gate", "shift its bias"
ALIKE, BETWEEN, HUNDREDTH = "about as large", "in between", "less than a hundredth"
MOST, SOME, LITTLE = "more than 90 %", "in between", "less than 10 %"
SPACE, LETTER = "space", "letter"
SENTENCE = "and the king said come let us go down to the sea."
MOST_LETTERS = 49


def choose_input() -> tuple[str, str, int, int]:
    """What is read: the kind of input, the letters, the distractors after each mark, and the seed."""
    kind = controls.choice("input", (RESET, HOLD, TEXT), "input")
    if kind == TEXT:
        read = partial(readable, most=MOST_LETTERS, instead=SENTENCE)
        return kind, controls.read_words("sentence", SENTENCE, "text", read, width=320), 0, 0
    if kind == HOLD:
        length = controls.whole("distractors", 1, 40, 12, "hold", width=130)
    else:
        length = controls.whole("distractors between", 1, 8, 3, "gap", width=130)
    return kind, "", length, controls.seed()


def reset_step(length: int) -> int:
    """The step, from 1, that reads the reset marker: two marks with their distractors come before it."""
    return 2 * (length + 1) + 1


def predict(kind: str, symbols: str, length: int) -> Prediction | None:
    """The reader's answer before seeing; None where there is nothing to predict."""
    if kind == RESET:
        question = (
            f"Step {reset_step(length)} reads “reset”. Beside the gradient ∂L/∂c that unit 1 gets there, "
            f"the one {BACK} steps earlier is …"
        )
        return controls.predict(question, (ALIKE, BETWEEN, HUNDREDTH), "predict_gradient")
    if kind == HOLD:
        question = f"Of what unit 1 writes into its cell at step 1, after {length} more steps there is …"
        return controls.predict(question, (MOST, SOME, LITTLE), "predict_left")
    if len({symbol == " " for symbol in symbols[:-1]}) < 2:
        st.caption("The sentence needs letters and spaces for something to predict here.")
        return None
    question = "On average over all units, the forget gates are wider open where the network reads a …"
    return controls.predict(question, (SPACE, LETTER), "predict_space")


def choose_bias(kind: str) -> float:
    """The forget gates' bias, or, where they are trained, what is added to it."""
    if kind == TEXT:
        return controls.number("forget bias, added", -4.0, 4.0, 0.0, 0.5, "more", width=130)
    return controls.number("forget bias b_f", -2.0, 8.0, 8.0, 0.5, "bias", width=130)


def operate(surgery_kind: str, kind: str, steps: int, units: int, usual: int) -> Surgery:
    """The widgets of an operation on a gate, and the operation; at first it is at the `usual` step alone."""
    gate = controls.choice("gate", tuple(NAMES), "gate")
    opens = gate == "i" or (gate == "f" and kind == RESET)
    if surgery_kind == SHIFT:
        amount = controls.number(
            "shifted by", -8.0, 8.0, *((8.0, 0.5, "by_up") if opens else (-8.0, 0.5, "by")), width=130
        )
    elif gate == "g":
        amount = controls.number("held at", -1.0, 1.0, 0.0, 0.05, "held_g", width=130)
    else:
        amount = controls.number(
            "held at", 0.0, 1.0, *((1.0, 0.05, "held_open") if opens else (0.0, 0.05, "held")), width=130
        )
    first, last = controls.span("steps", 1, steps, (usual, usual), "span", width=190)
    one = controls.whole("unit (0: all)", 0, units, 0, "operated_unit", width=110)
    place = {"first": first - 1, "last": last - 1, "units": (one - 1,) if one else None}
    return (rv.Shift if surgery_kind == SHIFT else rv.Pin)(gate, amount, **place)


def go_along(kind: str, cut: Surgery | None) -> None:
    """When the reader begins an operation, takes another gate or input, the player goes to its first step."""
    begun = (kind, cut.gate) if cut else None
    if st.session_state.setdefault("operation begun", begun) != begun:
        st.session_state["operation begun"] = begun
        if cut:
            unit = cut.units[0] if cut.units else st.session_state.get("unit last shown", 0)
            send_to(PLAYER, step=cut.first, unit=unit, selected=cut.gate)


def lab() -> tuple[Experiment, Shown]:
    """The question to predict, all dials, the player, both runs side by side, and what there is to see in them."""
    question = st.container(key="prediction")
    with st.container(horizontal=True, vertical_alignment="bottom", key="controls"):
        kind, symbols, length, seed = choose_input()
        bias = choose_bias(kind)
        surgery_kind = controls.choice("gate surgery", (NOTHING, PIN, SHIFT), "surgery")
    steps = {TEXT: len(symbols) - 1, HOLD: length + 1, RESET: 5 * (length + 1)}[kind]
    usual = reset_step(length) if kind == RESET else max(1, round(0.7 * steps))
    surgery: tuple[Surgery, ...] = ()
    if surgery_kind != NOTHING:
        with st.container(horizontal=True, vertical_alignment="bottom", key="operation"):
            units = trained("letters_lstm")[0].hidden_size if kind == TEXT else 2
            surgery = (operate(surgery_kind, kind, steps, units, usual),)
    go_along(kind, surgery[0] if surgery else None)
    with question:
        prediction = predict(kind, symbols, length)
    if kind == TEXT:
        experiment = with_letters(symbols, bias, surgery)
    else:
        experiment = with_signal("hold" if kind == HOLD else "reset", length, seed, bias, surgery)
    run = experiment.operated
    shown = player(
        run.trace,
        run.grads,
        key=PLAYER,
        tokens=experiment.tokens,
        inputs=experiment.inputs,
        outputs=experiment.classes or None,
        loss=None if experiment.by_hand else run.loss,
        step=reset_step(length) - 1 if kind == RESET else min(6, steps - 1),
        selected="f",
        note=f"{experiment.note}, and operated on" if surgery else experiment.note,
    )
    st.session_state["unit last shown"] = shown.unit
    offer_places(experiment, shown)
    judged = judge(kind, experiment, length, prediction) if prediction else ""
    with st.container(key="picture", gap=None):
        controls.show(pictures(experiment, shown), story(experiment, shown, judged))
    st.caption(about(experiment))
    return experiment, shown


def offer_places(experiment: Experiment, shown: Shown) -> None:
    """Buttons that send the player to what the page speaks of."""
    closed = int(experiment.operated.gate("f", shown.unit).argmin())
    here = {"unit": shown.unit, "layer": 0, "direction": 0}
    before = max(closed - BACK, 0)
    places = {
        f"Where f is lowest: step {closed + 1}": here | {"step": closed, "selected": "f", "backward": False},
        "The gradient there": here | {"step": closed, "selected": "c", "backward": True},
        f"The gradient {BACK} steps earlier": here | {"step": before, "selected": "c", "backward": True},
    }
    with st.container(horizontal=True, key="places"):
        for number, (name, place) in enumerate(places.items()):
            st.button(name, key=f"place {number}", on_click=send_to, args=(PLAYER,), kwargs=place)


def pictures(experiment: Experiment, shown: Shown) -> Picture:
    """State, output, gradient and memory over time: the operated run beside the untouched one."""
    u, cut = shown.unit, experiment.surgery
    runs = {"operated": experiment.operated, "untouched": experiment.untouched} if cut else {"": experiment.untouched}
    c = {name: run.c(u) for name, run in runs.items()}
    dc = {name: run.dc(u) for name, run in runs.items()}
    outcomes = {name: run.outcome for name, run in runs.items()}
    left = {name: measured_retention(run.trace, u + 1)[1:] for name, run in runs.items()}
    bias, steps = float(experiment.bias[u]), len(experiment.tokens)
    promise = Strand(
        f"promised: σ({significant(bias)}) to the power t", promised_retention(bias, steps)[1:], "promised"
    )
    target = () if experiment.classes else (Strand("to be remembered", np.asarray(experiment.targets), "promised"),)
    strips = (
        Strip(f"Cell state c of unit {u + 1}", lines(c, "c", "forward"), *ends(c)),
        Strip("Output y", (*lines(outcomes, "y", "forward"), *target), *ends(outcomes))
        if experiment.by_hand
        else Strip("Probability p of the letter that comes next", lines(outcomes, "p", "forward"), 0.0, 1.0),
        Strip(f"Gradient |∂L/∂c| of unit {u + 1}", lines(dc, "∂L/∂c", "backward"), log=True),
        Strip(
            "Of what was in its cell before step 1, left after step t: |∂c/∂c₀|",
            (*lines(left, "measured", "forward"), promise),
            log=True,
            lowest=round(log10(ROUNDING)),
        ),
    )
    first, last = (cut[0].first + 1, cut[0].last + 1) if cut else (1, 1)
    return beside(strips, shown.step + 1, (first, last) if cut else None)


def lines(values: dict[str, np.ndarray], symbol: str, role: str) -> tuple[Strand, ...]:
    """The operated line and, where there is one, the untouched."""
    return tuple(
        Strand(f"{symbol} {name}".strip(), a, "untouched" if name == "untouched" else role)
        for name, a in reversed(values.items())
    )


def ends(values: dict[str, np.ndarray]) -> tuple[float, float]:
    """The ends of a signed axis: half a unit, or the next whole one beyond the largest magnitude."""
    largest = max(float(np.abs(a).max()) for a in values.values())
    top = 0.5 if largest <= 0.5 else float(np.ceil(largest))
    return -top, top


def judge(kind: str, experiment: Experiment, length: int, prediction: Prediction) -> str:
    """What became of the prediction; it is about the untouched network."""
    run, T = experiment.untouched, len(experiment.tokens)
    if kind == RESET:
        at = reset_step(length) - 1
        there, before = abs(float(run.dc(0)[at])), abs(float(run.dc(0)[at - BACK]))
        truth = ALIKE if before > 0.9 * there else HUNDREDTH if before < 0.01 * there else BETWEEN
        numbers = f"{significant(before)} against {significant(there)}"
    elif kind == HOLD:
        c = run.c(0)
        truth = MOST if c[-1] / c[0] > 0.9 else LITTLE if c[-1] / c[0] < 0.1 else SOME
        numbers = (
            f"The cell state is {significant(float(c[0]))} after step 1 and {significant(float(c[-1]))} after step {T}"
        )
    else:
        f = np.asarray(run.trace[0, 0].gates["f"][:, 0]).mean(axis=1)
        spaces = np.array([token == "␣" for token in experiment.tokens])
        at_space, at_letter = float(f[spaces].mean()), float(f[~spaces].mean())
        truth = SPACE if at_space > at_letter else LETTER
        numbers = f"On average f is {significant(at_space)} at spaces and {significant(at_letter)} at the other symbols"
    numbers = f"Untouched: {numbers}" if experiment.surgery else numbers
    verdict = prediction.judge(truth, numbers)
    return f"{numbers}: {truth}. {verdict}" if verdict else ""


def ask(experiment: Experiment) -> None:
    """Three questions; the engine knows the answers."""
    last = len(experiment.tokens) - 1
    keep = (rv.Pin("f", 1.0, min(1, last), last), rv.Pin("i", 0.0, min(1, last), last))
    c = np.asarray(experiment.run(keep).trace[0, 0].c)[:, 0]
    moved = float(np.abs(c - c[0]).max())
    controls.check(
        "From step 2 on, pin f at 1 and i at 0 in all units. What becomes of the cell state?",
        ("it stays, to the last digit", "it fades slowly", "it grows"),
        "it stays, to the last digit" if moved == 0 else "it fades slowly",
        f"We ran it: in {last} steps, the most that any unit's c moved is {significant(moved)}. c = 1 × c + 0 × g.",
        "check_keep",
    )
    kept, left = (float(promised_retention(1.0, 10)[t]) for t in (1, 10))
    digits = digits_for([kept], left, lambda v: v[0] ** 10)
    options = {"about 4 %": 0.04, "about 27 %": 0.27, "about 73 %": 0.73}
    controls.check(
        "A forget gate hears its bias alone, and the bias is 1. What share is left after 10 steps?",
        tuple(options),
        min(options, key=lambda option: abs(options[option] - left)),
        f"σ(1) = {significant(kept, digits)}, and that to the power 10 is {significant(left)}. "
        "A bias of 1 is a beginning for training, no memory for long.",
        "check_bias",
    )
    shut = experiment.run((rv.Pin("o", 0.0, last, last),))
    reached = float(np.abs(np.asarray(shut.grads[0, 0].dc)).max())
    controls.check(
        "Pin o at 0 at the last step, the only one whose output L reads. At which steps is ∂L/∂c then 0?",
        ("at none", "at the last", "at all"),
        "at all" if reached == 0 else "at the last" if not np.asarray(shut.grads[0, 0].dc)[-1].any() else "at none",
        f"The largest |∂L/∂c| of any unit and step is {significant(reached)}: L hears c only through o × tanh(c).",
        "check_output",
    )


def snippet(experiment: Experiment, shown: Shown) -> str:
    """The page as a program: run it, and it prints the numbers on the screen."""
    t, u = shown.step, shown.unit
    cuts = ", ".join(f"rv.{cut!r}" for cut in experiment.surgery)
    lines = ["import rnnviz as rv", experiment.code, f"trace = rv.unroll(net, x, surgery=[{cuts}])"]
    if experiment.by_hand:
        lines += ["dy = 0 * trace.y", "dy[-1] = 1.0  # L is the last output"]
    else:
        lines += [
            f"target = {experiment.targets[-1]}  # the letter that comes last",
            "last = np.arange(len(x))[:, None] == len(x) - 1",
            "loss = rv.losses.softmax_cross_entropy(trace.y, np.where(last, target, 0), last)",
            "dy = loss.dy",
        ]
    lines += [
        "grads = rv.backpropagate(net, trace, dy)",
        f"print({{gate: a[{t}, 0, {u}] for gate, a in trace[0, 0].gates.items()}})  # step {t + 1}, unit {u + 1}",
        f"print(trace[0, 0].c[{t}, 0, {u}], grads[0, 0].dc[{t}, 0, {u}])  # c, and ∂L/∂c",
        f"print(rv.diagnostics.measured_retention(trace, {u + 1})[{t + 1}])  # left of c_0 after step {t + 1}",
    ]
    return "\n".join(lines)


controls.begin(next(lesson for lesson in CATALOG if lesson.slug == "lstm_gates"))
experiment, shown = controls.live(lab)
st.markdown(
    """
**The cell state is a conveyor.** c = f × c + i × g: at each step the forget gate f says how much of the old load stays
on, the input gate i how much of the candidate g is put on, and the output gate o how much of the load is shown as
h = o × tanh(c). Backwards the conveyor runs the other way, through the same gate: ∂L/∂c of one step becomes that of the
step before by being multiplied with f. A gate that keeps the past also keeps its gradient, and a gate that clears the
one cuts off the other.

**Surgery** asks “what if”. A pinned gate is a constant: what follows is computed with it, and no gradient passes
through it to the weights that would have set it. A shifted bias leaves the gate alive.
"""
)
with controls.section("Check yourself: three questions", "checks") as opened:
    if opened:
        ask(experiment)
with controls.section("The same in Python, with your settings", "code") as opened:
    if opened:
        st.code(snippet(experiment, shown), language="python")
st.markdown(
    """
#### Sources

- The conveyor (“constant error carousel”), input and output gates: S. Hochreiter and J. Schmidhuber,
  [Long short-term memory](https://doi.org/10.1162/neco.1997.9.8.1735), Neural Computation 9 (1997), 1735-1780.
- The forget gate: F. A. Gers, J. Schmidhuber and F. Cummins,
  [Learning to forget](https://doi.org/10.1162/089976600300015015), Neural Computation 12 (2000), 2451-2471.
- Why the forget bias should start at 1 or more: R. Jozefowicz, W. Zaremba and I. Sutskever,
  [An empirical exploration of recurrent network architectures](https://proceedings.mlr.press/v37/jozefowicz15.html),
  ICML 2015.
- The text: Ruth, Ecclesiastes and Mark to learn from, Jonah and James to be tested on; King James Version.
"""
)
