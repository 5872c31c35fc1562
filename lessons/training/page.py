"""Training: a story of a network that learns the tide, then the same with all that can be set. What stands where."""

from collections.abc import Mapping
from typing import Any

from lessons.common import live
from lessons.common.page import Page
from lessons.training import model, pictures, stage
from lessons.training.experiment import KNOBS, LONG, Settings, shown
from rnnviz.training import Checkpoint

HEIGHT = 760  # pixels
KEY, FIRST, FORK = "run", "first", "fork"

page = Page.open("training", model)
Found = tuple[Settings, Checkpoint, model.Look]


def lab(values: Mapping[str, Any]) -> Found:
    """The network that learns, where the reader stands in it, and the player with the network as it was then."""
    page.show(page.presets(), key="try")
    chosen, fork = model.settings(values), live.forked(page, KEY, values, KNOBS)
    parent = None if fork is None else model.settings(fork.values)
    lanes = [pictures.lane(FIRST, parent or chosen, said(parent or chosen, FIRST if fork else chosen.cell))]
    if fork:
        lanes.append(pictures.lane(FORK, chosen, said(chosen, FORK)).forked(lanes[0], fork.update))
    place: dict[str, Any] = {"can": ["fork", "unfork"] if fork else ["fork"], "token": "explore"}
    panels = pictures.explored(chosen, page.words)
    run = live.show(page, KEY, lanes, pictures.recorder(parent or chosen), panels, limit=LONG, height=HEIGHT, **place)
    stands = run.at or 0
    forked = fork is not None and stands >= fork.update
    at = run.checkpoint(FORK if forked else FIRST)
    spoken = model.spoken_of(chosen, at)
    ended = run.courses[-1].ended
    facts = model.facts(chosen, spoken, at.update, parent, fork.update if fork else 0, ended)
    page.show(page.text("saw", facts), key="seen")
    look = model.look(at.network)
    note = page.words.label("note", {"update": at.update})
    page.player(look.trace, look.grads, loss=look.loss, note=note, step=11)
    return chosen, at, look


def said(settings: Settings, name: str) -> str:
    """What a lane is called."""
    return page.words.label(f"lanes.{name}", {"rate": settings.rate})


def below(found: Found) -> None:
    """What does not change with each move."""
    chosen, at, look = found
    page.below("about", facts=model.about())
    page.verify(at.network, shown().x, look.dy)
    page.checks(lambda: model.checks(chosen))
    page.program(**model.program(chosen, max(1, at.update)))
    page.below("deeper", "sources", facts=model.about())


page.tell(stage.scene)
page.explore(lab, below)
