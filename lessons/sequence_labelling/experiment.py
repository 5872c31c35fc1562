"""A tag for every word: networks that read from the left, or both ways, how they are trained and judged.

Tagged is each step: the readout gives four logits a word, and the loss is their mean cross-entropy. A network both ways
has two directions, one from each end, and reads both states at a word before it says its tag (Schuster & Paliwal 1997;
Graves & Schmidhuber 2005). Scores are F1 by word and tag, 2 P R / (P + R), of precision P and recall R; *macro*: their
mean over the three kinds of names, since words that are no name would drown them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

import rnnviz as rv
from lessons.common import trials
from lessons.sequence_labelling.names import TAGS, Sentence, inputs, part, vocabulary
from rnnviz.arrays import Array
from rnnviz.data.batches import pad
from rnnviz.evaluation import confusion, per_class
from rnnviz.tasks import SequenceBatch
from rnnviz.training import Checkpoint

WAYS = ("left", "both")
BATCH, CLIP = 32, 1.0
SKIP = 0.15  # of the words are read as unknown while training, so that not every unknown word is a name
LIMIT, EVERY = 300, 10  # updates, and how many between two records


@dataclass(frozen=True)
class Settings:
    """One run. way: "left", from left to right, or "both"; units of each direction; rate of Adam."""

    way: str = "both"
    cell: str = "gru"
    units: int = 12
    rate: float = 0.01
    seed: int = 0

    @property
    def token(self) -> tuple[Any, ...]:
        """All that makes another training of it."""
        return trials.token(self)

    def network(self) -> rv.Network:
        """As it is initialized."""
        return rv.Network.create(
            self.cell,
            input_size=len(vocabulary()) + 1,
            hidden_size=self.units,
            bidirectional=self.way == "both",
            output_size=len(TAGS),
            rng=np.random.default_rng(self.seed),
        )

    def start(self) -> Checkpoint:
        """The checkpoint of update 0."""
        return trials.start(self.network(), self.seed)

    def go(self, checkpoint: Checkpoint) -> Iterator[Checkpoint]:
        """Trained on from a checkpoint."""
        return trials.go(checkpoint, sample, learning_rate=self.rate, clip=CLIP)


def sample(rng: np.random.Generator) -> SequenceBatch:
    """BATCH sentences of the training part; some words skipped."""
    found = batch([part("train")[k] for k in rng.choice(len(part("train")), BATCH, replace=False)])
    skipped = found.mask & (rng.random(found.mask.shape) < SKIP)
    found.x[skipped, :-1] = 0.0
    found.x[skipped, 0] = 1.0
    return found


def batch(sentences: Sequence[Sentence]) -> SequenceBatch:
    """These sentences, padded; every word counts."""
    x, lengths = pad([inputs(one.words) for one in sentences])
    targets = np.zeros(x.shape[:2], np.int64)
    for b, one in enumerate(sentences):
        targets[: len(one.tags), b] = one.tags
    mask = rv.losses.length_mask(lengths, len(x))
    return SequenceBatch(x, targets, mask, lengths, len(TAGS), float(np.log(len(TAGS))))


@cache
def held(name: str) -> SequenceBatch:
    """All sentences of a part."""
    return batch(part(name))


@dataclass(frozen=True, eq=False)
class Judged:
    """How the words of a part were tagged.

    counts    (4, 4) of each tag taken for each, rows: the true ones
    f1        (4,) of each tag; macro: the mean of the three kinds of names; accuracy: the share of right words
    """

    counts: NDArray[np.int64]
    f1: Array
    macro: float
    accuracy: float


def judged(tags: NDArray[np.int64], name: str) -> Judged:
    """Of tags (T, B) for the sentences of a part."""
    asked = held(name)
    counts = confusion(asked.targets[asked.mask], tags[asked.mask], len(TAGS))
    f1 = np.nan_to_num(per_class(counts).f1)
    return Judged(counts, f1, float(f1[1:].mean()), float(np.trace(counts) / counts.sum()))


def measured(network: rv.Network, name: str) -> Judged:
    """Of a network on a part."""
    asked = held(name)
    return judged(rv.unroll(network, asked.x, asked.lengths).y.argmax(axis=2), name)


def no_name(name: str) -> Judged:
    """Of whoever says that no word is a name."""
    return judged(np.zeros(held(name).mask.shape, np.int64), name)


def record(checkpoint: Checkpoint) -> dict[str, float]:
    """The loss of the last batch, and what it is worth on the validation part."""
    found = measured(checkpoint.network, "validation")
    each = {tag.lower(): float(f1) for tag, f1 in zip(TAGS[1:], found.f1[1:], strict=True)}
    return {"loss": checkpoint.loss, "macro": found.macro, "accuracy": found.accuracy} | each


@dataclass(frozen=True, eq=False)
class Read:
    """A sentence as a network tags it: (T,) tags, and the probability of each, (T, 4)."""

    words: tuple[str, ...]
    tags: NDArray[np.int64]
    p: Array
    trace: rv.Trace

    @property
    def unknown(self) -> tuple[bool, ...]:
        """Which words have no place in the vocabulary."""
        return tuple(word.lower() not in vocabulary() for word in self.words)


def read(network: rv.Network, words: tuple[str, ...]) -> Read:
    """The forward pass."""
    trace = rv.unroll(network, inputs(words)[:, None])
    powers = np.exp(trace.y[:, 0] - trace.y[:, 0].max(axis=1, keepdims=True))
    return Read(words, trace.y[:, 0].argmax(axis=1), powers / powers.sum(axis=1, keepdims=True), trace)


@lru_cache(maxsize=1)
def shares() -> Array:
    """(4,) the share of each tag among the words of the training part."""
    counts = np.bincount([tag for one in part("train") for tag in one.tags], minlength=len(TAGS))
    return np.asarray(counts / counts.sum())
