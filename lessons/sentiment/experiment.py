"""A recurrent network reads a sentence and says at its end whether it praises: how it is made, trained and asked.

A word is a row of W_x: the input is one-hot, 1 at the word's place, and W_x x_t picks that word's column. So each word
has a vector of its own, which is learned: an *embedding*. The readout's one output is a logit; sigma of it is the
*score*, the probability of praise. Only the score after the last word is trained; the scores before it are what the
network would say if the sentence ended there.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

import rnnviz as rv
from lessons.common import trials
from lessons.sentiment.reviews import Review, part, vocabulary
from rnnviz.arrays import Array
from rnnviz.regularization import Dropout
from rnnviz.tasks import SequenceBatch
from rnnviz.training import Checkpoint

BATCH, POOL, CLIP = 32, 128, 1.0  # sentences of a batch, and among how many those of nearly its length are chosen
LIMIT, EVERY = 400, 20  # updates, and how many between two records
SOME = 4  # of the training sentences every fourth is measured while it learns
GUESS = float(np.log(2))  # the loss of a network that says one half to everything


@dataclass(frozen=True)
class Settings:
    """One run.

    skip   the share of words that are read as unknown while training; drop: of the last state's units that are struck
    decay  the strength of L2, lambda: lambda / 2 times the sum of all squared parameters is added to the loss
    """

    cell: str = "gru"
    units: int = 16
    rate: float = 0.01
    skip: float = 0.3
    drop: float = 0.5
    decay: float = 0.001
    seed: int = 0

    @property
    def plain(self) -> "Settings":
        """The same with nothing against learning by heart."""
        return replace(self, skip=0.0, drop=0.0, decay=0.0)

    @property
    def token(self) -> tuple[Any, ...]:
        """All that makes another training of it."""
        return trials.token(self)

    @property
    def optimizer(self) -> rv.optimizers.Optimizer:
        """Adam, after L2 where there is any."""
        decay = [rv.transformations.weight_decay(self.decay)] if self.decay else []
        return rv.optimizers.chain(*decay, rv.optimizers.adam())

    def network(self) -> rv.Network:
        """As it is initialized."""
        return rv.Network.create(
            self.cell,
            input_size=len(vocabulary()),
            hidden_size=self.units,
            output_size=1,
            dtype=np.float32,
            rng=np.random.default_rng(self.seed),
        )

    def start(self) -> Checkpoint:
        """The checkpoint of update 0."""
        return rv.training.start(self.network(), self.optimizer, np.random.default_rng([self.seed, 1]))

    def go(self, checkpoint: Checkpoint, reviews: Sequence[Review] | None = None) -> Iterator[Checkpoint]:
        """Trained on from a checkpoint, by these sentences, at least POOL; None: all of the training part."""
        return rv.training.train(
            checkpoint,
            partial(self.sample, reviews or part("train")),
            optimizer=self.optimizer,
            learning_rate=rv.schedules.cosine(self.rate, 0.0, LIMIT),
            clip=trials.clipped_at(CLIP),
            regularization=Dropout(outputs=self.drop) if self.drop else None,
        )

    def sample(self, reviews: Sequence[Review], rng: np.random.Generator) -> SequenceBatch:
        """BATCH sentences of similar length, out of POOL of these; some words skipped."""
        pool = [reviews[k] for k in rng.choice(len(reviews), POOL, replace=False)]
        pool.sort(key=lambda one: len(one.words))
        first = BATCH * rng.integers(POOL // BATCH)
        return batch(pool[first : first + BATCH], self.skip, rng)


def batch(reviews: Sequence[Review], skip: float = 0.0, rng: np.random.Generator | None = None) -> SequenceBatch:
    """These sentences, one-hot and padded; what counts is the answer after each one's last word."""
    known, lengths = vocabulary(), np.array([len(one.words) for one in reviews])
    T, B = int(lengths.max()), len(reviews)
    x = np.zeros((T, B, len(known)), np.bool_)
    targets, mask = np.zeros((T, B, 1), np.bool_), np.zeros((T, B), np.bool_)
    for b, one in enumerate(reviews):
        places = known.encode(one.words)
        if skip and rng is not None:
            places = np.where(rng.random(len(places)) < skip, 0, places)
        x[np.arange(len(places)), b, places] = True
        mask[len(places) - 1, b] = True
        targets[len(places) - 1, b] = one.praises
    return SequenceBatch(x, targets, mask, lengths, 1, GUESS)


@lru_cache(maxsize=4)
def held(name: str) -> tuple[SequenceBatch, ...]:
    """All sentences of a part, or every fourth of the training part ("some"), in batches of similar lengths."""
    chosen = part("train")[::SOME] if name == "some" else part(name)
    rows = sorted(chosen, key=lambda one: len(one.words))
    return tuple(batch(rows[k : k + 120]) for k in range(0, len(rows), 120))


@lru_cache(maxsize=4)
def places(name: str) -> tuple[NDArray[np.int64], ...]:
    """The word's place in the vocabulary, (T, B) for each batch of `held`."""
    return tuple(one.x.argmax(axis=2) for one in held(name))


def measured(network: rv.Network, name: str) -> tuple[float, float]:
    """Loss and share of right answers on a part, see `held`.

    Each word's column of W_x is looked up, and the rest of the network reads that: no product with so many zeros.
    """
    state = dict(network.state_dict())
    columns = state["weight_ih_l0"].T.copy()
    state["weight_ih_l0"] = np.eye(columns.shape[1], dtype=columns.dtype)
    rest = rv.Network.from_state_dict(state, network.cell)
    loss, right, count = 0.0, 0, 0
    for one, words in zip(held(name), places(name), strict=True):
        y = rv.unroll(rest, columns[words], one.lengths).y
        n = int(one.mask.sum())
        loss, right, count = loss + n * one.loss(y).value, right + int(one.right(y).sum()), count + n
    return loss / count, right / count


def record(checkpoint: Checkpoint) -> dict[str, float]:
    """Both losses and shares of right answers, on sentences that it learns from and on those of the validation part."""
    (train, train_right), (valid, valid_right) = (measured(checkpoint.network, name) for name in ("some", "validation"))
    return {"train": train, "valid": valid, "train_right": train_right, "valid_right": valid_right}


@dataclass(frozen=True, eq=False)
class Read:
    """A sentence as a network reads it.

    scores   (T,) after each word; begins: before the first
    effects  (T,) of the logit after the last word: gradient times input
    """

    words: tuple[str, ...]
    unknown: tuple[bool, ...]
    scores: Array
    begins: float
    effects: Array
    trace: rv.Trace
    grads: rv.Gradients
    dy: Array

    @property
    def score(self) -> float:
        """After the last word."""
        return float(self.scores[-1])


def read(network: rv.Network, words: Sequence[str]) -> Read:
    """Both passes, of the network with the columns of these words alone: for this sentence it is the same one.

    L is the logit after the last word.
    """
    own = tuple(dict.fromkeys(vocabulary().encode(words).tolist()))
    state = {name: a.astype(np.float64) for name, a in network.state_dict().items()}
    state["weight_ih_l0"] = state["weight_ih_l0"][:, own]
    trace = rv.unroll(rv.Network.from_state_dict(state, network.cell), vocabulary().one_hot(words)[:, None, own])
    dy = np.zeros_like(trace.y)
    dy[-1] = 1.0
    grads = rv.backpropagate(trace.network, trace, dy)
    begins = float(sigmoid(state["readout.bias"])[0])
    unknown = tuple(word not in vocabulary() for word in words)
    effects = rv.diagnostics.saliency(trace, grads).effect[:, 0]
    return Read(tuple(words), unknown, sigmoid(trace.y[:, 0, 0]), begins, effects, trace, grads, dy)


def sigmoid(z: Array) -> Array:
    """1 / (1 + exp(-z)), in float64."""
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * z.astype(np.float64))))
