"""The story's stage: walks down the same loss from the same start, on its map and as curves."""

from collections.abc import Mapping

from lessons.common import live, stages
from lessons.common.story import Moment, Scene
from lessons.optimizers_and_schedules import pictures, tale
from lessons.optimizers_and_schedules.experiment import LIMIT

PACE = 20  # updates a second at normal speed


def scene(moment: Moment) -> Scene:
    """What stands on the stage in this beat, and the numbers that its words speak of."""
    facts = tale.facts(moment.beat) | {"arrived": arrived(moment)}
    walks = tale.LANES[moment.beat]
    one = next(iter(walks.values()))
    lanes = [pictures.lane(lane_id(name, moment.beat), each, label(moment, name)) for name, each in walks.items()]
    record = pictures.recorder(one.hill, one.seed)
    run = live.run(f"optimizers {one.hill}", lanes, record, limit=LIMIT, told=moment.touched)
    panels = pictures.panels(str(moment.attributes["show"]).split(), moment.words, list(walks.values()))
    constants = stages.constant(pictures.constants(one.hill, one.seed))
    return Scene(facts, run.stage(panels, constants=constants, pace=PACE, **live.standing(moment)))


def lane_id(name: str, beat: str) -> str:
    """Lanes of two beats may be called the same, and be others."""
    return name if beat in ("race", "shadow", "valley") else f"{beat}_{name}"


def label(moment: Moment, name: str) -> str:
    """What is written of a lane."""
    return moment.words.label(f"lanes.{name}", tale.said())


def arrived(moment: Moment) -> bool:
    """Whether the reader has come to rest at the last update: what was to be found is told then."""
    at = moment.touched.get("at")
    return isinstance(at, Mapping) and at.get("update") == LIMIT
