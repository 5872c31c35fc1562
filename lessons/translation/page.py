"""Translation: a story of two networks and one vector, then your own number words. What stands where."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from lessons.common import live, saliency
from lessons.common.page import Page
from lessons.translation import model, pictures, stage
from lessons.translation.experiment import UPDATES
from lessons.translation.stored import network
from lessons.translation.words import MOST

page = Page.open("translation", model)
Found = tuple[Mapping[str, Any], model.Look, int]


def lab(values: Mapping[str, Any]) -> Found:
    """A word and its answers, beams, what mattered; how both do, how both learn; the player."""
    found = model.both(values)
    read, known = found.typed.read, found.typed.known
    truth = None if known is None else known.english
    page.show(page.presets(), page.text("typed", found), key="try")
    look = model.look(values["model"], read, values["letter"])
    place = {"token": [read, values["width"]], "step": MOST + len(read)}
    for column, one in zip(st.columns(len(model.MODELS)), reversed(model.MODELS)):
        with column:
            st.markdown(f"**{page.words.label(f'lanes.{one}')}**")
            page.stage(pictures.matrix(network(one), read, page.words, truth, **place), key=one, height=520)
    page.show(
        page.text("mattered", found), saliency.words(list(read), look.effect), page.text("beams", found), key="more"
    )
    page.stage(pictures.beams(look.net, read, values["width"], page.words, **place), key="beams", height=480)
    page.show(page.text("score", model.scores()), page.text("learns", model.about()), key="score")
    chosen = model.settings(values)
    panels = pictures.panels(page.words, everything=True)
    lanes, how = pictures.lanes(chosen, page.words), {"pace": 25, "token": "explore"}
    run = live.show(page, "run", lanes, pictures.record, panels, limit=UPDATES, every=pictures.EVERY, **how)
    reads = values["part"] == model.ENCODER
    trace, grads = (look.passed.encoder, look.grads.encoder) if reads else (look.passed.decoder, look.grads.decoder)
    note = page.words.label(f"notes.{values['part']}", found)
    page.player(trace, grads, tokens=list(read) if reads else [model.visible(one) for one in look.spoken], note=note)
    return values, look, run.at or 0


def below(found: Found) -> None:
    """What does not change with each move."""
    values, look, update = found
    page.below("about", facts=model.about())
    page.verify(look.net, look.asked.x, look.dy, spoken=look.asked.spoken, entries=model.CHECKED)
    page.checks(model.checks)
    page.program(**model.program(values, max(1, update)))
    page.below("deeper", "sources", facts=model.about())


page.tell(stage.scene)
page.explore(lab, below)
