"""Beyond recurrence: a story of a long way and a short one, then both networks on any word. What stands where."""

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st
from markupsafe import Markup

import rnnviz as rv
from lessons.beyond_recurrence import costs, model, pictures, stage
from lessons.beyond_recurrence.experiment import MARKS, UPDATES, look
from lessons.beyond_recurrence.stored import EACH
from lessons.common import charts, live
from lessons.common.page import Page
from lessons.common.verify import Verdict, verdict

page = Page.open("beyond_recurrence", model)
Found = tuple[Mapping[str, Any], Mapping[str, Any], int]


def lab(values: Mapping[str, Any]) -> Found:
    """Both networks on what was typed, what they cost, and both as they learn."""
    word, place = model.text(values)
    length, seed = int(values["length"]), int(values["seed"])
    page.show(page.presets(), key="try")
    above, training = st.container(), st.container()
    with training:
        run = live.show(
            page, "run", pictures.lanes(page.words, seed), pictures.record, pictures.panels(page.words),
            limit=UPDATES, every=EACH, height=360, token="explore",
        )  # fmt: skip
    chosen = model.networks(values, {kind: run.checkpoint(kind).network for kind in costs.PAIR})
    pair = {kind: chosen[kind] for kind in costs.PAIR}
    with above:
        one_word(chosen, values)
    far, counted = pictures.far(model.far(length, seed), page.words), pictures.counted(length, page.words)
    page.show(page.text("price", model.about()), charts.Row(far, counted), key="price")
    seen = look(pair["recurrent"], word, place)
    note = page.words.label(f"notes.{values['weights']}")
    grads = rv.backpropagate(seen.trace.network, seen.trace, seen.dy)
    page.player(seen.trace, grads, tokens=[*word, MARKS[place]], note=note, step=len(word))
    return values, pair, run.at or 0


def one_word(chosen: Mapping[str, Any], values: Mapping[str, Any]) -> None:
    """Both ways back through a word, what is said of it, which letters mattered, and who looks at whom."""
    (word, place), pair = model.text(values), {kind: chosen[kind] for kind in costs.PAIR}
    stands: dict[str, Any] = {"token": f"{word} {place} {values['weights']} {values['seed']}", "step": len(word)}
    page.stage(pictures.back(pair, word, place, page.words, **stands), key="back", height=560)
    names, tokens = page.words.labels("kinds"), [*word, MARKS[place]]
    mattered = [rv.diagrams.mattered(tokens, look(one, word, place).norms, name=names[k]) for k, one in pair.items()]
    weights = model.matrix(pair["attention"], word, place, values["mask"])
    said = page.text("said", model.facts(values, chosen))
    page.show(said, charts.Row(*mattered), pictures.weights(weights, page.words), key="said")


def below(found: Found) -> None:
    """What does not change with each move."""
    values, pair, update = found
    page.below("evaluated", facts=model.evaluated())
    page.show(pictures.timed(page.words), key="timed")
    page.below("about", facts=model.about())
    page.prove(*(proof(kind, network, values) for kind, network in pair.items()))
    page.checks(model.checks)
    page.program(**model.program(values, update))
    page.below("deeper", "sources", facts=model.about())


def proof(kind: str, network: Any, values: Mapping[str, Any]) -> tuple[Markup, Callable[[], Verdict]]:
    """That the gradients of one of the two networks are right, in the word that it has read."""
    seen = look(network, *model.text(values))
    about = page.text("proof", {"kind": kind})
    return about, lambda: verdict(seen.trace.network, seen.x, seen.dy)


page.tell(stage.scene)
page.explore(lab, below)
