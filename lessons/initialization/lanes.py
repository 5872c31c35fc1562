"""The race that Explore shows: every initialization in a lane, the page's own among them, and each seed a dot."""

from dataclasses import replace
from typing import Any

import numpy as np

from lessons.common.shared import shared
from lessons.common.text import Words
from lessons.initialization.experiment import KEEPS, SCHEMES, Settings, Started
from lessons.initialization.others import SEEDS, biases, by_seed, others, schemes, spectra
from lessons.initialization.pictures import named, picked
from rnnviz.arrays import Array
from rnnviz.numbers import significant
from rnnviz.player.race import Lane, stage
from rnnviz.sweep import BothWays

YOURS = "yours"


def lanes_of(s: Settings) -> dict[str, Settings]:
    """{id: what runs in the lane}: every scheme with its default, or every bias; one of them, or one more, as set."""
    if s.cell == "elman":
        return {one.scheme: one for one in schemes(s)} | {s.scheme: s}
    found = {str(picked(one)): one for one in biases(s)}
    return found if s in found.values() else found | {YOURS: s}


def race(run: Started, words: Words, comparing: bool) -> dict[str, Any]:
    """The stage: the page's seed is watched, and its own initialization stands out.

    comparing  every seed is a dot; else there is but the page's own, and the question is still open
    """
    s = run.settings
    lanes = lanes_of(s)
    usual = schemes(s) if s.cell == "elman" else biases(s)
    chosen = next(name for name, one in lanes.items() if one == s)
    passes = with_own(others(usual).found, run, list(lanes).index(chosen))
    seeds = range(SEEDS) if comparing else (s.seed,)
    watched = seeds.index(s.seed) if s.seed in seeds else -1
    own = words.labels("in_explore", {"lstm": s.cell == "lstm"})
    if not comparing:
        own |= words.labels("one_seed", {"seeds": SEEDS, "seed": s.seed})
    return stage(
        [lane(name, one, words, radius(run, one)) for name, one in lanes.items()],
        {watched: passes},
        arrived(s, lanes) if comparing else passes.log10_left[0][:, None],
        words=shared().labels("race", {}) | own,
        seeds=[str(seed) for seed in seeds],
        watched=watched,
        bounded=run.gated or s.nonlinearity in ("tanh", "sigmoid"),
        seed=str(s.seed),
        chosen=chosen,
        bar="top",
        phase="ranked" if comparing else "forward",
        last="ranked" if comparing else "arrived",
        token=f"{s.cell} {comparing}",
    )


def arrived(s: Settings, lanes: dict[str, Settings]) -> Array:
    """log10 of what arrives, (lanes, SEEDS): what is usual in one sweep, what the page alone has in another."""
    usual = tuple(replace(one, seed=0) for one in (schemes(s) if s.cell == "elman" else biases(s)))
    known = dict(zip(usual, by_seed(usual)))
    each = [replace(one, seed=0) for one in lanes.values()]
    return np.array([known[one] if one in known else by_seed((one,))[0] for one in each])


def with_own(found: BothWays, run: Started, k: int) -> BothWays:
    """The page's own network in lane k, in the place of what is there, or as one more."""
    h, left = run.trace[0, 0].h, run.log10_gradient[:, None]
    lost = np.array([-1 if run.trace.nonfinite is None else run.trace.nonfinite.step])
    before, after = found.of(slice(k)), found.of(slice(k + 1, None))
    return BothWays(
        np.concatenate([before.h, h, after.h], axis=1),
        np.concatenate([before.log10_left, left, after.log10_left], axis=1),
        np.concatenate([before.lost, lost, after.lost]),
    )


def radius(run: Started, one: Settings) -> float | None:
    """The spectral radius of W_h with the page's seed, of a plain network."""
    s = run.settings
    if one.cell != "elman":
        return None
    matrices = spectra(s.units, s.seed)
    values = run.eigenvalues if one == s else matrices[list(SCHEMES).index(one.scheme)][0]
    return float(np.abs(values).max())


def lane(name: str, one: Settings, words: Words, rho: float | None) -> Lane:
    """A lane, and below its name its setting, where it has one, and its spectral radius."""
    say = words.labels("pictures", {"gate": KEEPS.get(one.cell, ""), "lstm": one.cell == "lstm", "seed": one.seed})
    if one.cell != "elman":
        return Lane(name, say["yours"], note=named(one, say)) if name == YOURS else Lane(name, named(one, say))
    setting = SCHEMES[one.scheme].setting
    said = [f"{say[setting]} {one.amount:g}"] if setting and setting != "radius" else []
    said += [f"{say['radius']} {significant(rho, 2)}"] if rho is not None else []
    return Lane(name, words.controls["scheme"]["choices"][one.scheme], note=", ".join(said))
