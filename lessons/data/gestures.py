"""Make gestures.npz out of the wheel of seglearn 1.2.5: `python -m lessons.data.gestures seglearn.whl`.

The package holds 140 recordings of a smartwatch, 50 times a second, in a pickled file, which could run any program as
it is opened: it is opened here, once, and nowhere else. What is kept: means of each five samples, so ten numbers a
second of each of six signals; and these as whole numbers from -127 to 127 with a scale of their own, `q * scale`. What
lies beyond 5 spreads of a signal, fewer than a thousandth of all, is brought back to there.
"""

import argparse
import io
import zipfile
from pathlib import Path

import numpy as np

from rnnviz.arrays import Array

HERE = Path(__file__).parent
INSIDE = "seglearn/data/watch_dataset.npy"
EACH, MOST = 5, 5.0  # samples in one mean; spreads


def make(source: bytes) -> dict[str, Array]:
    """The arrays of the file, from those of the package."""
    given = np.load(io.BytesIO(source), allow_pickle=True).item()
    means = [x[: len(x) // EACH * EACH].reshape(-1, EACH, x.shape[1]).mean(axis=1) for x in given["X"]]
    every = np.concatenate(means)
    scale = np.sqrt(np.square(every).mean(axis=0)) * MOST / 127
    return {
        "q": np.clip(np.rint(every / scale), -127, 127).astype(np.int8),
        "scale": scale.astype(np.float32),
        "lengths": np.array([len(one) for one in means], np.int16),
        "exercise": np.asarray(given["y"], np.int8),
        "person": np.asarray(given["subject"], np.int8) - np.int8(1),
        "right": np.asarray(given["side"], np.int8),
    }


def main() -> None:
    """Write the file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("wheel", type=Path, help="seglearn-1.2.5-py3-none-any.whl")
    with zipfile.ZipFile(parser.parse_args().wheel) as wheel:
        np.savez_compressed(HERE / "gestures.npz", **make(wheel.read(INSIDE)))


if __name__ == "__main__":
    main()
