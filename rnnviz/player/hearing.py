"""Hearing: a signal as a picture over time, over which the reading moves, and what the network holds each class to be.

    stage = hearing(Picture(values, "13 features"), p, labels=["zero", "one", ...], words=words, right=1, span=0.025)

drawn by js/hearing/hearing.js. A *frame* is one answer: after each step of the signal (T frames), or after each window
that slides over it (`windows`, n frames). Lines have a lane each. The stage {"kind": "hearing", ...} holds

    picture    {form: "heat" | "lines", name, size: I, T, values: (T, I) in base64 float32, rows: [what each is called]}
    windows    [[first, end], ...]: the steps, from 0, that each frame has read; `end` is the first it has not
    p          (n, C) probabilities in base64 float32; labels: [C]; right: the index of the right class, or None
    beside     the window, from 0, that stays in sight while others slide past, what they share filled; None: none
    padding    {from, name}: the step from which on the signal is padding, and how that is called; None: nothing is
    mattered   [T] shares of the largest gradient, drawn from the right to the left in a last step; None: they are not
    sure       the probability from which the network counts as sure; None: nothing is said of it
    span       seconds from one step to the next
    steps      how many moves there are: frames, and one more where `mattered` is drawn
    pace       frames a second at normal speed
    step       where it stands at first
    hide_from  from this step on nothing is drawn yet; play_to: the step to play to by itself; locked, speed, token
    words      all that is written, see `WORDS`

It tells {target, value}: "step" where it has come to rest, and "played" once for each `play_to`.
"""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike

from rnnviz.arrays import Array, real_array
from rnnviz.errors import ShapeError

WORDS = (  # {…} is filled by the stage
    *("title", "play", "pause", "before", "after", "speed", "place", "step", "table"),
    *("chances", "leads", "nothing", "right", "sure", "mattered", "time"),
)


@dataclass(frozen=True, eq=False)
class Picture:
    """What is heard, (T, I): as a picture, the first of each step at the foot; or lines. 1 and -1 are full.

    name  what is written above it; rows: what each of the I lines is called
    """

    values: ArrayLike
    name: str
    form: Literal["heat", "lines"] = "heat"
    rows: Sequence[str] = ()


def hearing(
    picture: Picture,
    p: ArrayLike,
    *,
    labels: Sequence[str],
    words: Mapping[str, Any],
    windows: ArrayLike | None = None,
    right: int | None = None,
    beside: int | None = None,
    padding: tuple[int, str] | None = None,
    mattered: ArrayLike | None = None,
    sure: float | None = None,
    span: float = 1.0,
    pace: float = 6.0,
    **place: Any,
) -> dict[str, Any]:
    """The stage of this signal; `place`: where it stands, see above.

    p         (n, C) probabilities, C as many as `labels`
    windows   (n, 2) first and end of what each frame has read; None: n is T, and frame t has read the steps 0 to t
    padding   the first step that is padding, and its name
    mattered  (T,) numbers that are not negative, of any scale

    Raises ShapeError where the sizes do not fit, or a window lies outside of the signal.
    """
    values, chances = real_array("picture", picture.values, np.float32), real_array("p", p, np.float32)
    if values.ndim != 2 or not len(values) or chances.ndim != 2 or chances.shape[1] != len(labels):
        raise ShapeError(
            f"hearing needs a picture (T, I) and p (n, {len(labels)}), got {values.shape}, {chances.shape}"
        )
    T = len(values)
    spans = np.stack([np.zeros(T, int), np.arange(1, T + 1)], axis=1) if windows is None else np.asarray(windows, int)
    if spans.shape != (len(chances), 2) or (spans < 0).any() or (spans > T).any() or (spans[:, 0] >= spans[:, 1]).any():
        raise ShapeError(f"{len(chances)} frames need windows (n, 2) within {T} steps, got {spans.shape}")
    weights = None if mattered is None else real_array("mattered", mattered, np.float64)
    if weights is not None and weights.shape != (T,):
        raise ShapeError(f"mattered needs one number for each of {T} steps, got {weights.shape}")
    return {
        "kind": "hearing",
        "picture": {
            "form": picture.form,
            "name": picture.name,
            "T": T,
            "size": values.shape[1],
            "values": _sent(values),
            "rows": list(picture.rows),
        },
        "windows": spans.tolist(),
        "p": _sent(chances),
        "labels": list(labels),
        "right": right,
        "beside": beside,
        "padding": None if padding is None else {"from": padding[0], "name": padding[1]},
        "mattered": None if weights is None else (weights / (weights.max() or 1.0)).tolist(),
        "sure": sure,
        "span": span,
        "steps": len(chances) + (weights is not None),
        "pace": pace,
        "step": 0,
        "words": dict(words),
        "token": None,
        **place,
    }


def _sent(values: Array) -> str:
    return b64encode(np.ascontiguousarray(values, "<f4").tobytes()).decode()
