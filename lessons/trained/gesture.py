"""Train the networks of the lesson gesture: `python -m lessons.trained.gesture`, a few minutes on one core.

What is kept says `lessons/gesture/stored.py`.
"""

import json
from time import process_time

import numpy as np

import rnnviz as rv
from lessons.gesture.experiment import UPDATES, Settings, right
from lessons.gesture.stored import EVERY, FILE, KEPT, RUNS


def train(run: Settings) -> tuple[list[float], rv.Network]:
    """The share right every EVERY updates, and the network in the end."""
    start = run.start()
    found, network = [right(start.network, run)], start.network
    for now in run.go(start):
        if now.update % EVERY == 0:
            found.append(right(now.network, run))
        if now.update == UPDATES:
            network = now.network
            break
    print(run, found[-1], flush=True)
    return found, network


def main() -> None:
    """Train them all, and write both files."""
    began = process_time()
    done = {run: train(run) for run in RUNS}
    kept = {f"{k} {name}": a for k, run in enumerate(KEPT) for name, a in done[run][1].state_dict().items()}
    about = {
        "right": [[round(one, 4) for one in done[run][0]] for run in RUNS],
        "seconds": round(process_time() - began),
    }
    np.savez_compressed(FILE, **kept)
    FILE.with_suffix(".json").write_text(json.dumps(about) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
