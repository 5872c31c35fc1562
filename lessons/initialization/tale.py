"""The races of the story: what stands in their lanes, run once; each lane with as many seeds, which draw all weights.

All of them read the same fifty days, real daily maxima in Seattle from 23 April 2012 on, as their distance from a mild
16 °C in steps of 4 degrees, to a tenth: the days of the lesson on the hidden state, and those that follow. As in all of
this lesson, input weights are Xavier uniform and biases 0 where nothing else is said, and L looks at the last state.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache, partial
from typing import Any

import numpy as np

import rnnviz as rv
from lessons.common import inputs
from rnnviz.arrays import Array
from rnnviz.player.race import ranking
from rnnviz.sweep import BothWays, both_ways

FIRST, DAYS, UNITS, SEEDS = 113, 50, 32, 20  # FIRST of the record
MILD, DEGREES = 16.0, 4.0
TINY, LARGE = 0.01, 1.0  # standard deviations of W_h
LESS, MORE = 0.9, 1.1  # spectral radii
QUIET, LOUD = 0.1, 3.0  # times the input
BIASES = (0.0, 1.0, 3.0)  # of the forget gate


@dataclass(frozen=True)
class Variant:
    """What one lane does otherwise: the arguments of `Network.create`, and the input's scale."""

    how: Mapping[str, Any] = field(default_factory=dict, hash=False)
    scale: float = 1.0


def _plain(init: str, **setting: float) -> Variant:
    return Variant({"cell": "elman", "recurrent_init": partial(rv.initializers.INITIALIZERS[init], **setting)})


def _linear(radius: float) -> Variant:
    return Variant({**_plain("orthogonal", gain=radius).how, "nonlinearity": "linear"})


def variants(race: str, gain: float = 1.0) -> dict[str, Variant]:
    """{id: what stands in the lane} of a race."""
    orthogonal = _plain("orthogonal")
    return {
        "two": {"tiny": _plain("normal", std=TINY), "large": _plain("normal", std=LARGE)},
        "powers": {"less": _linear(LESS), "one": _linear(1.0), "more": _linear(MORE)},
        "inputs": {
            "quiet": replace(orthogonal, scale=QUIET),
            "usual": orthogonal,
            "loud": replace(orthogonal, scale=LOUD),
        },
        "recipes": {
            "normal": _plain("normal", std=TINY),
            "uniform": _plain("uniform"),
            "xavier": _plain("xavier_normal"),
            "he": _plain("he_normal"),
            "orthogonal": orthogonal,
            "identity": _plain("identity"),
        },
        "gain": {"unit": orthogonal, "yours": _plain("orthogonal", gain=gain)},
        "biases": {f"b{bias:g}": Variant({"cell": "lstm", "gate_biases": {"f": bias}}) for bias in BIASES},
        "takeaway": {
            "tiny": _plain("normal", std=TINY),
            "he": _plain("he_normal"),
            "large": _plain("normal", std=LARGE),
        },
    }[race]


@lru_cache(maxsize=1)
def days() -> Array:
    """What is read, (T, 1)."""
    celsius = inputs.weather().celsius[FIRST : FIRST + DAYS]
    return np.asarray(np.round((celsius[:, None] - MILD) / DEGREES, 1))


@dataclass(frozen=True, eq=False)
class Race:
    """A race that has been run: its lanes, and of each as many networks as there are seeds."""

    lanes: Mapping[str, Variant]

    @cached_property
    def networks(self) -> dict[str, list[rv.Network]]:
        """Lane by lane, seed by seed."""
        return {
            name: [
                rv.Network.create(input_size=1, hidden_size=UNITS, rng=np.random.default_rng(seed), **lane.how)
                for seed in range(SEEDS)
            ]
            for name, lane in self.lanes.items()
        }

    @cached_property
    def found(self) -> BothWays:
        """Of all networks, lane by lane, and in each seed by seed."""
        x = np.concatenate(
            [np.repeat(lane.scale * days()[:, None], SEEDS, axis=1) for lane in self.lanes.values()], axis=1
        )
        return both_ways([one for lane in self.networks.values() for one in lane], x)

    @cached_property
    def arrived(self) -> Array:
        """log10 of the norms at step 1, (lanes, SEEDS)."""
        arrived: Array = self.found.log10_left[0].reshape(len(self.lanes), SEEDS)
        return arrived

    def passes(self) -> dict[int, BothWays]:
        """Seed by seed, of each lane its network."""
        return {seed: self.found.of(range(seed, len(self.lanes) * SEEDS, SEEDS)) for seed in range(SEEDS)}

    def median(self) -> dict[str, float]:
        """log10 of what typically arrives."""
        ordered = np.sort(self.arrived, axis=1)[:, (SEEDS - 1) // 2]
        return dict(zip(self.lanes, ordered.tolist()))

    def nearest(self) -> dict[str, int]:
        """With how many seeds each lane comes nearest to 1."""
        return dict(zip(self.lanes, ranking(self.arrived)["nearest"]))

    def best(self) -> str:
        """The lane that typically comes nearest to 1."""
        ranks = ranking(self.arrived)["rank"]
        return str(list(self.lanes)[ranks.index(1)])

    def first(self, seed: int) -> str:
        """The lane that comes nearest to 1 with a seed."""
        off = np.where(np.isfinite(self.arrived[:, seed]), np.abs(self.arrived[:, seed]), np.inf)
        return str(list(self.lanes)[int(off.argmin())])

    def read_by(self, lane: str, seed: int) -> tuple[rv.Trace, rv.Gradients]:
        """One network of it, by itself."""
        trace = rv.unroll(self.networks[lane][seed], self.lanes[lane].scale * days()[:, None])
        dy = np.zeros_like(trace.y)
        dy[-1] = UNITS**-0.5
        return trace, rv.backpropagate(trace.network, trace, dy)


@lru_cache(maxsize=1)
def radii() -> dict[str, float]:
    """{recipe: the median over the seeds of the spectral radius of W_h}."""
    return {
        name: float(np.median([np.abs(np.linalg.eigvals(one.state_dict()["weight_hh_l0"])).max() for one in lane]))
        for name, lane in race("recipes").networks.items()
    }


@lru_cache(maxsize=32)
def race(name: str, gain: float = 1.0) -> Race:
    """A race of the story; `gain` of the lane "yours"."""
    return Race(variants(name, gain))
