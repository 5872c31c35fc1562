"""The first page: what this is, one network at work, and what there is to see."""

import numpy as np
import streamlit as st

import rnnviz as rv
from lessons import _controls as controls
from lessons import _inputs as inputs
from lessons.catalog import CATALOG
from rnnviz.figures import Tape, unrolled

WORDS = "a thought is a loop in time"
UNITS = 6

controls.look()
st.title("See a recurrent network think", anchor=False)
st.markdown(
    """
A recurrent network reads one thing at a time and keeps what matters in a handful of numbers. Here you can watch those
numbers: step through time, turn every dial, and read each equation with the actual values in it.
"""
)
letters = inputs.symbols(WORDS)
x = inputs.one_hot(letters, sorted(set(letters)))
network = rv.Network.create("elman", input_size=x.shape[1], hidden_size=UNITS, rng=np.random.default_rng(1))
h = rv.unroll(network, x[:, None, :])[0, 0].h[:, 0]
controls.show(unrolled(h, Tape(tuple("␣" if letter == " " else letter for letter in letters)), unit=1))
st.caption(
    f"An untrained network of {UNITS} hidden units reads “{WORDS}”, letter by letter. Each column of the heat map is "
    "its whole memory after that letter, drawn from a pass that ran when you opened this page."
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
