"""The widgets that lessons share. Each is bound to the page's address, so that the address is the whole experiment.

Whatever an address says that a widget cannot hold falls back to its default; nothing here raises on what was typed.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any, Literal, TypeVar

import streamlit as st

from lessons.catalog import Lesson
from rnnviz.figures import STYLE, Picture

SECTIONS = ("checks", "code")
T = TypeVar("T")

PAGE_STYLE = """<style>
.stMainBlockContainer { max-width: 1296px; padding: 3.9rem 2rem 6rem; }
.stMainBlockContainer .stVerticalBlock { gap: .8rem; }
.stMainBlockContainer [class*="st-key-code-of-"] { display: none; }
.stMainBlockContainer h1 { padding: 0 0 .4rem; }
.stMainBlockContainer .st-key-picture.stVerticalBlock { gap: 0; }
.stMainBlockContainer .st-key-prediction { min-height: 2.5rem; }
@media (max-width: 640px) { .stMainBlockContainer { padding: 3.6rem 1rem 4rem; } }
</style>"""


def begin(lesson: Lesson) -> None:
    """The head of a lesson: its looks, its title and its question."""
    look()
    st.title(f"{lesson.title}: {lesson.question[0].lower()}{lesson.question[1:]}", anchor=False)


def look() -> None:
    """The style of pages and pictures; every page puts it once."""
    st.html(PAGE_STYLE + STYLE)


def show(*pictures: Picture) -> None:
    """Put pictures on the page, one below the other."""
    st.html("".join(picture.body for picture in pictures))


def whole(label: str, low: int, high: int, default: int, key: str, **options: int) -> int:
    """A slider over whole numbers; none where there is nothing to choose.

    Where its range shrinks and leaves its value out, it goes back to its default.
    """
    if low == high:
        return low
    if not low <= st.session_state.get(key, default) <= high:
        del st.session_state[key]
    return st.slider(label, low, high, default, key=key, bind="query-params", **options)


def number(label: str, low: float, high: float, default: float, step: float, key: str, **options: int) -> float:
    """A slider over numbers from `low` to `high`."""
    return st.slider(label, low, high, default, step, key=key, bind="query-params", **options)


def seed(key: str = "seed") -> int:
    """The seed of all that is random on the page, 0 to 9999."""
    return st.number_input("seed", 0, 9999, 0, key=key, bind="query-params", width=100)


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


def live(lab: Callable[..., T], *args: Any) -> T:
    """Run `lab(*args)` so that a widget in it sends only this part of the page again.

    Open sections show what the lab returns, so with one of them open the whole page runs again. The lab is a fragment
    in both cases: were it not, its player would be a new one, and stand at the beginning.
    """
    again = False

    @st.fragment
    def part() -> T:
        nonlocal again
        if again and any(st.session_state.get(section) for section in SECTIONS):
            st.rerun()
        again = True
        return lab(*args)

    return part()


@contextmanager
def section(title: str, key: Literal["checks", "code"]) -> Iterator[bool]:
    """A part of the page that is empty until the reader opens it; gives whether it is open."""
    expander = st.expander(title, key=key, on_change="rerun")
    with expander:
        yield bool(expander.open)


def predict(question: str, options: Sequence[str], key: str) -> str | None:
    """The reader's answer before seeing, chosen beside the question; None until there is one."""
    with st.container(horizontal=True, vertical_alignment="center", width="content"):
        st.markdown(question, width="content")
        return st.segmented_control(question, options, key=key, label_visibility="collapsed")


def check(question: str, options: Sequence[str], answer: str, why: str, key: str) -> None:
    """A question whose right `answer` was computed; `why` is shown once the reader has answered."""
    given = st.radio(question, options, index=None, key=key)
    if given is not None:
        verdict = st.success if given == answer else st.info
        verdict(f"{'Right' if given == answer else f'Not quite, the answer is: {answer}'}. {why}")
