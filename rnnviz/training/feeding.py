"""What the network reads while it learns to generate: the true sequence, its own outputs, or some of both.

Where the input of a step is what the step before should have given out, as in a model of text,

    teacher forcing      x_t = the true one, always                             (Williams & Zipser 1989)
    free running         x_t = output(y_{t-1}), always, as when it generates
    scheduled sampling   x_t = the true one with probability epsilon, or else output(y_{t-1})

The last is that of Bengio, Vinyals, Jaitly & Shazeer (2015), "Scheduled sampling for sequence prediction with recurrent
neural networks", NIPS: a coin for each step of each sequence, and an epsilon that falls from update to update.

Teacher forcing is what `train` does anyhow; its gradient is exact. Where an output is fed back, the gradient is that of
the pass with this input **as a constant**: it does not flow through output(y_{t-1}) into step t - 1. Nor does it in the
paper, which leaves that to future work (section 5): what was drawn has no derivative. So the network is not told how
its output changes what it reads later.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from rnnviz.arrays import Array, generator, number, real_array, require, require_function, whole
from rnnviz.errors import ShapeError
from rnnviz.network import Network

Output: TypeAlias = Callable[[Array, np.random.Generator], Array]


def itself(y: Array, _rng: np.random.Generator) -> Array:
    """The output y (B, Q) is the next input (B, Q), as in a model of a signal."""
    return y


def most_likely(y: Array, _rng: np.random.Generator) -> Array:
    """The class of the largest logit, as one-hot input: (B, Q) -> (B, Q)."""
    return np.asarray(np.eye(y.shape[1])[y.argmax(axis=1)])


def drawn(y: Array, rng: np.random.Generator) -> Array:
    """A class drawn from softmax(y), as one-hot input: (B, Q) -> (B, Q); the largest of y + Gumbel noise."""
    return most_likely(y + rng.gumbel(size=y.shape), rng)


def inverse_sigmoid(k: float) -> Callable[[int], float]:
    """epsilon_i = k / (k + exp(i / k)) at update i, from nearly 1 to 0 (Bengio et al. 2015, 2.4). k: at least 1."""
    k = number("k", k, "[1, inf)")
    return lambda update: k / (k + math.exp(min(update / k, 700.0)))


@dataclass(frozen=True)
class Feeding:
    """How often the truth is read, and what is read in its place: `train(..., feeding=Feeding(...))`.

    truth   epsilon, the probability in [0, 1] that a step reads the batch's own x; or a function update, from 0, -> it
    output  (y (B, Q), rng) -> (B, I), the input made of what the step before gave out: `itself`, `most_likely`, `drawn`
    given   the first steps always read the batch's own x; at least 1
    """

    truth: float | Callable[[int], Any]
    output: Output = itself
    given: int = 1

    def inputs(
        self, network: Network, x: ArrayLike, update: int, rng: np.random.Generator, carried: Mapping[str, Array]
    ) -> Array:
        """What is read at this update in place of x (T, B, I); x itself where epsilon is 1."""
        given = real_array("x", x, network.dtype)
        epsilon = number("truth", self.truth(update) if callable(self.truth) else self.truth, "[0, 1]")
        if epsilon == 1.0:
            return given
        true = generator(rng).random(given.shape[:2]) < epsilon
        true[: whole("given", self.given, 1)] = True
        return _fed(network, given, true, self.output, rng, carried)


def free_run(
    network: Network,
    x: ArrayLike,
    num_steps: int,
    output: Output = itself,
    rng: np.random.Generator | None = None,
) -> Array:
    """Read x, then go on alone: the inputs (T + num_steps, B, I), x and what the network then gave itself to read.

    x          (T, B, I), at least one step
    num_steps  how many steps it generates, at least 1
    output     as in `Feeding`
    rng        for `drawn`; None: `numpy.random.default_rng(0)`

    `rnnviz.unroll(network, inputs)` is that run, with all that the network computed. Raises ShapeError where an output
    does not fit as an input.
    """
    require("network", network, Network)
    begun, n = real_array("x", x, network.dtype), whole("num_steps", num_steps, 1)
    rng = np.random.default_rng(0) if rng is None else generator(rng)
    if begun.ndim != 3 or len(begun) == 0 or begun.shape[2] != network.input_size:
        I = network.input_size
        raise ShapeError(f"x needs shape (T, B, I) with at least one step and I = {I}, got {begun.shape}")
    inputs = np.concatenate([begun, np.zeros((n, *begun.shape[1:]), begun.dtype)])
    true = np.zeros(inputs.shape[:2], np.bool_)
    true[: len(begun)] = True
    return _fed(network, inputs, true, output, rng, {})


def _fed(
    network: Network, x: Array, true: Any, output: Output, rng: np.random.Generator, carried: Mapping[str, Array]
) -> Array:
    """x (T, B, I), and where `true` (T, B) is False what the network, reading it step by step, gave out before."""
    require_function("output", output, "(y, rng) -> input")
    if network.bidirectional:
        raise ShapeError("a network that reads from both ends cannot be fed its own outputs: it needs the end first")
    x = x.copy()
    L, B, H = network.num_layers, x.shape[1], network.hidden_size
    states = {name: list(carried.get(name, np.zeros((L, B, H), network.dtype))) for name in network.spec.states}
    y = np.empty((B, network.output_width), network.dtype)
    with np.errstate(all="ignore"):
        for x_t, true_t in zip(x, true):
            if not true_t.all():
                own = real_array("output(y, rng)", output(y, rng), x.dtype)
                if own.shape != x_t.shape:
                    raise ShapeError(f"output(y, rng) must give what is read, (B, I) = {x_t.shape}; got {own.shape}")
                np.copyto(x_t, own, where=~true_t[:, None])
            y = advance(network, x_t, states)
    return x


def advance(network: Network, x: Array, states: dict[str, list[Array]]) -> Array:
    """y (B, Q) of one step; `states`, {"h" or "c": one (B, H) for each layer}, become those after it."""
    read = x
    for layer, (cell,) in enumerate(network.layers):
        step = cell.step(read, *(states[name][layer] for name in sorted(states, reverse=True)))
        for name in states:
            states[name][layer] = getattr(step, name)
        read = step.h
    return read if network.readout is None else read @ network.readout.weight.T + network.readout.bias
