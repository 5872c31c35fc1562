"""Train the networks of the lesson sentiment: `python -m lessons.trained.sentiment`, some minutes on one core.

Two ways, ten seeds each (lessons/sentiment/stored.py), and one of them on fewer sentences. Everything is chosen by the
validation part; the test part is measured at the very end, once for each network. Writes sentiment.npz, the network of
one of them, and sentiment.json.
"""

import json
from dataclasses import replace
from functools import partial
from itertools import islice
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

import rnnviz as rv
from lessons.sentiment import naive
from lessons.sentiment.experiment import EVERY, LIMIT, Settings, measured, read, record
from lessons.sentiment.reviews import part, words_of
from lessons.sentiment.stored import FILE, KEPT, NAMES, SEEDS, SIZES, WAYS
from lessons.sentiment.tale import TURNS

DIGITS = 4


def course(settings: Settings, updates: int = LIMIT) -> tuple[list[dict[str, float]], rv.Network, float]:
    """The records of a run, the network after so many updates, and the seconds that the updates took."""
    checkpoint, seconds = settings.start(), 0.0
    rows, run = [record(checkpoint)], settings.go(checkpoint)
    for _ in range(updates // EVERY):
        began = perf_counter()
        *_, checkpoint = islice(run, EVERY)
        seconds += perf_counter() - began
        rows.append(record(checkpoint))
    return rows, checkpoint.network, seconds


def by_few(chosen: NDArray[np.int64], rng: np.random.Generator) -> float:
    """The share of right answers on the validation part of a network that has learned from these sentences alone."""
    settings = replace(KEPT, seed=int(rng.integers(2**31)))
    *_, last = islice(settings.go(settings.start(), [part("train")[k] for k in chosen]), LIMIT)
    right = measured(last.network, "validation")[1]
    print(len(chosen), f"{right:.3f}", flush=True)
    return round(right, DIGITS)


def main() -> None:
    """Train them all, then look at the test part, and write both files."""
    courses: dict[str, dict[str, list[list[float]]]] = {way: {name: [] for name in NAMES} for way in WAYS}
    ended: dict[str, list[rv.Network]] = {way: [] for way in WAYS}
    seconds = []
    for way, settings in WAYS.items():
        for seed in range(SEEDS):
            rows, network, took = course(Settings(**{**vars(settings), "seed": seed}))
            for name in NAMES:
                courses[way][name].append([round(row[name], DIGITS) for row in rows])
            ended[way].append(network)
            seconds.append(took)
            print(way, seed, f"{took:.1f} s", {name: courses[way][name][-1][-1] for name in NAMES}, flush=True)
    rv.save(ended["kept"][0], FILE)
    rngs = [np.random.default_rng(seed) for seed in range(SEEDS // 2)]
    curve = rv.evaluation.learning_curve(by_few, len(part("train")), SIZES, rngs)
    test = {way: [round(measured(network, "test")[1], DIGITS) for network in ended[way]] for way in WAYS}
    parts, bag = ("validation", "test"), naive.fitted().round(DIGITS)
    known = {"majority": naive.majority, "bag": partial(naive.bag_score, weights=bag)}
    found = {
        "courses": courses,
        "test": test,
        "curve": curve.scores.tolist(),
        "naive": {name: {part: round(of(part), DIGITS) for part in parts} for name, of in known.items()},
        "bag": bag.tolist(),
        "needle": read(ended["kept"][0], words_of(TURNS)).scores.round(DIGITS).tolist(),
        "seconds": round(sum(seconds) / len(seconds), 1),
    }
    FILE.with_suffix(".json").write_text(json.dumps(found, separators=(",", ":")) + "\n", encoding="utf-8")
    print(found["naive"], test, flush=True)


if __name__ == "__main__":
    main()
