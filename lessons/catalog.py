"""The lessons, in teaching order: what is built, and nothing that is not.

A lesson is a folder of its name, its slug, which is its address too. How it is called stands in its language file.
"""

from dataclasses import dataclass
from pathlib import Path

from lessons.common import text

HERE = Path(__file__).parent

PARTS = {  # {part: slugs}; a part's name stands in the words that all lessons share
    "memory": ("hidden_state", "lstm_gates", "gru_gates", "bidirectional_and_stacked"),
    "gradients": ("backprop_through_time", "vanishing_and_exploding", "initialization", "clipping"),
}
SLUGS = tuple(slug for slugs in PARTS.values() for slug in slugs)


@dataclass(frozen=True)
class Lesson:
    """One page, in one language.

    slug      its folder in lessons/, and its address
    title     its name in the menu
    part      the chapter that it belongs to
    minutes   how long it takes to read and try
    question  what the reader can answer afterwards
    """

    slug: str
    title: str
    part: str
    minutes: int
    question: str


def folder(slug: str) -> Path:
    """Where a lesson's files stand."""
    return HERE / slug


def path(slug: str) -> str:
    """A lesson's page, as Streamlit's navigation names it."""
    return f"lessons/{slug}/page.py" if (folder(slug) / "page.py").exists() else f"lessons/{slug}.py"


def after(slug: str) -> str | None:
    """The lesson that follows; None after the last."""
    at = SLUGS.index(slug) + 1
    return SLUGS[at] if at < len(SLUGS) else None


def lesson(slug: str, language: str = "en") -> Lesson:
    """What a lesson is called."""
    if not (folder(slug) / "en.md").exists():
        return next(old for old in BEFORE if old.slug == slug)
    words, shared = text.load(folder(slug), language), text.load(HERE / "common", language)
    part = next(name for name, slugs in PARTS.items() if slug in slugs)
    return Lesson(slug, words.title, str(shared.label(f"parts.{part}", {})), words.minutes, words.question)


BEFORE = (
    Lesson(
        slug="hidden_state",
        title="A loop in time",
        part="Memory",
        minutes=15,
        question="What does the hidden state remember?",
    ),
    Lesson(
        slug="lstm_gates",
        title="Gates",
        part="Memory",
        minutes=20,
        question="How does an LSTM decide what to keep?",
    ),
    Lesson(
        slug="gru_gates",
        title="Two gates instead of three",
        part="Memory",
        minutes=15,
        question="What does a GRU give up?",
    ),
    Lesson(
        slug="bidirectional_and_stacked",
        title="Both ways",
        part="Memory",
        minutes=15,
        question="What does the future know?",
    ),
    Lesson(
        slug="backprop_through_time",
        title="Back through time",
        part="Gradients",
        minutes=20,
        question="How does a gradient travel back in time?",
    ),
    Lesson(
        slug="vanishing_and_exploding",
        title="A long way back",
        part="Gradients",
        minutes=25,
        question="Why does a gradient vanish or explode?",
    ),
    Lesson(
        slug="initialization",
        title="Initialization",
        part="Gradients",
        minutes=20,
        question="What does a network’s start decide?",
    ),
    Lesson(
        slug="clipping",
        title="The wall",
        part="Gradients",
        minutes=15,
        question="What does clipping do about an exploding gradient?",
    ),
)


def lessons(language: str = "en") -> tuple[Lesson, ...]:
    """All lessons, in teaching order."""
    return tuple(lesson(slug, language) for slug in SLUGS)


def title(page: str, language: str = "en") -> str:
    """The name in the menu of a page that is no lesson."""
    return text.load(folder(page), language).title


CATALOG = lessons()
