"""The story's stage: one clip that is heard, scores that are replayed, the confusion matrix."""

from typing import Any

from lessons.common import charts, live
from lessons.common.story import Moment, Scene
from lessons.speech import experiment, pictures, stored, tale
from lessons.speech.experiment import Settings


def scene(moment: Moment) -> Scene:
    """What stands on the stage in this beat, and the numbers that its words speak of."""
    return Scene(tale.facts(moment.beat), VIEWS[str(moment.attributes["view"])](moment))


def hear(moment: Moment) -> dict[str, Any]:
    """The beat's clip, heard by its network; what is asked about is heard once it is answered."""
    said = moment.attributes
    found = tale.heard(moment.beat, silence=bool(said.get("padded")) and moment.told)
    place = live.standing(moment)
    frames = len(found.p) + bool(said.get("matters"))
    place["play_to"] = frames if place["play_to"] is not None else None
    if said.get("matters") or said.get("padded"):  # what is asked is what comes after the word
        end = len(found.features)
        place |= {"step": end, "hide_from": end if place["locked"] else None}
    right = None if place["locked"] else tale.HEARD[moment.beat].digit
    picture = str(said.get("picture", "spectrum"))
    matters = bool(said.get("matters"))
    return pictures.stage(found, moment.words, view=picture, right=right, matters=matters, **place)


def race(moment: Moment) -> dict[str, Any]:
    """The scores of a known voice's clips and of a new voice, or of both kinds of features."""
    say = moment.words.labels("lanes")
    known, new, centred = Settings(), Settings(split="voice"), Settings(split="voice", kind="centred")
    runs = {"voices": {known: say["known"], new: say["new"]}, "kinds": {new: say["plain"], centred: say["centred"]}}
    place = live.standing(moment)
    return pictures.race(runs[str(moment.attributes["runs"])], moment.words, **place)


def confusion(moment: Moment) -> dict[str, Any]:
    """What the new voice said, and what was heard."""
    run = Settings(split="voice", kind="centred")
    heard = experiment.predicted(stored.network(run), run)
    title = moment.words.label("confusion.told")
    part = pictures.matrix(experiment.digits("voice", 0), heard, moment.words, title=title)
    return {"kind": "charts", **charts.payload(part)}


def voices(moment: Moment) -> dict[str, Any]:
    """Each of the clear voices held out in turn."""
    return {"kind": "charts", **charts.payload(pictures.by_voice(moment.words))}


VIEWS = {"hear": hear, "race": race, "confusion": confusion, "voices": voices}
