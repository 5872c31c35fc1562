"""The trained networks, and the scores of all seeds (lessons/trained/beyond_recurrence.py)."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

import rnnviz as rv
from lessons.beyond_recurrence.experiment import RATES, Network
from rnnviz.arrays import Array
from rnnviz.self_attention import SelfAttention

FOLDER = Path(__file__).parents[1] / "trained"
FILE, WEIGHTS = FOLDER / "beyond_recurrence.json", FOLDER / "beyond_recurrence.npz"
SEEDS, EACH = 5, 20
ARMS = {  # {arm: (kind, learning rate)}; None: the best one of its kind
    "recurrent": ("recurrent", None),
    "borrowed": ("recurrent", RATES["attention"]),  # an LSTM with the learning rate that is best for the other
    "attention": ("attention", None),
    "shuffled": ("shuffled", None),
}


@cache
def shares(arm: str) -> Array:
    """(SEEDS, K) shares of right digits on the words that are held out, after 0, EACH, 2 EACH, ... updates."""
    runs = json.loads(FILE.read_text(encoding="utf-8"))
    return np.array([run["shares"] for run in runs if run["arm"] == arm])


@cache
def trained(kind: str) -> Network:
    """The network of this kind, seed 0."""
    with np.load(WEIGHTS, allow_pickle=False) as file:
        state: dict[str, Any] = {name.partition("/")[2]: file[name] for name in file if name.startswith(f"{kind}/")}
    return rv.Network.from_state_dict(state) if kind == "recurrent" else SelfAttention.from_state_dict(state)
