"""The panels of what learns live, and the charts of what is kept."""

from functools import cache
from typing import Any

import numpy as np

from lessons.common import live
from lessons.common.text import Words
from lessons.tuning.experiment import RATES, validation
from lessons.tuning.stored import AXES, LINE, MANY, OTHERS, at_random, best_of, found, grids, points, stored, whole
from lessons.tuning.tale import DRAW, GRID
from rnnviz.arrays import Array
from rnnviz.player.learn import DASHES, HUES
from rnnviz.plots import Coordinate, Line, prepare
from rnnviz.plots.prepared import Prepared

BEST = 8  # of the networks of the random search that stand out
LOWEST, HIGHEST = 0.004, 2.0  # ends of the axis of errors
TICKS = {"rate": (0.001, 0.01, 0.1), "batch": (8, 16, 32, 64), "units": (4, 8, 16, 32), "clip": (0.25, 0.5, 1, 2)}
LANES = {"searches": ("grid", "random"), "best": ("chosen", "tested")}
BEST_LOW, BEST_HIGH = 0.01, 0.3  # ends of the axis of the best so far
SECONDS = 8  # that a search takes to play, at normal speed
ROWS = tuple(str(k) for k in range(1, len(OTHERS) + 1))


def panels(words: Words, loss: bool = False) -> list[list[live.Panel]]:
    """The validation error of each lane; with the loss of its batches below it."""
    line = {words.label("panels.guess"): validation().baseline}
    error = live.curve("error", words.label("panels.error"), scale="log", lines=line, low=LOWEST, high=HIGHEST)
    return [[error], [live.curve("loss", words.label("panels.loss"), scale="log")]] if loss else [[error]]


def dressed(stage: dict[str, Any]) -> dict[str, Any]:
    """Each lane with a hue and dash that no other has."""
    for k, lane in enumerate(stage["lanes"]):
        turn, place = divmod(k, len(HUES))
        lane |= {"hue": HUES[place], "dash": list(DASHES[turn])}
    return stage


def noise(words: Words) -> Prepared:
    """Every seed of every learning rate."""
    say, logs = words.labels("noise"), np.log10(stored().seeds[:, :, 0]).T
    return prepare.spread(
        logs, [f"{rate:g}" for rate in RATES], names=(say["median"], say["own"]), own=logs[:, 0], hue="forward",
        up=words.label("panels.error"), across=say["across"], least=(-2, 0), title=say["title"], height=310,
    )  # fmt: skip


def search(cells: Array, title: str, words: Words) -> Prepared:
    """What one search of the table has tried."""
    say = words.labels("tried")
    return prepare.tried(
        np.array(LINE)[cells[:, 0]], cells[:, 1], found(cells), ROWS, across=say["across"], up=say["up"],
        error=say["error"], worst=validation().baseline, least=(-5, 0), title=say[title], height=190,
    )  # fmt: skip


@cache
def bests(which: str) -> list[list[dict[str, float]]]:
    """The best so far, after 0, 1, 2, ... runs: of a grid and a random draw; or on the validation set and the test."""
    found_by = {"searches": lambda: [_least(found(grids()[GRID])), _least(found(at_random(DRAW)))], "best": best_of}
    return [[{"best": float(error)} for error in (np.nan, *errors)] for errors in found_by[which]()]


def _least(errors: Array) -> Array:
    """The smallest error of the first one, the first two, ... ; runs that diverged have none."""
    return np.fmin.accumulate(errors)


def bests_stage(which: str, words: Words, **place: Any) -> dict[str, Any]:
    """How the best falls with every further run, in both lanes."""
    records, said = bests(which), words.labels(which)
    lanes = [live.Lane(name, dict, iter, label=said[name]) for name in LANES[which]]
    panel = live.curve("best", said["title"], scale="log", low=BEST_LOW, high=BEST_HIGH)
    limit, steps = len(records[0]) - 1, words.labels("step_words", {})
    return live.stored(lanes, records, [[panel]], limit=limit, words=steps, pace=limit / SECONDS, **place)


def searches(words: Words) -> list[Prepared]:
    """What the grid has tried, and what was drawn at random."""
    return [search(grids()[GRID], "grid", words), search(at_random(DRAW), "random", words)]


def many(words: Words) -> Prepared:
    """All settings of the random search, and what came of them."""
    say, tried = words.labels("many", {"many": MANY}), points(MANY)
    axes = [Coordinate(say[name], [one[name] for one in tried], TICKS[name], log=True) for name in AXES]
    axes.append(Coordinate(say["error"], whole(), (0.01, 0.1, 1), log=True))
    return prepare.coordinates(axes, best=BEST, names=(say["best"], say["others"]), title=say["title"], height=430)


def best(words: Words) -> Prepared:
    """The best of 1, 2, ... networks, on the validation set and on the test set."""
    say, (chosen, tested) = words.labels("best"), best_of()
    lines = [
        Line(say["chosen"], np.log10(chosen), "forward"),
        Line(say["tested"], np.log10(tested), "backward", "dashed"),
    ]
    return prepare.decades(
        lines, up=say["up"], across=say["across"], backwards=False, least=(-2, -1), title=say["title"], height=290,
        follow=False,
    )  # fmt: skip
