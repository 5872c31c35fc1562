"""Two ways from position to position, as a stage, one lane each: a chain, a step for each; or one jump to all.

    lanes = [Lane("recurrent", "Recurrent network", "chain", log10=norms), Lane("attention", "Self-attention", "all")]
    stage = jumps(list("zwei?"), lanes, view="back", words=words)

drawn by js/jumps/jumps.js. Views, of which a step is

    back    a gradient that sets out at the last position: to the position before, or to all others at once
    forth   what can be computed: the next position of a chain; all positions at once, each of those before it
    grow    a text that becomes longer: the chain reads one state, "all" looks at everything that was kept
    answer  the last position hears all others in one step, and says what it makes of them

The stage {"kind": "jumps", ...} holds

    tokens    what stands at each position
    lanes     {id, name, way: "chain" | "all"; log10: of the gradient's norm at each position, null for 0; before: the
              same of another network, drawn hollow; weights: with which the last position looks at each; tokens: its
              own; says: what it says in the end}
    decades   [low, high] of the norms' axis, whole numbers
    steps     how many there are, the same for all lanes
    step      where it stands at first
    hide_from from this step on nothing is drawn yet; play_to: the step to play to by itself; locked, speed, token
    words     all that is written, see `WORDS`; {steps}, {looks}, {kept} and {says} in a count are filled by the stage

It tells {target, value}: "step" where it has come to rest, "played" once for each `play_to`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike

from rnnviz.arrays import real_array
from rnnviz.errors import ShapeError, one_of

View = Literal["back", "forth", "grow", "answer"]
VIEWS, WAYS = ("back", "forth", "grow", "answer"), ("chain", "all")
LOWEST = -30  # decades that the axis shows at most
WORDS = (
    *("title", "play", "pause", "before", "after", "speed", "place", "step", "table", "there", "axis"),
    *("count_back", "count_forth", "count_grow_chain", "count_grow_all", "count_answer"),  # of a view, a way
)


@dataclass(frozen=True, eq=False)
class Lane:
    """One way, T positions.

    id, name  what it is called by tests, and on the screen
    way       "chain": from each position to its neighbour; "all": from each to all at once
    norms     (T,) norms of a gradient, 0 or more, that has arrived at each position; None: there is none to be shown
    before    (T,) the same of another network, drawn hollow
    weights   (T,) from 0 to 1, with which the last position looks at each
    tokens    what stands at its positions, where that is not the same for all lanes
    says      what it says in the end
    """

    id: str
    name: str
    way: str
    norms: ArrayLike | None = None
    before: ArrayLike | None = None
    weights: ArrayLike | None = None
    tokens: Sequence[str] | None = None
    says: str = ""


def jumps(
    tokens: Sequence[str], lanes: Sequence[Lane], *, view: View, words: Mapping[str, Any], **place: Any
) -> dict[str, Any]:
    """The stage of these lanes; `place`: where it stands, see above.

    Raises ShapeError where a lane has not one number for each token, UnknownNameError for another view or way.
    """
    one_of("view", view, VIEWS)
    sent = [_lane(lane, len(tokens)) for lane in lanes]
    logs = [log for lane in sent for name in ("log10", "before") for log in lane.get(name) or [] if log is not None]
    low, high = (min(logs), max(logs)) if logs else (-1.0, 0.0)
    return {
        "kind": "jumps",
        "view": view,
        "tokens": list(tokens),
        "lanes": sent,
        "decades": [max(int(np.floor(low)), LOWEST), int(np.ceil(high + 1e-9))],
        "steps": 1 if view == "answer" else len(tokens) - (view == "back"),
        "step": 0,
        "words": dict(words),
        "token": None,
        **place,
    }


def _lane(lane: Lane, T: int) -> dict[str, Any]:
    one_of("way", lane.way, WAYS)
    sent: dict[str, Any] = {"id": lane.id, "name": lane.name, "way": lane.way}
    if lane.tokens is not None:
        if len(lane.tokens) != T:
            raise ShapeError(f"lane {lane.id} needs {T} tokens, got {len(lane.tokens)}")
        sent["tokens"] = list(lane.tokens)
    if lane.says:
        sent["says"] = lane.says
    for name, values in (("log10", lane.norms), ("before", lane.before), ("weights", lane.weights)):
        if values is None:
            continue
        given = real_array(name, values, np.float64)
        if given.shape != (T,):
            raise ShapeError(f"lane {lane.id} needs {name} of {T} positions, got shape {given.shape}")
        with np.errstate(divide="ignore"):
            numbers = given if name == "weights" else np.log10(given)
        sent[name] = [float(one) if np.isfinite(one) else None for one in numbers]
    return sent
