"""The error surface with descents on it, and one gradient against circle and square, as stages of a page or a beat."""

from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np

from lessons.clipping.experiment import NAMES, NORM, UNCLIPPED, VALUE, B, Settings, W
from lessons.common import stages
from lessons.common.text import Words
from rnnviz import error_surface
from rnnviz.arrays import Array
from rnnviz.error_surface import H0, START, Descent
from rnnviz.player import clip
from rnnviz.player.descent import Course, mesh, stage

COLUMNS = 57
BESIDE_THE_CLIFF = (0.0002, 0.001, 0.003, 0.01, 0.02, 0.04, 0.07)  # nodes lie so far from it; beyond, in equal steps
TO_THE_EDGE = 16
HOW = {UNCLIPPED: "none", VALUE: "value", NORM: "norm"}
LONG = 2.4  # thresholds: the norm of the gradient with which clipping by hand opens
REACH = 3.3  # thresholds: what its plane shows
CAPTIONS = {(False, False): "bare", (True, False): "norm", (False, True): "value", (True, True): "all"}
Range = tuple[float, float]
Ranges = tuple[Range, Range]
WHOLE: Ranges = (W, B)


def descents(found: Mapping[str, Descent], chosen: Settings, words: Words, **more: Any) -> dict[str, Any]:
    """The stage of descents, of which `found` may hold some, on the whole map or on its part `over` = (w, b)."""
    over = more.pop("over", WHOLE)
    names = words.labels("courses")
    if list(found) == [UNCLIPPED]:
        names[UNCLIPPED] = names["alone"]
    limits = dict.fromkeys(NAMES, chosen.threshold) | {UNCLIPPED: np.inf}
    courses = [Course(names[name], found[name], HOW[name], limits[name]) for name in NAMES if name in found]
    said = words.labels("stage") | words.labels("descent")
    limited = NORM in found, VALUE in found
    said["caption"] = said.pop("captions")["whole" if over == WHOLE else CAPTIONS[limited]]
    given = {"threshold": chosen.threshold, **more}
    return stage(courses, stages.constant(surface(*over)), words=said, **given)


def by_hand(chosen: Settings, words: Words, **more: Any) -> dict[str, Any]:
    """The stage of clipping by hand; it opens with a gradient as on the cliff, a few thresholds long."""
    c = chosen.threshold
    g = more.pop("g", (LONG * c * H0 / np.hypot(1, H0), LONG * c / np.hypot(1, H0)))
    said = words.labels("stage") | words.labels("clip")
    given = {"reach": REACH * c, "spacing": c, **more}
    return clip.stage(g, c, words=said, **given)


@cache
def surface(over_w: Range = W, over_b: Range = B) -> dict[str, Any]:
    """The surface as the browser draws it: a mesh with a node line along the cliff, and close ones on both sides.

    Where there is no cliff yet the same line goes on; nothing hangs on it there.
    """
    w = np.linspace(*over_w, COLUMNS)
    b = np.stack([_column(START - H0 * at, over_b) for at in w.tolist()])
    folded = np.append(error_surface.SADDLE_NODES_FROM, w[w > error_surface.SADDLE_NODES_FROM])
    folds = [np.stack([folded, edge], axis=1) for edge in error_surface.saddle_nodes(folded)]
    whole = (over_w, over_b) == WHOLE  # nothing is said of them elsewhere
    return mesh(w, b, error_surface.surface(w[:, None], b).error, folds=folds if whole else ())


def _column(cliff: float, over_b: Range) -> Array:
    """The nodes' b above one w, ascending."""
    near = np.array(BESIDE_THE_CLIFF)
    below = np.linspace(over_b[0], cliff - near[-1], TO_THE_EDGE, endpoint=False)
    above = np.linspace(over_b[1], cliff + near[-1], TO_THE_EDGE, endpoint=False)
    return np.concatenate([below, cliff - near[::-1], [cliff], cliff + near, above[::-1]])
