"""What is learned: a German number word, letter by letter, and a question: its hundreds, its tens or its ones?

Both networks get the same data, about as many parameters, the same batches and as many updates, each with the best of
four learning rates on the words of CHOSEN_AT, which neither learns from. A number is held out where it leaves 3 when
divided by 7, as in the lesson on translation: no network has ever read it.
"""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import rnnviz as rv
from lessons.common import trials
from rnnviz.arrays import Array
from rnnviz.losses import Loss
from rnnviz.self_attention import SelfAttention, SelfAttentionTrace
from rnnviz.training import Checkpoint

FILE = Path(__file__).parents[1] / "data" / "number_words.csv"
EVERY, HELD_AT, CHOSEN_AT = 7, 3, 5
PLACES = ("hundreds", "tens", "ones")  # what is asked
MARKS = ("H", "T", "O")  # and the symbol that asks it, after the word
LONGEST = 30  # steps: the longest word, and the question
DIGITS = 10
KINDS = ("recurrent", "attention", "shuffled")  # the last one has no positions
UNITS = {"recurrent": 33, "attention": 32, "shuffled": 32}
RATES = {"recurrent": 0.02, "attention": 0.01, "shuffled": 0.01}
BATCH, CLIP, UPDATES = 64, 1.0, 600

Network = rv.Network | SelfAttention
Trace = rv.Trace | SelfAttentionTrace


@cache
def words() -> tuple[str, ...]:
    """The German words of 0 to 999."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return tuple(row["de"] for row in csv.DictReader(file))


@cache
def alphabet() -> str:
    """All letters of these words, then the questions' symbols."""
    return "".join([*sorted(set("".join(words()))), *MARKS])


def digit(number: int, place: int) -> int:
    """The hundreds (place 0), tens or ones of a number."""
    return number // (100, 10, 1)[place] % DIGITS


@dataclass(frozen=True, eq=False)
class Asked:
    """B questions, padded: x (T, B, I) one-hot, targets and mask (T, B), lengths (B,). The last step of each counts."""

    x: Array
    targets: NDArray[np.int64]
    mask: NDArray[np.bool_]
    lengths: NDArray[np.int64]

    def loss(self, y: Array) -> Loss:
        """Cross-entropy of the digits, in nats."""
        return rv.losses.softmax_cross_entropy(y, self.targets, self.mask)

    def said(self, y: Array) -> NDArray[np.int64]:
        """(B,) the digits that logits y (T, B, Q) give."""
        return np.asarray(y[self.lengths - 1, np.arange(len(self.lengths))].argmax(axis=1))

    def right(self, y: Array) -> float:
        """The share of right digits."""
        return float((self.said(y) == self.targets.max(axis=0)).mean())


def asked(questions: Sequence[tuple[str, int, int]]) -> Asked:
    """Words, each with the place that is asked and the digit there, in one batch."""
    lengths = np.array([len(word) + 1 for word, _, _ in questions])
    x = np.zeros((int(lengths.max()), len(questions), len(alphabet())), np.float32)
    for b, (word, place, _) in enumerate(questions):
        for t, symbol in enumerate(word + MARKS[place]):
            x[t, b, alphabet().index(symbol)] = 1
    mask = np.arange(len(x))[:, None] == lengths - 1
    return Asked(x, np.where(mask, [right for _, _, right in questions], 0), mask, lengths)


def of_numbers(numbers: Sequence[int]) -> Asked:
    """All three questions of each."""
    return asked([(words()[n], place, digit(n, place)) for n in numbers for place in range(len(PLACES))])


@cache
def numbers(rest: int | None = None) -> tuple[int, ...]:
    """Those that leave this rest when divided by 7; None: those that are learned from."""
    kept = [n % EVERY not in (HELD_AT, CHOSEN_AT) if rest is None else n % EVERY == rest for n in range(1000)]
    return tuple(np.flatnonzero(kept).tolist())


@cache
def everything() -> Asked:
    """All that is learned from."""
    return of_numbers(numbers())


@cache
def held_out() -> Asked:
    """All that is held out."""
    return of_numbers(numbers(HELD_AT))


def sample(rng: np.random.Generator) -> Asked:
    """A batch of questions that are learned from."""
    chosen, whole = rng.choice(len(everything().lengths), BATCH), everything()
    lengths = whole.lengths[chosen]
    T = int(lengths.max())
    return Asked(whole.x[:T, chosen], whole.targets[:T, chosen], whole.mask[:T, chosen], lengths)


@dataclass(frozen=True)
class Run:
    """A network that learns: its kind and seed; rate: the highest learning rate, None: the best one of its kind."""

    kind: str
    seed: int = 0
    rate: float | None = None
    updates: int = UPDATES

    def network(self) -> Any:
        """As it begins."""
        return begun(self.kind, self.seed)

    def start(self) -> Checkpoint[Any]:
        """The checkpoint of update 0."""
        return trials.start(self.network(), self.seed)

    def go(self, checkpoint: Checkpoint[Any]) -> Iterator[Checkpoint[Any]]:
        """Trained on from a checkpoint: Adam, a learning rate that falls to 0 by half a cosine."""
        rate = rv.schedules.cosine(self.rate or RATES[self.kind], 0.0, self.updates)
        return trials.go(checkpoint, sample, learning_rate=rate, clip=CLIP)


@lru_cache(maxsize=32)
def begun(kind: str, seed: int, steps: int = LONGEST) -> Network:
    """A network of this kind as it begins, which can read so many steps."""
    rng, I = np.random.default_rng(seed), len(alphabet())
    if kind == "recurrent":
        return rv.Network.create("lstm", I, UNITS[kind], output_size=DIGITS, dtype=np.float32, rng=rng)
    positions = None if kind == "shuffled" else steps
    return SelfAttention.create(I, UNITS[kind], DIGITS, positions, np.float32, rng)


def read(network: Network, x: Array, lengths: NDArray[np.int64] | None = None) -> Trace:
    """What it makes of x (T, B, I)."""
    if isinstance(network, SelfAttention):
        return rv.self_attention.forward(network, x, lengths)
    return rv.unroll(network, x, lengths)


def back(trace: Trace, dy: Array) -> Array:
    """dL/dx (T, B, I)."""
    if isinstance(trace, SelfAttentionTrace):
        return rv.self_attention.backward(trace, dy).dx
    return rv.backpropagate(trace.network, trace, dy).dx


def score(network: Network) -> float:
    """The share of right digits on what is held out."""
    of = held_out()
    return of.right(read(network, of.x, of.lengths).y)


@dataclass(frozen=True, eq=False)
class Look:
    """A network reads one word and one question.

    trace   of the pass over x (T, 1, I); dy: 1 at that digit's logit, at the last step
    digit   what it says; p (10,), how sure it is of each
    norms   (T,) of the gradient of that digit's logit, dy = 1, by each input
    weights (T,) with which the question looks at each position; None of a recurrent network
    """

    trace: Any
    x: Array
    dy: Array
    digit: int
    p: Array
    norms: Array
    weights: Array | None


@lru_cache(maxsize=64)
def look(network: Network, word: str, place: int) -> Look:
    """Of this network, in float64."""
    wide: Any = network
    wide = wide.with_parameters({name: a.astype(np.float64) for name, a in network.state_dict().items()})
    x = asked([(word, place, 0)]).x.astype(np.float64)
    trace = read(wide, x)
    logits = trace.y[-1, 0]
    p = np.exp(logits - logits.max())
    dy = np.zeros_like(trace.y)
    dy[-1, 0, logits.argmax()] = 1
    weights = trace.attention.weights[-1, 0] if isinstance(trace, SelfAttentionTrace) else None
    norms = np.linalg.norm(back(trace, dy)[:, 0], axis=1)
    return Look(trace, x, dy, int(logits.argmax()), p / p.sum(), norms, weights)
