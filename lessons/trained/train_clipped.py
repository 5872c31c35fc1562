"""Record the training runs of lessons/_clipping/training.py: `python -m lessons.trained.train_clipped`, some minutes.

All seeds, all factors. The same seed means the same network and the same batches in the same order, whatever the
factor.
"""

from itertools import islice

import numpy as np

from lessons._clipping.training import FACTORS, FILE, LAST, SEEDS, UPDATES, train


def main() -> None:
    """Run them all, and write the file."""
    final = np.zeros((len(FACTORS), SEEDS))
    recorded: dict[str, list[list[float]]] = {"loss": [], "norm": [], "threshold": []}
    for i, factor in enumerate(FACTORS):
        for seed in range(SEEDS):
            updates = list(islice(train(factor, seed), UPDATES))
            final[i, seed] = np.mean([update.loss for update in updates[-LAST:]])
            if seed == 0:
                for name, rows in recorded.items():
                    rows.append([getattr(update, name) for update in updates])
        print(f"factor {factor:g}: final losses {final[i].round(3).tolist()}", flush=True)
    np.savez_compressed(FILE, final=final, **{name: np.asarray(rows) for name, rows in recorded.items()})


if __name__ == "__main__":
    main()
