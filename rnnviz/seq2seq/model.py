"""An encoder and a decoder, two recurrent networks that hand over one vector, or all states of the first.

    e_1 ... e_T = encoder(x_1 ... x_T)                 both directions side by side, where it has two
    h_0 = e, the top layer's last state                 what is handed over: the last that each direction has made
    h_u = decoder(h_{u-1}, s_{u-1})                     s_0 = 0, then the symbols of the answer, one-hot
    y_u = W_o h_u + b_o                                 without attention
    y_u = W_o tanh(W_a [c_u, h_u] + b_a) + b_o          with: c_u, the mean of e_1 ... e_T under weights
                                                        softmax_t(h_u . e_t)

Each decoder layer begins with the same h_0; an LSTM's c_0 is 0. Sutskever, Vinyals & Le (2014), "Sequence to sequence
learning with neural networks", hand over all states of deep LSTMs; Cho et al. (2014), "Learning phrase representations
using RNN encoder-decoder", one vector of a GRU, as here, which their decoder reads again at each step. The attention is
that of Luong, Pham & Manning (2015), equations 5 to 7, with its "dot" scores. `rnnviz.attention` divides these by the
root of H, so it is given queries sqrt(H) h_u: entries of h and e stay within -1 and 1, and need no taming.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from rnnviz.arrays import Array, flag, generator, whole
from rnnviz.errors import ShapeError, WeightsError
from rnnviz.network import Network
from rnnviz.readout import Readout
from rnnviz.state_dict import float_arrays, require_finite
from rnnviz.weights import read_npz, replacing

LINEAR = ("weight", "bias")


@dataclass(frozen=True, eq=False)
class EncoderDecoder:
    """Made by `create`, `from_state_dict` or `load`.

    encoder  reads x (T, B, I); no readout
    decoder  reads the answer (U, B, Q), one direction, no readout; H is the encoder's output width
    readout  weight (Q, H), bias (Q,)
    mix      with attention: weight W_a (H, 2H), bias (H,); None: without
    """

    encoder: Network
    decoder: Network
    readout: Readout = field(repr=False)
    mix: Readout | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        """Raise ShapeError where the parts do not fit each other."""
        H, Q = self.decoder.hidden_size, self.decoder.input_size
        given = (self.encoder.cell, self.encoder.output_width, self.encoder.output_size)
        if given != (self.decoder.cell, H, None) or self.decoder.bidirectional or self.decoder.output_size is not None:
            raise ShapeError(
                f"a decoder of one direction needs an encoder of {H} {self.decoder.cell} units in all, "
                f"both without a readout; got {self.encoder} and {self.decoder}"
            )
        for name, part, shape in (("readout", self.readout, (Q, H)), ("attention", self.mix, (H, 2 * H))):
            if part is not None and (part.weight.shape, part.bias.shape) != (shape, shape[:1]):
                raise ShapeError(f"{name}.weight must have shape {shape}, with a bias; got {part.weight.shape}")

    @property
    def attention(self) -> bool:
        """Whether it looks at all of the encoder's states, or has to do with the last."""
        return self.mix is not None

    @property
    def input_size(self) -> int:
        """I, the width of x."""
        return self.encoder.input_size

    @property
    def output_size(self) -> int:
        """Q, the symbols of the answer, the end symbol included."""
        return self.decoder.input_size

    @property
    def hidden_size(self) -> int:
        """H, the decoder's units, and the width of what is handed over."""
        return self.decoder.hidden_size

    @property
    def dtype(self) -> np.dtype[Any]:
        """float32 or float64, of every parameter."""
        return self.encoder.dtype

    @property
    def parameter_count(self) -> int:
        """The number of weights and biases."""
        return sum(a.size for a in self.state_dict().values())

    @classmethod
    def create(
        cls,
        cell: str,
        input_size: int,
        output_size: int,
        hidden_size: int,
        attention: bool = True,
        bidirectional: bool = True,
        dtype: DTypeLike = np.float64,
        rng: np.random.Generator | None = None,
    ) -> "EncoderDecoder":
        """A new one with random weights, of one layer each, drawn as `Network.create` does.

        input_size, output_size  I and Q, the sizes of both alphabets, the answer's with its end symbol
        hidden_size              H of the decoder; each of the encoder's directions has H / D units
        rng                      None: `numpy.random.default_rng(0)`

        Raises as `Network.create` does, ShapeError where H is odd and there are two directions.
        """
        Q, H = whole("output_size", output_size, 1), whole("hidden_size", hidden_size, 1)
        D = 1 + flag("bidirectional", bidirectional)
        if H % D:
            raise ShapeError(f"two directions share hidden_size, which must be even; got {H}")
        rng = np.random.default_rng(0) if rng is None else generator(rng)
        encoder = Network.create(cell, input_size, H // D, bidirectional=bidirectional, dtype=dtype, rng=rng)
        decoder = Network.create(cell, Q, H, dtype=dtype, rng=rng)
        mix = _linear(rng, H, 2 * H, encoder.dtype) if flag("attention", attention) else None
        return cls(encoder, decoder, _linear(rng, Q, H, encoder.dtype), mix)

    def state_dict(self) -> dict[str, Array]:
        """{name: array}: `encoder.` and `decoder.` before PyTorch's names, `attention.weight`, `readout.weight`, ..."""
        state = {f"encoder.{name}": a for name, a in self.encoder.state_dict().items()}
        state |= {f"decoder.{name}": a for name, a in self.decoder.state_dict().items()}
        for part, linear in (("attention", self.mix), ("readout", self.readout)):
            if linear is not None:
                state |= {f"{part}.weight": linear.weight, f"{part}.bias": linear.bias}
        return state

    @classmethod
    def from_state_dict(
        cls, state: Mapping[str, ArrayLike], reset_after: bool = True, nonlinearity: str = "tanh"
    ) -> "EncoderDecoder":
        """Of named arrays, as `state_dict` gives them; without `attention.weight` it has none.

        reset_after, nonlinearity  as in `Network.create`, of both networks

        Raises WeightsError and ShapeError, naming what is missing, left over or does not fit, NonFiniteError for NaN or
        infinity.
        """
        arrays = float_arrays(state)
        require_finite(arrays)
        halves = [
            Network.from_state_dict(_under(arrays, part), reset_after=reset_after, nonlinearity=nonlinearity)
            for part in ("encoder", "decoder")
        ]
        parts = {part: _under(arrays, part) for part in ("readout", "attention")}
        known = {"encoder", "decoder", *parts}
        strange = [name for name in arrays if name.partition(".")[0] not in known]
        if strange or any(part and part.keys() != set(LINEAR) for part in parts.values()) or not parts["readout"]:
            raise WeightsError(
                "beside encoder and decoder there are readout.weight, readout.bias and, with attention, "
                f"attention.weight, attention.bias; got {strange or [name for name in arrays if name[1] != 'n']}"
            )
        readout, mix = (Readout(**part) if part else None for part in parts.values())
        assert readout is not None
        return cls(halves[0], halves[1], readout, mix)

    def with_parameters(self, state: Mapping[str, ArrayLike]) -> "EncoderDecoder":
        """The same model with other parameters: the names and shapes of `state_dict()`, all of them.

        NaN and infinity stay what they are. Raises WeightsError where a name or shape differs.
        """
        arrays, mine = float_arrays(state), self.state_dict()
        if {name: a.shape for name, a in arrays.items()} != {name: a.shape for name, a in mine.items()}:
            strange = sorted(arrays.keys() ^ mine.keys()) or [n for n in mine if mine[n].shape != arrays[n].shape]
            raise WeightsError(f"these are not the parameters of this model: see {strange[:4]}")
        return replace(
            self,
            encoder=self.encoder.with_parameters(_under(arrays, "encoder")),
            decoder=self.decoder.with_parameters(_under(arrays, "decoder")),
            readout=Readout(**_under(arrays, "readout")),
            mix=None if self.mix is None else Readout(**_under(arrays, "attention")),
        )

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the parameters to an .npz file, named as in `state_dict`. WeightsError for another suffix."""
        path = _npz(path)
        state: dict[str, Any] = self.state_dict()
        with replacing(path) as complete, complete.open("wb") as file:
            np.savez_compressed(file, **state)

    @classmethod
    def load(
        cls, path: str | os.PathLike[str], reset_after: bool = True, nonlinearity: str = "tanh"
    ) -> "EncoderDecoder":
        """The model in an .npz file that `save` wrote, or another with these names; nothing is unpickled.

        Arguments and errors as of `from_state_dict`; FileNotFoundError.
        """
        return cls.from_state_dict(read_npz(_npz(path))[0], reset_after, nonlinearity)


def _npz(path: str | os.PathLike[str]) -> Path:
    path = Path(path)
    if path.suffix.lower() != ".npz":
        raise WeightsError(f"{path}: an encoder-decoder is an .npz file, not {path.suffix!r}")
    return path


def _linear(rng: np.random.Generator, rows: int, columns: int, dtype: np.dtype[Any]) -> Readout:
    """A linear layer as `torch.nn.Linear` begins, with a bias of 0."""
    bound = 1 / np.sqrt(columns)
    return Readout(rng.uniform(-bound, bound, (rows, columns)).astype(dtype), np.zeros(rows, dtype))


def _under(arrays: Mapping[str, Array], part: str) -> dict[str, Array]:
    """{rest of the name: array} of the names that begin with `part.`."""
    return {name.removeprefix(f"{part}."): a for name, a in arrays.items() if name.startswith(f"{part}.")}
