"""The temporal order problem: two symbols, or three, far apart among many others; which came first?

    E . . . X|Y . . . . . X|Y . . . . . B        . is one of a, b, c, d
            t_1           t_2

    classes by (first, second): 0 = (X, X), 1 = (X, Y), 2 = (Y, X), 3 = (Y, Y)

`temporal_order` is the form of Hochreiter & Schmidhuber (1997), experiment 6a: the sequence begins with E and ends with
the trigger B; its length is drawn from 100 ... 110, t_1 from 10 ... 20 and t_2 from 50 ... 60. With `num_relevant=3`
it is experiment 6b: t_2 from 33 ... 43, a third symbol at t_3 from 66 ... 76, and eight classes in the same order, from
0 = (X, X, X) to 7 = (Y, Y, Y). Here these numbers scale with `num_steps`. Inputs are one-hot in the order of `SYMBOLS`.

`temporal_order_fixed` is the simpler form of Pascanu, Mikolov & Bengio (2013), supplementary material: T is fixed,
nothing marks beginning and end, and inputs are one-hot in the order of `FIXED_SYMBOLS`. Positions, steps counted from
0, ends excluded, are those of the code published with it (github.com/pascanur/trainingRNNs, tempOrder.py and
tempOrder3bit.py):

    two symbols      T/10 ... 2T/10,  5T/10 ... 6T/10
    three symbols    T/10 ... 2T/10,  3T/10 ... 4T/10,  6T/10 ... 7T/10

The code's own comment puts the first symbol into 1 ... T/10, which it does not do. It numbers classes with the first
symbol as the lowest bit; here, in both forms, the first symbol is the highest. Martens & Sutskever (2011) train on the
same problem, after experiment 6.

Guessing costs a softmax cross-entropy of log 4 nats with two symbols, log 8 with three.
"""

import math

import numpy as np
from numpy.typing import NDArray

from rnnviz.arrays import generator, whole
from rnnviz.losses import length_mask
from rnnviz.tasks.batch import SequenceBatch

SYMBOLS = "abcdXYEB"
FIXED_SYMBOLS = "ABcdef"
TENTHS = {2: (1, 5), 3: (1, 3, 6)}  # T/10 at which the fixed form's relevant symbols begin


def temporal_order(
    rng: np.random.Generator, batch_size: int, num_steps: int = 100, num_relevant: int = 2
) -> SequenceBatch:
    """Draw sequences of temporal order, for the softmax cross-entropy: I = 8, Q = 4, baseline log 4; or Q = 8, log 8.

    batch_size: B, at least 1. num_steps: the shortest length, at least 10; lengths are drawn from num_steps ... T =
    num_steps + num_steps // 10, t_1 from num_steps // 10 ... num_steps // 5, and t_2 from num_steps // 2 ...
    6 num_steps // 10, ends included, steps counted from 0. Only the last step of each sequence counts.
    num_relevant: 2, or 3 with t_2 and t_3 from 33 and 66 hundredths of num_steps ... 43 and 76 hundredths.
    Raises ValueError for sizes out of range, or an `rng` that is none.
    """
    batch_size, num_steps = whole("batch_size", batch_size, 1), whole("num_steps", num_steps, 10)
    longest = num_steps + num_steps // 10
    lengths = generator(rng).integers(num_steps, longest, batch_size, endpoint=True)
    starts = (50,) if _two_or_three(num_relevant) == 2 else (33, 66)
    spans = [(num_steps // 10, num_steps // 5)]
    spans += [(start * num_steps // 100, (start + 10) * num_steps // 100) for start in starts]
    places = [rng.integers(low, high, batch_size, endpoint=True) for low, high in spans]
    relevant = rng.integers(0, 2, (len(places), batch_size))
    sequences = np.arange(batch_size)
    symbols = rng.integers(0, SYMBOLS.index("d"), (longest, batch_size), endpoint=True)
    symbols[0] = SYMBOLS.index("E")
    for place, symbol in zip(places, relevant, strict=True):
        symbols[place, sequences] = SYMBOLS.index("X") + symbol
    symbols[lengths - 1, sequences] = SYMBOLS.index("B")
    return _batch(np.eye(len(SYMBOLS))[symbols], relevant, lengths)


def temporal_order_fixed(
    rng: np.random.Generator, batch_size: int, num_steps: int = 100, num_relevant: int = 2
) -> SequenceBatch:
    """Draw sequences of temporal order at a fixed length, for the softmax cross-entropy: I = 6; Q = 4 or 8.

    batch_size: B, at least 1. num_steps: T, at least 10. num_relevant: how many symbols to remember, 2 or 3; the
    baseline is log 4 or log 8. Only the last step counts.
    Raises ValueError for sizes out of range, or an `rng` that is none.
    """
    batch_size, num_steps = whole("batch_size", batch_size, 1), whole("num_steps", num_steps, 10)
    starts, tenth = TENTHS[_two_or_three(num_relevant)], num_steps // 10
    places = generator(rng).integers(0, tenth, (len(starts), batch_size))
    relevant = rng.integers(0, 2, (len(starts), batch_size))
    symbols = rng.integers(2, len(FIXED_SYMBOLS), (num_steps, batch_size))
    for start, place, symbol in zip(starts, places, relevant, strict=True):
        symbols[start * num_steps // 10 + place, np.arange(batch_size)] = symbol
    return _batch(np.eye(len(FIXED_SYMBOLS))[symbols], relevant, np.full(batch_size, num_steps, np.int64))


def _batch(x: NDArray[np.float64], relevant: NDArray[np.int64], lengths: NDArray[np.int64]) -> SequenceBatch:
    """Ask for the order of the relevant symbols, 0 or 1 each, (2 or 3, B), at the last step of each sequence."""
    longest, batch_size = x.shape[:2]
    sequences, num_classes = np.arange(batch_size), 2 ** len(relevant)
    targets = np.zeros((longest, batch_size), np.int64)
    targets[lengths - 1, sequences] = 2 ** np.arange(len(relevant))[::-1] @ relevant
    mask = np.zeros((longest, batch_size), np.bool_)
    mask[lengths - 1, sequences] = True
    return SequenceBatch(
        x=x * length_mask(lengths, longest)[:, :, np.newaxis],
        targets=targets,
        mask=mask,
        lengths=lengths,
        output_size=num_classes,
        baseline=math.log(num_classes),
    )


def _two_or_three(num_relevant: int) -> int:
    """`num_relevant` as an int; ValueError unless it is 2 or 3."""
    if whole("num_relevant", num_relevant, 2) > 3:
        raise ValueError(f"num_relevant must be 2 or 3, got {num_relevant!r}")
    return int(num_relevant)
