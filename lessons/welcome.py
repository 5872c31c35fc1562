"""The first page: what this is, and what there is to see."""

import streamlit as st

from lessons import _controls as controls
from lessons.catalog import CATALOG

controls.look()
st.title("See a recurrent network think", anchor=False)
st.markdown(
    """
A recurrent network reads one thing at a time and keeps what matters in a handful of numbers. Here you can watch those
numbers: step through time, turn every dial, and read each equation with the actual values in it.

**No number on the screen is made up.** Every picture is drawn from what the network computed a moment ago, with your
settings, and every page ends with the few lines of Python that give you the same numbers.
"""
)
for lesson in CATALOG:
    with st.container(border=True):
        st.subheader(lesson.question, anchor=False)
        st.caption(f"{lesson.part} · {lesson.title} · {lesson.minutes} minutes")
        st.page_link(f"lessons/{lesson.slug}.py", label="Start this lesson", icon=":material/arrow_forward:")
st.caption("More lessons will be listed here as they are finished.")
