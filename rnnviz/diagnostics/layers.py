"""An answer for every layer and direction, indexed as traces and gradients are: `answer[layer, direction]`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeAlias, TypeVar

import numpy as np

from rnnviz.trace import at

Answer = TypeVar("Answer")
Layers: TypeAlias = tuple[tuple[Any, ...], ...]


@dataclass(frozen=True, eq=False)
class PerLayer(Generic[Answer]):
    """`answer[layer, direction]`; IndexError, saying which there are, for any other place.

    layers  the answers, `layers[layer][direction]`
    """

    layers: tuple[tuple[Answer, ...], ...]

    def __getitem__(self, key: tuple[int, int]) -> Answer:
        return at(self.layers, key)


def per_layer(answer: Callable[..., Answer], *records: Layers) -> PerLayer[Answer]:
    """`answer` of what `records` (`trace.layers`, `grads.layers`, `network.layers`) hold at each place.

    NumPy stays silent inside: NaN and infinity come out as themselves.
    """
    with np.errstate(all="ignore"):
        return PerLayer(tuple(tuple(answer(*place) for place in zip(*rows)) for rows in zip(*records)))
