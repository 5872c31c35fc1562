"""The losses of many models, and their gradients, as one vector of P parameters each.

The models are taken a few at a time, so that what one step of all of them reads and writes stays in the cache.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import Any

import numpy as np

from rnnviz.arrays import Array
from rnnviz.losses import Loss, binary_cross_entropy, mean_squared_error, softmax_cross_entropy
from rnnviz.network import Network
from rnnviz.sweep.batches import Batches
from rnnviz.sweep.models import Models
from rnnviz.sweep.passes import reach_back, total, unroll
from rnnviz.sweep.products import by_model, sum_of_outer

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

    @property
    def models(self) -> Models:
        """Without the readout, for a sweep."""
        params = {name: a for name, a in self.named.items() if not name.startswith("readout")}
        return Models(self.like.cell, params, self.like.nonlinearity, self.like.reset_after)

    def of(self, models: slice) -> "Learners":
        """Some of them."""
        return Learners(self.like, self.flat[models])


def gradients(learners: Learners, batches: Batches, loss: Callable[[Array, Any, Any], Loss]) -> tuple[Array, Array]:
    """The losses (M,), NaN where an output is not finite, and dL/dparameters (M, P)."""
    losses, grads = np.empty(len(learners.flat)), np.empty_like(learners.flat)
    for some in _groups(len(losses), batches.x.shape[2]):
        losses[some] = _gradients(learners.of(some), batches.of(some), loss, grads[some])
    return losses, grads


def outputs(learners: Learners, x: Array) -> Array:
    """The answers of all models to x (T, B, I): (M, T, B, Q)."""
    T, B, I = x.shape
    parts = []
    with np.errstate(all="ignore"):
        for some in _groups(len(learners.flat), B):
            few = learners.of(some)
            M = len(few.flat)
            h = unroll(few.models, np.broadcast_to(x[:, None], (T, M, B, I))).seen.h[1:]
            parts.append(_read(few, h).reshape(T, -1, M, B).transpose(2, 0, 3, 1))
    return np.concatenate(parts)


def _groups(M: int, B: int) -> Iterator[slice]:
    many = max(1, COLUMNS // B)
    return (slice(m, m + many) for m in range(0, M, many))


def _gradients(learners: Learners, batches: Batches, loss: Callable[[Array, Any, Any], Loss], into: Array) -> Array:
    """The same of a few models, the gradients into (M, P)."""
    models, M = learners.models, len(learners.flat)
    traces = unroll(models, batches.x)
    h = traces.seen.h[1:]
    if batches.lengths is not None:  # beyond its length a sequence has no effect, whatever it would have become
        h.transpose(0, 2, 1)[np.arange(len(h))[:, None] >= batches.lengths.ravel()] = 0
    y = _read(learners, h)
    losses, dy = _losses(y, batches, loss)
    named = Learners(learners.like, into).named
    dh = dy
    if "readout.weight" in named:
        named["readout.weight"][:] = sum_of_outer(dy, h, M)
        named["readout.bias"][:] = total(dy, M)
        dh = np.empty_like(h)
        np.matmul(learners.named["readout.weight"].swapaxes(1, 2), by_model(dy, M), by_model(dh, M))
    for name, a in reach_back(traces, dh).params.items():
        named[name][:] = a
    return losses


def _read(learners: Learners, h: Array) -> Array:
    """y = W h + b, (T, H, N) -> (T, Q, N); h itself without a readout."""
    if "readout.weight" not in learners.named:
        return h
    W, b = learners.named["readout.weight"], learners.named["readout.bias"]
    M, Q, _ = W.shape
    y = np.empty((len(h), Q, h.shape[2]), h.dtype)
    np.matmul(W, by_model(h, M), by_model(y, M))
    y += np.repeat(b.T, h.shape[2] // M, axis=1)
    return y


def _losses(y: Array, batches: Batches, loss: Callable[[Array, Any, Any], Loss]) -> tuple[Array, Array]:
    """L of each model, (M,), and dL/dy as it lies in memory, (T, Q, N); NaN and 0 where y is not finite."""
    T, M, B = batches.mask.shape
    seen = y.transpose(0, 2, 1)
    bad = ~np.isfinite(seen).all(axis=(0, 2)).reshape(M, B).all(axis=1)
    if bad.any():
        seen = np.where(np.repeat(bad, B)[:, None], 0, seen)
    if loss in MEANS:
        targets = batches.targets.reshape(T, M * B, *batches.targets.shape[3:])
        all_together = loss(seen, targets, batches.mask.reshape(T, M * B))
        counts = batches.mask.sum(axis=(0, 2))
        losses = (all_together.steps.reshape(T, M, B) / counts[:, None]).sum(axis=(0, 2))
        share = np.repeat(counts.sum() / counts, B)
        dy = np.ascontiguousarray((all_together.dy * share[:, None]).astype(y.dtype).transpose(0, 2, 1))
    else:
        losses, dy = np.empty(M), np.empty((T, prod(y.shape[1:2]), M * B), y.dtype)
        for m in range(M):
            columns = slice(m * B, (m + 1) * B)
            own = loss(seen[:, columns], batches.targets[:, m], batches.mask[:, m])
            losses[m], dy[:, :, columns] = own.value, own.dy.transpose(0, 2, 1)
    losses[bad] = np.nan
    return losses, dy
