"""Train the network of the lesson `language_model`: `python -m lessons.trained.language_model`, some minutes.

Writes language_model.npz, its weights in half precision, and language_model.json, all scores: bits per letter of these
weights and of tables of letters, on what was learned from and on the chapters held out, which neither has read; and the
unit that goes along best with each thing that can be watched, with its correlation on what is held out.
`... language_model scores` measures the weights that are there.
"""

import json
import sys
from dataclasses import asdict
from typing import Any

import numpy as np

from lessons.language_model import book, measured, stored, tables, units
from lessons.language_model.experiment import Settings, bits, trained

SETTINGS = Settings(units=128, rate=0.02, updates=6000, dropout=0.25, seed=0)


def main(again: bool) -> None:
    """Train, and write both files."""
    if again:
        weights = trained(SETTINGS).state_dict()
        np.savez_compressed(stored.FILE, **{name: a.astype(np.float16) for name, a in weights.items()})
    found = {"settings": asdict(SETTINGS), **scores()}
    stored.FILE.with_suffix(".json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


def scores() -> dict[str, Any]:
    """Of the weights that are stored."""
    network = stored.network()
    return {
        "bits": bits(network),
        "learned": bits(network, held_out=False),
        "plain": [[tables.bits(order, held) for order in tables.ORDERS] for held in (False, True)],
        "mixed": [[tables.mixed_bits(order, held) for order in tables.ORDERS] for held in (False, True)],
        "watch": watch(network),
        "surprise": measured.surprise(network),
        "reach": measured.reach(network),
    }


def watch(network: Any) -> dict[str, dict[str, float]]:
    """{what: unit, from 0, and its r on what is held out}."""
    held = book.decode(book.held_codes())
    chosen = units.correlations(network, book.book().train[-len(held) :])
    measured = units.correlations(network, held)
    best = {name: int(np.abs(r).argmax()) for name, r in chosen.items()}
    return {name: {"unit": unit, "r": float(measured[name][unit])} for name, unit in best.items()}


if __name__ == "__main__":
    main("scores" not in sys.argv[1:])
