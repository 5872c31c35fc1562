"""All lessons keep the laws of words; and the laws can be broken."""

import re
from types import MappingProxyType

import pytest

from lessons import catalog
from lessons.common import text
from lessons.common.controls import Choice, Range, Text
from tests.lessons.common import words
from tests.lessons.common.words import LAWS, Lesson

WRITTEN = [
    (slug, language) for slug in catalog.SLUGS for language in text.languages(catalog.folder(slug))
]  # a lesson that has not moved into a folder has no language file


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
@pytest.mark.parametrize(("slug", "language"), WRITTEN)
def test_words(slug, language, law):
    assert law(Lesson.open(slug, language)) == []


# The laws themselves can fail


class Model:
    """A model as a lesson has one."""

    PRESETS = MappingProxyType({"short": {"rho": 0.5}})

    @staticmethod
    def controls(values):
        kinds = (Choice("input", ("days", "typed"), "days"), Range("rho", 0.0, 1.5, 0.05, 0.9, digits=2))
        return (*kinds, Text("text", "the cat")) if values.get("input") == "typed" else kinds

    @staticmethod
    def facts_for(section, values):  # noqa: ARG004
        return {"rho": values["rho"], "text": values.get("text", ""), "answers": {"grows": str(values["rho"] > 1)}}


HEAD = """---
title: Made
question: Is it?
controls: {rho: ρ, input: {label: input, choices: {days: days, typed: typed}}, text: text}
presets: {short: short}
---
"""
GOOD = """# Story
## It fades {#fades rho=0.5}
At each step {{ rho|number }} of it is left, as $0.5^k$ says. See [the state](stage:h?step=1).
### Drag ρ. {do}
## The end {#end}
That is all.
# Explore
## Typed {#typed}
You typed {{ text }}.
### Does it grow? {check=grows}
- True: yes
- False: no
### {answer}
So it is.
## Sources {#sources}
- A. Author (1999).
"""


@pytest.fixture
def made(tmp_path):
    """A lesson with this text, and the same in other languages."""

    def lesson(body, language="en", head=HEAD):
        folder = tmp_path / "lessons" / "made"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{language}.md").write_text(head + body)
        return Lesson(folder, language, Model())

    return lesson


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_a_good_text_keeps_all_laws(made, law):
    assert law(made(GOOD)) == []


@pytest.mark.parametrize(
    ("law", "old", "new", "complaint"),
    [
        (words.loads, "[the state]", "[[sluice]] [the state]", "'sluice' is not in the glossary"),
        (words.renders, "{{ rho|number }}", "{{ rho }}", "is a float"),
        (words.renders, "You typed {{ text }}", "{% if rho > 1.4 %}{{ txet }}{% endif %}", "'txet' is not a fact"),
        (words.renders, "You typed", "[You](typed", "is it whole"),
        (words.renders, "- True", "- yes", "the right answer of 'grows'"),
        (words.no_digits, "That is all", "That is 90 % of it", "comes from no fact"),
        (words.no_digits, "You typed", "You typed h₃", "comes from no fact"),
        (words.stage_links, "stage:h?step=1", "stage:q?step=1", "names 'q'"),
        (words.stage_links, "stage:h?step=1", "stage:h?stp=1", "names 'stp'"),
        (words.stage_links, "That is all", "[That](/lesson_x) is all", "no lesson 'lesson_x'"),
        (words.beats_are_small, "It fades", "It fades away, little by little, at", "longer than 30"),
        (words.beats_are_small, "See [", "And so. On it goes. See [", "4 sentences"),
        (words.beats_are_small, "is left", "of {{ rho|number }} of {{ rho|number }} is left", "more than 2 numbers"),
        (words.beats_are_small, "### Drag ρ. {do}\n", "", "0 things to do"),
        (words.standard_terms, "That is all", "It runs on a conveyor", "'conveyor': say cell state path"),
        (words.standard_terms, "That is all", "It is the gradient's length", "say norm"),
    ],
)
def test_a_law_says_what_is_wrong_and_where(made, law, old, new, complaint):
    assert old in GOOD
    (said,) = law(made(GOOD.replace(old, new)))
    assert re.match(rf"lessons/made/en.md:\d+: .*{re.escape(complaint)}", said)


@pytest.mark.parametrize(
    ("head", "complaint"),
    [
        (HEAD.replace("rho: ρ, ", ""), "the control 'rho' has no words"),
        (HEAD.replace("typed: typed", "tpyed: typed"), "the choice 'typed' of 'input' has no words"),
        (HEAD.replace("{short: short}", "{}"), "the preset 'short' has no words"),
        (HEAD.replace("{short: short}", "{short: short, long: long}"), "there is no preset 'long'"),
    ],
)
def test_all_that_can_be_set_is_called_something(made, head, complaint):
    assert complaint in " ".join(words.controls_have_words(made(GOOD, head=head)))


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("{{ text }}", "{{ rho|number }}", "what 'typed' asks for"),
        ("rho=0.5", "rho=0.6", "the attributes of 'fades'"),
        ("check=grows", "check=grow", "the list of questions"),
        ("{#end}", "{#ende}", "the list of sections"),
        ("?step=1", "?step=2", "the links to the stage in 'fades'"),
    ],
)
def test_languages_differ_in_words_alone(made, old, new, complaint):
    made(GOOD)
    assert words.languages_agree(made(GOOD.replace("That is all", "Das ist alles"), "de")) == []
    assert complaint in " ".join(words.languages_agree(made(GOOD.replace(old, new), "de")))


def test_exceptions_are_named_in_the_front_matter(made):
    assert (
        words.no_digits(made(GOOD.replace("all", "GPT-2"), head=HEAD.replace("---\nt", "---\ndigits: [GPT-2]\nt")))
        == []
    )


def test_settings_are_tried_at_their_ends(made):
    tried = [values for _, values in words.situations(made(GOOD))]
    assert {values["rho"] for values in tried} == {0.0, 0.5, 0.9, 1.5}
    assert {values.get("text") for values in tried} >= {None, "", words.NASTY}
