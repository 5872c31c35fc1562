"""Both ways: what does the future know?

Four trained networks are asked which letter is hidden in a sentence: one has read what stands to its left, one what
stands to its right, one both, and one both in two layers. All have nearly the same number of weights.
"""

import numpy as np
import streamlit as st

import rnnviz as rv
from lessons import _controls as controls
from lessons._blanks import (
    BOTH,
    LAYERS,
    LEFT,
    READERS,
    RIGHT,
    Question,
    answers,
    first_guesses,
    hide_each,
    of_the_truth,
    pass_of,
    put,
    reach,
    rightly,
)
from lessons._player import Shown, player, send_to
from lessons.common.trained import ALPHABET, BLANK, spell, trained
from lessons.catalog import CATALOG
from rnnviz.figures import Answer, Picture, guesses, prose, shares
from rnnviz.figures.guesses import percent
from rnnviz.figures.numbers import significant

PLAYER = "both_ways"
DEFAULT_SENTENCE = "there was a great light in the house."
HIDDEN = 20  # its “i” of “light”
MOST_SYMBOLS = 40
ONE, TWO = "one layer", "two layers"
ALONE = (LEFT, RIGHT, BOTH)
SHOWN_SYMBOLS = tuple("␣" if symbol == " " else symbol for symbol in ALPHABET)


def choose() -> tuple[str, str]:
    """The sentence, and what there is to say about it."""
    typed = controls.words("sentence, with _ for a gap", DEFAULT_SENTENCE, "text", width=380)
    spelled = spell(typed, BLANK)
    note = f"Networks know small letters, the space and the full stop: they read “{spelled[:MOST_SYMBOLS]}”. "
    note = note if spelled != typed else ""
    if not spelled:
        note = "There is nothing to read in that, so the networks read our own sentence. "
    elif len(spelled) > MOST_SYMBOLS:
        note += f"That is as far as {MOST_SYMBOLS} symbols go. "
    return (spelled or DEFAULT_SENTENCE)[:MOST_SYMBOLS], note


def predict(question: Question) -> str:
    """Ask for the reader's answer before seeing; what became of it, nothing as long as there is none."""
    if question.truth is None:
        said = "Nobody knows what stood there, so there is nothing to predict. Hide another symbol, and there will be."
        st.caption(f"“{tell(question.read)}”: {said}")
        return ""
    asked = f"“{tell(question.read)}”: who gives the right symbol the highest probability?"
    best = max(ALONE, key=question.of_symbol)
    given = "; ".join(f"{name} {percent(question.of_symbol(name))}" for name in ALONE)
    return controls.predict(asked, ALONE, "predict_reader").judge(best, f"Of {named(question.symbol)}: {given}")


def tell(text: str) -> str:
    """A text in which each space can be seen at the ends."""
    return text.replace(BLANK, "▢")


def named(symbol: str) -> str:
    return "the space" if symbol == " " else f"“{symbol}”"


def ask_them(question: Question) -> Picture:
    """What each of the four answers, beside what it has read."""
    read, at = question.read, question.position
    seen = {LEFT: read[:at], RIGHT: read[at - 1 :], BOTH: read, LAYERS: read}
    truth = None if question.truth is None else ALPHABET.index(question.truth)
    return guesses(
        [Answer(name, f"reads “{tell(seen[name])}”", hide_each(name, question.sentence)[at - 1]) for name in READERS],
        SHOWN_SYMBOLS,
        truth,
    )


def hide_them_all(question: Question) -> Picture:
    """The same for every position in turn."""
    return shares(
        "Each symbol hidden in turn: the probability that each reader gives the right one. A full bar is certainty.",
        tuple(READERS),
        np.stack([of_the_truth(name, question.sentence) for name in READERS]),
        tuple(visible(question.sentence)),
        question.position,
        ["–" if question.truth is None else percent(question.of_symbol(name)) for name in READERS],
    )


def who_notices(question: Question) -> Picture:
    """Which states of the network with two layers know whether the symbol is there or hidden."""
    norms = reach(question.read, put(question.sentence, question.position, question.symbol))
    largest = max(float(norm.max()) for norm in norms.values())
    return shares(
        f"Two layers, with {named(question.symbol)} at position {question.position} or a gap: which states differ? "
        f"A full bar is the largest difference, ‖h − h′‖ = {significant(largest)}; a ring is exactly 0.",
        tuple(norms),
        np.stack(list(norms.values())) / largest,
        tuple(visible(question.read)),
        question.position,
        [significant(float(norm[question.position - 1])) for norm in norms.values()],
    )


def visible(text: str) -> str:
    return text.replace(" ", "␣")


def say_what_you_saw(question: Question, verdict: str, shown: Shown, leans: str) -> Picture:
    """The page's story, with its numbers, and what became of the prediction."""
    at, sentence = question.position - 1, question.sentence
    parts = [
        f"{name} gives {named(question.symbol)} {percent(question.of_symbol(name))} "
        f"and guesses {named(first_guesses(name, sentence)[at])}"
        for name in READERS
    ]
    one = f"Position {question.position}: {'; '.join(parts)}."
    if question.truth is None:
        one += (
            f" Nobody knows what stood there; the page goes by {named(question.symbol)}, the first guess of both ways."
        )
    one = f"{one} {verdict}".strip()
    right = {name: rightly(name, sentence) for name in READERS}
    known = int((~np.isnan(of_the_truth(LEFT, sentence))).sum())
    alone = int((right[BOTH] & ~right[LEFT] & ~right[RIGHT]).sum())
    two = (
        f"Hide each of the {known} symbols in turn, and the first guess is right this often: "
        + "; ".join(f"{name} {int(right[name].sum())}" for name in READERS)
        + "."
    )
    if alone:
        two += (
            f" Of those that both ways gets right, {alone} neither direction got right by itself: both ways does not "
            "choose between two opinions, it weighs what it has read on either side."
        )
    return prose("What you saw", one, two if known else "", leans, say_where_you_stand(shown, len(sentence)))


def say_what_it_leans_on(question: Question, grads: rv.Gradients, loss: float, reader: str) -> str:
    """The neighbours whose input would move the answer most."""
    pull = np.linalg.norm(grads.dx[:, 0].astype(np.float64), axis=1)
    pull[question.position - 1] = -1
    first = np.argsort(-pull, kind="stable")[: min(3, len(pull) - 1)]
    if not first.size:
        return ""
    places = [f"{named(question.read[t])} at {t + 1} ({significant(float(pull[t]))})" for t in first]
    return (
        f"Backward: for {reader} the loss is −log p = {significant(loss)}. It leans most on "
        f"{', '.join(places)}; in brackets ‖∂L/∂x‖, the length of the gradient of the loss with respect to that input."
    )


def say_where_you_stand(shown: Shown, T: int) -> str:
    """What the state knows that the reader looks at in the player."""
    step, layer, way = shown.step + 1, shown.layer + 1, (LEFT, RIGHT)[shown.direction]
    if layer == 2:
        knows = "can know the whole sentence, because the first layer has brought news from both sides"
    elif way == LEFT:
        knows = f"has read positions 1 to {step} and nothing after"
    else:
        knows = f"has read positions {T} back to {step} and nothing before"
    return f"In the player you stand at position {step}, layer {layer}, {way}: this state {knows}."


def ask(question: Question) -> None:
    """Three questions; the engine knows the answers."""
    sentence, T = question.sentence, len(question.sentence)
    other = put(sentence, T, "e" if sentence[-1] != "e" else "a")
    changed = {name: int((norm > 0).sum()) for name, norm in reach(sentence, other).items()}
    for layer, key in (("layer 1", "check_first"), ("layer 2", "check_second")):
        count = changed[f"{layer}, {LEFT}"]
        controls.check(
            f"Two layers. Only the last symbol of the sentence changes. Which of the {T} states of {layer} that are "
            "computed from left to right change?",
            ("none", "only the last", "all"),
            "none" if count == 0 else "only the last" if count == 1 < T else "all",
            f"We changed it and ran the network: {count} of {T}. "
            + ("It has not been read before." if count <= 1 else "They read what layer 1 read from right to left."),
            key,
        )
    cut = question.read[: question.position]
    k = ALPHABET.index(question.symbol)
    left, both = (float(answers(name, (cut,))[-1, 0, k]) for name in (LEFT, BOTH))
    controls.check(
        "Guess letters while somebody is still typing: which reader does not lose what it was trained to use?",
        ALONE,
        LEFT,
        f"What comes after the blank is not there yet. With the sentence cut off behind it, both ways gives "
        f"{named(question.symbol)} {percent(both)} instead of {percent(question.of_symbol(BOTH))}; left to right stays "
        f"at {percent(left)}.",
        "check_typing",
    )


def snippet(question: Question) -> str:
    """The page as a program: run it, and it prints the numbers on the screen."""
    return f"""import numpy as np
import rnnviz as rv

alphabet = {ALPHABET!r}
read = {question.read!r}
x = np.array([[float(symbol == letter) for letter in alphabet + "_"] for symbol in read])[:, None, :]
for name in {tuple(READERS.values())!r}:
    net = rv.load(f"lessons/trained/{{name}}.npz")
    order = slice(None, None, -1 if name == "blanks_backward" else 1)  # this one reads the text turned around
    y = rv.unroll(net, x[order]).y[order][{question.position - 1}, 0].astype(float)
    p = np.exp(y - y.max()) / np.exp(y - y.max()).sum()
    print(name, p[alphabet.index({question.symbol!r})])"""


def go_along(position: int) -> None:
    """When the reader hides another position, the player goes there."""
    if st.session_state.setdefault("asked about", position) != position:
        st.session_state["asked about"] = position
        send_to(PLAYER, step=position - 1)


def offer_places(question: Question, layers: str) -> None:
    """Buttons that send the player to what the page speaks of."""
    here = {"step": question.position - 1, "unit": 0, "layer": 0, "direction": 0, "selected": "h", "backward": False}
    places = {
        "the gap, from the left": here,
        "the gap, from the right": here | {"direction": 1},
        "the gap, backward": here | {"backward": True},
    }
    if layers == TWO:
        places["the first symbol, in layer 2"] = here | {"step": 0, "layer": 1}
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="places"):
        st.caption("Go to", width="content")
        for name, place in places.items():
            st.button(name, key=name, type="tertiary", on_click=send_to, args=(PLAYER,), kwargs=place)


def lab(question: Question, layers: str, verdict: str) -> None:
    """The player, and the pictures below it."""
    go_along(question.position)
    offer_places(question, layers)
    trace, grads, loss = pass_of(BOTH if layers == ONE else LAYERS, question.read, question.position, question.symbol)
    shown = player(
        trace,
        grads,
        key=PLAYER,
        tokens=tuple(question.read),
        inputs=(*SHOWN_SYMBOLS, BLANK),
        outputs=SHOWN_SYMBOLS,
        loss=loss,
        step=question.position - 1,
        note=f"Read y at position {question.position} alone: it has learned to name what a blank hides, and says "
        f"nothing over letters that can be read. The loss is −log p of {named(question.symbol)} there.",
    )
    controls.show(ask_them(question), hide_them_all(question), who_notices(question))
    leans = say_what_it_leans_on(question, grads, loss, BOTH if layers == ONE else LAYERS)
    controls.show(say_what_you_saw(question, verdict, shown, leans))


controls.begin(next(lesson for lesson in CATALOG if lesson.slug == "bidirectional_and_stacked"))
prediction = st.container(key="prediction")
with st.container(horizontal=True, vertical_alignment="bottom", key="controls"):
    sentence, note = choose()
    T = len(sentence)
    question = Question(sentence, controls.whole("hidden position", 1, T, min(HIDDEN, T), "hidden", width=300))
    layers = controls.choice("network in the player", (ONE, TWO), "layers")
    if note:
        st.caption(note, width="stretch")
with prediction:
    verdict = predict(question)
controls.live(lab, question, layers, verdict)
rows = "\n".join(
    f"| {name} | {network.num_layers} × {network.num_directions} × {network.hidden_size} "
    f"| {about.parameters} | {about.loss:.2f} | {percent(about.accuracy)} |"
    for name, (network, about) in ((name, trained(file)) for name, file in READERS.items())
)
about = trained(READERS[BOTH])[1]
st.markdown(
    f"""
**The same on {about.answers:,} symbols.** Each network has learned from the same text, one symbol in seven hidden, in
{about.updates} updates. This is what each makes of another text, which it has never seen, each symbol hidden once.
Whoever goes by the symbols’ frequencies alone has a loss of {about.baseline:.2f} and is right at
{percent(about.baseline_accuracy)}.

| reads | layers × directions × units | weights | loss in nats | first guess right |
|---|---|---|---|---|
{rows}

**The future knows as much as the past.** To a network that fills a gap, what comes after is worth as much as what came
before: either direction alone does about equally well. Both together, with no more weights, do far better. The price:
an answer has to wait until all has been read. Who has to answer while somebody is still speaking has no future to look
at.

**What a second layer adds.** In one layer the two directions never meet before the output: each state knows one side.
The second layer reads both at every position, so each of its states can know the whole sentence; in the picture above
it has no rings. With the same number of weights, that is a small gain here.
"""
)
with controls.section("Check yourself: three questions", "checks") as opened:
    if opened:
        ask(question)
with controls.section("The same in Python, with your settings", "code") as opened:
    if opened:
        st.code(snippet(question), language="python")
st.markdown(
    """
#### Sources

- Both directions: M. Schuster and K. K. Paliwal, [Bidirectional recurrent neural
  networks](https://doi.org/10.1109/78.650093), IEEE Transactions on Signal Processing 45 (1997), 2673-2681.
- Both against one, on speech: A. Graves and J. Schmidhuber, [Framewise phoneme classification with bidirectional LSTM
  and other neural network architectures](https://doi.org/10.1016/j.neunet.2005.06.042), Neural Networks 18 (2005),
  602-610.
- More layers: S. El Hihi and Y. Bengio, *Hierarchical recurrent neural networks for long-term dependencies*, Advances
  in Neural Information Processing Systems 8 (1996); R. Pascanu, C. Gulcehre, K. Cho and Y. Bengio,
  [How to construct deep recurrent neural networks](https://arxiv.org/abs/1312.6026) (2014).
- The test with gaps: W. L. Taylor, [“Cloze procedure”: a new tool for measuring
  readability](https://doi.org/10.1177/107769905303000401), Journalism Quarterly 30 (1953), 415-433.
- Texts: King James Version, 1611, public domain; what was trained on what, and how, is in `lessons/trained`.
"""
)
