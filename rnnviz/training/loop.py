"""Training, one checkpoint at a time: `train(...)` yields one after each update, endlessly; the caller stops it.

    theta <- optimizer(clip(dL/dtheta)),    L = loss(y, targets, mask) of a batch that was drawn for this update

Whoever stops has the last checkpoint, and goes on from it, or from any other, with the same numbers to the bit: a
checkpoint holds the network, what the optimizer remembers, the states carried to the next batch, and where the random
generator stands. Going on with another learning rate, clipping, optimizer or dropout is a fork.

An encoder-decoder (`rnnviz.seq2seq`) is trained in the same way, on batches that hold what its decoder reads, `spoken`.
Its answers are longer or shorter than what it reads: regularization, feeding, truncation and streams are not for it.
Nor are they for a self-attention network (`rnnviz.self_attention`), which has no states to be carried or masked.

Random numbers are drawn in this order at each update: the batch, the masks of the regularization, what is fed back.
All that is random has to come from there: what a `sample`, `clip` or schedule of one's own remembers by itself is in no
checkpoint. (An optimizer's chain may remember: `transformations.clip_by_average_norm` is an example.)
"""

import math
from collections.abc import Iterator, Mapping
from time import perf_counter
from typing import Any

import numpy as np

from rnnviz.arrays import Array, require
from rnnviz.cells.compiled import compiled
from rnnviz.errors import NonFiniteError
from rnnviz.network import Network
from rnnviz.optimizers import Optimizer, State
from rnnviz.regularization import Regularization
from rnnviz.schedules import LossSchedule, Schedule
from rnnviz.trace import Trace
from rnnviz.training import measures, models
from rnnviz.training.batches import Batch, loss_of, parts
from rnnviz.training.checkpoint import Checkpoint
from rnnviz.training.checkpoint import start as start_at
from rnnviz.training.feeding import Feeding
from rnnviz.training.models import Model, Passed
from rnnviz.training.randomness import randomness
from rnnviz.training.rules import Clip, Grads, LossFunction, Rules, Sample
from rnnviz.training.streams import Stream


def train(
    start: Model | Checkpoint[Model],
    sample: Sample,
    *,
    loss: LossFunction | None = None,
    optimizer: Optimizer,
    learning_rate: float | Schedule | LossSchedule,
    clip: Clip | None = None,
    rng: np.random.Generator | None = None,
    truncate: int | None = None,
    regularization: Regularization | None = None,
    feeding: Feeding | None = None,
) -> Iterator[Checkpoint[Model]]:
    """Train, and yield a checkpoint after each update, for as long as the caller asks.

    start           a network, an encoder-decoder or a self-attention network, or the checkpoint of a run to go on with
    sample          rng -> a batch: x (T, B, I), targets, mask, and lengths if it is padded; drawn anew for each update.
                    Or a `training.stream`, whose states are carried from window to window. For an encoder-decoder
                    what `seq2seq.pairs` gives.
    loss            (y, targets, mask) -> Loss, as in `rnnviz.losses`; None: the batch's own, `batch.loss(y)`
    optimizer       of `rnnviz.optimizers`. What a checkpoint's optimizer remembers serves this one where it has the
                    same form; an optimizer of another kind begins anew.
    learning_rate   a number, or a schedule: update, from 0, -> learning rate; or `schedules.reduce_on_plateau`, which
                    looks at the loss of each update, and of a checkpoint's run goes on with what that has seen
    clip            gradients -> gradients, {name: array}; None: as they are
    rng             of a new run, as in `training.start`; a checkpoint goes on with its own, whatever is given here
    truncate        the backward pass is truncated every so many steps, as in `rnnviz.backpropagate`; None: never
    regularization  draws masks for each update, as `rnnviz.regularization.Dropout` does; None: none
    feeding         what the network reads in place of the batch's x, see `training.Feeding`; None: x, teacher forcing

    Raises NonFiniteError, which says at which update and what, as soon as an output, loss, gradient or parameter is NaN
    or infinite: the checkpoints before it stay good. Whatever else is wrong is told by its own error.
    """
    rules = Rules(sample, loss, optimizer, learning_rate, clip, truncate, regularization, feeding)
    if isinstance(start, models.KINDS):
        start = start_at(start, optimizer, rng)
    require("start", start, Checkpoint)
    if not isinstance(start.network, Network):
        _require_plain(rules)
    elif isinstance(sample, Stream) and start.network.bidirectional:
        raise ValueError("a network that reads from both ends has no state to carry from one window to the next")
    return _updates(start, rules)


def _require_plain(rules: Rules) -> None:
    """Raise ValueError for what an encoder-decoder or a self-attention network is not trained with."""
    given = {name: getattr(rules, name) for name in ("truncate", "regularization", "feeding")}
    strange = [name for name, value in given.items() if value is not None]
    if strange or isinstance(rules.sample, Stream):
        raise ValueError(f"a network of this kind is trained without {strange[0] if strange else 'a stream'}")


def _updates(checkpoint: Checkpoint[Model], rules: Rules) -> Iterator[Checkpoint[Model]]:
    rng = checkpoint.rng.generator()
    while True:
        checkpoint = _update(checkpoint, rules, rng)
        yield checkpoint


def _update(before: Checkpoint[Model], rules: Rules, rng: np.random.Generator) -> Checkpoint[Model]:
    """The next checkpoint. Whatever the passes recorded is gone when this returns."""
    began, network = perf_counter(), before.network
    what = "the forward pass"
    try:
        batch, passed = _forward(before, rules, rng)
        what = "the loss"
        loss = loss_of(batch, passed.y, rules.loss)
        if not math.isfinite(loss.value):
            raise NonFiniteError(f"it is {loss.value}")
        what = "the gradient"
        back = models.go_back(passed, loss.dy, rules.truncate)
        gradient_norm = measures.gradient_norm(back.params)
        clipped = rules.clipped(back.params)
        state, params = _state(before, rules.optimizer), network.state_dict()
        clipped_norm = _clipped_norm(clipped, state, params, rules, gradient_norm)
        what = "the parameters"
        eta = rules.rate(before.update, before.plateau)
        params, state = rules.optimizer.update(clipped, state, params, eta)
    except NonFiniteError as error:
        raise NonFiniteError(f"update {before.update + 1} diverged at {what}: {error}") from error
    return Checkpoint(
        update=before.update + 1,
        network=network.with_parameters(params),
        loss=loss.value,
        gradient_norm=gradient_norm,
        clipped_norm=clipped_norm,
        learning_rate=eta,
        step_norms=back.step_norms,
        gate_means=back.gate_means,
        optimizer_state=state,
        plateau=rules.seen(before.plateau, loss.value),
        carried=measures.last_states(passed) if isinstance(rules.sample, Stream) and isinstance(passed, Trace) else {},
        rng=randomness(rng),
        seconds=perf_counter() - began,
    )


def _forward(before: Checkpoint[Model], rules: Rules, rng: np.random.Generator) -> tuple[Batch, Passed]:
    """The batch of the next update, and the pass over it."""
    network = before.network
    carried: Mapping[str, Array] = {}
    batch: Batch
    if isinstance(rules.sample, Stream):
        batch = rules.sample.window(before.update)
        carried = {} if rules.sample.begins(before.update) else before.carried
    else:
        batch = rules.sample(rng)
    x = parts(batch).x
    how: dict[str, Any] = {}
    if isinstance(network, Network):
        masks = None
        if rules.regularization is not None:
            masks = rules.regularization.draw(rng, network, *np.shape(x)[:2])
        if rules.feeding is not None:
            x = rules.feeding.inputs(network, x, before.update, rng, carried)
        how = {"h0": carried.get("h"), "c0": carried.get("c"), "masks": masks, "loops": compiled()}
    return batch, models.read(network, batch, x, **how)


def _clipped_norm(clipped: Grads, state: State, params: Grads, rules: Rules, gradient_norm: float) -> float:
    """The norm of what the optimizer's rule gets; `gradient_norm` where nothing stands before it."""
    if rules.optimizer.before:
        return measures.gradient_norm(rules.optimizer.transformed(clipped, state, params))
    return gradient_norm if rules.clip is None else measures.gradient_norm(clipped)


def _state(checkpoint: Checkpoint[Any], optimizer: Optimizer) -> State:
    """What the optimizer goes on with: the checkpoint's state, where there is one of its form."""
    state = checkpoint.optimizer_state
    if state is None or not optimizer.fits(state):
        return optimizer.init(checkpoint.network.state_dict())
    return state
