"""What a run is told and does not change, checked once; and what is made of it at each update."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from rnnviz.arrays import Array, number, require, require_function, whole
from rnnviz.losses import Loss
from rnnviz.optimizers import Optimizer
from rnnviz.regularization import Regularization
from rnnviz.schedules import LossSchedule, Plateau, Schedule
from rnnviz.training.batches import Batch, require_regularization
from rnnviz.training.feeding import Feeding
from rnnviz.training.streams import Stream

Grads: TypeAlias = Mapping[str, Array]
Sample: TypeAlias = Callable[[np.random.Generator], Batch] | Stream
LossFunction: TypeAlias = Callable[[Array, Any, Any], Loss]
Clip: TypeAlias = Callable[[dict[str, Array]], Grads]


@dataclass(frozen=True, eq=False)
class Rules:
    """The arguments of `train`; raises TypeError or ValueError for what can be none of them."""

    sample: Sample
    loss: LossFunction | None
    optimizer: Optimizer
    learning_rate: float | Schedule | LossSchedule
    clip: Clip | None
    truncate: int | None
    regularization: Regularization | None
    feeding: Feeding | None

    def __post_init__(self) -> None:
        require("optimizer", self.optimizer, Optimizer)
        if callable(self.learning_rate):
            require_function("learning_rate", self.learning_rate, "(update) -> learning rate")
        elif not isinstance(self.learning_rate, LossSchedule):
            number("learning_rate", self.learning_rate, "[0, inf)")
        if self.truncate is not None:
            whole("truncate", self.truncate, 1)
        if self.feeding is not None:
            require("feeding", self.feeding, Feeding)
        if not isinstance(self.sample, Stream):
            require_function("sample", self.sample, "(rng) -> batch")
        if self.loss is not None:
            require_function("loss", self.loss, "(y, targets, mask) -> Loss")
        if self.clip is not None:
            require_function("clip", self.clip, "(gradients) -> gradients")
        require_regularization(self.regularization)

    def rate(self, update: int, plateau: Plateau | None) -> float:
        """The learning rate of an update, from 0."""
        given = self.learning_rate
        if isinstance(given, LossSchedule):
            return (plateau or given.init()).learning_rate
        return number("learning_rate", given(update), "[0, inf)") if callable(given) else float(given)

    def seen(self, plateau: Plateau | None, loss: float) -> Plateau | None:
        """What the learning rate has seen after one more loss; None unless it looks at them."""
        given = self.learning_rate
        return given.update(plateau or given.init(), loss) if isinstance(given, LossSchedule) else None

    def clipped(self, grads: Mapping[str, Array]) -> Grads:
        """The gradients after `clip`."""
        if self.clip is None:
            return grads
        clipped = self.clip(dict(grads))
        if not isinstance(clipped, Mapping):
            hint = ": of a Clipped, give its .grads" if hasattr(clipped, "grads") else ""
            raise TypeError(f"clip must give {{name: array}}, as it is given; got {type(clipped).__name__}{hint}")
        return clipped
