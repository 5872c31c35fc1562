"""The story's stage: one network that learns, then twice the same, three forks of it, and one that diverges."""

from collections.abc import Mapping
from typing import Any

from lessons.common import live
from lessons.common.story import Moment, Scene
from lessons.training import pictures, tale
from lessons.training.experiment import LIMIT, Settings
from lessons.training.pictures import lane


def scene(moment: Moment) -> Scene:
    """What stands on the stage in this beat, and the numbers that its words speak of."""
    facts = tale.facts(moment.beat) | {"arrived": arrived(moment)}
    settings, lanes = LANES.get(moment.beat, one)(moment, facts)
    key = f"training {settings.cell}"
    limit = int(moment.attributes.get("updates", LIMIT))
    run = live.run(key, lanes, pictures.recorder(settings), limit=limit, told=moment.touched)
    asked = bool(moment.words.questions(moment.beat)) and not moment.told
    names = [HIDDEN.get(name, name) if asked else name for name in str(moment.attributes["show"]).split()]
    panels = pictures.panels(names, moment.words, settings)
    return Scene(facts, run.stage(panels, **live.standing(moment)))


def arrived(moment: Moment) -> bool:
    """Whether the reader has come to rest at the last update: what was to be found is told then."""
    at = moment.touched.get("at")
    return isinstance(at, Mapping) and at.get("update") == LIMIT


Found = tuple[Settings, list[live.Lane]]


def one(moment: Moment, _: dict[str, Any]) -> Found:
    """One network, which several beats share."""
    return tale.FIRST, [named(moment, "first", tale.FIRST)]


def clipped(moment: Moment, _: dict[str, Any]) -> Found:
    """The same, its gradients clipped."""
    return tale.CLIPPED, [named(moment, "clipped", tale.CLIPPED)]


def gated(moment: Moment, _: dict[str, Any]) -> Found:
    """An LSTM."""
    return tale.GATED, [named(moment, "gated", tale.GATED)]


def twice(moment: Moment, _: dict[str, Any]) -> Found:
    """The same network, trained a second time beside the first."""
    return tale.FIRST, [named(moment, name, tale.FIRST) for name in ("first", "again")]


def forked(moment: Moment, facts: dict[str, Any]) -> Found:
    """One that goes on as before, and two forks of it."""
    first = named(moment, "first", tale.FIRST, "same", facts["rates"]["same"])
    others = [
        named(moment, name, tale.at_rate(tale.FACTORS[name]), name, facts["rates"][name]).forked(first, tale.FORK)
        for name in ("half", "twice")
    ]
    return tale.FIRST, [first, *others]


def large(moment: Moment, facts: dict[str, Any]) -> Found:
    """One whose learning rate is too large."""
    return tale.LARGE, [named(moment, "large", tale.LARGE, "large", facts["rate"])]


def named(moment: Moment, name: str, settings: Settings, label: str | None = None, rate: float = 0.0) -> live.Lane:
    """A lane with its words."""
    return lane(name, settings, moment.words.label(f"lanes.{label or name}", {"rate": rate}))


HIDDEN = {"overflowing": "loss"}  # an axis so long that it would give the answer away
LANES = {"norms": clipped, "gates": gated, "rewind": twice, "fork": forked, "diverge": large}
