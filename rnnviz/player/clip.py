"""Clipping by hand, for the browser (js/clip): one gradient of two numbers, against a circle and a square.

A stage is plain JSON, {"kind": "clip", "g": [2.2, 0.9], "threshold": 1.0, "words": ..., ...}:

    g          the gradient at which it opens, two entries; what is not finite is sent as null
    threshold  of both clippings; it can be dragged between `least` and `most`
    reach      what the plane shows: from -reach to reach, at least; `spacing` of its lines
    show       which of SHOWN there are: all, where nothing is said
    locked     nothing can be played or touched
    hide_from  the arrow goes no further round than this step, as long as it is locked
    play_to    it plays by itself until the arrow has gone round so many steps of 5 degrees, counted from 0 degrees;
               None: it waits for the reader
    speed      1/4, 1/2, 1 or 2 times 40 degrees a second
    token      a stage with another token is set anew; one with the same keeps the arrow and takes the new threshold
    words      {...}: all that is written, see `WORDS`; {…} is filled by the stage

It tells {target, value}: "g" where the tip comes to rest, "threshold" while it is dragged, "played" with the step at
which it stands. What it shows is clipped in the browser, exactly as `rnnviz.clipping` does.
"""

from collections.abc import Sequence
from math import isfinite
from typing import Any

SHOWN = ("norm", "value", "turn", "numbers", "threshold")
WORDS = (
    *("title", "play", "pause", "back", "on", "among", "speed", "now", "tip", "threshold"),
    *("across", "up", "g", "norm", "value", "curve", "columns"),
    *("inside", "outside", "shortened", "turned", "straight", "untouched", "broken"),
)


def stage(
    g: Sequence[float],
    threshold: float,
    *,
    words: dict[str, Any],
    token: Any = None,
    show: Sequence[str] = SHOWN,
    **more: Any,
) -> dict[str, Any]:
    """The stage; `more` is what else there is to say, by its name above.

    Raises ValueError for a gradient that has not two entries, a threshold that is not positive, or an unknown part.
    """
    if len(g) != 2:
        raise ValueError(f"clip: a gradient of two entries is needed, got {len(g)}")
    if not threshold > 0:
        raise ValueError(f"clip: the threshold must be positive, got {threshold}")
    unknown = sorted(set(show) - set(SHOWN))
    if unknown:
        raise ValueError(f"clip: {', '.join(SHOWN)} can be shown, not {', '.join(unknown)}")
    sent = [float(entry) if isfinite(entry) else None for entry in g]
    return {
        "kind": "clip",
        "g": sent,
        "threshold": float(threshold),
        "words": words,
        "token": token,
        "show": list(show),
        **more,
    }
