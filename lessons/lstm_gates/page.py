"""LSTM gates: a story about what is kept, then every gate with all its controls. What stands where."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from lessons.common import player
from lessons.common.page import Page
from lessons.lstm_gates import model, stage
from lessons.lstm_gates.model import NONE, Experiment, Facts, Settings
from lessons.lstm_gates.pictures import both

page = Page.open("lstm_gates", model)


def go_along(settings: Settings, run: Experiment) -> None:
    """When an intervention begins, or takes another gate or input, the player goes to its first step."""
    begun = (settings.input, settings.gate) if settings.intervention != NONE else None
    if st.session_state.setdefault("intervention begun", begun) != begun:
        st.session_state["intervention begun"] = begun
        for cut in run.surgery:
            unit = cut.units[0] if cut.units else st.session_state.get("unit last shown", 0)
            player.send_to(page.slug, step=cut.first, unit=unit, selected=cut.gate)


def lab(values: Mapping[str, Any]) -> tuple[Experiment, Facts]:
    """The question, the player, both runs side by side, and what there is to see in them."""
    settings = Settings(**values)
    run = model.experiment(settings)
    about = model.about(run, settings)
    ask = st.container()
    go_along(settings, run)
    shown = page.player(
        run.changed.trace,
        run.changed.grads,
        tokens=run.tokens,
        inputs=run.inputs,
        outputs=run.classes or None,
        loss=None if run.by_hand else run.changed.loss,
        note=page.words.label("note", about),
        step=settings.start,
        selected="f",
    )
    st.session_state["unit last shown"] = shown.unit
    facts = model.look(settings, run, shown.step, shown.unit, shown.selected)
    with ask:
        page.show(page.presets(), page.question("ask", facts), key="ask")
    pictures = both(run, page.words, shown.step, shown.unit)
    page.show(page.text("places", facts), pictures, page.text("saw", facts), page.text("network", about))
    return run, facts


def below(found: tuple[Experiment, Facts]) -> None:
    """What does not change with each move."""
    run, facts = found
    page.below("about")
    x, surgery = run.held
    page.verify(run.network, x, run.changed.grads.dy, surgery=surgery)
    page.checks(lambda: model.checks(run, facts.step - 1))
    page.program(**model.program(run, facts.settings, facts.step - 1, facts.unit - 1))
    page.below("sources")


page.tell(stage.scene)
page.explore(lab, below)
