"""A story on a lesson's page: one component that shows a beat's words beside the stage that the beat sets.

The lesson gives `scene(moment) -> Scene`: what stands on the stage, and the facts that the words speak of. The browser
gets one beat at a time, and nothing of an answer before the reader has chosen:

    {id, beats, headings, title, heading, body, do, question: {id, ask, choices, given, told, right, answer},
     slug, last, lesson, words, stage: {kind, ...}, plays: whether the stage plays by itself, controls, epoch, heard}

and says `{serial, events: [{target, value}, ...]}`, one message at a time (js/conversation.js). Targets of the story's
own are "beat", "answer", "explore", "lesson", "start" and "reset"; all others are kept as what the reader has touched
(`Moment.touched`), and are forgotten at the next beat.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import ModuleType
from typing import Any

import streamlit as st

from lessons import catalog
from lessons.common import assets, beats, dials, questions, stages
from lessons.common.beats import Place
from lessons.common.controls import Control, settle, shown
from lessons.common.notes import notes
from lessons.common.shared import common
from lessons.common.text import Section, Words

KEY = "story"
BOUND = "bound for"  # (the lesson that is left, the page that follows), on the way there
BUTTONS = ("back", "next", "next_lesson", "start", "explore", "large", "large_hint", "keys")

STYLES = (
    *("words.css", "story.css", "dials.css", "charts.css"),
    *(*stages.STYLES, "rnnviz/diagrams.css"),
)

_mount = assets.component("rnn_story", "story.js", STYLES)


@dataclass(frozen=True)
class Moment:
    """What a lesson needs to know in order to set its stage.

    beat        the beat's id
    attributes  what the language file says of it, such as {"units": 1, "folded": True}
    values      {control: value}: the defaults, then the beat's attributes, then what the reader has touched
    touched     everything that the reader has touched, controls or not
    told        whether the beat's question has been answered; True where it has none
    epoch       another number each time that the stage is to be put right
    words       the lesson's words, for what is written on the stage
    """

    beat: str
    attributes: Mapping[str, Any]
    values: Mapping[str, Any]
    touched: Mapping[str, Any]
    told: bool
    epoch: int
    words: Words


@dataclass(frozen=True)
class Scene:
    """What the lesson sets on the stage.

    facts  what the words speak of; `facts.answers` holds the right answer of each question
    stage  {"kind": ..., ...} as JSON, see stages.py, or charts; None where there are only words
    """

    facts: Any
    stage: Mapping[str, Any] | None


Scenes = Callable[[Moment], Scene]


def tell(slug: str, words: Words, model: ModuleType, scene: Scenes, following: str | None) -> None:
    """Show the story where the reader stands in it.

    No fragment: its page has nothing else that a move would have to draw again, and what is drawn after one was left
    would still be thought part of it.
    """
    place = standing(slug, words)
    moment = moment_at(place, words, model)
    at = scene(moment)
    section = words.section(place.beat, at.facts)
    data = {
        **beat(words, section, place, at.facts, following),
        "stage": at.stage,
        "plays": bool(at.stage and plays(at.stage)),
        "controls": controls(moment, model),
        "heard": heard(slug),
        "slug": slug,
    }
    if data["last"]:
        st.session_state.setdefault("finished stories", set()).add(slug)  # the first page marks them
    _mount(key=KEY, data=data, on_said_change=lambda: hear(slug, words, model))
    depart(slug)


def plays(stage: Mapping[str, Any]) -> bool:
    """Whether a stage plays by itself as soon as it is shown: then an answer is told when it has played."""
    return any(part.get("play_to") is not None for part in (stage, stage.get("view")) if isinstance(part, Mapping))


def beat(words: Words, section: Section, place: Place, facts: Any, following: str | None) -> dict[str, Any]:
    """A beat's words as the browser shows them; of an answer, nothing before the reader has chosen."""
    last = section.id == words.beats[-1]
    return {
        "id": section.id,
        "beats": list(words.beats),
        "headings": [words.heading(name) for name in words.beats],
        "title": words.question,
        "heading": section.title,
        "body": section.body,
        "do": section.do,
        "question": asked(section, place, facts),
        "last": last,
        "lesson": following if last else None,
        "words": shared(),
        "epoch": place.epoch,
    }


def asked(section: Section, place: Place, facts: Any) -> dict[str, Any] | None:
    """The beat's question; with what is right, and why, once it is answered."""
    if not section.questions:
        return None
    question = section.questions[0]
    told = question.id in place.answers
    return {
        "id": question.id,
        "ask": question.ask,
        "choices": [{"id": choice, "text": shown} for choice, shown in question.choices.items()],
        "given": place.answers.get(question.id),
        "told": told,
        "right": questions.right(question, facts) if told else None,
        "answer": question.answer if told else None,
    }


def moment_at(place: Place, words: Words, model: ModuleType) -> Moment:
    """The stage as the beat sets it, and as the reader has touched it since."""
    attributes = words.attributes(place.beat)
    wanted = {**attributes, **place.touched}
    _, values = settle(model.controls, wanted)
    told = place.answers.keys() >= set(words.questions(place.beat))
    return Moment(place.beat, attributes, values, place.touched, told, place.epoch, words)


def shown_controls(moment: Moment, model: ModuleType) -> tuple[Control, ...]:
    """The controls that the beat names: `controls="rho seed"`."""
    names = str(moment.attributes.get("controls", "")).split()
    return tuple(control for control in model.controls(moment.values) if control.id in names and shown(control))


def controls(moment: Moment, model: ModuleType) -> list[dict[str, Any]]:
    """The same as the browser gets them, with what stands beside them."""
    beside = notes(model, moment.words, moment.values)
    return dials.described(shown_controls(moment, model), moment.values, moment.words, beside)


def shared() -> dict[str, str]:
    """The words of the story's own buttons."""
    default = common("dials.default", value="{}")
    return {"default": default, **{name: common(f"story.{name}") for name in BUTTONS}}


# Where the reader stands, kept for the session and in the address


def standing(slug: str, words: Words) -> Place:
    """Where the reader stands. What the address asks for counts where it is not what was last written there: at first,
    and when the reader goes back in the browser."""
    name, written = f"place in {slug}", f"beat in the address of {slug}"
    asked = st.query_params.get("beat")
    if name not in st.session_state:
        st.session_state[name] = beats.opened(words.beats, asked)
    elif asked != st.session_state.get(written):
        st.session_state[name] = st.session_state[name].turn(beats.opened(words.beats, asked).beat)
    place: Place = st.session_state[name]
    if asked not in (None, place.beat) or (asked is None and place.beat != words.beats[0]):
        st.query_params["beat"] = place.beat
    st.session_state[written] = st.query_params.get("beat")
    return place


def heard(slug: str) -> int:
    """The serial of the last message of the browser."""
    return int(st.session_state.get(f"heard of {slug}", 0))


def hear(slug: str, words: Words, model: ModuleType) -> None:
    """What the browser says: each message once, whatever reruns come between. A callback, before the page runs."""
    said = st.session_state[KEY].get("said")
    if not isinstance(said, Mapping) or not isinstance(said.get("serial"), int) or said["serial"] <= heard(slug):
        return
    st.session_state[f"heard of {slug}"] = said["serial"]
    place: Place = st.session_state[f"place in {slug}"]
    arrive()
    for event in said["events"]:
        target, value = event["target"], event["value"]
        stages.note_wanted(event)
        sets = model.held(value, moment_at(place, words, model).values) if sets_a_control(target, model) else {}
        for name, one in (sets or {target: value}).items():
            place = after(place, name, one, words)
        if target == "lesson" and value in catalog.SLUGS:
            bind(slug, value)
        if target == "start":
            bind(slug, "welcome")
        if target == "explore":
            st.query_params.from_dict({"mode": "explore"})
            dials.put(**moment_at(place, words, model).values)
    st.session_state[f"place in {slug}"] = place


def sets_a_control(target: str, model: ModuleType) -> bool:
    """Whether what is dragged in the picture, or of `HELD_BY`, sets controls: `model.held(value, values) -> dict`."""
    return target in ("holds", *getattr(model, "HELD_BY", ())) and hasattr(model, "held")


def after(place: Place, target: str, value: Any, words: Words) -> Place:
    """Where the reader stands after one event."""
    if target == "beat":
        return place.turn(value) if value in words.beats else place
    if target == "reset":
        return place.turn(place.beat)
    if target == "answer":
        known = isinstance(value, Mapping) and value.get("question") in words.questions(place.beat)
        return replace(place.answer(value["question"], value.get("choice")), touched={}) if known else place
    if target in ("explore", "lesson", "start"):
        return place
    return place.touch(target, value)


def bind(slug: str, to: str) -> None:
    """From a callback: this page is to be left for another one, a lesson or the first page."""
    st.session_state[BOUND] = slug, catalog.path(to)


def depart(slug: str) -> None:
    """Leave this page, where it is to be left.

    It is, until another page is opened: what the browser says meanwhile may call the old one once more.
    """
    leaving, there = st.session_state.get(BOUND, (None, None))
    if leaving == slug:
        st.switch_page(there)


def arrive(slug: str = "") -> None:
    """A page is opened: none is on its way any more, unless it is still the one that is being left."""
    if st.session_state.get(BOUND, (slug,))[0] != slug:
        del st.session_state[BOUND]


def begun(slug: str) -> bool:
    """Whether the reader has been in the story."""
    return f"place in {slug}" in st.session_state


def left_at(slug: str, words: Words) -> str:
    """The beat at which the reader has left the story; the first one where it was not read yet."""
    place: Place | None = st.session_state.get(f"place in {slug}")
    return place.beat if place else words.beats[0]
