"""Train the networks of the lesson sequence_labelling: `python -m lessons.trained.sequence_labelling`, two minutes.

From the left and both ways, five seeds each; the test part, whose names stand nowhere else, is looked at in the end.
Writes sequence_labelling_left.npz and sequence_labelling_both.npz, of seed 0, and sequence_labelling.json.
"""

import json
from itertools import islice

import rnnviz as rv
from lessons.sequence_labelling.experiment import EVERY, LIMIT, WAYS, Settings, measured, record
from lessons.sequence_labelling.stored import COURSE, FILE, FOLDER, SEEDS

DIGITS = 4


def course(settings: Settings, updates: int = LIMIT) -> tuple[list[dict[str, float]], rv.Network]:
    """The records of a run, and the network after so many updates."""
    checkpoint = settings.start()
    rows, run = [record(checkpoint)], settings.go(checkpoint)
    for _ in range(updates // EVERY):
        *_, checkpoint = islice(run, EVERY)
        rows.append(record(checkpoint))
    return rows, checkpoint.network


def main() -> None:
    """Train them all, then look at the test part, and write the files."""
    found: dict[str, dict[str, list[object]]] = {
        name: {way: [] for way in WAYS} for name in (*COURSE, "f1", "right", "counts")
    }
    for way in WAYS:
        for seed in range(SEEDS):
            rows, network = course(Settings(way, seed=seed))
            for name in COURSE:
                found[name][way].append([round(row[name], DIGITS) for row in rows])
            test = measured(network, "test")
            found["f1"][way].append(test.f1.round(DIGITS).tolist())
            found["right"][way].append(round(test.accuracy, DIGITS))
            if seed == 0:
                rv.save(network, FOLDER / f"sequence_labelling_{way}.npz")
                found["counts"][way] = test.counts.tolist()
            print(way, seed, f"macro F1 {test.macro:.3f}, accuracy {test.accuracy:.3f}", flush=True)
    FILE.write_text(json.dumps(found, separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
