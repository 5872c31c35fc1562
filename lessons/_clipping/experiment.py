"""What the lesson on clipping computes: three descents of the error surface from one start, and what clipping did."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from functools import cache, partial
from math import hypot
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from lessons._clipping.descents import B, W
from rnnviz import error_surface
from rnnviz.arrays import Array
from rnnviz.clipping import EPSILON, Clipped, clip_by_global_norm, clip_by_value
from rnnviz.error_surface import H0, Clip, Descent

UPDATES = 100
UNCLIPPED, VALUE, NORM = NAMES = ("unclipped", "by value", "by norm")
RATES = (0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0)
THRESHOLDS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0, 2.0, 5.0, 10.0)
POINTS = 61  # of the grid over the map, each way
AS_GOOD = 0.01  # outputs that miss the target by no more than this much more or less count as alike
NEGLIGIBLE = 1e-4  # a step; of what ended off the map with a shorter one, nothing was back within 1000 more updates
Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Settings:
    """Where the descents start, the learning rate, and the threshold of both clippings."""

    w: float = 5.0
    b: float = -2.2
    rate: float = 0.3
    threshold: float = 0.3


PRESETS: Mapping[str, Settings] = MappingProxyType(
    {
        "the wall, head-on": Settings(6.0, -2.2),
        "nothing to clip": Settings(4.2, -1.7),
        "clipping by value does harm": Settings(4.2, -2.4),
        "too small a threshold": Settings(5.0, -3.2, threshold=0.01),
        "clipping cannot help": Settings(6.0, -1.7),
    }
)


def start_at(w: float, b: float) -> dict[str, float]:
    """The widgets' values for a start where the reader clicked on the map."""
    inside = (min(max(at, low), high) for at, (low, high) in ((float(w), W), (float(b), B)))
    return dict(zip(("w", "b"), (round(at, 2) for at in inside)))


def preset(name: str) -> dict[str, float]:
    """The widgets' values for a preset; those that the page starts with for any other name."""
    return asdict(PRESETS.get(name, Settings()))


def descents(chosen: Settings) -> dict[str, Descent]:
    """The three descents, one update longer than what is shown: so its last point has a gradient, too."""
    c = chosen.threshold
    clips = {
        UNCLIPPED: None,
        VALUE: _where(lambda dw, db: max(abs(dw), abs(db)) > c, partial(clip_by_value, limit=c)),
        NORM: _where(lambda dw, db: hypot(dw, db) > c - 2 * EPSILON, partial(clip_by_global_norm, max_norm=c)),
    }
    return {
        name: error_surface.descend(chosen.w, chosen.b, chosen.rate, UPDATES + 1, clip) for name, clip in clips.items()
    }


def _where(needed: Callable[[float, float], bool], clip: Clip) -> Clip:
    """`clip` where it may change a gradient (dw, db); most are short, and the report on each takes longest of all."""

    def clipped(grads: Mapping[str, Array]) -> Clipped:
        (g,) = grads.values()
        if needed(*g.tolist()):
            return clip(grads)
        norm = hypot(*g.tolist())
        return Clipped(dict(grads), norm, norm, 0.0, 0.0)

    return clipped


def last(descent: Descent) -> int:
    """The last point that is shown and is a pair of numbers."""
    return UPDATES if descent.stopped is None else min(descent.stopped, UPDATES)


def final_error(descent: Descent) -> float:
    """E after all updates; infinite where the descent stopped before."""
    return float(descent.error[UPDATES]) if last(descent) == UPDATES else np.inf


def misses(found: Mapping[str, Descent]) -> dict[str, float]:
    """By how much the output misses its target in the end."""
    return {name: float(np.sqrt(final_error(descent))) for name, descent in found.items()}


def left_at(descent: Descent) -> int | None:
    """The first update after which it stood outside the map, to which it never came back; None: it ended on the map."""
    w, b = descent.w[: UPDATES + 1], descent.b[: UPDATES + 1]
    inside = np.flatnonzero((w >= W[0]) & (w <= W[1]) & (b >= B[0]) & (b <= B[1]))
    after = int(inside[-1]) + 1 if inside.size else 0
    return after if after <= UPDATES else None


@dataclass(frozen=True)
class Work:
    """What clipping did in one descent, over its UPDATES updates.

    clipped   how many updates had a gradient longer than the threshold, or an entry larger
    both      in how many of them both entries were changed; in the others only one was
    touched   the share of the gradients' entries that were changed
    largest   the longest gradient, and `after`, what was left of it
    turned    the largest angle by which a gradient was turned, in degrees
    along     how far the clipped updates moved the descent along the wall, towards larger w
    """

    clipped: int
    both: int
    touched: float
    largest: float
    after: float
    turned: float
    along: float


def work(name: str, descent: Descent, chosen: Settings) -> Work:
    """What clipping did. By value, a cut entry moves by learning rate times threshold; by norm, both entries shrink."""
    N = last(descent)
    before, after, angle = (a[:N] for a in (descent.norm_before, descent.norm_after, descent.angle))
    changed = after < before * (1 - 1e-9)
    steps = np.stack([np.diff(descent.w[: N + 1]), np.diff(descent.b[: N + 1])], axis=1)
    cut = changed[:, None] & (np.abs(steps) >= chosen.rate * chosen.threshold * (1 - 1e-6))
    touched = cut if name == VALUE else np.repeat(changed[:, None], 2, axis=1)
    wall = np.array([1.0, -H0]) / np.hypot(1.0, H0)  # its direction: b = 0.5 - sigma(0.5) w
    top = int(before.argmax())
    return Work(
        clipped=int(changed.sum()),
        both=int(touched.all(axis=1).sum()),
        touched=float(touched.mean()),
        largest=float(before[top]),
        after=float(after[top]),
        turned=float(angle[changed].max(initial=0.0)),
        along=float((steps[changed] @ wall).sum()),
    )


@cache
def norms_on_the_map() -> Numbers:
    """||grad E|| on a grid over the whole map, (POINTS * POINTS,)."""
    found = error_surface.surface(np.linspace(*W, POINTS)[:, None], np.linspace(*B, POINTS))
    return np.hypot(found.dw, found.db).ravel()
