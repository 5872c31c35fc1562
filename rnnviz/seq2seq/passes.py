"""Both passes of an encoder-decoder, through both networks and what stands between them.

Forwards the decoder is given the true answer, one symbol late (teacher forcing; Williams & Zipser 1989): so both
networks run over whole sequences at once. Backwards, with z_u = [c_u, h_u] and m_u = tanh(W_a z_u + b_a),

    dm_u = W_o^T dy_u,    dz_u = W_a^T (dm_u * (1 - m_u^2))

dc_u goes through the attention to h_u and to every e_t, dh_u through the decoder back in time to dh_0, and that joins
the gradient at the encoder's last state. No gradient passes through the symbols that are read.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rnnviz.arrays import Array, real_array, require
from rnnviz.attention import Attention, AttentionGradients, attend, backpropagate_attention
from rnnviz.bptt import Gradients, backpropagate
from rnnviz.cells.compiled import compiled
from rnnviz.errors import ShapeError
from rnnviz.readout import Readout
from rnnviz.seq2seq.model import EncoderDecoder
from rnnviz.trace import Trace, unroll


@dataclass(frozen=True, eq=False)
class Pass:
    """The forward pass.

    encoder, decoder  their traces: `encoder.y` (T, B, H), `decoder.y` (U, B, H)
    attention         weights (U, B, T), `y` the means c_u; None without attention
    mixed             (U, B, H), what the readout reads
    y                 (U, B, Q), logits
    """

    model: EncoderDecoder
    encoder: Trace = field(repr=False)
    decoder: Trace = field(repr=False)
    attention: Attention | None = field(repr=False)
    mixed: Array = field(repr=False)
    y: Array = field(repr=False)


@dataclass(frozen=True, eq=False)
class PassGradients:
    """The backward pass: `params` {name: dL/dparameter}, as `EncoderDecoder.state_dict()`; and each part's own."""

    params: Mapping[str, Array]
    encoder: Gradients = field(repr=False)
    decoder: Gradients = field(repr=False)
    attention: AttentionGradients | None = field(repr=False)

    @property
    def dx(self) -> Array:
        """dL/dx, (T, B, I)."""
        return self.encoder.dx


def forward(model: EncoderDecoder, x: ArrayLike, spoken: ArrayLike, lengths: ArrayLike | None = None) -> Pass:
    """Read x, and answer with the truth at hand.

    x        (T, B, I); lengths: (B,), or None where nothing is padded
    spoken   (U, B, Q): what the decoder reads, 0 at the first step and then the answer so far, one-hot; after its end
             whatever stands there has no effect on what is before

    Raises ShapeError, NonFiniteError as `rnnviz.unroll` does.
    """
    require("model", model, EncoderDecoder)
    read = unroll(model.encoder, x, lengths, loops=compiled())
    said = unroll(model.decoder, spoken, h0=handed_over(model, read), loops=compiled())
    attention, mixed, y = answer(model, read.y, said.y, read.lengths)
    return Pass(model, read, said, attention, mixed, y)


def handed_over(model: EncoderDecoder, read: Trace) -> Array:
    """h_0 of each decoder layer, (L, B, H): the last state of each direction, side by side."""
    B, width = read.y.shape[1], model.encoder.hidden_size
    last = read.y[_last(read), np.arange(B)]
    if model.encoder.bidirectional:
        last = np.concatenate([last[:, :width], read.y[0, :, width:]], axis=1)
    return np.broadcast_to(last, (model.decoder.num_layers, *last.shape))


def answer(
    model: EncoderDecoder, e: Array, h: Array, lengths: ArrayLike | None
) -> tuple[Attention | None, Array, Array]:
    """What is looked at, what the readout reads and what it gives, of states e (T, B, H) and h (U, B, H)."""
    attention, mixed, root = None, h, h.dtype.type(np.sqrt(model.hidden_size))
    if model.mix is not None:
        attention = attend(h * root, e, e, lengths)
        mixed = np.tanh(_linear(model.mix, np.concatenate([attention.y, h], axis=2)))
    return attention, mixed, _linear(model.readout, mixed)


def backward(passed: Pass, dy: ArrayLike) -> PassGradients:
    """All gradients of a loss whose derivative by the logits is `dy` (U, B, Q). Raises ShapeError for another shape."""
    require("passed", passed, Pass)
    model, read, said = passed.model, passed.encoder, passed.decoder
    given = real_array("dy", dy, model.dtype)
    if given.shape != passed.y.shape:
        raise ShapeError(f"dy needs the shape of y, {passed.y.shape}; got {given.shape}")
    dh, params = _linear_back("readout", model.readout, passed.mixed, given)
    looked, de = None, np.zeros(read.y.shape, model.dtype)
    if model.mix is not None and passed.attention is not None:
        z = np.concatenate([passed.attention.y, said.y], axis=2)
        dz, mixing = _linear_back("attention", model.mix, z, dh * (1 - passed.mixed**2))
        looked = backpropagate_attention(passed.attention, dz[:, :, : model.hidden_size])
        root = model.dtype.type(np.sqrt(model.hidden_size))
        dh, de = dz[:, :, model.hidden_size :] + looked.queries * root, looked.keys + looked.values
        params |= mixing
    decoder = backpropagate(model.decoder, said, dh)
    _hand_back(model, read, de, np.sum([row[0].dh0 for row in decoder.layers], axis=0))
    encoder = backpropagate(model.encoder, read, de)
    named = {f"encoder.{name}": a for name, a in encoder.params.items()}
    named |= {f"decoder.{name}": a for name, a in decoder.params.items()}
    both = named | params
    return PassGradients({name: both[name] for name in model.state_dict()}, encoder, decoder, looked)


def _hand_back(model: EncoderDecoder, read: Trace, de: Array, dh0: Array) -> None:
    """Add what came back to h_0 (B, H) to the gradient at the states that were handed over, in place."""
    B, width = read.y.shape[1], model.encoder.hidden_size
    de[_last(read), np.arange(B), :width] += dh0[:, :width]
    if model.encoder.bidirectional:
        de[0, :, width:] += dh0[:, width:]


def _last(read: Trace) -> NDArray[np.intp]:
    """The last step of each sequence, (B,)."""
    T, B, _ = read.y.shape
    return np.full(B, T - 1) if read.lengths is None else read.lengths - 1


def _linear(layer: Readout, a: Array) -> Array:
    return np.asarray(a @ layer.weight.T + layer.bias)


def _linear_back(name: str, layer: Readout, a: Array, dy: Array) -> tuple[Array, dict[str, Array]]:
    """da and the parameters' gradients, from a (U, B, .) and dy (U, B, .)."""
    flat = dy.reshape(-1, dy.shape[2])
    weight = flat.T @ np.ascontiguousarray(a).reshape(-1, a.shape[2])
    return np.asarray(dy @ layer.weight), {f"{name}.weight": weight, f"{name}.bias": flat.sum(axis=0)}
