"""Two losses to walk down, and their maps: one of two weights, seen whole, and one of many, of which one sees a slice.

    imitate   one unit, h_t = tanh(w_h h_{t-1} + w_x x_t), learns to give what another such unit gives, with weights
              `GOAL`. All else is held at zero, so that (w_h, w_x) is all there is: the map is the whole loss. Inputs
              are slow, a level that holds plus noise. Of a slow input the unit makes w_x / (1 - w_h) times as much:
              along the curve on which that is right the loss is small, a valley, and in it lies the goal.
    echo      `rnnviz.tasks.delayed_echo`: `UNITS` units give back what they read `DELAY` steps ago.

A map shows the loss of the sequences that `shown` gives. Of the echo it is the plane through the initial weights along
the two leading principal directions of the paths of a race (see `experiment.plane`): what is drawn of a path is its
projection onto that plane (Li et al. 2018, section 7.2).
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

import rnnviz as rv
from rnnviz.arrays import Array
from rnnviz.one_vector import join
from rnnviz.sweep.gradients import Learners, outputs
from rnnviz.tasks import SequenceBatch

HILLS = ("imitate", "echo")
GOAL, BEGIN = (0.8, 0.2), (0.0, 1.0)  # (w_h, w_x): of the unit that is imitated, and where every walk begins
LEVEL, NOISE = 0.5, 0.2  # standard deviations of the slow inputs
UNITS, DELAY = 8, 3
STEPS = {"imitate": 20, "echo": 16}
SHOWN = {"imitate": 16, "echo": 32}  # sequences that every update reads where they stay the same, and that maps are of
FEW = 8  # sequences of an update that reads new ones
OVER = (-0.6, 1.2), (-0.4, 1.4)  # w_h and w_x of the map
POINTS = 49  # of a map's side
FREE = ("weight_ih_l0", "weight_hh_l0")  # what learns in "imitate"


def unit(w_h: float, w_x: float) -> rv.Network:
    """One unit without biases."""
    state = {
        "weight_ih_l0": np.full((1, 1), float(w_x)),
        "weight_hh_l0": np.full((1, 1), float(w_h)),
        "bias_ih_l0": np.zeros(1),
        "bias_hh_l0": np.zeros(1),
    }
    return rv.Network.from_state_dict(state, "elman")


def network(hill: str, seed: int) -> rv.Network:
    """As every walk begins; the seed draws the echo's weights."""
    if hill == "imitate":
        return unit(*BEGIN)
    return rv.Network.create("elman", 1, UNITS, output_size=1, rng=np.random.default_rng(seed))


def batch(hill: str, rng: np.random.Generator, count: int) -> SequenceBatch:
    """So many sequences."""
    T = STEPS[hill]
    if hill == "echo":
        return rv.tasks.delayed_echo(rng, count, T, DELAY)
    x = LEVEL * rng.standard_normal((1, count, 1)) + NOISE * rng.standard_normal((T, count, 1))
    targets = rv.unroll(unit(*GOAL), x).y
    all_of = np.ones((T, count), np.bool_)
    return SequenceBatch(x, targets, all_of, np.full(count, T), output_size=1, baseline=float((targets**2).mean()))


@lru_cache(maxsize=8)
def shown(hill: str, seed: int) -> SequenceBatch:
    """The sequences that every update reads where they stay the same."""
    return batch(hill, np.random.default_rng([seed, 1]), SHOWN[hill])


@dataclass(frozen=True, eq=False)
class Plane:
    """A plane in the space of all weights: theta = origin + a along[0] + b along[1].

    origin, along  (P,), and (2, P) of orthonormal rows
    share          of the paths' variance that lies in the plane; 1 where there is nothing else
    over           ((low, high), (low, high)) of a and b, as far as the map goes
    """

    origin: Array
    along: Array
    share: float
    over: tuple[tuple[float, float], tuple[float, float]]

    def project(self, network: rv.Network) -> Array:
        """(2,) where on the plane a network stands, seen from straight above."""
        return np.asarray(self.along @ (weights(network) - self.origin))

    def off(self, network: rv.Network) -> float:
        """How far from the plane it is, beside which distance from its origin it is in all: a share of it."""
        away = weights(network) - self.origin
        total = float(away @ away)
        return float(np.sqrt(max(0.0, 1 - float(np.sum((self.along @ away) ** 2)) / total))) if total else 0.0


def weights(network: rv.Network) -> Array:
    """All of them as one vector (P,)."""
    return join(network.state_dict().values(), np.float64)


def whole() -> Plane:
    """The plane of "imitate": w_h across, w_x up; there are no other weights that learn."""
    names = list(unit(0, 0).state_dict())
    along = np.zeros((2, len(names)))
    along[0, names.index("weight_hh_l0")] = along[1, names.index("weight_ih_l0")] = 1.0
    return Plane(np.zeros(len(names)), along, 1.0, OVER)


def leading(paths: list[Array], margin: float = 0.15) -> Plane:
    """The plane through the beginning of all paths [(n, P), ...] along their two leading principal directions.

    margin  what the map shows beyond the paths, as a share of its side
    """
    origin = paths[0][0]
    away = np.concatenate([path - origin for path in paths])
    _, s, along = np.linalg.svd(away, full_matrices=False)
    along = along[:2] * np.where((away @ along[:2].T).mean(axis=0) < 0, -1.0, 1.0)[:, None]  # to the right, and up
    flat = away @ along.T
    low, high = flat.min(axis=0), flat.max(axis=0)
    half, middle = (high - low).max() * (0.5 + margin), (low + high) / 2
    ends = tuple((float(c - half), float(c + half)) for c in middle)
    return Plane(origin, along, float((s[:2] ** 2).sum() / (s**2).sum()), (ends[0], ends[1]))


def heights(hill: str, seed: int, plane: Plane) -> Array:
    """(POINTS, POINTS) the loss of the sequences shown at the points of a plane, b by a."""
    a, b = (np.linspace(low, high, POINTS) for low, high in plane.over)
    grid = np.stack(np.meshgrid(a, b), axis=-1).reshape(-1, 2)
    return losses(hill, seed, plane.origin + grid @ plane.along).reshape(POINTS, POINTS)


def losses(hill: str, seed: int, flat: Array) -> Array:
    """(M,) the loss of the sequences shown, of networks with weights (M, P)."""
    asked = shown(hill, seed)
    y: Any = outputs(Learners(network(hill, seed), np.ascontiguousarray(flat)), asked.x)
    return np.asarray(((y - asked.targets) ** 2)[:, asked.mask].mean(axis=(1, 2)))
