"""A race in a story: where it stands, which seed is watched, and a lane that is looked into, in the player."""

from collections.abc import Collection
from typing import Any

import rnnviz as rv
from lessons.common import stages
from lessons.common.story import Moment
from rnnviz.player.race import PHASES


def standing(moment: Moment) -> dict[str, Any]:
    """Where the race stands, by the beat's attributes: `phase`, from where on; `last`, its end; `opens`, to where it
    first plays by itself.

    Where the beat asks, nothing beyond `phase` is shown before the reader has chosen; then it is played to its end.
    """
    said, back = moment.attributes, moment.touched.get("stage") is not None
    asks = bool(moment.words.questions(moment.beat))
    last = str(said.get("last", PHASES[-1]))
    return {
        "phase": last if back else said.get("phase", "start"),
        "last": last,
        "play_to": None if back or not moment.told else last if asks else said.get("opens"),
        "locked": not moment.told,
        "hide_from": None if moment.told else 0,
        "token": f"{moment.beat} {moment.epoch} {moment.told}",
    }


def watched(moment: Moment, seeds: int) -> int:
    """The seed that is watched: the one that the reader has clicked, or the first."""
    seed = moment.touched.get("seed", 0)
    return seed if isinstance(seed, int) and 0 <= seed < seeds else 0


def opened(moment: Moment, lanes: Collection[str]) -> str | None:
    """The lane that was clicked, to be looked into, unless the reader has gone back since (`stage:?play=1`)."""
    touched = [name for name in moment.touched if name in ("lane", "stage")]
    lane = moment.touched.get("lane")
    return str(lane) if touched and touched[-1] == "lane" and lane in lanes and moment.told else None


def looked_into(trace: rv.Trace, grads: rv.Gradients, token: str) -> dict[str, Any]:
    """The network of a lane in the player, at the last step, on its way back."""
    own = "c f" if trace.network.cell == "lstm" else "z" if trace.network.cell == "gru" else ""
    view = {
        "show": f"bar tape stage heat legend x h {own}".split(),
        "select": "h",
        "pass": "backward",
        "step": len(trace.y) - 1,
        "unit": 0,
        "one_unit": False,
        "folded": False,
        "speed": 1,
        "locked": False,
        "hide_from": None,
        "play_to": None,
        "ghost": None,
        "token": token,
    }
    return stages.player(trace, grads, view=view)
