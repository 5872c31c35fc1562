"""Random small networks with something to run them on, for the property tests of the engine."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from hypothesis import strategies as st

import rnnviz

KINDS = {
    "tanh": {"cell": "elman"},
    "relu": {"cell": "elman", "nonlinearity": "relu"},
    "sigmoid": {"cell": "elman", "nonlinearity": "sigmoid"},
    "linear": {"cell": "elman", "nonlinearity": "linear"},
    "lstm": {"cell": "lstm"},
    "gru": {"cell": "gru"},
    "gru_before": {"cell": "gru", "reset_after": False},
}


@dataclass(frozen=True, eq=False)
class Example:
    """A network, a batch with initial states and lengths, the derivative of a loss, and what is done to the gates."""

    network: rnnviz.Network
    x: np.ndarray
    lengths: np.ndarray | None
    h0: np.ndarray
    c0: np.ndarray | None
    dy: np.ndarray
    surgery: tuple[rnnviz.Pin | rnnviz.Shift, ...] = ()

    def unroll(self, **changes: Any) -> rnnviz.Trace:
        e = replace(self, **changes)
        return rnnviz.unroll(e.network, e.x, e.lengths, e.h0, e.c0, e.surgery)

    def backpropagate(self, truncate: int | None = None, **changes: Any) -> rnnviz.Gradients:
        e = replace(self, **changes)
        return rnnviz.backpropagate(e.network, e.unroll(), e.dy, truncate)

    def loss(self, **changes: Any) -> float:
        """The loss whose derivative by y is dy."""
        return float((replace(self, **changes).unroll().y * self.dy).sum())

    def states(self) -> dict[str, np.ndarray]:
        return {"h0": self.h0} | ({} if self.c0 is None else {"c0": self.c0})


def random_network(rng, kind="tanh", *, dtype=np.float64, scale=0.7, **sizes) -> rnnviz.Network:
    """Every parameter, biases included, normal with standard deviation `scale`."""
    network = rnnviz.Network.create(**{"input_size": 2, "hidden_size": 3} | KINDS[kind] | sizes)
    state = {name: (scale * rng.standard_normal(a.shape)).astype(dtype) for name, a in network.state_dict().items()}
    return network.with_parameters(state)


def make_example(rng, network, T, B, lengths=None) -> Example:
    """Standard normal x, h0, c0 and dy."""
    states = (network.num_layers * network.num_directions, B, network.hidden_size)
    return Example(
        network=network,
        x=rng.standard_normal((T, B, network.input_size)),
        lengths=lengths,
        h0=rng.standard_normal(states),
        c0=rng.standard_normal(states) if network.cell == "lstm" else None,
        dy=rng.standard_normal((T, B, network.output_width)),
    )


@st.composite
def examples(draw, kinds: Sequence[str] = tuple(KINDS), directions=(1, 2), ragged=True, dtype=np.float64) -> Example:
    """Any kind of network of 1-2 layers, and a batch of sequences."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1), label="seed"))
    network = random_network(
        rng,
        draw(st.sampled_from(kinds), label="kind"),
        input_size=draw(st.integers(1, 3), label="I"),
        hidden_size=draw(st.integers(1, 4), label="H"),
        num_layers=draw(st.integers(1, 2), label="L"),
        bidirectional=draw(st.sampled_from(directions), label="D") == 2,
        output_size=draw(st.sampled_from([None, 1, 2]), label="Q"),
        dtype=dtype,
    )
    T, B = draw(st.integers(1, 6), label="T"), draw(st.integers(1, 3), label="B")
    lengths = rng.integers(1, T + 1, B) if ragged and draw(st.booleans(), label="ragged") else None
    return make_example(rng, network, T, B, lengths)


def records(trace: rnnviz.Trace) -> dict[str, np.ndarray]:
    """Every array of a trace, by a name that tells its place."""
    found = {"y": trace.y}
    for l, row in enumerate(trace.layers):
        for d, layer in enumerate(row):
            arrays = {"x": layer.x, "h": layer.h, "h0": layer.h0}
            arrays |= {} if layer.c is None else {"c": layer.c, "c0": layer.c0}
            arrays |= layer.gates | {f"a {gate}": a for gate, a in layer.preactivations.items()}
            found |= {f"{l},{d} {name}": a for name, a in arrays.items()}
    return found


def gradients(grads: rnnviz.Gradients) -> dict[str, np.ndarray]:
    """Every array of the gradients, by a name that tells its place."""
    found = {"dx": grads.dx, **grads.params}
    for l, row in enumerate(grads.layers):
        for d, layer in enumerate(row):
            arrays = {"dh": layer.dh, "dh0": layer.dh0}
            arrays |= {} if layer.dc is None else {"dc": layer.dc, "dc0": layer.dc0}
            arrays |= {f"d{gate}": a for gate, a in layer.dgates.items()}
            arrays |= {f"da {gate}": a for gate, a in layer.dpreactivations.items()}
            found |= {f"{l},{d} {name}": a for name, a in arrays.items()}
    return found


def per_step(arrays: dict[str, np.ndarray], T: int) -> dict[str, np.ndarray]:
    """Those whose first axis is time; parameters and initial states have none."""
    return {name: a for name, a in arrays.items() if a.ndim == 3 and len(a) == T}


def assert_close(found: dict[str, np.ndarray], expected: dict[str, np.ndarray], tolerance: float) -> None:
    """Equal to within `tolerance`, relative to the largest magnitude of each array, however small."""
    assert found.keys() == expected.keys()
    for name, a in found.items():
        scale = float(np.abs(expected[name]).max())
        assert a.shape == expected[name].shape, name
        assert np.abs(a - expected[name]).max() <= tolerance * scale, name
