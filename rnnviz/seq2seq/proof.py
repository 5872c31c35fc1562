"""Proof on the spot: the gradients of both networks, of the attention and of the readout against finite differences."""

import numpy as np
from numpy.typing import ArrayLike

from rnnviz.arrays import Array, real_array, require, whole
from rnnviz.gradient_check import GradientCheck, compare
from rnnviz.padding import blank, check_lengths
from rnnviz.seq2seq.model import EncoderDecoder
from rnnviz.seq2seq.passes import backward, forward


def check_gradients(
    model: EncoderDecoder,
    x: ArrayLike,
    dy: ArrayLike,
    spoken: ArrayLike,
    lengths: ArrayLike | None = None,
    entries: int = 12,
) -> GradientCheck:
    """Compare `backward` with finite differences in every parameter and x; see `rnnviz.check_gradients`.

    dy       (U, B, Q), dL/dy of the logits; spoken, lengths: as for `forward`
    entries  at most so many derivatives of each array, evenly spread over it, at least 1

    It is done in float64. Raises as `forward` and `backward` do; NonFiniteError, ValueError as `check_gradients`.
    """
    entries = whole("entries", entries, 1)
    require("model", model, EncoderDecoder)
    wide = model.with_parameters({name: a.astype(np.float64) for name, a in model.state_dict().items()})
    passed = forward(wide, x, spoken, lengths)
    grads, dy = backward(passed, dy), real_array("dy", dy, np.float64)
    read = real_array("x", x, np.float64).copy()
    blank(read.transpose(0, 2, 1), check_lengths(lengths, *read.shape[:2]))
    values = {**wide.state_dict(), "x": read}

    def change(name: str, value: Array) -> Array:
        """dy * (y - y of the pass) with one of the arrays replaced."""
        used = values | {name: value}
        net = wide.with_parameters({k: used[k] for k in grads.params})
        return dy * (forward(net, used["x"], spoken, lengths).y - passed.y)

    kinked = "relu" in (wide.encoder.nonlinearity, wide.decoder.nonlinearity)
    size = float(np.abs(dy * passed.y).sum())
    return compare(values, {**grads.params, "x": grads.dx}, change, size, kinked, entries)
