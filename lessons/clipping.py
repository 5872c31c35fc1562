"""What does clipping do about an exploding gradient?

The error surface of Pascanu, Mikolov and Bengio has a wall. Three descents run into it from one start, which the reader
chooses: unclipped, clipped by value, clipped by norm. Then a real training run, clipped at a multiple of its own average.
"""

import numpy as np
import streamlit as st

import rnnviz as rv
from lessons import _clipping as clipping
from lessons import _controls as controls
from lessons import _descents, _pictures
from lessons._clipped_training import FACTORS, LAST, LEARNING_RATE, SEEDS, UNITS, Runs, runs
from lessons._clipping import NAMES, NORM, PRESETS, RATES, THRESHOLDS, UNCLIPPED, UPDATES, VALUE, Settings
from lessons._clipping_words import EXPLANATION, SOURCES, say_what_you_saw, tries
from lessons._controls import Prediction
from lessons._verify import verify
from lessons.catalog import CATALOG
from rnnviz import error_surface
from rnnviz.error_surface import H0, STEPS, TARGET, Descent
from rnnviz.figures import Line, Picture, columns, decades, histogram, story
from rnnviz.figures.chart import pick
from rnnviz.figures.numbers import significant

ALIKE = "all three alike"
AS_GOOD = 0.01  # outputs that miss the target by no more than this much more or less count as alike
HUES = {VALUE: "backward", NORM: "forward"}


def choose() -> Settings:
    """Start, learning rate and threshold."""
    given = Settings()
    (low_w, high_w), (low_b, high_b) = _descents.W, _descents.B
    with st.container(horizontal=True, vertical_alignment="bottom", key="controls"):
        return Settings(
            w=controls.number("start: w", low_w, high_w, given.w, 0.01, "w", width=170),
            b=controls.number("start: b", low_b, high_b, given.b, 0.01, "b", width=170),
            rate=controls.one_of("learning rate", RATES, given.rate, "rate", width=170),
            threshold=controls.one_of("threshold", THRESHOLDS, given.threshold, "threshold", width=170),
        )


def start_at(w: float, b: float) -> None:
    """Set the start to where the reader clicked on the map."""
    (low_w, high_w), (low_b, high_b) = _descents.W, _descents.B
    st.session_state.w = round(min(max(float(w), low_w), high_w), 2)
    st.session_state.b = round(min(max(float(b), low_b), high_b), 2)


def go(picked: str) -> None:
    """Set the widgets to a preset, and play it."""
    chosen = PRESETS.get(picked, Settings())
    for name in Settings.__dataclass_fields__:
        st.session_state[name] = getattr(chosen, name)
    st.session_state.plays = st.session_state.get("plays", 0) + 1


def predict() -> Prediction:
    """The reader's answer before seeing."""
    question = f"After {UPDATES} updates from the same start, which descent has the smallest error?"
    return controls.predict(question, (*NAMES, ALIKE), "predict_best")


def judge(prediction: Prediction, found: dict[str, Descent]) -> str:
    """Which descent came nearest to the valley's floor, by how much its output misses the target."""
    misses = clipping.misses(found)
    best = min(misses, key=lambda name: misses[name])
    said = ", ".join(f"{name} {significant(clipping.final_error(found[name]))}" for name in NAMES)
    truth = ALIKE if max(misses.values()) - min(misses.values()) <= AS_GOOD else best
    return prediction.judge(truth, f"E in the end: {said}")


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
        pictures.append(histogram(before, after, of="updates", hue=hue, title=title, **_axis(chosen)))
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
    _descents.show([found[name] for name in NAMES], key="descents", picked=start_at, play=plays)
    judged = judge(prediction, found)
    saw = story("What you saw", judged, *say_what_you_saw(chosen, found), tries())
    _pictures.show(saw, draw(chosen, found), key="pictures", picked=go)
    return chosen, found


def heuristic() -> None:
    """A recorded training run, clipped at a multiple of its running average."""
    labels = tuple("no clipping" if np.isinf(factor) else f"{factor:g}" for factor in FACTORS)
    label = st.select_slider(
        "threshold, in running averages of the norm", labels, "1", key="factor", bind="query-params", width=360
    )
    k, seen = labels.index(label), runs()
    _pictures.show(
        columns(norms_of(seen, k), losses_of(seen, k), kind="pair"), say_factor(seen, k), key="run", picked=set_factor
    )


def set_factor(picked: str) -> None:
    """Set the slider to what was picked in the prose."""
    st.session_state.factor = picked


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
    learned, factor = seen.learned(), FACTORS[k]
    share = float((seen.norm[k] > seen.threshold[k]).mean())
    what = (
        "Unclipped"
        if np.isinf(factor)
        else f"Clipped at {factor:g} times its running average, {share:.0%} of the time,"
    )
    final = significant(float(seen.final[k, 0]))
    this = (
        f"{what} this network ends with a loss of {final} nats (mean of the last {LAST} updates; guessing costs "
        f"{significant(seen.baseline)}). Of {SEEDS} networks, each from another seed, {learned[k]} came below half of that."
    )
    labels = ["no clipping" if np.isinf(f) else f"{f:g}" for f in FACTORS]
    others = " · ".join(f"{pick(label, label)}: {count} of {SEEDS}" for label, count in zip(labels, learned))
    return story("Which threshold?", this, f"How many learned, at each factor: {others}.")


def ask(chosen: Settings, found: dict[str, Descent]) -> None:
    """Three questions; the engine knows the answers."""
    here = error_surface.surface(chosen.w, chosen.b)
    g = (float(here.dw), float(here.db))
    norm = float(np.hypot(*g))
    longer = norm > chosen.threshold
    controls.check(
        f"At the start the gradient is {significant(norm)} long, and the threshold is {chosen.threshold:g}. How long is "
        "the first step, clipped by norm?",
        ("learning rate times gradient", "learning rate times threshold"),
        "learning rate times threshold" if longer else "learning rate times gradient",
        f"The step has a length of {significant(float(np.hypot(np.diff(found[NORM].w[:2]), np.diff(found[NORM].b[:2]))[0]))}; "
        f"{chosen.rate:g} times {significant(norm)} is {significant(chosen.rate * norm)}, and {chosen.rate:g} times "
        f"{chosen.threshold:g} is {significant(chosen.rate * chosen.threshold)}.",
        "check_step",
    )
    turned = {name: clipping.work(name, found[name], chosen).turned for name in (VALUE, NORM)}
    both, neither = "both", "neither"
    who = [name for name, angle in turned.items() if angle > 0.05]
    controls.check(
        "Which clipping turned a gradient on its way here?",
        (VALUE, NORM, both, neither),
        both if len(who) == 2 else who[0] if who else neither,
        f"At most by {significant(turned[VALUE])}° by value and by {significant(turned[NORM])}° by norm.",
        "check_turn",
    )
    nudged = clipping.descents(Settings(chosen.w, chosen.b + 1e-9, chosen.rate, chosen.threshold))
    apart = {
        name: float(
            np.hypot(nudged[name].w[UPDATES] - found[name].w[UPDATES], nudged[name].b[UPDATES] - found[name].b[UPDATES])
        )
        for name in NAMES
    }
    far = apart[UNCLIPPED] > 1e-3
    controls.check(
        f"Move the start by 10⁻⁹ in b. How far from its old end does the unclipped descent end after {UPDATES} updates?",
        ("less than 0.001", "more than 0.001"),
        "more than 0.001" if far else "less than 0.001",
        "We ran it. The ends are apart by "
        + ", ".join(f"{significant(apart[name])} ({name})" for name in NAMES)
        + ". Near the wall a gradient grows the smallest difference along with everything else.",
        "check_nudge",
    )


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


def check_on_screen(chosen: Settings) -> None:
    """The gradient at the start, by finite differences."""
    net, x, h0 = error_surface.network(chosen.w, chosen.b), np.zeros((STEPS, 1, 1)), np.full((1, 1, 1), H0)
    y = rv.unroll(net, x, h0=h0).y
    dy = np.zeros_like(y)
    dy[-1] = 2 * (y[-1] - TARGET)
    verify(net, x, dy, h0=h0)


controls.begin(next(lesson for lesson in CATALOG if lesson.slug == "clipping"))
chosen, found = controls.live(lab)
st.markdown(EXPLANATION)
controls.live(heuristic)
check_on_screen(chosen)
with controls.section("Check yourself: three questions", "checks") as opened:
    if opened:
        ask(chosen, found)
with controls.section("The same in Python, with your settings", "code") as opened:
    if opened:
        st.code(snippet(chosen), language="python")
st.markdown(SOURCES)
