"""What a section consists of: its text, something to do, questions with choices and answers.

It is split after its template was rendered, so that loops and branches may bring questions, and before its values are
filled in, so that the same shape serves all numbers.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from markupsafe import Markup

from lessons.common.glossary import Glossary
from lessons.common.markup import Fragment, MarkupError, fill_text, fragment
from lessons.common.source import CHOICE, PARTS, headings, split_attributes


@dataclass(frozen=True)
class Question:
    """A question: `kind` is "predict" or "check"; `choices` are {id: words}; `answer` is what is told afterwards."""

    id: str
    kind: str
    ask: Markup
    choices: Mapping[str, Markup]
    answer: Markup


@dataclass(frozen=True)
class Section:
    """A section with its numbers, as HTML: `title`, `do`, `ask` and choices of one line, `body` and answers of any."""

    id: str
    title: Markup
    attributes: Mapping[str, Any]
    body: Markup
    do: Markup | None
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Asked:
    """A question without its values."""

    id: str
    kind: str
    ask: Fragment
    choices: tuple[tuple[str, Fragment], ...]
    answer: Fragment


@dataclass(frozen=True)
class Shape:
    """A section without its values."""

    body: Fragment
    do: Fragment | None
    questions: tuple[Asked, ...]

    def fill(self, values: tuple[Any, ...]) -> tuple[Markup, Markup | None, tuple[Question, ...]]:
        """Body, something to do, and questions, with these values."""
        questions = tuple(
            Question(
                fill_text(asked.id, values),
                asked.kind,
                asked.ask.fill(values),
                {fill_text(name, values): words.fill(values) for name, words in asked.choices},
                asked.answer.fill(values),
            )
            for asked in self.questions
        )
        return self.body.fill(values), self.do.fill(values) if self.do else None, questions


@lru_cache(maxsize=1024)
def shape(text: str, glossary: Glossary, firsts: frozenset[str]) -> Shape:
    """The parts of a rendered section; `MarkupError` where they do not fit together."""
    reader = _Reader(glossary, firsts)
    body = []
    do: Fragment | None = None
    questions: list[Asked] = []
    for heading, attributes, lines in _pieces(text):
        kind = next((name for name in PARTS if name in attributes), None)
        if kind is None:
            body += ([f"### {heading}"] if heading else []) + lines
    made = reader.read("\n".join(body))
    for heading, attributes, lines in _pieces(text):
        kind = next((name for name in PARTS if name in attributes), None)
        if kind == "do":
            if do is not None or "".join(lines).strip():
                raise MarkupError("a section has one thing to do, on the line of its ### {do}", heading)
            do = reader.read(heading, inline=True)
        elif kind == "answer":
            if not questions or questions[-1].answer.html:
                raise MarkupError("this answer has no question before it", "{answer}")
            answer = reader.read("\n".join(lines))
            questions[-1] = Asked(**{**vars(questions[-1]), "answer": answer})
        elif kind:
            questions.append(_asked(reader, heading, kind, str(attributes[kind]), lines))
    for asked in questions:
        if not asked.answer.html:
            raise MarkupError("this question has no answer", f"={asked.id}")
    return Shape(made, do, tuple(questions))


def _asked(reader: "_Reader", heading: str, kind: str, name: str, lines: list[str]) -> Asked:
    choices = {found["id"]: reader.label(found["text"]) for line in lines if (found := CHOICE.match(line))}
    if len(choices) != sum(bool(line.strip()) for line in lines):
        raise MarkupError("choices are written - id: words, each on one line, with ids of their own", f"={name}")
    if not choices:
        raise MarkupError("this question has no choices", f"={name}")
    return Asked(name, kind, reader.read(heading, inline=True), tuple(choices.items()), Fragment("", frozenset()))


class _Reader:
    """Makes fragments one after the other; a term is new in one of them alone."""

    def __init__(self, glossary: Glossary, firsts: frozenset[str]):
        self.glossary, self.firsts = glossary, firsts

    def read(self, text: str, *, inline: bool = False) -> Fragment:
        made = fragment(text, self.glossary, self.firsts, inline)
        self.firsts -= made.used
        return made

    def label(self, text: str) -> Fragment:
        """Words on a button, which explain nothing."""
        return fragment(text, None, frozenset(), inline=True)


def _pieces(text: str) -> list[tuple[str, dict[str, Any], list[str]]]:
    """(heading, attributes, lines below) of each part that begins with ###, and of what stands before the first."""
    lines = text.split("\n")
    marks = [(number, words) for number, level, words in headings(lines) if level == 3]
    ends = [number for number, _ in marks] + [len(lines) + 1]
    pieces: list[tuple[str, dict[str, Any], list[str]]] = [("", {}, lines[: ends[0] - 1])]
    for (number, words), end in zip(marks, ends[1:]):
        heading, attributes = split_attributes(words)
        pieces.append((heading, attributes, lines[number : end - 1]))
    return pieces
