"""The lessons as cards, part by part: a small picture that moves where it is pointed at, title, question, minutes.

A lesson is finished when the last beat of its story was reached. The session knows that, and so does the browser's
storage (js/finished.js), which the cards read there: no message is sent, and nothing is kept elsewhere.
"""

from collections.abc import Iterable
from itertools import groupby

import streamlit as st
from markupsafe import Markup

from lessons import catalog
from lessons.catalog import Lesson
from lessons.common import assets, story
from lessons.common.questions import prose
from lessons.common.text import Words
from lessons.welcome.pictures import picture

PART = Markup('<div class="part"><h2>{}</h2>{}</div>')
CARD = Markup(
    '<a class="lesson" href="{slug}" data-lesson="{slug}"><span class="picture">{picture}</span>'
    "<strong>{title}</strong><span>{question}</span>"
    '<small>{minutes}<span class="done" hidden> · ✓ {finished}</span></small></a>'
)
WELCOME = "welcome"
FINISHED = "finished stories"  # the session's set of slugs

_mount = assets.component("rnn_cards", "cards.js", css=("words.css", "rnnviz/diagrams.css", "cards.css"))


def show(words: Words, lessons: Iterable[Lesson]) -> None:
    """Show the cards; a click opens its lesson in this session."""

    def hear() -> None:
        asked = (st.session_state.get("cards") or {}).get("lesson")
        if asked in catalog.SLUGS:
            story.bind(WELCOME, asked)

    parts = [
        PART.format(part, Markup("").join(card(one, words) for one in several))
        for part, several in groupby(lessons, key=lambda lesson: lesson.part)
    ]
    told = prose(words.section("lessons", {}), titled=False)
    data = {
        "html": Markup('<div class="shelf">{}{}</div>').format(Markup("").join(parts), told),
        "finished": sorted(st.session_state.get(FINISHED, ())),
    }
    _mount(key="cards", data=data, on_lesson_change=hear)
    story.depart(WELCOME)


def card(lesson: Lesson, words: Words) -> Markup:
    """One lesson."""
    return CARD.format(
        slug=lesson.slug,
        picture=Markup(picture(lesson.slug)),
        title=lesson.title,
        question=lesson.question,
        minutes=words.label("minutes", lesson),
        finished=words.label("finished"),
    )
