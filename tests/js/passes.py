"""Recorded passes for the tests of the JavaScript: what the engine computed, and the player's payload of it.

`python -m tests.js.passes` prints {name: {payload, places, layers: [[{h, gates, dh, ...}]]}} as JSON.
"""

import base64
import json
import sys
from collections.abc import Iterator
from typing import Any

import numpy as np

import rnnviz as rv
from rnnviz.player import PLACES, pack

T = 6
CASES: dict[str, dict[str, Any]] = {
    "elman": {"cell": "elman"},
    "relu": {"cell": "elman", "nonlinearity": "relu"},
    "lstm": {"cell": "lstm"},
    "gru": {"cell": "gru"},
    "gru before": {"cell": "gru", "reset_after": False},
    "deep lstm": {"cell": "lstm", "num_layers": 2, "bidirectional": True},
    "deep gru": {"cell": "gru", "num_layers": 2, "bidirectional": True, "output_size": None},
}


def recorded() -> Iterator[tuple[str, dict[str, Any]]]:
    """Each case: a random network, a random sequence, the loss at the last step."""
    for seed, (name, given) in enumerate(CASES.items()):
        rng = np.random.default_rng(seed)
        net = rv.Network.create(rng=rng, **({"input_size": 2, "hidden_size": 3, "output_size": 2} | given))
        trace = rv.unroll(net, rng.normal(size=(T, 1, 2)))
        dy = np.zeros_like(trace.y)
        dy[-1] = rng.normal(size=dy[-1].shape)
        grads = rv.backpropagate(net, trace, dy)
        levels = [[level(trace, grads, *place) for place in row] for row in places(net)]
        payload = base64.b64encode(pack(trace, grads)).decode()
        yield name, {"payload": payload, "places": PLACES[net.cell], "y": trace.y[:, 0].tolist(), "levels": levels}


def places(net: rv.Network) -> list[list[tuple[int, int]]]:
    return [[(layer, direction) for direction in range(net.num_directions)] for layer in range(net.num_layers)]


def level(trace: rv.Trace, grads: rv.Gradients, number: int, direction: int) -> dict[str, Any]:
    """What one direction of one layer computed: lists by step and unit."""
    layer, reached = trace[number, direction], grads[number, direction]
    found = {"h": layer.h, "c": layer.c, "dh": reached.dh, "dc": reached.dc}
    return {
        **{key: None if values is None else values[:, 0].tolist() for key, values in found.items()},
        "gates": {gate: values[:, 0].tolist() for gate, values in layer.gates.items()},
        "a": {gate: values[:, 0].tolist() for gate, values in layer.preactivations.items()},
        "da": {gate: values[:, 0].tolist() for gate, values in reached.dpreactivations.items()},
    }


if __name__ == "__main__":
    json.dump(dict(recorded()), sys.stdout)
