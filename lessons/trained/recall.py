"""Train the networks that recall a clue: `python -m lessons.trained.recall`. One core needs about three minutes.

Each learns the task of lessons/backprop_through_time/recall.py with the backward pass truncated every k steps, for k =
1..LONGEST, from two starts and NETWORKS seeds: Adam, a cosine schedule, clipping, nothing else. Networks of one seed
see the same sequences. Writes recall.npz (all weights, float32) and recall.json (the share of right answers) beside
this file.
"""

import json

import numpy as np

import rnnviz as rv
from lessons.backprop_through_time import recall

UPDATES, BATCH = 600, 32
LEARNING_RATE, MAX_NORM = 0.02, 1.0
ASKED = 200  # sequences for each place of the clue, when it is measured


def draw(rng: np.random.Generator) -> rv.tasks.SequenceBatch:
    """A batch to learn from."""
    noise = rng.integers(0, len(recall.NOISE), (recall.LONGEST, BATCH))
    at, clue = rng.integers(0, recall.POSITIONS, BATCH), rng.integers(0, len(recall.CLUES), BATCH)
    return recall.batch(noise, at, clue, recall.BACK)


def exam() -> rv.tasks.SequenceBatch:
    """What every network is asked. Each sequence comes twice, once with each clue: guessing is right half the time."""
    at = np.arange(recall.POSITIONS).repeat(ASKED)
    noise = np.random.default_rng(2**31).integers(0, len(recall.NOISE), (recall.LONGEST, len(at)))
    clue = np.arange(len(recall.CLUES)).repeat(len(at))
    return recall.batch(np.tile(noise, len(recall.CLUES)), np.tile(at, len(recall.CLUES)), clue, recall.BACK)


def train(start: str, k: int, seed: int) -> rv.Network:
    """The network after all updates."""
    run = rv.training.train(
        recall.before_training(start, seed),
        draw,
        loss=rv.losses.softmax_cross_entropy,
        optimizer=rv.optimizers.adam(),
        learning_rate=rv.schedules.cosine(LEARNING_RATE, 0.0, UPDATES),
        clip=lambda grads: rv.clipping.clip_by_global_norm(grads, MAX_NORM).grads,
        rng=np.random.default_rng([seed, 1]),
        truncate=k,
    )
    return next(checkpoint.network for checkpoint in run if checkpoint.update == UPDATES)


def main() -> None:
    """Train and measure all of them, and write both files."""
    asked, right, weights = exam(), [], []
    for start in recall.STARTS:
        for k in range(1, recall.LONGEST + 1):
            networks = [train(start, k, seed) for seed in range(recall.NETWORKS)]
            right.append([asked.accuracy(rv.unroll(network, asked.x).y) for network in networks])
            weights.append([network.state_dict() for network in networks])
            print(start, k, right[-1], flush=True)
    shape = (len(recall.STARTS), recall.LONGEST, recall.NETWORKS)
    about = {
        "updates": UPDATES,
        "batch": BATCH,
        "learning_rate": LEARNING_RATE,
        "answers": asked.x.shape[1],
        "right": np.reshape(right, shape).tolist(),
    }
    recall.FILE.with_suffix(".json").write_text(json.dumps(about) + "\n", encoding="utf-8")
    names = weights[0][0]
    stacked = {name: np.array([[state[name] for state in row] for row in weights]) for name in names}
    arrays = {name: a.reshape(*shape, *a.shape[2:]) for name, a in stacked.items()}
    np.savez(recall.FILE.with_suffix(".npz"), **arrays)


if __name__ == "__main__":
    main()
