"""The spoken digits: 1200 clips as 13 features each 25 ms, who says what, and how they are split and put in batches.

`lessons/data/spoken_digits.npz` holds whole numbers with a scale for each coefficient; made by the script beside it.
Its voices, from 0, are those that were found by their sound; the last two are alike, and may share some clips, so
neither is ever held out.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from rnnviz.arrays import Array
from rnnviz.data import Scaler, pad, standardize
from rnnviz.tasks import SequenceBatch

FILE = Path(__file__).parents[1] / "data" / "spoken_digits.npz"
DIGITS, FEATURES, TAKES, LEARNED = 10, 13, 20, 15  # of each digit and voice: clips, and how many are learned from
VOICES, CLEAR = 6, 4  # voices, and how many of them are told apart to the clip
HOP, RATE = 200, 8000  # samples from one frame to the next, and samples a second
SPAN = HOP / RATE  # seconds
Split = Literal["clips", "voice"]
Kind = Literal["plain", "centred"]


@dataclass(frozen=True, eq=False)
class Clips:
    """All clips: features [(T, 13)], digit (n,), voice (n,) from 0, take (n,) from 0 within digit and voice.

    counts  (VOICES, 10) how many clips of each digit each voice has in the package
    step    (13,) by how much a feature is moved at most where it is rounded, in spreads of that feature
    """

    features: tuple[Array, ...]
    digit: NDArray[np.int64]
    voice: NDArray[np.int64]
    take: NDArray[np.int64]
    counts: NDArray[np.int64]
    step: Array


@cache
def clips() -> Clips:
    """Those of the file; its source and licence stand beside it."""
    with np.load(FILE, allow_pickle=False) as saved:
        q, lengths, counts = saved["q"].astype(np.float64), saved["lengths"], saved["counts"].astype(int)
        offset, scale = (saved[name].astype(np.float64) for name in ("offset", "scale"))
        digit, voice = (saved[name].astype(int) for name in ("digit", "voice"))
    features = offset + scale * q
    each = tuple(np.split(features, np.cumsum(lengths)[:-1]))
    take = np.tile(np.arange(TAKES), len(digit) // TAKES)
    return Clips(each, digit, voice, take, counts, scale / 2 / features.std(axis=0))


def parts(split: Split, voice: int = 0) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Which clips are learned from, and which are held out.

    clips  of each digit and voice the first LEARNED takes are learned from, the others are held out
    voice  one voice is held out whole; of all others, the first LEARNED takes are learned from, as there
    """
    known = clips()
    early = known.take < LEARNED
    if split == "clips":
        return np.flatnonzero(early), np.flatnonzero(~early)
    return np.flatnonzero(early & (known.voice != voice)), np.flatnonzero(known.voice == voice)


@cache
def scaler(split: Split, voice: int, kind: Kind) -> Scaler:
    """Mean and spread of each feature, of the part that is learned from."""
    return standardize(np.concatenate([prepared(clips().features[n], kind) for n in parts(split, voice)[0]]))


def prepared(features: Array, kind: Kind) -> Array:
    """Features (T, 13) as they are, or each less its mean over this clip: what the whole clip shares is gone."""
    return features - features.mean(axis=0) if kind == "centred" else features


def batch(which: NDArray[np.int64], by: Scaler, kind: Kind) -> SequenceBatch:
    """Clips side by side, padded with zeros; its digit is asked for after each frame of a clip's second half."""
    known = clips()
    x, lengths = pad([by.transform(prepared(known.features[n], kind)) for n in which])
    step = np.arange(len(x))[:, None]
    mask = (step >= lengths // 2) & (step < lengths)
    targets = np.where(mask, known.digit[which], 0)
    return SequenceBatch(x, targets, mask, lengths, DIGITS, baseline=float(np.log(DIGITS)))


def last(y: Array, lengths: NDArray[np.int64]) -> Array:
    """What is answered (B, Q) after the last frame of each clip, of answers (T, B, Q)."""
    return np.asarray(y[lengths - 1, np.arange(len(lengths))])
