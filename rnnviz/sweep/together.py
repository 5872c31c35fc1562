"""Training many networks together: one loop over the steps serves all of them, one leading axis holds them.

    for now in sweep.train(networks, sample, loss=..., optimizer=..., learning_rate=..., clip=1.0, rngs=...):
        now.update, now.losses, now.gradient_norms, now.clipped_norms, now.diverged, now.network(3)

It is `rnnviz.training.train` for M networks of one kind and size that differ in whatever else: in their weights, in
their learning rates, in what they read. Model by model the numbers are those of `training.train` on the same generator,
up to the order in which products and sums are rounded: about 1e-16 after one update. From there on the difference grows
as the training itself lets differences grow. An LSTM on the adding problem (T = 20, Adam at 0.01) stays within 1e-13
for 400 updates; an Elman network at a rate of 0.1, which keeps falling off cliffs, is 1e-4 away after 50 updates, and
another network after 100. Its losses are then as good a sample as the other's.

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

from rnnviz.arrays import Array, real_array, require
from rnnviz.clipping import EPSILON
from rnnviz.errors import NonFiniteError, ShapeError
from rnnviz.network import Network
from rnnviz.optimizers import Optimizer
from rnnviz.sweep.batches import Batches, Sample, draw
from rnnviz.sweep.gradients import Answered, Learners, Rooms, gradients, outputs
from rnnviz.training.batches import loss_of
from rnnviz.training.evaluation import Evaluation
from rnnviz.training.randomness import Randomness, randomness
from rnnviz.transformations import Transformation

Grads: TypeAlias = Mapping[str, Array]
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
    t         updates that the optimizer has done; another one than the last begins anew
    moments   {letter: (M, P)} what it remembers
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
    t: int = field(repr=False)
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

    def evaluate(
        self,
        batch: Any,
        loss: Answered | None = None,
        metrics: Mapping[str, Callable[[Array, Any, Any], Any]] | None = None,
    ) -> list[Evaluation]:
        """How good each model is on a batch, as `training.evaluate` says it; all NaN where an answer is not finite."""
        answers, found, metrics = self.outputs(batch.x), [], metrics or {}
        for y in answers:
            try:
                value = loss_of(batch, y, loss).value
                found.append(Evaluation(value, {name: f(y, batch.targets, batch.mask) for name, f in metrics.items()}))
            except NonFiniteError:
                found.append(Evaluation(np.nan, dict.fromkeys(metrics, np.nan)))
        return found

    def of(self, models: ArrayLike) -> "Together":
        """Some of the runs, by their numbers, repeated if wanted, or as M times True or False: to go on with those."""
        rows = np.arange(self.count)[np.asarray(models)]
        names = ("losses", "gradient_norms", "clipped_norms", "learning_rates", "diverged", "params")
        return replace(
            self,
            **{name: getattr(self, name)[rows] for name in names},
            moments={letter: moment[rows] for letter, moment in self.moments.items()},
            rngs=self.rngs if len(self.rngs) == 1 else tuple(self.rngs[m] for m in rows),
        )


def start(
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
    return Together(0, nothing, nothing, nothing, nothing, np.full(M, ON), like, params, 0, {}, taken)


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
    learning_rate  a number or (M,); or a schedule: update, from 0, -> one of these
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
