"""Bidirectional and stacked: a story about a gap, then four networks that fill it, with all controls."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from lessons.bidirectional_and_stacked import model, sides, stage
from lessons.bidirectional_and_stacked.blanks import Question, pass_of
from lessons.bidirectional_and_stacked.model import BLANK
from lessons.bidirectional_and_stacked.pictures import SYMBOLS, answered, everywhere, noticed
from lessons.common import player
from lessons.common.page import Page

page = Page.open("bidirectional_and_stacked", model)


def go_along(position: int) -> None:
    """When the reader hides another position, the player goes there."""
    if st.session_state.setdefault("asked about", position) != position:
        st.session_state["asked about"] = position
        player.send_to(page.slug, step=position - 1)


def from_both_sides(asked: Question, reader: str) -> dict[str, Any]:
    """The sentence, read to its end; what is guessed there comes when the reader has predicted it, or plays on."""
    told = page.answered("reader") is not None
    found = sides.of_question(asked, reader, page.words, token=[asked.read, asked.position, reader, told])
    return found | {"step": found["steps"] - (not told)}


def lab(values: Mapping[str, Any]) -> Question:
    """The question, the player, and who says what."""
    asked, reader = model.question(values), model.shown_reader(values)
    ask = st.container()
    page.stage(from_both_sides(asked, reader), key="sides", height=460)
    go_along(asked.position)
    trace, grads, loss = pass_of(reader, asked.read, asked.position, asked.symbol, values["holds"])
    shown = page.player(
        trace,
        grads,
        tokens=tuple(asked.read),
        inputs=(*SYMBOLS, BLANK),
        outputs=SYMBOLS,
        loss=loss,
        step=asked.position - 1,
        note=page.words.label("note", {"position": asked.position, "symbol": model.visible(asked.symbol)}),
    )
    place = shown.step, shown.layer, shown.direction
    facts = model.facts(asked, reader, *place, values["holds"])
    with ask:
        page.show(page.presets(), page.question("ask", facts), key="ask")
    pictures = (answered(asked, page.words), everywhere(asked, page.words), noticed(asked, page.words))
    page.show(page.text("places", facts), *pictures, page.text("saw", facts))
    return asked


def below(asked: Question) -> None:
    """What does not change with each move."""
    page.below("table", facts=model.table())
    page.below("about")
    page.checks(lambda: model.checks(asked))
    page.program(**model.program(asked))
    page.below("deeper", "sources")


page.tell(stage.scene)
page.explore(lab, below)
