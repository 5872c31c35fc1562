"""What is tuned: how an Elman network learns to add two marked numbers; the settings, and three ways to look for them.

Every run reads the same number of sequences, `READ`, in batches: whoever chooses smaller ones makes more updates. What
is chosen by is the mean squared error on `VALIDATION` sequences; what is reported, on `TEST` others. Neither is learned
from. Both are small parts of one pool, so that it can be asked what other validation sets would have chosen.

Halving: `Search.count` learning rates, drawn at random on a log scale, begin; whenever a rung has ended, the better
ones alone go on (`rnnviz.sweep.halving` says how many, and for how long), so that each rung takes the same work.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache, partial
from itertools import tee
from typing import Any

import numpy as np

import rnnviz as rv
from lessons.common.lanes import Lane
from lessons.common.together import Part, together
from rnnviz.arrays import Array
from rnnviz.errors import NonFiniteError
from rnnviz.sweep.search import rung_sizes
from rnnviz.sweep.together import ON, Together
from rnnviz.tasks import SequenceBatch

STEPS, READ = 10, 9600  # steps of a sequence; sequences that one run reads
UNITS, BATCH, CLIP = 16, 16, 1.0  # where nothing else is said
LIMIT, EVERY = READ // BATCH, 10  # updates of such a run, and how many between two records
POOL, VALIDATION, TEST = 1000, 16, 500  # sequences; the validation set is the first ones of the pool, the test the last
POOL_SEED, DRAW_SEED = 2012, 64
RATES = (0.0003, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.3)
LOW, HIGH = RATES[0], RATES[-1]  # between which learning rates are drawn
SIZES, BATCHES, CLIPS = (4, 8, 16, 32), (8, 16, 32, 64), (0.25, 0.5, 1.0, 2.0)
COUNTS, ETAS = (8, 16), (2, 4)


@lru_cache(maxsize=1)
def pool() -> SequenceBatch:
    """All sequences that no network learns from."""
    return rv.tasks.adding(np.random.default_rng(POOL_SEED), POOL, STEPS)


@lru_cache(maxsize=8)
def some(first: int, last: int) -> SequenceBatch:
    """Sequences `first` to `last` of the pool, the last one not included."""
    all_of, part = pool(), slice(first, last)
    sliced = {name: getattr(all_of, name)[:, part] for name in ("x", "targets", "mask")}
    return replace(all_of, **sliced, lengths=all_of.lengths[part])


def validation() -> SequenceBatch:
    """What settings are chosen by."""
    return some(0, VALIDATION)


def test() -> SequenceBatch:
    """What is looked at once, at the end."""
    return some(POOL - TEST, POOL)


def network(seed: int, units: int = UNITS) -> rv.Network:
    """As it is initialized."""
    return rv.Network.create("elman", 2, units, output_size=1, rng=np.random.default_rng(seed))


def train(start: Together, rates: Any, batch: int = BATCH, clip: Any = CLIP) -> Iterator[Together]:
    """All networks on: Adam, clipped by their global norms."""
    return rv.sweep.train(
        start,
        lambda rng: rv.tasks.adding(rng, batch, STEPS),
        optimizer=rv.optimizers.adam(),
        learning_rate=rates,
        clip=clip,
    )


def begin(count: int, seed: int, units: int = UNITS) -> Together:
    """So many times the same initial weights; all read the same batches, drawn from the next seed."""
    return rv.sweep.start([network(seed, units)] * count, np.random.default_rng(seed + 1))


@lru_cache(maxsize=2)
def scores(whole: Together) -> tuple[float, ...]:
    """Each network's error on the validation set; infinite where it diverged."""
    found = (one.loss for one in whole.evaluate(validation()))
    return tuple(loss if on == ON and np.isfinite(loss) else np.inf for loss, on in zip(found, whole.diverged))


def named(rates: Any) -> dict[str, str]:
    """{a lane's id: what is written of it}: two digits, or three where two say the same of several."""
    short = [f"{rate:.2g}" for rate in rates]
    said = [one if short.count(one) == 1 else f"{rate:.3g}" for one, rate in zip(short, rates)]
    return {f"rate{k}": f"η = {one}" for k, one in enumerate(said)}


def sweep(seed: int) -> list[Lane]:
    """A lane for each of `RATES`, all of one seed."""
    given = {name: f"η = {rate:g}" for name, rate in zip(named(RATES), RATES)}
    return together(given, lambda: begin(len(RATES), seed), lambda now: train(now, RATES), token=("rates", seed))


@dataclass(frozen=True)
class Search:
    """Successive halving over learning rates, of one seed; eta: one in so many is kept at each stop."""

    count: int = 16
    eta: int = 2
    units: int = UNITS
    batch: int = BATCH
    seed: int = 0

    @cached_property
    def rates(self) -> tuple[float, ...]:
        """The candidates."""
        drawn = rv.sweep.log_uniform(LOW, HIGH)
        rng = np.random.default_rng([DRAW_SEED, self.seed])
        return tuple(point["rate"] for point in rv.sweep.random_points(rng, self.count, {"rate": drawn}))

    @cached_property
    def sizes(self) -> tuple[int, ...]:
        """How many candidates each rung has."""
        return tuple(rung_sizes(self.count, self.eta))

    @cached_property
    def ends(self) -> tuple[int, ...]:
        """After which update each rung ends; in each, all candidates together do about the same number of updates."""
        more = [self.count // size for size in self.sizes]
        first = LIMIT // sum(more) // EVERY * EVERY
        return tuple(int(one) for one in np.cumsum(more) * first)

    @property
    def cost(self) -> int:
        """Updates of all candidates together."""
        return int(np.dot(np.diff((0, *self.ends)), self.sizes))

    def start(self) -> "Left":
        """All candidates, before the first update."""
        return Left(begin(self.count, self.seed, self.units), tuple(range(self.count)))

    def go(self, left: "Left") -> Iterator["Left"]:
        """The candidates that are left, update by update; at a rung's end they are all still there."""
        while left.update < self.ends[-1]:
            left = self.cut(left)
            for now in train(left.now, [self.rates[m] for m in left.numbers], self.batch):
                left = Left(now, left.numbers)
                yield left
                if now.update in self.ends:
                    break

    def cut(self, left: "Left") -> "Left":
        """Those that are to go on."""
        keep = self.sizes[sum(end <= left.update for end in self.ends)]
        if keep >= len(left.numbers):
            return left
        best = sorted(int(place) for place in np.argsort(scores(left.now), kind="stable")[:keep])
        return Left(left.now.of(best), tuple(left.numbers[place] for place in best))

    def lanes(self) -> list[Lane]:
        """A lane for each candidate, which ends where it is stopped."""
        waiting: dict[int, Iterator[Left]] = {}
        begun: list[Left] = []

        def first(m: int) -> Candidate:
            if not begun:
                begun.append(self.start())
            return Candidate(begun[0], m)

        def on(at: Candidate) -> Iterator[Candidate]:
            if at.left is not begun[0]:
                return following(self.go(at.left), at.number)
            if at.number not in waiting:
                waiting.update(enumerate(tee(self.go(at.left), self.count)))
            return following(waiting.pop(at.number), at.number)

        return [
            Lane(name, partial(first, m), on, token=self, label=label)
            for m, (name, label) in enumerate(named(self.rates).items())
        ]


@dataclass(frozen=True, eq=False)
class Left:
    """The candidates that are left, by their numbers."""

    now: Together
    numbers: tuple[int, ...]

    @property
    def update(self) -> int:
        """Updates that each of them has done."""
        return self.now.update


@dataclass(frozen=True, eq=False)
class Candidate:
    """One of those that are left, as a checkpoint of its lane."""

    left: Left
    number: int

    @cached_property
    def part(self) -> Part:
        """It among the others."""
        return Part(self.left.now, self.left.numbers.index(self.number))

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self.part, name)


def following(all_of: Iterator[Left], number: int) -> Iterator[Candidate]:
    """One candidate, until it is stopped; NonFiniteError where it diverges."""
    for left in all_of:
        if number not in left.numbers:
            return
        if left.now.diverged[left.numbers.index(number)] != ON:
            raise NonFiniteError(f"update {left.update} diverged")
        yield Candidate(left, number)


def record(at: Any) -> dict[str, Any]:
    """What is recorded of a lane: its error on the validation set, and the last batch's loss."""
    return {"error": scores(at.whole)[at.m], "loss": at.loss}


def errors(whole: Together) -> Array:
    """(M, POOL) squared errors, of each network for each sequence of the pool; NaN where it diverged."""
    batch = pool()
    found = (whole.outputs(batch.x)[:, -1, :, 0] - batch.targets[-1, :, 0]) ** 2
    return np.where((whole.diverged == ON)[:, None], found, np.nan)
