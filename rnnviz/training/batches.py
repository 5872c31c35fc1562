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


def require_regularization(given: Any) -> None:
    """Raise TypeError unless `given` is None or draws masks as those of `rnnviz.regularization` do."""
    if given is not None and not all(callable(getattr(given, name, None)) for name in ("draw", "expected")):
        raise TypeError(f"regularization must be one of rnnviz.regularization, or None; got {given!r:.80}")


def parts(batch: Batch) -> Batch:
    """`batch` itself; TypeError where it lacks what a batch needs."""
    missing = [name for name in ("x", "targets", "mask") if not hasattr(batch, name)]
    if missing:
        raise TypeError(f"a batch needs x, targets and mask, as of rnnviz.tasks; {batch!r:.80} has no {missing[0]}")
    return batch


def loss_of(batch: Batch, y: Array, loss: Callable[[Array, Any, Any], Loss] | None) -> Loss:
    """The loss of the answers `y`: `loss(y, targets, mask)`, or `batch.loss(y)` where none is given."""
    if loss is None and not callable(getattr(batch, "loss", None)):
        raise TypeError(f"this {type(batch).__name__} has no loss of its own: pass loss=, such as one of rnnviz.losses")
    own: Any = batch
    found: Loss = own.loss(y) if loss is None else loss(y, batch.targets, batch.mask)
    if not (hasattr(found, "value") and hasattr(found, "dy")):
        raise TypeError(f"a loss must give a Loss, with value and dy, as those of rnnviz.losses do; got {found!r:.80}")
    return found
