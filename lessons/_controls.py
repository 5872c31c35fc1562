"""The widgets that lessons share. Each is bound to the page's address, so that the address is the whole experiment.

Whatever an address says that a widget cannot hold falls back to its default; nothing here raises on what was typed.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.errors import StreamlitAPIException

from lessons.catalog import Lesson
from rnnviz.figures import STYLE, Picture

SECTIONS = ("verify", "checks", "code")
T = TypeVar("T")

PAGE_STYLE = """<style>
.stMainBlockContainer { max-width: 1296px; padding: 3.9rem 2rem 6rem; }
.stMainBlockContainer .stVerticalBlock { gap: .8rem; }
.stMainBlockContainer [class*="st-key-code-of-"] { display: none; }
.stMainBlockContainer h1 { padding: 0 0 .4rem; }
.stMainBlockContainer .st-key-picture.stVerticalBlock { gap: 0; }
.stMainBlockContainer .st-key-prediction { min-height: 2.5rem; }
.stMainBlockContainer .st-key-asked { display: grid; }
.stMainBlockContainer .st-key-asked > * { grid-area: 1 / 1; }
.stMainBlockContainer .st-key-asked > :first-child:not(:last-child) * { visibility: hidden; }
.stMainBlockContainer .st-key-prediction [role="radiogroup"] { flex-wrap: wrap; row-gap: .25rem; }
.stMainBlockContainer .stVerticalBlock[class*="st-key-labelled"] { gap: .25rem; }
.stMainBlockContainer [class*="st-key-labelled"] [data-testid="stCaptionContainer"] { color: inherit; }
@media (max-width: 640px) {
  .stMainBlockContainer { padding: 3.6rem 1rem 4rem; }
  .stMainBlockContainer .st-key-sizes > * { flex: 0 0 calc(50% - .5rem) !important; min-width: 0; }
  .stMainBlockContainer .st-key-kinds [role="radiogroup"] { flex-wrap: wrap; row-gap: .25rem; }
}
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


def one_of(label: str, options: Sequence[T], default: T, key: str, **others: int) -> T:
    """A slider over a few numbers that are not evenly spaced, or over words that have an order."""
    return st.select_slider(label, options, default, key=key, bind="query-params", **others)


def seed(key: str = "seed") -> int:
    """The seed of all that is random on the page, 0 to 9999."""
    try:
        return st.number_input("seed", 0, 9999, 0, key=key, bind="query-params", width=100)
    except OverflowError:  # the address says infinity, at which Streamlit stumbles
        return st.number_input("seed", 0, 9999, 0, key=f"{key} here", width=100)


def put(**values: Any) -> None:
    """Set widgets, by their keys, from a callback; the address follows, also where a widget is not on the page yet."""
    for key, value in values.items():
        st.session_state[key] = value
        with suppress(StreamlitAPIException):  # the widget is on the page, and writes the address itself
            st.query_params[key] = str(value)


def choice(label: str, options: Sequence[str], key: str) -> str:
    """One of a few words, always one of them; the first is the default."""
    chosen = st.segmented_control(label, options, default=options[0], key=key, bind="query-params", required=True)
    return chosen or options[0]


def listed(label: str, options: Sequence[str], default: str, key: str, width: int) -> str:
    """One of many words, from a list that opens."""
    return st.selectbox(label, options, options.index(default), key=key, bind="query-params", width=width) or default


def words(label: str, default: str, key: str, **options: int) -> str:
    """A line of text that the reader types, as typed."""
    return st.text_input(label, default, key=key, bind="query-params", **options) or ""


def span(label: str, low: int, high: int, default: tuple[int, int], key: str, **options: int) -> tuple[int, int]:
    """A slider over first and last of a range; none where there is nothing to choose.

    Where the choice shrinks and leaves an end out, both go back to the default. An address may give them either way
    round.
    """
    if low == high:
        return low, low
    first, last = sorted(st.session_state.get(key, default))
    if not low <= first <= last <= high:
        del st.session_state[key]
    first, last = sorted(st.slider(label, low, high, default, key=key, bind="query-params", **options))
    return int(first), int(last)


def read_words(label: str, default: str, key: str, read: Callable[[str], tuple[str, str]], width: int) -> str:
    """A line of text as `read` makes it readable; what it says about that stands beside the label and moves nothing."""
    with st.container(width=width, key=f"labelled {key}"):
        above = st.container()
        typed = st.text_input(label, default, key=key, bind="query-params", label_visibility="collapsed") or ""
        found, note = read(typed)
        above.caption(f"{label}: {note}" if note else label)
    return found


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
def section(title: str, key: Literal["verify", "checks", "code"]) -> Iterator[bool]:
    """A part of the page that is empty until the reader opens it; gives whether it is open."""
    expander = st.expander(title, key=key, on_change="rerun")
    with expander:
        yield bool(expander.open)


@dataclass(frozen=True)
class Prediction:
    """What the reader predicted, None until then, and where the question stands on the page."""

    given: str | None
    asked: DeltaGenerator

    def judge(self, truth: str, because: str) -> str:
        """Put what became of it, with its numbers, in the question's place; give the verdict as a sentence.

        Before there is a prediction the question stays, and there is no verdict.
        """
        if self.given is None:
            return ""
        right = self.given == truth
        opening = "You predicted it:" if right else f"You said “{self.given}”; it is"
        self.asked.markdown(f"{opening} **{truth}**. {because}.", width="content")
        return "You predicted it." if right else f"You predicted “{self.given}”; it is “{truth}”."


def predict(question: str, options: Sequence[str], key: str) -> Prediction:
    """Ask for the reader's answer before seeing, chosen beside the question."""
    with st.container(horizontal=True, vertical_alignment="center", width="content"):
        asked = st.container(key="asked", width="content")
        asked.markdown(f"**Predict.** {question}", width="content")
        given = st.segmented_control(question, options, key=key, label_visibility="collapsed")
    return Prediction(given, asked)


def check(question: str, options: Sequence[str], answer: str, why: str, key: str) -> None:
    """A question whose right `answer` was computed; `why` is shown once the reader has answered."""
    given = st.radio(question, options, index=None, key=key)
    if given is not None:
        verdict = st.success if given == answer else st.info
        verdict(f"{'Right' if given == answer else f'Not quite, the answer is: {answer}'}. {why}")
