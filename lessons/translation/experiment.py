"""Two translators, alike but for attention: how they begin, what they learn from, and how well they do."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

import rnnviz as rv
from lessons.common import trials
from lessons.translation.words import MOST, english, german, learned_from, unseen
from rnnviz.arrays import Array
from rnnviz.seq2seq import EncoderDecoder, Pairs, Pass, Said, forward, greedy
from rnnviz.training import Checkpoint

LOOKS, PLAIN = "attention", "plain"
MODELS = (PLAIN, LOOKS)
UNITS, BATCH, RATE, CLIP = 32, 32, 0.005, 1.0
UPDATES = 1000  # after which the learning rate has fallen to a hundredth


@dataclass(frozen=True)
class Settings:
    """One training run: with attention or without, units, Adam's first learning rate, seed, updates."""

    model: str = LOOKS
    units: int = UNITS
    rate: float = RATE
    seed: int = 0
    updates: int = UPDATES

    def network(self) -> EncoderDecoder:
        """As it is initialized."""
        return EncoderDecoder.create(
            "gru",
            input_size=len(german()),
            output_size=len(english()),
            hidden_size=self.units,
            attention=self.model == LOOKS,
            dtype=np.float32,
            rng=np.random.default_rng(self.seed),
        )

    def start(self) -> Checkpoint[EncoderDecoder]:
        """The checkpoint of update 0."""
        return trials.start(self.network(), self.seed)

    def go(self, checkpoint: Checkpoint[EncoderDecoder]) -> Iterator[Checkpoint[EncoderDecoder]]:
        """Trained on from a checkpoint."""
        rate = rv.schedules.cosine(self.rate, self.rate / 100, self.updates)
        return trials.go(checkpoint, sample, learning_rate=rate, clip=CLIP)

    @property
    def token(self) -> tuple[Any, ...]:
        """All that makes another training of it."""
        return trials.token(self)


def sample(rng: np.random.Generator) -> Pairs:
    """A batch of the pairs that are learned from, no longer than its longest."""
    known = learned_from()
    drawn = rng.integers(known.x.shape[1], size=BATCH)
    T, U = known.lengths[drawn].max(), known.mask[:, drawn].sum(axis=0).max()
    return Pairs(
        known.x[:T, drawn],
        known.lengths[drawn],
        known.spoken[:U, drawn],
        known.targets[:U, drawn],
        known.mask[:U, drawn],
    )


@dataclass(frozen=True, eq=False)
class Score:
    """What became of the pairs that are held out.

    said    free running: what is said in the end; exact: (B,), which are right from the first letter to the last
    passed  under teacher forcing; letters: the share of its letters that are right
    """

    said: Said
    exact: Array
    passed: Pass
    letters: float


def score(network: EncoderDecoder) -> Score:
    """How well it does on the pairs that are held out."""
    asked = unseen()
    said, passed = greedy(network, asked.x, asked.lengths, MOST), forced(network, asked)
    letters = float((passed.y.argmax(axis=2) == asked.targets)[asked.mask].mean())
    return Score(said, asked.exact(said.symbols), passed, letters)


def forced(network: EncoderDecoder, asked: Pairs) -> Pass:
    """With the truth at hand."""
    return forward(network, asked.x, asked.spoken, asked.lengths)


def read(word: str) -> Array:
    """What a network reads of a German word: (T, 1, I)."""
    return german().one_hot(word)[:, None, :].astype(np.float32)
