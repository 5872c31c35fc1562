"""Lanes that are trained together, by one loop for all of them (`rnnviz.sweep.train`): many lanes at the price of few.

    lanes = together(
        {"slow": "0.001", "fast": "0.1"},                                     # ids and labels, in the networks' order
        start=lambda: rv.sweep.start(networks, rng),
        go=lambda all: rv.sweep.train(all, sample, loss=..., optimizer=..., learning_rate=[0.001, 0.1]),
        token="two rates",
    )
    run = live.run("rates", lanes, record, limit=300, told=moment.touched)     # as with any lanes

Each is a lane like all others: its checkpoints have `update`, `network`, `loss`, `gradient_norm`, `clipped_norm`,
`learning_rate`, `eigenvalues` and `spectral_radius`; no gates, and no norms in time. A fork of one goes on with its
network alone: its optimizer, and its random numbers, begin anew.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import tee
from typing import Any

from lessons.common.lanes import Lane
from rnnviz.errors import NonFiniteError
from rnnviz.network import Network
from rnnviz.sweep.together import ON
from rnnviz.training import Checkpoint


@dataclass(frozen=True, eq=False)
class Part:
    """Model `m` of a checkpoint of all models."""

    whole: Any
    m: int

    @property
    def update(self) -> int:
        """Updates done so far."""
        return int(self.whole.update)

    @property
    def parameter_count(self) -> int:
        """Of all models: a checkpoint holds them all."""
        return int(self.whole.params.size)

    @cached_property
    def alone(self) -> Checkpoint:
        """It by itself."""
        named = {"loss": "losses", **{name: f"{name}s" for name in ("gradient_norm", "clipped_norm", "learning_rate")}}
        numbers = {name: float(getattr(self.whole, all_of)[self.m]) for name, all_of in named.items()}
        return Checkpoint(self.update, self.network, **numbers)

    @cached_property
    def network(self) -> Network:
        """Its network."""
        network: Network = self.whole.network(self.m)
        return network

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self.alone, name)


def together(
    named: Mapping[str, str], start: Callable[[], Any], go: Callable[[Any], Iterator[Any]], token: Any = None
) -> list[Lane]:
    """One lane for each network, in their order.

    named  {id: what is written}
    start  all networks before their first update, `rnnviz.sweep.start`; go: trains them on, `rnnviz.sweep.train`
    token  as of a `Lane`
    """
    waiting: dict[int, Iterator[Any]] = {}  # the others' views of the one loop, which all of them begin together
    begun: list[Any] = []

    def first(m: int) -> Part:
        if not begun:
            begun.append(start())
        return Part(begun[0], m)

    def on(part: Part) -> Iterator[Part]:
        if part.whole is not begun[0]:
            return parts(go(part.whole), part.m)
        if part.m not in waiting:
            waiting.update(enumerate(tee(go(part.whole), len(named))))
        return parts(waiting.pop(part.m), part.m)

    def lane(m: int, name: str, label: str) -> Lane:
        return Lane(name, lambda: first(m), on, token=token, label=label)

    return [lane(m, name, label) for m, (name, label) in enumerate(named.items())]


def parts(all_models: Iterator[Any], m: int) -> Iterator[Part]:
    """One model of all; NonFiniteError at the update that it could not do."""
    for whole in all_models:
        if whole.diverged[m] != ON:
            raise NonFiniteError(f"update {int(whole.diverged[m])} diverged")
        yield Part(whole, m)
