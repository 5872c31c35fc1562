"""The first page: a network reads what the visitor types; then the lessons."""

from typing import Any

import streamlit as st

from lessons import catalog
from lessons.common import dials
from lessons.common.page import Page
from lessons.welcome import acts, cards, model
from lessons.welcome.model import facts, reading

page = Page.open("welcome", model)


def first() -> None:
    """The first thirty seconds: one unit, all of them, and the way back."""
    values: dict[str, Any] = dials.mount(model.controls, page.words)
    said = facts(values)
    page.show(page.text(f"act_{values['act']}", said), page.text("lost", said), key="act")
    now = reading(values["text"])
    shown = acts.of(now, values["act"], acts.begin(now, values["act"]))
    page.stage(shown, key="reading", height=acts.HEIGHT[values["act"]])


with st.container(horizontal=True, vertical_alignment="bottom", key="head"):
    st.title(page.words.question, anchor=False, width="content")
    st.markdown(page.words.label("invitation"), width="stretch")
dials.live(first)
cards.show(page.words, catalog.lessons(page.words.language))
page.below("promise")
