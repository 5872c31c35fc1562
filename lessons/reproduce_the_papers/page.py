"""Reproduce the papers: a story of what a claim is worth, then seven of them to run again. What stands where."""

from collections.abc import Mapping
from typing import Any

from lessons.common import live
from lessons.common.page import Page
from lessons.reproduce_the_papers import model, pictures, stage
from rnnviz.training import Checkpoint

page = Page.open("reproduce_the_papers", model)
Found = tuple[model.Chosen, Checkpoint]


def lab(values: Mapping[str, Any]) -> Found:
    """One claim: what was published, what the stored runs say, and the same run anew."""
    of = model.chosen(values)
    entry, length = of.entry, of.length
    facts = model.facts(entry, length)
    page.show(page.presets(), page.text(f"claim_{entry.id}", facts), page.text("ours", facts), key="claim")
    place = {"token": f"{entry.id} {length}", "step": entry.updates}
    page.stage(pictures.stored(entry, length, page.words, **place), key="stored", height=420)
    page.show(pictures.success(entry, page.words), page.text("anew", facts), key="learned")
    lanes = pictures.lanes(entry, length, of.seed, page.words)
    panels, record = pictures.anew(entry, length, page.words), pictures.recorder(entry.id, length)
    run = live.show(page, "run", lanes, record, panels, limit=entry.updates, every=entry.quick)
    all_arms = {arm.id: run.checkpoint(arm.id) for arm in entry.arms}
    page.show(page.text("stands", model.stands(of, all_arms)), key="stands")
    at = all_arms[of.arm]
    look = model.look(entry, at.network)
    note = page.words.label("note", {"update": at.update})
    page.player(look.trace, look.grads, loss=look.loss, note=note)
    return of, at


def below(found: Found) -> None:
    """What does not change with each move."""
    of, at = found
    page.below("about", facts=model.facts(of.entry, of.length))
    page.verify(**model.verified(of.entry, of.arm, of.seed), about=page.text("checked", {"units": model.FEW}))
    page.checks(lambda: model.checks(of.entry, of.length))
    page.program(**model.program(of, max(1, at.update)))
    page.below("deeper", "sources", facts=model.facts(of.entry, of.length))


page.tell(stage.scene)
page.explore(lab, below)
