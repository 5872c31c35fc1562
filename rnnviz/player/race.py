"""A race of gradients: one lane per network, all over the same steps (js/race): states forward, gradients back.

    lanes = [Lane("tanh", "tanh RNN", networks), Lane("lstm", "LSTM", others, note="forget bias 1"), ...]
    race(lanes, x, words=words)                  x (T, I), or (T, S, I): what each of the S seeds reads

Each lane holds S networks, one per seed: one of the seeds is watched, all of them are dots at the end. What is run
is `rnnviz.sweep.both_ways`: L is the sum of the last state's units over sqrt(H), so that each gradient starts with
norm 1.

A stage is plain JSON, {"kind": "race", ...}; arrays are little-endian, in base64:

    steps     T
    lanes     [{id, name, note}] in the order in which they stand
    seeds     their names, as text; watched: the index of the one that is shown, -1 for one that is no dot; `seed`: its
              name; sent: the indices of those that are here
    shades    uint8 (sent, lanes, T, BINS): which share of the units (255: all) is in which bin of |h|, the smallest
              first
    left      float32 (sent, lanes, T): log10 of the gradient's norm; -inf stands for 0, +inf and NaN for not finite
    lost      (sent, lanes): the first step, from 0, at which a state is not finite; -1: none is
    axis      the bins' ends: {"kind": "share", "high": 1}, equal bins of |h|; or {"kind": "decades", "low", "high"},
              equal bins of log10 |h|, those at the ends with all beyond
    arrived   float32 (lanes, S): the same as `left` at step 1, for every seed
    median    float32 (lanes, 3): quartile, median, quartile of `arrived`
    rank      for each lane how near to 1 it comes: 1 is the nearest by the median distance in decades; equals share a
              rank; None where typically nothing, or nothing finite, arrives
    nearest   for each lane with how many seeds it came nearest to 1; equals count for each

and where it stands (`place`):

    phase     start | forward | backward | arrived | seeds | ranked: how far it has got
    play_to   the phase up to which it plays by itself, once for each token; None: it waits for the reader
    last      the phase at which it ends; "ranked" where nothing is said
    locked    nothing can be played or touched
    speed     1/4, 1/2, 1 or 2; None: as the reader has set it
    bar       "top": the controls stand above the picture
    chosen    the id of the lane that stands out; None: none does
    token     a stage with another token is set anew; one with the same keeps its place and takes the new numbers
    words     {...}: all that is written, see `WORDS`

It tells {target, value}: "lane" with the id of one that was clicked; "seed" with the index of a dot; "step" where it
has come to rest, 0 to 2 T + 3; "played" with the phase, once for each `play_to`.
"""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from rnnviz.arrays import Array, real_array
from rnnviz.errors import ShapeError
from rnnviz.network import Network
from rnnviz.sweep import BothWays, both_ways
from rnnviz.sweep.both_ways import Of

BINS = 12  # of |h|
LEAST, MOST = -2, 6  # decades of states that know no bound
USUAL = 0.8  # of the networks: so many stay within the axis of states without a bound
ALIKE = 1e-9  # decades: seeds that differ by less are equal
PHASES = ("start", "forward", "backward", "arrived", "seeds", "ranked")
WORDS = (  # {…} is filled by the stage
    *("title", "play", "pause", "before", "after", "speed", "place", "seed", "open", "table"),
    *("forward", "backward", "arrives", "step", "units", "norm", "nearest", "nearest_short", "rank"),
    *("below", "zero", "not_finite", "state_not_finite", "of_seeds", "lane", "median", "median_short", "seed_short"),
    *("say_start", "say_forward", "say_loss", "say_backward", "say_arrived", "say_seeds", "say_ranked", "say_none"),
    "say_alike",
    *("vanished", "exploding", "overflowed", "there"),
)


@dataclass(frozen=True)
class Lane:
    """One variant.

    id        what is told where it is clicked
    name      what is written; note: a second line, such as a setting
    networks  one per seed
    x         what they read, where it is not what all the others read
    """

    id: str
    name: str
    networks: Sequence[Network] = field(default=(), repr=False)
    note: str = ""
    x: Array | None = field(default=None, repr=False)


def race(
    lanes: Sequence[Lane],
    x: ArrayLike,
    *,
    words: Mapping[str, Any],
    seeds: Sequence[str] | None = None,
    watched: int = 0,
    sent: Sequence[int] | None = None,
    of: Of = "state",
    **place: Any,
) -> dict[str, Any]:
    """The stage of these lanes, each of S networks with one layer in one direction and no readout.

    x        what is read: (T, I) by all, (T, S, I) by each seed its own
    seeds    their names; None: 1 to S
    watched  the index of the one that is shown; sent: of those that a click can show at once; None: all
    of       whose gradient it is, see `sweep.both_ways`
    place    where it stands, see above

    Raises ShapeError where lanes have different numbers of networks, or these differ in their sizes.
    """
    counts = {len(lane.networks) for lane in lanes}
    if len(counts) != 1 or not min(counts):
        raise ShapeError(f"a race needs lanes of as many networks each, got {[len(lane.networks) for lane in lanes]}")
    S, n = counts.pop(), len(lanes)
    read = [_by_seed(x if lane.x is None else lane.x, S) for lane in lanes]
    if len({one.shape for one in read}) != 1:
        raise ShapeError(f"all lanes need to read as many steps of as many numbers, got {[one.shape for one in read]}")
    found = both_ways([network for lane in lanes for network in lane.networks], np.concatenate(read, axis=1), of)
    each = {seed: found.of(range(seed, n * S, S)) for seed in (range(S) if sent is None else sent)}
    names = [str(seed + 1) for seed in range(S)] if seeds is None else seeds
    bounded = all(bounds(lane.networks[0]) for lane in lanes)
    arrived = found.log10_left[0].reshape(n, S)
    return stage(lanes, each, arrived, words=words, seeds=names, watched=watched, bounded=bounded, **place)


def _by_seed(x: ArrayLike, S: int) -> Array:
    """What each of S seeds reads, (T, S, I)."""
    given = real_array("x", x, np.float64)
    if given.ndim not in (2, 3) or (given.ndim == 3 and given.shape[1] != S):
        raise ShapeError(f"x needs shape (T, I) or (T, S, I) with S = {S}, got {given.shape}")
    return given if given.ndim == 3 else np.repeat(given[:, None], S, axis=1)


def stage(
    lanes: Sequence[Lane],
    passes: Mapping[int, BothWays],
    arrived: Array,
    *,
    words: Mapping[str, Any],
    seeds: Sequence[str],
    watched: int,
    bounded: bool,
    seed: str | None = None,
    **place: Any,
) -> dict[str, Any]:
    """The stage of what was run before: `passes` {index of a seed: its networks, lane by lane}, `arrived` (lanes, S).

    bounded  whether |h| is at most 1
    seed     the name of the watched one, where it is none of `seeds`: then `watched` is -1

    Raises ShapeError where the numbers of lanes or seeds do not belong together.
    """
    shapes = {one.h.shape for one in passes.values()}
    if len(shapes) != 1 or arrived.shape != (len(lanes), len(seeds)) or shapes.copy().pop()[1] != len(lanes):
        raise ShapeError(f"{len(lanes)} lanes, {len(seeds)} seeds: got {shapes} and {arrived.shape}")
    if watched not in passes:
        raise ShapeError(f"seed {watched} is to be watched, and was not run: {sorted(passes)}")
    axis = {"kind": "share", "high": 1} if bounded else decades(list(passes.values()))
    return {
        "kind": "race",
        "steps": next(iter(passes.values())).h.shape[0],
        "lanes": [{"id": lane.id, "name": lane.name, "note": lane.note} for lane in lanes],
        "seeds": list(seeds),
        "watched": watched,
        "seed": seed if seed is not None else seeds[watched],
        "sent": list(passes),
        "axis": axis,
        "shades": _sent(np.stack([shades(one.h, axis) for one in passes.values()]), "u1"),
        "left": _sent(np.stack([one.log10_left.T for one in passes.values()]), "<f4"),
        "lost": [one.lost.tolist() for one in passes.values()],
        "arrived": _sent(arrived, "<f4"),
        **ranking(arrived),
        "words": dict(words),
        "token": None,
        **place,
    }


def bounds(network: Network) -> bool:
    """Whether |h| of this network is at most 1."""
    return network.spec.keep is not None or network.nonlinearity in ("tanh", "sigmoid")


def decades(passes: Sequence[BothWays]) -> dict[str, Any]:
    """The axis of states without a bound: from a hundredth to where most networks stay, and at most to a million."""
    sizes = np.concatenate([np.abs(one.h).max(axis=(0, 2)) for one in passes])
    usual = np.sort(np.where(np.isfinite(sizes), sizes, np.inf))[int(USUAL * (sizes.size - 1))]
    return {"kind": "decades", "low": LEAST, "high": int(np.clip(np.ceil(np.log10(max(usual, 1.0))), 1, MOST))}


def shades(h: Array, axis: Mapping[str, Any]) -> Array:
    """Which share of the units is in which bin of |h|: (T, M, H) -> (M, T, BINS), 255 is all of them.

    What is not finite is in no bin.
    """
    sizes = np.abs(h)
    if axis["kind"] == "share":
        place = sizes * BINS
    else:
        with np.errstate(divide="ignore"):
            place = (np.log10(sizes) - axis["low"]) / (axis["high"] - axis["low"]) * BINS
    bins = np.where(np.isfinite(h), np.clip(np.nan_to_num(place), 0, BINS - 1), -1).astype(int)
    counts = np.stack([(bins == k).sum(axis=-1) for k in range(BINS)], axis=-1)
    return np.asarray(np.rint(255 * counts / h.shape[-1]).astype(np.uint8).transpose(1, 0, 2))


def ranking(arrived: Array) -> dict[str, Any]:
    """Median and quartiles, rank, and how often nearest to 1, of the log10 norms (lanes, S) that arrive.

    Medians and quartiles are ones of the values, so that infinities never meet; NaN counts as larger than all.
    """
    off = np.where(np.isfinite(arrived), np.abs(arrived), np.inf)
    distance = quantile(off, 0.5)
    best = off.min(axis=0)
    with np.errstate(invalid="ignore"):
        nearest = ((off - best < ALIKE) & np.isfinite(off)).sum(axis=1)
    return {
        "median": _sent(np.stack([quantile(arrived, share) for share in (0.25, 0.5, 0.75)], axis=1), "<f4"),
        "rank": [1 + int((distance < d - ALIKE).sum()) if np.isfinite(d) else None for d in distance],
        "nearest": nearest.tolist(),
    }


def quantile(values: Array, share: float) -> Array:
    """Along the last axis, one of the values themselves."""
    ordered: Array = np.sort(values, axis=-1)[..., int(share * (values.shape[-1] - 1))]
    return ordered


def _sent(values: Array, kind: str) -> str:
    with np.errstate(over="ignore"):
        return b64encode(np.ascontiguousarray(values).astype(kind).tobytes()).decode()
