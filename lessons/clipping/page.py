"""Gradient clipping: a story of one bad step, then descents into a cliff with all their controls. What stands where."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from lessons.clipping import experiment, model, pictures, stage, surface
from lessons.clipping.experiment import NAMES, Settings
from lessons.common import charts, dials, plotly
from lessons.common.page import Page
from rnnviz.error_surface import Descent
from rnnviz.plots import error_surface
from rnnviz.plots.theme import Look

page = Page.open("clipping", model)
BY_HAND = ("norm", "value", "turn", "numbers")  # the threshold is a control of the page
Found = tuple[Settings, Mapping[str, Descent]]


def hear(event: Mapping[str, Any]) -> None:
    """A preset plays the descents, too."""
    if event["target"] == "preset":
        st.session_state.plays = st.session_state.get("plays", 0) + 1
    page.hear(event)


def lab(values: Mapping[str, Any]) -> Found:
    """Question, the surface with the descents, and what there was to see."""
    settings = Settings(**values)
    found = experiment.descents(settings)
    facts = model.facts(settings, found)
    plays = st.session_state.get("plays", 0)
    charts.show(page.presets(), page.question("ask", facts), key="ask", on_event=hear)
    play = {"play_to": experiment.UPDATES if plays else None, "token": plays, "speed": 4 if plays else 1}
    page.stage(surface.descents(found, settings, page.words, **play), key="descents", height=None)
    page.stage(surface.by_hand(settings, page.words, show=BY_HAND, token=settings.threshold), key="clip", height=500)
    page.show(page.text("saw", facts), pictures.histograms(settings, found, page.words), page.text("beyond", facts))
    look_around(found)
    return settings, found


def look_around(found: Mapping[str, Descent]) -> None:
    """The same surface in three dimensions, once it is opened."""
    expander = st.expander(page.words.label("look_around"), key="around", on_change="rerun")
    if expander.open:
        named = {page.words.label(f"courses.{name}"): found[name] for name in NAMES}
        look: Look = "dark" if st.context.theme.type == "dark" else "light"
        plotly.show(expander, error_surface(named, look=look), key="surface")


@st.fragment
def recorded() -> None:
    """A recorded training run, clipped at a multiple of its running average, or not."""
    i, j = model.run(dials.mount(model.run_controls, page.words, key="run"))

    def choose(event: Mapping[str, Any]) -> None:
        dials.put("run", **model.pick(event["target"], event["value"], {}))

    parts = pictures.runs(i, j, page.words), page.text("run", model.run_facts(i, j)), pictures.learned(i, page.words)
    charts.show(*parts, key="recorded", on_event=choose)


def below(found: Found) -> None:
    """What does not change with each move."""
    recorded()
    page.below("compared", facts=model.compared())
    page.below("about", facts=model.about())
    page.verify(**model.verified(found[1]), about=page.text("checked", model.checked(found[1])))
    page.checks(lambda: model.checks(*found))
    page.program(**model.program(found[0]))
    page.below("deeper", "sources")


page.tell(stage.scene)
page.explore(lab, below)
