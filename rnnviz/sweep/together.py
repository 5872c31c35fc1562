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

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rnnviz.arrays import Array, real_array, require
from rnnviz.errors import NonFiniteError, ShapeError
from rnnviz.network import Network
from rnnviz.optimizers import State
from rnnviz.sweep.gradients import Answered, Learners, outputs
from rnnviz.training.batches import loss_of
from rnnviz.training.checkpoint import Checkpoint
from rnnviz.training.evaluation import Evaluation
from rnnviz.training.randomness import Randomness, randomness

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

    def checkpoint(self, m: int) -> Checkpoint[Network]:
        """Model m as a run of its own, which `training.train` goes on with, and which can be saved.

        One that has diverged is what it was after its last good update; only its random generator has gone on.
        """
        update = self.update if self.diverged[m] == ON else int(self.diverged[m]) - 1
        moments = {letter: Learners(self.like, a).named for letter, a in self.moments.items()}
        own = {letter: {name: a[m] for name, a in named.items()} for letter, named in moments.items()}
        return Checkpoint(
            update=update,
            network=self.network(m),
            loss=float(self.losses[m]),
            gradient_norm=float(self.gradient_norms[m]),
            clipped_norm=float(self.clipped_norms[m]),
            learning_rate=float(self.learning_rates[m]),
            optimizer_state=State(self.t - (self.update - update), own) if own else None,
            rng=self.rngs[m % len(self.rngs)],
        )

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
