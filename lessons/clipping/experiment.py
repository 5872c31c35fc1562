"""What the lesson on clipping computes: three descents of the error surface from one start, and what clipping did.

**A descent is judged by its whole path**, not by where its last update happened to throw it: its *typical error* is the
median of E over all updates, infinite for those that it did not reach. Outputs count as alike where they miss the
target by no more than `AS_GOOD` more or less, the miss being the square root of E.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from math import hypot

import numpy as np
from numpy.typing import NDArray

from rnnviz import error_surface
from rnnviz.arrays import Array
from rnnviz.clipping import EPSILON, Clipped, clip_by_global_norm, clip_by_value
from rnnviz.error_surface import H0, Clip, Descent

W, B = (3.8, 6.0), (-3.4, -1.6)  # what the map shows
UPDATES = 100
UNCLIPPED, VALUE, NORM = NAMES = ("unclipped", "value", "norm")
RATES = (0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0)
THRESHOLDS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0, 2.0, 5.0, 10.0)
POINTS = 61  # of the grid over the map, each way
AS_GOOD = 0.01  # of the output
NEGLIGIBLE = 1e-4  # a step; of what ended off the map with a shorter one, nothing was back within 1000 more updates
CLIFF = np.array([1.0, -H0]) / np.hypot(1.0, H0)  # its direction, towards larger w: b = 0.5 - sigma(0.5) w
Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Settings:
    """Where the descents start, the learning rate, and the threshold of both clippings."""

    w: float = 5.0
    b: float = -2.2
    rate: float = 0.3
    threshold: float = 0.3


def descents(chosen: Settings, updates: int = UPDATES) -> dict[str, Descent]:
    """The three descents, one update longer than what is shown: so its last point has a gradient, too."""
    c = chosen.threshold
    clips = {
        UNCLIPPED: None,
        VALUE: _where(lambda dw, db: max(abs(dw), abs(db)) > c, partial(clip_by_value, limit=c)),
        NORM: _where(lambda dw, db: hypot(dw, db) > c - 2 * EPSILON, partial(clip_by_global_norm, max_norm=c)),
    }
    return {
        name: error_surface.descend(chosen.w, chosen.b, chosen.rate, updates + 1, clip) for name, clip in clips.items()
    }


def _where(needed: Callable[[float, float], bool], clip: Clip) -> Clip:
    """`clip` where it may change a gradient (dw, db); most are small, and the report on each takes longest of all."""

    def clipped(grads: Mapping[str, Array]) -> Clipped:
        (g,) = grads.values()
        if needed(*g.tolist()):
            return clip(grads)
        return Clipped(dict(grads), dict(grads))

    return clipped


def last(descent: Descent) -> int:
    """The last point that is shown and is a pair of numbers."""
    return UPDATES if descent.stopped is None else min(descent.stopped, UPDATES)


def final_error(descent: Descent) -> float:
    """E after all updates; infinite where the descent stopped before."""
    return float(descent.error[UPDATES]) if last(descent) == UPDATES else np.inf


def typical_error(descent: Descent) -> float:
    """The median of E after updates 1 to UPDATES; what was not reached counts as infinite."""
    errors = descent.error[1 : UPDATES + 1]
    return float(np.median(np.where(np.isnan(errors), np.inf, errors)))


def lowest_error(descent: Descent) -> float:
    """The smallest E on the path, the start included."""
    return float(np.nanmin(descent.error[: UPDATES + 1]))


def miss(error: float) -> float:
    """By how much the output misses its target where E is `error`."""
    return float(np.sqrt(error))


def left_at(descent: Descent) -> int | None:
    """The first update after which it stood outside the map, to which it never came back; None: it ended on the map."""
    w, b = descent.w[: UPDATES + 1], descent.b[: UPDATES + 1]
    inside = np.flatnonzero((w >= W[0]) & (w <= W[1]) & (b >= B[0]) & (b <= B[1]))
    after = int(inside[-1]) + 1 if inside.size else 0
    return after if after <= UPDATES else None


@dataclass(frozen=True)
class Work:
    """What clipping did in one descent, over its UPDATES updates.

    clipped         how many updates had a gradient whose norm, or an entry of which, was larger than the threshold
    both, only_b    in how many of them both entries were changed, and that of b alone
    touched         the share of the gradients' entries that were changed
    largest, after  the largest norm, at which update (from 1), and what was left of it
    turned          the largest angle by which a gradient was turned, in degrees
    moved           by how much the clipped updates together changed w
    along           their steps projected on the cliff's direction, and added up; positive towards larger w
    exceeds         whether a gradient was left with a norm beyond the threshold
    """

    clipped: int
    both: int
    only_b: int
    touched: float
    largest: float
    at: int
    after: float
    turned: float
    moved: float
    along: float
    exceeds: bool


def work(name: str, descent: Descent, chosen: Settings) -> Work:
    """What clipping did. By value, a clipped entry moves by learning rate times threshold; by norm both shrink."""
    N = last(descent)
    before, after, angle = (a[:N] for a in (descent.norm_before, descent.norm_after, descent.angle))
    changed = after < before * (1 - 1e-9)
    steps = np.stack([np.diff(descent.w[: N + 1]), np.diff(descent.b[: N + 1])], axis=1)
    clipped = changed[:, None] & (np.abs(steps) >= chosen.rate * chosen.threshold * (1 - 1e-6))
    touched = clipped if name == VALUE else np.repeat(changed[:, None], 2, axis=1)
    top = int(before.argmax()) if N else -1
    return Work(
        clipped=int(changed.sum()),
        both=int(touched.all(axis=1).sum()),
        only_b=int((touched[:, 1] & ~touched[:, 0]).sum()),
        touched=float(touched.mean()) if N else 0.0,
        largest=float(before[top]) if N else 0.0,
        at=top + 1,
        after=float(after[top]) if N else 0.0,
        turned=float(angle[changed].max(initial=0.0)),
        moved=float(steps[changed, 0].sum()),
        along=float((steps[changed] @ CLIFF).sum()),
        exceeds=bool((after > chosen.threshold * (1 + 1e-9)).any()),
    )


@cache
def norms_on_the_map() -> Numbers:
    """||grad E|| on a grid over the whole map, (POINTS * POINTS,)."""
    found = error_surface.surface(np.linspace(*W, POINTS)[:, None], np.linspace(*B, POINTS))
    return np.hypot(found.dw, found.db).ravel()
