"""Stages of a story: what `Scene.stage` is, for each kind that Python sends.

    stages.player(trace, grads, view={"show": ["tape", "c", "f"], "step": 3}, tokens=words)

`view` is plain JSON and says what the player shows (rnnviz/player/js/player/told.js); steps and units from 0.
"""

from base64 import b64encode
from collections.abc import Mapping
from typing import Any

import rnnviz as rv
from rnnviz.player import pack


def player(
    trace: rv.Trace, grads: rv.Gradients | None = None, *, view: Mapping[str, Any], **how: Any
) -> dict[str, Any]:
    """The player as a story's stage; `how` as in `rnnviz.player.pack`."""
    return {"kind": "player", "payload": b64encode(pack(trace, grads, **how)).decode(), "view": dict(view)}
