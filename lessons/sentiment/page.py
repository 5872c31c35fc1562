"""Reviews: a story about a needle that moves word by word, then your own sentences, training, and an honest test."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from lessons.common import live
from lessons.common.page import Page
from lessons.common.saliency import words as shaded
from lessons.sentiment import model, pictures, stage
from lessons.sentiment.experiment import EVERY, LIMIT, Read, Settings, read, record
from lessons.sentiment.stored import network

HEIGHT, TALL = 300, 560  # pixels

page = Page.open("sentiment", model)
Found = tuple[Settings, Read, int | None]


def lab(values: Mapping[str, Any]) -> Found:
    """The sentence as it is read, networks that learn, the player, and the scores on the test part."""
    page.show(page.presets(), key="try")
    chosen, words = model.settings(values), model.typed(values)
    above = st.container()
    run = learning(chosen)
    update = None if values["network"] == model.STORED else run.at or 0
    net = network() if update is None else run.checkpoint("chosen").network
    found = read(net, words)
    with above:
        token = str((words, update, update is not None and chosen.token))
        page.stage(pictures.lines([found], page.words, token=token, step=len(words)), key="read", height=HEIGHT)
        page.show(page.text("saw", model.facts(found)), shaded(found.words, found.effects), key="seen")
    note = page.words.label(f"notes.{'stored' if update is None else 'live'}", {"update": update})
    page.player(
        found.trace, found.grads, tokens=found.words, inputs=model.columns(words), note=note, step=len(words) - 1
    )
    page.show(page.text("scores", model.evaluation()), pictures.test_scores(page.words), key="test")
    page.show(page.text("more", model.curve()), pictures.more(page.words), key="more")
    return chosen, found, update


def learning(chosen: Settings) -> live.Live:
    """Both networks as they learn, and what there is to say where the reader stands."""
    lanes = [pictures.lane("chosen", chosen, page.words), pictures.lane("plain", chosen.plain, page.words)]
    lanes = lanes[:1] if chosen == chosen.plain else lanes
    panels = [[pictures.valid(page.words), pictures.train(page.words)], [pictures.right(page.words)]]
    run = live.show(page, "run", lanes, record, panels, limit=LIMIT, every=EVERY, height=TALL, token="explore")
    rows = {name: run.values(name, "chosen") for name in ("train", "valid", "train_right", "valid_right")}
    page.show(page.text("learned", model.learned(rows, run.at or 0)), key="learned")
    return run


def below(found: Found) -> None:
    """What does not change with each move."""
    chosen, read_now, update = found
    page.below("about", facts=model.about())
    page.verify(read_now.trace.network, read_now.trace[0, 0].x, read_now.dy)
    page.checks(model.checks)
    page.program(**model.program(chosen, read_now.words, update))
    page.below("deeper", "sources", facts=model.about())


page.tell(stage.scene)
page.explore(lab, below)
