"""Train the networks of the lesson beyond_recurrence: `python -m lessons.trained.beyond_recurrence`, some minutes.

Each arm, seeds 0 to 4: the same seed means the same questions in the same order. What is kept of each run is the share
of right digits on the words that are held out, every EACH updates; of seed 0 of those with their own best learning
rate, the weights, too. The learning rates were chosen on other words and other seeds:

    python -m lessons.trained.beyond_recurrence rates
"""

import json
import sys
from time import perf_counter
from typing import Any

import numpy as np

from lessons.beyond_recurrence.experiment import CHOSEN_AT, KINDS, RATES, Run, held_out, numbers, of_numbers, read
from lessons.beyond_recurrence.stored import ARMS, EACH, FILE, SEEDS, WEIGHTS

TRIED, OTHER_SEEDS = (0.005, 0.01, 0.02, 0.04), (10, 11)


def curve(run: Run, of: Any) -> tuple[list[float], Any]:
    """The share of right digits every EACH updates, from before the first on; and the network after the last."""
    found = [of.right(read(run.network(), of.x, of.lengths).y)]
    for one in run.go(run.start()):
        if one.update % EACH == 0:
            found.append(of.right(read(one.network, of.x, of.lengths).y))
        if one.update == run.updates:
            return [round(share, 4) for share in found], one.network
    raise RuntimeError("it has ended before")


def choose() -> None:
    """What each learning rate comes to, on words that are neither learned from nor held out."""
    of = of_numbers(numbers(CHOSEN_AT))
    for kind in KINDS:
        for rate in TRIED:
            print(kind, rate, [curve(Run(kind, seed, rate), of)[0][-1] for seed in OTHER_SEEDS], flush=True)


def main() -> None:
    """Train them all, and write both files."""
    runs, weights = [], {}
    for arm, (kind, rate) in ARMS.items():
        for seed in range(SEEDS):
            began = perf_counter()
            shares, network = curve(Run(kind, seed, rate), held_out())
            runs.append({"arm": arm, "seed": seed, "shares": shares})
            if seed == 0 and (rate or RATES[kind]) == RATES[kind]:
                weights |= {f"{kind}/{name}": a for name, a in network.state_dict().items()}
            print(arm, seed, shares[-1], f"{perf_counter() - began:.0f} s", flush=True)
    FILE.write_text(json.dumps(runs) + "\n")
    np.savez_compressed(WEIGHTS, **weights)


if __name__ == "__main__":
    choose() if sys.argv[1:] == ["rates"] else main()
