"""The copy problem: keep a string of symbols through a blank delay, and say it again when told to.

    step     0 ... R-1      R ... R+delay-2    R+delay-1    R+delay ... 2R+delay-1
    x        the string     blank              marker       blank
    target   blank          blank              blank        the string

Arjovsky, Shah & Bengio (2016), section 4.1, after Hochreiter & Schmidhuber (1997): with K symbols, class K is the
blank, and the inputs have one class more, the marker K + 1; inputs are one-hot. The paper has R = 10 and K = 8.
The code published with it (github.com/amarshah/complex_RNN, memory_problem.py) has the same sequences; it numbers the
blank 0 and the symbols from 1, and draws 100,000 of them once to train on.

Whoever knows when to answer, but not what, has a softmax cross-entropy of R log K / (delay + 2R) nats per step;
in the paper 10 log 8 / (delay + 20).
"""

import math

import numpy as np

from rnnviz.arrays import generator, whole
from rnnviz.tasks.batch import SequenceBatch


def copy_memory(
    rng: np.random.Generator, batch_size: int, delay: int, num_recall: int = 10, num_symbols: int = 8
) -> SequenceBatch:
    """Draw sequences of the copy problem, for the softmax cross-entropy: I = K + 2, Q = K + 1, T = delay + 2R.

    batch_size: B, at least 1. delay: steps from the end of the string to the beginning of the answer, at least 1.
    num_recall: R, the length of the string, at least 1. num_symbols: K, at least 2. All steps count.
    Raises ValueError for sizes out of range, or an `rng` that is none.
    """
    batch_size, delay = whole("batch_size", batch_size, 1), whole("delay", delay, 1)
    num_recall, num_symbols = whole("num_recall", num_recall, 1), whole("num_symbols", num_symbols, 2)
    blank, marker = num_symbols, num_symbols + 1
    num_steps = delay + 2 * num_recall
    string = generator(rng).integers(0, num_symbols, (num_recall, batch_size))
    symbols = np.full((num_steps, batch_size), blank)
    symbols[:num_recall] = string
    symbols[num_recall + delay - 1] = marker
    targets = np.full((num_steps, batch_size), blank)
    targets[-num_recall:] = string
    return SequenceBatch(
        x=np.eye(num_symbols + 2)[symbols],
        targets=targets,
        mask=np.ones((num_steps, batch_size), np.bool_),
        lengths=np.full(batch_size, num_steps, np.int64),
        output_size=num_symbols + 1,
        baseline=num_recall * math.log(num_symbols) / num_steps,
    )
