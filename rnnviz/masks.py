"""What a pass is multiplied with on its way: the numbers that dropout and zoneout have drawn for one batch.

With m a mask, and * entry by entry, a layer that would read x_t and h_{t-1} and make the states h'_t and c'_t

    reads       m_t * x_t, and m^r_t * h_{t-1} in the products with W_hh
    goes on to  h_t = k^h_t * h_{t-1} + (1 - k^h_t) * h'_t,    c_t = k^c_t * c_{t-1} + (1 - k^c_t) * c'_t

`rnnviz.unroll(network, x, masks=...)` takes them, the trace keeps them, and `rnnviz.backpropagate` differentiates the
pass as it was. The path from state to state is never multiplied by m^r: neither an LSTM's f * c_{t-1} nor a GRU's
z * h_{t-1}. An LSTM's h'_t = o * tanh(c'_t) is made of c'_t (Krueger et al. 2017, section 3), and the `dc` of its
gradients is dL/dc'_t; where nothing is kept, c'_t is c_t. `dh` is dL/dh_t for every cell.

`rnnviz.regularization` draws masks. Here they are only carried, so that any others can be tried.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias, TypeVar

import numpy as np

from rnnviz.arrays import Array, real_array, require
from rnnviz.cells.masked import Masked
from rnnviz.cells.record import Operation
from rnnviz.errors import ShapeError, UnknownNameError
from rnnviz.network import Network
from rnnviz.padding import ReadingOrder

Place: TypeAlias = tuple[int, int]
Key = TypeVar("Key")


@dataclass(frozen=True, eq=False)
class Masks:
    """Factors of one pass over T steps of B sequences; each array may have size 1 along any axis, for "all alike".

    inputs     {layer: (T, B, width)}: what the layer reads is multiplied with it, both directions alike. The network's
               x is what layer 0 reads, the readout counts as layer L.
    recurrent  {(layer, direction): (T, B, H)}: h_{t-1} is multiplied with it in the products with W_hh at step t
    kept       {("h" or "c", layer, direction): (T, B, H) from 0 to 1}: the share of the state that step t keeps

    Steps are positions in the input sequence, whichever way a direction reads. `Masks()` changes nothing.
    """

    inputs: Mapping[int, Array] = field(default_factory=dict)
    recurrent: Mapping[Place, Array] = field(default_factory=dict)
    kept: Mapping[tuple[str, int, int], Array] = field(default_factory=dict)


def check_masks(masks: Masks | None, network: Network, T: int, B: int) -> Masks | None:
    """The masks feature-major, (T or 1, rows or 1, B or 1), in the network's dtype; None where there are none.

    Raises TypeError for anything but Masks, UnknownNameError for a layer, direction or state that the network does not
    have, ShapeError for a shape that cannot be stretched to (T, B, width), and ValueError for a factor that is not
    finite, or a share outside [0, 1].
    """
    if masks is None:
        return None
    require("masks", masks, Masks)
    L, D, H = network.num_layers, network.num_directions, network.hidden_size
    readout = {} if network.readout is None else {L: D * H}
    widths = {layer: network.input_size if layer == 0 else D * H for layer in range(L)} | readout
    places = [(layer, direction) for layer in range(L) for direction in range(D)]
    states = [(state, *place) for state in network.spec.states for place in places]
    inputs = _all("inputs", masks.inputs, widths, (T, B), network.dtype)
    recurrent = _all("recurrent", masks.recurrent, dict.fromkeys(places, H), (T, B), network.dtype)
    kept = _all("kept", masks.kept, dict.fromkeys(states, H), (T, B), network.dtype)
    for key, share in kept.items():
        if not ((share >= 0) & (share <= 1)).all():
            raise ValueError(f"masks.kept[{key!r}] must be shares from 0 to 1")
    return Masks(inputs, recurrent, kept) if inputs or recurrent or kept else None


def require_unmasked(masks: Masks | None) -> None:
    """Raise ValueError for a pass with dropout on hidden states, or zoneout, where the cell's own equations count."""
    if masks is not None and (masks.recurrent or masks.kept):
        raise ValueError("this pass has dropout on hidden states, or zoneout: unroll the network without those masks")


def read_through(masks: Masks | None, layer: int, a: Array) -> Array:
    """What `layer` reads, or the gradient that leaves it, (T, width, B), times the layer's mask; `a` where none is."""
    if masks is None or layer not in masks.inputs:
        return a
    product: Array = a * masks.inputs[layer]
    return product


def inside(
    masks: Masks | None, place: Place, order: ReadingOrder, shape: tuple[int, int, int], operation: Operation | None
) -> Operation | None:
    """`operation` on the cell at this place, and what the masks do to it; shape (T, H, B)."""
    if masks is None:
        return operation

    def turned(a: Array) -> Array:
        return order.turn(np.broadcast_to(a, shape))

    read = turned(masks.recurrent[place]) if place in masks.recurrent else None
    kept = {state: turned(a) for (state, *where), a in masks.kept.items() if tuple(where) == place}
    if read is None and not kept:
        return operation
    operation = operation or Operation({}, {}, {})
    for state in kept.keys() & operation.pinned.keys():
        kept[state] = np.where(operation.pinned[state], kept[state].dtype.type(0), kept[state])
    return replace(operation, masked=Masked(read, kept))


def _all(
    what: str, given: Mapping[Key, Array], widths: Mapping[Key, int], steps: tuple[int, int], dtype: np.dtype[Any]
) -> dict[Key, Array]:
    """All masks of one kind, arranged; UnknownNameError for a key that there is not."""
    strange = [key for key in given if key not in widths]
    if strange:
        raise UnknownNameError(f"masks.{what} has an entry for {strange[0]!r}; there are {list(widths)}")
    return {key: _arranged(f"masks.{what}[{key!r}]", a, (*steps, widths[key]), dtype) for key, a in given.items()}


def _arranged(name: str, given: Array, shape: tuple[int, int, int], dtype: np.dtype[Any]) -> Array:
    """A mask (T, B, width), or 1 in place of any, as (T, width, B)."""
    a = real_array(name, given, dtype)
    if a.ndim != 3 or any(size not in (1, full) for size, full in zip(a.shape, shape)):
        raise ShapeError(f"{name} needs shape (T, B, width) = {shape}, or 1 in place of any; got {a.shape}")
    if not np.isfinite(a).all():
        raise ValueError(f"{name} must be finite")
    return a.transpose(0, 2, 1)
