"""The updates of networks that learn together: `train` yields one `Together` after each."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rnnviz.arrays import Array, real_array, require
from rnnviz.clipping import EPSILON
from rnnviz.errors import ShapeError
from rnnviz.network import Network
from rnnviz.optimizers import Optimizer
from rnnviz.sweep.batches import Batches, Sample, draw
from rnnviz.sweep.gradients import Answered, Learners, Rooms, gradients
from rnnviz.sweep.together import Together, start
from rnnviz.training.randomness import Randomness, randomness
from rnnviz.transformations import Transformation

Grads: TypeAlias = Mapping[str, Array]


@dataclass(frozen=True, eq=False)
class Rules:
    """What the runs are told, and does not change: the arguments of `train`."""

    samples: Sequence[Sample]
    loss: Answered | None
    optimizer: Optimizer
    learning_rate: ArrayLike | Callable[[int], ArrayLike]
    clip: Array | Callable[[dict[str, Array]], Grads] | None


def train(
    before: Sequence[Network] | Together,
    sample: Sample | Sequence[Sample],
    *,
    loss: Answered | None = None,
    optimizer: Optimizer,
    learning_rate: ArrayLike | Callable[[int], ArrayLike],
    clip: ArrayLike | Callable[[dict[str, Array]], Grads] | None = None,
    rngs: np.random.Generator | Sequence[np.random.Generator] | None = None,
) -> Iterator[Together]:
    """Train M networks together, and yield after each update for as long as the caller asks.

    before         networks, or the `Together` of a run to go on with: the same numbers to the bit
    sample         rng -> a batch, as in `training.train`; or M of them, for instance of different lengths: shorter ones
                   are padded. All batches of one update hold equally many sequences.
    loss           (y, targets, mask) -> Loss. Those of `rnnviz.losses` serve all models in one call; any other is
                   called for each. None: the one that fits the targets, as of the batches of `rnnviz.tasks`
    optimizer      of `rnnviz.optimizers`. What stands before it in a chain is done for each model by itself, and must
                   not remember anything: no noise, no average norm.
    learning_rate  a number or (M,); or a schedule: update, from 0, -> one of these. What looks at the losses, as
                   `schedules.reduce_on_plateau`, is for one network alone.
    clip           the largest global norm, a number or (M,), as `clipping.clip_by_global_norm`; or a function of one
                   model's gradients {name: array}, which is called for each; None: as they are
    rngs           of a new run, as in `sweep.start`

    Ends by itself only once all models have diverged. Raises ShapeError and ValueError for what does not fit.
    """
    now = before if isinstance(before, Together) else start(before, rngs)
    require("optimizer", optimizer, Optimizer)
    if any(step.letters for step in optimizer.before):
        raise ValueError("networks trained together need a chain that remembers nothing before its optimizer")
    if now.moments.keys() != set(optimizer.letters):
        now = replace(now, t=0, moments={letter: np.zeros_like(now.params) for letter in optimizer.letters})
    if not callable(learning_rate):
        learning_rate = _per_model("learning_rate", learning_rate, now.count)
    largest = clip if clip is None or callable(clip) else _per_model("clip", clip, now.count)
    return _updates(now, Rules(_samples(sample, now), loss, optimizer, learning_rate, largest))


def _updates(now: Together, rules: Rules) -> Iterator[Together]:
    rngs, rooms = [rng.generator() for rng in now.rngs], Rooms()
    while now.running.any():
        batches = draw(rules.samples, rngs, now.count)
        now = _update(now, batches, rules, rooms, tuple(randomness(rng) for rng in rngs))
        yield now


def _update(now: Together, batches: Batches, rules: Rules, rooms: Rooms, rngs: tuple[Randomness, ...]) -> Together:
    """The next record; models that cannot do this update keep what they had."""
    asked = rules.learning_rate(now.update) if callable(rules.learning_rate) else rules.learning_rate
    eta = _per_model("learning_rate", asked, now.count)
    letters, rule = rules.optimizer.letters, rules.optimizer.rule
    with np.errstate(all="ignore"):
        losses, grads = gradients(now.learners, batches, rules.loss, rooms)
        before = norms(grads)
        good = now.running & np.isfinite(losses) & np.isfinite(before)
        clipped, after = _clipped(now, grads, before, rules, good)
        rate = eta.astype(now.params.dtype)[:, None]
        results = rule(now.t + 1, rate, now.params, clipped, *(now.moments[letter] for letter in letters))
        good &= np.logical_and.reduce([np.isfinite(a).all(axis=1) for a in (after[:, None], *results)])
    was = (now.params, *(now.moments[letter] for letter in letters))
    params, *moments = results if good.all() else (np.where(good[:, None], a, b) for a, b in zip(results, was))
    return Together(
        update=now.update + 1,
        losses=np.where(good, losses, np.nan),
        gradient_norms=np.where(good, before, np.nan),
        clipped_norms=np.where(good, after, np.nan),
        learning_rates=eta,
        diverged=np.where(now.running & ~good, now.update + 1, now.diverged),
        like=now.like,
        params=params,
        t=now.t + 1,
        moments=dict(zip(letters, moments)),
        rngs=rngs,
    )


def norms(grads: Array) -> Array:
    """(M, P) -> (M,) Euclidean norms, taken as `clipping.global_norm` does, in float64."""
    wide = grads.astype(np.float64, copy=False)
    scale = np.abs(wide).max(axis=1)
    unit = np.where(scale == 0, 1.0, scale)
    found: Array = unit * np.linalg.norm(wide / unit[:, None], axis=1)
    return found


def _clipped(now: Together, grads: Array, before: Array, rules: Rules, good: NDArray[np.bool_]) -> tuple[Array, Array]:
    """The gradients (M, P) as the optimizer's rule gets them, and their norms (M,)."""
    clip, chained = rules.clip, rules.optimizer.before
    clipped = grads
    if clip is not None and not callable(clip):
        factor = np.minimum(1.0, clip / (before + EPSILON))
        clipped = (grads * factor[:, None]).astype(grads.dtype)
    if callable(clip) or chained:
        clipped = _each(now, clipped, clip if callable(clip) else None, chained, good)
    return clipped, before if clipped is grads else norms(clipped)


def _each(
    now: Together,
    grads: Array,
    clip: Callable[[dict[str, Array]], Grads] | None,
    chained: Sequence[Transformation],
    good: NDArray[np.bool_],
) -> Array:
    """What is done to the gradients of each model by itself; 0 for those that have diverged."""
    changed = np.zeros_like(grads)
    named, into = Learners(now.like, grads).named, Learners(now.like, changed).named
    for m in np.flatnonzero(good):
        own: Grads = {name: a[m] for name, a in named.items()}
        own = own if clip is None else clip(dict(own))
        for step in chained:
            own = step.rule(now.t + 1, own, {name: a[m] for name, a in now.learners.named.items()})[0]
        for name, a in own.items():
            into[name][m] = a
    return changed


def _samples(sample: Sample | Sequence[Sample], now: Together) -> Sequence[Sample]:
    """One function of a generator, or one for each model, which then needs a generator of its own."""
    if callable(sample):
        return [sample]
    if len(sample) != now.count or len(now.rngs) != now.count:
        raise ShapeError(
            f"sample must be a function, or one for each of the {now.count} models, each with its own generator in "
            f"rngs; got {len(sample)} and {len(now.rngs)} generators"
        )
    return sample


def _per_model(name: str, given: ArrayLike, M: int) -> Array:
    """(M,) finite numbers of at least 0; a threshold may be infinite."""
    a = real_array(name, given, np.float64)
    if a.shape not in ((), (M,)):
        raise ShapeError(f"{name} must be a number or one for each of the {M} models, got shape {a.shape}")
    if not (a >= 0).all() or (name == "learning_rate" and np.isinf(a).any()):
        raise ValueError(f"{name} must be at least 0, got {given!r}")
    return np.broadcast_to(a, (M,))
