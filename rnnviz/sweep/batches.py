"""The batches of many models as one: each its own, or all the same; shorter sequences padded to the longest."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from rnnviz.arrays import Array
from rnnviz.errors import ShapeError

Sample: TypeAlias = Callable[[np.random.Generator], Any]  # -> x, targets, mask, and lengths where they are padded


@dataclass(frozen=True, eq=False)
class Batches:
    """What M models read and should answer.

    x        (T, M, B, I)
    targets  (T, M, B, ...)
    mask     (T, M, B) bool
    lengths  (M, B), or None where no sequence is padded
    """

    x: Array
    targets: NDArray[Any]
    mask: NDArray[np.bool_]
    lengths: NDArray[np.integer[Any]] | None

    def of(self, models: slice) -> "Batches":
        """Those of some of the models."""
        lengths = None if self.lengths is None else self.lengths[models]
        return Batches(self.x[:, models], self.targets[:, models], self.mask[:, models], lengths)


def draw(samples: Sequence[Sample], rngs: Sequence[np.random.Generator], M: int) -> Batches:
    """A batch for each of M models: each generator draws one, by its own function or by the one for all."""
    functions = samples if len(samples) == len(rngs) else [samples[0]] * len(rngs)
    drawn = [function(rng) for function, rng in zip(functions, rngs)]
    T = max(len(batch.x) for batch in drawn)
    sizes = {batch.x.shape[1:] for batch in drawn}
    if len(sizes) > 1:
        raise ShapeError(f"the batches of one update must have equally many sequences and inputs, got {sorted(sizes)}")
    masks = [np.ones(batch.x.shape[:2], np.bool_) if batch.mask is None else batch.mask for batch in drawn]
    lengths = np.stack([_lengths(batch) for batch in drawn])
    return Batches(
        x=_beside([batch.x for batch in drawn], T, M),
        targets=_beside([batch.targets for batch in drawn], T, M),
        mask=_beside(masks, T, M),
        lengths=None if (lengths == T).all() else np.broadcast_to(lengths, (M, lengths.shape[1])),
    )


def _beside(arrays: Sequence[NDArray[Any]], T: int, M: int) -> NDArray[Any]:
    """(T_m, B, ...) each, or one for all, -> (T, M, B, ...)."""
    if len(arrays) == 1:
        return np.broadcast_to(arrays[0][:, None], (T, M, *arrays[0].shape[1:]))
    if all(len(a) == T for a in arrays):
        return np.stack(arrays, axis=1)
    padded = np.zeros((T, M, *arrays[0].shape[1:]), arrays[0].dtype)
    for m, a in enumerate(arrays):
        padded[: len(a), m] = a
    return padded


def _lengths(batch: Any) -> NDArray[np.integer[Any]]:
    """(B,) the lengths of the sequences, T where there is no padding."""
    lengths = getattr(batch, "lengths", None)
    return np.full(batch.x.shape[1], len(batch.x)) if lengths is None else np.asarray(lengths)
