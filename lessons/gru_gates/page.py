"""GRU gates: a story about one state that blends, then a GRU with all its controls, and an LSTM beside it."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from lessons.common import dials
from lessons.common.page import Page
from lessons.common.player import Shown
from lessons.gru_gates import model, stage
from lessons.gru_gates.experiment import Experiment
from lessons.gru_gates.model import Settings
from lessons.gru_gates.pictures import gates, update

page = Page.open("gru_gates", model)


def lab(values: Mapping[str, Any]) -> tuple[Settings, Experiment, Shown]:
    """The question, the player on the GRU, the LSTM beside it, and what there is to see."""
    settings = Settings(**values)
    run = model.experiment(settings)
    about = model.about(run)
    ask = st.container()
    grads, loss = run.backward
    shown = page.player(
        run.passes["gru"],
        grads,
        tokens=run.tokens,
        inputs=run.inputs,
        outputs=run.classes or None,
        loss=loss,
        note=page.words.label("note", about),
        step=5,
        selected="z",
    )
    facts = model.facts(settings, run, shown.step, shown.unit)
    with ask:
        page.show(page.presets(), page.question("ask_moved" if run.by_hand else "ask_loss", facts), key="ask")
    place = page.words, shown.step, shown.unit
    page.show(page.text("network", about), gates(run, *place), update(run, *place), page.text("saw", facts))
    return settings, run, shown


@st.fragment
def price() -> None:
    """What the third gate costs; measured once for a size, and again when asked to."""
    units = dials.mount(model.price_controls, page.words, key="price")["price_units"]
    if st.session_state.get("measured", (0, []))[0] != units or st.session_state.pop("measure again", False):
        st.session_state.measured = units, model.measure(units)
    page.show(page.text("price", model.price(units, st.session_state.measured[1])), key="priced")
    again = ({"measure again": True},)
    st.button(
        page.words.label("measure"),
        icon=":material/timer:",
        key="measure",
        on_click=st.session_state.update,
        args=again,
    )


def below(found: tuple[Settings, Experiment, Shown]) -> None:
    """What does not change with each move."""
    settings, run, shown = found
    price()
    page.below("about")
    page.checks(lambda: model.checks(run))
    page.program(**model.program(settings, run, shown.step, shown.unit))
    page.below("deeper", "sources")


page.tell(stage.scene)
page.explore(lab, below)
