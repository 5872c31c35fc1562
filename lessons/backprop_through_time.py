"""How does a gradient travel back in time, and what is lost where it is cut?

A network reads noise and one clue, and is asked some steps later what the clue was. Its weights are random, to see what
each step does to the gradient; or trained with the gradient cut every k steps, to see what that can no longer teach.
"""

import numpy as np
import streamlit as st

import rnnviz as rv
from lessons import _controls as controls
from lessons import _pictures as pictures
from lessons._backprop_through_time import experiment as through_time
from lessons._backprop_through_time import recall
from lessons._backprop_through_time.experiment import Experiment
from lessons._backprop_through_time.words import (
    NEARLY_ALWAYS,
    NEVER,
    OFTEN,
    RANDOM,
    TRAINED,
    every,
    say,
    settings,
    steps,
    tries,
)
from lessons._controls import Prediction
from lessons._player import player, send_to
from lessons._verify import verify
from lessons.catalog import CATALOG
from rnnviz.arrays import Array
from rnnviz.diagnostics import log10_hidden_gradient_norms
from rnnviz.figures import Line, Picture, columns, decades
from rnnviz.figures.chain import Numbers, Sizes, product_of_numbers, product_of_sizes
from rnnviz.figures.numbers import significant
from rnnviz.figures.outcomes import Group, outcomes

NOTHING, LITTLE, SOME, MORE = "nothing", "less than a tenth", "a tenth to all of it", "more than all of it"
GUESSES, MORE_OFTEN, ALWAYS = "half the time, as by guessing", "more often, but not nearly always", "nearly always"
KEY = "through_time"


def choose() -> Experiment:
    """The controls, and the experiment that they ask for."""
    network = controls.choice("network", (RANDOM, TRAINED), "network")
    if network == RANDOM:
        units = controls.whole("hidden units", 1, 8, 1, "units", width=118)
        rho = controls.number("recurrent scale ρ", 0.0, 2.0, 0.9, 0.05, "rho", width=128)
        back = controls.whole("clue, steps back", 1, NEVER - 1, 6, "back", width=128)
        k = controls.whole("cut the gradient every … steps", 1, NEVER, NEVER, "k", width=215)
        return through_time.with_random_weights(units, rho, back, k, controls.seed())
    start = controls.choice("the clue’s weights started", recall.STARTS, "start")
    k = controls.whole("cut the gradient every … steps", 1, NEVER, NEVER, "k", width=215)
    at = controls.whole("clue at step", 1, recall.POSITIONS, 1, "at", width=128)
    seed = controls.whole("which of the trainings", 1, recall.NETWORKS, 1, "number", width=160) - 1
    return through_time.after_training(recall.Training(start, k, seed), at)


def predict(experiment: Experiment) -> Prediction:
    """The reader's answer before seeing."""
    if experiment.learned:
        how = f"cut {every(experiment.k)}" if experiment.k < NEVER else "never cut"
        question = f"It learned with the gradient {how}; the clue lies {recall.BACK} steps back. It answers right …"
        return controls.predict(question, (GUESSES, MORE_OFTEN, ALWAYS), "predict_right")
    question = f"How much of the gradient at step {experiment.T} arrives at the clue, {steps(experiment.back)} back?"
    return controls.predict(question, (NOTHING, LITTLE, SOME, MORE), "predict_arrives")


def judge(prediction: Prediction, experiment: Experiment) -> str:
    """What became of the prediction."""
    if experiment.learned:
        share = experiment.learned.right
        truth = GUESSES if share < OFTEN else ALWAYS if share > NEARLY_ALWAYS else MORE_OFTEN
        return prediction.judge(truth, f"Of {recall.library().answers:,} answers {100 * share:.1f} % were right")
    share = experiment.share if experiment.arrives else 0.0
    truth = NOTHING if share == 0 else LITTLE if share < 0.1 else SOME if share <= 1 else MORE
    return prediction.judge(truth, f"{significant(share)} of its size arrives")


def draw(experiment: Experiment, step: int) -> list[Picture]:
    """What a cut changes: gradients at every step, `step` marked, how the trained networks answer, the product."""
    beside = (
        (answers(experiment), left(experiment, step))
        if experiment.learned
        else (left(experiment, step), added(experiment, step))
    )
    return [columns(*beside, kind="halves"), chain(experiment)]


def left(experiment: Experiment, step: int) -> Picture:
    """The size of the gradient at every step."""
    full, cut = (log10_hidden_gradient_norms(grads)[0, 0][:, 0] for grads in (experiment.full, experiment.cut))
    lines = [Line("never cut", full, "backward")]
    if experiment.cuts:
        lines = [Line("never cut", full, "muted", "dashed"), Line(f"cut {every(experiment.k)}", cut, "backward")]
    title = f"What is left of the gradient at each step; the clue is step {experiment.at}"
    return over_steps(experiment, step, lines, up="size of ∂L/∂h", title=title)


def added(experiment: Experiment, step: int) -> Picture:
    """What every step adds to the gradient of W_hh, and the sums from the end."""
    by_step = experiment.by_step(experiment.cut)
    lines = [Line("own part", _log10(by_step.norm), "backward", "dots")]
    lines += [Line("sum from the end", _log10(by_step.running), "backward")]
    if experiment.cuts:
        in_full = experiment.by_step(experiment.full).running
        lines.insert(0, Line("sum, never cut", _log10(in_full), "muted", "dashed"))
    title = "What each step adds to the weights’ gradient"
    return over_steps(experiment, step, lines, up="size of ∂L/∂W<sub>hh</sub>", title=title)


def over_steps(experiment: Experiment, step: int, lines: list[Line], up: str, title: str) -> Picture:
    """A chart of the pass; a click on a step goes there."""
    return decades(
        lines, up=up, title=title, mark_at=step, cuts=experiment.cuts, least=(-4, 0), picks="step ", height=190
    )


def _log10(norms: Array) -> Array:
    with np.errstate(divide="ignore"):
        return np.asarray(np.log10(norms[:, 0]))


def chain(experiment: Experiment) -> Picture:
    """The way back from the question to the clue as a product."""
    if experiment.network.hidden_size == 1:
        w, start = (
            float(a) for a in (experiment.network.layers[0][0].weight_hh[0, 0], experiment.full[0, 0].dh[-1, 0, 0])
        )
        return product_of_numbers(Numbers(w, experiment.h[:, 0], start, experiment.at), experiment.cuts)
    sizes = experiment.sizes[experiment.at - 1 :]
    return product_of_sizes(Sizes(sizes, experiment.singular, experiment.at), experiment.cuts)


def answers(experiment: Experiment) -> Picture:
    """How well the trained networks answer, for every length of the windows."""
    shares, looks = recall.library().right, (("backward", "solid"), ("forward", "dashed"))
    groups = [
        Group(f"the clue’s weights started {start}", shares[i], *looks[i]) for i, start in enumerate(recall.STARTS)
    ]
    return outcomes(
        groups,
        up="right answers",
        across="steps from cut to cut",
        chance=1 / len(recall.CLUES),
        mark_at=experiment.k,
        cuts=[recall.BACK],
        title=f"What networks learned whose gradient was cut, the clue {recall.BACK} steps back",
        picks="k ",
        height=170,
    )


def picked(value: str) -> None:
    """What a click in a picture or in its prose does: go to a step, set a slider, or set all of them."""
    kind, _, which = value.partition(" ")
    if kind == "step":
        send_to(KEY, step=int(which), backward=True)
        return
    asked = settings(value)
    controls.put(**asked)
    if "network" in asked:
        send_to(KEY, step=int(asked.get("at", 1)) - 1 + int(asked.get("back", recall.BACK)), backward=True)


def lab() -> Experiment:
    """Prediction, controls, what they change, the pass step by step, and what there was to see."""
    question = st.container(key="prediction")
    with st.container(horizontal=True, vertical_alignment="bottom", key="controls"):
        experiment = choose()
    with question:
        prediction = predict(experiment)
    above = st.container(key="above")
    stay_at_the_question(experiment)
    kind = "Trained with lessons/trained/recall.py:" if experiment.learned else "Untrained, random weights:"
    shown = player(
        experiment.trace,
        experiment.cut,
        key=KEY,
        tokens=list(experiment.symbols),
        inputs=list(recall.SYMBOLS),
        outputs=list(recall.CLUES),
        loss=experiment.loss.value,
        step=experiment.T - 1,
        backward=True,
        note=f"{kind} a or b is the clue, p, q and r are noise; at the last step: was it a or b? "
        "Press ◀ and the gradient takes a step back.",
    )
    verdict = judge(prediction, experiment)
    with above:
        pictures.show(*draw(experiment, shown.step + 1), key="pictures", picked=picked)
    below = [added(experiment, shown.step + 1)] if experiment.learned else []
    pictures.show(*below, say(experiment, verdict), key="seen", picked=picked)
    return experiment


def stay_at_the_question(experiment: Experiment) -> None:
    """Send the player to the last step where there is another sequence: there the way back begins."""
    now = (experiment.learned is not None, experiment.T)
    if st.session_state.setdefault("sequence", now) != now:
        st.session_state["sequence"] = now
        send_to(KEY, step=experiment.T - 1, backward=True)


def ask() -> None:
    """Three questions; the engine knows the answers."""
    probe = through_time.with_random_weights(1, 0.9, 9, 4, 0)
    reached = int(np.count_nonzero(probe.cut[0, 0].dh)) - 1
    controls.check(
        "10 steps, L at the last one, the gradient cut every 4 steps. Over how many steps back does it get?",
        ("1", "3", "4", "9"),
        str(reached),
        f"We ran it: the windows are 1 to 4, 5 to 8, and 9 to 10, and ∂L/∂h is not 0 at {reached + 1} of the 10 steps. "
        "Windows are counted from the beginning, not from L.",
        "check_reach",
    )
    whole, parts = (rv.unroll(probe.network, probe.task.x).y, probe.trace.y)
    controls.check(
        "Does a cut change what the network answers?",
        ("yes, at once", "only through what it learns"),
        "only through what it learns" if np.array_equal(whole, parts) else "yes, at once",
        "The forward pass carries the state across every cut. Only the gradient ends there.",
        "check_forward",
    )
    memory = through_time.with_random_weights(1, 0.0, 6, NEVER, 0)
    nothing = float(np.abs(memory.full[0, 0].dh[:-1]).max())
    controls.check(
        "Set ρ to 0, and cut nothing. What arrives one step before the question?",
        ("nothing", "as much as at the question"),
        "nothing" if nothing == 0 else "as much as at the question",
        f"We ran it: the largest ∂L/∂h before the last step is {significant(nothing)}. The gradient travels back the "
        "way the state came; where no state goes, no gradient returns.",
        "check_loop",
    )


def snippet(experiment: Experiment) -> str:
    """The page as a program: run it, and it prints the numbers on the screen."""
    T, clue = experiment.T, recall.SYMBOLS.index(experiment.symbols[experiment.at - 1])
    return f"""from functools import partial
import numpy as np
import rnnviz as rv
from rnnviz.diagnostics import hidden_gradient_norms

{experiment.code}
symbols = "{experiment.symbols}"  # a or b is the clue, p, q, r are noise
x = np.eye(5)[["{recall.SYMBOLS}".index(symbol) for symbol in symbols]][:, None]
trace = rv.unroll(net, x)

answer, asked = np.full(({T}, 1), {clue}), np.zeros(({T}, 1), bool)
asked[-1] = True  # at the last step: was the clue a (class 0) or b (class 1)?
loss = rv.losses.softmax_cross_entropy(trace.y, answer, asked)
full = rv.backpropagate(net, trace, loss.dy)
cut = rv.backpropagate(net, trace, loss.dy, truncate={experiment.k})
print(loss.value)
print(*hidden_gradient_norms(full)[0, 0][:, 0])  # of each step
print(*hidden_gradient_norms(cut)[0, 0][:, 0])
for grads in (full, cut):
    print(np.linalg.norm(grads.params["weight_ih_l0"][:, {clue}]))  # of the weights by which the clue comes in"""


controls.begin(next(lesson for lesson in CATALOG if lesson.slug == "backprop_through_time"))
pictures.show(tries(), key="tries", picked=picked)
experiment = controls.live(lab)
st.markdown(
    r"""
#### Back-propagation through time

Unrolled, a recurrent network is a deep one: as many layers as steps, all with the same weights. Its gradient is the
ordinary chain rule, and nothing about it is special to time. L says at its own step how h should have been. Every step
before that asks: how did my h change the next one? For the plain cell, h = tanh(W_ih x + b_ih + W_hh h_prev + b_hh),
where W_hh is what the pictures above call U, and W_ih is their W,

$$
\frac{\partial L}{\partial h_{t-1}} = W_{hh}^{\top} \left( (1 - h_t^2) * \frac{\partial L}{\partial h_t} \right)
$$
$$
\frac{\partial L}{\partial W_{hh}} = \sum_t \left( (1 - h_t^2) * \frac{\partial L}{\partial h_t} \right) h_{t-1}^{\top}
$$

and a step that has an answer of its own adds what that answer says. The first formula is the way back. The second one
collects, at every step passed, what the shared weights should do differently.

#### Why cut it, and what that costs

The way back needs every state on the way, so memory and the time for one update grow with the sequence, and a stream
that never ends has no last step to start from. *Truncated* back-propagation cuts the sequence into windows of k steps:
the state is carried from one to the next, the gradient is not. What comes out is exactly the gradient of each window's
own L, as if the state that enters the window were one more input: under “Verify” below you find the last one compared
with finite differences.

What is lost is credit. A network trained so can still carry something for longer than k steps, and use it. But nothing
tells it to *write down* what is needed only after the window has ended. Where the windows' edges fall
matters as much as their length: two steps that are d apart share a window of k steps at k − d of every k places, and
never where k is d or less.
"""
)
verify(experiment.network, *experiment.window[:2], h0=experiment.window[2])
with controls.section("Check yourself: three questions", "checks") as opened:
    if opened:
        ask()
with controls.section("The same in Python, with your settings", "code") as opened:
    if opened:
        st.code(snippet(experiment), language="python")
st.markdown(
    """
#### Sources

- Back-propagation, and unrolling a recurrent network for it: D. E. Rumelhart, G. E. Hinton and R. J. Williams,
  *Learning internal representations by error propagation*, in Parallel Distributed Processing, vol. 1 (1986),
  chapter 8; in short in [Learning representations by back-propagating errors](https://doi.org/10.1038/323533a0),
  Nature 323 (1986), 533-536.
- Through time, in full: P. J. Werbos, [Backpropagation through time: what it does and how to do
  it](https://doi.org/10.1109/5.58337), Proceedings of the IEEE 78 (1990), 1550-1560.
- Truncated: R. J. Williams and J. Peng, [An efficient gradient-based algorithm for on-line training of recurrent
  network trajectories](https://doi.org/10.1162/neco.1990.2.4.490), Neural Computation 2 (1990), 490-501. Their h is how
  far back the gradient goes, their h′ how often that happens; here both are k.
- All of these side by side, with what they cost: R. J. Williams and D. Zipser, *Gradient-based learning algorithms for
  recurrent networks and their computational complexity*, in Back-propagation: Theory, Architectures, and Applications
  (1995), 433-486.
- The plain cell: J. L. Elman, [Finding structure in time](https://doi.org/10.1207/s15516709cog1402_1), Cognitive
  Science 14 (1990), 179-211. He treated the state before each step as one more input: windows of 1 step.
"""
)
