"""Hidden state: a story about a loop, then the loop with all its controls. What stands where."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from lessons.common.page import Page
from lessons.hidden_state import model, stage
from lessons.hidden_state.model import Experiment, Facts, Settings
from lessons.hidden_state.pictures import difference

page = Page.open("hidden_state", model)


def lab(values: Mapping[str, Any]) -> tuple[Experiment, Facts]:
    """Question, player, pictures, and what there was to see."""
    run = model.experiment(Settings(**values))
    ask = st.container()
    shown = page.player(
        run.trace,
        run.grads,
        tokens=run.reading.tokens,
        inputs=run.reading.inputs,
        loss=run.loss,
        note=page.words.label("note", model.about(run)),
        step=7,
    )
    facts = model.facts(run, shown.step, shown.unit)
    question = "ask_survival" if run.reading.other else "ask_same"
    with ask:
        page.show(page.presets(), page.question(question, facts), key="ask")
    page.show(*difference(run, page.words, shown.step), page.text("saw", facts))
    return run, facts


def below(found: tuple[Experiment, Facts]) -> None:
    """What does not change with each move."""
    run, facts = found
    page.below("about")
    x, surgery = run.held
    page.verify(run.trace.network, x, run.dy, surgery=surgery)
    page.checks(lambda: model.checks(run, facts))
    page.program(**model.program(run, facts))
    page.below("sources")


page.tell(stage.scene)
page.explore(lab, below)
