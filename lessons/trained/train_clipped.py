"""Record the training runs of lessons/clipping/training.py: `python -m lessons.trained.train_clipped`, some minutes.

All factors, all learning rates, all seeds. The same seed means the same network and the same batches in the same order,
whatever the factor and the learning rate.
"""

from itertools import islice

import numpy as np

from lessons.clipping.training import FACTORS, FILE, LAST, RATES, SEEDS, UPDATES, averages, train


def record(factor: float, rate: float, seed: int) -> dict[str, np.ndarray]:
    """One run: (UPDATES,) of each number; NaN once it was not finite any more."""
    updates = list(islice(train(factor, rate, seed), UPDATES))
    rows = np.full((3, UPDATES), np.nan)
    rows[:, : len(updates)] = np.array([(update.loss, update.norm, update.threshold) for update in updates]).T
    return dict(zip(("loss", "norm", "threshold"), rows))


def main() -> None:
    """Run them all, and write the file."""
    shape = len(FACTORS), len(RATES), SEEDS
    summary = {name: np.zeros(shape) for name in ("final", "jump", "taken")}
    curves = {name: np.zeros((*shape[:2], UPDATES)) for name in ("loss", "norm", "threshold")}
    for i, factor in enumerate(FACTORS):
        for j, rate in enumerate(RATES):
            for seed in range(SEEDS):
                run = record(factor, rate, seed)
                summary["final"][i, j, seed] = run["loss"][-LAST:].mean()
                summary["jump"][i, j, seed] = np.nanmax(run["norm"] / averages(run["norm"]))
                summary["taken"][i, j, seed] = np.mean(run["norm"] > run["threshold"])
                if seed == 0:
                    for name, rows in curves.items():
                        rows[i, j] = run[name]
            final, jump = (summary[name][i, j] for name in ("final", "jump"))
            print(f"factor {factor:g}, rate {rate:g}: {final.round(2).tolist()}, jump {jump.max():.3g}", flush=True)
    np.savez_compressed(FILE, **summary, **{name: rows.astype(np.float32) for name, rows in curves.items()})


if __name__ == "__main__":
    main()
