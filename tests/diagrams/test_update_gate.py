"""The two conventions for the update gate: the same numbers, and both lines multiply out as printed."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

import rnnviz as rv
from rnnviz.diagrams.update_gate import Update, update_gate, update_places
from tests.pictures import chips, number

share, state = some.floats(0, 1), some.floats(-1, 1)


def drawn(update: Update) -> str:
    return update_gate(update, title="t", keeps="", lets_in="")


def both_lines(update: Update) -> tuple[list[float], list[float]]:
    """h, the candidate's weight, n, the old state's weight and the old state, as printed in each line."""
    printed = [number(chip) for chip in chips(drawn(update))]
    assert len(printed) == 10
    return printed[:5], printed[5:]


@given(share, state, state)
def test_both_lines_multiply_out_as_printed(z: float, n: float, h_prev: float) -> None:
    update = Update(3, 1, z, n, h_prev, (1 - z) * n + z * h_prev)
    for h, let_in, candidate, kept, before in both_lines(update):
        assert let_in + kept == pytest.approx(1, abs=1e-12)
        assert let_in * candidate + kept * before == pytest.approx(h, abs=0.5000001 * 10.0 ** -update_places(update))


def test_the_numbers_are_the_engine_s() -> None:
    trace = rv.unroll(rv.Network.create("gru", 2, 3), np.random.default_rng(0).normal(size=(5, 1, 2)))
    layer = trace[0, 0]
    z, n, h = (float(a[3, 0, 1]) for a in (layer.gates["z"], layer.gates["n"], layer.h))
    before = float(layer.h[2, 0, 1])
    for line in both_lines(Update(4, 2, z, n, before, h)):
        assert line == pytest.approx([h, 1 - z, n, z, before], abs=1e-3)


@pytest.mark.parametrize("z", [0.000335, 0.00405, 0.12, 0.881, 1 - 0.000335])
def test_z_and_what_it_leaves_have_three_digits(z: float) -> None:
    for _, let_in, _, kept, _ in both_lines(Update(2, 1, z, -0.5, 0.25, (1 - z) * -0.5 + z * 0.25)):
        assert [let_in, kept] == pytest.approx([1 - z, z], rel=5e-3)


@pytest.mark.parametrize(("z", "h"), [(1.0, 0.25), (0.0, -0.5)])
def test_a_gate_at_its_end_keeps_or_replaces(z: float, h: float) -> None:
    line, other = both_lines(Update(1, 1, z, -0.5, 0.25, h))
    assert line[0] == other[0] == h
    assert line == other


def test_what_is_not_finite_is_refused() -> None:
    with pytest.raises(rv.NonFiniteError, match="update"):
        drawn(Update(1, 1, 0.5, float("nan"), 0.0, 0.0))
