"""The stage: learning rates that race, the noise between seeds, a grid and a draw, halving, the best of many."""

from collections.abc import Mapping
from typing import Any

from lessons.common import charts, live
from lessons.common.story import Moment, Scene
from lessons.tuning import pictures, tale
from lessons.tuning.experiment import EVERY, LIMIT, record, sweep
from lessons.tuning.stored import STORY


def scene(moment: Moment) -> Scene:
    """What stands on the stage in this beat, and the numbers that its words speak of."""
    facts = tale.facts(moment.beat) | {"arrived": arrived(moment)}
    return Scene(facts, VIEWS[str(moment.attributes["view"])](moment))


def arrived(moment: Moment) -> bool:
    """Whether the reader has come to rest at the last update: what was to be found is told then."""
    at = moment.touched.get("at")
    return isinstance(at, Mapping) and at.get("update") == LIMIT


def raced(moment: Moment, key: str, lanes: list[live.Lane]) -> dict[str, Any]:
    """Lanes that learn in step."""
    run = live.run(key, lanes, record, limit=LIMIT, every=EVERY, told=moment.touched)
    return pictures.dressed(run.stage(pictures.panels(moment.words), **live.standing(moment)))


def rates(moment: Moment) -> dict[str, Any]:
    """All learning rates, of one seed."""
    seed = int(moment.attributes.get("seed", 0))
    return raced(moment, f"tuning {seed}", sweep(seed))


def in_order() -> list[live.Lane]:
    """The candidates of halving, the smallest learning rate first."""
    return [lane for _, lane in sorted(zip(STORY.rates, STORY.lanes()), key=lambda one: one[0])]


def drawn(*parts: charts.Part) -> dict[str, Any]:
    """Charts as a stage."""
    return {"kind": "charts", **charts.payload(*parts)}


VIEWS = {
    "rates": rates,
    "noise": lambda moment: drawn(pictures.noise(moment.words)),
    "searches": lambda moment: pictures.bests_stage("searches", moment.words, **live.standing(moment)),
    "many": lambda moment: drawn(pictures.many(moment.words)),
    "halving": lambda moment: raced(moment, "tuning halving", in_order()),
    "best": lambda moment: pictures.bests_stage("best", moment.words, **live.standing(moment)),
}
