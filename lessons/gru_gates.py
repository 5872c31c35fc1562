"""Two gates instead of three: what does a GRU give up by that, and what does it save?

A GRU and an LSTM do the same job side by side: signals made to show the point, with weights set by hand, or English
letters, with trained weights.
"""

from functools import partial

import numpy as np
import streamlit as st

import rnnviz as rv
from lessons import _controls as controls
from lessons import _gru_and_lstm as pair
from lessons._controls import Prediction
from lessons._gru_and_lstm import Experiment
from lessons._player import Shown, player
from lessons.common.trained import readable, trained
from lessons.catalog import CATALOG
from rnnviz.activations import sigmoid
from rnnviz.cells import GRU, LSTM
from rnnviz.figures import Picture, prose
from rnnviz.figures.arithmetic import digits_for
from rnnviz.figures.lanes import Lane, Line, lanes
from rnnviz.figures.numbers import significant
from rnnviz.figures.update_gate import Update, update_gate

HOLD, RESET, TEXT = "hold a value", "add, then reset", "a sentence"
AFTER, BEFORE = "after W h", "before W h"
SIZES = {"as many units": "letters_gru", "as many parameters": "letters_gru_same_parameters"}
NEITHER, ONLY_GRU, ONLY_LSTM, BOTH = "neither's", "the GRU's", "the LSTM's", "both"
LOWER, ALIKE, HIGHER = "lower", "the same within 5 %", "higher"
MOVED, SIMILAR = 0.01, 0.05  # what counts as a change of an output, and as a loss about the same
SENTENCE = "and the king said unto his servants come let us see the river."
MOST_LETTERS = 64
LETTERS = 28  # inputs of the networks whose price is shown
EXPLANATION = """
#### What it gives up, and what it saves

A GRU gives up three things. *Two numbers for two questions*: its z decides what is kept, and 1 − z what is let in.
*The output gate*: all that it remembers shows at once. *Room to count*: its one state is a mean of the old state and a
candidate between −1 and 1, and so stays between −1 and 1 itself; the cell state of an LSTM has no such bounds, and can
add up and count. It saves one block of weights
in four. Which of the two does a given task better has to be measured; with these letters little is between them.

#### Two traps when weights travel

**Where the reset gate stands.** After the product, n = tanh(W_in x + b_in + r ∗ (W_hn h + b_hn)): cuDNN, PyTorch, and
Keras with `reset_after=True`. Before it, n = tanh(W_in x + b + W_hn (r ∗ h)): Cho et al. 2014 and Chung et al. 2014.
Where W_hn mixes units, these are two different networks.

**What z = 1 means.** Keep the old state, as here, or let the new one in. Both are published, with the same letter.
"""


def choose_input(kind: str) -> tuple[str, int, int]:
    """What is read: the letters, the distractors after each mark, and the seed."""
    if kind == TEXT:
        read = partial(readable, most=MOST_LETTERS, instead=SENTENCE)
        return controls.read_words("sentence", SENTENCE, "text", read, width=430), 0, 0
    if kind == HOLD:
        length = controls.whole("distractors", 1, 40, 12, "hold", width=150)
    else:
        length = controls.whole("distractors in a row", 1, 8, 3, "gap", width=150)
    return "", length, controls.seed()


def predict(kind: str) -> Prediction:
    """The reader's answer before seeing."""
    if kind == TEXT:
        question = "Trained alike, with as many units: on unseen text the GRU's loss per letter is …"
        return controls.predict(question, (LOWER, ALIKE, HIGHER), "predict_loss")
    question = (
        "z and f are the same wherever no mark stands. Turn the signs of all distractors: whose last output changes by "
        f"more than {MOVED}?"
    )
    return controls.predict(question, (NEITHER, ONLY_GRU, ONLY_LSTM, BOTH), "predict_moved")


def judge_moves(prediction: Prediction, experiment: Experiment) -> str:
    """Who lets distractors in?"""
    moves = experiment.moves()
    answers = {(False, False): NEITHER, (True, False): ONLY_GRU, (False, True): ONLY_LSTM, (True, True): BOTH}
    truth = answers[moves["gru"] > MOVED, moves["lstm"] > MOVED]
    numbers = (
        f"the GRU's last output changes by {significant(moves['gru'])}, the LSTM's by {significant(moves['lstm'])}"
    )
    verdict = prediction.judge(truth, f"T{numbers[1:]}")
    return f"With the distractors' signs turned, {numbers}: {truth}. {verdict}" if verdict else ""


def judge_loss(prediction: Prediction) -> str:
    """Which trained network reads better?"""
    gru, lstm = (trained(name)[1].loss for name in ("letters_gru", "letters_lstm"))
    truth = ALIKE if abs(gru / lstm - 1) <= SIMILAR else LOWER if gru < lstm else HIGHER
    numbers = f"{gru:.3f} nats for the GRU, {lstm:.3f} for the LSTM, a difference of {abs(gru / lstm - 1):.1%}"
    verdict = prediction.judge(truth, numbers)
    caution = "This is one training run of each; another seed may turn a small lead around."
    return f"{numbers}: {truth}. {caution} {verdict}" if verdict else ""


def beside(experiment: Experiment, shown: Shown) -> Picture:
    """The gates of both networks by what they do, and what comes of it."""
    z, lstm = experiment.gates("gru", shown.unit)["z"], experiment.gates("lstm", shown.unit)
    mean = "" if experiment.by_hand else ", mean"
    keeps = [Line(f"GRU z{mean}", z, "forget", "area"), Line(f"LSTM f{mean}", lstm["f"], "forget", "solid")]
    lets_in = [Line(f"GRU 1 − z{mean}", 1 - z, "input", "area"), Line(f"LSTM i{mean}", lstm["i"], "input", "dashed")]
    shows = [Line("GRU, all", np.ones_like(z), "output", "area"), Line(f"LSTM o{mean}", lstm["o"], "output", "dotted")]
    if not experiment.by_hand:
        own = experiment.passes["gru"][0, 0].gates["z"][:, 0, shown.unit]
        keeps.append(Line(f"GRU z, unit {shown.unit + 1}", own, "ink", "solid"))
        lets_in.append(Line(f"GRU 1 − z, unit {shown.unit + 1}", 1 - own, "ink", "solid"))
    rows = (
        Lane("What keeps", tuple(keeps)),
        Lane("What lets in", tuple(lets_in)),
        Lane("What shows", tuple(shows)),
        outcome(experiment),
    )
    return lanes(rows, shown.step + 1)


def outcome(experiment: Experiment) -> Lane:
    """The last lane: outputs and target, or how surprised each network is by the letter that comes."""
    gru, lstm = experiment.outcome("gru"), experiment.outcome("lstm")
    top = float(np.ceil(max(1.0, np.abs(gru).max(), np.abs(lstm).max())))
    lines = (Line("GRU", gru, "ink", "solid"), Line("LSTM", lstm, "ink", "dashed"))
    if not experiment.by_hand:
        return Lane("Loss of each letter, −log p in nats", lines, 0.0, top)
    target = Line("to be remembered", np.asarray(experiment.targets), "muted", "broad")
    return Lane("Output y", (target, *lines), -top, top)


def equation(experiment: Experiment, shown: Shown) -> Picture:
    """The selected unit's update, in both conventions."""
    layer, t, j = experiment.passes["gru"][0, 0], shown.step, shown.unit
    before = float(layer.h[t - 1, 0, j] if t else layer.h0[0, j])
    z, n, h = (float(a[t, 0, j]) for a in (layer.gates["z"], layer.gates["n"], layer.h))
    return update_gate(Update(t + 1, j + 1, z, n, before, h))


def say_signal(experiment: Experiment, shown: Shown, keep: float, best: dict[str, float]) -> tuple[str, ...]:
    """What there was to see in a made signal, with its numbers; `best`: the last outputs with a bias of 8."""
    t, j = shown.step, shown.unit
    z = float(experiment.gates("gru", j)["z"][t])
    f, i = (float(experiment.gates("lstm", j)[gate][t]) for gate in "fi")
    gru, lstm, target = (
        float(a[-1]) for a in (experiment.outcome("gru"), experiment.outcome("lstm"), experiment.targets)
    )
    apart = float(np.abs(experiment.moved_gate().y - experiment.passes["gru"].y).max())
    digits = digits_for([z], 1 - z, lambda v: 1 - v[0])
    tied = (
        f"At step {t + 1}, which reads {experiment.tokens[t]}, unit {j + 1} of the GRU keeps z = "
        f"{significant(z, digits)} of "
        f"its state and lets in 1 − z = {significant(1 - z)} of the candidate: one number decides both. The LSTM keeps "
        f"f = {significant(f)} and lets in i = {significant(i)}: two numbers, free of each other. An LSTM can forget "
        "without listening. A GRU cannot: what leaves its memory makes room for its candidate."
    )
    ways = (
        f"At the end {significant(target)} was to be remembered; the GRU reads {significant(gru)}, the LSTM "
        f"{significant(lstm)}. A step without a mark keeps σ({keep:g}) = "
        f"{significant(float(sigmoid(np.float64(keep))))} of the memory, by z in the one and by f in the other. The "
        "past has a second way through the GRU: the candidate reads r times the old state. With r closed, only what z "
        "keeps is left; with r open the memory stays, and the distractors pile up on it. With a bias of 8 on z and f, "
        f"the GRU ends at {significant(best['gru'])}, the LSTM at {significant(best['lstm'])}."
    )
    same = "be the same to the last digit" if apart == 0 else f"differ by at most {significant(apart)}"
    place = (
        f"With the reset gate in the other place the outputs would {same}, because here no unit's candidate reads "
        "another unit. In a trained network it does. Choose the sentence, and move the gate."
    )
    return tied, ways, place


def say_letters(experiment: Experiment, shown: Shown) -> tuple[str, ...]:
    """What there was to see in letters, with its numbers."""
    t, passes = shown.step, experiment.passes
    after = experiment.gru.reset_after
    loss = {cell: experiment.loss(trace).value for cell, trace in passes.items()}
    given = {cell: float(np.exp(-experiment.outcome(cell)[t])) for cell in passes}
    came = experiment.classes[int(experiment.targets[t])]
    read = (
        f"At step {t + 1} both have read “{experiment.tokens[t]}”, and “{came}” comes next. The GRU gives it a "
        f"probability of {given['gru']:.1%}, the LSTM {given['lstm']:.1%}. Over the whole sentence the GRU loses "
        f"{loss['gru']:.3f} nats per letter, the LSTM {loss['lstm']:.3f}."
    )
    gru, lstm = (trace[0, 0].gates for trace in passes.values())
    free = (
        "Does the LSTM use the freedom of its third gate? In a GRU what lets in is 1 minus what keeps. In this LSTM i "
        f"and 1 − f are {significant(float(np.abs(lstm['i'] - (1 - lstm['f'])).mean()))} apart, on average over units "
        f"and steps, and o shows {significant(float(lstm['o'].mean()))} of its cells, where the GRU shows all. This "
        f"GRU keeps z = {significant(float(gru['z'].mean()))} on average: most of each new state is the candidate, "
        f"which reads the old state times r, {significant(float(gru['r'].mean()))} on average."
    )
    moved = experiment.loss(experiment.moved_gate()).value
    place = (
        f"The same weights with the reset gate {BEFORE if after else AFTER}: {moved:.3f} nats per "
        f"letter instead of {loss['gru']:.3f}. They were trained with the gate after it. Nothing in a file of weights "
        "says so, since all shapes are the same. Whoever moves weights from one library to another has to know."
    )
    return read, free, place


def lab() -> tuple[Experiment, Shown]:
    """Question and dials, the player on the GRU, the LSTM beside it, and what there is to see."""
    question = st.container(key="prediction")
    with st.container(horizontal=True, vertical_alignment="bottom", key="dials"):
        kind = controls.choice("input", (HOLD, RESET, TEXT), "input")
        symbols, length, seed = choose_input(kind)
        if kind == TEXT:
            size = controls.choice("the GRU has, beside the LSTM,", tuple(SIZES), "size")
        else:
            keep = controls.number("bias of z, and of f", -2.0, 8.0, 2.0, 0.5, "keep", width=150)
            reset = controls.number("bias of r", -8.0, 8.0, 8.0, 1.0, "reset_bias", width=150)
        after = controls.choice("reset gate stands", (AFTER, BEFORE), "reset_place") == AFTER
    with question:
        prediction = predict(kind)
    if kind == TEXT:
        experiment = pair.with_letters(symbols, SIZES[size], after)
    else:
        signal = ("hold" if kind == HOLD else "reset", length, seed)
        experiment = pair.with_signal(*signal, keep, reset, after)
    grads, loss = experiment.backward
    shown = player(
        experiment.passes["gru"],
        grads,
        key="gru_gates",
        tokens=experiment.tokens,
        inputs=experiment.inputs,
        outputs=experiment.classes or None,
        loss=loss,
        step=5,
        selected="z",
        note=f"GRU, {experiment.note}",
    )
    st.caption(say_which(experiment))
    controls.show(beside(experiment, shown), equation(experiment, shown))
    if kind == TEXT:
        judged = judge_loss(prediction)
        said = say_letters(experiment, shown)
    else:
        judged = judge_moves(prediction, experiment)
        open_gates = pair.with_signal(*signal, 8.0, reset, after)
        best = {cell: float(open_gates.outcome(cell)[-1]) for cell in ("gru", "lstm")}
        said = say_signal(experiment, shown, keep, best)
    controls.show(prose("What you saw", judged, *said))
    return experiment, shown


def say_which(experiment: Experiment) -> str:
    """What the two networks are: set by hand or trained, their sizes, and what they lose on unseen text."""
    networks = {"GRU": experiment.gru, "LSTM": experiment.lstm}
    sizes = " and ".join(
        f"the {name} has {network.hidden_size} units and {pair.cell_parameters(network):,} parameters"
        for name, network in networks.items()
    )
    if experiment.by_hand:
        return (
            "Each step reads a value and two marks; ← means: write this value, all others only distract. Above the "
            f"GRU, below the LSTM beside it. All weights are **set by hand**, nothing is trained; {sizes}. Unit 1 is "
            "to remember, unit 2 only holds what is read. In the backward pass L is the last output itself."
        )
    gru, same, lstm = (
        f"{trained(name)[1].loss:.3f}" for name in ("letters_gru", "letters_gru_same_parameters", "letters_lstm")
    )
    return (
        f"Above the GRU, below the LSTM beside it. Both are **trained** to guess the next letter; {sizes}, readouts "
        f"not counted. On text that they have not seen they lose, in nats per letter: LSTM {lstm}, GRU with as many "
        f"units {gru}, GRU with as many parameters {same}."
    )


@st.fragment
def price() -> None:
    """What the third gate costs: parameters, multiply-adds and time, side by side. Measured once, and when asked to."""
    st.subheader("What the third gate costs", anchor=False)
    with st.container(horizontal=True, vertical_alignment="bottom", key="price"):
        H = controls.whole("hidden units", 2, 256, 24, "price_units", width=240)
        again = st.button("Measure again", icon=":material/timer:", key="measure")
    G = pair.as_many_parameters(LETTERS, H)
    cells = ((LSTM, H), (GRU, H), (GRU, G))
    if again or st.session_state.get("measured", (0, []))[0] != H:
        networks = [rv.Network.create(cell.NAME, LETTERS, units) for cell, units in cells]
        st.session_state.measured = (H, pair.seconds_per_step(networks))
    measured = st.session_state.measured[1]
    rows = {
        "units": [f"{units}" for _, units in cells],
        "parameters": [f"{cell.parameter_count(LETTERS, units):,}" for cell, units in cells],
        "multiply-adds a step": [f"{cell.multiply_adds(LETTERS, units):,}" for cell, units in cells],
        "time a step, in µs": [say_time(times) for times in measured],
    }
    table = "\n".join(f"| {name} | {' | '.join(row)} |" for name, row in rows.items())
    st.markdown(f"| | LSTM | GRU, as many units | GRU, as many parameters |\n|---|--:|--:|--:|\n{table}")
    share = GRU.parameter_count(LETTERS, H) / LSTM.parameter_count(LETTERS, H)
    products = GRU.multiply_adds(LETTERS, H) / LSTM.multiply_adds(LETTERS, H)
    st.caption(
        f"One layer that reads {LETTERS} inputs, one sequence at a time. Parameters and the multiply-adds of one step "
        f"are counted: with as many units a GRU has {share:g} "
        "of the LSTM's parameters, whatever the sizes. The time is measured on the computer that runs this page: the "
        f"median of {pair.REPEATS} recorded passes over {pair.TIMED_STEPS} steps, and in brackets the quartiles, "
        "between which the middle half of them lies; the networks take turns. "
        f"{compare_times(measured[0], measured[1], products)}"
    )


def say_time(times: pair.Times) -> str:
    """The median and the quartiles, in microseconds."""
    low, median, high = (f"{1e6 * seconds:.1f}" for seconds in times)
    return f"{median} ({low} to {high})"


def compare_times(lstm: pair.Times, gru: pair.Times, products: float) -> str:
    """What the measurement says about the GRU with as many units; `products`: its share of the multiply-adds."""
    said = f"The GRU with as many units has {significant(products)} of the multiply-adds"
    if gru[2] >= lstm[0] and lstm[2] >= gru[0]:
        return f"{said}; the quartiles of the times overlap, so by this measurement they take about as long."
    share = gru[1] / lstm[1]
    return f"{said} and took {significant(share)} of the time: {'less' if share < 1 else 'more'} than the LSTM."


def ask(experiment: Experiment) -> None:
    """Three questions; the engine knows the answers."""
    network = experiment.gru
    I, H = network.input_size, network.hidden_size
    state = {name: a.copy() for name, a in network.state_dict().items()}
    state["bias_ih_l0"][H : 2 * H] += 1000.0
    start = np.full((1, H), 0.5)
    h = rv.unroll(network.with_parameters(state), experiment.x, h0=start)[0, 0].h
    moved = float(np.abs(h - start).max())
    controls.check(
        "Start at h = 0.5 and add 1000 to every bias of z. What becomes of h?",
        ("it stays", "it becomes the candidate"),
        "it stays" if moved < MOVED else "it becomes the candidate",
        f"We ran it: over {len(h)} steps the most that h moved is {significant(moved)}, because here z = 1 keeps. "
        "Where z lets in, the same weights would throw the state away at each step.",
        "check_keeps",
    )
    layer = experiment.passes["gru"][0, 0]
    a, z = layer.preactivations["z"].astype(float), layer.gates["z"].astype(float)
    off = float(np.abs((1 - sigmoid(-a)) - z).max())
    controls.check(
        "Weights come from a library where z lets in. What makes them right for PyTorch?",
        ("nothing needs to change", "all that goes into z changes its sign", "z and r change places"),
        "all that goes into z changes its sign" if off < 1e-6 else "nothing needs to change",
        f"1 − σ(−a) = σ(a): the largest difference of any z on this page is {significant(off)}.",
        "check_sign",
    )
    gru, lstm = GRU.parameter_count(I, H), LSTM.parameter_count(I, H)
    shares = {"2/3": 2 / 3, "3/4": 3 / 4, "4/5": 4 / 5}
    controls.check(
        f"With {H} units and {I} inputs each, what share of an LSTM's parameters has a GRU?",
        tuple(shares),
        min(shares, key=lambda share: abs(shares[share] - gru / lstm)),
        f"{gru:,} of {lstm:,}: two gates and a candidate are three blocks of weights, an LSTM has four.",
        "check_share",
    )


def snippet(experiment: Experiment, shown: Shown) -> str:
    """The page as a program: run it, and it prints the numbers on the screen."""
    t, j = shown.step, shown.unit
    of_lstm = f"a[{t}, 0, {j}]" if experiment.by_hand else f"a[{t}, 0].mean()"
    whose = f"unit {j + 1}" if experiment.by_hand else "mean over units"
    lines = [
        "import rnnviz as rv",
        experiment.code,
        "layer = rv.unroll(gru, x)[0, 0]",
        f"print(*(a[{t}, 0, {j}] for a in (layer.gates['z'], layer.gates['n'], layer.h)))  # z, n, h",
        "gates = rv.unroll(lstm, x)[0, 0].gates",
        f"print(*({of_lstm} for a in (gates['f'], gates['i'], gates['o'])))  # the LSTM's f, i, o: {whose}",
    ]
    return "\n".join(lines)


@st.fragment
def page() -> None:
    """All that answers to the reader. One fragment, always the same: the player would start anew in another."""
    experiment, shown = lab()
    price()
    st.markdown(EXPLANATION)
    with controls.section("Check yourself: three questions", "checks") as opened:
        if opened:
            ask(experiment)
    with controls.section("The same in Python, with your settings", "code") as opened:
        if opened:
            st.code(snippet(experiment, shown), language="python")


controls.begin(next(lesson for lesson in CATALOG if lesson.slug == "gru_gates"))
page()
st.markdown(
    """
#### Sources

- The GRU; z keeps, and the reset gate stands before the product (equations 5 to 8): K. Cho et al.,
  [Learning phrase representations using RNN encoder-decoder for statistical machine
  translation](https://arxiv.org/abs/1406.1078), EMNLP 2014.
- GRU and LSTM side by side; z lets in: J. Chung, C. Gulcehre, K. Cho and Y. Bengio,
  [Empirical evaluation of gated recurrent neural networks on sequence modeling](https://arxiv.org/abs/1412.3555), 2014.
- Why an LSTM can count, and a GRU cannot: G. Weiss, Y. Goldberg
  and E. Yahav, [On the practical computational power of finite precision RNNs for language
  recognition](https://arxiv.org/abs/1805.04908), ACL 2018.
- The LSTM: S. Hochreiter and J. Schmidhuber, *Long short-term memory*, Neural Computation 9 (1997), 1735-1780. Its
  forget gate: F. A. Gers, J. Schmidhuber and F. Cummins, *Learning to forget*, Neural Computation 12 (2000), 2451-2471.
- The text: Ruth, Ecclesiastes and Mark to learn from, Jonah and James to be tested on; King James Version.
"""
)
