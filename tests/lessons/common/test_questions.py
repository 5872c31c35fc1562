"""Questions as they are asked and answered, as a piece of the page."""

import re
from dataclasses import dataclass
from html import unescape
from typing import Any

import pytest
from markupsafe import Markup

from lessons.common import questions
from lessons.common.text import Question, Section

CHOICES = {"sum": Markup("the sum"), "product": Markup("the <i>product</i>")}
QUESTION = Question("term", "predict", Markup("Which?"), CHOICES, Markup("<p>It is the sum.</p>"))
SECTION = Section("ask", Markup(""), {}, Markup("<p>Look.</p>"), None, (QUESTION,))


@dataclass(frozen=True)
class Facts:
    answers: dict[str, str]


def asked(answers: dict[str, str | None], key: str = "") -> str:
    return str(questions.predict(SECTION, Facts({"term": "sum"}), answers, key))


def test_before_an_answer_nothing_of_it_is_there() -> None:
    page = asked({})
    assert "It is the sum" not in page
    assert 'class="choice"' in page
    assert not re.search(r'class="choice (right|given)"|disabled', page)


@pytest.mark.parametrize("given", ["sum", "product", None])
def test_after_an_answer_the_right_one_is_marked_and_told(given: str | None) -> None:
    page = asked({"term": given})
    assert "It is the sum" in page
    assert re.findall(r'class="choice right"[^>]*data-choice="(\w+)"', page) == ["sum"]
    assert re.findall(r'class="choice given"[^>]*data-choice="(\w+)"', page) == ["product"] * (given == "product")
    assert page.count("disabled") == len(CHOICES)


def test_a_question_of_other_settings_is_another_one() -> None:
    assert "It is the sum" not in asked({"term": "sum"}, key=" of relu")
    assert "It is the sum" in asked({"term of relu": "sum"}, key=" of relu")


def test_a_choice_says_which_question_it_answers() -> None:
    said = re.findall(r'data-target="answer" data-value="([^"]*)"', asked({}))
    assert [unescape(one) for one in said] == [f'{{"question": "term", "choice": "{name}"}}' for name in CHOICES]


@pytest.mark.parametrize("given", [None, 5, "sum", [], {}, {"choice": "sum"}, {"question": 3, "choice": "sum"}])
def test_nonsense_is_no_answer(given: Any) -> None:
    answers: questions.Answers = {}
    questions.answer(answers, given)
    assert answers == {}


def test_only_the_first_answer_counts() -> None:
    answers: questions.Answers = {}
    for choice in ("sum", "product"):
        questions.answer(answers, {"question": "term", "choice": choice})
    questions.answer(answers, {"question": "other", "choice": ["x"]})
    assert answers == {"term": "sum", "other": None}


def test_what_a_text_says_of_presets_and_titles_is_never_markup() -> None:
    page = questions.presets("<b>Try</b>", {"a&b": "<img>"})  # type: ignore[dict-item]
    assert "<img>" not in page
    assert "&lt;img&gt;" in page
    assert "<b>&lt;b&gt;" in page


def test_prose_has_its_heading_where_there_is_one() -> None:
    titled = Section("saw", Markup("What you saw"), {}, Markup("<p>x</p>"), None, ())
    assert "<h3>What you saw</h3>" in questions.prose(titled)
    assert "<h3>" not in questions.prose(titled, titled=False)
    assert "<h3>" not in questions.prose(SECTION)
