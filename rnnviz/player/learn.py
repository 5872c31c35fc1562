"""A network that learns, update by update, in one lane or several in step (js/learn): it plays, pauses, goes back.

    records = [[{"loss": 0.41, "eigenvalues": (H,) complex, ...}, ...], ...]     lane by lane, update by update
    panels = [curve("loss", "Loss"), plane("eigenvalues", "Eigenvalues of W_h")]
    learn([Lane("a", "LSTM")], records, panels=panels, words=words, limit=300)

A *record* is what a picture shows of one update: numbers and small arrays by name. A *frame* is the records of all
lanes at one update; there is one each `every` updates, frame 0 is the network as it was initialized. What a lane has no
record of (it was forked later, it has diverged, it has no such gate) is NaN.

A stage is plain JSON, {"kind": "learn", ...}:

    lanes     [{id, label, hue, dash, fork: null | {of, at}}]: hue is a colour's name in `rnnviz.theme`, dash its line
    limit     the most updates, `every` how many are between two frames
    pace      updates a second at normal speed
    panels    [[panel, ...], ...]: rows, from the top; a panel is what `curve`, `plane`, `sequence`, ... give
    from      the number of the first frame that is here; frames: how many
    records   {name: {size, type, data}}: (frames, lanes, size) little-endian in base64; numbers as "f8", arrays as "f4"
    run       its id: it asks for more records under that name; None: all there is, is here
    asked     the serial of the last request that was answered; None: there was none
    ended     {lane: {update, why}}: "finished", or "diverged": this update is the first that gave no finite numbers
    constants {name: value}: what panels name instead of holding it, such as a map

and where it stands:

    step      the update at which it opens, as soon as that is there
    play_to   the update up to which it plays by itself, once for each token; None: it waits for the reader
    hide_from the update after which nothing is shown, as long as it is locked; None: all is
    locked    nothing can be played or touched
    speed     1/4, 1/2, 1, 2 or 4; None: as the reader has set it
    can       what else the reader can do: "fork", "unfork", "lane"
    token     a stage with another token is set anew; one with the same keeps its place and takes the new numbers
    words     {...}: all that is written, see `WORDS`

It tells {target, value}: "slice" {run, have, want, serial, took}, that it needs frames from `have` on, as many as
`want`, and how many milliseconds the last answer took; "at" {run, update} where it has come to rest; "rewind" {run,
serial}; "fork" {run, update, serial}, its update null where the fork is to go; "lane" the id of one that was clicked;
"played" the update, once for each `play_to`.
"""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rnnviz.arrays import Array, real_array
from rnnviz.errors import ShapeError

Record: TypeAlias = Mapping[str, ArrayLike]
Panel: TypeAlias = dict[str, Any]
Scale: TypeAlias = Literal["linear", "log"]
HUES = ("forward", "positive", "input", "forget", "output", "candidate", "backward")
DASHES: tuple[tuple[float, ...], ...] = ((), (7, 4), (2, 3), (11, 3, 2, 3), (4, 3), (12, 4), (1, 4))
SECONDS = 15  # that all updates take at normal speed
LEFT, OVER = 0.9, 20  # a baseline is left where the mean of the last OVER losses is below LEFT of it
WORDS = (  # {…} is filled by the stage
    *("title", "play", "pause", "before", "after", "speed", "place", "rewind", "fork", "unfork", "table", "lane"),
    *("update", "of", "training", "finished", "diverged", "diverged_one", "leaves", "mean_of", "target", "prediction"),
    *("initial", "real", "imaginary", "step", "forked", "since"),
)


@dataclass(frozen=True)
class Lane:
    """What stands for one network: `fork` is the id of the lane that it was forked of, and after which update."""

    id: str
    label: str = ""
    fork: tuple[str, int] | None = None


def learn(
    lanes: Sequence[Lane],
    records: Sequence[Sequence[Record | None]] = (),
    *,
    panels: Sequence[Panel] | Sequence[Sequence[Panel]],
    words: Mapping[str, Any],
    limit: int,
    every: int = 1,
    first: int = 0,
    pace: float | None = None,
    **place: Any,
) -> dict[str, Any]:
    """The stage of these lanes.

    records  one sequence per lane, as long as each other; None: no record of that frame
    panels   in rows, or all in one sequence: the first one above, the others in rows below it
    limit    the most updates, at least 1; every: how many are between two frames
    first    the number of the first frame of `records`
    pace     updates a second at normal speed; None: so that all take 15 seconds
    place    where it stands, and what else there is to say, see above

    Raises ShapeError where a record's arrays change their sizes, or lanes have different numbers of frames.
    """
    frames = {len(of_lane) for of_lane in records} or {0}
    if len(frames) != 1 or len(records) not in (0, len(lanes)):
        raise ShapeError(f"{len(lanes)} lanes need as many frames each, got {[len(one) for one in records]}")
    return {
        "kind": "learn",
        "lanes": [
            {
                "id": lane.id,
                "label": lane.label,
                "hue": HUES[k % len(HUES)],
                "dash": list(DASHES[k % len(DASHES)]),
                "fork": None if lane.fork is None else {"of": lane.fork[0], "at": lane.fork[1]},
            }
            for k, lane in enumerate(lanes)
        ],
        "limit": limit,
        "every": every,
        "pace": limit / SECONDS if pace is None else pace,
        "panels": rows(panels),
        "from": first,
        "frames": frames.pop(),
        "records": packed(records),
        "run": None,
        "asked": None,
        "ended": {},
        "words": dict(words),
        "token": None,
        **place,
    }


def rows(panels: Sequence[Panel] | Sequence[Sequence[Panel]]) -> list[list[Panel]]:
    """Panels in rows: as they are given, or the first above all others, which share rows of up to three.

    A square one shares the first row with the next one.
    """
    if not panels or not isinstance(panels[0], Mapping):
        return [[dict(panel) for panel in row if isinstance(panel, Mapping)] for row in panels]
    flat = [dict(panel) for panel in panels if isinstance(panel, Mapping)]
    above = 2 if flat[0].get("square") or (len(flat) == 2 and flat[1].get("square")) else 1
    rest = flat[above:]
    each = max(1, -(-len(rest) // max(1, -(-len(rest) // 3))))
    return [flat[:above], *(rest[k : k + each] for k in range(0, len(rest), each))]


def packed(records: Sequence[Sequence[Record | None]]) -> dict[str, dict[str, Any]]:
    """Records, lane by lane, as they are sent: {name: {size, type, data}}; numbers keep all their bits."""
    found = {}
    for name in dict.fromkeys(name for lane in records for one in lane for name in one or ()):
        columns = [[flat(one[name]) if one and name in one else None for one in lane] for lane in records]
        known = [array for lane in columns for array in lane if array is not None]
        size = max(len(array) for array in known)
        scalar = all(array.dtype == np.float64 for array in known) and size == 1
        all_lanes = np.full((len(columns[0]), len(records), size), np.nan, np.float64 if scalar else np.float32)
        for k, lane in enumerate(columns):
            if len({len(array) for array in lane if array is not None and len(array)}) > 1:
                raise ShapeError(f"record {name!r} changes its size: {sorted({len(a) for a in lane if a is not None})}")
            for n, array in enumerate(lane):
                if array is not None:
                    all_lanes[n, k, : len(array)] = array
        kind = "f8" if scalar else "f4"
        data = b64encode(np.ascontiguousarray(all_lanes, dtype=f"<{kind}").tobytes()).decode()
        found[name] = {"size": size, "type": kind, "data": data}
    return found


def compact(record: Record) -> dict[str, Array]:
    """A record as it is kept: numbers as float64, arrays as float32, flat; complex ones as pairs (real, imaginary)."""
    return {name: flat(value) for name, value in record.items()}


def flat(value: ArrayLike) -> Array:
    """One entry of a record as a flat array, see `compact`."""
    array = np.asarray(value)
    if array.dtype == object:
        raise ShapeError(f"a record holds numbers and arrays of numbers, got {value!r:.80}")
    if array.dtype.kind == "c":
        array = np.stack([array.real, array.imag], axis=-1)
    return real_array("a record", array, np.float64 if array.size == 1 else np.float32).reshape(-1)


def leaves(losses: ArrayLike, baseline: float, share: float = LEFT, over: int = OVER) -> int | None:
    """After which of the losses (n,), counted from 1, the baseline is left: the first at which the mean of the last
    `over` of them is below `share` of it. None: it is not.

    js/learn/curves.js finds the same.
    """
    values: NDArray[np.float64] = np.asarray(losses, np.float64)
    if len(values) < over:
        return None
    sums = np.convolve(values, np.ones(over), "valid")
    below = np.flatnonzero(sums < share * baseline * over)
    return int(below[0]) + over if below.size else None


# Panels


def curve(
    of: str | Sequence[str],
    title: str,
    *,
    scale: Scale = "linear",
    low: float | None = None,
    high: float | None = None,
    lines: Mapping[str, float] | None = None,
    leaves: str | None = None,
    smooth: int = 0,
    marks: Mapping[str, float] | None = None,
    hues: Sequence[str] = (),
    names: Sequence[str] = (),
    between: bool = False,
    valves: bool = False,
) -> Panel:
    """Numbers of the records against the updates, a line for each lane.

    of      the records' names; of several, the first ones are paler, or have each their own of `hues`
    low, high  the ends of the axis; None: as the numbers need it
    lines   {what is written: value}: baselines, thresholds
    leaves  the name of that line which the first of the numbers is to leave; where it does, it is marked
    smooth  the mean of so many frames stands out before the numbers themselves; 0: none does
    marks   {what is written of it: update}: from where on something is otherwise
    names   what is written of each of several
    between  whether what lies between the first and the last of several is shaded
    valves   whether they are gates, and as open as they are
    """
    each = [of] if isinstance(of, str) else list(of)
    return {
        "kind": "curve",
        "of": each,
        "title": title,
        "scale": scale,
        "low": low,
        "high": high,
        "lines": [{"label": label, "value": value} for label, value in (lines or {}).items()],
        "leaves": leaves,
        "smooth": smooth,
        "marks": [{"label": label, "at": at} for label, at in (marks or {}).items()],
        "hues": list(hues),
        "names": list(names),
        "between": between,
        "valves": valves,
        "share": LEFT,
        "over": OVER,
    }


def plane(of: str, title: str, *, radius: str | None = None) -> Panel:
    """Complex numbers in the plane, with the unit circle and trails: eigenvalues of W_h.

    radius  the record that holds the largest of their absolute values: a circle of its own
    """
    return {"kind": "plane", "of": [of], "title": title, "radius": radius, "square": True}


def sequence(
    of: str, targets: ArrayLike, title: str, *, asked: ArrayLike | None = None, low: float | None = None,
    high: float | None = None, inputs: ArrayLike | None = None,
) -> Panel:  # fmt: skip
    """What the network answers at each step, (T,), beside what it should.

    targets  (T,); asked: (T,) where its answer counts; None: everywhere
    inputs   (T,) what it reads, drawn below; None: nothing is
    """
    return {
        "kind": "sequence",
        "of": [of],
        "title": title,
        "low": low,
        "high": high,
        "targets": _listed(targets),
        "asked": None if asked is None else [bool(one) for one in np.asarray(asked).ravel()],
        "inputs": None if inputs is None else _listed(inputs),
    }


def dots(of: str, targets: ArrayLike, title: str, *, low: float, high: float, axes: tuple[str, str]) -> Panel:
    """Answers (n,) over what they should be, (n,): on the diagonal all is right. axes: the words of both axes."""
    return {
        "kind": "dots",
        "of": [of],
        "title": title,
        "targets": _listed(targets),
        "low": low,
        "high": high,
        "axes": list(axes),
        "square": True,
    }


def classes(of: str, targets: Sequence[int], labels: Sequence[str], title: str, *, names: Sequence[str] = ()) -> Panel:
    """How probable each class is held to be, (n, classes), for n sequences whose class is `targets` (n,)."""
    right = [int(one) for one in targets]
    return {
        "kind": "classes",
        "of": [of],
        "title": title,
        "targets": right,
        "labels": list(labels),
        "names": list(names),
    }


def text(of: str, symbols: Sequence[str], title: str) -> Panel:
    """What the network writes, (n,) places in the alphabet `symbols`, letter after letter in lines."""
    return {"kind": "text", "of": [of], "title": title, "symbols": list(symbols)}


def steps(of: str, title: str, *, scale: Scale = "log", low: float | None = None, high: float | None = None) -> Panel:
    """A number at each time step, (T,), such as the norm of the gradient."""
    return {"kind": "steps", "of": [of], "title": title, "scale": scale, "low": low, "high": high}


def heat(
    of: str, title: str, shape: tuple[int, int], *, most: float = 1.0, struck: str | None = None, square: bool = True
) -> Panel:  # fmt: skip
    """A matrix of signed numbers, such as W_h; full colour from `most` on.

    struck  the record, of the same shape, whose entries above one half are struck through
    square  whether its cells are; else they fill the panel
    """
    panel = {"kind": "heat", "of": [of], "title": title, "shape": list(shape), "most": most, "square": square}
    return panel if struck is None else panel | {"struck": struck}


def shares(of: str, title: str, rows: Sequence[str], columns: Sequence[str]) -> Panel:
    """A matrix of numbers from 0 to 1, such as attention's weights, beside the names of its rows and columns."""
    return heat(of, title, (len(rows), len(columns))) | {"named": [list(rows), list(columns)]}


def paths(
    of: str, chart: str, title: str, *, axes: tuple[str, str] = ("", ""),
    goal: tuple[str, tuple[float, float]] | None = None,
) -> Panel:  # fmt: skip
    """Where each lane stands on a map, (2,), and how it came there.

    chart  the map's name among the `constants`
    goal   what its lowest place is called, and where that is; None: it is not marked
    """
    place = None if goal is None else {"label": goal[0], "x": goal[1][0], "y": goal[1][1]}
    return {
        "kind": "paths",
        "of": [of],
        "title": title,
        "map": chart,
        "axes": list(axes),
        "goal": place,
        "square": True,
    }


def chart(x: tuple[float, float], y: tuple[float, float], z: ArrayLike, levels: ArrayLike) -> dict[str, Any]:
    """A map for `paths`: heights z (n, m) on a grid, its rows from y[0] to y[1]; contour lines at `levels`."""
    heights = real_array("z", z, np.float32)
    if heights.ndim != 2:
        raise ShapeError(f"a map needs heights (n, m), got {heights.shape}")
    data = b64encode(np.ascontiguousarray(heights, "<f4").tobytes()).decode()
    return {"x": list(x), "y": list(y), "shape": list(heights.shape), "z": data, "levels": _listed(levels)}


def _listed(values: ArrayLike) -> list[float]:
    return [float(one) for one in np.asarray(values, np.float64).ravel()]
