"""Forecasts that unroll into the future, from one origin or from one after the other (js/forecast).

    fan = Way("network", "ten networks", members, hue="forward")         members (K, M, horizon): M forecasts per origin
    stay = Way("naive", "as today", last[:, None], hue="backward")       (K, 1, horizon): one forecast per origin
    forecast(values, origins, [fan, stay], unrolled(horizon), words=words)

A *frame* says from which origin it is forecast, how many steps ahead, and how many steps of what came true are seen;
between two frames it moves smoothly. Made by `unrolled` (one origin, step by step), `travelled` (all steps at once,
origin by origin) or `slid` (a line of forecasts that is moved back in time).

A stage is plain JSON, {"kind": "forecast", ...}; arrays are little-endian float32 in base64, {shape, data}:

    values    (N,) the series; what is not known is NaN. origins: (K,) the indices of the last known values
    ways      [{id, label, hue, dash, wide}], ahead: for each (K, M, horizon)
    frames    (F, 4): the index of the origin, steps ahead, steps of the truth, by how many steps the line is moved back
    line      {values (N,), hue}: forecasts of one step, each at the time that it is for; null: none
    errors    (F, W, horizon): for each way how far it is off on average, by how many steps ahead; null: none
    span      [before, after]: how many times are seen around the origin; null: all
    band      [low, high]: between which quantiles of a way of several the fan is shaded; what lies beyond is crossed
    low, high the ends of the axis, unit: what is written above it
    low_error, high_error  of the errors' axis; the first errors, of one origin, may leave it
    ticks     [[index, text], ...]: times that may be written
    said      (F,) what is written of each frame
    pace      frames a second at normal speed

and where it stands:

    step      the frame at which it opens; play_to: up to which it plays by itself, once for each token; None: it waits
    hide_from the frame after which nothing is shown, as long as it is locked; None: all is
    locked    nothing can be played or touched
    speed     1/4, 1/2, 1 or 2; None: as the reader has set it
    token     a stage with another token is set anew; one with the same keeps its place and takes the new numbers
    words     {...}: all that is written, see `WORDS`

It tells {target, value}: "step" the frame where it has come to rest; "played" the frame, once for each `play_to`.
"""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from rnnviz.arrays import Array, real_array
from rnnviz.errors import ShapeError

WORDS = (  # {…} is filled by the stage
    *("title", "play", "pause", "before", "after", "speed", "place", "series", "truth", "origin"),
    *("errors", "ahead", "inside", "outside", "table"),
)
SECONDS = 9.0  # that all frames take at normal speed


@dataclass(frozen=True, eq=False)
class Way:
    """One way to forecast: ahead (K, M, horizon), M forecasts from each of K origins; hue: a colour's name in
    `rnnviz.theme`, dash, wide: its line, in pixels. The first way lies on top."""

    id: str
    label: str
    ahead: Array
    hue: str = "forward"
    dash: tuple[float, ...] = ()
    wide: float = 2.5


def unrolled(horizon: int, truth: int | None = None) -> Array:
    """Frames (horizon + 1, 4): from the first origin, step by step; of what came true, at most `truth` steps."""
    ahead = np.arange(horizon + 1)
    none = np.zeros(horizon + 1)
    return np.stack([none, ahead, ahead if truth is None else np.minimum(ahead, truth), none], axis=1)


def travelled(origins: int, horizon: int) -> Array:
    """Frames (origins + 1, 4): forecasts from the first origin; then, from each in turn, with what came true."""
    folds = np.concatenate([[0], np.arange(origins)])
    seen = np.where(np.arange(origins + 1) > 0, horizon, 0)
    return np.stack([folds, np.full(origins + 1, horizon), seen, np.zeros(origins + 1)], axis=1)


def slid(by: ArrayLike) -> Array:
    """Frames (F, 4): a line that is moved back by so many steps, (F,)."""
    moved = np.asarray(by, np.float64)
    return np.pad(moved[:, None], ((0, 0), (3, 0)))


def forecast(
    values: ArrayLike,
    origins: Sequence[int] | Array,
    ways: Sequence[Way],
    frames: Array,
    *,
    words: Mapping[str, Any],
    errors: ArrayLike | None = None,
    line: ArrayLike | None = None,
    **place: Any,
) -> dict[str, Any]:
    """The stage of these forecasts; `place` is all that the module's docstring names and is no argument here.

    Raises ShapeError where `values` are no (N,), forecasts no (K, M, horizon), or errors no (F, W, horizon).
    """
    series, at = real_array("values", values, np.float64), np.asarray(origins, int)
    if series.ndim != 1:
        raise ShapeError(f"a series is values (N,), got {series.shape}")
    for way in ways:
        if np.ndim(way.ahead) != 3 or len(way.ahead) != len(at):
            raise ShapeError(f"{len(at)} origins need forecasts ({len(at)}, M, horizon), got {np.shape(way.ahead)}")
    if errors is not None and np.shape(errors)[:2] != (len(frames), len(ways)):
        raise ShapeError(f"errors must be ({len(frames)}, {len(ways)}, horizon), got {np.shape(errors)}")
    low, high = ends(series, ways)
    most = None if errors is None else float(np.nanmax(np.asarray(errors)[min(2, len(frames) - 1) :]))
    return {
        "kind": "forecast",
        "values": packed(series),
        "origins": [int(one) for one in at],
        "ways": [
            {"id": way.id, "label": way.label, "hue": way.hue, "dash": list(way.dash), "wide": way.wide} for way in ways
        ],
        "ahead": [packed(way.ahead) for way in ways],
        "frames": packed(frames),
        "line": None if line is None else {"values": packed(line), "hue": "forward"},
        "errors": None if errors is None else packed(errors),
        "span": None,
        "band": None,
        "low": low,
        "high": high,
        "unit": "",
        "low_error": 0.0,
        "high_error": None if most is None else 1.05 * most,
        "ticks": [],
        "said": [],
        "pace": len(frames) / SECONDS,
        "words": dict(words),
        "step": 0,
        "play_to": None,
        "hide_from": None,
        "locked": False,
        "speed": None,
        "token": None,
        **place,
    }


def ends(values: Array, ways: Sequence[Way]) -> tuple[float, float]:
    """Between which values all that is drawn lies, with a margin."""
    seen = np.concatenate([values, *(np.ravel(way.ahead) for way in ways)])
    low, high = float(np.nanmin(seen)), float(np.nanmax(seen))
    pad = 0.06 * (high - low) or 1.0
    return low - pad, high + pad


def packed(values: ArrayLike) -> dict[str, Any]:
    """An array as it is sent."""
    array = np.ascontiguousarray(values, "<f4")
    return {"shape": list(array.shape), "data": b64encode(array.tobytes()).decode()}
