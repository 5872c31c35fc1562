"""Small encoder-decoders and pairs to run them on."""

from itertools import product

import numpy as np

from rnnviz.seq2seq import EncoderDecoder, Pairs, pairs

I, Q = 4, 5
KINDS = list(product(("elman", "lstm", "gru"), (False, True), (False, True)))  # cell, attention, bidirectional


def model(cell: str = "gru", attention: bool = True, bidirectional: bool = True, seed: int = 0) -> EncoderDecoder:
    """Six units."""
    rng = np.random.default_rng(seed)
    return EncoderDecoder.create(cell, I, Q, 6, attention=attention, bidirectional=bidirectional, rng=rng)


def three() -> Pairs:
    """Three pairs of different lengths, one answer longer than its source, and one empty."""
    return pairs([[0, 1, 2], [3, 1], [2, 2, 2, 1]], [[1, 2, 2, 1], [], [3]], I, Q)
