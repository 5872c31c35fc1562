"""Forecasting: a story of the weather and of prices, then any series, horizon and window. What stands where."""

from collections.abc import Mapping
from typing import Any

from lessons.common import live, own, saliency
from lessons.common.page import Page
from lessons.forecasting import explored, model, stage
from lessons.forecasting.experiment import Settings
from lessons.forecasting.series import LEAST
from rnnviz.plots import Line

LIMIT, EVERY, HEIGHT = 600, 5, 620  # updates; between two records; pixels

page = Page.open("forecasting", model)
Found = tuple[Settings, bool, int, model.Held, model.Look, str]


def lab(values: Mapping[str, Any]) -> Found:
    """The network that learns, the origins that travel, and the player with the window before the one that is shown."""
    page.show(page.presets(), key="try")
    mine: tuple[float, ...] = ()
    wrong, column = "none", ""
    if values["series"] == model.OWN:
        table = own.table(page.slug, least=LEAST, opened=True)
        if table:
            column = own.column(page.slug, table)
            mine, wrong = model.usable(table.values(column)[:, 0], values["reads"])
        page.show(page.text("own", {"wrong": wrong, "count": len(mine)}), key="own words")
    chosen, kept = model.settings(values, mine), values.get("network") == model.STORED
    lane, panels = explored.lane(chosen, page.words), explored.panels(chosen, page.words, model.company(values))
    record = explored.recorder(chosen, model.company(values))
    run = live.show(page, "run", [lane], record, panels, limit=LIMIT, every=EVERY, height=HEIGHT, pace=60, token="lab")
    update, network = run.at or 0, run.checkpoint().network
    page.show(page.text("saw", model.saw(chosen, update, network)), key="seen")
    judged = model.found(chosen, kept, network)
    travel = explored.travel(judged, chosen, page.words, model.company(values), f"{lane.token} {kept} {update}")
    told = page.stage(travel, key="travel", height=HEIGHT)
    diced = model.inside_of_dice(chosen.series.id) if kept else None
    page.show(page.text("held", model.table(judged, diced)), explored.shares(judged, page.words), key="held")
    origins = travel["origins"]
    origin = origins[min(max(int(told.get("step", len(origins))) - 1, 0), len(origins) - 1)]
    shown = model.networks(chosen, kept, network)[chosen.seed if kept else 0]
    look = model.look(shown, chosen, origin, model.company(values))
    note = page.words.label("note", {"kept": kept, "update": update, "time": chosen.series.times[origin]})
    at = page.player(look.trace, look.grads, loss=look.loss, tokens=look.tokens, note=note, step=len(look.tokens) - 1)
    line = Line(page.words.label(f"series.{chosen.series.id}.name"), look.values, "ink")
    page.show(saliency.series([line], look.mattered, step=at.step + 1), page.text("mattered", {}), key="mattered")
    return chosen, kept, update, judged, look, column


def below(found: Found) -> None:
    """What does not change with each move."""
    chosen, kept, update, judged, look, column = found
    page.below("about", facts=model.about())
    page.verify(look.trace.network, look.x, look.dy)
    page.checks(lambda: model.checks(judged))
    page.program(**model.program(chosen, kept, update, column))
    page.below("deeper", "sources", facts=model.about())


page.tell(stage.scene)
page.explore(lab, below)
