"""Why does a gradient vanish or explode?

An Elman network, an LSTM and a GRU read the same noise, and L looks at the last state alone. Its gradient is followed
back step by step, for one network and for a whole family of them, and taken apart into what each step does to it.
"""

from dataclasses import replace

import numpy as np
import streamlit as st

from lessons import _controls as controls
from lessons import _pictures as pictures
from lessons._controls import Prediction
from lessons._vanishing_and_exploding.experiment import (
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
from lessons._vanishing_and_exploding.words import meant, plain, say_what_you_saw, tries
from lessons._vanishing_and_exploding.words import steps as counted
from lessons._verify import TITLE, verdict
from lessons.catalog import CATALOG
from rnnviz.activations import sigmoid
from rnnviz.figures import Line, Picture, decades, ranked, scale_map
from rnnviz.figures.html import columns
from rnnviz.figures.numbers import of_log10, significant

MOST = 100  # steps
LARGER, ALIKE, SMALLER = "over 10 times larger", "within 10 times", "over 10 times smaller"
HUES = {"i": "input", "f": "forget", "g": "candidate", "o": "output", "r": "input", "z": "forget", "n": "candidate"}
LOOKS = {"i": "solid", "f": "dashed", "g": "dotted", "o": "dashed", "r": "solid", "z": "dashed", "n": "dotted"}


def choose() -> tuple[Settings, int]:
    """The settings, and how many steps back one looks."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="kinds"):
        matrix = controls.choice("recurrent matrix", MATRICES, "matrix")
        shown = controls.choice("under the microscope: an RNN with …, or a gated cell", CELLS, "cell")
        numbers = controls.choice("numbers", NUMBERS, "numbers")
        seed = controls.seed()
    with st.container(horizontal=True, vertical_alignment="bottom", key="sizes"):
        rho = controls.number("recurrent scale ρ", float(SCALES[0]), float(SCALES[-1]), 1.5, 0.05, "rho", width=270)
        steps = controls.whole("steps T", 10, MOST, 50, "steps", width=180)
        if st.session_state.get("lag", 1) >= steps:
            st.session_state["lag"] = steps - 1
        back = controls.whole(f"steps back, at most {steps - 1}", 1, MOST - 1, 30, "lag", width=270)
        if back >= steps:  # as the address says at first; now the slider can be set
            st.rerun()
        loud = controls.number("loudness of the input", 0.0, 5.0, 2.0, 0.25, "loud", width=180)
        keep = controls.number("bias of f and z", -2.0, 8.0, 1.0, 0.5, "keep", width=180)
    return Settings(matrix, rho, shown, steps, loud, keep, seed, numbers), back


def go(picked: str) -> None:
    """Set the widgets to what was picked in a picture."""
    T = int(st.session_state.get("steps", 50))
    values = meant(picked, T)
    st.session_state["picked the last step"] = not values["lag"]
    controls.put(**values | {"lag": max(values["lag"], 1)})


def predict(chosen: Settings, lag: int) -> Prediction:
    """The reader's answer before seeing; another network is another question."""
    change = "Turn the input off" if chosen.loud else "Set the loudness to 1"
    question = f"{change}: {counted(lag)} back, the gradient of the {name_of(chosen)} will be …"
    key = f"predict {chosen.matrix} {chosen.cell} {'off' if chosen.loud else 'on'}"
    return controls.predict(question, (LARGER, ALIKE, SMALLER), key)


def judge(prediction: Prediction, seen: Study, lag: int) -> str:
    """What becomes of the gradient once the input is turned off, or on."""
    if prediction.given is None:
        return ""
    chosen = seen.settings
    other = replace(chosen, loud=0.0 if chosen.loud else 1.0)
    now, then = (float(a.norms[chosen.steps - lag - 1]) for a in (seen.shown, run(other, chosen.kind)))
    silent, heard = (then, now) if chosen.loud else (now, then)
    said = f"without input its length is {of_log10(silent)}, with it {of_log10(heard)}"
    if not max(now, then) < np.inf or np.isnan(min(now, then)):
        nothing = "What is no number cannot be compared, so there is no verdict"
        prediction.asked.markdown(f"W{said[1:]}. {nothing}.", width="content")
        return f"{counted(lag)} back, {said}. {nothing}."
    change = 0.0 if now == then else then - now
    truth = LARGER if change > 1 else SMALLER if change < -1 else ALIKE
    verdict = prediction.judge(truth, f"W{said[1:]}")
    return f"{counted(lag)} back, {said}. {verdict}"


def draw(seen: Study, lag: int) -> tuple[Picture, ...]:
    """The gradient step by step and at every scale; then one step and all of them, and the ways."""
    title = f"{name_of(seen.settings)}: ‖∂L/∂h‖ at every ρ"
    step = seen.settings.steps - lag
    drawn = scale_map(SCALES, seen.map, scale=seen.settings.rho, step=step, name="ρ", title=title, picks="map:")
    inner = ways(seen, lag) if seen.settings.kind != "elman" else factors(seen, lag)
    return columns(lengths(seen, lag), drawn, kind="pair"), columns(spectra(seen, lag), inner, kind="pair")


def name_of(chosen: Settings) -> str:
    """The network under the microscope."""
    return f"{chosen.cell} RNN" if chosen.kind == "elman" else chosen.cell


def lengths(seen: Study, lag: int) -> Picture:
    """||dL/dh_t|| of all three networks, with what theory says of the Elman network."""
    chosen, T = seen.settings, seen.settings.steps
    rnn, lstm, gru = seen.passes["elman"], seen.passes["lstm"], seen.passes["gru"]
    lines = [
        Line("RNN", rnn.norms, "backward"),
        Line("LSTM", lstm.norms, "forget"),
        Line("LSTM’s c", lstm.cell_norms, "forget", "dotted"),
        Line("GRU", gru.norms, "input", "dashed"),
    ]
    guides = []
    if chosen.kind == "elman":
        back = np.arange(T - 1, -1, -1)
        bound = seen.products.log10_bound[1:]
        guides = [
            Line("ρᵏ", back * np.log10(chosen.rho), "muted", "dotted"),
            Line("(γσ)ᵏ", bound, "muted", "dashed"),
        ]
    return decades(
        lines,
        up="",
        mark_at=T - lag,
        title="What is left of the gradient: ‖∂L/∂h‖ at each step",
        picks="from 1:",
        guides=guides,
        least=(-6, 2),
        struck={} if seen.shown.exploded is None else {seen.shown.exploded: "h ∞"},
    )


def spectra(seen: Study, lag: int) -> Picture:
    """All singular values of one step and of the product over the lag."""
    products, T = seen.products, seen.settings.steps
    both = " h and c together" if seen.settings.kind == "lstm" else ""
    lines = [
        Line(f"step {T - lag + 1} alone", seen.one_step(T - lag + 1), "forward", "dots"),
        Line(f"all {lag} from there on", seen.all_steps(T - lag), "backward", "dots"),
    ]
    guides = []
    if products.spectral_radius is not None and products.largest_singular_value is not None:
        sizes = {"ρ": (products.spectral_radius, "dotted"), "σ of W_hh": (products.largest_singular_value, "dashed")}
        guides = [
            Line(name, np.full(products.jacobians.shape[-1], np.log10(size)), "muted", look)
            for name, (size, look) in sizes.items()
        ]
    title = f"How much one step stretches{both}, and all of them: singular values"
    return ranked(lines, guides, title=title, height=200)


def factors(seen: Study, lag: int) -> Picture:
    """What each step back does to the gradient of the Elman network shown, from where that is not yet 0."""
    T, norms = seen.settings.steps, seen.shown.norms
    first = max(int(np.isneginf(norms).sum()), 1)  # 0/0 is no factor
    with np.errstate(invalid="ignore", divide="ignore"):
        lines = [
            Line("gradient", norms[first - 1 : -1] - norms[first:], "backward"),
            Line("largest singular value", seen.stretches[first:], "ink", "dashed"),
            Line("mean slope φ′", np.log10(seen.slopes[first:]), "candidate", "dotted"),
        ]
    return decades(
        lines,
        up="",
        first=first,
        mark_at=T - lag if T - lag >= first else None,
        title="One step back: what it multiplies with",
        rest="" if T - lag >= first else f"step {T - lag}: no factor, the gradient is 0 there and after it (0/0)",
        least=(-1, 1),
        picks=f"from {first}:",
        height=200,
    )


def ways(seen: Study, lag: int) -> Picture:
    """How much travels along the conveyor, and how much through each gate."""
    lines = [Line("all", seen.ways["all"], "ink"), Line("conveyor", seen.ways["conveyor"], "backward", "dashed")]
    lines += [Line(f"via {gate}", seen.ways[gate], HUES[gate], LOOKS[gate]) for gate in seen.ways if gate in HUES]
    state = "c" if seen.settings.kind == "lstm" else "h"
    return decades(
        lines,
        up="",
        mark_at=seen.settings.steps - lag,
        title=f"By which way from {state} at a step to {state} at the end",
        least=(-6, 2),
        picks="from 1:",
        height=200,
    )


def lab() -> tuple[Study, int]:
    """Prediction, controls, pictures, and what there was to see in them."""
    question = st.container(key="prediction")
    chosen, lag = choose()
    with question:
        prediction = predict(chosen, lag)
    seen = study(chosen)
    if st.session_state.pop("picked the last step", False):
        T = chosen.steps
        st.toast(f"At step {T} stands L, and nothing has come back yet. This is one step back, step {T - 1}.")
    judged = judge(prediction, seen, lag)
    pictures.show(tries(seen), *draw(seen, lag), say_what_you_saw(seen, lag, judged), key="vanishing", picked=go)
    return seen, lag


def verify(seen: Study) -> None:
    """The backward pass against finite differences, as far back as these can look; in float64, and that is said."""
    T, looked, layer = seen.settings.steps, seen.in_sight, seen.shown.trace[0, 0]
    start = {}
    if looked < T:
        start = {"h0": layer.h[T - looked - 1]} | ({} if layer.c is None else {"c0": layer.c[T - looked - 1]})
        st.markdown(
            f"Where a gradient is far above 1, L bends within the smallest step of a finite difference. So these check "
            f"the last {looked} of {T} steps, from the state of step {T - looked} on."
        )
    if seen.shown.lost[T - looked :].any():
        st.markdown(
            f"On this page the network has left the range of {seen.settings.numbers}, and what is no number cannot be "
            "checked. So here the same network is computed once more in float64: the numbers below are not those above."
        )
    st.markdown(verdict(seen.shown.trace.network, seen.settings.x[T - looked :], dy(looked), **start))


def ask(seen: Study) -> None:
    """Three questions; the engine knows the answers."""
    chosen = seen.settings
    unit = replace(chosen, rho=1.0, cell="sigmoid", numbers="float64")
    stretch = round(float(np.linalg.norm(unit.network("elman").state_dict()["weight_hh_l0"], 2)), 9)
    sure = f"ρ < {significant(4 / stretch)}"
    controls.check(
        f"An RNN with the sigmoid and this {chosen.matrix} matrix: for which ρ is its gradient sure to vanish?",
        (f"ρ < {significant(1 / stretch)}", sure, "for none"),
        sure,
        f"With ρ = 1 this matrix has the largest singular value {significant(stretch)}, and a sigmoid’s slope is at "
        f"most 1/4. The bound falls with each step as long as ρ · {significant(stretch)} / 4 is below 1.",
        "check_bound",
    )
    twenty, forty = (10.0 ** run(Settings(rho=0.9, cell="linear"), "elman").norms[[-21, -41]]).tolist()
    options = {percent(share): share for share in (twenty / 2, twenty**2, twenty**0.5)}
    controls.check(
        f"In a linear RNN with an orthogonal W_hh and ρ = 0.9, {percent(twenty)} of the gradient is left after 20 "
        "steps. How much after 40?",
        tuple(options),
        min(options, key=lambda name: abs(options[name] - forty)),
        f"We ran it: {percent(forty)}. Each step multiplies, so that twice the way squares what is left: that is why "
        "it goes so fast, and why it is drawn on a log axis.",
        "check_square",
    )
    kept = float(sigmoid(np.float64(chosen.keep)))
    steps = int(np.ceil(np.log(0.01) / np.log(kept)))
    controls.check(
        f"An LSTM’s forget gates listen to nothing but their bias {plain(chosen.keep)}. After how many steps is less "
        "than 1 % left on the conveyor?",
        (f"{-(-steps // 4)}", f"{steps}", f"{10 * steps}"),
        f"{steps}",
        f"σ({plain(chosen.keep)}) = {significant(kept)}, and {significant(kept)} to the power of {steps} is "
        f"{of_log10(steps * float(np.log10(kept)))}.",
        "check_conveyor",
    )


def percent(share: float) -> str:
    return f"{100 * share:.2f} %"


def snippet(chosen: Settings, lag: int) -> str:
    """The page as a program: run it, and it prints the numbers on the screen."""
    step = chosen.steps - lag
    draw = {
        ORTHOGONAL: f"partial(rv.initializers.orthogonal, gain={chosen.rho})",
        GAUSSIAN: f"partial(rv.initializers.echo_state, radius={chosen.rho})",
        TRIANGULAR: f"lambda shape, rng: {chosen.rho} * (np.eye({UNITS}) "
        f"+ np.triu(2 / np.sqrt({UNITS}) * rng.standard_normal(shape), 1))",
    }[chosen.matrix]
    return f"""from functools import partial
import numpy as np
import rnnviz as rv

draw = {draw}
x = {chosen.loud} * np.random.default_rng([{chosen.seed}, 1]).standard_normal(({chosen.steps}, 1, {INPUTS}))
dy = np.zeros(({chosen.steps}, 1, {UNITS}))
dy[-1] = 1 / np.sqrt({UNITS})  # L is the sum of the last state's units, divided by sqrt({UNITS})

for cell, biases in {{"elman": None, "lstm": {{"f": {chosen.keep}}}, "gru": {{"z": {chosen.keep}}}}}.items():
    net = rv.Network.create(
        cell, input_size={INPUTS}, hidden_size={UNITS}, recurrent_init=draw, gate_biases=biases,
        nonlinearity="{chosen.activation}", dtype=np.{chosen.numbers}, rng=np.random.default_rng({chosen.seed}),
    )
    trace = rv.unroll(net, x)
    grads = rv.backpropagate(net, trace, dy)
    norms = rv.diagnostics.hidden_gradient_norms(grads)[0, 0]  # (steps, 1)
    products = rv.diagnostics.jacobian_products(net, trace)[0, 0]
    print(cell, norms[{step - 1}, 0])  # the length of dL/dh at step {step}
    print(10.0 ** products.log10_norm[{step}, 0])  # the most that the product of the {lag} steps after it stretches
    print(trace.nonfinite)  # where the states left the range of {chosen.numbers}; here steps count from 0"""


controls.begin(next(lesson for lesson in CATALOG if lesson.slug == "vanishing_and_exploding"))
seen, lag = controls.live(lab)
st.markdown(
    """
#### A product of many factors

All steps of a recurrent network share one W_hh. So the gradient that has come back over k steps is a product of k
matrices that are much alike:

$$
\\frac{\\partial h_T}{\\partial h_{T-k}} = J_T\\, J_{T-1} \\cdots J_{T-k+1}
$$

$$
J_t = \\frac{\\partial h_t}{\\partial h_{t-1}} = \\mathrm{diag}\\big(\\varphi'(a_t)\\big)\\, W_{hh}
$$

A number a little below 1, multiplied by itself often enough, is next to nothing; a number a little above 1 outgrows
all bounds. Matrices have **two** such numbers, which are easily taken for one another. The *spectral radius* ρ, the
largest absolute value of an eigenvalue, says how the powers of W_hh behave in the long run. The *largest singular
value* σ says how much one step can stretch at most; it is never smaller than ρ. For normal matrices, such as orthogonal
ones, the two are the same.

**What is certain.** The slopes φ′ are at most γ: 1 for tanh, relu and linear units, 1/4 for the sigmoid. If γσ < 1, the
gradient vanishes. If γσ > 1, it *can* explode, and no more than that: σ > 1/γ is necessary, not sufficient. Between the
two stands all that the pictures show.

**What the gates change.** An LSTM's cell state goes from step to step along a conveyor on which nothing but the forget
gate multiplies, $\\partial c_t / \\partial c_{t-1} = f_t$ and no matrix. A forget gate near 1 keeps nearly all, step
after step, whatever W_hh is. The ways through the gates remain, each with a W_hh in it, and they can make the gradient
of an LSTM grow. The GRU's z does the same for its one state, and shares it with the candidate.

**What a computer adds.** float32, the default of most libraries, ends at 3.4·10³⁸ and has nothing between 0 and
1.4·10⁻⁴⁵. A gradient that outgrows it is no number any more, and one update with it makes the weights no numbers
either. One that falls below it is 0, and an update with it changes nothing.
"""
)
with controls.section(TITLE, "verify") as opened:
    if opened:
        verify(seen)
with controls.section("Check yourself: three questions", "checks") as opened:
    if opened:
        ask(seen)
with controls.section("The same in Python, with your settings", "code") as opened:
    if opened:
        st.code(snippet(seen.settings, lag), language="python")
st.markdown(
    """
#### Sources

- The first to see it: S. Hochreiter, *Untersuchungen zu dynamischen neuronalen Netzen*, diploma thesis, Technische
  Universität München (1991).
- Why what a network can hold robustly must have a vanishing gradient: Y. Bengio, P. Simard and P. Frasconi, [Learning
  long-term dependencies with gradient descent is difficult](https://doi.org/10.1109/72.279181), IEEE Transactions on
  Neural Networks 5 (1994), 157-166.
- The bound, sufficient to vanish and only necessary to explode, and γ (section 2.1): R. Pascanu, T. Mikolov and
  Y. Bengio, [On the difficulty of training recurrent neural networks](https://arxiv.org/abs/1211.5063), ICML (2013).
- The conveyor: S. Hochreiter and J. Schmidhuber, [Long short-term
  memory](https://doi.org/10.1162/neco.1997.9.8.1735), Neural Computation 9 (1997), 1735-1780. The forget gate on it:
  F. A. Gers, J. Schmidhuber and F. Cummins, [Learning to forget](https://doi.org/10.1162/089976600300015015), Neural
  Computation 12 (2000), 2451-2471.
- Orthogonal weights keep every length: A. M. Saxe, J. L. McClelland and S. Ganguli, [Exact solutions to the nonlinear
  dynamics of learning in deep linear neural networks](https://arxiv.org/abs/1312.6120) (2014).
- What eigenvalues do not say about a matrix that is not normal: L. N. Trefethen and M. Embree, *Spectra and
  Pseudospectra*, Princeton University Press (2005).
"""
)
