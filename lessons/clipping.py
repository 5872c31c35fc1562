"""What does clipping do about an exploding gradient?

The error surface of Pascanu, Mikolov and Bengio has a wall. Three descents run into it from one start that the reader
chooses: unclipped, clipped by value, clipped by norm. Then a real training run, clipped at a multiple of its average.
"""

from dataclasses import replace

import numpy as np
import streamlit as st

import rnnviz as rv
from lessons import _controls as controls
from lessons import _pictures
from lessons._clipping import descents
from lessons._clipping import experiment as clipping
from lessons._clipping.experiment import AS_GOOD, NAMES, NORM, RATES, THRESHOLDS, UNCLIPPED, UPDATES, VALUE, Settings
from lessons._clipping.training import FACTORS, LAST, SEEDS, Runs, runs
from lessons._clipping.words import EXPLANATION, SOURCES, say_what_you_saw, tries
from lessons._controls import Prediction
from lessons._verify import verify
from lessons.catalog import CATALOG
from rnnviz import error_surface
from rnnviz.error_surface import H0, STEPS, TARGET, Descent
from rnnviz.figures import Line, Picture, columns, decades, histogram, story
from rnnviz.figures.chart import pick
from rnnviz.figures.numbers import significant

ALIKE = "all three alike"
HUES = {VALUE: "backward", NORM: "forward"}
BEYOND = "Up to √2 times the threshold is left: each entry by itself may keep all of it."


def choose() -> Settings:
    """Start, learning rate and threshold."""
    given = Settings()
    (low_w, high_w), (low_b, high_b) = descents.W, descents.B
    with st.container(horizontal=True, vertical_alignment="bottom", key="controls"):
        return Settings(
            w=controls.number("start: w", low_w, high_w, given.w, 0.01, "w", width=170),
            b=controls.number("start: b", low_b, high_b, given.b, 0.01, "b", width=170),
            rate=controls.one_of("learning rate", RATES, given.rate, "rate", width=170),
            threshold=controls.one_of("threshold", THRESHOLDS, given.threshold, "threshold", width=170),
        )


def start_at(w: float, b: float) -> None:
    """Set the start to where the reader clicked on the map."""
    controls.put(**clipping.start_at(w, b))


def go(picked: str) -> None:
    """Set the widgets to a preset, and play it."""
    controls.put(**clipping.preset(picked))
    st.session_state.plays = st.session_state.get("plays", 0) + 1


def predict() -> Prediction:
    """The reader's answer before seeing."""
    question = f"After {UPDATES} updates from the same start, which descent has the smallest error?"
    return controls.predict(question, (*NAMES, ALIKE), "predict_best")


def judge(prediction: Prediction, found: dict[str, Descent]) -> None:
    """Which descent came nearest to the valley's floor, by how much its output misses the target."""
    misses = clipping.misses(found)
    best = min(misses, key=lambda name: misses[name])
    said = ", ".join(f"{name} {significant(clipping.final_error(found[name]))}" for name in NAMES)
    truth = ALIKE if max(misses.values()) - min(misses.values()) <= AS_GOOD else best
    prediction.judge(truth, f"E: {said}")


def draw(chosen: Settings, found: dict[str, Descent]) -> Picture:
    """How long gradients are, before and after clipping: on the whole map, and along both clipped descents."""
    everywhere = clipping.norms_on_the_map()
    pictures = [
        histogram(
            everywhere,
            np.minimum(everywhere, chosen.threshold),
            of="places",
            title="All over the map, by norm",
            **_axis(chosen),
        )
    ]
    for name, hue in HUES.items():
        before, after = (a[: clipping.last(found[name])] for a in (found[name].norm_before, found[name].norm_after))
        title = f"Along the descent clipped {name}"
        note = BEYOND if (after > chosen.threshold * (1 + 1e-9)).any() else ""
        pictures.append(histogram(before, after, of="updates", hue=hue, title=title, note=note, **_axis(chosen)))
    return columns(*pictures, kind="three")


def _axis(chosen: Settings) -> dict[str, object]:
    return {"name": "‖∇E‖", "threshold": chosen.threshold, "least": (-3, 3)}


def lab() -> tuple[Settings, dict[str, Descent]]:
    """Prediction, controls, the surface with the descents, and what there was to see."""
    question = st.container(horizontal=True, vertical_alignment="center", key="prediction")
    chosen = choose()
    with question:
        prediction = predict()
    found = clipping.descents(chosen)
    plays = st.session_state.get("plays", 0)
    descents.show([found[name] for name in NAMES], key="descents", picked=start_at, play=plays)
    judge(prediction, found)
    _pictures.show(story("What you saw", *say_what_you_saw(chosen, found)), draw(chosen, found), key="pictures")
    return chosen, found


FACTOR_LABELS = tuple("no clipping" if np.isinf(factor) else f"{factor:g}" for factor in FACTORS)


def heuristic() -> None:
    """A recorded training run, clipped at a multiple of its running average."""
    label = "threshold, in running averages of the norm"
    k = FACTOR_LABELS.index(controls.one_of(label, FACTOR_LABELS, "1", "factor", width=360))
    seen = runs()
    drawn = columns(norms_of(seen, k), losses_of(seen, k), kind="pair")
    _pictures.show(drawn, say_factor(seen, k), key="run", picked=set_factor)


def set_factor(picked: str) -> None:
    """Set the slider to what was picked in the prose."""
    controls.put(factor=picked)


def norms_of(seen: Runs, k: int) -> Picture:
    """The gradient's norm at each update, its running average, and the threshold."""
    norm = seen.norm[k]
    average = np.concatenate([norm[:1], np.cumsum(norm)[:-1] / np.arange(1, len(norm))])
    lines = [Line("norm", np.log10(norm), "muted", "faint"), Line("running average", np.log10(average), "ink")]
    if np.isfinite(FACTORS[k]):
        lines.append(Line("threshold", np.log10(seen.threshold[k]), "backward", "dashed"))
    return decades(lines, up="‖∇L‖", across="update", backwards=False, title="How long the gradient is", least=(-2, 2))


def losses_of(seen: Runs, k: int) -> Picture:
    """The loss of each update's batch, and that of guessing."""
    guess = np.full(seen.loss[k].shape, np.log10(seen.baseline))
    lines = [Line("loss, in nats", np.log10(seen.loss[k]), "forward"), Line("guessing", guess, "muted", "dashed")]
    return decades(lines, up="loss", across="update", backwards=False, title="What the network learns", least=(-3, 1))


def say_factor(seen: Runs, k: int) -> Picture:
    """What became of it, for this factor and for the others."""
    learned, share = seen.learned(), float((seen.norm[k] > seen.threshold[k]).mean())
    who = f"Clipped at {FACTORS[k]:g} times its running average, which took hold at {share:.0%} of the updates, this"
    this = (
        f"{'Without clipping this' if np.isinf(FACTORS[k]) else who} network ends with a loss of "
        f"{significant(float(seen.final[k, 0]))} nats, the mean of the last {LAST} updates; guessing costs "
        f"{significant(seen.baseline)}. Of {SEEDS} networks, each from another seed, {learned[k]} came below half of "
        "that."
    )
    others = " · ".join(f"{pick(label, label)}: {count} of {SEEDS}" for label, count in zip(FACTOR_LABELS, learned))
    return story("What you saw", this, f"How many learned at each factor: {others}.")


def ask(chosen: Settings, found: dict[str, Descent]) -> None:
    """Three questions; the engine knows the answers."""
    norm, step = float(found[NORM].norm_before[0]), _apart(found[NORM], found[NORM], 0, 1)
    by_gradient, by_threshold = "learning rate times gradient", "learning rate times threshold"
    controls.check(
        f"At the start the gradient is {significant(norm)} long, and the threshold is {chosen.threshold:g}. How long "
        "is the first step, clipped by norm?",
        (by_gradient, by_threshold),
        by_threshold if norm > chosen.threshold else by_gradient,
        f"It is {significant(step)}. {chosen.rate:g} times {significant(norm)} is {significant(chosen.rate * norm)}, "
        f"and {chosen.rate:g} times {chosen.threshold:g} is {significant(chosen.rate * chosen.threshold)}.",
        "check_step",
    )
    turned = {name: clipping.work(name, found[name], chosen).turned for name in (VALUE, NORM)}
    who = [name for name, angle in turned.items() if angle > 0.05]
    controls.check(
        "Which clipping turned a gradient on the way?",
        (VALUE, NORM, "both", "neither"),
        "both" if len(who) == 2 else who[0] if who else "neither",
        f"At most by {turned[VALUE]:.1f}° by value, and by {turned[NORM]:.1f}° by norm.",
        "check_turn",
    )
    nudged = clipping.descents(replace(chosen, b=chosen.b + 1e-9))
    apart = {name: _apart(nudged[name], found[name], UPDATES, UPDATES) for name in NAMES}
    near, far = "nearer than 0.001", "farther than 0.001"
    controls.check(
        f"Move the start by 10⁻⁹ in b. How near to its old end does the unclipped descent end after {UPDATES} updates?",
        (near, far),
        near if apart[UNCLIPPED] <= 0.001 else far,
        f"We ran it. The ends are apart by {', '.join(f'{significant(apart[name])} ({name})' for name in NAMES)}. "
        "Whatever lengthens a gradient lengthens the smallest difference with it.",
        "check_nudge",
    )


def _apart(one: Descent, other: Descent, k: int, m: int) -> float:
    """From the point before update k of one to that before update m of the other."""
    return float(np.hypot(one.w[k] - other.w[m], one.b[k] - other.b[m]))


def snippet(chosen: Settings) -> str:
    """The page as a program: run it, and it prints the numbers on the screen."""
    return f"""from functools import partial
import rnnviz as rv

clips = {{
    "{UNCLIPPED}": None,
    "{VALUE}": partial(rv.clipping.clip_by_value, limit={chosen.threshold}),
    "{NORM}": partial(rv.clipping.clip_by_global_norm, max_norm={chosen.threshold}),
}}
for name, clip in clips.items():
    found = rv.error_surface.descend({chosen.w}, {chosen.b}, {chosen.rate}, {UPDATES}, clip)
    print(name, found.w[-1], found.b[-1], found.error[-1])  # where it ends, and the error there
    print(found.norm_before.max(), found.norm_after.max())  # the longest gradient, and the longest clipped one"""


def check_on_screen(found: Descent) -> None:
    """Finite differences where the descent clipped by norm met its longest gradient."""
    k = int(found.norm_before[:UPDATES].argmax())
    net, x, h0 = error_surface.network(found.w[k], found.b[k]), np.zeros((STEPS, 1, 1)), np.full((1, 1, 1), H0)
    trace = rv.unroll(net, x, h0=h0)
    dy = np.zeros_like(trace.y)
    dy[-1] = 2 * (trace.y[-1] - TARGET)
    verify(
        net,
        x,
        dy,
        h0=h0,
        note=f"Compared at update {k + 1} of the descent clipped by norm, where its gradient is longest: "
        f"w = {significant(found.w[k])}, b = {significant(found.b[k])}.",
    )


controls.begin(next(lesson for lesson in CATALOG if lesson.slug == "clipping"))
_pictures.show(tries(), key="tries", picked=go)  # outside of what a slider sends again
chosen, found = controls.live(lab)
st.markdown(EXPLANATION)
controls.live(heuristic)
check_on_screen(found[NORM])
with controls.section("Check yourself: three questions", "checks") as opened:
    if opened:
        ask(chosen, found)
with controls.section("The same in Python, with your settings", "code") as opened:
    if opened:
        st.code(snippet(chosen), language="python")
st.markdown(SOURCES)
