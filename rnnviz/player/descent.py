"""Descents on an error surface, for the browser: the surface once, the descents anew with each setting.

    mesh             {columns' w, nodes' b and E, ...} as JSON: what never changes
    pack_descents    uint32 n | n bytes of JSON | float32 numbers, little-endian: what changes

Numbers are drawn and printed with three digits, so that float32's seven are enough. What is not finite stays what it
is. `$descent`, whose `mount({ parentElement, data, setTriggerValue }, mesh)` draws both,
tells the page ("start", {w, b}) where the reader wants to start.
"""

import json
from collections.abc import Sequence
from typing import Any

import numpy as np

from rnnviz.arrays import Array
from rnnviz.error_surface import Descent
from rnnviz.errors import ShapeError

SENT = ("w", "b", "error", "norm_before", "norm_after", "angle")


def mesh(w: Array, b: Array, error: Array, *, folds: Sequence[Array] = (), caption: str = "") -> dict[str, Any]:
    """The surface as nodes.

    w          (columns,) ascending
    b, error   (columns, rows): b ascending along each column, and E there
    folds      curves (n, 2) of (w, b) that are dotted on the map
    caption    what stands below the picture

    Raises ShapeError where the shapes do not belong together, or there are fewer than 2 x 2 nodes.
    """
    columns, rows = b.shape if b.ndim == 2 else (0, 0)
    if w.shape != (columns,) or error.shape != b.shape or min(columns, rows) < 2:
        raise ShapeError(
            f"mesh: w (columns,), b and error (columns, rows) are needed, got {w.shape}, {b.shape}, {error.shape}"
        )
    return {
        "w": w.round(4).tolist(),
        "b": b.round(5).ravel().tolist(),
        "error": error.round(5).ravel().tolist(),
        "rows": rows,
        "folds": [curve.round(4).tolist() for curve in folds],
        "caption": caption,
    }


def pack_descents(descents: Sequence[Descent], play: int = 0) -> bytes:
    """Unclipped, clipped by value and clipped by norm, as bytes; another `play` than before plays them from the start.

    Of n updates the first n points are sent, each with its gradient: the last point, which has none, stays behind.
    Raises ShapeError where there are not three of one length.
    """
    lengths = [len(descent.norm_before) for descent in descents]
    if len(lengths) != 3 or len(set(lengths)) > 1:
        raise ShapeError(f"three descents of as many updates are needed, got {lengths}")
    n = lengths[0]
    numbers = [getattr(descent, name)[:n] for descent in descents for name in SENT]
    header = json.dumps({"points": n, "stopped": [descent.stopped for descent in descents], "play": play}).encode()
    header += b" " * (-len(header) % 4)
    with np.errstate(over="ignore"):
        body = np.concatenate(numbers).astype("<f4").tobytes()
    return len(header).to_bytes(4, "little") + header + body
