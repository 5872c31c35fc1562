"""Beats: a story, one small step after the other. What a beat is, and where the reader stands in a story.

A beat is a section of the story in a lesson's language file: a heading, one to three sentences, perhaps something to do
or a question to predict. Its attributes set the stage: the values of controls by their ids, and whatever else the
lesson's own stage understands. What the reader touches changes that stage until the next beat puts it right again.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True)
class Place:
    """Where the reader stands in a story.

    beat     the beat's id
    touched  what the reader has set there since it opened: controls by their ids, and what the stage has told
    answers  {question: choice} of all questions of the story; a choice of None was revealed, not chosen
    epoch    counts the times that the stage was set from here, not by the reader's hand
    """

    beat: str
    touched: Mapping[str, Any]
    answers: Mapping[str, str | None]
    epoch: int = 0

    def turn(self, beat: str) -> "Place":
        """The same reader at another beat, or at this one with its stage put right."""
        return replace(self, beat=beat, touched={}, epoch=self.epoch + 1)

    def touch(self, target: str, value: Any) -> "Place":
        """What the reader has set on the stage; the newest stands last."""
        others = {name: kept for name, kept in self.touched.items() if name != target}
        return replace(self, touched={**others, target: value})

    def answer(self, question: str, choice: str | None) -> "Place":
        """The reader's prediction; only the first one counts."""
        return self if question in self.answers else replace(self, answers={**self.answers, question: choice})


def opened(beats: tuple[str, ...], asked: str | None) -> Place:
    """The story at the beat that is asked for, or at its first where there is no such beat."""
    return Place(asked if asked in beats else beats[0], {}, {})
