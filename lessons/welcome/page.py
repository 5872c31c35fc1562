"""The first page: one network at work, and what there is to see."""

import streamlit as st

from lessons import catalog
from lessons.common import charts, player
from lessons.common.language import language
from lessons.common.look import STYLE
from lessons.common.questions import prose
from lessons.common.text import load
from lessons.welcome.model import reading

FOLDER = catalog.folder("welcome")

st.html(STYLE)
words, now = load(FOLDER, language(FOLDER)), reading()
st.title(words.question, anchor=False)
charts.show(prose(words.section("opening", {})), key="opening")
player.player(
    now.trace,
    now.grads,
    key="first",
    tokens=now.tokens,
    inputs=now.inputs,
    outputs=now.outputs,
    loss=now.loss,
    step=5,
    selected="c",
    note=words.label("note", now),
)
charts.show(prose(words.section("promise", {})), key="promise")
for lesson in catalog.lessons(language(FOLDER)):
    with st.container(border=True):
        st.subheader(lesson.question, anchor=False)
        st.caption(words.label("minutes", lesson))
        st.page_link(catalog.path(lesson.slug), label=words.label("start"), icon=":material/arrow_forward:")
st.caption(str(words.section("more", {}).body.striptags()))
