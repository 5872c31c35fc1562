"""Which learning rate is best for which optimizer: `python -m lessons.trained.best_rates`, half a minute on one core.

All optimizers, all learning rates and five starts of lessons/optimizers_and_schedules on the echo, the same sequences
in every update. The file holds
{optimizer: [[final loss of each start] of each rate]}, divided by the loss of answering 0;
null where a walk diverged.
"""

import json

import numpy as np

import rnnviz as rv
from lessons.optimizers_and_schedules import hills
from lessons.optimizers_and_schedules.experiment import LAST, LIMIT, OPTIMIZERS, RATES
from lessons.optimizers_and_schedules.rates import FILE, STARTS


def finals(optimizer: str, seed: int) -> list[float | None]:
    """One start, all rates, trained together."""
    networks, batch = [hills.network("echo", seed)] * len(RATES), hills.shown("echo", seed)
    losses = []
    for now in rv.sweep.train(
        rv.sweep.start(networks), lambda _: batch, loss=rv.losses.mean_squared_error,
        optimizer=OPTIMIZERS[optimizer], learning_rate=RATES,
    ):  # fmt: skip
        losses.append(now.losses)
        if now.update == LIMIT:
            break
    mean = np.mean(losses[-LAST:], axis=0) / batch.baseline
    return [float(f"{one:.4g}") if on else None for one, on in zip(mean, now.running)]


def main() -> None:
    """Train them all, and write the file."""
    found = {}
    for name in OPTIMIZERS:
        by_start = [finals(name, seed) for seed in range(STARTS)]
        found[name] = [list(of_rate) for of_rate in zip(*by_start)]
        print(name, found[name], flush=True)
    FILE.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
