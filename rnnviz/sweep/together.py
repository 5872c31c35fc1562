"""Training many networks together: one loop over the steps serves all of them, one leading axis holds them.

    for now in sweep.train(networks, sample, loss=..., optimizer=..., learning_rate=..., clip=1.0, rngs=...):
        now.update, now.losses, now.gradient_norms, now.clipped_norms, now.diverged, now.network(3)

It is `rnnviz.training.train` for M networks of one kind and size that differ in whatever else: in their weights, in
their learning rates, in what they read. Model by model the numbers are those of `training.train` on the same generator,
up to the order in which products and sums are rounded: about 1e-15 after one update; from there on the difference grows
or shrinks as the network's own dynamics make it, so that two runs of hundreds of updates near a cliff may part.

A small network spends its time on starting NumPy's loops, not in them: together each loop is started once for all.

A model whose output, loss, gradient or parameters leave the finite range is marked with the update that could not be
done, keeps the parameters that it had before, and has no effect on the others. Sizes: M models, P parameters of each, T
steps, B sequences for each model, I inputs, H units, Q outputs.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rnnviz.arrays import Array, number, real_array, require
from rnnviz.clipping import EPSILON
from rnnviz.errors import ShapeError
from rnnviz.losses import Loss
from rnnviz.network import Network
from rnnviz.optimizers import Optimizer
from rnnviz.sweep.batches import Batches, Sample, draw
from rnnviz.sweep.gradients import Learners, gradients, outputs
from rnnviz.training.randomness import Randomness, randomness

Rate: TypeAlias = float | ArrayLike | Callable[[int], ArrayLike]
Clip: TypeAlias = float | ArrayLike | Callable[[dict[str, Array]], Mapping[str, Array]]
ON = -1  # in `diverged`: not at all


@dataclass(frozen=True, eq=False)
class Together:
    """M runs after `update` updates; `train(together, ...)` goes on from here.

    update          updates done so far; 0 before the first
    losses          (M,) of each model's batch at the last update, before that update; NaN where there was none
    gradient_norms  (M,) Euclidean norm of each model's gradient before clipping, NaN likewise
    clipped_norms   (M,) the same after it
    learning_rates  (M,) of the last update
    diverged        (M,) the update that could not be done any more; -1: the model is still learning

    Of what going on needs:
    like      one of the networks: their kind and size
    params    (M, P) all parameters, in the order of `like.state_dict()`
    moments   {letter: (M, P)} what the optimizer remembers
    rngs      where each model's random generator stands, or the one that serves all
    """

    update: int
    losses: Array
    gradient_norms: Array
    clipped_norms: Array
    learning_rates: Array
    diverged: NDArray[np.intp]
    like: Network = field(repr=False)
    params: Array = field(repr=False)
    moments: Mapping[str, Array] = field(repr=False)
    rngs: tuple[Randomness, ...] = field(repr=False)

    @property
    def count(self) -> int:
        """M."""
        return len(self.params)

    @property
    def running(self) -> NDArray[np.bool_]:
        """(M,) which models are still learning."""
        return np.asarray(self.diverged == ON)

    @cached_property
    def learners(self) -> Learners:
        """The parameters by their names."""
        return Learners(self.like, self.params)

    def network(self, m: int) -> Network:
        """Model m by itself, as it is now."""
        return self.like.with_parameters({name: a[m] for name, a in self.learners.named.items()})

    @property
    def networks(self) -> list[Network]:
        """All of them."""
        return [self.network(m) for m in range(self.count)]

    def outputs(self, x: ArrayLike) -> Array:
        """What every model answers to the same batch x (T, B, I): (M, T, B, Q)."""
        return outputs(self.learners, real_array("x", x, self.params.dtype))

    def of(self, models: ArrayLike) -> "Together":
        """Some of the runs, by their numbers or as M times True or False, to go on with those alone."""
        rows = np.arange(self.count)[np.asarray(models)]
        names = ("losses", "gradient_norms", "clipped_norms", "learning_rates", "diverged", "params")
        return replace(
            self,
            **{name: getattr(self, name)[rows] for name in names},
            moments={letter: moment[rows] for letter, moment in self.moments.items()},
            rngs=self.rngs if len(self.rngs) == 1 else tuple(self.rngs[m] for m in rows),
        )


def together(
    networks: Sequence[Network], rngs: np.random.Generator | Sequence[np.random.Generator] | None = None
) -> Together:
    """M networks before their first update.

    networks  of one kind and size: one layer, one direction, with or without a readout
    rngs      M generators, one for each model's batches; or one: all models read the same batches; None:
              `numpy.random.default_rng(0)`, likewise. They are not advanced: the runs have copies.

    Raises ShapeError where there are no networks, where they differ in kind or size, and for another number of
    generators.
    """
    like, params = _stacked(networks)
    M, nothing = len(params), np.full(len(params), np.nan)
    given = [np.random.default_rng(0)] if rngs is None else [rngs] if isinstance(rngs, np.random.Generator) else rngs
    if len(given) not in (1, M):
        raise ShapeError(f"rngs must be one generator, or one for each of the {M} networks; got {len(given)}")
    taken = tuple(randomness(rng) for rng in given)
    return Together(0, nothing, nothing, nothing, nothing, np.full(M, ON), like, params, {}, taken)


def train(
    start: Sequence[Network] | Together,
    sample: Sample | Sequence[Sample],
    *,
    loss: Callable[[Array, Any, Any], Loss],
    optimizer: Optimizer,
    learning_rate: Rate,
    clip: Clip | None = None,
    rngs: np.random.Generator | Sequence[np.random.Generator] | None = None,
) -> Iterator[Together]:
    """Train M networks together, and yield after each update for as long as the caller asks.

    start          networks, or the `Together` of a run to go on with: the same numbers to the bit
    sample         rng -> a batch, as in `training.train`; or M of them, for instance of different lengths: shorter ones
                   are padded. All batches of one update hold equally many sequences.
    loss           (y, targets, mask) -> Loss. Those of `rnnviz.losses` serve all models in one call; any other is
                   called for each
    optimizer      of `rnnviz.optimizers`, whose rules go entry by entry
    learning_rate  a number or (M,); or a schedule: update, from 0, -> one of these
    clip           the largest global norm, a number or (M,), as `clipping.clip_by_global_norm`; or a function of one
                   model's gradients {name: array}, which is called for each; None: as they are
    rngs           of a new run, as in `together`

    Ends by itself only once all models have diverged. Raises ShapeError and ValueError for what does not fit.
    """
    now = start if isinstance(start, Together) else together(start, rngs)
    require("optimizer", optimizer, Optimizer)
    samples = _samples(sample, now)
    largest = clip if clip is None or callable(clip) else _per_model("clip", clip, now.count, "(0, inf]")
    if not callable(learning_rate):
        _per_model("learning_rate", learning_rate, now.count, "[0, inf)")
    return _updates(now, samples, loss, optimizer, learning_rate, largest)


def _updates(
    now: Together,
    samples: Sequence[Sample],
    loss: Callable[[Array, Any, Any], Loss],
    optimizer: Optimizer,
    learning_rate: Rate,
    clip: Array | Callable[[dict[str, Array]], Mapping[str, Array]] | None,
) -> Iterator[Together]:
    rngs = [rng.generator() for rng in now.rngs]
    while now.running.any():
        batches = draw(samples, rngs, now.count)
        asked = learning_rate(now.update) if callable(learning_rate) else learning_rate
        eta = _per_model("learning_rate", asked, now.count, "[0, inf)")
        now = _update(now, batches, loss, optimizer, eta, clip, tuple(randomness(rng) for rng in rngs))
        yield now


def _update(
    now: Together,
    batches: Batches,
    loss: Callable[[Array, Any, Any], Loss],
    optimizer: Optimizer,
    eta: Array,
    clip: Array | Callable[[dict[str, Array]], Mapping[str, Array]] | None,
    rngs: tuple[Randomness, ...],
) -> Together:
    """The next record; models that cannot do this update keep what they had."""
    with np.errstate(all="ignore"):
        losses, grads = gradients(now.learners, batches, loss)
        before = _norms(grads)
        good = now.running & np.isfinite(losses) & np.isfinite(before)
        clipped, after = _clipped(now, grads, before, clip, good)
        good &= np.isfinite(after)
        moments = [now.moments.get(letter, np.zeros_like(now.params)) for letter in optimizer.letters]
        rate = eta.astype(now.params.dtype)[:, None]
        params, *moved = optimizer.rule(now.update + 1, rate, now.params, clipped, *moments)
        good &= np.logical_and.reduce([np.isfinite(a).all(axis=1) for a in (params, *moved)])
    keep = good[:, None]
    return Together(
        update=now.update + 1,
        losses=np.where(good, losses, np.nan),
        gradient_norms=np.where(good, before, np.nan),
        clipped_norms=np.where(good, after, np.nan),
        learning_rates=eta,
        diverged=np.where(now.running & ~good, now.update + 1, now.diverged),
        like=now.like,
        params=params if good.all() else np.where(keep, params, now.params),
        moments={
            letter: a if good.all() else np.where(keep, a, b) for letter, a, b in zip(optimizer.letters, moved, moments)
        },
        rngs=rngs,
    )


def _norms(grads: Array) -> Array:
    """(M, P) -> (M,) Euclidean norms, taken as `clipping.global_norm` does, in float64."""
    wide = grads.astype(np.float64, copy=False)
    scale = np.abs(wide).max(axis=1)
    unit = np.where(scale == 0, 1.0, scale)
    norms: Array = unit * np.linalg.norm(wide / unit[:, None], axis=1)
    return norms


def _clipped(
    now: Together,
    grads: Array,
    norms: Array,
    clip: Array | Callable[[dict[str, Array]], Mapping[str, Array]] | None,
    good: NDArray[np.bool_],
) -> tuple[Array, Array]:
    """The gradients (M, P) after clipping, and their norms (M,)."""
    if clip is None:
        return grads, norms
    if not callable(clip):
        factor = np.minimum(1.0, clip / (norms + EPSILON))
        clipped: Array = (grads * factor[:, None]).astype(grads.dtype)
        return clipped, _norms(clipped)
    clipped = np.zeros_like(grads)
    named, into = Learners(now.like, grads).named, Learners(now.like, clipped).named
    for m in np.flatnonzero(good):
        for name, a in clip({name: a[m] for name, a in named.items()}).items():
            into[name][m] = a
    return clipped, _norms(clipped)


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


def _per_model(name: str, given: ArrayLike, M: int, interval: str) -> Array:
    """(M,) numbers, each in `interval`."""
    a = real_array(name, given, np.float64)
    if a.shape not in ((), (M,)):
        raise ShapeError(f"{name} must be a number or one for each of the {M} models, got shape {a.shape}")
    for one in a.flat:
        number(name, one, interval)
    return np.broadcast_to(a, (M,))


def _stacked(networks: Sequence[Network]) -> tuple[Network, Array]:
    """The first network, and all parameters (M, P)."""
    if not networks:
        raise ShapeError("there must be at least one network to train, got none")
    like = networks[0]
    if like.num_layers > 1 or like.bidirectional:
        raise ShapeError(f"networks trained together have one layer and one direction, got {like!r}")
    for m, network in enumerate(networks):
        require(f"network {m}", network, Network)
        if repr(network) != repr(like) or (network.nonlinearity, network.reset_after) != _settings(like):
            raise ShapeError(f"networks trained together are of one kind: network 0 is {like!r}, {m} is {network!r}")
    rows = [np.concatenate([a.ravel() for a in network.state_dict().values()]) for network in networks]
    return like, np.stack(rows)


def _settings(network: Network) -> tuple[str, bool]:
    return network.nonlinearity, network.reset_after
