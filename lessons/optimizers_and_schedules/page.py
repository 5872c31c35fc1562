"""Optimizers and schedules: a story of walks down the same loss, then all that can be set. What stands where."""

from collections.abc import Mapping
from typing import Any

from lessons.common import live, stages
from lessons.common.page import Page
from lessons.optimizers_and_schedules import hills, model, pictures, stage, tale
from lessons.optimizers_and_schedules.experiment import KNOBS, LIMIT, Settings
from rnnviz.training import Checkpoint

HEIGHT = 720  # pixels
KEY, FORK = "run", "fork"

page = Page.open("optimizers_and_schedules", model)
Found = tuple[Settings, Checkpoint, model.Look]


def lab(values: Mapping[str, Any]) -> Found:
    """The walks on the map, where the reader stands in the first, and the player with the network as it was then."""
    page.show(page.presets(), key="try")
    chosen, fork = model.settings(values), live.forked(page, KEY, values, KNOBS)
    parent = model.settings(fork.values) if fork else chosen
    lanes = [pictures.lane(f"own_{parent.optimizer}", parent, said(parent.optimizer))]
    if fork:
        lanes.append(pictures.lane(FORK, chosen, said(FORK)).forked(lanes[0], fork.update))
    others = model.beside(parent) if values["beside"] == "race" else {}
    lanes += [pictures.lane(name, one, said(name)) for name, one in others.items()]
    place = {"can": ["fork", "unfork"] if fork else ["fork"], "token": "explore", "pace": stage.PACE}
    place["constants"] = stages.constant(pictures.constants(chosen.hill, chosen.seed))
    panels = pictures.explored([parent, chosen, *others.values()], page.words)
    record = pictures.recorder(chosen.hill, chosen.seed)
    run = live.show(page, KEY, lanes, record, panels, limit=LIMIT, height=HEIGHT, **place)
    forked = fork is not None and (run.at or 0) >= fork.update
    at = run.checkpoint(lanes[1].id if forked else lanes[0].id)
    walked = chosen if forked else parent
    page.show(
        page.text("saw", model.facts(walked, model.spoken_of(walked, at), at.update, fork.update if fork else None)),
        key="seen",
    )
    look = model.look(chosen, at.network)
    page.player(look.trace, look.grads, loss=look.loss, note=page.words.label("note", {"update": at.update}), step=8)
    return chosen, at, look


def said(name: str) -> str:
    """What a lane is called."""
    return page.words.label(f"lanes.{name}", tale.said())


def below(found: Found) -> None:
    """What does not change with each move."""
    chosen, at, look = found
    page.show(page.text("suits", model.about()), pictures.suits(page.words), key="suits")
    page.below("about", facts=model.about())
    page.verify(at.network, hills.shown(chosen.hill, chosen.seed).x[:, :1], look.dy)
    page.checks(lambda: model.checks(chosen))
    page.program(**model.program(chosen, max(1, at.update)))
    page.below("deeper", "sources", facts=model.about())


page.tell(stage.scene)
page.explore(lab, below)
