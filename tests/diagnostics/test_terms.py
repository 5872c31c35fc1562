"""The terms of one unit add up to what the engine recorded."""

import numpy as np
import pytest

import rnnviz as rv
from rnnviz.diagnostics import unit_step

TRACE = rv.unroll(
    rv.Network.create("elman", 3, 5, gate_biases={"h": 0.3}, rng=np.random.default_rng(2)),
    np.random.default_rng(4).normal(size=(7, 2, 3)),
)


@pytest.mark.parametrize("step", [1, 2, 7])
@pytest.mark.parametrize("unit", [1, 5])
def test_terms_add_up_to_the_preactivation(step: int, unit: int) -> None:
    terms = unit_step(TRACE, step, unit)
    total = terms.input + terms.recurrent.sum() + terms.bias
    assert total == pytest.approx(terms.sum, rel=1e-12)
    assert terms.bias == 0.3
    assert terms.sum == TRACE[0, 0].preactivations["h"][step - 1, 0, unit - 1]
    assert terms.h == TRACE[0, 0].h[step - 1, 0, unit - 1]


def test_before_the_first_step_there_is_no_past() -> None:
    assert not unit_step(TRACE, 1, 3).recurrent.any()


@pytest.mark.parametrize(("step", "unit"), [(0, 1), (8, 1), (1, 0), (1, 6)])
def test_a_place_outside_the_trace_is_an_error(step: int, unit: int) -> None:
    with pytest.raises(rv.ShapeError, match=rf"got elman.*, step {step} and unit {unit}"):
        unit_step(TRACE, step, unit)


def test_other_cells_have_other_terms() -> None:
    trace = rv.unroll(rv.Network.create("gru", 1, 2), np.zeros((2, 1, 1)))
    with pytest.raises(rv.ShapeError, match="got gru"):
        unit_step(trace, 1, 1)
