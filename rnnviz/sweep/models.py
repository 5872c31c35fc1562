"""M networks of one kind as one record: `stack` puts given ones together, `scaled` makes a family of one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields

import numpy as np
from numpy.typing import ArrayLike

from rnnviz.arrays import Array, real_array
from rnnviz.errors import ShapeError
from rnnviz.network import Network
from rnnviz.state_dict import PARAMETERS


@dataclass(frozen=True, eq=False)
class Models:
    """M networks that differ in their weights alone, each of one layer and direction and without a readout.

    cell       "elman", "lstm" or "gru"
    params     {PyTorch name: (M, ...)}: `weight_ih_l0` (M, G*H, I), `weight_hh_l0` (M, G*H, H), `bias_ih_l0` and
               `bias_hh_l0` (M, G*H)
    nonlinearity, reset_after  as in `Network.create`
    multiples  where all W_hh are multiples of one matrix: that matrix (G*H, H), and the factors (M,)
    """

    cell: str
    params: Mapping[str, Array] = field(repr=False)
    nonlinearity: str = "tanh"
    reset_after: bool = True
    multiples: tuple[Array, Array] | None = field(default=None, repr=False)

    @property
    def count(self) -> int:
        """M."""
        return len(self.params["weight_hh_l0"])

    @property
    def hidden_size(self) -> int:
        """H."""
        return int(self.params["weight_hh_l0"].shape[2])

    def network(self, m: int) -> Network:
        """Model m by itself."""
        state = {name: a[m] for name, a in self.params.items()}
        return Network.from_state_dict(state, self.cell, self.reset_after, self.nonlinearity)


def stack(networks: Sequence[Network]) -> Models:
    """Models out of networks of one kind and size.

    Raises ShapeError where there are none, where one differs from the first in kind, size or data type, and where they
    have more than one layer or direction, or a readout.
    """
    if not networks:
        raise ShapeError("a sweep needs at least one network, got none")
    kinds = [kind_of(network) for network in networks]
    for m, kind in enumerate(kinds):
        if kind != kinds[0]:
            raise ShapeError(f"a sweep needs networks of one kind: network 0 is {kinds[0]}, network {m} is {kind}")
    first, states = networks[0], [network.state_dict() for network in networks]
    params = {name: np.stack([state[name] for state in states], axis=-1) for name in states[0]}  # models last in memory
    params = {name: np.moveaxis(a, -1, 0) for name, a in params.items()}
    return Models(first.cell, params, first.nonlinearity, first.reset_after)


def scaled(network: Network, scales: ArrayLike) -> Models:
    """`network` once for each of `scales` (M,), its recurrent weights W_hh, those of all gates, times that factor.

    Raises ShapeError for scales that are no list of numbers, and for a network of more than one layer or direction, or
    with a readout.
    """
    kind_of(network)
    factors = real_array("scales", scales, network.dtype)
    if factors.ndim != 1 or not factors.size:
        raise ShapeError(f"scales must be a list of at least one number, got shape {factors.shape}")
    state = network.state_dict()
    params = {name: np.broadcast_to(a, (len(factors), *a.shape)) for name, a in state.items()}
    W = state["weight_hh_l0"]
    with np.errstate(all="ignore"):
        params["weight_hh_l0"] = factors[:, None, None] * W
    return Models(network.cell, params, network.nonlinearity, network.reset_after, (W, factors))


def kind_of(network: Network) -> str:
    """What two networks of a sweep have in common, in words."""
    if network.num_layers > 1 or network.bidirectional or network.readout is not None:
        raise ShapeError(f"a sweep needs networks of one layer and direction without a readout, got {network!r}")
    sizes = f"I = {network.input_size}, H = {network.hidden_size}, {network.dtype}"
    cell = network.layers[0][0]
    own = [one.name for one in fields(cell) if one.compare and one.name not in PARAMETERS]
    settings = [f"{name}={getattr(cell, name)}" for name in own]
    return f"{network.cell} ({', '.join([*settings, sizes])})"
