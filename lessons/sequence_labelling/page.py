"""Names: a story about words that come too late, then your own sentences, training, and scores by kind of name."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from lessons.common import live
from lessons.common.page import Page
from lessons.common.saliency import words as shaded
from lessons.sequence_labelling import model, pictures, stage
from lessons.sequence_labelling.experiment import EVERY, LIMIT, Read, Settings, read, record
from lessons.sequence_labelling.names import TAGS, vocabulary
from lessons.sequence_labelling.stored import network

HEIGHT, TALL = 300, 640  # pixels

page = Page.open("sequence_labelling", model)
Found = tuple[Settings, Read, model.Asked, int | None]


def lab(values: Mapping[str, Any]) -> Found:
    """The sentence and its tags, networks that learn, the player, and scores by kind."""
    page.show(page.presets(), key="try")
    chosen, words = model.settings(values), model.typed(values)
    above = st.container()
    run = learning(chosen)
    update = None if values["network"] == model.STORED else run.at or 0
    found = read(network(chosen.way) if update is None else run.checkpoint(chosen.way).network, words)
    one = model.asked(found, values)
    with above:
        token = str((words, chosen.way, update, update is not None and chosen.token))
        row = pictures.line("own", chosen.way, found, page.words)
        page.stage(pictures.lines([row], page.words, token=token, step=len(words)), key="read", height=HEIGHT)
        page.show(page.text("saw", model.facts(found, one, chosen.way)), shaded(words, one.norms), key="seen")
    note = page.words.label(f"notes.{'stored' if update is None else 'live'}", {"update": update})
    inputs = (*vocabulary().symbols, page.words.label("capital"))
    page.player(found.trace, one.grads, tokens=words, inputs=inputs, outputs=TAGS, note=note, step=one.word)
    page.show(page.text("scores", model.evaluation()), pictures.scores(page.words), key="test")
    return chosen, found, one, update


def learning(chosen: Settings) -> live.Live:
    """The network with these settings as it learns, and what there is to say where the reader stands."""
    lanes = [pictures.lane(chosen, page.words)]
    panels = [[pictures.macro(page.words), pictures.accuracy(page.words)], pictures.kinds(page.words)]
    run = live.show(page, "run", lanes, record, panels, limit=LIMIT, every=EVERY, height=TALL, token="explore")
    at = run.at or 0
    now = {name: float(run.values(name)[at // EVERY]) for name in ("macro", "accuracy", "per", "org", "loc")}
    page.show(page.text("learned", model.learned(now, at)), key="learned")
    return run


def below(found: Found) -> None:
    """What does not change with each move."""
    chosen, reading, one, update = found
    page.below("about", facts=model.about())
    page.verify(reading.trace.network, reading.trace[0, 0].x, one.dy)
    page.checks(model.checks)
    page.program(**model.program(chosen, reading.words, update, one.word))
    page.below("deeper", "sources", facts=model.about())


page.tell(stage.scene)
page.explore(lab, below)
