"""The story's stage: descents near the cliff, one arrow to be clipped by hand, and once a chart."""

from typing import Any

from lessons.clipping import pictures, surface, tale
from lessons.clipping.experiment import NAMES, NORM, UNCLIPPED, Settings
from lessons.common import charts
from lessons.common.story import Moment, Scene


def scene(moment: Moment) -> Scene:
    """What stands on the stage in this beat, and the numbers that its words speak of."""
    view = str(moment.attributes["view"])
    return Scene(tale.facts(moment.beat, moment.values), VIEWS[view](moment))


def descents(moment: Moment) -> dict[str, Any]:
    """The descents that the attribute `of` names; where the beat asks, none is played before the reader has chosen."""
    said = moment.attributes
    threshold = float(moment.values["threshold"])
    names = {"all": NAMES, "bare": (UNCLIPPED,), "norm": (NORM,)}[said["of"]]
    found = {name: descent for name, descent in tale.walk(threshold).items() if name in names}
    chosen = Settings(tale.START.w, tale.START.b, tale.START.rate, threshold)
    over = tale.CLOSE if said.get("close") else tale.OVER
    parts = {"over": over, "show": said["show"].split(), "pick": False, "rate": tale.START.rate}
    parts |= {"step": said.get("step", 0), "updates": said.get("updates")}
    return surface.descents(found, chosen, moment.words, **parts, **standing(moment))


def arrow(moment: Moment) -> dict[str, Any]:
    """One arrow, so many thresholds long; what the attribute `then` names is shown once the question is answered."""
    said = moment.attributes
    show = f"{said['show']} {said.get('then', '') if moment.told else ''}".split()
    more: dict[str, Any] = {"g": (float(said["long"]), 0.0)} if said.get("flat") else {}
    more |= {name: said[name] for name in ("reach", "spacing") if name in said}
    return surface.by_hand(Settings(threshold=1.0), moment.words, show=show, **more, **standing(moment))


def learned(moment: Moment) -> dict[str, Any]:
    """How many networks learned at each threshold; without clipping, at the right."""
    without = len(pictures.FACTORS) - 1
    return {"kind": "charts", **charts.payload(pictures.learned(without, moment.words, height=420))}


def standing(moment: Moment) -> dict[str, Any]:
    """What is played, and when: what follows a prediction, once it was made."""
    said = moment.attributes
    asks = bool(moment.words.questions(moment.beat))
    return {
        "locked": not moment.told,
        "play_to": said.get("play_to") if asks and moment.told else None,
        "hide_from": said.get("step", 0) if asks and not moment.told else None,
        "speed": said.get("speed", 0.25),
        "token": f"{moment.beat} {moment.epoch} {moment.told}",
    }


VIEWS = {"descents": descents, "arrow": arrow, "learned": learned}
