"""Language model: a story of a network that writes, then all that can be set of it. What stands where."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from lessons.common import live
from lessons.common.page import Page
from lessons.language_model import model, pictures, stage, stored, writer
from lessons.language_model.book import alphabet

page = Page.open("language_model", model)


def lab(values: Mapping[str, Any]) -> tuple[Mapping[str, Any], model.Look]:
    """A network writes; one learns; the player with what was written."""
    chosen, here = model.settings(values), values["network"] == model.LIVE
    page.show(page.presets(), key="try")
    top = st.container()
    lanes, panels = [pictures.lane(chosen, page.words)], pictures.panels(page.words)
    place = {"limit": pictures.LIMIT, "every": pictures.EVERY, "token": "explore"}
    run = live.show(page, "run", lanes, pictures.record, panels, **place)
    network = run.checkpoint().network if here else stored.network()
    with top:
        writes(network, values, [values["network"], run.at if here else None])
        page.show(page.text("saw", model.facts(network, values)), key="seen")
    look = model.look(network, values)
    page.player(
        look.trace,
        look.grads,
        loss=look.loss,
        tokens=look.tokens,
        inputs=model.visible(alphabet()),
        outputs=model.visible(alphabet()),
        note=page.words.label(f"notes.{values['network']}"),
        step=len(writer.typed(values["prompt"])) - 1,
    )
    return values, look


def writes(network: Any, values: Mapping[str, Any], token: list[Any]) -> None:
    """What this network writes after the reader's prompt, letter by letter."""
    prompt, heat, seed = writer.typed(values["prompt"]), ((0, float(values["temperature"])),), int(values["seed"])
    place = {"shade": model.shade(values), "show_heat": False, "token": [*token, prompt, seed]}
    page.stage(pictures.written(network, prompt, heat, seed, page.words, **place), key="writing", height=460)


def below(found: tuple[Mapping[str, Any], model.Look]) -> None:
    """What does not change with each move."""
    values, look = found
    page.below("about", facts=model.about())
    page.verify(look.trace.network, look.x, look.dy)
    page.checks(model.checks)
    page.program(**model.program(values))
    page.below("deeper", "sources", facts=model.about())


page.tell(stage.scene)
page.explore(lab, below)
