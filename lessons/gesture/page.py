"""Gestures: a story of windows and people, then the laboratory and one's own watch. What stands where."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

import rnnviz as rv
from lessons.common import live
from lessons.common.page import Page
from lessons.gesture import experiment, model, own, pictures, stage, watching
from lessons.gesture.experiment import UPDATES
from lessons.gesture.stored import EVERY, network

page = Page.open("gesture", model)


@dataclass(frozen=True, eq=False)
class Found:
    """What the lab shows."""

    values: Mapping[str, Any]
    update: int
    network: rv.Network
    look: watching.Look


def lab(values: Mapping[str, Any]) -> Found:
    """A recording, one of its windows, what is mistaken for what, and a network that learns."""
    page.show(page.presets(), key="try")
    above = st.container()
    run, kept = model.settings(values), values.get("network") == model.STORED
    lane = live.Lane("net", run.start, run.go, token=run.token, label=page.words.label(f"cells.{run.cell}"))
    record, rows = pictures.recorder(run), pictures.panels(page.words)
    training = live.show(page, "run", [lane], record, rows, limit=UPDATES, every=EVERY // 4, height=620, pace=15)
    update = UPDATES if kept else training.at or 0
    net = network(run) if kept else training.checkpoint().network
    seen, look = model.shown(values, net)
    found = model.facts(values, net, update, seen)
    token = f"{model.chosen(values)} {run.token} {kept} {update}"
    done, answers = experiment.exercises(run.split, run.person), experiment.predicted(net, run)
    title = page.words.label("confusion.lab")
    with above:
        windows = pictures.over(seen, page.words, found.exercise, token=token, step=found.window)
        page.stage(windows, key="windows", height=520)
        page.show(page.text("saw", found), key="seen")
        token = f"{token} {found.window}"
        inside = pictures.within(look, page.words, found.exercise, token=token, step=len(look.p) + 1)
        page.stage(inside, key="window", height=560)
        page.show(pictures.matrix(done, answers, page.words, title=title, target="mistake"), key="matrix")
        own.table(page)
    note = page.words.label(f"notes.{'stored' if kept else 'live'}", {"update": update})
    short = page.words.labels("short")
    page.player(look.trace, look.grads, outputs=short, note=note, step=len(look.p) - 1)
    return Found(values, update, net, look)


def below(found: Found) -> None:
    """What does not change with each move."""
    page.below("about", facts=model.about())
    page.verify(found.network, found.look.x, found.look.dy)
    page.checks(lambda: model.checks(model.settings(found.values)))
    page.program(**model.program(found.values, found.update))
    page.below("deeper", "sources", facts=model.about())


page.tell(stage.scene)
page.explore(lab, below)
