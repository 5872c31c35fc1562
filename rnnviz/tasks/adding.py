"""The adding problem: remember two marked numbers, and give their sum at the end.

    x_t = (value, mark)    value ~ U[0, 1];  mark = 1 at two steps, one in each half, and 0 elsewhere
    y_T = value at the first mark + value at the second

`adding` is Hochreiter & Schmidhuber (1997), experiment 4, as posed by Le, Jaitly & Hinton (2015), section 4.1: values
in [0, 1] and one fixed length; one mark in each half as in Arjovsky, Shah & Bengio (2016), section 4.2. The code of
Pascanu, Mikolov & Bengio (2013; github.com/pascanur/trainingRNNs, addition.py) draws the marks from the first tenth
and from T/10 ... T/2, the length from T ... 11T/10, and halves the sum.

Whoever answers 1, the mean of the sum, without looking has a mean squared error of Var(U + U') = 2/12 = 0.1667.

`adding_1997` is experiment 4 as published: values ~ U[-1, 1], lengths from T ... 11T/10, one mark among the first ten
steps, one among the first T/2 - 1 that are left, marks of -1 at the first and last step, and y = 1/2 + (X_1 + X_2) / 4.
"In the rare case where the first pair gets marked" its value is taken as 0: its mark stays -1. So the number of values
that count is 2 - P with P = 1/10 + 9/10 / (T/2 - 1), each has a variance of 1/3, and whoever answers 1/2 has a mean
squared error of (2 - P) / 48, nearly 1/24. The paper counts an answer as right when its error is below 0.04.
"""

import numpy as np

from rnnviz.arrays import generator, whole
from rnnviz.losses import length_mask
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


def adding_1997(rng: np.random.Generator, batch_size: int, num_steps: int = 100) -> SequenceBatch:
    """Draw sequences of experiment 4 as published, for the mean squared error: I = 2, Q = 1, baseline nearly 1/24.

    batch_size: B, at least 1. num_steps: the shortest length, at least 22; T = num_steps + num_steps // 10 is the
    longest. Only the last step of each sequence counts.
    Raises ValueError for sizes out of range, or an `rng` that is none.
    """
    batch_size, num_steps = whole("batch_size", batch_size, 1), whole("num_steps", num_steps, 22)
    longest, sequences, others = num_steps + num_steps // 10, np.arange(batch_size), num_steps // 2 - 1
    lengths = generator(rng).integers(num_steps, longest, batch_size, endpoint=True)
    value = rng.uniform(-1.0, 1.0, (longest, batch_size))
    first, second = rng.integers(0, 10, batch_size), rng.integers(0, others, batch_size)
    second += second >= first  # the first mark's place is taken
    mark = np.zeros((longest, batch_size))
    mark[first, sequences] = mark[second, sequences] = 1.0
    mark[0] = mark[lengths - 1, sequences] = -1.0
    targets, mask = np.zeros((longest, batch_size, 1)), np.zeros((longest, batch_size), np.bool_)
    targets[lengths - 1, sequences, 0] = 0.5 + (value * (mark == 1.0)).sum(axis=0) / 4.0
    mask[lengths - 1, sequences] = True
    return SequenceBatch(
        x=np.stack([value, mark], axis=2) * length_mask(lengths, longest)[:, :, np.newaxis],
        targets=targets,
        mask=mask,
        lengths=lengths,
        output_size=1,
        baseline=(2.0 - 0.1 - 0.9 / others) / 48.0,
    )
