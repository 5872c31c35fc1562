"""The temporal order problem: two symbols, far apart among many others; which came first?

    E . . . X|Y . . . . . X|Y . . . . . B        . is one of a, b, c, d
            t_1           t_2

    classes by (first, second): 0 = (X, X), 1 = (X, Y), 2 = (Y, X), 3 = (Y, Y)

Hochreiter & Schmidhuber (1997), experiment 6a: the sequence begins with E and ends with the trigger B; its length is
drawn from 100 ... 110, t_1 from 10 ... 20 and t_2 from 50 ... 60. Here these numbers scale with `num_steps`. Inputs
are one-hot in the order of `SYMBOLS`.

Guessing costs a softmax cross-entropy of log 4 nats.
"""

import math

import numpy as np

from rnnviz.arrays import generator, whole
from rnnviz.losses import length_mask
from rnnviz.tasks.batch import SequenceBatch

SYMBOLS = "abcdXYEB"


def temporal_order(rng: np.random.Generator, batch_size: int, num_steps: int = 100) -> SequenceBatch:
    """Draw sequences of temporal order, for the softmax cross-entropy: I = 8, Q = 4, baseline log 4.

    batch_size: B, at least 1. num_steps: the shortest length, at least 10; lengths are drawn from num_steps ... T =
    num_steps + num_steps // 10, t_1 from num_steps // 10 ... num_steps // 5, and t_2 from num_steps // 2 ...
    6 num_steps // 10, ends included, steps counted from 0. Only the last step of each sequence counts.
    Raises ValueError for sizes out of range, or an `rng` that is none.
    """
    batch_size, num_steps = whole("batch_size", batch_size, 1), whole("num_steps", num_steps, 10)
    longest = num_steps + num_steps // 10
    lengths = generator(rng).integers(num_steps, longest, batch_size, endpoint=True)
    t_1 = rng.integers(num_steps // 10, num_steps // 5, batch_size, endpoint=True)
    t_2 = rng.integers(num_steps // 2, 6 * num_steps // 10, batch_size, endpoint=True)
    first, second = rng.integers(0, 2, (2, batch_size))
    sequences = np.arange(batch_size)
    symbols = rng.integers(0, SYMBOLS.index("d"), (longest, batch_size), endpoint=True)
    symbols[0] = SYMBOLS.index("E")
    symbols[t_1, sequences] = SYMBOLS.index("X") + first
    symbols[t_2, sequences] = SYMBOLS.index("X") + second
    symbols[lengths - 1, sequences] = SYMBOLS.index("B")
    targets = np.zeros((longest, batch_size), np.int64)
    targets[lengths - 1, sequences] = 2 * first + second
    mask = np.zeros((longest, batch_size), np.bool_)
    mask[lengths - 1, sequences] = True
    return SequenceBatch(
        x=np.eye(len(SYMBOLS))[symbols] * length_mask(lengths, longest)[:, :, np.newaxis],
        targets=targets,
        mask=mask,
        lengths=lengths,
        output_size=4,
        baseline=math.log(4.0),
    )
