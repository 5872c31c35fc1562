"""The story's stage: networks that learn to wait, and the map of those that did."""

from dataclasses import replace
from typing import Any

from lessons.common import charts, live
from lessons.common.story import Moment, Scene
from lessons.long_memory import model, pictures, tale
from lessons.long_memory.experiment import Settings
from lessons.long_memory.stored import FRAME, KEPT


def scene(moment: Moment) -> Scene:
    """What stands on the stage in this beat, and the numbers that its words speak of."""
    view = str(moment.attributes.get("view", "lanes"))
    return Scene(tale.facts(moment.beat), VIEWS[view](moment))


def lanes(moment: Moment) -> dict[str, Any]:
    """The cells that the attribute `cells` names learn in step; `open` is an LSTM whose gates are."""
    said = moment.attributes
    chosen = model.settings(moment.values)
    found = [lane(moment, name, chosen) for name in str(said["cells"]).split()]
    run = live.run(
        f"long memory {chosen.length}",
        found,
        pictures.recorder(chosen.task, chosen.length),
        limit=int(said["updates"]),
        every=FRAME,
        told=moment.touched,
    )
    place = live.standing(moment, pace=float(said.get("pace", 30)), lanes=pictures.dressed(found))
    return run.stage(pictures.panels(str(said["show"]), moment.words, chosen), **place)


def lane(moment: Moment, name: str, chosen: Settings) -> live.Lane:
    """A lane with its words."""
    cells = str(moment.attributes["cells"]).split()
    changed = {"cell": "lstm", "init": "chrono"} if name == "open" else {"cell": name, "init": "orthogonal"}
    said = "half" if "open" in cells and name != "open" else name
    opened = name if name == "open" else None
    return pictures.lane(replace(chosen, **changed), moment.words.label(f"lanes.{said}"), opened)


def success(moment: Moment) -> dict[str, Any]:
    """The map, and the runs behind the cell that was clicked."""
    parts = [pictures.success(KEPT, moment.words)]
    if "cell" in moment.touched:
        parts.append(pictures.seeds(model.settings(moment.values, seed=0), moment.words))
    return {"kind": "charts", **charts.payload(*(part for part in parts if part))}


VIEWS = {"lanes": lanes, "map": success}
