"""Explore: what is recorded of each update, its panels, and the origins that travel with whatever network there is."""

from functools import lru_cache, partial
from typing import Any

import numpy as np

from lessons.common import live
from lessons.common.text import Words
from lessons.forecasting import pictures, stored
from lessons.forecasting import series as of
from lessons.forecasting.experiment import Settings, forecast
from lessons.forecasting.model import Held, few, travelled
from rnnviz.diagrams import Diagram, Scored, intervals
from rnnviz.training import Checkpoint


@lru_cache(maxsize=8)
def recorder(chosen: Settings, which: int) -> live.Record:
    """The record of a checkpoint of this run."""
    return partial(record, chosen, which)


def record(chosen: Settings, which: int, checkpoint: Checkpoint) -> dict[str, Any]:
    """What is measured on some origins of the third quarter, and what is said at the first of them."""
    series, origins = chosen.series, few(chosen.series)
    said = forecast(checkpoint.network, series, origins)
    by_step = stored.off(series, said, origins)
    return live.usual(checkpoint) | {"error": by_step.mean(), "by_step": by_step, "said": said[:, 0, which]}


def lane(chosen: Settings, words: Words) -> live.Lane:
    """The lane in which it learns."""
    series = chosen.series
    token = (series.id, series.reads, series.window, series.horizon, hash(series.values.tobytes()), chosen.how)
    label = words.label(f"lanes.{chosen.how}")
    return live.Lane("network", chosen.start, chosen.go, token=(*token, chosen.cell, chosen.seed), label=label)


def panels(chosen: Settings, words: Words, which: int) -> list[list[live.Panel]]:
    """The error beside those of the forecasts for nothing; what is said of one stretch; the error by steps ahead."""
    series, origins = chosen.series, few(chosen.series)
    named = pictures.labels(series, words)
    say = words.labels("panels", {"time": series.times[origins[0]]})
    lines = {
        named[name]: float(stored.off(series, said(series, origins), origins).mean())
        for name, said in of.BASELINES.items()
        if name != "drift"
    }
    error = live.curve("error", say["error"], lines=lines, leaves=named["naive"], low=0.0)
    truth = series.truth(origins)[:, 0, which]
    return [
        [{**error, "share": 1.0, "over": 1}],
        [live.sequence("said", truth, say["said"]), live.steps("by_step", say["by_step"], scale="linear", low=0.0)],
    ]


def travel(judged: Held, chosen: Settings, words: Words, which: int, token: str) -> dict[str, Any]:
    """From one origin of the last quarter to the next."""
    part, kinds = travelled(chosen.series), ("direct", *of.BASELINES)
    origins = judged.origins[part]
    shown = [judged.members[:, :, part], *(said(chosen.series, origins)[None] for said in of.BASELINES.values())]
    mine = "several" if len(judged.members) > 1 else "single"
    named = pictures.labels(chosen.series, words)
    labels = [named[name] for name in (mine, *of.BASELINES)]
    place = {"step": len(origins), "token": token}
    return pictures.travelled_stage(chosen.series, origins, kinds, labels, shown, words, which, **place)


def shares(judged: Held, words: Words) -> Diagram:
    """Each way's error over the horizon as a share of the naive forecast's, network by network, with their interval."""
    naive, named = judged.errors["naive"].mean() or 1.0, pictures.labels(judged.series, words)
    mine = "several" if judged.seeds else "single"
    known = (judged.seeds.low / naive, judged.seeds.high / naive) if judged.seeds else None
    rows = [Scored(named[mine], judged.each / naive, known, said=_percent(judged.each.mean() / naive))]
    for name in of.BASELINES:
        share = judged.errors[name].mean() / naive
        rows.append(Scored(named[name], [share], None, pictures.LOOKS[name][0], _percent(share)))
    most = max(1.25, *(float(np.max(row.values)) for row in rows))
    return intervals(rows, low=0.0, high=most, name=words.label("shares"))


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"
