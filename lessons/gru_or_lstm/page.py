"""GRU or LSTM: a story of two races that each wins once, then five tasks, any size, with what it costs."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from lessons.common import charts, dials, live
from lessons.common.page import Page
from lessons.gru_or_lstm import model, pictures, price, stage
from lessons.gru_or_lstm.experiment import Settings
from lessons.gru_or_lstm.model import CELL_CHOICES, Look

HEIGHT, LONG, EVERY = 640, 1000, 10  # pixels; updates, and how many are between two pictures

page = Page.open("gru_or_lstm", model)
Found = tuple[Settings, int, Look]


def lab(values: Mapping[str, Any]) -> Found:
    """All cells learn; where the reader stands, what each can do, and the player with one of them as it was then."""
    page.show(page.presets(), key="try")
    chosen = model.settings(values)
    lanes = [chosen.of(cell).lane(page.words.label(f"cells.{cell}")) for cell in CELL_CHOICES]
    panels = pictures.explored(chosen.task, page.words)
    recorder = pictures.recorder(chosen.task)
    run = live.show(page, "run", lanes, recorder, panels, limit=LONG, every=EVERY, height=HEIGHT, token="explore")
    at = {cell: run.checkpoint(cell) for cell in CELL_CHOICES}
    facts = model.facts(chosen, at)
    page.show(page.text("saw", facts), key="seen")
    shown = at[chosen.cell]
    look = model.look(chosen.task, shown.network)
    note = page.words.label("note", {"cell": page.words.label(f"cells.{chosen.cell}"), "update": shown.update})
    page.player(look.trace, look.grads, loss=look.loss, note=note, step=1)
    return chosen, shown.update, look


@st.fragment
def stored() -> None:
    """All seeds, as they were stored; over updates, or over the time that these take on this computer."""
    values = dials.mount(model.stored_controls, page.words, key="stored")
    task, size, rate = values["stored_task"], values["stored_size"], float(values["stored_rate"])
    facts = model.stored(values)
    parts: list[Any] = [pictures.curves(task, size, rate, values["per"], page.words)]
    parts.append(pictures.reach(page.words, size, rate) if task == "count" else pictures.costs(task, size, page.words))
    page.show(page.text("stored", facts), charts.Row(*parts), key="seeds")
    anew = price.measured.cache_clear
    st.button(page.words.label("measure"), icon=":material/timer:", key="measure", on_click=anew)


def below(found: Found) -> None:
    """What does not change with each move."""
    chosen, update, look = found
    stored()
    page.below("about", facts=model.about())
    page.verify(look.trace.network, look.x, look.dy)
    page.checks(lambda: model.checks(chosen))
    page.program(**model.program(chosen, max(1, update)))
    page.below("deeper", "sources", facts=model.about())


page.tell(stage.scene)
page.explore(lab, below)
