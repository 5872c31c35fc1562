"""Descents on an error surface, for the browser (js/descent): the surface once, the descents anew with each setting.

A stage is plain JSON, {"kind": "descent", "mesh": ..., "courses": ..., ...}:

    mesh     what `mesh` gave; it never changes, so that a page may send it once
    courses  one {name, how, threshold, stopped, numbers} for each descent, what `stage` made of `Course`s; numbers are
             those of `SENT`, one array after the other, float32, little-endian, in base64
    points   of each: the first so many, each with its gradient; there is one update less
    rate     the learning rate, where an arrow is as long as the step that it leads to; None: as is well seen
    show     which of SHOWN there are: all but the errors, a curve of E for each descent, where nothing is said
    step     the update at which it stands at first, from 0
    play_to  it plays by itself up to this update; None: it waits for the reader
    speed    1/4, 1, 4 or 12 times 2 updates a second
    locked   nothing can be played or touched
    hide_from: nothing after this update is shown, as long as it is locked
    pick     whether a click on the map is another start
    token    a stage with another token is set anew; one with the same keeps its place and takes the new numbers
    words    {...}: all that is written, see `WORDS`; {…} is filled by the stage

It tells {target, value}: "start", {w, b}, where the reader wants to start; "played" with the update at which it stands.
Numbers are drawn and printed with three digits, so that float32's seven are enough; what is not finite stays so.
"""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any, Literal

import numpy as np

from rnnviz.arrays import Array
from rnnviz.error_surface import Descent
from rnnviz.errors import ShapeError

SENT = ("w", "b", "error", "norm_before", "norm_after", "angle", "dw", "db")
SHOWN = ("map", "relief", "table", "arrows", "errors")
WORDS = (
    *("title", "play", "pause", "back", "on", "among", "speed", "now", "caption"),
    *("map", "relief", "across", "up", "height", "columns", "out", "lost", "errors", "updates"),
)


@dataclass(frozen=True, eq=False)
class Course:
    """One descent, what it is called, and how its gradients were clipped: not, by value or by norm, at `threshold`."""

    name: str
    descent: Descent
    how: Literal["none", "value", "norm"] = "none"
    threshold: float = float("inf")


def mesh(w: Array, b: Array, error: Array, *, folds: Sequence[Array] = ()) -> dict[str, Any]:
    """The surface as nodes.

    w          (columns,) ascending
    b, error   (columns, rows): b ascending along each column, and E there
    folds      curves (n, 2) of (w, b) that are dotted on the map

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
    }


def stage(
    courses: Sequence[Course],
    mesh: Any,
    *,
    words: dict[str, Any],
    token: Any = None,
    updates: int | None = None,
    **more: Any,
) -> dict[str, Any]:
    """The stage of some descents; `more` is what else there is to say, by its name above.

    updates  how many there are to see; None: all but the last one

    Of n updates the first n points are sent, each with its gradient: the last point, which has none, stays behind.
    Raises ShapeError where there is none, or they are not of one length.
    """
    lengths = {len(course.descent.norm_before) for course in courses}
    if len(lengths) != 1:
        raise ShapeError(f"descents of as many updates are needed, got {sorted(lengths)}")
    points = lengths.pop() if updates is None else min(updates + 1, *lengths)
    return {
        "kind": "descent",
        "mesh": mesh,
        "courses": [_sent(course, points) for course in courses],
        "points": points,
        "words": words,
        "token": token,
        **more,
    }


def _sent(course: Course, points: int) -> dict[str, Any]:
    descent = course.descent
    dw, db = descent.gradient.T
    arrays = {name: getattr(descent, name) for name in SENT[:-2]} | {"dw": dw, "db": db}
    with np.errstate(over="ignore"):
        numbers = np.concatenate([arrays[name][:points] for name in SENT]).astype("<f4")
    return {
        "name": course.name,
        "how": course.how,
        "threshold": course.threshold if isfinite(course.threshold) else None,
        "stopped": descent.stopped if descent.stopped is not None and descent.stopped < points else None,
        "numbers": b64encode(numbers.tobytes()).decode(),
    }
