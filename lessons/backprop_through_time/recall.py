"""A clue, noise, and then a question: a small task whose answer lies some steps back, and networks trained on it.

Symbols a and b are clues, p, q and r are noise. One symbol of a sequence is a clue, all others are noise; `back` steps
after the clue, and at no other step, it is asked whether that was a or b. So the loss enters at one step, and the
clues' columns of W_x have a gradient only where it gets back to the clue's step.

The networks in lessons/trained/recall.npz are Elman networks with UNITS tanh units that learned this with the backward
pass truncated every k steps (`rv.backpropagate(..., truncate=k)`), for each k up to LONGEST, by
lessons/trained/recall.py.
"""

import json
from dataclasses import dataclass
from functools import cache, partial
from math import log
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import rnnviz as rv
from rnnviz.arrays import Array
from rnnviz.cells.products import windows as engine_windows
from rnnviz.tasks import SequenceBatch

CLUES, NOISE = "ab", "pqr"
SYMBOLS = CLUES + NOISE
BACK = 6  # steps from the clue to the question, for the trained networks
POSITIONS = 8  # the clue stands at one of the first 8 steps when they are trained
LONGEST = POSITIONS + BACK  # steps of a sequence at most; the longest window, which truncates nothing
UNITS = 4
ZERO, DRAWN = "zero", "drawn"
STARTS = (ZERO, DRAWN)  # the clue's columns of W_x before training: 0, or at random
NETWORKS = 5  # trained for each k and start, from different seeds
FILE = Path(__file__).parents[1] / "trained" / "recall"


def batch(noise: NDArray[np.int64], at: NDArray[np.int64], clue: NDArray[np.int64], back: int) -> SequenceBatch:
    """Sequences from noise (T, B) in 0..2, the clue's step `at` (B,) from 0, and which clue it is (B,), 0 or 1.

    The inputs are one-hot (T, B, 5); the class of the clue is asked for `back` steps after it.
    """
    symbols, each = noise + len(CLUES), np.arange(len(at))
    symbols[at, each] = clue
    targets, mask = np.zeros_like(symbols), np.zeros(symbols.shape, np.bool_)
    targets[at + back, each], mask[at + back, each] = clue, True
    lengths = np.full(len(at), len(symbols), np.int64)
    return SequenceBatch(np.eye(len(SYMBOLS))[symbols], targets, mask, lengths, len(CLUES), baseline=log(len(CLUES)))


def one(seed: int, at: int, back: int, clue: str = "a") -> tuple[str, SequenceBatch]:
    """The sequence on the page, its symbols and itself as a batch; `at` from 0, the question is last."""
    noise = np.random.default_rng([seed, 7]).integers(0, len(NOISE), (at + back + 1, 1))
    made = batch(noise, np.array([at]), np.array([CLUES.index(clue)]), back)
    return "".join(SYMBOLS[k] for k in made.x[:, 0].argmax(axis=1)), made


def untrained(units: int, rho: float, seed: int) -> rv.Network:
    """Random weights; W_h is rho times a random orthogonal matrix (with one unit, rho or -rho)."""
    return rv.Network.create(
        "elman",
        len(SYMBOLS),
        units,
        output_size=len(CLUES),
        recurrent_init=partial(rv.initializers.orthogonal, gain=rho),
        rng=np.random.default_rng(seed),
    )


@cache
def before_training(start: str, seed: int) -> rv.Network:
    """The network that a training begins with: random, and its clue's columns 0 if `start` says so."""
    network = untrained(UNITS, 1.0, seed)
    state = {name: a.astype(np.float32) for name, a in network.state_dict().items()}
    if start == ZERO:
        state["weight_ih_l0"][:, : len(CLUES)] = 0
    return network.with_parameters(state)


@dataclass(frozen=True, eq=False)
class Library:
    """All trained networks.

    right    (2, LONGEST, NETWORKS): share of right answers, by start, k - 1 and seed
    answers  of how many questions
    updates  how long each was trained
    weights  {PyTorch name: (2, LONGEST, NETWORKS, ...)}
    """

    right: Array
    answers: int
    updates: int
    weights: dict[str, Array]


@cache
def library() -> Library:
    """What lessons/trained/recall.py wrote."""
    about = json.loads(FILE.with_suffix(".json").read_text(encoding="utf-8"))
    with np.load(FILE.with_suffix(".npz")) as saved:
        weights = dict(saved)
    return Library(np.array(about["right"]), about["answers"], about["updates"], weights)


@dataclass(frozen=True)
class Training:
    """One of the trainings: how the clue's weights began, the gradient truncated every k steps, and the seed from 0."""

    start: str
    k: int
    seed: int

    @property
    def place(self) -> tuple[int, int, int]:
        """Where the library has it."""
        return STARTS.index(self.start), self.k - 1, self.seed

    @property
    def network(self) -> rv.Network:
        """The network after it."""
        return rv.Network.from_state_dict({name: a[self.place] for name, a in library().weights.items()}, cell="elman")

    @property
    def right(self) -> float:
        """The share of right answers."""
        return float(library().right[self.place])

    @property
    def moved(self) -> float:
        """By how much the clues' weights moved at most."""
        before, after = before_training(self.start, self.seed), self.network
        columns = [network.layers[0][0].weight_ih[:, : len(CLUES)] for network in (before, after)]
        return float(np.abs(columns[1] - columns[0]).max())


def windows(k: int, T: int) -> list[tuple[int, int]]:
    """The windows into which `truncate=k` divides T steps: first and last step of each, from 1."""
    return [(window[-1] + 1, window[0] + 1) for window in reversed(engine_windows(range(T), k))]


def reach(k: int, T: int) -> int:
    """How many steps back a loss at step T reaches: to the beginning of its window."""
    first, last = windows(k, T)[-1]
    return last - first


def positions_within(k: int) -> int:
    """Of the POSITIONS that the clue had in training: in how many it shares a window with the question."""
    return sum(reach(k, at + BACK) >= BACK for at in range(1, POSITIONS + 1))
