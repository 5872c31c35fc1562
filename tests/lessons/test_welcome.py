"""The first page: a network reads whatever is typed, and the lessons are there, each once."""

import re
from base64 import b64decode
from html import unescape
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

import rnnviz as rv
from lessons import catalog
from lessons.common.trained import ALPHABET, trained
from lessons.welcome import model, pictures
from rnnviz.player import pack
from tests.hidden_state import parts
from tests.lessons.common.visits import components, html, say, sent, sound, tell
from tests.lessons.common.words import LAWS, Lesson

LESSONS = catalog.lessons()
APP = Path(__file__).parents[2] / "app.py"
NOTHING = ("", "   ", "🎉🎉", "привет мир", "12 34", "\u202e\0", "中文")
STRANGE = ("<b>hi</b> x", "a\tb\n🎉c", "naïve 🎉", "x=1;alert('y')")


def opened(**values: Any) -> AppTest:
    at = AppTest.from_file(str(APP), default_timeout=60)
    if values:
        at.session_state["dials"] = {"values": values}
    return sound(at.run())


@pytest.fixture(scope="module")
def welcome() -> AppTest:
    return opened()


def shown(at: AppTest) -> dict[str, Any]:
    """The stage."""
    found: dict[str, Any] = sent(at, "welcome_reading")["stage"]
    return found


def said(at: AppTest) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", "", html(at))).split())


def payload(stage: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    return parts(b64decode(stage["payload"]))


# The lessons


def test_each_lesson_has_a_card_once_in_order_and_by_part(welcome: AppTest) -> None:
    shelf = sent(welcome, "cards")["html"]
    assert re.findall(r'href="(\w+)" data-lesson="(\w+)"', shelf) == [(one.slug, one.slug) for one in LESSONS]
    headings = re.findall(r"<h2>([^<]+)</h2>", shelf)
    assert headings == list(dict.fromkeys(lesson.part for lesson in LESSONS))


def test_a_card_says_title_question_and_minutes(welcome: AppTest) -> None:
    cards = re.findall(r'<a class="lesson".*?</a>', sent(welcome, "cards")["html"], re.DOTALL)
    for card, lesson in zip(cards, LESSONS, strict=True):
        text = unescape(re.sub(r"<[^>]+>", " ", card))
        assert lesson.title in text
        assert lesson.question in text
        assert f"about {lesson.minutes} minutes" in text


@pytest.mark.parametrize("slug", catalog.SLUGS)
def test_each_lesson_has_a_small_picture_of_its_own(slug: str) -> None:
    drawn = pictures.picture(slug)
    assert drawn.count("<svg") in (1, 2)
    assert "nan" not in drawn
    assert sum(drawn == pictures.picture(other) for other in catalog.SLUGS) == 1


def test_a_click_on_a_card_opens_its_lesson() -> None:
    at = opened()
    say(at, "cards", lesson="hidden_state")
    assert "story" in components(at)
    at = opened()
    for nonsense in ("nowhere", None, 3, {"a": 1}):
        say(at, "cards", lesson=nonsense)
        assert "cards" in components(at)


def test_a_story_counts_as_finished_once_its_last_beat_was_reached() -> None:
    at = opened()
    say(at, "cards", lesson="hidden_state")
    data = sent(at, "story")
    assert data["slug"] == "hidden_state"
    assert "finished stories" not in at.session_state
    tell(at, "beat", data["beats"][-2])
    assert "finished stories" not in at.session_state
    tell(at, "beat", data["beats"][-1])
    assert at.session_state["finished stories"] == {"hidden_state"}
    at.switch_page("lessons/welcome/page.py")
    assert sent(sound(at.run()), "cards")["finished"] == ["hidden_state"]


# What is read


@pytest.mark.parametrize("act", ["one", "all", "back"])
def test_the_stage_shows_the_trained_network_on_what_is_typed(act: str) -> None:
    stage = shown(opened(text="to be or not", act=act))
    header, numbers = payload(stage)
    network, about = trained("letters_lstm")
    trace = rv.unroll(network, about.one_hot("to be or not"))
    targets = np.array([[ALPHABET.index(letter)] for letter in "o be or not "])
    loss = rv.losses.softmax_cross_entropy(trace.y, targets, np.arange(12)[:, None] < 11)
    assert numbers.startswith(parts(pack(trace, rv.backpropagate(network, trace, loss.dy)))[1])
    assert header["loss"] == loss.value
    assert "".join(header["tokens"]).replace("␣", " ") == "to be or not"
    view = stage["view"]
    assert (view["pass"], view["one_unit"]) == ("backward" if act == "back" else "forward", act == "one")
    assert (view["step"], view["play_to"]) == ((11, 0) if act == "back" else (0, 11))


@pytest.mark.parametrize("typed", NOTHING)
def test_where_nothing_can_be_read_it_reads_its_own_and_says_so(typed: str) -> None:
    at = opened(text=typed)
    header, _ = payload(shown(at))
    assert "".join(header["tokens"]).replace("␣", " ") == model.SENTENCE
    assert "this sentence is ours" in said(at)


@pytest.mark.parametrize("typed", STRANGE)
def test_what_cannot_be_read_is_left_out_and_that_is_said(typed: str) -> None:
    at = opened(text=typed)
    header, _ = payload(shown(at))
    assert set("".join(header["tokens"])) <= set(ALPHABET + "␣")
    assert "leaves out the rest" in said(at)
    assert "<b>hi" not in html(at)


def test_of_a_long_text_the_first_letters_are_read() -> None:
    at = opened(text="abc " * 2500)
    header, _ = payload(shown(at))
    assert len(header["tokens"]) in (model.MOST - 1, model.MOST)
    assert f"It reads the first {model.MOST} letters" in said(at)


@pytest.mark.parametrize("act", ["one", "all", "back"])
def test_one_letter_is_enough_for_a_picture(act: str) -> None:
    at = opened(text="q", act=act)
    header, _ = payload(shown(at))
    assert (header["tokens"], shown(at)["view"]["play_to"]) == (["q"], None)
    assert ("One letter is too little" in said(at)) == (act == "back")


def test_usual_words_and_marks_need_no_remark() -> None:
    for typed in ("Hello, World!", "It’s “me”", "Ünïcode naïve", "well-known"):
        assert model.spelled(typed)[1] == ""


def test_a_letter_that_is_added_is_read_from_where_the_reading_stood() -> None:
    at = opened(text="to b")
    at.session_state["dials"] = {"values": {"text": "to be"}}
    view = shown(sound(at.run()))["view"]
    assert (view["step"], view["play_to"]) == (3, 4)
    before = view["token"]
    assert shown(sound(at.run()))["view"]["token"] == before
    at.session_state["dials"] = {"values": {"text": "go be"}}
    view = shown(sound(at.run()))["view"]
    assert (view["step"], view["play_to"]) == (0, 4)
    assert view["token"] != before


def test_the_guess_is_the_network_s_likeliest_letter() -> None:
    facts = model.facts({"text": "the king sai", "act": "all"})
    network, about = trained("letters_lstm")
    y = rv.unroll(network, about.one_hot("the king sai")).y[-1, 0].astype(float)
    assert facts.guess == about.alphabet[int(y.argmax())] == "d"
    assert facts.share == pytest.approx(np.exp(y.max()) / np.exp(y).sum())


def test_the_one_unit_counts_letters_and_starts_again_at_spaces() -> None:
    facts = model.facts({"text": "a", "act": "one"})
    assert facts.at_spaces < -0.5 < 0.5 < facts.later


# Words


@pytest.mark.parametrize("law", [law for law in LAWS if law.__name__ != "renders"], ids=lambda law: law.__name__)
def test_its_words_keep_the_laws(law: Any) -> None:
    assert law(Lesson.open("welcome")) == []


@pytest.mark.parametrize("act", ["one", "all", "back"])
@pytest.mark.parametrize("text", ["", "q", "the cat.", "x" * 400, "<b>"])
def test_each_text_is_whole(act: str, text: str) -> None:
    facts = model.facts({"text": text, "act": act})
    words = Lesson.open("welcome").words
    for name in (f"act_{act}", "lost"):
        assert not re.search(r"\{\{|\{%|\$", words.section(name, facts).body)
