"""The first page: what this is, one network at work, and what there is to see."""

import numpy as np
import streamlit as st

import rnnviz as rv
from lessons import _controls as controls
from lessons._player import player
from lessons.common.trained import codes, spell, trained
from lessons.catalog import CATALOG

READ = spell("the king said unto them")
NEXT = READ[1:] + " "


def visible(symbols: str) -> tuple[str, ...]:
    return tuple("␣" if symbol == " " else symbol for symbol in symbols)


controls.look()
st.title("See a recurrent network think", anchor=False)
st.markdown(
    """
A recurrent network reads one thing at a time and keeps what matters in a handful of numbers. **Press play**, and watch
this one guess each next letter. Then press **b**, or ← Backward, and play what its mistakes teach it, back in time.
"""
)
network, about = trained("letters_lstm")
trace = rv.unroll(network, about.one_hot(READ))
loss = rv.losses.softmax_cross_entropy(trace.y, np.asarray(codes(NEXT, about.alphabet))[:, None])
player(
    trace,
    rv.backpropagate(network, trace, loss.dy),
    key="first",
    tokens=visible(READ),
    inputs=visible(about.inputs),
    outputs=visible(about.alphabet),
    loss=loss.value,
    step=5,
    selected="c",
    note=f"An LSTM of {network.hidden_size} units, trained on English. On text that it has never seen, its first guess "
    f"is right {100 * about.accuracy:.0f} % of the time. What it reads stands below each step, what it guesses above.",
)
st.markdown(
    """
**No number on the screen is made up.** Every picture is drawn from what the network computed a moment ago, with your
settings, and every lesson gives you the few lines of Python that compute the same numbers.
"""
)
for lesson in CATALOG:
    with st.container(border=True):
        st.subheader(lesson.question, anchor=False)
        st.caption(f"{lesson.part} · {lesson.title} · {lesson.minutes} minutes")
        st.page_link(f"lessons/{lesson.slug}.py", label="Start this lesson", icon=":material/arrow_forward:")
st.caption("More lessons will be listed here as they are finished.")
