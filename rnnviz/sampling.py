"""Text that a network writes: it reads its own last symbol, says how likely each next one is, and one of them is drawn.

    p_k = exp(y_k / tau) / sum_j exp(y_j / tau)         y logits (Q,), tau the temperature
    tau -> 0: the likeliest alone       tau = 1: as the network learned it      tau -> inf: all alike

(Ackley, Hinton & Sejnowski 1985, "A learning algorithm for Boltzmann machines", Cognitive Science 9; of letters: Graves
2013, "Generating sequences with recurrent neural networks".) A symbol is drawn with one number u, even in [0, 1): the
symbols are laid side by side from the likeliest to the least likely, each as wide as its p, and u says which is hit. So
the same u at a lower temperature hits the same symbol or a likelier one.

A symbol is its place in the alphabet, from 0, and is read one-hot: the network has as many outputs as inputs.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rnnviz.arrays import Array, as_array, generator, number, real_array, require, whole
from rnnviz.errors import ShapeError
from rnnviz.network import Network
from rnnviz.training.feeding import advance

Codes = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Sampled:
    """What was read and drawn.

    symbols  (P + N,) int: the prompt's, then those that were drawn
    logits   (N, Q): what the network said before each draw
    chances  (N,) u in [0, 1), which drew; temperatures (N,)
    """

    symbols: Codes
    logits: Array
    chances: NDArray[np.float64]
    temperatures: NDArray[np.float64]

    @property
    def drawn(self) -> Codes:
        """The symbols that were drawn, (N,)."""
        return self.symbols[len(self.symbols) - len(self.logits) :]


def tempered(logits: ArrayLike, temperature: float) -> NDArray[np.float64]:
    """softmax(y / tau) over the last axis: logits (..., Q) -> probabilities (..., Q) in float64.

    temperature  tau in [0, inf]; at 0 the largest logit has it all, the first one of several; at inf all are alike

    Raises ShapeError where there are no logits, ValueError for NaN among them or a temperature out of range.
    """
    y, tau = real_array("logits", logits, np.float64), number("temperature", temperature, "[0, inf]")
    if y.ndim == 0 or y.shape[-1] == 0:
        raise ShapeError(f"logits need shape (..., Q) with at least one class, got {y.shape}")
    if np.isnan(y).any() or not np.isfinite(y.max(axis=-1)).all():
        raise ValueError("logits must be numbers, with a largest one that is finite; got NaN or infinity")
    if tau == 0.0:
        return np.asarray(np.eye(y.shape[-1])[y.argmax(axis=-1)])
    with np.errstate(over="ignore"):  # beyond the range it is -inf, whose power is 0
        powers = np.exp((y - y.max(axis=-1, keepdims=True)) / tau)
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True))


def draw(p: ArrayLike, u: float) -> int:
    """The class that u hits, where classes lie side by side from the likeliest on, each p wide: p (Q,), u in [0, 1).

    Of equally likely classes the first one lies first. Raises ShapeError and ValueError for other p or u.
    """
    shares, at = real_array("p", p, np.float64), number("u", u, "[0, 1)")
    if shares.ndim != 1 or not shares.size or (shares < 0).any() or not np.isclose(shares.sum(), 1.0):
        raise ShapeError(f"p must be probabilities (Q,) that add up to 1, got {shares}")
    order = np.argsort(-shares, kind="stable")
    hit = int(np.searchsorted(np.cumsum(shares[order]), at, side="right"))
    return int(order[min(hit, int(np.count_nonzero(shares)) - 1)])  # a sum may end a rounding below 1


def sample(
    network: Network,
    prompt: Sequence[int] | ArrayLike,
    steps: int,
    temperature: ArrayLike = 1.0,
    rng: np.random.Generator | None = None,
) -> Sampled:
    """Read a prompt, then draw `steps` symbols, each of which is read before the next one is drawn.

    network      one-hot in, logits out: as many outputs as inputs; it reads in one direction
    prompt       (P,) whole numbers in 0 ... I - 1, at least one
    steps        N, at least 1
    temperature  tau in [0, inf]; or (N,), one for each draw
    rng          draws one u for each symbol, whatever the temperature; None: `numpy.random.default_rng(0)`

    Raises ShapeError where network, prompt or temperatures do not fit, ValueError for a symbol or number out of range.
    """
    require("network", network, Network)
    I, N = network.input_size, whole("steps", steps, 1)
    if network.bidirectional or network.output_width != I:
        raise ShapeError(
            f"to read what it draws, a network needs one direction, and as many outputs as its {I} inputs; "
            f"got {network.num_directions} and {network.output_width}"
        )
    read, taus = _symbols(prompt, I), _temperatures(temperature, N)
    chances = (np.random.default_rng(0) if rng is None else generator(rng)).random(N)
    zeros = [np.zeros((1, network.hidden_size), network.dtype)] * network.num_layers
    states = {name: list(zeros) for name in network.spec.states}
    one_hot = np.eye(I, dtype=network.dtype)
    symbols, logits = np.concatenate([read, np.zeros(N, np.int64)]), np.empty((N, I), network.dtype)
    y = np.empty((1, I), network.dtype)
    for symbol in read:
        y = advance(network, one_hot[symbol][None], states)
    for n in range(N):
        logits[n] = y[0]
        symbols[len(read) + n] = draw(tempered(y[0], taus[n]), chances[n])
        if n < N - 1:
            y = advance(network, one_hot[symbols[len(read) + n]][None], states)
    return Sampled(symbols, logits, chances, taus)


def _symbols(prompt: Sequence[int] | ArrayLike, I: int) -> Codes:
    """The prompt as whole numbers (P,)."""
    given = as_array("prompt", prompt)
    if given.ndim != 1 or not given.size or given.dtype.kind not in "iu":
        raise ShapeError(f"prompt must be whole numbers (P,), at least one; got {given.dtype} of shape {given.shape}")
    if (given < 0).any() or (given >= I).any():
        raise ValueError(f"prompt must hold symbols 0 to {I - 1}, got {given.min()} to {given.max()}")
    return given.astype(np.int64)


def _temperatures(temperature: ArrayLike, N: int) -> NDArray[np.float64]:
    """One for each draw, (N,)."""
    given = real_array("temperature", temperature, np.float64)
    if given.shape not in ((), (N,)):
        raise ShapeError(f"temperature must be a number, or one for each of {N} draws; got shape {given.shape}")
    if not (given >= 0).all():
        raise ValueError(f"temperature must be in [0, inf], got {given.min()}")
    return np.full(N, given, np.float64)
