"""What a cell's record says of it is what the cell does."""

import re
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

import rnnviz as rv
from rnnviz.activations import sigmoid
from rnnviz.cells import CELLS
from rnnviz.cells.elman import NONLINEARITIES
from rnnviz.cells.spec import ROLES
from rnnviz.theme import Palette

ROOT = Path(__file__).parents[2]
FUNCTIONS = {"sigmoid": sigmoid, "tanh": np.tanh}
# what stands for "this cell and no other" in code
ASKS = re.compile(
    r"isinstance\([^)]*\b(GRU|LSTM|Elman)\)|[=!]=+ \"(lstm|gru|elman)\"|\b(elman|lstm|gru): |\{\"elman\": cells"
)


@pytest.fixture(params=CELLS)
def trace(request: pytest.FixtureRequest) -> rv.Trace:
    rng = np.random.default_rng(0)
    net = rv.Network.create(request.param, 2, 4, rng=rng, init=lambda shape, rng: rng.normal(size=shape))
    return rv.unroll(net, rng.normal(size=(9, 2, 2)))


def test_each_gate_is_its_activation_of_its_pre_activation(trace: rv.Trace) -> None:
    net, layer = trace.network, trace[0, 0]
    assert tuple(layer.gates) == net.spec.letters
    for gate in net.spec.gates:
        phi = FUNCTIONS[gate.activation] if gate.activation else NONLINEARITIES[net.nonlinearity][0]
        np.testing.assert_allclose(layer.gates[gate.letter], phi(layer.preactivations[gate.letter]), rtol=1e-12)


def test_the_path_is_what_is_kept_of_it_and_what_is_written(trace: rv.Trace) -> None:
    spec, layer = trace.network.spec, trace[0, 0]
    if spec.keep is None:
        assert spec.states == ("h",)
        return
    path, start = (layer.c, layer.c0) if spec.path == "c" else (layer.h, layer.h0)
    assert path is not None
    assert start is not None
    before = np.concatenate([start[None], path[:-1]])
    keep, candidate = layer.gates[spec.keep], layer.gates[str(spec.by_role("candidate"))]
    write = layer.gates[spec.by_role("write") or ""] if spec.by_role("write") else 1 - keep
    np.testing.assert_allclose(path, keep * before + write * candidate, rtol=1e-12)


def test_the_states_are_those_of_the_trace(trace: rv.Trace) -> None:
    spec = trace.network.spec
    assert ("c" in spec.states) == (trace[0, 0].c is not None)
    assert spec.path == spec.states[0]


@pytest.mark.parametrize("name", CELLS)
def test_colours_are_the_theme_s_roles_known_and_letters_stand_once(name: str) -> None:
    spec, hues = CELLS[name].SPEC, {field.name for field in fields(Palette)}
    for gate in spec.gates:
        assert gate.role in ROLES
        assert not gate.role or gate.colour in hues
    assert len(set(spec.refs)) == len(spec.refs)
    drawn = {gate.letter for gate in spec.gates if gate.role}
    assert set(spec.drawn) == drawn
    assert drawn <= set(spec.places)
    assert set(spec.maps) <= set(spec.places)


def test_a_hue_stands_for_one_role_in_all_cells() -> None:
    """But for output and reset, which no cell has both: they share one."""
    roles: dict[str, set[str]] = {}
    for cell in CELLS.values():
        for gate in cell.SPEC.gates:
            roles.setdefault(gate.colour, set()).add(gate.role)
    assert roles.pop("output") == {"output", "reset"}
    assert all(len(found) == 1 for found in roles.values())


def test_the_guide_names_every_file_that_asks_for_a_cell() -> None:
    """What is particular to a cell is to be found; all else reads the record."""
    guide = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    guide = guide[guide.index("## A cell") : guide.index("## A release")]
    asking = [
        path.relative_to(ROOT / "rnnviz").as_posix()
        for path in sorted((ROOT / "rnnviz").rglob("*"))
        if path.suffix in (".py", ".js") and ASKS.search(path.read_text(encoding="utf-8"))
    ]
    assert asking
    missing = [name for name in asking if f"`{name}`" not in guide and f"`{name.replace('player/', '')}`" not in guide]
    assert not missing
