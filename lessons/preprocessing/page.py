"""Preprocessing: a story from raw table to honest score, then a series of one's own, prepared as one likes."""

from collections.abc import Mapping
from typing import Any

from lessons.common import live, own, saliency
from lessons.common.page import Page
from lessons.preprocessing import model, pictures, raw, stage
from lessons.preprocessing.experiment import LEAST, LONG, Settings, Trained
from lessons.preprocessing.experiment import raw as raw_of
from rnnviz.plots import Line

HEIGHT, SLIDING = 560, 420  # pixels
STEPS = 60  # of the series, over which the windows slide

page = Page.open("preprocessing", model)
Found = tuple[Trained, model.Look, str]


def lab(values: Mapping[str, Any]) -> Found:
    """The series, the network that learns from it, and what it says of the last window."""
    page.show(page.presets(), key="try")
    series, mine = chosen_series(wanted := model.settings(values))
    given = raw_of(series)
    chosen = model.fitting(given, wanted) or wanted
    names = {"chosen": chosen} | ({"honest": chosen.honest} if chosen.leaks else {})
    lanes = [pictures.lane(name, given, one, page.words.label(f"lanes.{name}", {})) for name, one in names.items()]
    panels = pictures.explored(given, chosen, page.words, series.name, alone=len(lanes) == 1)
    place = {"height": HEIGHT, "token": "explore"}
    run = live.show(page, "run", lanes, pictures.record, panels, limit=LONG, every=pictures.EVERY, **place)
    at = run.checkpoint()
    honest = run.checkpoint("honest", min(at.update, run.courses[-1].reached)) if chosen.leaks else None
    page.show(page.text("saw", model.facts(given, series.name, at, honest, wanted.length, mine)), key="seen")
    slides = pictures.sliding(series, window(chosen), chosen, page.words, token=str(chosen), step=4)
    page.stage(slides, key="slide", height=SLIDING)
    look = model.look(at)
    note = page.words.label("note", {"update": at.update})
    tokens = tuple(f"{one:.4g}" for one in look.read)
    shown = page.player(look.trace, look.grads, loss=look.loss, tokens=tokens, note=note, step=chosen.length - 1)
    line = Line(series.name, look.read)
    page.show(saliency.series([line], look.mattered, step=shown.step + 1), page.text("mattered", look), key="mattered")
    return at, look, series.name if mine else ""


def chosen_series(chosen: Settings) -> tuple[raw.Series, bool]:
    """The reader's own series, where there is one that can be used; else the page's; and which it is."""
    table = own.table(page.slug, least=LEAST)
    if table is not None:
        mine = raw.series(table, own.column(page.slug, table))
        if model.fitting(raw_of(mine), chosen):
            return mine, True
        page.show(page.text("unusable", {"name": mine.name, "horizon": chosen.horizon}), key="unusable")
    return raw.carbon(), False


def window(chosen: Settings) -> slice:
    """The steps over which windows slide."""
    return slice(0, max(STEPS, chosen.length + chosen.horizon + 8))


def below(found: Found) -> None:
    """What does not change with each move."""
    at, look, column = found
    page.below("leaks", "about", facts=model.about())
    page.verify(at.network, look.x, look.dy)
    page.checks(lambda: model.checks(at.settings))
    page.program(**model.program(at.settings, at.update, column))
    page.below("deeper", "sources", facts=model.about())


page.tell(stage.scene)
page.explore(lab, below)
