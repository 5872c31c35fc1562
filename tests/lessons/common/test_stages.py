"""Stages on a page: what they tell is heard once, and is forgotten when they are set anew."""

import json
from typing import Any

from streamlit.testing.v1 import AppTest

from lessons.common import stages
from rnnviz.player import COMPONENTS

PAGE = """
import streamlit as st
from lessons.common import stages

heard = st.session_state.setdefault("all heard", [])
stage = {"kind": "loop", "token": st.session_state.get("token", 1), "data": [1, 2]}
st.session_state["told"] = stages.show(stage, key="here", on_event=heard.append)
"""


def said(serial: int, **events: Any) -> dict[str, Any]:
    return {"serial": serial, "events": [{"target": target, "value": value} for target, value in events.items()]}


def test_each_message_is_heard_once_and_the_newest_of_each_target_is_told() -> None:
    held: dict[str, Any] = {"heard": 0}
    assert stages.unheard(held, said(1, step=3)) == [{"target": "step", "value": 3}]
    assert stages.unheard(held, said(1, step=3)) == []
    assert [event["value"] for event in stages.unheard(held, said(5, step=4, rho=0.9))] == [4, 0.9]
    assert held["heard"] == 5


def test_nonsense_is_no_message() -> None:
    for nonsense in (None, [], "said", {}, {"serial": "1", "events": []}, {"events": []}):
        assert stages.unheard({"heard": 0}, nonsense) == []


def test_what_was_told_is_forgotten_when_the_stage_is_set_anew() -> None:
    at = AppTest.from_string(PAGE, default_timeout=60).run()
    held = at.session_state["stage here"]
    held["told"]["step"] = 3
    assert at.run().session_state["told"] == {"step": 3}
    at.session_state["token"] = 2
    assert at.run().session_state["told"] == {}


def test_the_browser_gets_the_stage_and_how_far_it_was_heard() -> None:
    at = AppTest.from_string(PAGE, default_timeout=60).run()
    assert not at.exception
    (one,) = [c.proto for c in at.get("bidi_component") if c.proto.component_name.endswith("rnn_stage")]
    data = json.loads(one.json)
    assert data["stage"] == {"kind": "loop", "token": 1, "data": [1, 2]}
    assert data["heard"] == 0


def test_every_component_is_a_kind_whose_style_stories_and_pages_have() -> None:
    from lessons.common.story import STYLES

    assert set(COMPONENTS) <= set(stages.KINDS)
    for name in COMPONENTS:
        assert f"rnnviz/{name}.css" in stages.STYLES
        assert f"rnnviz/{name}.css" in STYLES


def test_a_constant_has_one_name_and_another_value_another() -> None:
    value = {"x": [1.0, 2.0]}
    names = [stages._text(one)[1] for one in (value, {"x": [1.0, 2.0]}, {"x": [1.0, 2.5]})]
    assert names[0] == names[1] != names[2]
