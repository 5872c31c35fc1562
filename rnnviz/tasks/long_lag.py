"""Noise-free and noisy sequences with long time lags: the last symbol repeats one from the beginning.

    noise_free_long_lag    (2a)    x|y  a_1 a_2 ... a_(p-1)  x|y         always the same symbols between
    noisy_long_lag         (2b)    x|y  a   a   ... a        x|y         drawn from the p - 1 symbols
    very_long_lag          (2c)    b  x|y  a a ... a  e  x|y             q + k of them, drawn from p symbols

Hochreiter & Schmidhuber (1997), experiments 2a, 2b and 2c (section 5.2). In 2a and 2b the net predicts every next
symbol among all p + 1; the paper has p = 100. In 2c it has two outputs, x or y, and error signals at the end alone,
when it has read the trigger e; k = 0, 1, ... has the probability 1/10 (9/10)^k. The paper writes distractors of 2c as
a_i with i <= q; as its table has p symbols and q up to 20 p, p is meant. It gives their expected length as q + 14; the
sum that it writes there is q + 13, since k is 9 on average.

Inputs are one-hot: a_1, a_2, ..., then (2c) e, b, and x, y. Whoever knows all but the symbol to be remembered has a
softmax cross-entropy of

    2a    log 2 / p nats per step                               and 0 with it
    2b    ((p - 1) log(p - 1) + log 2) / p nats per step        and (p - 1) log(p - 1) / p with it
    2c    log 2 nats                                            and 0 with it

The papers' criterion, all outputs within 0.25 (2c: 0.2) of 0 or 1, is for sigmoid outputs with the squared error; here
the largest logit answers.
"""

import math

import numpy as np
from numpy.typing import NDArray

from rnnviz.arrays import generator, whole
from rnnviz.losses import length_mask
from rnnviz.tasks.batch import SequenceBatch

STOP = 0.1  # probability of the trigger at each step of 2c's suffix


def noise_free_long_lag(rng: np.random.Generator, batch_size: int, num_steps: int = 100) -> SequenceBatch:
    """Draw from the two sequences of experiment 2a, for the softmax cross-entropy: I = Q = p + 1, T = p.

    batch_size: B, at least 1. num_steps: p, at least 2: the steps from the first symbol to the one that repeats it. All
    steps count. Raises ValueError for sizes out of range, or an `rng` that is none.
    """
    batch_size, num_steps = whole("batch_size", batch_size, 1), whole("num_steps", num_steps, 2)
    between = np.repeat(np.arange(num_steps - 1)[:, np.newaxis], batch_size, axis=1)
    return _next_symbols(between, generator(rng).integers(0, 2, batch_size), floor=0.0)


def noisy_long_lag(rng: np.random.Generator, batch_size: int, num_steps: int = 100) -> SequenceBatch:
    """Draw sequences of experiment 2b, for the softmax cross-entropy: I = Q = p + 1, T = p.

    batch_size: B, at least 1. num_steps: p, at least 2: the steps from the first symbol to the one that repeats it. All
    steps count; only the last can be foreseen. `allowed` are all symbols between, and at the end the one.
    Raises ValueError for sizes out of range, or an `rng` that is none.
    """
    batch_size, num_steps = whole("batch_size", batch_size, 1), whole("num_steps", num_steps, 2)
    first = generator(rng).integers(0, 2, batch_size)
    between = rng.integers(0, num_steps - 1, (num_steps - 1, batch_size))
    allowed = np.zeros((num_steps, batch_size, num_steps + 1), np.bool_)
    allowed[:-1, :, : num_steps - 1] = True
    allowed[-1, np.arange(batch_size), num_steps - 1 + first] = True
    return _next_symbols(between, first, (num_steps - 1) * math.log(num_steps - 1) / num_steps, allowed)


def very_long_lag(
    rng: np.random.Generator, batch_size: int, num_steps: int = 100, num_symbols: int = 100
) -> SequenceBatch:
    """Draw sequences of experiment 2c, for the softmax cross-entropy: I = p + 4, Q = 2, baseline log 2.

    batch_size: B, at least 1. num_steps: q, at least 1; the shortest lag is q + 1. num_symbols: p, at least 1, the
    number of distractor symbols. Lengths are q + 3 + k, the symbol asked for left out. Only the last step counts:
    class 0 is x, 1 is y.
    Raises ValueError for sizes out of range, or an `rng` that is none.
    """
    batch_size, q = whole("batch_size", batch_size, 1), whole("num_steps", num_steps, 1)
    p, sequences = whole("num_symbols", num_symbols, 1), np.arange(batch_size)
    lengths = q + 2 + generator(rng).geometric(STOP, batch_size)  # geometric counts from 1
    longest = int(lengths.max())
    second = rng.integers(0, 2, batch_size)
    symbols = rng.integers(0, p, (longest, batch_size))
    symbols[0], symbols[1] = p + 1, p + 2 + second
    symbols[lengths - 1, sequences] = p
    targets, mask = np.zeros((longest, batch_size), np.int64), np.zeros((longest, batch_size), np.bool_)
    targets[lengths - 1, sequences], mask[lengths - 1, sequences] = second, True
    x = np.eye(p + 4)[symbols] * length_mask(lengths, longest)[:, :, np.newaxis]
    return SequenceBatch(x, targets, mask, lengths, output_size=2, baseline=math.log(2.0))


def _next_symbols(
    between: NDArray[np.int64], first: NDArray[np.int64], floor: float, allowed: NDArray[np.bool_] | None = None
) -> SequenceBatch:
    """Put x or y, 0 or 1 in `first` (B,), around the symbols `between` (p - 1, B), and ask for each next symbol."""
    p, batch_size = len(between) + 1, len(first)
    ends = first[np.newaxis] + p - 1
    symbols = np.concatenate([ends, between, ends])
    return SequenceBatch(
        x=np.eye(p + 1)[symbols[:-1]],
        targets=symbols[1:],
        mask=np.ones((p, batch_size), np.bool_),
        lengths=np.full(batch_size, p, np.int64),
        output_size=p + 1,
        baseline=floor + math.log(2.0) / p,
        floor=floor,
        allowed=allowed,
    )
