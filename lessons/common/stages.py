"""Stages: what moves, drawn by a component of the library from plain JSON, {"kind": ..., ...}.

    stages.player(trace, grads, view={"show": ["tape", "c", "f"], "step": 3}, tokens=words)

is one of kind "player": `view` says what it shows (rnnviz/player/js/player/told.js), steps and units from 0. Stages of
the other kinds come from their own files in rnnviz/player. A stage is `Scene.stage` in a story, and in Explore

    told = page.stage(stage, key="walk")        # {target: value}: the last that it told of each target

The browser keeps it mounted over reruns, as long as its key is the same, and takes over what is new; where the reader
stands in it stays, as long as its token is the same. What it tells arrives once, in order of the newest per target, one
message at a time (js/conversation.js). While it plays, its steps are not told to Python, but they are on the window as
`rnn-step`, which charts follow; and `rnn-drawn` with `dials.serial()` when new data is on the screen.

What is large and never changes need not travel with each run: `constant(value)` in the place of a value of the stage
is a file, which the browser fetches once.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

import rnnviz as rv
from lessons.common import assets, dials
from rnnviz.player import COMPONENTS, pack
from rnnviz.player import stage as stage_of

KINDS = (*COMPONENTS, "charts")
STYLES = tuple(f"rnnviz/{name}.css" for name in COMPONENTS)  # of all kinds, wherever stages are shown
HEIGHT = 600  # pixels
WANTED = "files that the browser could not fetch"

_texts: dict[int, tuple[Any, str, str]] = {}  # of values, which are the same objects each time
_mount = assets.component("rnn_stage", "stage_host.js", css=("stage_host.css", *STYLES))


def player(
    trace: rv.Trace, grads: rv.Gradients | None = None, *, view: Mapping[str, Any], **how: Any
) -> dict[str, Any]:
    """The player as a stage; `how` as in `rnnviz.player.pack`."""
    return stage_of(pack(trace, grads, **how), view)


def show(
    stage: Mapping[str, Any],
    *,
    key: str,
    on_event: Callable[[dict[str, Any]], None] | None = None,
    height: int | None = HEIGHT,
) -> dict[str, Any]:
    """Show a stage of any kind on a page; give what it has told since it was set anew, the newest of each target.

    key       its name, another one on each page; it is what a test finds it by, too
    on_event  called with each {"target", "value"} that it tells, before the page runs again
    height    pixels, less where the window is lower; None: as high as it makes itself
    """
    held = st.session_state.setdefault(f"stage {key}", {"heard": 0, "told": {}, "token": None})
    view = stage.get("view")
    token = json.dumps([stage["kind"], stage.get("token"), view.get("token") if isinstance(view, Mapping) else view])
    if held["token"] != token:
        held |= {"token": token, "told": {}}

    def hear() -> None:
        for event in unheard(held, (st.session_state.get(key) or {}).get("said")):
            held["told"][event["target"]] = event["value"]
            note_wanted(event)
            if on_event is not None:
                on_event(event)

    data = {"stage": dict(stage), "height": height, "serial": dials.serial(), "heard": held["heard"]}
    _mount(key=key, data=data, on_said_change=hear)
    return dict(held["told"])


def unheard(held: dict[str, Any], said: Any) -> list[dict[str, Any]]:
    """The events of a message that was not heard before, which notes that it now is."""
    if not isinstance(said, Mapping) or not isinstance(said.get("serial"), int) or said["serial"] <= held["heard"]:
        return []
    held["heard"] = said["serial"]
    return [dict(event) for event in said["events"]]


def constant(value: Any) -> dict[str, Any]:
    """What never changes, as a file that the browser fetches once; the value itself where it cannot be fetched."""
    text, name = _text(value)
    address = assets.publish(name, text)
    if address is None or name in st.session_state.get(WANTED, ()):
        return {"file": name, "value": value}
    return {"file": name, "at": address}


def note_wanted(event: Mapping[str, Any]) -> None:
    """A file that the browser could not fetch travels with the stage from now on."""
    if event["target"] == "wanted":
        st.session_state[WANTED] = {*st.session_state.get(WANTED, ()), event["value"]}


def _text(value: Any) -> tuple[str, str]:
    """A value as JSON, and its file's name; made once for the same object."""
    made = _texts.get(id(value))
    if made is None or made[0] is not value:
        text = json.dumps(value, separators=(",", ":"))
        made = _texts[id(value)] = value, text, f"stage-{hashlib.sha256(text.encode()).hexdigest()[:12]}.json"
    return made[1:]
