"""The words that all lessons share: those of buttons, of sections and of verdicts, in `lessons/common/en.md`."""

from pathlib import Path

from lessons.common import text
from lessons.common.language import language

HERE = Path(__file__).parent


def shared() -> text.Words:
    """The words that all lessons share, in the reader's language."""
    return text.load(HERE, language(HERE))


def common(name: str, **facts: object) -> str:
    """A label of the shared words, such as "story.next", filled in with facts."""
    return shared().label(name, facts)
