"""What the lesson `hidden_state` has to show, computed anew by the engine from nothing but its settings."""

import json
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

import numpy as np

import rnnviz as rv
from lessons.common import inputs
from rnnviz.player import pack

DEFAULT_SENTENCE = "the cat sat on the mat and slept"


def temperatures(first: int = 100, days: int = 24) -> np.ndarray:
    """(T, 1) normalised daily maxima from the `first` day of the record on."""
    data = inputs.weather()
    return ((data.celsius[first : first + days] - data.mean) / data.std)[:, None]


def spelled(sentence: str, *others: str) -> np.ndarray:
    """(T, I) one-hot symbols of a sentence, over its own alphabet and that of `others`."""
    return inputs.one_hot(list(sentence), sorted(set("".join((sentence, *others)))))


@dataclass(frozen=True)
class Expected:
    """The page's settings; the defaults are the page's defaults."""

    x: np.ndarray
    units: int = 8
    rho: float = 0.9
    seed: int = 0

    @cached_property
    def trace(self) -> rv.Trace:
        net = rv.Network.create(
            "elman",
            input_size=self.x.shape[1],
            hidden_size=self.units,
            recurrent_init=partial(rv.initializers.orthogonal, gain=self.rho),
            rng=np.random.default_rng(self.seed),
        )
        return rv.unroll(net, self.x[:, None, :])

    @cached_property
    def grads(self) -> rv.Gradients:
        """Of the sum of the last state's units."""
        dy = np.zeros_like(self.trace.y)
        dy[-1] = 1
        return rv.backpropagate(self.trace.network, self.trace, dy)

    @property
    def h(self) -> np.ndarray:
        return self.trace[0, 0].h[:, 0]

    @property
    def dh(self) -> np.ndarray:
        return self.grads[0, 0].dh[:, 0]


def parts(payload: bytes) -> tuple[dict[str, Any], bytes]:
    """What a player is sent: the header, and all numbers as they are; a page may send a head of its own before."""
    size = int.from_bytes(payload[:4], "little")
    header, rest = json.loads(payload[4 : 4 + size]), payload[4 + size :]
    return (header, rest) if "arrays" in header else parts(rest)


def assert_sent(payload: bytes, expected: Expected) -> None:
    """Every number that the player is sent is the engine's."""
    header, numbers = parts(payload)
    wanted, engine = parts(pack(expected.trace, expected.grads))
    assert header["arrays"] == wanted["arrays"]
    assert numbers.startswith(engine)
    assert len(numbers) < len(engine) + 16  # the page may send a count after them
    assert header["loss"] == float(expected.h[-1].sum())
