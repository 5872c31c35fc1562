"""The delayed echo: say at each step what was heard `delay` steps ago.

    x_t ~ U[-1/2, 1/2]        y_t = x_(t - delay)

Jaeger (2001), "Short term memory in echo state networks", GMD report 152: the input is drawn anew at each step from
[-0.5, 0.5], so that nothing but memory helps. There, one network has an output for each of many delays, and how well
each is recalled sums up to its memory capacity; here there is one delay.

Whoever answers 0 has a mean squared error of Var(x) = 1/12.
"""

import numpy as np

from rnnviz.arrays import generator, whole
from rnnviz.tasks.batch import SequenceBatch


def delayed_echo(rng: np.random.Generator, batch_size: int, num_steps: int, delay: int = 5) -> SequenceBatch:
    """Draw sequences of the delayed echo, for the mean squared error: I = Q = 1, baseline 1/12.

    batch_size: B, at least 1. delay: in steps, at least 1. num_steps: T, at least delay + 1. The first `delay` steps do
    not count, since there is nothing to echo yet.
    Raises ValueError for sizes out of range, or an `rng` that is none.
    """
    batch_size, delay = whole("batch_size", batch_size, 1), whole("delay", delay, 1)
    num_steps = whole("num_steps", num_steps, delay + 1)
    x = generator(rng).uniform(-0.5, 0.5, (num_steps, batch_size, 1))
    targets, mask = np.zeros_like(x), np.zeros((num_steps, batch_size), np.bool_)
    targets[delay:], mask[delay:] = x[:-delay], True
    lengths = np.full(batch_size, num_steps, np.int64)
    return SequenceBatch(x, targets, mask, lengths, output_size=1, baseline=1.0 / 12.0)
