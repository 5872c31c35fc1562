"""Every lesson's story, without a browser: what the reader is sent at each beat, and what is kept from the reader."""

import json
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from lessons import catalog
from lessons.common import stages
from lessons.common.controls import every_id, settle, shown
from lessons.common.story import BOUND
from tests.lessons.common.visits import LESSONS, STORIES, components, move, run, say, sent, settled, sound, tell, visit
from tests.lessons.common.words import Lesson, ends

STORY = {slug: Lesson.open(slug) for slug in STORIES}
BEATS = [(slug, beat) for slug, lesson in STORY.items() for beat in lesson.words.beats]
ASKED = [(slug, beat) for slug, beat in BEATS if STORY[slug].words.questions(beat)]
every_story = pytest.mark.parametrize("slug", STORIES)
every_beat = pytest.mark.parametrize(("slug", "beat"), BEATS)
every_question = pytest.mark.parametrize(("slug", "beat"), ASKED)
OURS = ("token", "epoch", "heard", "run")  # what counts messages and settings, and is another one each time


def beat_of(at: AppTest) -> Any:
    """The beat that is on the screen."""
    return sent(at, "story")


def lasting(data: Any) -> Any:
    """What is sent, without what only counts."""
    if isinstance(data, dict):
        return {name: lasting(value) for name, value in data.items() if name not in OURS}
    return [lasting(value) for value in data] if isinstance(data, list) else data


def controls_of(slug: str, beat: str) -> list[Any]:
    """The controls that a beat shows."""
    lesson = STORY[slug]
    attributes = lesson.words.attributes(beat)
    names = str(attributes.get("controls", "")).split()
    return [one for one in settle(lesson.model.controls, attributes)[0] if one.id in names and shown(one)]


# Where one stands


@every_beat
def test_a_beat_opens_by_its_address_with_words_a_stage_and_one_thing_to_do(slug: str, beat: str) -> None:
    words = STORY[slug].words
    data = beat_of(visit(slug, beat=beat))
    assert (data["id"], data["beats"]) == (beat, list(words.beats))
    assert data["heading"]
    assert data["body"]
    assert data["stage"]["kind"] in stages.KINDS
    last = beat == words.beats[-1]
    assert last or bool(data["do"]) != bool(data["question"])
    assert data["lesson"] == (catalog.after(slug) if last else None)
    assert [dial["id"] for dial in data["controls"]] == [control.id for control in controls_of(slug, beat)]


@every_story
def test_a_lesson_opens_with_its_story_and_an_unknown_beat_is_the_first(slug: str) -> None:
    first = STORY[slug].words.beats[0]
    for address in ({}, {"beat": "nowhere"}, {"beat": "<b>"}, {"beat": ""}, {"lang": "xx"}):
        assert beat_of(visit(slug, **address))["id"] == first


@every_story
def test_an_address_that_explores_or_names_settings_is_no_story(slug: str) -> None:
    name = sorted(every_id(STORY[slug].model.controls))[0]
    for address in ({"mode": "explore"}, {name: "1"}, {"step": "3"}):
        assert "story" not in components(visit(slug, **address))
    assert "story" in components(visit(slug, **{"beat": STORY[slug].words.beats[1], name: "1"}))


@pytest.mark.parametrize("slug", [slug for slug in LESSONS if slug not in STORIES])
def test_a_lesson_without_a_story_is_explored(slug: str) -> None:
    for address in ({}, {"beat": "any"}, {"mode": "story"}):
        assert "dials" in components(visit(slug, **address))


@every_story
def test_next_goes_through_all_beats_and_the_address_follows(slug: str) -> None:
    at = visit(slug)
    for beat in STORY[slug].words.beats[1:]:
        tell(at, "beat", beat)
        assert beat_of(at)["id"] == beat
        assert at.query_params["beat"] == beat
    tell(at, "beat", "nowhere")
    assert beat_of(at)["id"] == STORY[slug].words.beats[-1]


# What is asked


@every_question
def test_an_answer_is_not_sent_before_the_reader_has_chosen(slug: str, beat: str) -> None:
    at = visit(slug, beat=beat)
    before = beat_of(at)
    question = before["question"]
    assert (question["given"], question["told"], question["right"], question["answer"]) == (None, False, None, None)
    assert (view(before)["locked"], view(before).get("play_to")) == (True, None)
    assert view(before)["hide_from"] is not None
    chosen = question["choices"][0]["id"]
    tell(at, "answer", {"question": question["id"], "choice": chosen})
    after = beat_of(at)["question"]
    assert (after["given"], after["told"]) == (chosen, True)
    assert after["right"] in [choice["id"] for choice in after["choices"]]
    assert after["answer"]
    assert after["answer"] not in json.dumps(before)
    assert (before["body"], before["heading"]) == (beat_of(at)["body"], beat_of(at)["heading"])


def view(data: dict[str, Any]) -> dict[str, Any]:
    """How the stage is set."""
    stage: dict[str, Any] = data["stage"]
    return stage["view"] if isinstance(stage.get("view"), dict) else stage


@every_question
def test_an_answer_is_played_where_it_was_hidden(slug: str, beat: str) -> None:
    at = visit(slug, beat=beat)
    tell(at, "answer", {"question": beat_of(at)["question"]["id"], "choice": None})
    assert (beat_of(at)["question"]["given"], beat_of(at)["question"]["told"]) == (None, True)  # revealed, not chosen
    assert not view(beat_of(at))["locked"]
    assert view(beat_of(at))["play_to"] is not None


@every_question
def test_only_the_first_answer_counts_and_it_stays(slug: str, beat: str) -> None:
    at = visit(slug, beat=beat)
    question = beat_of(at)["question"]
    first, second = (choice["id"] for choice in question["choices"][:2])
    for choice in (first, second):
        tell(at, "answer", {"question": question["id"], "choice": choice})
    assert beat_of(at)["question"]["given"] == first
    for other in (STORY[slug].words.beats[0], beat):
        tell(at, "beat", other)
    assert beat_of(at)["question"]["given"] == first


@every_story
def test_a_message_is_heard_once(slug: str) -> None:
    at = visit(slug)
    second, third = STORY[slug].words.beats[1:3]
    said = {"serial": 1, "events": [{"target": "beat", "value": second}]}
    say(at, "story", said=said)
    tell(at, "beat", third)
    say(at, "story", said=said)
    assert beat_of(at)["id"] == third
    assert beat_of(at)["heard"] == 2


@every_story
def test_nonsense_that_a_browser_says_breaks_nothing(slug: str) -> None:
    at = visit(slug)
    beats = STORY[slug].words.beats
    for beat in beats:
        tell(at, "beat", beat)
        for value in (None, 5, "x", [], {}, {"question": "x"}, {"question": 3, "choice": {}}):
            tell(at, "answer", value)
            tell(at, "beat", value if value != "x" else {"a": 1})
            for control in controls_of(slug, beat):
                tell(at, control.id, value)
        assert beat_of(at)["id"] == beat
    for said in (None, 3, {}, {"serial": "1"}, {"serial": -1, "events": []}):
        say(at, "story", said=said)


@every_story
def test_the_way_to_the_next_page_is_kept_until_it_is_opened(slug: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the browser says while the page switches may call the old one once more."""
    to: list[str] = []
    monkeypatch.setattr(st, "switch_page", to.append)
    following = catalog.after(slug)
    at = tell(visit(slug, beat=STORY[slug].words.beats[-1]), "lesson" if following else "start", following)
    run(at)
    assert to == [catalog.path(following or "welcome")] * 2
    other = AppTest.from_file(catalog.HERE.parent / to[0], default_timeout=60)
    other.session_state[BOUND] = at.session_state[BOUND]
    assert BOUND not in run(other).session_state
    tell(at, "beat", STORY[slug].words.beats[0])
    assert len(to) == 2


# What is touched


@every_beat
def test_a_control_of_a_beat_moves_its_stage_and_the_beat_puts_it_right(slug: str, beat: str) -> None:
    at = visit(slug, beat=beat)
    usual = lasting(beat_of(at))
    for control in controls_of(slug, beat):
        stages = []
        for end in ends(control):
            tell(at, control.id, end)
            dial = next(dial for dial in beat_of(at)["controls"] if dial["id"] == control.id)
            assert dial["value"] == end
            stages.append(json.dumps(lasting(beat_of(at)["stage"])))
        assert len(set(stages)) == len(stages), f"{control.id} moves nothing"
        epoch = beat_of(at)["epoch"]
        tell(at, "reset")
        assert lasting(beat_of(at)) == usual
        assert beat_of(at)["epoch"] > epoch


@every_story
def test_next_and_back_put_right_what_was_touched(slug: str) -> None:
    at = visit(slug)
    beats = STORY[slug].words.beats
    for beat, other in zip(beats, (*beats[1:], beats[0])):
        tell(at, "beat", beat)
        usual = lasting(beat_of(at))
        for control in controls_of(slug, beat):
            tell(at, control.id, tuple(ends(control))[-1])
        tell(at, "beat", other)
        tell(at, "beat", beat)
        assert lasting(beat_of(at)) == usual


@every_story
def test_explore_shows_what_stood_on_the_stage_and_the_story_waits_where_it_was_left(slug: str) -> None:
    model = STORY[slug].model
    for beat in STORY[slug].words.beats:
        at = visit(slug, beat=beat)
        touched = {}
        for control in controls_of(slug, beat):
            touched[control.id] = tuple(ends(control))[-1]
            tell(at, control.id, touched[control.id])
        tell(at, "explore")
        assert at.query_params["mode"] == "explore"
        assert "beat" not in at.query_params
        wanted = settle(model.controls, {**STORY[slug].words.attributes(beat), **touched})[1]
        dials = {dial["id"]: dial["value"] for dial in sent(at, "dials")["dials"]}
        common = dials.keys() & touched.keys()
        assert {name: dials[name] for name in common} == {name: wanted[name] for name in common}
    move(at, **settled(slug, {}))
    sound(at.button(key="story_again").click().run())
    assert beat_of(at)["id"] == STORY[slug].words.beats[-1]
    at = visit(slug, mode="explore")
    sound(at.button(key="story_again").click().run())
    assert beat_of(at)["id"] == STORY[slug].words.beats[0]
