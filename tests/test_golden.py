"""The engine against PyTorch 2.13.0: outputs, states and every gradient. `golden/README.md` says what the files hold.

The error of an array is the largest difference in it, relative to its largest magnitude. The bounds are what the
worst array needs (5.8e-15, and 2.5e-6 in float32), with a factor of four for another machine's order of summation.
"""

from pathlib import Path

import numpy as np
import pytest

import rnnviz

FOLDER = Path(__file__).parent / "golden"
MODULES, STEPS, STACKED = ({name: a[()] for name, a in np.load(FOLDER / f"{file}.npz").items()}
                           for file in ("modules", "steps", "stacked"))  # fmt: skip
BOUNDS = {np.float64: 2e-14, np.float32: 1e-5}
by_dtype = pytest.mark.parametrize("dtype", BOUNDS)


def network_of(case, name, dtype):
    """The network whose parameters `case` holds; what shapes cannot tell stands in the name of the case."""
    state = {f.removeprefix("param "): case[f].astype(dtype) for f in case.dtype.names if f.startswith("param ")}
    kind = name.split()[0]
    nonlinearity = "relu" if kind == "relu" else "tanh"
    return rnnviz.Network.from_state_dict(state, reset_after=kind != "gru_before", nonlinearity=nonlinearity)


def initial_states(case):
    return {state: case[state] for state in ("h0", "c0") if state in case.dtype.names}


def passes(case, name, dtype, truncate=None):
    network = network_of(case, name, dtype)
    trace = rnnviz.unroll(network, case["x"], case["lengths"], **initial_states(case))
    return trace, rnnviz.backpropagate(network, trace, case["dy"], truncate)


def each(layers, attribute):
    """h0's gradient of every layer and direction, say, in PyTorch's order: (L*D, B, H)."""
    return np.stack([getattr(layer, attribute) for row in layers for layer in row])


def final_states(trace, lengths, attribute):
    """The state after the last step that each direction read: (L*D, B, H)."""
    last, b = np.asarray(lengths) - 1, np.arange(len(lengths))
    rows = [(getattr(row[d], attribute), 0 * last if d else last) for row in trace.layers for d in range(len(row))]
    return np.stack([state[position, b] for state, position in rows])


def gradients(grads):
    """Every gradient but those inside the layers, by its name in the golden files."""
    found = {"dx": grads.dx, "dh0": each(grads.layers, "dh0")}
    found |= {f"grad {name}": a for name, a in grads.params.items()}
    return found | ({"dc0": each(grads.layers, "dc0")} if grads[0, 0].dc0 is not None else {})


def steps_of(trace, grads, suffix):
    """Every state, gate and pre-activation and its gradient, by its name in the golden files."""
    found = {}
    for direction, (seen, back) in enumerate(zip(trace.layers[0], grads.layers[0])):
        states = {"h": (seen.h, back.dh)} | ({} if seen.c is None else {"c": (seen.c, back.dc)})
        states |= {gate: (seen.gates[gate], back.dgates[gate]) for gate in seen.gates}
        states |= {f"a {gate}": (seen.preactivations[gate], back.dpreactivations[gate]) for gate in seen.gates}
        for name, (value, gradient) in states.items():
            found[f"0,{direction} {name}"] = value
            found[f"0,{direction} d{name}{suffix}"] = gradient
    return found


def worst_error(found, case):
    """The largest error among the arrays, and the array that has it."""
    errors = {}
    for name, a in found.items():
        assert a.shape == case[name].shape, name
        errors[name] = np.abs(a - case[name]).max() / (np.abs(case[name]).max() or 1.0)
    worst = max(errors, key=errors.__getitem__)
    return errors[worst], worst


@by_dtype
@pytest.mark.parametrize("name", MODULES)
def test_outputs_states_and_gradients_are_pytorchs(name, dtype):
    case = MODULES[name]
    trace, grads = passes(case, name, dtype)
    found = gradients(grads) | {"y": trace.y, "h_n": final_states(trace, case["lengths"], "h")}
    if trace[0, 0].c is not None:
        found["c_n"] = final_states(trace, case["lengths"], "c")
    given = ("param", "lengths", "x", "h0", "c0", "dy")
    assert set(found) == {field for field in case.dtype.names if not field.startswith(given)}
    assert all(a.dtype == dtype for a in found.values())
    error, worst = worst_error(found, case)
    assert error < BOUNDS[dtype], worst


@by_dtype
@pytest.mark.parametrize("name", STEPS)
def test_every_step_state_gate_and_gradient_is_pytorchs(name, dtype):
    case = STEPS[name]
    trace, grads = passes(case, name, dtype)
    found = {"y": trace.y} | gradients(grads) | steps_of(trace, grads, "")
    error, worst = worst_error(found, case)
    assert error < BOUNDS[dtype], worst


@by_dtype
@pytest.mark.parametrize("name", STEPS)
def test_every_truncated_gradient_is_pytorchs(name, dtype):
    case = STEPS[name]
    trace, grads = passes(case, name, dtype, int(case["truncate"]))
    found = {f"{field} | truncated": a for field, a in gradients(grads).items()}
    found |= steps_of(trace, grads, " | truncated")
    error, worst = worst_error(found, case)
    assert error < BOUNDS[dtype], worst


@by_dtype
@pytest.mark.parametrize("name", STACKED)
def test_gradients_truncated_through_layers_and_directions_are_pytorchs(name, dtype):
    case = STACKED[name]
    found = {
        f"{field} | truncated": a for field, a in gradients(passes(case, name, dtype, int(case["truncate"]))[1]).items()
    }
    found |= gradients(passes(case, name, dtype)[1])
    assert set(found) == {field for field in case.dtype.names if field.startswith(("dx", "dh0", "dc0", "grad"))}
    error, worst = worst_error(found, case)
    assert error < BOUNDS[dtype], worst


def test_truncation_changes_the_golden_gradients():
    """Otherwise the truncated vectors would prove nothing."""
    for case in (*STEPS.values(), *STACKED.values()):
        assert not np.allclose(case["grad weight_hh_l0"], case["grad weight_hh_l0 | truncated"], rtol=1e-3)
