"""The widgets that lessons share. Each is bound to the page's address, so that the address is the whole experiment.

Whatever an address says that a widget cannot hold falls back to its default; nothing here raises on what was typed.
"""

from collections.abc import Sequence
from datetime import date

import streamlit as st

from lessons.catalog import Lesson
from rnnviz.figures import STYLE, Picture

PLAY_SECONDS = 0.35

PAGE_STYLE = """<style>
.stMainBlockContainer { max-width: 1296px; padding: 3.9rem 2rem 6rem; }
.stMainBlockContainer .stVerticalBlock { gap: .8rem; }
.stMainBlockContainer h1 { padding: 0 0 .1rem; }
.stHtml .rnn { margin-top: 4px; }
@media (max-width: 640px) { .stMainBlockContainer { padding: 3.6rem 1rem 4rem; } }
</style>"""


def begin(lesson: Lesson) -> None:
    """The head of a lesson: its looks, its title and its question."""
    look()
    st.title(f"{lesson.title}: {lesson.question[0].lower()}{lesson.question[1:]}", anchor=False)


def look() -> None:
    """The style of pages and pictures; every page puts it once."""
    st.html(PAGE_STYLE + STYLE)


def show(picture: Picture) -> None:
    """Put a picture on the page."""
    st.html(picture.body)


def whole(label: str, low: int, high: int, default: int, key: str, **options: int) -> int:
    """A slider over whole numbers. A value left over from a wider range moves to the nearest end of this one."""
    if isinstance(st.session_state.get(key), int):
        st.session_state[key] = min(max(st.session_state[key], low), high)
    return st.slider(label, low, high, default, key=key, bind="query-params", **options)


def number(label: str, low: float, high: float, default: float, step: float, key: str, **options: int) -> float:
    """A slider over numbers from `low` to `high`."""
    return st.slider(label, low, high, default, step, key=key, bind="query-params", **options)


def seed(key: str = "seed") -> int:
    """The seed of all that is random on the page, 0 to 9999."""
    return st.number_input("seed", 0, 9999, 0, key=key, bind="query-params", width=120)


def choice(label: str, options: Sequence[str], key: str) -> str:
    """One of a few words, always one of them; the first is the default."""
    chosen = st.segmented_control(label, options, default=options[0], key=key, bind="query-params", required=True)
    return chosen or options[0]


def words(label: str, default: str, key: str, **options: int) -> str:
    """A line of text that the reader types, as typed."""
    return st.text_input(label, default, key=key, bind="query-params", **options) or ""


def day(label: str, first: date, last: date, default: date, key: str) -> date:
    """A day from `first` to `last`."""
    chosen = st.date_input(label, default, first, last, key=key, bind="query-params", width=150)
    return chosen if isinstance(chosen, date) else default


def play(steps: int, default: int) -> int:
    """The step that the page shows: a play button that walks through time, and a slider for every other way."""
    state = st.session_state
    if state.pop("tick", False):
        state.step = min(state.get("step", default) + 1, steps)
        state.playing = state.step < steps
    playing = state.get("playing", False)
    icon = ":material/pause:" if playing else ":material/play_arrow:"
    st.button("Pause" if playing else "Play", icon=icon, key="play", on_click=_press_play, args=(steps,), width=110)
    step = whole("step in time", 1, steps, min(default, steps), "step", width="stretch")
    _clock(playing)
    return step


def _press_play(steps: int) -> None:
    state = st.session_state
    state.playing = not state.get("playing", False)
    if state.playing and state.get("step", 1) >= steps:
        state.step = 1


def _clock(playing: bool) -> None:
    """While playing, runs the page again every PLAY_SECONDS. Its first run is part of the page's own."""
    st.session_state.fresh = True

    def tick() -> None:
        if not st.session_state.pop("fresh", False):
            st.session_state.tick = True
            st.rerun()

    st.fragment(tick, run_every=PLAY_SECONDS if playing else None)()


def predict(question: str, options: Sequence[str], key: str) -> str | None:
    """The reader's answer before seeing; None until there is one."""
    return st.segmented_control(question, options, key=key)


def check(question: str, options: Sequence[str], answer: str, why: str, key: str) -> None:
    """A question whose right `answer` was computed; `why` is shown once the reader has answered."""
    given = st.radio(question, options, index=None, key=key)
    if given is not None:
        verdict = st.success if given == answer else st.info
        verdict(f"{'Right' if given == answer else f'Not quite: {answer}'}. {why}")
