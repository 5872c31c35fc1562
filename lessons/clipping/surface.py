"""The error surface on the page, and three descents on it from one start; a click on the map chooses another.

The surface never changes, so the browser fetches it once, as a file; a move of a slider sends the descents alone.
"""

from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np

from lessons.clipping.experiment import B, W
from lessons.common import stages
from rnnviz import error_surface
from rnnviz.arrays import Array
from rnnviz.error_surface import H0, START, Descent
from rnnviz.player.descent import mesh, pack_descents

COLUMNS = 57
BESIDE_THE_CLIFF = (0.0002, 0.001, 0.003, 0.01, 0.02, 0.04, 0.07)  # nodes lie so far from it; beyond, in equal steps
TO_THE_EDGE = 16


def show(
    descents: Sequence[Descent],
    caption: str,
    *,
    key: str,
    on_event: Callable[[Mapping[str, Any]], None],
    play: int = 0,
) -> None:
    """Show three descents: unclipped, clipped by value, clipped by norm.

    caption   what stands below the surface
    on_event  called with {"target": "start", "value": {w, b}} where the reader chose another start
    play      another number than before plays them from the start
    """
    courses = b64encode(pack_descents(descents, play)).decode()
    stage = {"kind": "descent", "mesh": stages.constant(surface(caption)), "courses": courses}
    stages.show(stage, key=key, on_event=on_event, height=None)


@cache
def surface(caption: str) -> dict[str, Any]:
    """The surface as the browser draws it: a mesh with a node line along the cliff, and close ones on both sides.

    Where there is no cliff yet the same line goes on; nothing hangs on it there.
    """
    w = np.linspace(*W, COLUMNS)
    b = np.stack([_column(START - H0 * at) for at in w.tolist()])
    folded = np.append(error_surface.SADDLE_NODES_FROM, w[w > error_surface.SADDLE_NODES_FROM])
    folds = [np.stack([folded, edge], axis=1) for edge in error_surface.saddle_nodes(folded)]
    return mesh(w, b, error_surface.surface(w[:, None], b).error, folds=folds, caption=caption)


def _column(cliff: float) -> Array:
    """The nodes' b above one w, ascending."""
    near = np.array(BESIDE_THE_CLIFF)
    below = np.linspace(B[0], cliff - near[-1], TO_THE_EDGE, endpoint=False)
    above = np.linspace(B[1], cliff + near[-1], TO_THE_EDGE, endpoint=False)
    return np.concatenate([below, cliff - near[::-1], [cliff], cliff + near, above[::-1]])
