"""The story's stage: one number, then all gradients of norm one, on their walk back; and a race of three networks."""

from typing import Any

from lessons.common import racing
from lessons.common.story import Moment, Scene
from lessons.common.text import Words
from lessons.vanishing_and_exploding import tale
from lessons.vanishing_and_exploding.experiment import Study
from lessons.vanishing_and_exploding.lanes import contest
from rnnviz.player import walk


def scene(moment: Moment) -> Scene:
    """What stands on the stage in this beat, and the numbers that its words speak of."""
    said, facts = moment.attributes, tale.facts(moment.beat, moment.values) | {"arrived": arrived(moment)}
    if said["view"] == "race":
        lane = racing.opened(moment, tale.KINDS)
        return Scene(facts | {"opened": lane}, race(moment, lane))
    asks = bool(moment.words.questions(moment.beat))
    stage = {
        "kind": "walk",
        "view": said["view"],
        "data": VIEWS[str(said["view"])](moment),
        "words": written(moment.words, "lstm" if moment.beat == "carried" else "elman"),
        "show": str(said["then"] if moment.told and "then" in said else said.get("show", "")).split(),
        "step": said.get("step", 0),
        "play_to": said.get("play_to") if moment.told else None,
        "hide_from": None if moment.told else said.get("step", 0) + 1,
        "speed": said.get("speed", 1),
        "log": bool(said.get("log")) and (moment.told or not asks),
        "factor": tale.OWN,
        "locked": not moment.told,
        "token": f"{moment.beat} {moment.epoch}",
    }
    return Scene(facts, stage)


def plane(moment: Moment) -> dict[str, Any]:
    """All gradients of a beat's network; the arrow is the reader's, or the one of which most arrives."""
    found = walk.walk(tale.trace(moment.beat, moment.values))
    best = found["best"] if moment.attributes.get("best") else None
    return found if best is None else found | {"angle": best}


def race(moment: Moment, lane: str | None) -> dict[str, Any]:
    """The three kinds of network; or that of a lane, in the player."""
    seed = racing.watched(moment, tale.SEEDS)
    if lane is None:
        return contest(moment.words, watched=seed, **racing.standing(moment))
    return racing.looked_into(*tale.raced(lane, seed), token=f"{moment.beat} {lane} {seed}")


def arrived(moment: Moment) -> bool:
    """Whether the reader has come to rest at the end of the way back: what was to be found is told then."""
    return bool(moment.touched.get("step", {}).get("x") == 0)


def beads(_: Moment) -> dict[str, Any]:
    """One number."""
    return walk.beads(tale.FACTORS, tale.DAYS)


def strips(_: Moment) -> dict[str, Any]:
    """Three networks, three fates."""
    return walk.strips({fate: walk.walk(tale.trace(*which)) for fate, which in tale.FATES.items()})


def written(words: Words, kind: str, numbers: str = "float64", own: bool = False) -> dict[str, Any]:
    """What is written on the walk of a cell of this kind; `own`: beside the norm of the page's own gradient."""
    return dict(words.labels("walk", {"kind": kind, "numbers": numbers, "own": own}))


def explored(seen: Study, lag: int, words: Words) -> dict[str, Any]:
    """The walk that Explore shows: of the network that is looked at, standing where one looks."""
    chosen = seen.settings
    return {
        "kind": "walk",
        "view": "plane",
        "data": walk.walk(seen.shown.trace, own=seen.shown.norms),
        "words": written(words, chosen.kind, chosen.numbers, own=True),
        "show": ["factors", "curve", "power", "strip", "states", "own"],
        "step": lag,
        "follow": True,
        "token": "explore",
    }


VIEWS = {"plane": plane, "beads": beads, "strips": strips}
