"""The embedded Reber grammar: at every step, which symbol comes next? One of them was settled at the beginning.

    embedded    B, then T or P, then a string of the Reber grammar, then the same T or P again, then E
    Reber       B, then from node 0 on: symbol and next node

        0: T 1, P 2      1: S 1, X 3      2: T 2, V 4      3: X 2, S 5      4: P 3, V 5      5: E, the end

Where there is a choice, both edges have the probability 1/2. Hochreiter & Schmidhuber (1997), experiment 1 (section
5.1), after Smith & Zipser (1989), Cleeremans et al. (1989) and Fahlman (1991). One-hot inputs in the order of
`SYMBOLS`. The paper draws 256 strings to train on and 256 others to test; a trial is successful if in all of them the
outputs of the symbols that may come next are always the largest: `SequenceBatch.solved`. It trains on the squared error
of sigmoid outputs; here it is the softmax cross-entropy of the symbol that did come next.

A Reber string has 6 choices and 8 symbols on average (c_i choices from node i: c_1 = 1 + (c_1 + c_3) / 2 and so on
gives c = 6, 16/3, 14/3, 10/3, 8/3, 0), an embedded one 7 choices and 11 symbols to predict. So over many strings a
step costs whoever knows the grammar 7 log 2 / 11 = 0.441 nats, and one who has forgotten the second symbol, but knows
all the rest, log 2 / 11 more: 0.504.
"""

import math

import numpy as np

from rnnviz.arrays import generator, whole
from rnnviz.losses import length_mask
from rnnviz.tasks.batch import SequenceBatch

SYMBOLS = "BTPSXVE"
# Of each node of the Reber grammar: symbol and next node of its two edges.
REBER = (("T1", "P2"), ("S1", "X3"), ("T2", "V4"), ("X2", "S5"), ("P3", "V5"), ("E6", "E6"))


def _automaton() -> list[list[tuple[str, int]]]:
    """The embedded grammar's nodes, two edges (symbol, next node) each: 0 begins, the last one ends every string.

    1 is what follows B; from 2 on comes the copy after T, from 10 on the one after P: its own B, the six nodes of the
    Reber grammar, and the symbol to be repeated.
    """
    nodes = [[("B", 1)] * 2, [("T", 2), ("P", 10)]]
    for base, repeated in ((2, "T"), (10, "P")):
        nodes.append([("B", base + 1)] * 2)
        nodes += [[(edge[0], base + 1 + int(edge[1])) for edge in edges] for edges in REBER]
        nodes.append([(repeated, 18)] * 2)
    return [*nodes, [("E", 18)] * 2]


_NODES = _automaton()
_SYMBOL = np.array([[SYMBOLS.index(symbol) for symbol, _ in edges] for edges in _NODES])
_NEXT = np.array([[node for _, node in edges] for edges in _NODES])
_ALLOWED = np.eye(len(SYMBOLS), dtype=np.bool_)[_SYMBOL].any(axis=1)
_LAST = len(_NODES) - 1


def embedded_reber(rng: np.random.Generator, batch_size: int) -> SequenceBatch:
    """Draw strings of the embedded Reber grammar, for the softmax cross-entropy: I = Q = 7, at least 8 steps.

    batch_size: B, at least 1. Strings are as long as they come, 12 symbols on average, at least 9; the last one is
    predicted, not read. All steps of each sequence count. `allowed` are the symbols that may come next.
    Raises ValueError for sizes out of range, or an `rng` that is none.
    """
    batch_size = whole("batch_size", batch_size, 1)
    node = np.zeros(batch_size, np.int64)
    nodes, symbols = [node], []
    while not (node == _LAST).all():
        choice = generator(rng).integers(0, 2, batch_size)
        symbols.append(_SYMBOL[node, choice])
        node = _NEXT[node, choice]
        nodes.append(node)
    targets = np.stack([*symbols[1:], np.full(batch_size, SYMBOLS.index("E"))])
    lengths = (np.stack(nodes[:-1]) != _LAST).sum(axis=0)
    mask = length_mask(lengths, len(symbols))
    return SequenceBatch(
        x=np.eye(len(SYMBOLS))[np.stack(symbols)] * mask[:, :, np.newaxis],
        targets=np.where(mask, targets, 0),
        mask=mask,
        lengths=lengths,
        output_size=len(SYMBOLS),
        baseline=8.0 * math.log(2.0) / 11.0,
        floor=7.0 * math.log(2.0) / 11.0,
        allowed=_ALLOWED[np.stack(nodes[1:])] & mask[:, :, np.newaxis],
    )
