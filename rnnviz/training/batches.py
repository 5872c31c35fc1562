"""What a training run learns from: any record with these fields, as `rnnviz.tasks.SequenceBatch` has them."""

from collections.abc import Callable
from typing import Any, Protocol

from rnnviz.arrays import Array
from rnnviz.losses import Loss


class Batch(Protocol):
    """x (T, B, I), `targets` as the loss takes them, `mask` (T, B) or None; if it is padded, also `lengths` (B,)."""

    @property
    def x(self) -> Array:
        """(T, B, I)."""
        ...

    @property
    def targets(self) -> Any:
        """Whatever the loss takes."""
        ...

    @property
    def mask(self) -> Any:
        """(T, B) bool, or None."""
        ...


def loss_of(batch: Any, y: Array, loss: Callable[[Array, Any, Any], Loss] | None) -> Loss:
    """The loss of the answers `y`: `loss(y, targets, mask)`, or `batch.loss(y)` where none is given."""
    found: Loss = batch.loss(y) if loss is None else loss(y, batch.targets, batch.mask)
    return found
