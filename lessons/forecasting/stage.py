"""The story's stage: fans that unroll, origins that travel, a forecast that comes late, and what it is all worth."""

from typing import Any

from lessons.common import charts
from lessons.common.story import Moment, Scene
from lessons.forecasting import pictures, tale
from lessons.forecasting import series as of

SECONDS = 12  # that the origins of a series travel


def scene(moment: Moment) -> Scene:
    """What stands on the stage in this beat, and the numbers that its words speak of."""
    return Scene(tale.facts(moment.beat), VIEWS[str(moment.attributes["view"])](moment))


def standing(moment: Moment, end: int, open_at: int = 0) -> dict[str, Any]:
    """Where the stage stands: at a question nothing beyond its first frame is shown; once it is told, all is played."""
    asks = bool(moment.words.questions(moment.beat))
    plays = moment.told if asks else "plays" in moment.attributes
    return {
        "step": 0 if moment.told else open_at,
        "locked": not moment.told,
        "hide_from": None if moment.told else open_at,
        "play_to": end if plays else None,
        "token": f"{moment.beat} {moment.epoch} {moment.told}",
    }


def fan(moment: Moment) -> dict[str, Any]:
    """One fan that unrolls."""
    said = moment.attributes
    horizon = of.named(str(said["series"])).horizon
    return pictures.fan(str(said["series"]), moment.words, int(said["from"]), **standing(moment, horizon))


def travel(moment: Moment) -> dict[str, Any]:
    """Origins that travel."""
    name, kinds = str(moment.attributes["series"]), str(moment.attributes["ways"]).split()
    last = len(pictures.ahead(name, kinds[0], pictures.EVERY[name])[0])
    return pictures.travel(name, kinds, moment.words, pace=last / SECONDS, **standing(moment, last))


def covered(moment: Moment) -> dict[str, Any]:
    """Origins that travel, and how often the truth is within the fan."""
    name, kind = str(moment.attributes["series"]), str(moment.attributes["ways"])
    last = len(pictures.ahead(name, kind, pictures.WEEK)[0])
    return pictures.covered(name, kind, moment.words, **standing(moment, last))


def late(moment: Moment) -> dict[str, Any]:
    """A line of forecasts that is moved back."""
    return pictures.moved(moment.words, **standing(moment, pictures.FRAMES - 1))


def walk(moment: Moment) -> dict[str, Any]:
    """A price among walks."""
    end = len(pictures.walks()[0]) - 1
    return pictures.guessed(moment.words, moment.told, **standing(moment, end, end))


def worth(moment: Moment) -> dict[str, Any]:
    """What forecasts are worth, series by series."""
    return {"kind": "charts", **charts.payload(pictures.worth(moment.words))}


VIEWS = {"fan": fan, "travel": travel, "covered": covered, "late": late, "walk": walk, "worth": worth}
