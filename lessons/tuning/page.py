"""Tuning: a story of settings that no gradient reaches, then successive halving with all that can be set."""

from collections.abc import Mapping
from typing import Any

from lessons.common import live
from lessons.common.page import Page
from lessons.tuning import model, pictures, stage
from lessons.tuning.experiment import EVERY, Search, record

HEIGHT = 680  # pixels

page = Page.open("tuning", model)
Found = tuple[Search, model.Look]


def lab(values: Mapping[str, Any]) -> Found:
    """Halving, the player with the best network where the reader stands, and all that the random search has tried."""
    page.show(page.presets(), key="try")
    search = model.settings(values)
    lanes, panels = search.lanes(), pictures.panels(page.words, loss=True)
    run = live.show(page, "run", lanes, record, panels, limit=search.ends[-1], every=EVERY, height=HEIGHT, token="lab")
    update = (run.at or 0) // EVERY * EVERY
    rows = {m: run.values("error", lane.id) for m, lane in enumerate(lanes)}
    errors = {m: float(row[update // EVERY]) for m, row in rows.items() if len(row) > update // EVERY}
    leader = min(errors, key=errors.__getitem__)
    network = run.checkpoint(lanes[leader].id, update).network
    page.show(page.text("saw", model.facts(search, update, errors, network)), key="seen")
    look = model.look(network)
    note = page.words.label("note", {"update": update, "leader": lanes[leader].label})
    page.player(look.trace, look.grads, loss=look.loss, tokens=look.tokens, note=note, step=len(look.tokens) - 1)
    page.show(*pictures.searches(page.words), pictures.many(page.words), pictures.best(page.words), key="map")
    return search, look


def below(found: Found) -> None:
    """What does not change with each move."""
    search, look = found
    page.below("about", facts=model.about())
    page.verify(look.trace.network, look.x, look.dy)
    page.checks(lambda: model.checks(search))
    page.program(**model.program(search))
    page.below("deeper", "sources", facts=model.about())


page.tell(stage.scene)
page.explore(lab, below)
