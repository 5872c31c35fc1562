"""Named arrays -> cells and readout: PyTorch's parameter names and shapes, read strictly.

`nn.RNN`, `nn.LSTM` and `nn.GRU` name a layer's tensors `weight_ih_l{k}` (G*H, I or D*H), `weight_hh_l{k}` (G*H, H),
`bias_ih_l{k}` and `bias_hh_l{k}` (G*H,), with `_reverse` appended for the second direction. The rows of weight_hh per
column tell the cell: G = 1 is Elman, 3 GRU, 4 LSTM. A module inside a model puts its own name before, as in
`encoder.rnn.weight_ih_l0`; a linear layer beside it has `weight` (Q, D*H) and `bias` (Q,).
"""

import re
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from rnnviz.arrays import Array, as_array, flag
from rnnviz.cells import CELLS, Cell
from rnnviz.cells.elman import NONLINEARITIES
from rnnviz.errors import NonFiniteError, WeightsError, one_of
from rnnviz.readout import Readout

PARAMETERS = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
SUFFIXES = ("", "_reverse")
_RECURRENT = re.compile(
    r"(?P<prefix>.*?)(?P<name>(weight|bias)_(ih|hh|hr)_l(?P<layer>0|[1-9]\d{0,3})(?P<suffix>_reverse)?)"
)
_KINDS = {len(cell.GATES): name for name, cell in CELLS.items()}  # blocks of rows


def parameter_name(name: str, layer: int, direction: int) -> str:
    """PyTorch's name, such as `weight_hh_l0_reverse`, of one parameter of a cell."""
    return f"{name}_l{layer}{SUFFIXES[direction]}"


def float_arrays(state: Mapping[str, ArrayLike]) -> dict[str, Array]:
    """Read-only copies of the arrays in one common type: float64 where one of them is, float32 otherwise.

    Raises WeightsError for anything but real floating-point numbers.
    """
    if not isinstance(state, Mapping):
        raise WeightsError(f"a mapping of names to arrays is needed, got {type(state).__name__}: {repr(state)[:80]}")
    strange = [name for name in state if not isinstance(name, str)]
    if strange:
        raise WeightsError(f"the names must be strings, as weight_ih_l0; got {strange[0]!r}")
    arrays = {name: as_array(name, a) for name, a in state.items()}
    for name, a in arrays.items():
        if a.dtype.kind != "f":
            raise WeightsError(f"{name} must hold floating-point numbers, got dtype {a.dtype}")
    wide = any(a.dtype.itemsize > 4 for a in arrays.values())
    dtype: type[np.floating[Any]] = np.float64 if wide else np.float32
    copies = {name: a.astype(dtype, order="C") for name, a in arrays.items()}
    for a in copies.values():
        a.flags.writeable = False  # cells keep matrices that they derived from their weights
    return copies


def require_finite(state: Mapping[str, Array]) -> None:
    """Raise NonFiniteError, naming the tensor and the entry, where one is NaN or infinite."""
    for name, a in state.items():
        bad = np.argwhere(~np.isfinite(a))
        if len(bad):
            place = tuple(int(k) for k in bad[0])
            raise NonFiniteError(
                f"{name}[{', '.join(map(str, place))}] is {a[place]}, one of {len(bad)} entries that are not finite; "
                'nonfinite="keep" reads them as they are'
            )


def read_state_dict(
    state: Mapping[str, ArrayLike], cell: str | None, reset_after: bool, nonlinearity: str
) -> tuple[tuple[tuple[Cell, ...], ...], Readout | None]:
    """The cells, layer by layer and direction by direction, and the readout if there is one.

    Raises WeightsError or UnknownNameError, as `Network.from_state_dict` says.
    """
    if cell is not None:
        one_of("cell", cell, CELLS)
    one_of("nonlinearity", nonlinearity, NONLINEARITIES)
    reset_after = flag("reset_after", reset_after)
    recurrent, rest = _split(float_arrays(state))
    kind, I, H = _sizes(recurrent)
    if cell is not None and cell != kind:
        rows, columns = recurrent["weight_hh_l0"].shape
        raise WeightsError(
            f"weight_hh_l0 of shape ({rows}, {columns}) makes this a network of {kind}, not {cell} cells"
        )
    L = 1 + max(int(name.removesuffix("_reverse").rpartition("_l")[2]) for name in recurrent)
    D = 2 if any(name.endswith("_reverse") for name in recurrent) else 1
    checked = _complete(recurrent, L, D, len(CELLS[kind].GATES), I, H)

    settings: dict[str, Any] = {"reset_after": reset_after, "nonlinearity": nonlinearity}
    own = {field.name: settings[field.name] for field in fields(CELLS[kind]) if field.name in settings}

    def make(layer: int, direction: int) -> Cell:
        W_ih, W_hh, b_ih, b_hh = (checked[parameter_name(name, layer, direction)] for name in PARAMETERS)
        return CELLS[kind](W_ih, W_hh, b_ih, b_hh, **own)

    layers = tuple(tuple(make(layer, d) for d in range(D)) for layer in range(L))
    return layers, _read_readout(rest, D * H)


def _split(arrays: Mapping[str, Array]) -> tuple[dict[str, Array], dict[str, Array]]:
    """The recurrent tensors without their common prefix, and all others."""
    matches = {name: _RECURRENT.fullmatch(name) for name in arrays}
    prefixes = sorted({m["prefix"] for m in matches.values() if m})
    if not prefixes:
        raise WeightsError(f"no recurrent network here: weight_ih_l0 is missing; there is {_listed(arrays)}")
    if len(prefixes) > 1:
        raise WeightsError(f"one recurrent network is needed, here are {len(prefixes)}, under the prefixes {prefixes}")
    recurrent = {m["name"]: arrays[name] for name, m in matches.items() if m}
    projected = [name for name in recurrent if name.startswith("weight_hr")]
    if projected:
        raise WeightsError(f"{projected[0]}: an LSTM with a projection (proj_size) is not supported")
    return recurrent, {name: arrays[name] for name, m in matches.items() if not m}


def _sizes(recurrent: Mapping[str, Array]) -> tuple[str, int, int]:
    """Cell, I and H, off the first layer's two matrices."""
    for name in ("weight_ih_l0", "weight_hh_l0"):
        if name not in recurrent:
            raise WeightsError(f"{name} is missing; there is {_listed(recurrent)}")
        if recurrent[name].ndim != 2 or recurrent[name].size == 0:
            raise WeightsError(f"{name} must be a matrix with at least one entry, got shape {recurrent[name].shape}")
    rows, H = recurrent["weight_hh_l0"].shape
    if rows % H or rows // H not in _KINDS:
        raise WeightsError(
            f"weight_hh_l0 must have shape (G*H, H) with G = 1 (Elman), 3 (GRU) or 4 (LSTM), got ({rows}, {H})"
        )
    return _KINDS[rows // H], recurrent["weight_ih_l0"].shape[1], H


def _complete(recurrent: Mapping[str, Array], L: int, D: int, G: int, I: int, H: int) -> dict[str, Array]:
    """Every tensor of every layer and direction, its shape checked; biases of 0 where the file has none at all."""
    biased = any(name.startswith("bias") for name in recurrent)
    complete = {}
    for layer in range(L):
        width = I if layer == 0 else D * H
        shapes = ((G * H, width), (G * H, H), (G * H,), (G * H,))
        for direction in range(D):
            for parameter, shape in zip(PARAMETERS, shapes, strict=True):
                name = parameter_name(parameter, layer, direction)
                if parameter.startswith("bias") and not biased:
                    complete[name] = np.zeros(shape, recurrent["weight_ih_l0"].dtype)
                elif name not in recurrent:
                    raise WeightsError(f"{name} of shape {shape} is missing; there is {_listed(recurrent)}")
                elif recurrent[name].shape != shape:
                    raise WeightsError(f"{name} must have shape {shape}, got {recurrent[name].shape}")
                else:
                    complete[name] = recurrent[name]
    return complete


def _read_readout(rest: Mapping[str, Array], width: int) -> Readout | None:
    """The one linear layer on D*H = `width` hidden units among the other tensors; None where there are none."""
    if not rest:
        return None
    weights = [name for name in rest if name == "weight" or name.endswith(".weight")]
    bias_name = f"{weights[0].removesuffix('weight')}bias" if weights else ""
    if len(weights) != 1 or not set(rest) <= {weights[0], bias_name}:
        raise WeightsError(f"beside the recurrent tensors there may be one linear layer; left over: {_listed(rest)}")
    weight = rest[weights[0]]
    if weight.ndim != 2 or weight.shape[1] != width or len(weight) == 0:
        raise WeightsError(f"{weights[0]} must have shape (Q, {width}) to read the hidden units, got {weight.shape}")
    bias = rest.get(bias_name, np.zeros(len(weight), weight.dtype))
    if bias.shape != (len(weight),):
        raise WeightsError(f"{bias_name} must have shape ({len(weight)},), got {bias.shape}")
    return Readout(weight, bias)


def _listed(names: Mapping[str, Array]) -> str:
    """The first few names, for a message."""
    shown = sorted(names)[:8]
    return ", ".join(shown) + (", ..." if len(names) > len(shown) else "") if shown else "nothing"
