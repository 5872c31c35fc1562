"""A stage is plain JSON that one component draws: {"kind": "player", ...}. The same dict goes on a lesson's page, into
a file, and into a notebook; `kind` is one of `module.COMPONENTS`, and the rest is that component's own.

    stage = rv.player.stage(rv.player.pack(trace, grads))       the player's
    rv.player.stage_to_html(stage, "player.html")               a file that needs nothing else
    rv.player.widget(stage)                                     in a notebook

In JavaScript every component is `mount(host, data, tell)`, with the stage as `data`. It draws at once, and gives

    receive(data, turned)   other data; `turned`: it is another page of a story
    play()                  as its own button does
    resize(), stop()        the room has changed; it is taken away

`tell({target, value})` hears what the reader does. Data with the same `token` as before keep the reader's place and
bring other numbers; with another one the stage is set anew.
"""

from base64 import b64encode
from collections.abc import Mapping
from typing import Any

from rnnviz.errors import ShapeError
from rnnviz.player.module import COMPONENTS


def stage(payload: bytes, view: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The player's stage: what `pack` gave, and what is shown of it (js/player/told.js); None: everything."""
    sent = {"kind": "player", "payload": b64encode(payload).decode()}
    return sent if view is None else sent | {"view": dict(view)}


def kind_of(given: Mapping[str, Any]) -> str:
    """Which component draws a stage. Raises ShapeError where there is none of that kind."""
    kind = given.get("kind") if isinstance(given, Mapping) else None
    if kind not in COMPONENTS:
        raise ShapeError(f"a stage is a dict whose kind is one of {', '.join(COMPONENTS)}; got {kind!r}")
    return str(kind)
