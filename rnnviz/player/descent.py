"""Descents on an error surface, for the browser: the surface once, the descents anew with each setting.

    mesh             {columns' w, nodes' b and E, ...} as JSON: what never changes
    pack_courses     uint32 n | n bytes of JSON | float32 numbers, little-endian: what changes

Numbers are drawn and printed with three digits, so that float32's seven are enough. What is not finite stays what it
is. `DESCENT_SCRIPT` defines `$descent`, whose `mount({ parentElement, data, setTriggerValue }, mesh)` draws both, and
tells the page ("start", {w, b}) where the reader wants to start.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from rnnviz.arrays import Array
from rnnviz.errors import ShapeError
from rnnviz.figures.theme import css_variables
from rnnviz.player.module import joined

DESCENT_SCRIPT = joined("descent")
DESCENT_STYLE = (
    f".rnn-descent{{{css_variables()}}}\n{(Path(__file__).parent / 'descent.css').read_text(encoding='utf-8')}"
)


@dataclass(frozen=True, eq=False)
class Course:
    """One descent of N updates. Angles in degrees.

    w, b, error, norm  (N + 1,) where it stands before each update and after the last: E there, and ||grad E||
    after, angle       (N,) the gradient's norm after clipping, and how far clipping turned it
    stopped            the update at which gradient or weights left the finite range; None: never
    """

    w: Array
    b: Array
    error: Array
    norm: Array
    after: Array
    angle: Array
    stopped: int | None = None


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
        raise ShapeError(f"mesh: w (columns,), b and error (columns, rows) are needed, got {w.shape}, {b.shape}, {error.shape}")
    return {
        "w": w.round(4).tolist(),
        "b": b.round(5).ravel().tolist(),
        "error": error.round(5).ravel().tolist(),
        "rows": rows,
        "folds": [curve.round(4).tolist() for curve in folds],
        "caption": caption,
    }


def pack_courses(courses: Sequence[Course], play: int = 0) -> bytes:
    """Three descents of the same number of updates as bytes; another `play` plays them from the start.

    Raises ShapeError where they differ in length.
    """
    N = len(courses[0].after)
    numbers = []
    for course in courses:
        for length, arrays in ((N + 1, (course.w, course.b, course.error, course.norm)), (N, (course.after, course.angle))):
            for a in arrays:
                if a.shape != (length,):
                    raise ShapeError(f"a descent of {N} updates needs {length} numbers here, got shape {a.shape}")
                numbers.append(a)
    header = json.dumps({"updates": N, "stopped": [course.stopped for course in courses], "play": play}).encode()
    header += b" " * (-len(header) % 4)
    with np.errstate(over="ignore"):
        body = np.concatenate(numbers).astype("<f4").tobytes()
    return len(header).to_bytes(4, "little") + header + body
