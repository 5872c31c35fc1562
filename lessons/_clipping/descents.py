"""The error surface on a lesson's page, and three descents on it from one start; a click on the map chooses another.

The surface never changes, so the browser gets it once, with the code that draws it (see `_player.py` for why that is a
component of its own); a move of a slider sends the descents alone.
"""

import json
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import numpy as np
import streamlit as st

from rnnviz import error_surface
from rnnviz.arrays import Array
from rnnviz.error_surface import H0, START, Descent
from rnnviz.player.descent import DESCENT_SCRIPT, DESCENT_STYLE, mesh, pack_descents

W, B = (3.8, 6.0), (-3.4, -1.6)  # what the map shows
COLUMNS = 57
BESIDE_THE_WALL = (0.0002, 0.001, 0.003, 0.01, 0.02, 0.04, 0.07)  # nodes lie so far from it; beyond, in equal steps
TO_THE_EDGE = 16
CAPTION = (
    "Height: E = (σ(x₅₀) − 0.7)². Grey: by how much the output misses 0.7, with a contour line for each 0.05. Between "
    "the dotted lines the unit has two states of rest."
)

_PROMISE = """const code = globalThis.rnnvizDescent ??= {};
code.ready ??= new Promise(resolve => { code.resolve = resolve; });
"""
_CODE = f"""{_PROMISE}{DESCENT_SCRIPT}
const sheet = new CSSStyleSheet();
sheet.replaceSync({json.dumps(DESCENT_STYLE)});
export default ({{ data }}) => {{
  code.resolve(given => {{
    const root = given.parentElement.getRootNode();
    if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
    return $descent.mount(given, data);
  }});
}};
"""
_DESCENT = f"""{_PROMISE}
export default given => {{
  let leave = null, left = false;
  code.ready.then(mount => {{ if (!left) leave = mount(given); }});
  return () => {{ left = true; leave?.(); }};
}};
"""
_code = st.components.v2.component("rnn_descent_code", html="", js=_CODE)
_mount = st.components.v2.component("rnn_descent", html="", js=_DESCENT)


def show(descents: Sequence[Descent], *, key: str, picked: Callable[[float, float], None], play: int = 0) -> None:
    """Show three descents: unclipped, clipped by value, clipped by norm.

    picked  called with (w, b) where the reader chose another start, before the page runs again
    play    another number than before plays them from the start
    """

    def hear() -> None:
        start = st.session_state[key].get("start")
        if start:
            picked(start["w"], start["b"])

    _mount(key=key, data=pack_descents(descents, play), on_start_change=hear)
    _code(key=f"code-of-{key}", data=surface())


@cache
def surface() -> dict[str, Any]:
    """The surface as the browser draws it: a mesh with a node line along the wall, and close ones on both sides.

    Where there is no wall yet the same line goes on; nothing hangs on it there.
    """
    w = np.linspace(*W, COLUMNS)
    b = np.stack([_column(START - H0 * at) for at in w.tolist()])
    folded = np.append(error_surface.SADDLE_NODES_FROM, w[w > error_surface.SADDLE_NODES_FROM])
    folds = [np.stack([folded, edge], axis=1) for edge in error_surface.saddle_nodes(folded)]
    return mesh(w, b, error_surface.surface(w[:, None], b).error, folds=folds, caption=CAPTION)


def _column(wall: float) -> Array:
    """The nodes' b above one w, ascending."""
    near = np.array(BESIDE_THE_WALL)
    below = np.linspace(B[0], wall - near[-1], TO_THE_EDGE, endpoint=False)
    above = np.linspace(B[1], wall + near[-1], TO_THE_EDGE, endpoint=False)
    return np.concatenate([below, wall - near[::-1], [wall], wall + near, above[::-1]])
