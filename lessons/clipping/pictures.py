"""The pictures of `clipping` besides the surface: gradients before and after clipping, and the recorded runs."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from lessons.clipping import experiment as clipping
from lessons.clipping import training
from lessons.clipping.experiment import NORM, VALUE, Settings
from lessons.clipping.runs import FACTORS
from lessons.common.charts import Row
from lessons.common.text import Words
from rnnviz.error_surface import Descent
from rnnviz.plots import Bars, Line, prepare
from rnnviz.plots.prepared import Prepared

HUES = {VALUE: "forget", NORM: "input"}
RATE_HUES = ("muted", "input", "forward", "backward")


def histograms(settings: Settings, found: Mapping[str, Descent], words: Words) -> Row:
    """The gradient's norm before and after clipping: on the whole map, and along both clipped descents."""
    say = words.labels("pictures", {"seeds": 0, "one": 0.0})
    names = tuple(say["names"].values())
    everywhere = clipping.norms_on_the_map()
    how = {"name": say["norm"], "names": names, "threshold": settings.threshold, "least": (-3, 3)}
    clipped = np.minimum(everywhere, settings.threshold)
    parts = [prepare.histogram(everywhere, clipped, of=say["places"], hue=HUES[NORM], title=say["map"], **how)]
    for name, title in ((VALUE, say["value"]), (NORM, say["norm_path"])):
        N = max(clipping.last(found[name]), 1)
        before, after = found[name].norm_before[:N], found[name].norm_after[:N]
        parts.append(prepare.histogram(before, after, of=say["updates"], hue=HUES[name], title=title, **how))
    return Row(*parts)


def runs(i: int, j: int, words: Words) -> Row:
    """One recorded run: norms and losses, update by update."""
    say = words.labels("pictures", {"seeds": training.SEEDS, "one": 0.0})
    return Row(norms(i, j, say), losses(i, j, say))


def norms(i: int, j: int, say: Mapping[str, Any]) -> Prepared:
    """The gradient's norm at each update, its running average, and the threshold."""
    seen = training.runs()
    norm = seen.norm[i, j]
    lines = [
        Line(say["gradient_line"], np.log10(norm), "muted", "faint"),
        Line(say["average"], np.log10(training.averages(norm)), "ink"),
    ]
    if np.isfinite(training.FACTORS[i]):
        lines.append(Line(say["names"]["threshold"], np.log10(seen.threshold[i, j]), "backward", "dashed"))
    title = say["gradient_title"]
    return prepare.decades(
        lines, up=say["gradient"], across=say["update"], backwards=False, title=title, least=(-2, 3), follow=False
    )


def losses(i: int, j: int, say: Mapping[str, Any]) -> Prepared:
    """The loss of each update's batch, and that of guessing."""
    loss = training.runs().loss[i, j]
    lines = [
        Line(say["loss_line"], np.log10(loss), "forward"),
        Line(say["guessing"], np.full(loss.shape, np.log10(training.BASELINE)), "muted", "dashed"),
    ]
    title = say["loss_title"]
    return prepare.decades(
        lines, up=say["loss"], across=say["update"], backwards=False, title=title, least=(-2, 1), follow=False
    )


def learned(i: int, words: Words, **more: Any) -> Prepared:
    """How many networks learned with each factor, at each learning rate."""
    series = [
        Bars(words.label("pictures.rate", {"one": rate}), training.runs().learned[:, k], RATE_HUES[k])
        for k, rate in enumerate(training.RATES)
    ]
    say = words.labels("pictures", {"seeds": training.SEEDS, "one": 0.0})
    labels = [say["unclipped"] if name == "none" else name for name in FACTORS]
    return prepare.bars(
        series,
        labels,
        up=say["learned"],
        across=say["factor"],
        low=0.0,
        high=float(training.SEEDS),
        mark_at=i + 1,
        **more,
        title=say["learned_title"],
        picks="factor",
    )
