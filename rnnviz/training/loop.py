"""Training, one checkpoint at a time: `train(...)` yields one after each update, endlessly; the caller stops it.

    theta <- optimizer(clip(dL/dtheta)),    L = loss(y, targets, mask) of a batch that was drawn for this update

Whoever stops has the last checkpoint, and goes on from it, or from any other, with the same numbers to the bit: a
checkpoint holds the network, what the optimizer remembers, and where the random generator stands. With another learning
rate, clipping or optimizer, that is a fork.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from time import perf_counter
from typing import Any, Protocol, TypeAlias

import numpy as np

from rnnviz.arrays import Array, require
from rnnviz.bptt import Gradients, backpropagate
from rnnviz.clipping import global_norm
from rnnviz.diagnostics.norms import norm
from rnnviz.errors import NonFiniteError
from rnnviz.losses import Loss
from rnnviz.network import Network
from rnnviz.optimizers import Optimizer, State
from rnnviz.schedules import Schedule
from rnnviz.trace import Trace, unroll
from rnnviz.training import checkpoint as checkpoints
from rnnviz.training.checkpoint import Checkpoint
from rnnviz.training.randomness import randomness

Grads: TypeAlias = Mapping[str, Array]


class Batch(Protocol):
    """What a batch needs, as `rnnviz.tasks.SequenceBatch` has it: and `lengths` (B,) where sequences are padded."""

    @property
    def x(self) -> Array:
        """(T, B, I)."""

    @property
    def targets(self) -> Any:
        """Whatever the loss takes."""

    @property
    def mask(self) -> Any:
        """(T, B) bool, or None."""


@dataclass(frozen=True, eq=False)
class Rules:
    """What a run is told, and does not change: the arguments of `train`."""

    sample: Callable[[np.random.Generator], Batch]
    loss: Callable[[Array, Any, Any], Loss]
    optimizer: Optimizer
    learning_rate: float | Schedule
    clip: Callable[[dict[str, Array]], Grads] | None
    truncate: int | None


def train(
    start: Network | Checkpoint,
    sample: Callable[[np.random.Generator], Batch],
    *,
    loss: Callable[[Array, Any, Any], Loss],
    optimizer: Optimizer,
    learning_rate: float | Schedule,
    clip: Callable[[dict[str, Array]], Grads] | None = None,
    rng: np.random.Generator | None = None,
    truncate: int | None = None,
) -> Iterator[Checkpoint]:
    """Train, and yield a checkpoint after each update, for as long as the caller asks.

    start          a network, or the checkpoint of a run to go on with
    sample         rng -> a batch: x (T, B, I), targets, mask, and lengths if it is padded; drawn anew for each update
    loss           (y, targets, mask) -> Loss, as in `rnnviz.losses`
    optimizer      of `rnnviz.optimizers`. A checkpoint's state serves it where it has the form of its own; an optimizer
                   of another kind begins anew.
    learning_rate  a number, or a schedule: update, from 0, -> learning rate
    clip           gradients -> gradients, {name: array}; None: as they are
    rng            of a new run, as in `training.start`; a checkpoint goes on with its own, whatever is given
    truncate       the backward pass is truncated every so many steps, as in `rnnviz.backpropagate`; None: never

    Raises NonFiniteError, which says at which update and what, as soon as an output, loss, gradient or parameter is NaN
    or infinite: the checkpoints before it stay good. Whatever else is wrong is told by its own error.
    """
    if isinstance(start, Network):
        start = checkpoints.start(start, optimizer, rng)
    require("start", start, Checkpoint)
    rules = Rules(sample, loss, optimizer, learning_rate, clip, truncate)
    return _updates(start, rules)


def _updates(checkpoint: Checkpoint, rules: Rules) -> Iterator[Checkpoint]:
    rng = checkpoint.rng.generator()
    while True:
        checkpoint = _update(checkpoint, rules, rng)
        yield checkpoint


def _update(before: Checkpoint, rules: Rules, rng: np.random.Generator) -> Checkpoint:
    """The next checkpoint. Whatever the passes recorded is gone when this returns."""
    began, n, network = perf_counter(), before.update + 1, before.network
    what = "the batch"
    try:
        batch = rules.sample(rng)
        trace = unroll(network, batch.x, lengths=getattr(batch, "lengths", None))
        what = "the loss"
        loss = rules.loss(trace.y, batch.targets, batch.mask)
        if not np.isfinite(loss.value):
            raise NonFiniteError(f"it is {loss.value}")
        what = "the gradient"
        grads = backpropagate(network, trace, loss.dy, truncate=rules.truncate)
        gradient_norm = global_norm(grads.params)
        clipped = grads.params if rules.clip is None else rules.clip(dict(grads.params))
        clipped_norm = gradient_norm if rules.clip is None else global_norm(clipped)
        what = "the parameters"
        eta, params = _rate(rules.learning_rate, before.update), network.state_dict()
        params, state = rules.optimizer.update(clipped, _state(before, rules.optimizer), params, eta)
    except NonFiniteError as error:
        raise NonFiniteError(f"update {n} diverged; {what}: {error}") from error
    return Checkpoint(
        update=n,
        network=network.with_parameters(params),
        loss=loss.value,
        gradient_norm=gradient_norm,
        clipped_norm=clipped_norm,
        learning_rate=eta,
        seconds=perf_counter() - began,
        step_norms=_step_norms(grads),
        gate_means=_gate_means(trace),
        optimizer_state=state,
        rng=randomness(rng),
    )


def _rate(given: float | Schedule, update: int) -> float:
    return float(given(update)) if callable(given) else given


def _state(checkpoint: Checkpoint, optimizer: Optimizer) -> State:
    """What the optimizer goes on with: the checkpoint's state, where there is one of its form."""
    state = checkpoint.optimizer_state
    if state is None or state.moments.keys() != set(optimizer.letters):
        return optimizer.init(checkpoint.network.state_dict())
    return state


def _step_norms(grads: Gradients) -> Array:
    """||dL/dh_t|| of the top layer over units, directions and sequences, (T,)."""
    top = [layer.order.turn(layer.back.dh) for layer in grads.layers[-1]]
    norms = [norm(dh.reshape(len(dh), -1)) for dh in top]
    return norms[0] if len(norms) == 1 else np.hypot(*norms)


def _gate_means(trace: Trace) -> dict[str, float]:
    """The mean of each gate of the top layer; the padding, where all is 0, does not count."""
    top = trace.layers[-1]
    T, B, H = top[0].seen.h.shape[0], top[0].seen.h.shape[2], top[0].seen.h.shape[1]
    steps = T * B if trace.lengths is None else int(trace.lengths.sum())
    count = steps * H * len(top)
    return {gate: sum(float(layer.seen.gates[gate].sum()) for layer in top) / count for gate in top[0].seen.gates}
