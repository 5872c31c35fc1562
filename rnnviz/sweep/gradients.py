"""The losses of many models, and their gradients, as one vector of P parameters each.

The models are taken a few at a time, so that what one step of all of them reads and writes stays in the cache. Outputs
are computed at the steps alone at which some answer counts, and no pass goes beyond the last of these.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from rnnviz.arrays import Array
from rnnviz.losses import Loss, binary_cross_entropy, mean_squared_error, softmax_cross_entropy
from rnnviz.network import Network
from rnnviz.sweep.batches import Batches
from rnnviz.sweep.learning import backward, forward
from rnnviz.sweep.products import by_model
from rnnviz.sweep.room import Room, halved, packed, room_for, unpack

Answered: TypeAlias = Callable[[Array, Any, Any], Loss]
MEANS = (binary_cross_entropy, mean_squared_error, softmax_cross_entropy)  # means over the counted steps
COLUMNS = 512  # sequences that are run at a time, of several models


@dataclass(frozen=True, eq=False)
class Learners:
    """M networks like one of them: `flat` (M, P), all parameters in the order of its `state_dict()`."""

    like: Network
    flat: Array

    @cached_property
    def named(self) -> dict[str, Array]:
        """{PyTorch name: (M, ...)}, views."""
        named, first = {}, 0
        for name, a in self.like.state_dict().items():
            named[name] = self.flat[:, first : first + a.size].reshape(len(self.flat), *a.shape)
            first += a.size
        return named

    def of(self, models: slice) -> "Learners":
        """Some of them."""
        return Learners(self.like, self.flat[models])


@dataclass(frozen=True, eq=False)
class Rooms:
    """Memory of the passes, made when it is first asked for and used again from then on."""

    made: dict[tuple[int, int, int], Room] = field(default_factory=dict)

    def room(self, network: Network, T: int, M: int, B: int) -> Room:
        """Room for at least T steps of M models like `network`, of B sequences each."""
        room = next((room for (t, *size), room in self.made.items() if t >= T and size == [M, B]), None)
        if room is None:
            for shorter in [key for key in self.made if key[1:] == (M, B)]:
                del self.made[shorter]
            room = self.made[T, M, B] = room_for(network, T, M, B)
        return room


def gradients(learners: Learners, batches: Batches, loss: Answered | None, rooms: Rooms) -> tuple[Array, Array]:
    """The losses (M,), NaN where an output is not finite, and dL/dparameters (M, P)."""
    losses, grads = np.empty(len(learners.flat)), np.empty_like(learners.flat)
    for some in _groups(len(losses), batches.x.shape[2]):
        losses[some] = _gradients(learners.of(some), batches.of(some), loss, grads[some], rooms)
    return losses, grads


def outputs(learners: Learners, x: Array) -> Array:
    """The answers of all models to x (T, B, I): (M, T, B, Q)."""
    T, B, I = x.shape
    parts, rooms = [], Rooms()
    with np.errstate(all="ignore"):
        for some in _groups(len(learners.flat), B):
            few = learners.of(some)
            M = len(few.flat)
            room, _ = _run(few, np.broadcast_to(x[:, None], (T, M, B, I)), rooms, T)
            read = np.array(_read(few, room.h[1 : T + 1]))  # the next ones' states stand where these do
            parts.append(read.reshape(T, -1, M, B).transpose(2, 0, 3, 1))
    return np.concatenate(parts)


def _groups(M: int, B: int) -> Iterator[slice]:
    many = max(1, COLUMNS // B)
    return (slice(m, m + many) for m in range(0, M, many))


def _run(learners: Learners, x: Array, rooms: Rooms, T: int) -> tuple[Room, Array]:
    """The first T steps over x (T', M, B, I): where they are recorded, and W."""
    _, M, B, I = x.shape
    room, W = rooms.room(learners.like, len(x), M, B), packed(learners.like, learners.named)
    room.z[:T, :I].reshape(T, I, M, B)[:] = x[:T].transpose(0, 3, 1, 2)
    forward(learners.like, halved(learners.like, W), room, T)
    return room, W


def _gradients(learners: Learners, batches: Batches, loss: Answered | None, into: Array, rooms: Rooms) -> Array:
    """The same of a few models, the gradients into (M, P)."""
    like, M = learners.like, len(learners.flat)
    asked = np.flatnonzero(batches.mask.any(axis=(1, 2)))
    T = int(asked.max(initial=0)) + 1
    room, W = _run(learners, batches.x, rooms, T)
    h = room.h[1:][asked]
    losses, dy = _losses(_read(learners, h), batches, asked, fitting(batches.targets) if loss is None else loss)
    named, dh = Learners(like, into).named, dy
    if like.readout is not None:
        named["readout.weight"][:] = np.matmul(by_model(dy, M), by_model(h, M).swapaxes(2, 3)).sum(axis=0)
        named["readout.bias"][:] = by_model(dy, M).sum(axis=(0, 3))
        dh = np.empty_like(h)
        np.matmul(learners.named["readout.weight"].swapaxes(1, 2), by_model(dy, M), by_model(dh, M))
    unpack(like, backward(like, W, room, T, dict(zip(asked.tolist(), dh))), named)
    return losses


def _read(learners: Learners, h: Array) -> Array:
    """y = W h + b, (T, H, N) -> (T, Q, N); h itself without a readout."""
    if learners.like.readout is None:
        return h
    W, b = learners.named["readout.weight"], learners.named["readout.bias"]
    M, Q, _ = W.shape
    y = np.empty((len(h), Q, h.shape[2]), h.dtype)
    np.matmul(W, by_model(h, M), by_model(y, M))
    y += np.repeat(b.T, h.shape[2] // M, axis=1)
    return y


def fitting(targets: NDArray[Any]) -> Answered:
    """The loss that fits the targets, sets of symbols (bool), numbers (float) or classes, as `SequenceBatch.loss`."""
    return {"b": binary_cross_entropy, "f": mean_squared_error}.get(targets.dtype.kind, softmax_cross_entropy)


def _losses(y: Array, batches: Batches, asked: NDArray[np.intp], loss: Answered) -> tuple[Array, Array]:
    """L of each model, (M,), NaN where y is not finite; and dL/dy as it lies in memory, (T, Q, N); y at `asked`."""
    mask, targets = batches.mask[asked], batches.targets[asked]
    (T, M, B), Q = mask.shape, y.shape[1]
    seen = y.transpose(0, 2, 1).reshape(T, M, B, Q)
    bad = np.any(~np.isfinite(seen).all(axis=3) & mask, axis=(0, 2))
    seen = np.where(np.expand_dims(bad, (1, 2)), 0, seen)
    if loss in MEANS:
        losses, dy = _mean_losses(seen, targets, mask, loss)
    else:
        each = [loss(seen[:, m], targets[:, m], mask[:, m]) for m in range(M)]
        losses, dy = np.array([own.value for own in each]), np.stack([own.dy for own in each], axis=1)
    losses[bad] = np.nan
    return losses, np.ascontiguousarray(dy.reshape(T, M * B, Q).transpose(0, 2, 1), y.dtype)


def _mean_losses(y: Array, targets: NDArray[Any], mask: NDArray[np.bool_], loss: Answered) -> tuple[Array, Array]:
    """The losses of y (T, M, B, Q) in one call: a mean over all models' answers, made one over each model's."""
    T, M, B, Q = y.shape
    found = loss(y.reshape(T, M * B, Q), targets.reshape(T, M * B, *targets.shape[3:]), mask.reshape(T, M * B))
    counts = mask.sum(axis=(0, 2))
    if not counts.all():
        raise ValueError(f"the mask of model {int(counts.argmin())} counts no step, so there is nothing to average")
    share = (counts.sum() / counts)[:, None, None]
    return (found.steps.reshape(T, M, B) / counts[:, None]).sum(axis=(0, 2)), found.dy.reshape(T, M, B, Q) * share
