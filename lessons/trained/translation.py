"""Train the translators of the lesson translation: `python -m lessons.trained.translation`, some minutes on one core.

`translation_<model>_<updates>.npz` holds the weights of seed 0, as `EncoderDecoder.load` reads them;
`translation.json` says of each run what it was, and how well it did on the numbers that are held out: the share of
words that are right from the first letter to the last, and of letters under teacher forcing; and where the one with
attention looks, letter by letter, while it translates DRAWN.
"""

import json
from pathlib import Path
from time import perf_counter

import numpy as np

from lessons.translation.experiment import LOOKS, PLAIN, UNITS, UPDATES, Settings, score
from lessons.translation.stored import LONGER, answer, file_of, network
from lessons.translation.words import words

FILE = Path(__file__).with_suffix(".json")
DRAWN = 45
RUNS = (
    Settings(LOOKS),
    Settings(PLAIN),
    Settings(PLAIN, updates=LONGER * UPDATES),
    Settings(LOOKS, seed=1),
    Settings(LOOKS, seed=2),
    Settings(PLAIN, units=2 * UNITS),
)


def main() -> None:
    """Train them, and write the files."""
    found = []
    for run in RUNS:
        began = perf_counter()
        last = next(one for one in run.go(run.start()) if one.update == run.updates)
        seconds, right = perf_counter() - began, score(last.network)
        if (run.seed, run.units) == (0, UNITS):
            last.network.save(file_of(run.model, run.updates))
        found.append({**vars(run), "exact": float(right.exact.mean()), "letters": right.letters})
        print(found[-1], f"{seconds:.0f} s", flush=True)
    looks = answer(network(LOOKS), words()[DRAWN].german).weights
    kept = {"runs": found, "looks": np.round(looks.astype(float), 3).tolist()}
    FILE.write_text(json.dumps(kept) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
