"""Train the ensembles of the lesson forecasting: `python -m lessons.trained.forecasting`, some minutes on one core.

Networks learn from the first half of each series. For how many updates, the third quarter says: `--choose` prints the
error there after every hundred. The last quarter is looked at by nobody here.
"""

import argparse
from itertools import islice

import numpy as np

from lessons.forecasting import series as of
from lessons.forecasting.experiment import Settings, forecast
from lessons.forecasting.stored import FILE, KEPT, SEEDS, flat, off

MOST, EVERY = 1000, 100  # updates that are tried


def weights(name: str, how: str, updates: int, seeds: int = SEEDS) -> np.ndarray:
    """(seeds, P) of one ensemble."""
    return np.stack([flat(Settings(of.named(name), how, seed=seed).trained(updates)) for seed in range(seeds)])


def choose(name: str, how: str, seeds: int) -> None:
    """The mean error on the third quarter, over the horizon and the first seeds, after each hundred updates."""
    series = of.named(name)
    origins, errors = series.origins(series.learned, series.chosen), []
    for seed in range(seeds):
        run = Settings(series, how, seed=seed)
        found = islice(run.go(run.start()), EVERY - 1, MOST, EVERY)
        errors.append([off(series, forecast(one.network, series, origins), origins).mean() for one in found])
    means = np.mean(errors, axis=0)
    print(name, how, np.round(means, 3).tolist(), "least after", EVERY * (int(means.argmin()) + 1))
    naive = off(series, of.naive(series, origins), origins).mean()
    print("  naive", round(float(naive), 3), flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--choose", type=int, metavar="SEEDS", help="print errors of so many seeds, write nothing")
    asked = parser.parse_args()
    if asked.choose:
        for one in KEPT:
            choose(*one, asked.choose)
    else:
        np.savez_compressed(FILE, **{" ".join(one): weights(*one, updates) for one, updates in KEPT.items()})
