"""Train the draws of the lesson regularization: `python -m lessons.trained.regularization`, some minutes on one core.

Each method, each of the seeds 0, 1, ...: the same seed means the same fortnights and the same initial weights. What is
kept are three errors in degrees: on what was learnt, on the validation set, on the test set.
"""

import json

from lessons.regularization.draws import FILE, LIMIT, METHODS, SEEDS, STOPPED, at
from lessons.regularization.experiment import Settings, Trained, course


def last(settings: Settings) -> Trained:
    """After LIMIT updates."""
    for found in settings.go(settings.start()):
        if found.update == LIMIT:
            return found
    raise RuntimeError("it has ended before")


def main() -> None:
    """Train them all, and write the file."""
    errors: dict[str, dict[str, list[float]]] = {name: {"train": [], "valid": [], "test": []} for name in METHODS}
    for seed in range(SEEDS):
        for name in METHODS:
            found = course(at(name, seed)).best if name == STOPPED else last(at(name, seed))
            for each, kept in errors[name].items():
                kept.append(round(float(getattr(found, each)), 6))
        print(seed, {name: kept["test"][-1] for name, kept in errors.items()}, flush=True)
    FILE.write_text(json.dumps(errors, indent=1) + "\n")


if __name__ == "__main__":
    main()
