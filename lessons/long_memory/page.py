"""Long memory: a story of two numbers and a long wait, then three tasks at any length. What stands where."""

from collections.abc import Mapping
from typing import Any

from lessons.common import live
from lessons.common.page import Page
from lessons.long_memory import model, pictures, stage
from lessons.long_memory.experiment import CELLS, Settings
from lessons.long_memory.stored import FRAME, UPDATES, the_map

HEIGHT, LIMIT = 720, 1000  # pixels; updates

page = Page.open("long_memory", model)
Found = tuple[Settings, int, model.Look]


def lab(values: Mapping[str, Any]) -> Found:
    """The three cells that learn, the map, and the player with one of the networks."""
    chosen = model.settings(values)
    page.show(page.presets(), key="try")
    lanes = [pictures.lane(chosen.of(cell), page.words.label(f"lanes.{cell}")) for cell in CELLS]
    panels = pictures.explored(chosen, page.words)
    seen = pictures.recorder(chosen.task, chosen.length, everything=True)
    place = {"pace": 30, "token": "explore", "lanes": pictures.dressed(lanes)}
    run = live.show(page, "run", lanes, seen, panels, limit=LIMIT, every=FRAME, height=HEIGHT, **place)
    found = {cell: (run.values("error", cell), run.values("reach", cell)) for cell in CELLS}
    update = run.at or 0
    page.show(page.text("saw", model.facts(chosen, update, found, FRAME)), key="seen")
    cell = model.on_map(chosen)
    parts = pictures.success(chosen.task, page.words), page.text("cell", cell), pictures.seeds(cell.run, page.words)
    page.show(*(part for part in parts if part), key="map")
    kept = values.get("network") == model.STORED
    network = the_map().network(chosen) if kept else run.checkpoint(chosen.cell).network
    look = model.look(network, chosen, pictures.SHOWN)
    note = page.words.label(f"notes.{'stored' if kept else 'live'}", {"update": UPDATES if kept else update})
    page.player(look.trace, look.grads, loss=look.loss, tokens=look.tokens, note=note, step=chosen.length - 1)
    return chosen, UPDATES if kept else update, look


def below(found: Found) -> None:
    """What does not change with each move."""
    chosen, update, look = found
    page.below("about", facts=model.about())
    page.verify(look.trace.network, look.x, look.dy)
    page.checks(lambda: model.checks(chosen))
    page.program(**model.program(chosen, max(1, update)))
    page.below("deeper", "sources", facts=model.about())


page.tell(stage.scene)
page.explore(lab, below)
