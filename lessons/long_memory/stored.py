"""What `python -m lessons.trained.long_memory` has trained and kept.

The map: each task, length, cell and initialization, `SEEDS` seeds, `UPDATES` updates. The races: what the story's beats
train live once more, of the seed `STORY`; their words need to know before the reader has seen it how each of them ends.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

import rnnviz as rv
from lessons.long_memory.experiment import CELLS, INITS, LEARNED, TASKS, Settings, held_out
from rnnviz.arrays import Array
from rnnviz.player.learn import leaves

FILE = Path(__file__).parents[1] / "trained" / "long_memory.npz"
LENGTHS = (10, 25, 50, 100)
KEPT = "adding"  # the task of which weights are kept
SEEDS = 5
UPDATES, EVERY = 800, 20  # of the map
LIMIT, FRAME = 400, 5  # of a race: how many updates; and how many between two records, on the live stage, too
SHARE, OVER = 0.8, 2  # a baseline is left where the mean of the last `OVER` errors is below `SHARE` of it
SHORT, LONG, STORY = 10, 100, 2  # lengths of the story's sequences, and its seed
RACES = (
    *(Settings("adding", length, cell, seed=STORY) for length in (SHORT, LONG) for cell in CELLS),
    Settings("adding", LONG, "lstm", "chrono", seed=STORY),
)


@dataclass(frozen=True, eq=False)
class Race:
    """One run of the story, frame by frame: after 0, FRAME, 2 FRAME, ... updates, n in all.

    error    (n,) on the sequences that are held out
    reach    (n,) what is left of the gradient at the first step, see `experiment.Measured`
    spread   (n,) standard deviation of what it answers to the held-out sequences
    """

    error: Array
    reach: Array
    spread: Array
    baseline: float

    @property
    def left(self) -> int | None:
        """After which update the error has left the baseline; None: it has not."""
        return left(self.error, self.baseline, FRAME)

    def until(self, update: int) -> "Race":
        """The same up to an update."""
        end = update // FRAME + 1
        return Race(self.error[:end], self.reach[:end], self.spread[:end], self.baseline)


def left(errors: Array, baseline: float, every: int) -> int | None:
    """After which update the baseline is left, of errors after 0, `every`, 2 `every`, ... updates."""
    frame = leaves(errors, baseline, SHARE, OVER)
    return None if frame is None else (frame - 1) * every


@cache
def races() -> dict[Settings, Race]:
    """Those of the story."""
    with np.load(FILE) as saved:
        rows = saved["races"].astype(float)
    return {one: Race(*row, held_out(one.task, one.length).baseline) for one, row in zip(RACES, rows, strict=True)}


@dataclass(frozen=True, eq=False)
class Map:
    """All runs of the map, seed by seed for each of `runs`.

    error    {run of seed 0: (SEEDS, n)} after 0, EVERY, 2 EVERY, ... updates
    weights  {run of seed 0: (P,)} at the end, in the order of `state_dict`; of the task `KEPT`
    """

    error: dict[Settings, Array]
    weights: dict[Settings, Array]

    def network(self, run: Settings) -> rv.Network:
        """The network of seed 0 as it was in the end, in the precision of its file."""
        like, at, named = run.network(), 0, {}
        for name, array in like.state_dict().items():
            named[name] = self.weights[run][at : at + array.size].reshape(array.shape).astype(array.dtype)
            at += array.size
        return like.with_parameters(named)

    def learned(self, run: Settings) -> int:
        """How many seeds ended below LEARNED of the baseline."""
        return int((self.error[run][:, -1] < LEARNED * held_out(run.task, run.length).baseline).sum())

    def shares(self, task: str) -> rv.sweep.Shares:
        """How many learned: (initialization, cell, length)."""
        shape = len(INITS), len(CELLS), len(LENGTHS)
        runs = [Settings(task, length, cell, init) for init in INITS for cell in CELLS for length in LENGTHS]
        hits = [self.learned(run) if run in self.error else 0 for run in runs]
        count = [SEEDS if run in self.error else 0 for run in runs]
        levels = {"init": INITS, "cell": CELLS, "length": LENGTHS}
        return rv.sweep.Shares(levels, np.reshape(hits, shape), np.reshape(count, shape))


def keys() -> list[Settings]:
    """The runs of the map, in the order of its file. An Elman network has no gates, and so no row of chrono's."""
    return [
        Settings(task, length, cell, init)
        for task in TASKS
        for length in LENGTHS
        for cell in CELLS
        for init in INITS
        if (cell, init) != ("elman", "chrono")
    ]


@cache
def the_map() -> Map:
    """The map's runs."""
    with np.load(FILE) as saved:
        errors, flat = saved["errors"].astype(float), saved["weights"]
    kept = [one for one in keys() if one.task == KEPT]
    ends = np.cumsum([one.network().parameter_count for one in kept])
    return Map(dict(zip(keys(), errors, strict=False)), dict(zip(kept, np.split(flat, ends[:-1]), strict=True)))
