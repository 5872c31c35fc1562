"""The words that all lessons share: those of buttons, of sections and of verdicts, in `lessons/common/en.md`."""

from pathlib import Path

from markupsafe import Markup

from lessons.common import text
from lessons.common.language import language

HERE = Path(__file__).parent


def common(name: str, **facts: object) -> Markup:
    """A label of the shared words, such as "story.next", filled in with facts."""
    return text.load(HERE, language(HERE)).label(name, facts)
