"""The language a^n b^n: after n times a come n times b, and then the end. Which symbols may come next?

    read        S    a    a    a    b    b    b          I = 3: S, a, b
    may come    a    ab   ab   ab   b    b    T          Q = 3: a, b, T

Gers & Schmidhuber (2001), "LSTM recurrent networks learn simple context-free and context-sensitive languages". Each
string stands between S and T; n is drawn from 1 ... N to train, and then strings with larger n are tried. A string is
accepted if every step's set is right, each symbol by itself: `SequenceBatch.solved`. The paper's inputs and targets are
+1 and -1, an output above 0 says yes, and it trains on the squared error; here inputs are one-hot and the outputs
logits of the binary cross-entropy, 0 being the boundary just the same.

Whoever sees the current symbol, but does not count, is sure of all but what follows a b: T after the last of n, or
another b. The best answer is that T comes with the probability 1/m, m = (shortest + N) / 2 being the mean of n: two
outputs of three with the entropy H(1/m), at m of 2m + 1 steps. So the baseline is 2 m H(1/m) / (3 (2m + 1)) nats, with
H(p) = -p log p - (1 - p) log(1 - p). Whoever counts has no loss at all.
"""

import math

import numpy as np

from rnnviz.arrays import generator, whole
from rnnviz.losses import length_mask
from rnnviz.tasks.batch import SequenceBatch

INPUTS, OUTPUTS = "Sab", "abT"


def a_n_b_n(rng: np.random.Generator, batch_size: int, longest: int = 10, shortest: int = 1) -> SequenceBatch:
    """Draw strings of a^n b^n, for the binary cross-entropy of the next symbols: I = Q = 3, at most 2N + 1 steps.

    batch_size: B, at least 1. longest: N, at least 1; n is drawn from shortest ... N, ends included, shortest at least
    1. All steps of each sequence count; T = 2N + 1 whatever was drawn.
    Raises ValueError for sizes out of range, or an `rng` that is none.
    """
    batch_size = whole("batch_size", batch_size, 1)
    longest, shortest = whole("longest", longest, 1), whole("shortest", shortest, 1)
    if shortest > longest:
        raise ValueError(f"shortest must be at most longest, {longest}, got {shortest}")
    n = generator(rng).integers(shortest, longest, batch_size, endpoint=True)
    lengths, t = 2 * n + 1, np.arange(2 * longest + 1)[:, np.newaxis]
    mask = length_mask(lengths, len(t))
    symbols = np.where(t == 0, INPUTS.index("S"), np.where(t <= n, INPUTS.index("a"), INPUTS.index("b")))
    targets = np.stack([t <= n, (t >= 1) & (t < 2 * n), t == 2 * n], axis=2)
    return SequenceBatch(
        x=np.eye(len(INPUTS))[symbols] * mask[:, :, np.newaxis],
        targets=targets & mask[:, :, np.newaxis],
        mask=mask,
        lengths=lengths,
        output_size=len(OUTPUTS),
        baseline=_baseline((shortest + longest) / 2.0),
    )


def _baseline(mean: float) -> float:
    """What it costs not to count, in nats per step, when n is `mean` on average."""
    if mean == 1.0:
        return 0.0
    p = 1.0 / mean
    entropy = -p * math.log(p) - (1.0 - p) * math.log(1.0 - p)
    return 2.0 * mean * entropy / (3.0 * (2.0 * mean + 1.0))
