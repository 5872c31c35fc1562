"""An LSTM that learns to say which letter comes next, how it is trained, and how it is measured.

The text is read on and on in BATCH places at once, STEPS letters at each update; the states are carried from one window
to the next (`rnnviz.training.stream`). Measured is the cross-entropy in bits per letter on chapters that are held out,
read from their first letter to their last in PIECES pieces, of which the first WARM letters are not counted.

Settings and seed alone decide a run.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

import rnnviz as rv
from lessons.common import trials
from lessons.language_model.book import Codes, alphabet, held_codes, train_codes
from rnnviz.training import Checkpoint

BATCH, STEPS, CLIP = 32, 64, 1.0
PIECES, WARM = 32, 20
BRIEF = 125  # letters of each piece, on which a network is measured while it learns


@dataclass(frozen=True)
class Settings:
    """One run.

    units    H
    rate     Adam's learning rate, which falls to 0 over `updates` by half a cosine; 0 updates: it stays
    dropout  of what the readout reads of the states
    """

    units: int = 64
    rate: float = 0.02
    updates: int = 0
    dropout: float = 0.0
    seed: int = 0

    def network(self) -> rv.Network:
        """As it is initialized."""
        Q = len(alphabet())
        rng = np.random.default_rng(self.seed)
        return rv.Network.create("lstm", Q, self.units, output_size=Q, dtype=np.float32, rng=rng)

    def start(self) -> Checkpoint:
        """The checkpoint of update 0."""
        return rv.training.start(self.network(), rv.optimizers.adam())

    def go(self, checkpoint: Checkpoint) -> Iterator[Checkpoint]:
        """Trained on from a checkpoint."""
        return rv.training.train(
            checkpoint,
            read(),
            loss=rv.losses.softmax_cross_entropy,
            optimizer=rv.optimizers.adam(),
            learning_rate=rv.schedules.cosine(self.rate, 0.0, self.updates) if self.updates else self.rate,
            clip=trials.clipped_at(CLIP),
            regularization=rv.regularization.Dropout(outputs=self.dropout) if self.dropout else None,
        )

    @property
    def token(self) -> tuple[Any, ...]:
        """All that makes another training of it."""
        return trials.token(self)


def trained(settings: Settings) -> rv.Network:
    """The network after all updates, its weights rounded to half precision, as they are kept."""
    last = next(islice(settings.go(settings.start()), settings.updates - 1, None))
    rounded = {name: a.astype(np.float16).astype(a.dtype) for name, a in last.network.state_dict().items()}
    return rv.Network.from_state_dict(rounded)


@cache
def read() -> rv.training.Stream:
    """The text to learn from, and the letter after each; one-hot in bytes, which a window turns into floats."""
    codes = train_codes()
    return rv.training.stream(np.eye(len(alphabet()), dtype=np.uint8)[codes[:-1]], codes[1:], BATCH, STEPS)


@cache
def asked(brief: bool = False, held_out: bool = True) -> tuple[Codes, Codes, NDArray[np.bool_]]:
    """A text in pieces side by side: letters (T, PIECES), those that follow, and which count.

    brief     only BRIEF letters of each piece
    held_out  else what was learned from, as many letters of its end
    """
    codes = held_codes() if held_out else train_codes()[-len(held_codes()) :]
    T = (len(codes) - 1 - WARM) // PIECES
    read = (BRIEF if brief else T) + WARM
    window = codes[np.arange(PIECES) * T + np.arange(read + 1)[:, None]]
    counts = np.ones((read, PIECES), np.bool_)
    counts[:WARM] = False
    return window[:-1], window[1:], counts


def bits(network: rv.Network, *, brief: bool = False, held_out: bool = True) -> float:
    """Bits per letter on what is held out, or on as much of what was learned from."""
    x, targets, counts = asked(brief, held_out)
    y = rv.unroll(network, np.eye(len(alphabet()), dtype=network.dtype)[x]).y
    return rv.metrics.bits_per_character(y, targets, counts).value
