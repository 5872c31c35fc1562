"""The story's stage: stored runs that are replayed, two that are trained anew, and a map of what has learned."""

from typing import Any

from lessons.common import charts, live
from lessons.common.story import Moment, Scene
from lessons.reproduce_the_papers import model, pictures, tale


def scene(moment: Moment) -> Scene:
    """What stands on the stage in this beat, and the numbers that its words speak of."""
    view = str(moment.attributes["view"])
    return Scene(tale.facts(moment.beat), VIEWS[view](moment, model.chosen(moment.values)))


def stored(moment: Moment, of: model.Chosen) -> dict[str, Any]:
    """All stored runs."""
    return pictures.stored(of.entry, of.length, moment.words, **live.standing(moment))


def anew(moment: Moment, of: model.Chosen) -> dict[str, Any]:
    """One run of each arm, trained while the reader looks on."""
    name, limit = f"papers {of.entry.id} {of.length}", tale.LIVE[moment.beat]
    lanes = pictures.lanes(of.entry, of.length, of.seed, moment.words)
    record = pictures.recorder(of.entry.id, of.length)
    run = live.run(name, lanes, record, limit=limit, every=of.entry.quick, told=moment.touched)
    return run.stage(pictures.anew(of.entry, of.length, moment.words), **live.standing(moment))


def success(moment: Moment, of: model.Chosen) -> dict[str, Any]:
    """How many have learned."""
    return {"kind": "charts", **charts.payload(pictures.success(of.entry, moment.words))}


VIEWS = {"stored": stored, "anew": anew, "success": success}
