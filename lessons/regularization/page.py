"""Regularization: a story of fortnights learnt by heart, then the same with all that can be set. What stands where."""

from collections.abc import Mapping
from typing import Any

from lessons.common import live
from lessons.common.page import Page
from lessons.regularization import model, pictures, stage
from lessons.regularization.experiment import LONG, Settings, Trained
from lessons.regularization.memory import KINDS

HEIGHT = 760  # pixels
KEY, OFF, ON = "run", "off", "on"

page = Page.open("regularization", model)
Found = tuple[Settings, Trained, model.Look]


def lab(values: Mapping[str, Any]) -> Found:
    """Both networks as they learn, the player with one as it was where the reader stands, and bits under masks."""
    page.show(page.presets(), key="try")
    chosen = model.settings(values)
    lanes = [pictures.lane(OFF, chosen.plain, page.words.label("lanes.off", {}))]
    if chosen != chosen.plain:
        lanes.append(pictures.lane(ON, chosen, page.words.label("lanes.on", {})))
    panels = pictures.explored(chosen, page.words)
    run = live.show(page, KEY, lanes, pictures.record, panels, limit=LONG, height=HEIGHT, token="explore")
    stands: Trained = run.checkpoint(lanes[-1].id)
    page.show(page.text("saw", model.facts(chosen, stands)), key="seen")
    look = model.look(stands.network)
    note = page.words.label("note", {"update": stands.update, "zoneout": chosen.mask == "zoneout"})
    page.player(look.trace, look.grads, loss=look.loss, note=note, tokens=look.tokens, step=model.DAYS - 1)
    page.show(page.text("memory", model.remembered(chosen)), key="memory words")
    page.stage(pictures.masks(KINDS, page.words, chosen.p, token=f"memory {chosen.p}"), key="memory")
    return chosen, stands, look


def below(found: Found) -> None:
    """What does not change with each move."""
    chosen, stands, look = found
    page.below("about", "draws", facts=model.about() | model.often())
    page.verify(stands.network, look.x, look.dy, masks=model.drawn(chosen, stands.network, look.x))
    page.checks(lambda: model.checks(chosen))
    page.program(**model.program(chosen, stands.update))
    page.below("deeper", "sources", facts=model.about())


page.tell(stage.scene)
page.explore(lab, below)
