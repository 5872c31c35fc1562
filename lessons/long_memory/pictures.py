"""What is recorded of each update, and the pictures of it; the map, and the runs behind one of its cells."""

from collections.abc import Mapping, Sequence
from functools import lru_cache, partial
from typing import Any

import numpy as np

from lessons.common import live
from lessons.common.text import Words
from lessons.long_memory.experiment import CELLS, INITS, LEARNED, Settings, held_out, measured
from lessons.long_memory.stored import EVERY, LENGTHS, OVER, SHARE, the_map
from rnnviz.player.learn import DASHES
from rnnviz.plots import Line, axes, prepare
from rnnviz.plots.prepared import Prepared
from rnnviz.training import Checkpoint

SHOWN = 37  # which of the sequences that are held out is shown step by step
LOOKS = {"elman": ("forward", 0), "lstm": ("forget", 1), "gru": ("input", 2)}  # a cell's hue, and its dash
OPEN = ("positive", 3)  # of one whose gates are open from the beginning
LEAST = -12  # decades of a gradient that are drawn
LOWEST = -0.5  # of the axis of answers: untrained, a network may say less than nothing


@lru_cache(maxsize=16)
def recorder(task: str, length: int, everything: bool = False) -> live.Record:
    """The record of a checkpoint of this task."""
    return partial(record, task, length, everything)


def record(task: str, length: int, everything: bool, checkpoint: Checkpoint) -> dict[str, Any]:
    """What is measured on the sequences that are held out, and what is left of the gradient at each step.

    everything  whether what every checkpoint has measured is there, too
    """
    found = measured(checkpoint.network, task, length)
    one: dict[str, Any] = live.usual(checkpoint) if everything else {}
    one |= {"error": found.error, "right": found.right, "reach": found.reach}
    if task == "adding":
        one |= {"answers": found.answers[-1, :, 0], "line": found.answers[:, SHOWN, 0]}
    return one


def lane(settings: Settings, label: str, opened: str | None = None) -> live.Lane:
    """A lane in which these settings are trained, named by its cell, or as it is `opened`."""
    name = settings.cell if opened is None else opened
    return live.Lane(name, settings.start, settings.go, token=settings.token, label=label)


def dressed(lanes: Sequence[live.Lane]) -> list[dict[str, Any]]:
    """The stage's lanes: each cell in its own hue and dash, whichever others are there."""
    found = []
    for one in lanes:
        hue, dash = LOOKS.get(one.id, OPEN)
        found.append({"id": one.id, "label": one.label, "hue": hue, "dash": list(DASHES[dash]), "fork": None})
    return found


# Panels


def panels(rows: str, words: Words, settings: Settings) -> list[list[live.Panel]]:
    """Panels by name: "error dots / line" are two rows."""
    say = words.labels("panels", {"length": settings.length})
    return [[PANELS[name](say, settings) for name in row.split()] for row in rows.split("/")]


def explored(settings: Settings, words: Words) -> list[list[live.Panel]]:
    """Those of Explore."""
    second = "dots" if settings.task == "adding" else "right"
    return panels(f"error {second} / reach norms radius", words, settings)


def _error(say: Mapping[str, str], settings: Settings) -> live.Panel:
    found = live.loss(held_out(settings.task, settings.length).baseline, of="error", title=say["error"], smooth=0)
    return {**found, "share": SHARE, "over": OVER}


def _dots(say: Mapping[str, str], settings: Settings) -> live.Panel:
    targets = held_out(settings.task, settings.length).targets[-1, :, 0]
    return live.dots("answers", targets, say["dots"], low=0.0, high=2.0, axes=(say["right_sum"], say["answer"]))


def _line(say: Mapping[str, str], settings: Settings) -> live.Panel:
    batch = held_out(settings.task, settings.length)
    marked = batch.x[:, SHOWN, 0] * batch.x[:, SHOWN, 1]
    targets, asked = batch.targets[:, SHOWN, 0], batch.mask[:, SHOWN]
    return live.sequence("line", targets, say["line"], asked=asked, low=LOWEST, high=2.0, inputs=marked)


PANELS = {
    "error": _error,
    "dots": _dots,
    "line": _line,
    "reach": lambda say, _: live.steps("reach", say["reach"], low=10.0**LEAST, high=10.0),
    "right": lambda say, _: live.curve("right", say["right"], low=0.0, high=1.0),
    "norms": lambda _, __: live.norms(),
    "radius": lambda _, __: live.radius(),
}


# The map


def said(words: Words, length: int = 0) -> Mapping[str, Any]:
    """What is written on the map, and on the runs of one length."""
    return words.labels("map", {"share": LEARNED, "length": length, "every": EVERY})  # type: ignore[no-any-return]


def success(task: str, words: Words) -> Prepared:
    """How many networks learned: initialization x cell x length."""
    found, say = the_map().shares(task), said(words)
    low, high = (np.nan_to_num(end) for end in (found.low, found.high))
    return prepare.success(
        say["title"],
        [say["inits"][init] for init in INITS],
        [str(length) for length in LENGTHS],
        found.hits,
        found.count,
        low,
        high,
        groups=[say["cells"][cell] for cell in CELLS],
        across=say["across"],
        picks="cell_of_map",
    )


def seeds(run: Settings, words: Words, height: int = 150) -> Prepared | None:
    """The errors of all seeds of one cell of the map, over the baseline; None where there are none."""
    errors = the_map().error.get(run)
    if errors is None:
        return None
    baseline = held_out(run.task, run.length).baseline
    say = said(words, run.length)
    logs = np.log10(errors / baseline)
    first = Line(f"{say['seed']} 0", logs[0], LOOKS[run.cell][0])
    guides = [Line(say["baseline"], np.zeros(errors.shape[1]), "muted", "dashed")]
    parts: Sequence[str] = (say["cells"][run.cell], say["inits"][run.init], say["curves"])
    return prepare.decades(
        [first], behind=list(logs[1:]), guides=guides, y_axis=axes.decades(logs.ravel(), (-2, 1)), first=0,
        up=say["error"], across=say["update"], backwards=False, title=", ".join(parts), follow=False, height=height,
    )  # fmt: skip
