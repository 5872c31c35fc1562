"""The lessons, in teaching order: what is built, and nothing that is not.

A lesson is a folder of its name, its slug, which is its address too. How it is called stands in its language file.
"""

from dataclasses import dataclass
from pathlib import Path

from lessons.common import text
from lessons.common.watched import keep_module_paths

__all__ = ["PARTS", "SLUGS", "Lesson", "after", "folder", "keep_module_paths", "lesson", "lessons", "path", "title"]

HERE = Path(__file__).parent

PARTS = {  # {part: slugs}; a part's name stands in the words that all lessons share
    "memory": ("hidden_state", "lstm_gates", "gru_gates", "bidirectional_and_stacked"),
    "gradients": ("backprop_through_time", "vanishing_and_exploding", "initialization", "clipping"),
    "learning": (
        "training",
        "optimizers_and_schedules",
        "regularization",
        "long_memory",
        "gru_or_lstm",
        "reproduce_the_papers",
        "tuning",
    ),
    "applications": (
        "preprocessing",
        "language_model",
        "translation",
        "sentiment",
        "sequence_labelling",
        "forecasting",
        "speech",
        "gesture",
        "beyond_recurrence",
    ),
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
    return f"lessons/{slug}/page.py"


def after(slug: str) -> str | None:
    """The lesson that follows; None after the last."""
    at = SLUGS.index(slug) + 1
    return SLUGS[at] if at < len(SLUGS) else None


def lesson(slug: str, language: str = "en") -> Lesson:
    """What a lesson is called."""
    words, shared = text.load(folder(slug), language), text.load(HERE / "common", language)
    part = next(name for name, slugs in PARTS.items() if slug in slugs)
    return Lesson(slug, words.title, str(shared.label(f"parts.{part}", {})), words.minutes, words.question)


def lessons(language: str = "en") -> tuple[Lesson, ...]:
    """All lessons, in teaching order."""
    return tuple(lesson(slug, language) for slug in SLUGS)


def title(page: str, language: str = "en") -> str:
    """The name in the menu of a page that is no lesson."""
    return text.load(folder(page), language).title
