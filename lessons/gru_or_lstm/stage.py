"""The story's stage: two live races, what is stored of all seeds, and charts of what was counted and measured."""

from collections.abc import Sequence
from typing import Any

from lessons.common import charts, live
from lessons.common.story import Moment, Scene
from lessons.gru_or_lstm import experiment, pictures, price, tale
from lessons.gru_or_lstm.experiment import BETWEEN, RACES, Settings
from lessons.gru_or_lstm.stored import EVERY, PAIR, UPDATES
from rnnviz.player.learn import Lane

CELLS = (*PAIR, "elman")


def scene(moment: Moment) -> Scene:
    """What stands on the stage in this beat, and the numbers that its words speak of."""
    view = str(moment.attributes["view"])
    return Scene(tale.facts(moment.beat, moment.values), VIEWS[view](moment))


def race(moment: Moment) -> dict[str, Any]:
    """LSTM and GRU, with as many parameters, learn one task while one looks on; in one race, Elman does, too."""
    task = str(moment.attributes["task"])
    running = [
        Settings(task, cell).lane(moment.words.label(f"cells.{cell}"))
        for cell in (*PAIR, *str(moment.attributes.get("with", "")).split())
    ]
    key = f"gru_or_lstm {task}"
    run = live.run(key, running, pictures.recorder(task), limit=RACES[task], every=BETWEEN, told=moment.touched)
    panels = pictures.panels(str(moment.attributes["show"]).split(), task, moment.words)
    return run.stage(panels, **live.standing(moment))


def seeds(moment: Moment) -> dict[str, Any]:
    """What is stored of all seeds: of one task, or of all."""
    said, one = moment.words.labels("tasks"), str(moment.attributes.get("task", ""))
    rows = [[one]] if one else [experiment.TASKS[:2], experiment.TASKS[2:]]
    panels = [[pictures.seed_panel(task, said[task], moment.words) for task in row] for row in rows]
    limit = RACES[one] if one else UPDATES
    records, words = pictures.seed_records(one, limit), moment.words.labels("replay")
    place = live.standing(moment)
    return live.stored(lanes(moment, PAIR), records, panels, limit=limit, every=EVERY, words=words, **place)


def clock(moment: Moment) -> dict[str, Any]:
    """The first race once more, by the clock: what each has done in the same time, as measured here."""
    taken = price.measured("adding", tale.SIZE, experiment.UNITS)
    every, records = pictures.clocked(tuple((cell, taken[cell][0]) for cell in CELLS))
    said, limit = moment.words.labels("panels", {"longest": 0}), every * pictures.FRAMES
    panels = [
        live.curve("done", said["done"], low=0.0, high=float(RACES["adding"])),
        *pictures.panels(["error"], "adding", moment.words),
    ]
    words = {**moment.words.labels("replay"), **moment.words.labels("clock")}
    place = live.standing(moment)
    place |= {"play_to": limit if place["play_to"] is not None else None}
    return live.stored(lanes(moment, CELLS), records, panels, limit=limit, every=every, words=words, **place)


def lanes(moment: Moment, cells: Sequence[str]) -> list[Lane]:
    """Of stored records."""
    return [Lane(cell, moment.words.label(f"cells.{cell}")) for cell in cells]


def sizes(moment: Moment) -> dict[str, Any]:
    """How many parameters, beside how many units."""
    return chart(pictures.sizes(int(moment.values["like"]), moment.words, height=500))


def counters(moment: Moment) -> dict[str, Any]:
    """What both remember in, while they count: symbol by symbol."""
    words = {**moment.words.labels("replay"), **moment.words.labels("symbols")}
    panels, records = pictures.counter_panels(moment.words), pictures.counters()
    limit = len(records[0]) - 1
    return live.stored(lanes(moment, PAIR), records, panels, limit=limit, words=words, **live.standing(moment))


def chart(part: Any) -> dict[str, Any]:
    """As a stage."""
    return {"kind": "charts", **charts.payload(part)}


VIEWS = {"race": race, "seeds": seeds, "sizes": sizes, "counters": counters, "clock": clock}
