"""Questions: asked before seeing, or to check oneself; and the prose around them, as parts of `charts.show`.

Which answer is right is a fact of the lesson's model, `facts.answers[question]`, computed like every other number. The
words are the language file's. An answer, once given, stays; what is told after it is not on the page before.
"""

import json
from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from lessons.common.text import Question, Section, fact

Answers = dict[str, str | None]


def prose(section: Section, *, titled: bool = True) -> Markup:
    """A section's text, below its heading where it is `titled` and has one."""
    heading = Markup("<h3>{}</h3>").format(section.title) if section.title and titled else Markup("")
    return Markup('<section class="rnn prose" data-section="{}">{}{}</section>').format(
        section.id, heading, section.body
    )


def predict(section: Section, facts: Any, answers: Mapping[str, str | None], key: str = "") -> Markup:
    """A section whose question is to be answered before seeing, and what is told once it was."""
    asked = Markup("").join(_asked(question, facts, answers, key) for question in section.questions)
    return Markup('<section class="rnn prose predict" data-section="{}">{}{}</section>').format(
        section.id, section.body, asked
    )


def checks(section: Section, facts: Any, answers: Mapping[str, str | None]) -> Markup:
    """Questions to check oneself with."""
    asked = Markup("").join(_asked(question, facts, answers, "") for question in section.questions)
    return Markup('<section class="rnn prose checks" data-section="{}">{}</section>').format(section.id, asked)


def presets(title: str, labels: Mapping[str, Markup]) -> Markup:
    """Buttons that set the controls."""
    buttons = Markup("").join(
        Markup('<button type="button" data-target="preset" data-value="{}">{}</button>').format(name, label)
        for name, label in labels.items()
    )
    return Markup('<section class="rnn prose presets" aria-label="{}"><b>{}</b> {}</section>').format(
        title, title, buttons
    )


def answer(answers: Answers, given: Any) -> None:
    """Keep an answer: `given` is {"question": id, "choice": id}, from the browser; the first one counts."""
    if isinstance(given, Mapping) and isinstance(given.get("question"), str):
        choice = given.get("choice")
        answers.setdefault(given["question"], choice if isinstance(choice, str) else None)


def right(question: Question, facts: Any) -> str:
    """The id of the answer that is right."""
    return str(fact(facts, "answers")[question.id])


def _asked(question: Question, facts: Any, answers: Mapping[str, str | None], key: str) -> Markup:
    """One question: its choices as buttons until one is chosen, then what was right, and why."""
    name = question.id + key
    told = name in answers
    best = right(question, facts) if told else None
    buttons = Markup("").join(
        Markup(
            '<button type="button" class="choice{}" data-target="answer" data-value="{}" data-choice="{}"{}>{}</button>'
        ).format(
            " right" if choice == best else " given" if told and answers[name] == choice else "",
            json.dumps({"question": name, "choice": choice}),
            choice,
            Markup(" disabled") if told else "",
            shown,
        )
        for choice, shown in question.choices.items()
    )
    after = Markup('<div class="answer" aria-live="polite">{}</div>').format(question.answer) if told else Markup("")
    return Markup(
        '<div class="question" data-question="{}"><div class="ask">{}</div><div class="choices">{}</div>{}</div>'
    ).format(question.id, question.ask, buttons, after)
