"""A gate's terms add up to what the engine recorded, surgery included."""

import numpy as np
import pytest

import rnnviz
from rnnviz import Pin, ShapeError, Shift, UnknownNameError
from rnnviz.diagnostics import gate_step
from tests.networks import make_example, random_network

RNG = np.random.default_rng(0)
GATES = {"tanh": "h", "lstm": "ifgo", "gru": "rz", "gru_before": "rz"}


@pytest.mark.parametrize(("kind", "gate"), [(kind, gate) for kind, gates in GATES.items() for gate in gates])
def test_the_terms_add_up_to_the_recorded_pre_activation(kind, gate):
    example = make_example(RNG, random_network(RNG, kind), T=4, B=2)
    surgery = (Shift(gate, 0.7, 1, 2), Shift(gate, 0.4, 2, 3, units=(1,)), Pin(gate, 0.25, 3, 3, units=(2,)))
    trace = example.unroll(surgery=surgery)
    for step in range(4):
        for unit in range(3):
            terms = gate_step(trace, gate, step, unit)
            total = terms.input.sum() + terms.recurrent + terms.bias + terms.shift
            assert total == pytest.approx(terms.sum, abs=1e-14)
            assert terms.sum == trace[0, 0].preactivations[gate][step, 0, unit]
            assert terms.value == trace[0, 0].gates[gate][step, 0, unit]
            assert terms.pinned == ((step, unit) == (3, 2))
    assert gate_step(trace, gate, 2, 1).shift == pytest.approx(1.1)
    assert gate_step(trace, gate, 0, 1).shift == 0


@pytest.mark.parametrize(("kind", "gate"), [("gru", "n"), ("lstm", "z"), ("tanh", "f")])
def test_a_gate_that_is_no_sum_of_terms_is_refused(kind, gate):
    trace = make_example(RNG, random_network(RNG, kind), T=2, B=1).unroll()
    with pytest.raises(UnknownNameError, match=f"got '{gate}'"):
        gate_step(trace, gate, 0, 0)


@pytest.mark.parametrize(("step", "unit"), [(-1, 0), (3, 0), (0, -1), (0, 3), (1.5, 0), (True, None), ("f", 0)])
def test_a_step_or_unit_out_of_range_is_refused(step, unit):
    network = random_network(RNG, "lstm")
    trace = rnnviz.unroll(network, np.zeros((5, 2, 2)), lengths=[3, 5])
    with pytest.raises(ShapeError, match=r"step 0\.\.2 and unit 0\.\.2"):
        gate_step(trace, "f", step, unit)
