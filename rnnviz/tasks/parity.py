"""The parity problem: has a sequence an odd number of ones? Each of them changes the answer.

    x_t = +1 or -1, each with probability 1/2        class at the end: 1 if the number of +1 is odd, 0 if it is even

Bengio, Simard & Frasconi (1994), "Learning long-term dependencies with gradient descent is difficult"; described by
Schmidhuber, Hochreiter & Bengio (2001), "Evaluating benchmark problems by random guessing". There, lengths are drawn
from 25 ... 50 (`num_steps=50, shortest=25`), and with `noise=0.2` numbers from U[-0.2, 0.2] are added to the inputs.
They have one sigmoid output for the target 0 or 1, here there are two logits.

Whoever forgets one single step can only guess: a softmax cross-entropy of log 2 nats.
"""

import math

import numpy as np

from rnnviz.arrays import generator, number, whole
from rnnviz.losses import length_mask
from rnnviz.tasks.batch import SequenceBatch


def parity(
    rng: np.random.Generator, batch_size: int, num_steps: int, shortest: int | None = None, noise: float = 0.0
) -> SequenceBatch:
    """Draw sequences of the parity problem, for the softmax cross-entropy: I = 1, Q = 2, baseline log 2.

    batch_size: B, at least 1. num_steps: T, the longest length, at least 2. shortest: lengths are drawn from shortest
    ... T, ends included; at least 2; None for T. noise: the largest number added to an input, at least 0. Only the last
    step of each sequence counts.
    Raises ValueError for sizes out of range, or an `rng` that is none.
    """
    batch_size, num_steps = whole("batch_size", batch_size, 1), whole("num_steps", num_steps, 2)
    shortest = num_steps if shortest is None else whole("shortest", shortest, 2)
    noise = number("noise", noise, "[0, 1e300]")
    if shortest > num_steps:
        raise ValueError(f"shortest must be at most num_steps, {num_steps}, got {shortest}")
    lengths = generator(rng).integers(shortest, num_steps, batch_size, endpoint=True)
    inside, sequences = length_mask(lengths, num_steps), np.arange(batch_size)
    ones = rng.integers(0, 2, (num_steps, batch_size)) * inside
    targets, mask = np.zeros((num_steps, batch_size), np.int64), np.zeros((num_steps, batch_size), np.bool_)
    targets[lengths - 1, sequences], mask[lengths - 1, sequences] = ones.sum(axis=0) % 2, True
    x = (2.0 * ones - 1.0 + rng.uniform(-noise, noise, ones.shape)) * inside
    return SequenceBatch(x[:, :, np.newaxis], targets, mask, lengths, output_size=2, baseline=math.log(2.0))
