"""The adding problem: remember two marked numbers, and give their sum at the end.

    x_t = (value, mark)    value ~ U[0, 1];  mark = 1 at two steps, one in each half, and 0 elsewhere
    y_T = value at the first mark + value at the second

Hochreiter & Schmidhuber (1997), experiment 4, as posed by Le, Jaitly & Hinton (2015), section 4.1: values in [0, 1]
and one fixed length; one mark in each half as in Arjovsky, Shah & Bengio (2016), section 4.2.

Whoever answers 1, the mean of the sum, without looking has a mean squared error of Var(U + U') = 2/12 = 0.1667.
"""

import numpy as np

from rnnviz.arrays import generator, whole
from rnnviz.tasks.batch import SequenceBatch


def adding(rng: np.random.Generator, batch_size: int, num_steps: int) -> SequenceBatch:
    """Draw sequences of the adding problem, for the mean squared error: I = 2, Q = 1, baseline 1/6.

    batch_size: B, at least 1. num_steps: T, at least 2. Only the last step counts.
    Raises ValueError for sizes out of range, or an `rng` that is none.
    """
    batch_size, num_steps = whole("batch_size", batch_size, 1), whole("num_steps", num_steps, 2)
    value = generator(rng).uniform(0.0, 1.0, (num_steps, batch_size))
    mark = np.zeros((num_steps, batch_size))
    sequences = np.arange(batch_size)
    mark[rng.integers(0, num_steps // 2, batch_size), sequences] = 1.0
    mark[rng.integers(num_steps // 2, num_steps, batch_size), sequences] = 1.0
    targets = np.zeros((num_steps, batch_size, 1))
    targets[-1, :, 0] = (value * mark).sum(axis=0)
    mask = np.zeros((num_steps, batch_size), np.bool_)
    mask[-1] = True
    return SequenceBatch(
        x=np.stack([value, mark], axis=2),
        targets=targets,
        mask=mask,
        lengths=np.full(batch_size, num_steps, np.int64),
        output_size=1,
        baseline=1.0 / 6.0,
    )
