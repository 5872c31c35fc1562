"""A network: layers x directions of one kind of cell, and a readout.

Layer 0 reads the I inputs, layer l the D*H outputs of layer l - 1, forward direction first. The readout, where there
is one, is y_t = W h_t + b with the top layer's h_t (both directions). Parameters bear PyTorch's names and shapes:
`weight_ih_l{k}{_reverse}` (G*H, I or D*H), `weight_hh_...` (G*H, H), `bias_ih_...`, `bias_hh_...` (G*H,), with G gates
stacked in PyTorch's order; `readout.weight` (Q, D*H) and `readout.bias` (Q,).
"""

import inspect
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from rnnviz.arrays import Array, flag, generator, real_array, whole_number
from rnnviz.cells import CELLS, Cell, CellSpec
from rnnviz.cells.elman import NONLINEARITIES
from rnnviz.errors import NonFiniteError, ShapeError, UnknownNameError, WeightsError, one_of
from rnnviz.initializers import Initializer, by_name
from rnnviz.readout import Readout
from rnnviz.state_dict import PARAMETERS, float_arrays, parameter_name, read_state_dict, require_finite

MOST = 10**6  # units, inputs, layers: anything above is a slip


@dataclass(frozen=True, eq=False)
class Network:
    """`layers[l][d]` is the cell of layer l and direction d. Made by `create`, `from_state_dict` or `rnnviz.load`."""

    layers: tuple[tuple[Cell, ...], ...] = field(repr=False)
    readout: Readout | None = field(default=None, repr=False)

    @property
    def cell(self) -> str:
        """ "elman", "lstm" or "gru"."""
        return self.layers[0][0].NAME

    @property
    def spec(self) -> CellSpec:
        """What its cell is: gates, roles, states."""
        return self.layers[0][0].SPEC

    @property
    def input_size(self) -> int:
        """I, the width of x."""
        return int(self.layers[0][0].weight_ih.shape[1])

    @property
    def hidden_size(self) -> int:
        """H, the hidden units of one direction of one layer."""
        return int(self.layers[0][0].weight_hh.shape[1])

    @property
    def num_layers(self) -> int:
        """L."""
        return len(self.layers)

    @property
    def num_directions(self) -> int:
        """D: 1, or 2 where bidirectional."""
        return len(self.layers[0])

    @property
    def bidirectional(self) -> bool:
        """Whether each layer also reads from right to left."""
        return self.num_directions == 2

    @property
    def output_size(self) -> int | None:
        """Q, or None without a readout."""
        return None if self.readout is None else len(self.readout.bias)

    @property
    def output_width(self) -> int:
        """The width of y: Q, or D*H without a readout."""
        return self.num_directions * self.hidden_size if self.readout is None else len(self.readout.bias)

    @property
    def dtype(self) -> np.dtype[Any]:
        """float32 or float64, of every parameter and every recorded array."""
        return self.layers[0][0].weight_ih.dtype

    @property
    def reset_after(self) -> bool:
        """The GRU's place of the reset gate; True for the other cells, which have none."""
        return bool(getattr(self.layers[0][0], "reset_after", True))

    @property
    def nonlinearity(self) -> str:
        """The Elman cell's "tanh", "relu", "sigmoid" or "linear"; "tanh" for the other cells, which have no choice."""
        return str(getattr(self.layers[0][0], "nonlinearity", "tanh"))

    @property
    def parameter_count(self) -> int:
        """The number of weights and biases, readout included."""
        return sum(a.size for a in self.state_dict().values())

    def __repr__(self) -> str:
        shape = f"input_size={self.input_size}, hidden_size={self.hidden_size}, num_layers={self.num_layers}"
        return (
            f"Network({self.cell!r}, {shape}, bidirectional={self.bidirectional}, "
            f"output_size={self.output_size}, dtype={self.dtype}, {self.parameter_count} parameters)"
        )

    @classmethod
    def create(
        cls,
        cell: str,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        bidirectional: bool = False,
        output_size: int | None = None,
        init: str | Initializer = "xavier_uniform",
        recurrent_init: str | Initializer = "orthogonal",
        forget_bias: float = 1.0,
        reset_after: bool = True,
        dtype: DTypeLike = np.float64,
        rng: np.random.Generator | None = None,
        gate_biases: Mapping[str, ArrayLike] | None = None,
        nonlinearity: str = "tanh",
    ) -> "Network":
        """A new network with random weights.

        cell            "elman", "lstm" or "gru"
        output_size     Q, for a readout; None: none, y is the top layer's h
        init            of the input weights, by name or as a function (see `rnnviz.initializers`)
        recurrent_init  of the recurrent weights, likewise; every gate's block is drawn by itself
        forget_bias     the LSTM's forget gate starts with this bias (Jozefowicz et al. 2015); all other biases with 0
        gate_biases     {gate: number or (H,)}, biases to start with instead, as from `initializers.chrono`
        reset_after     the GRU's reset gate stands after the recurrent product (PyTorch) or before it (Cho et al. 2014)
        nonlinearity    the Elman cell's: "tanh", "relu", "sigmoid" or "linear"
        rng             where the random numbers come from; None: `numpy.random.default_rng(0)`, the same every time

        A bias is the sum of `bias_ih` and `bias_hh`: it starts in `bias_ih`. The readout's weights start uniform within
        +-1/sqrt(D*H), as those of `torch.nn.Linear`. A setting of another cell has no effect.
        Raises UnknownNameError for an unknown name, ShapeError for a size or dtype that cannot be, NonFiniteError for a
        bias that is NaN or infinite.
        """
        one_of("cell", cell, CELLS)
        one_of("nonlinearity", nonlinearity, NONLINEARITIES)
        input_size, hidden_size = _size("input_size", input_size), _size("hidden_size", hidden_size)
        num_layers = _size("num_layers", num_layers)
        output_size = None if output_size is None else _size("output_size", output_size)
        dtype = _float_type(dtype)
        draw, draw_recurrent = by_name(init), by_name(recurrent_init)
        rng = np.random.default_rng(0) if rng is None else generator(rng)
        gates, D = CELLS[cell].GATES, 2 if flag("bidirectional", bidirectional) else 1
        start = ({"f": forget_bias} if cell == "lstm" else {}) | _named_biases(gate_biases)
        bias = _stack_biases(gates, hidden_size, start)

        state: dict[str, Array] = {}
        for layer in range(num_layers):
            width = input_size if layer == 0 else D * hidden_size
            for direction in range(D):
                weight_ih = _drawn("init", draw, (hidden_size, width), gates, rng)
                weight_hh = _drawn("recurrent_init", draw_recurrent, (hidden_size, hidden_size), gates, rng)
                for name, value in zip(PARAMETERS, (weight_ih, weight_hh, bias, np.zeros_like(bias)), strict=True):
                    state[parameter_name(name, layer, direction)] = value
        if output_size is not None:
            bound = 1 / np.sqrt(D * hidden_size)
            state["readout.weight"] = rng.uniform(-bound, bound, (output_size, D * hidden_size))
            state["readout.bias"] = np.zeros(output_size)
        typed = {name: real_array(name, a, dtype) for name, a in state.items()}
        return cls.from_state_dict(typed, cell, reset_after=reset_after, nonlinearity=nonlinearity)

    @classmethod
    def from_state_dict(
        cls,
        state: Mapping[str, ArrayLike],
        cell: str | None = None,
        reset_after: bool = True,
        nonlinearity: str = "tanh",
        nonfinite: str = "refuse",
    ) -> "Network":
        """A network from named arrays; cell, sizes, layers and directions are read off names and shapes.

        state  {PyTorch name: array}. All recurrent tensors may stand under one common prefix (`rnn.weight_ih_l0`), and
               one linear layer of any name (`fc.weight`, `fc.bias`) is the readout. Without biases they are 0.
        cell   what the caller takes it for; an error where the shapes say otherwise
        reset_after, nonlinearity  cannot be read off shapes: as in `create`

        nonfinite  "refuse" NaN and infinity among the weights, or "keep" them

        Raises WeightsError naming what is missing, left over or of the wrong shape; UnknownNameError; NonFiniteError
        naming the first entry that is NaN or infinite.
        """
        one_of("nonfinite", nonfinite, ("refuse", "keep"))
        network = cls(*read_state_dict(state, cell, reset_after, nonlinearity))
        if nonfinite == "refuse":
            require_finite(network.state_dict())
        return network

    def state_dict(self) -> dict[str, Array]:
        """{PyTorch name: array}, layer by layer, then the readout. The arrays are the network's own."""
        state = {
            parameter_name(name, layer, direction): getattr(cell, name)
            for layer, row in enumerate(self.layers)
            for direction, cell in enumerate(row)
            for name in PARAMETERS
        }
        if self.readout is not None:
            state |= {"readout.weight": self.readout.weight, "readout.bias": self.readout.bias}
        return state

    def with_parameters(self, state: Mapping[str, ArrayLike]) -> "Network":
        """The same kind of network with other parameters: the names and shapes of `state_dict()`, all of them.

        The new arrays' common data type becomes the network's; NaN and infinity stay what they are. Raises WeightsError
        where a name or shape differs.
        """
        arrays = float_arrays(state)
        mine = self.state_dict()
        if arrays.keys() != mine.keys():
            missing, extra = sorted(mine.keys() - arrays.keys()), sorted(arrays.keys() - mine.keys())
            raise WeightsError(f"these are not the parameters of this network: missing {missing}, left over {extra}")
        for name, a in arrays.items():
            if a.shape != mine[name].shape:
                raise WeightsError(f"{name} must have shape {mine[name].shape}, got {a.shape}")

        def renewed(cell: Cell, layer: int, direction: int) -> Cell:
            W_ih, W_hh, b_ih, b_hh = (arrays[parameter_name(name, layer, direction)] for name in PARAMETERS)
            return replace(cell, weight_ih=W_ih, weight_hh=W_hh, bias_ih=b_ih, bias_hh=b_hh)  # its workspace goes on

        layers = tuple(tuple(renewed(cell, l, d) for d, cell in enumerate(row)) for l, row in enumerate(self.layers))
        return Network(layers, self.readout and Readout(arrays["readout.weight"], arrays["readout.bias"]))


def _size(name: str, value: int) -> int:
    """`value` as a size: a whole number of any type, at least 1."""
    size = whole_number(value)
    if size is None or size < 1:
        raise ShapeError(f"{name} must be a whole number, at least 1; got {value}")
    if size > MOST:
        raise ShapeError(f"{name} must be at most {MOST}; got a number of {len(str(size))} digits")
    return size


def _float_type(dtype: Any) -> np.dtype[Any]:
    """float32 or float64; ShapeError for anything else."""
    try:
        found: np.dtype[Any] = np.dtype(dtype)
    except Exception as error:
        raise ShapeError(f"dtype must be float32 or float64, got {dtype!r}") from error
    if found not in (np.float32, np.float64):
        raise ShapeError(f"dtype must be float32 or float64, got {found}")
    return found


def _drawn(
    name: str, draw: Initializer, shape: tuple[int, int], gates: tuple[str, ...], rng: np.random.Generator
) -> Array:
    """A block of this shape for each gate, one below the other."""
    try:
        inspect.signature(draw).bind(shape, rng)
    except TypeError as error:
        raise TypeError(f"{name} must be a name or a function of (shape, rng); {draw!r}: {error}") from error
    except ValueError:  # a built-in that does not say what it takes
        pass
    if isinstance(draw, type):
        raise TypeError(f"{name} must be a name or a function of (shape, rng), got the type {draw.__name__}")
    blocks = [real_array(name, draw(shape, rng), np.float64) for _ in gates]
    for block in blocks:
        if block.shape != shape:
            raise ShapeError(f"{name} must give an array of the shape that it is given, {shape}; got {block.shape}")
    return np.concatenate(blocks)


def _named_biases(given: Any) -> dict[str, Any]:
    """`gate_biases` as a dictionary; ShapeError for what is no mapping."""
    if given is not None and not isinstance(given, Mapping):
        raise ShapeError(f"gate_biases must be {{gate: number or (H,)}}, got {type(given).__name__}: {given!r}")
    return dict(given or {})


def _stack_biases(gates: tuple[str, ...], hidden_size: int, start: Mapping[str, ArrayLike]) -> Array:
    """The gates' biases one below the other, (G*H,); 0 where `start` names none."""
    if not set(start) <= set(gates):
        strange = sorted(set(start) - set(gates), key=str)
        raise UnknownNameError(f"gate_biases names {strange}; this cell's gates are {gates}")
    bias = np.zeros((len(gates), hidden_size))
    for gate, given in start.items():
        value = real_array(f"the bias of gate {gate}", given, np.float64)
        if np.shape(value) not in ((), (hidden_size,)):
            raise ShapeError(
                f"the bias of gate {gate} must be a number or {hidden_size} numbers, got {np.shape(value)}"
            )
        bias[gates.index(gate)] = value
    if not np.isfinite(bias).all():
        raise NonFiniteError(f"the gates' biases must be finite, got {dict(start)}")
    return bias.ravel()
