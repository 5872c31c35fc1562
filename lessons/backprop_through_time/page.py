"""Backpropagation through time: a gradient on its way back, in full and truncated. What stands where."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from lessons.backprop_through_time import model, pictures, recall, stage
from lessons.backprop_through_time.experiment import Experiment
from lessons.common import player
from lessons.common.page import Page

page = Page.open("backprop_through_time", model)


def lab(values: Mapping[str, Any]) -> tuple[Experiment, Mapping[str, Any]]:
    """Question, what truncation changes, the pass step by step, and what there was to see."""
    run = model.experiment(values)
    facts = model.facts(run)
    ask = "ask_right" if run.learned else "ask_arrives"
    page.show(page.presets(facts), page.question(ask, facts), key="ask")
    above = st.container()
    go_to_the_question(run)
    shown = page.player(
        run.trace,
        run.truncated,
        tokens=list(run.symbols),
        inputs=list(recall.SYMBOLS) if run.spells else None,
        outputs=list(recall.CLUES) if run.spells else None,
        loss=run.loss.value,
        step=run.T - 1,
        backward=True,
        note=page.words.label("note", facts),
    )
    st.session_state["last way back"] = kind(run), run.T, shown
    with above:
        page.show(*pictures.above(run, facts, shown.step + 1, page.words), key="above")
    if run.network.hidden_size == 1:
        page.stage(stage.total(run, page.words), key="sum", height=400)
    page.show(*pictures.below(run, facts, shown.step + 1, page.words), page.text("saw", facts))
    return run, values


def go_to_the_question(run: Experiment) -> None:
    """Whoever stands at the question, where the way back begins, moves with it; another network begins there."""
    before, T, shown = st.session_state.get("last way back", (kind(run), run.T, None))
    if before != kind(run):
        player.send_to(page.slug, step=run.T - 1, backward=True)
    elif T != run.T and shown and shown.step == T - 1:
        stood = {"unit": shown.unit, "selected": shown.selected, "backward": shown.backward}
        player.send_to(page.slug, step=run.T - 1, **stood)


def kind(run: Experiment) -> tuple[bool, bool]:
    """What sort of network it is: each has a question of its own."""
    return run.learned is not None, run.spells


def below(found: tuple[Experiment, Mapping[str, Any]]) -> None:
    """What does not change with each move."""
    run, values = found
    page.below("about", "truncation", "deeper")
    x, dy, h0 = run.window
    page.verify(run.network, x, dy, h0=h0, surgery=run.held_in_window)
    page.checks(model.checks)
    page.program(**model.program(run, values))
    page.below("sources")


page.tell(stage.scene)
page.explore(lab, below)
