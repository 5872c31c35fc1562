"""What a pass of models that learn needs: their weights as one matrix each, and memory that is used again.

A step of every cell begins with one product per model,

    a_t = W z_t,    z_t = [x_t; h_{t-1}; 1]         W (M, R, K), K = I + H + 1

whose R rows are blocks of H, one for each gate, in the order of `BLOCKS`: those of which a sigmoid is taken stand
together, and an LSTM's whose derivative comes from the cell state. A GRU whose reset gate comes after the product has
two blocks for its candidate, m = W_hn h + b_hn and W_in x + b_in.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from rnnviz.arrays import Array
from rnnviz.cells import CELLS
from rnnviz.network import Network


class Block(NamedTuple):
    """H rows of W: the gate, what it reads of z ("x", "h" or "xh"), and whether a sigmoid is taken of it."""

    gate: str
    reads: str = "xh"
    sigmoid: bool = False


BLOCKS: dict[str, tuple[Block, ...]] = {
    "elman": (Block("h"),),
    "lstm": (Block("o", sigmoid=True), Block("i", sigmoid=True), Block("f", sigmoid=True), Block("g")),
    "gru": (Block("r", sigmoid=True), Block("z", sigmoid=True), Block("n", "h"), Block("n", "x")),
    "gru_before": (Block("r", sigmoid=True), Block("z", sigmoid=True), Block("n")),
}
OF = {"x": ("weight_ih_l0", "bias_ih_l0"), "h": ("weight_hh_l0", "bias_hh_l0")}  # what multiplies which part of z


@dataclass(frozen=True, eq=False)
class Room:
    """Memory for a pass of M models with B sequences each over up to T steps; what it holds is the last pass's.

    z        (T + 1, K, N) what the products read; `h` (T + 1, H, N) is part of it
    s        (T, R, N) the pre-activations, then in their place the gates
    d        (T, R, N) dL/d(pre-activation)
    c        (T + 1, H, N) the LSTM's cell states;  tanh_c (T, H, N) their tanh; without any steps for the other cells
    z_reset  (T, K, N) the z'_t of a GRU whose reset gate comes before the product; likewise
    rows     (M, R, T, B) and (M, K, T, B), where d and z are put in order to be multiplied
    """

    form: str
    models: int
    inputs: int
    z: Array
    s: Array
    d: Array
    rows: tuple[Array, Array]
    c: Array
    tanh_c: Array
    z_reset: Array

    @property
    def h(self) -> Array:
        """(T + 1, H, N) the hidden states, h_0 first."""
        return self.z[:, self.inputs : -1]


def form_of(network: Network) -> str:
    """ "elman", "lstm", "gru" or "gru_before"."""
    return "gru_before" if network.cell == "gru" and not network.reset_after else network.cell


def room_for(network: Network, T: int, M: int, B: int) -> Room:
    """Room for so many steps, models like this network, and sequences of each."""
    form, I, H, N, dtype = form_of(network), network.input_size, network.hidden_size, M * B, network.dtype
    K, R = I + H + 1, len(BLOCKS[form]) * H
    z = np.zeros((T + 1, K, N), dtype)
    z[:, -1] = 1
    s, d = np.empty((T, R, N), dtype), np.empty((T, R, N), dtype)
    rows = np.empty((M, R, T, B), dtype), np.empty((M, K, T, B), dtype)
    c, tanh_c = np.zeros((T + 1 if form == "lstm" else 0, H, N), dtype), np.empty((T, H, N), dtype)
    z_reset = z[:-1].copy() if form == "gru_before" else z[:0]
    return Room(form, M, I, z, s, d, rows, c, tanh_c[: len(c)], z_reset)


def packed(network: Network, params: Mapping[str, Array]) -> Array:
    """W (M, R, K) of {PyTorch name: (M, ...)}; sigmoids not yet halved."""
    M, _, I = params["weight_ih_l0"].shape
    H, blocks = network.hidden_size, BLOCKS[form_of(network)]
    W = np.zeros((M, len(blocks) * H, I + H + 1), network.dtype)
    for block, rows, of_gate in _blocks(network):
        for part in block.reads:
            weight, bias = OF[part]
            W[:, rows, _columns(part, I)] = params[weight][:, of_gate]
            W[:, rows, -1] += params[bias][:, of_gate]
    return W


def unpack(network: Network, dW: Array, into: Mapping[str, Array]) -> None:
    """dL/dW (M, R, K) into {PyTorch name: (M, ...)}."""
    for block, rows, of_gate in _blocks(network):
        for part in block.reads:
            weight, bias = OF[part]
            into[weight][:, of_gate] = dW[:, rows, _columns(part, network.input_size)]
            into[bias][:, of_gate] = dW[:, rows, -1]


def halved(network: Network, W: Array) -> Array:
    """W with the rows of sigmoids halved."""
    W = W.copy()
    count = sum(block.sigmoid for block in BLOCKS[form_of(network)])
    W[:, : count * network.hidden_size] *= 0.5
    return W


def _blocks(network: Network) -> list[tuple[Block, slice, slice]]:
    """Each block, its rows of W, and its gate's rows of PyTorch's matrices."""
    H, gates = network.hidden_size, CELLS[network.cell].GATES
    rows = [slice(k * H, (k + 1) * H) for k in range(4)]
    return [(block, rows[k], rows[gates.index(block.gate)]) for k, block in enumerate(BLOCKS[form_of(network)])]


def _columns(part: str, I: int) -> slice:
    return slice(0, I) if part == "x" else slice(I, -1)
