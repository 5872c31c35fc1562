"""What leakage claims: the lesson's network, prepared well and badly, five seeds each. A minute on one core:

    python -m lessons.trained.preprocessing

`preprocessing.json`: {way: {"valid": [...], "test": [...], "naive": error}}, by seed; `preprocessing_level.npz` and
`preprocessing_change.npz`: the networks of seed 0 that answer the value itself, and its change, prepared without leaks.
"""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import rnnviz as rv
from lessons.preprocessing.experiment import prepare, story, trained
from lessons.preprocessing.stored import SEEDS, WAYS

HERE = Path(__file__).parent


def scores(way: str, seeds: int = SEEDS) -> dict[str, Any]:
    """Of one way: errors in the series' unit, by seed."""
    found = [trained(story(), replace(WAYS[way], seed=seed)) for seed in range(seeds)]
    naive = [prepare(story(), one.settings).naive.test for one in found]
    return {"valid": [one.valid for one in found], "test": [one.test for one in found], "naive": naive}


def main() -> None:
    """Train all of them, and write the files."""
    rows = {}
    for way in WAYS:
        rows[way] = scores(way)
        print(way, rows[way])
    (HERE / "preprocessing.json").write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    for way in ("level", "change"):
        rv.save(trained(story(), WAYS[way]).network, HERE / f"preprocessing_{way}.npz")


if __name__ == "__main__":
    main()
