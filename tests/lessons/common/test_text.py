"""The text engine: what a language file says, with the facts of the moment; and what is wrong in one, with its line."""

import json
import re
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from lessons.common import text
from lessons.common.filters import filters
from lessons.common.text import TextError
from tests.lessons.common.words import split_sentences, spoken

HEAD = """---
title: Hidden state
question: What does it remember?
minutes: 15
controls:
  units: hidden units
  input: {label: input, choices: {yes: the weather, no: a sentence}}
presets:
  shorter: {label: "ρ = {{ rho|exact }}: *gone*"}
labels:
  pictures: {norms: {title: "Norm at step {{ step }}", up: how large}}
  typed: "You typed {{ typed }}"
---
"""
STORY = '# Story\n## One number {#loop units=1 rho=0.5 folded show="x h" off=false}\n'


@pytest.fixture
def write(tmp_path):
    """Write a language file; give its words."""

    def written(body, head=HEAD, language="en"):
        folder = tmp_path / "lessons" / "made"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{language}.md").write_text(head + body, encoding="utf-8")
        return text.load(folder, language)

    return written


@pytest.fixture
def said(write):
    """What a section says with these facts, as HTML."""
    return lambda body, **facts: write(STORY + body).section("loop", facts).body


# The file


def test_front_matter_names_the_lesson(write):
    words = write(STORY)
    assert (words.title, words.question, words.minutes) == ("Hidden state", "What does it remember?", 15)


def test_controls_have_labels_and_choices(write):
    controls = write(STORY).controls
    assert controls["units"] == {"label": "hidden units"}
    assert controls["input"]["choices"] == {"yes": "the weather", "no": "a sentence"}


def test_attributes_are_read_as_what_they_are(write):
    expected = {"units": 1, "rho": 0.5, "folded": True, "show": "x h", "off": False}
    words = write(STORY)
    assert words.attributes("loop") == expected
    assert words.section("loop", {}).attributes == expected


def test_story_and_explore_have_their_sections(write):
    words = write("# Story\n## A {#one}\n## B {#two}\n# Explore\n## {#about}\nText.\n")
    assert words.beats == ("one", "two")
    assert words.explore == ("about",)
    assert words.section("about", {}).title == ""


def test_headings_in_code_are_code(said):
    assert "## not a heading {#x}" in said("```\n## not a heading {#x}\n```\n")


def test_labels_are_plain_text_with_facts(write):
    words = write(STORY)
    assert words.label("pictures.norms.title", {"step": 3}) == "Norm at step 3"
    assert words.label("typed", typed="<b>*x*</b>") == "You typed <b>*x*</b>"
    assert words.labels("pictures", {"step": 3}) == {"norms": {"title": "Norm at step 3", "up": "how large"}}
    assert words.label("controls.units") == "hidden units"


def test_lists_in_labels_are_plain_text_too(write):
    words = write(STORY, HEAD.replace("{{ typed }}", "{{ typed|listed }}"))
    assert words.label("typed", typed=["<b>", "&"]) == "You typed <b> and &"


def test_presets_are_html_of_one_line(write):
    assert write(STORY).preset("shorter", {"rho": 0.5}) == "ρ = 0.5: <em>gone</em>"


def test_labels_that_a_lesson_lacks_are_those_of_all_lessons(write):
    assert write(STORY).label("story.back") == "Back"


def test_a_file_that_changed_is_read_again(write):
    assert "old" in write(STORY + "old").section("loop", {}).body
    assert "new!" in write(STORY + "new!").section("loop", {}).body


# Facts


@dataclass(frozen=True)
class Facts:
    step: int = 9

    @property
    def half(self):
        return 0.5

    @cached_property
    def impossible(self):
        raise ValueError("there is no past")


def test_facts_may_be_an_object_with_fields_and_properties(write):
    section = write(STORY + "{{ step }} {{ half|number }} {{ more }}").section("loop", Facts(), more="x")
    assert section.body == "<p>9 0.500 x</p>"


def test_a_fact_that_cannot_be_computed_fails_only_where_it_is_said(write):
    words = write(STORY + "{% if step > 10 %}{{ impossible }}{% endif %}fine")
    assert "fine" in words.section("loop", Facts()).body
    with pytest.raises(TextError, match=r"'impossible' cannot be computed here: ValueError: there is no past$"):
        words.section("loop", Facts(step=11))


def test_a_name_that_is_no_fact_is_an_error_with_file_line_and_names(write):
    words = write(STORY + "One.\n\nTwo {{ nmae }}.\n")
    line = HEAD.count("\n") + 5
    with pytest.raises(TextError, match=rf"lessons/made/en.md:{line}: 'nmae' is not a fact here; facts: name, step$"):
        words.section("loop", {"name": "", "step": 1})


def test_a_name_in_a_branch_that_is_not_taken_is_an_error_too(write):
    with pytest.raises(TextError, match="'nmae' is not a fact"):
        write(STORY + "{% if no %}{{ nmae }}{% endif %}").section("loop", {"no": False})


@pytest.mark.parametrize(
    ("body", "facts", "complaint"),
    [
        ("{{ x }}", {"x": 0.5}, r"0.5 is a float: say how it is to be shown"),
        ("{{ x }}", {"x": np.float64(0.5)}, r"is a float"),
        ("{{ x }}", {"x": None}, "None is neither text nor a number"),
        ("{{ x }}", {"x": True}, "True is neither text nor a number"),
        ("{{ x }}", {"x": ["a"]}, "is a list"),
        ("{{ x|number }}", {"x": "a"}, "'a' is not a number"),
        ("{{ x.stp }}", {"x": Facts()}, "no attribute 'stp'"),
        ("{{ x.stp.more }}", {"x": Facts()}, "no attribute 'stp'"),
        ("{{ x + 1 }}", {"x": 1}, "computes nothing"),
        ("{{ x.upper() }}", {"x": "a"}, "computes nothing"),
        ("{{ x|uper }}", {"x": "a"}, "No filter named 'uper'"),
        ("{{ x|safe }}", {"x": "a"}, "No filter named 'safe'"),
        ("{% if x %}", {"x": 1}, "Unexpected end of template"),
        ("{{ x", {"x": 1}, "unexpected end of template"),
        ("{% include 'x' %}", {"x": 1}, "no other tags"),
        ("$h_{t$", {}, "its braces do not match"),
        (r"$\foo$", {}, r"\\foo is not known"),
        ("[[no such term]]", {}, "'no such term' is not in the glossary"),
        ("[a](stage:)", {}, "sets nothing"),
        ("[a](ftp://x)", {}, "a link leads to"),
        ("[a]({{ x }})", {"x": "javascript:alert(1)"}, "not begin with one"),
    ],
)
def test_what_is_wrong_in_a_text_is_said_with_its_line(write, body, facts, complaint):
    line = HEAD.count("\n") + 5
    with pytest.raises(TextError, match=f"lessons/made/en.md:{line}: .*{complaint}"):
        write(STORY + "A first line.\n\n" + body).section("loop", facts)


@pytest.mark.parametrize(
    ("body", "line", "complaint"),
    [
        ("Text.\n", 1, "belongs to no section"),
        ("# Tale\n", 1, "is no mode"),
        ("## A {#a}\n", 1, "before the first section"),
        ("# Story\nText\n", 2, "belongs to no section"),
        ("# Story\n## A\n", 2, "has no id"),
        ("# Story\n## A {#a}\n## B {#a}\n", 3, "two sections"),
        ("# Story\n## A {#a b=}\n", 2, "cannot read the attributes"),
        ("# Story\n## A {#a b b}\n", 2, "stands twice"),
        ("# Story\n## A {#a}\n### B? {ask=b}\n", 3, "### has one of"),
        ("# Story\n## A {#a}\n### B? {check}\n", 3, "a question has an id"),
        ("# Story\n## A {#a}\n### B? {check=b}\n- x: X\n", 3, "has no ### {answer}"),
        ("# Story\n## A {#a}\n### {answer}\nSo.\n", 3, "has no question before it"),
        ("# Story\n## A {#a}\n### B? {check=b}\n### {answer}\nSo.\n", 3, "has no choices"),
        ("# Story\n## A {#a}\n### B? {check=b}\n\n- only words\n### {answer}\nSo.\n", 5, "- id: words"),
        ("# Story\n## A {#a}\n### B? {check=b}\n- ü?: X\n### {answer}\nSo.\n", 4, "is no id for a choice"),
    ],
)
def test_a_file_that_is_not_written_as_it_should_be_is_refused(write, body, line, complaint):
    with pytest.raises(TextError, match=rf"en.md:{HEAD.count(chr(10)) + line}: .*{complaint}"):
        write(body)


@pytest.mark.parametrize(
    ("head", "line", "complaint"),
    [
        ("---\ntitle: a\n", 1, "does not end"),
        ("---\ntitle: a\ntitle: b\n---\n", 3, "'title' stands twice"),
        ("---\ntitle: a\nlabels: {a: b\n---\n", 3, "expected"),
        ("---\n- a\n---\n", 2, "name: value"),
    ],
)
def test_front_matter_that_cannot_be_read_is_refused(write, head, line, complaint):
    with pytest.raises(TextError, match=f"en.md:{line}: .*{complaint}"):
        write("", head)


def test_errors_in_labels_have_their_line(write):
    line = HEAD.split("\n").index('  typed: "You typed {{ typed }}"') + 1
    with pytest.raises(TextError, match=rf"en.md:{line}: 'typed' is not a fact"):
        write(STORY).label("typed", {})


def test_asking_for_what_is_not_there_says_what_there_is(write):
    with pytest.raises(TextError, match=r"no section {#lop}; there are loop"):
        write(STORY).section("lop", {})
    with pytest.raises(TextError, match=r"no words for 'pictures\.nomrs'"):
        write(STORY).label("pictures.nomrs")


# Branches and paragraphs


def test_lines_of_tags_alone_leave_no_trace(said):
    body = "One\n{% if yes %}\ntwo\n{% endif %}\nthree.\n\nNext.\n"
    assert said(body, yes=True) == "<p>One\ntwo\nthree.</p>\n<p>Next.</p>"
    assert said(body, yes=False) == "<p>One\nthree.</p>\n<p>Next.</p>"


def test_a_tag_at_the_end_of_a_line_leaves_paragraphs_apart(said):
    assert said("One{% if yes %} more{% endif %}\n\nTwo", yes=True) == "<p>One more</p>\n<p>Two</p>"


# Questions


QUESTION = """Text.
### Where will {{ name }} end up? {predict=again}
- below: Below zero
- above: Above {{ name }}
### {answer}
**{% if right == "above" %}Above{% else %}Below{% endif %}.**
### Drag it. {do}
"""


def test_questions_have_choices_by_id_and_an_answer(write):
    words = write(STORY + QUESTION)
    section = words.section("loop", {"name": "<h>", "right": "above"})
    (question,) = section.questions
    assert (question.id, question.kind) == ("again", "predict")
    assert question.ask == "Where will &lt;h&gt; end up?"
    assert question.choices == {"below": "Below zero", "above": "Above &lt;h&gt;"}
    assert question.answer == "<p><strong>Above.</strong></p>"
    assert (section.body, section.do) == ("<p>Text.</p>", "Drag it.")
    assert words.questions("loop") == ("again",)


def test_loops_make_choices_and_questions(write):
    body = """{% for q in asked %}
### Is it {{ q.name }}? {check={{ q.id }}}
{% for c in q.choices %}
- {{ c }}: the {{ c }}
{% endfor %}
### {answer}
It is.
{% endfor %}
"""
    asked = [{"id": "one", "name": "a", "choices": ["x", "y"]}, {"id": "two", "name": "b", "choices": ["z", "v"]}]
    questions = write(STORY + body).section("loop", {"asked": asked}).questions
    assert [question.id for question in questions] == ["one", "two"]
    assert questions[0].choices == {"x": "the x", "y": "the y"}


# Values are never anything but themselves


TYPED = st.one_of(
    st.text(max_size=30),
    st.lists(
        st.sampled_from(
            [
                *("<b>", "*", "_", "`", "[a](stage:f)", "[[gate]]", "$h_t$", "{{ x }}", "{% x %}", "\n", "# ", "- "),
                *("&amp;", "~~", "|", "http://a.b", "\\", "1. ", ">", "    ", '"', "'", "\U000f0000", "\U0010fff0"),
            ]
        ),
        max_size=8,
    ).map("".join),
)
PLACES_OF_VALUES = (
    "Say {{ x }} here.", "{{ x }}", "**{{ x }}** `{{ x }}`", "- {{ x }}\n- b", "> {{ x }}", "$h_{{ x }}$",
    "[{{ x }}](stage:f?step=1)", "[[{{ x }}|gate]]", "```\n{{ x }}\n```", "$$\n{{ x }}\n$$", "a|b\n-|-\n{{ x }}|c",
)  # fmt: skip


@pytest.fixture(scope="module")
def places(tmp_path_factory):
    folder = tmp_path_factory.mktemp("lessons") / "made"
    folder.mkdir()
    body = "# Explore\n" + "".join(f"## T{{#s{i}}}\n{place}\n" for i, place in enumerate(PLACES_OF_VALUES))
    (folder / "en.md").write_text(body, encoding="utf-8")
    return text.load(folder)


@given(typed=TYPED)
def test_what_readers_type_comes_out_as_that_text_and_as_nothing_else(places, typed):
    for name in places.explore:
        html = places.section(name, {"x": typed}).body
        same = places.section(name, {"x": Markup("X")}).body  # markup passes
        assert html == same.replace("X", Markup.escape(typed))


@given(typed=TYPED)
def test_what_readers_type_stays_a_value_in_links_to_the_stage(typed, tmp_path_factory):
    folder = tmp_path_factory.getbasetemp() / "lessons" / "links"
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "en.md").exists():
        (folder / "en.md").write_text("# Explore\n## {#a}\n[a](stage:f?text={{ x }}&step=2)\n", encoding="utf-8")
    html = text.load(folder).section("a", {"x": typed}).body
    (event,) = [json.loads(Markup(one).unescape()) for one in values_of(html)]
    assert event == {"select": "f", "text": typed, "step": 2}


def values_of(html):
    """The data-value of each element."""
    return re.findall(r'data-value="([^"]*)"', html)


def test_numbers_in_links_are_exact(said):
    html = said("[a](stage:f?rho={{ x|number }}&step={{ n }})", x=0.123456789, n=np.int64(3))
    assert values_of(html) == ["{&quot;select&quot;: &quot;f&quot;, &quot;rho&quot;: 0.123456789, &quot;step&quot;: 3}"]


def test_markup_passes_and_a_block_is_no_paragraph(said):
    assert said("{{ x }}", x=Markup("<div>A</div>")) == "<div>A</div>"
    assert said("{{ x }}", x=Markup("<b>A</b>")) == "<p><b>A</b></p>"


def test_html_in_the_file_is_text(said):
    assert said("<script>alert(1)</script>") == "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"


# Numbers


@pytest.mark.parametrize(
    ("source", "value", "expected"),
    [
        ("number", 0.0776, "0.0776"),
        ("number", -1.15, "−1.15"),
        ("number", 2e-9, "2.00×10⁻⁹"),
        ("number", 12, "12"),
        ("number", np.float32(0.5), "0.500"),
        ("number", float("nan"), "not finite (NaN)"),
        ("number", float("-inf"), "not finite (−∞)"),
        ("number(1)", 0.26, "0.3"),
        ("signed", 0.5, "+0.500"),
        ("signed", -0.5, "−0.500"),
        ("exact", 0.5, "0.5"),
        ("exact", 0.1 + 0.2, "0.3"),
        ("exact", -3.0, "−3"),
        ("decimals(2)", -0.001, "0.00"),
        ("percent", 0.125, "13%"),
        ("percent(1)", 0.125, "12.5%"),
        ("percent", 0.0004, "less than 1%"),
        ("percent", 0.9996, "more than 99%"),
        ("percent", 1.0, "100%"),
        ("percent", 0, "0%"),
        ("percent", float("inf"), "not finite (∞)"),
        ("log10", -400.0, "1.00×10⁻⁴⁰⁰"),
        ("log10", float("-inf"), "0"),
        ("log10", float("inf"), "not finite (∞)"),
        ('count("step", "steps")', 1, "1 step"),
        ('count("step", "steps")', 0, "0 steps"),
        ("ordinal", 1, "1st"),
        ("ordinal", 12, "12th"),
        ("ordinal", 23, "23rd"),
        ("spelled", 3, "three"),
        ("spelled", 30, "30"),
        ("listed", ["a", "<b>", "c"], "a, &lt;b&gt; and c"),
        ("listed", ["a"], "a"),
        ("listed", [], ""),
        ('listed("or")', [1, 2], "1 or 2"),
        ("joined", (0, 3), "0, 3"),
        ("capital", "the past", "The past"),
    ],
)
def test_filters(said, source, value, expected):
    assert said(f"={{{{ x|{source} }}}}=", x=value) == f"<p>={expected}=</p>"


def test_a_whole_number_needs_no_filter(said):
    assert said("{{ x }}", x=-3) == "<p>−3</p>"


def test_other_languages_have_the_same_filters():
    assert set(filters("de")) == set(filters("en"))
    assert filters("de")["ordinal"](3) == "3."


# What the checks of words hear


def test_spoken_leaves_definitions_and_formulas_out(write):
    section = write(STORY + "The [[forget gate]] is $h_t$ at $$\\frac{1}{2}$$.").section("loop", {})
    assert spoken(section.body) == "The forget gate is ƒ at ƒ."


def test_sentences_are_told_apart():
    assert list(split_sentences("One is 0.5. Two, e.g. this! “Three?” And four")) == [
        "One is 0.5.", "Two, e.g. this!", "“Three?”", "And four",
    ]  # fmt: skip
