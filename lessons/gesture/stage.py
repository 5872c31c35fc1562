"""The story's stage: windows over a recording, scores that are replayed, the confusion matrix, people one by one."""

from typing import Any

from lessons.common import charts, live
from lessons.common.story import Moment, Scene
from lessons.gesture import experiment, pictures, stored, tale
from lessons.gesture.recordings import recordings


def scene(moment: Moment) -> Scene:
    """What stands on the stage in this beat, and the numbers that its words speak of."""
    return Scene(tale.facts(moment.beat), VIEWS[str(moment.attributes["view"])](moment))


def watch(moment: Moment) -> dict[str, Any]:
    """The beat's recording, window by window; what is asked about is played once it is answered."""
    found, said = tale.watched(moment.beat), moment.attributes
    first = int(said.get("from", 0))
    until = int(said.get("until", len(found.p)))
    place = live.standing(moment)
    place |= {"step": first, "play_to": until if place["play_to"] is not None else None}
    place["hide_from"] = first if place["locked"] else None
    if "from" in said:  # it slides on by one window, slowly, past the one before
        place |= {"beside": first - 1, "pace": 0.5}
    hidden = place["locked"] and not said.get("known")
    right = None if hidden else int(recordings().exercise[tale.RECORDINGS[moment.beat]])
    return pictures.over(found, moment.words, right, **place)


def race(moment: Moment) -> dict[str, Any]:
    """Windows held out, and people held out."""
    return pictures.race(moment.words, **live.standing(moment))


def confusion(moment: Moment) -> dict[str, Any]:
    """What new people did, and what the network saw."""
    run = stored.KEPT[0]
    seen = experiment.predicted(stored.network(run), run)
    title = moment.words.label("confusion.told")
    part = pictures.matrix(experiment.exercises(run.split, run.person), seen, moment.words, title=title)
    return {"kind": "charts", **charts.payload(part)}


def people(moment: Moment) -> dict[str, Any]:
    """Each person held out in turn."""
    return {"kind": "charts", **charts.payload(pictures.people(moment.words))}


VIEWS = {"watch": watch, "race": race, "confusion": confusion, "people": people}
