"""The story's stage: two live races, what is stored of all seeds, and charts of what was counted and measured."""

from typing import Any

from lessons.common import charts, live
from lessons.common.story import Moment, Scene
from lessons.gru_or_lstm import experiment, pictures, tale
from lessons.gru_or_lstm.experiment import BETWEEN, RACES, Settings
from lessons.gru_or_lstm.stored import EVERY, PAIR
from rnnviz.player.learn import Lane


def scene(moment: Moment) -> Scene:
    """What stands on the stage in this beat, and the numbers that its words speak of."""
    view = str(moment.attributes["view"])
    return Scene(tale.facts(moment.beat, moment.values), VIEWS[view](moment))


def race(moment: Moment) -> dict[str, Any]:
    """LSTM and GRU, with as many parameters, learn one task while one looks on; in one race, Elman does, too."""
    task = str(moment.attributes["task"])
    lanes = [
        Settings(task, cell).lane(moment.words.label(f"cells.{cell}"))
        for cell in (*PAIR, *str(moment.attributes.get("with", "")).split())
    ]
    key = f"gru_or_lstm {task}"
    run = live.run(key, lanes, pictures.recorder(task), limit=RACES[task], every=BETWEEN, told=moment.touched)
    panels = pictures.panels(str(moment.attributes["show"]).split(), task, moment.words)
    return run.stage(panels, **live.standing(moment))


def seeds(moment: Moment) -> dict[str, Any]:
    """The same race with all seeds, as it was stored."""
    lanes = [Lane(cell, moment.words.label(f"cells.{cell}")) for cell in PAIR]
    panels = [pictures.seed_panel(moment.words)]
    return live.stored(
        lanes, pictures.seed_records(), panels, limit=RACES["count"], every=EVERY, **live.standing(moment)
    )


def sizes(moment: Moment) -> dict[str, Any]:
    """How many parameters, beside how many units."""
    return chart(pictures.sizes(int(moment.values["like"]), moment.words, height=500))


def counters(moment: Moment) -> dict[str, Any]:
    """What both remember in, while they count."""
    return chart(pictures.counters(moment.words, height=500))


def across(moment: Moment) -> dict[str, Any]:
    """How far each task was learned; before the reader has chosen, the first one alone."""
    few = experiment.TASKS if moment.told else experiment.TASKS[:1]
    return chart(pictures.finals(moment.words, few, height=500))


def cost(moment: Moment) -> dict[str, Any]:
    """What an update of each costs; the time once the reader has chosen."""
    return chart(pictures.costs(moment.words, moment.told, height=500))


def chart(part: Any) -> dict[str, Any]:
    """As a stage."""
    return {"kind": "charts", **charts.payload(part)}


VIEWS = {"race": race, "seeds": seeds, "sizes": sizes, "counters": counters, "across": across, "cost": cost}
