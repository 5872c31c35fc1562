"""Speech: a story of one word heard, then the laboratory and one's own voice. What stands where."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

import rnnviz as rv
from lessons.common import live
from lessons.common.page import Page
from lessons.speech import experiment, listening, model, own, pictures, stage
from lessons.speech.clips import DIGITS, clips
from lessons.speech.experiment import UPDATES
from lessons.speech.stored import EVERY, network

page = Page.open("speech", model)


@dataclass(frozen=True, eq=False)
class Found:
    """What the lab shows."""

    values: Mapping[str, Any]
    update: int
    network: rv.Network
    heard: listening.Listening


def lab(values: Mapping[str, Any]) -> Found:
    """A clip that is heard, what is mistaken for what, and a network that learns."""
    page.show(page.presets(), key="try")
    above = st.container()
    run, number = model.settings(values), model.chosen(values)
    lane = live.Lane("net", run.start, run.go, token=run.token, label=page.words.label(f"cells.{run.cell}"))
    record, rows = pictures.recorder(run), pictures.panels(page.words)
    training = live.show(page, "run", [lane], record, rows, limit=UPDATES, every=EVERY // 4, height=640, pace=20)
    kept = values.get("network") == model.STORED
    update = UPDATES if kept else training.at or 0
    net = network(run) if kept else training.checkpoint().network
    heard = listening.listen(net, clips().features[number], run)
    found = model.facts(values, net, update, heard)
    token = f"{number} {run.token} {kept} {update}"
    shown = pictures.stage(heard, page.words, right=found.digit, matters=True, token=token, step=len(heard.p) + 1)
    said, answers = experiment.digits(run.split, run.voice), experiment.predicted(net, run)
    title = page.words.label("confusion.lab")
    with above:
        page.stage(shown, key="hear", height=600)
        page.show(page.text("saw", found), key="seen")
        page.show(pictures.matrix(said, answers, page.words, title=title, target="mistake"), key="matrix")
        own.voice(page)
    note = page.words.label(f"notes.{'stored' if kept else 'live'}", {"update": update})
    names = [str(digit) for digit in range(DIGITS)]
    page.player(heard.trace, heard.grads, outputs=names, note=note, step=len(heard.p) - 1)
    return Found(values, update, net, heard)


def below(found: Found) -> None:
    """What does not change with each move."""
    page.below("about", facts=model.about())
    page.verify(found.network, found.heard.x, found.heard.dy)
    page.checks(lambda: model.checks(model.settings(found.values)))
    page.program(**model.program(found.values, found.update))
    page.below("deeper", "sources", facts=model.about())


page.tell(stage.scene)
page.explore(lab, below)
