"""The story's stage: tables, series and batches on their way to a network, and networks that learn from them."""

from collections.abc import Mapping
from typing import Any

from lessons.common import live
from lessons.common.story import Moment, Scene
from lessons.preprocessing import pictures, raw, tale
from lessons.preprocessing.experiment import LIMIT, story
from lessons.preprocessing.stored import WAYS


def scene(moment: Moment) -> Scene:
    """What stands on the stage in this beat, and the numbers that its words speak of."""
    facts = tale.facts(moment.beat)
    return Scene(facts, VIEWS[str(moment.attributes["view"])](moment, facts))


def lanes(moment: Moment, facts: Mapping[str, Any]) -> dict[str, Any]:
    """The networks that the attribute `ways` names learn in step."""
    words, of = moment.words, str(moment.attributes["of"])
    ways = {way: way for way in str(moment.attributes["ways"]).split()}
    names = ways | {"level": "scaled" if "unscaled" in ways else "level"}
    found = [pictures.lane(way, story(), WAYS[way], words.label(f"lanes.{names[way]}", {})) for way in ways]
    every = pictures.EVERY
    run = live.run("preprocessing", found, pictures.record, limit=LIMIT, every=every, told=moment.touched)
    panel = pictures.errors(of, words, facts["naive"], "ppm")
    return run.stage([panel], **live.standing(moment))


def tables(moment: Moment, _facts: Any) -> dict[str, Any]:
    """Rows of the raw table become rows of numbers, as far as they can."""
    return pictures.table(moment.words, str(moment.attributes["shown"]), **live.standing(moment))


def gaps(moment: Moment, _facts: Any) -> dict[str, Any]:
    """Time goes on over the gaps."""
    return pictures.gaps(moment.words, **live.standing(moment))


def sliding(moment: Moment, _facts: Any) -> dict[str, Any]:
    """A window slides along."""
    return pictures.sliding(raw.carbon(), tale.SLIDES, tale.CHOSEN, moment.words, **live.standing(moment))


def spells(moment: Moment, _facts: Any) -> dict[str, Any]:
    """Wet spells in batches."""
    return pictures.spells(moment.words, **live.standing(moment))


def years(moment: Moment, _facts: Any) -> dict[str, Any]:
    """The years to come, and what was said of them."""
    ways = ("level", "change") if moment.told else ()
    return pictures.years(moment.words, ways, **live.standing(moment))


VIEWS = {"lanes": lanes, "table": tables, "gaps": gaps, "windows": sliding, "lengths": spells, "years": years}
