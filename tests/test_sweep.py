"""Laws of the sweep: model by model it is the engine, in every number; what does not fit is refused."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rnnviz as rv
from rnnviz import NonFiniteError, ShapeError, sweep
from rnnviz.sweep.products import FEW
from tests.networks import KINDS, assert_close, random_network

by_kind = pytest.mark.parametrize("kind", KINDS)
STATES = {"h": "h0", "c": "c0"}


def start_of(rng, cell, shape):
    return {name: rng.standard_normal(shape) for name in (("h0", "c0") if cell == "lstm" else ("h0",))}


def of_sweep(traces, grads, m):
    """Every number of model m, by its name."""
    found = {"h": traces.h, "dh": grads.dh} | ({} if traces.c is None else {"c": traces.c, "dc": grads.dc})
    found |= dict(traces.gates) | {f"a {gate}": a for gate, a in traces.preactivations.items()}
    found |= {f"da {gate}": a for gate, a in grads.dpreactivations.items()}
    found = {name: a[:, m] for name, a in found.items()}
    found |= {"dh0": grads.dh0[m]} | ({} if grads.dc0 is None else {"dc0": grads.dc0[m]})
    return found | {name: a[m] for name, a in grads.params.items()}


def of_engine(network, x, dh, start):
    """The same numbers of one network by itself."""
    trace = rv.unroll(network, x[:, None], **{name: a[None] for name, a in start.items()})
    grads = rv.backpropagate(network, trace, dh[:, None])
    seen, back = trace[0, 0], grads[0, 0]
    found = {"h": seen.h, "dh": back.dh} | ({} if seen.c is None else {"c": seen.c, "dc": back.dc})
    found |= dict(seen.gates) | {f"a {gate}": a for gate, a in seen.preactivations.items()}
    found |= {f"da {gate}": a for gate, a in back.dpreactivations.items()}
    found = {name: a[:, 0] for name, a in found.items()}
    found |= {"dh0": back.dh0[0]} | ({} if back.dc0 is None else {"dc0": back.dc0[0]})
    return found | dict(grads.params)


def assert_equal_to_engine(models, x, dh, start):
    """Every number of every model, to 1e-12 of the largest of its kind."""
    traces = sweep.unroll(models, x, **start)
    grads = sweep.backpropagate(models, traces, dh)
    for m in range(models.count):
        x_m = x if x.ndim == 2 else x[:, m]
        start_m = {name: a if a.ndim == 1 else a[m] for name, a in start.items()}
        assert_close(of_sweep(traces, grads, m), of_engine(models.network(m), x_m, dh[:, m], start_m), 1e-12)


sizes = st.fixed_dictionaries(
    {"T": st.integers(1, 8), "M": st.integers(1, 4), "I": st.integers(1, 3), "H": st.integers(1, 4)}
)


@by_kind
@settings(max_examples=15)
@given(seed=st.integers(0, 2**32 - 1), sizes=sizes, own_x=st.booleans(), own_start=st.booleans())
def test_stacked_networks_are_the_engines_model_by_model(kind, seed, sizes, own_x, own_start):
    rng, (T, M, I, H) = np.random.default_rng(seed), sizes.values()
    models = sweep.stack([random_network(rng, kind, input_size=I, hidden_size=H) for _ in range(M)])
    x = rng.standard_normal((T, M, I) if own_x else (T, I))
    start = start_of(rng, models.cell, (M, H) if own_start else (H,))
    assert_equal_to_engine(models, x, rng.standard_normal((T, M, H)), start)


@by_kind
@settings(max_examples=10)
@given(seed=st.integers(0, 2**32 - 1), sizes=sizes, B=st.integers(1, 3), own_start=st.booleans())
def test_models_that_read_several_sequences_are_the_engines_with_a_batch(kind, seed, sizes, B, own_start):
    rng, (T, M, I, H) = np.random.default_rng(seed), sizes.values()
    models = sweep.stack([random_network(rng, kind, input_size=I, hidden_size=H) for _ in range(M)])
    x, dh = rng.standard_normal((T, M, B, I)), rng.standard_normal((T, M, B, H))
    start = start_of(rng, models.cell, (M, B, H) if own_start else (H,))
    traces = sweep.unroll(models, x, **start)
    grads = sweep.backpropagate(models, traces, dh)
    for m in range(M):
        own = {name: np.broadcast_to(a if a.ndim == 1 else a[m], (B, H)) for name, a in start.items()}
        trace = rv.unroll(models.network(m), x[:, m], **own)
        back = rv.backpropagate(models.network(m), trace, dh[:, m])
        layer = back[0, 0]
        expected = {"h": trace[0, 0].h, "dh": layer.dh, **back.params}
        expected |= {f"gate {gate}": a for gate, a in trace[0, 0].gates.items()}
        expected |= {f"da {gate}": a for gate, a in layer.dpreactivations.items()}
        found = {"h": traces.h[:, m], "dh": grads.dh[:, m], **{name: a[m] for name, a in grads.params.items()}}
        found |= {f"gate {gate}": a[:, m] for gate, a in traces.gates.items()}
        found |= {f"da {gate}": a[:, m] for gate, a in grads.dpreactivations.items()}
        assert_close(found | {"dh0": grads.dh0[m]}, expected | {"dh0": layer.dh0}, 1e-12)


@by_kind
@settings(max_examples=15)
@given(seed=st.integers(0, 2**32 - 1), sizes=sizes)
def test_scaled_networks_are_the_engines_with_recurrent_weights_times_the_scale(kind, seed, sizes):
    rng, (T, M, I, H) = np.random.default_rng(seed), sizes.values()
    network, scales = random_network(rng, kind, input_size=I, hidden_size=H), rng.uniform(-2, 2, M)
    models = sweep.scaled(network, scales)
    for m, scale in enumerate(scales):
        expected = network.state_dict() | {"weight_hh_l0": scale * network.state_dict()["weight_hh_l0"]}
        assert_close(models.network(m).state_dict(), expected, 0)
    assert_equal_to_engine(models, rng.standard_normal((T, I)), rng.standard_normal((T, M, H)), {})


@by_kind
def test_more_models_than_are_summed_at_a_time_are_all_there(kind):
    rng = np.random.default_rng(0)
    models = sweep.scaled(random_network(rng, kind, hidden_size=2), np.linspace(0.1, 2, 130))
    assert_equal_to_engine(models, rng.standard_normal((5, 2)), rng.standard_normal((5, 130, 2)), {})


@by_kind
@pytest.mark.parametrize("M", [FEW, FEW + 1])
def test_few_and_many_matrices_of_their_own_are_the_engine_s(kind, M):
    rng = np.random.default_rng(0)
    models = replace(sweep.scaled(random_network(rng, kind, hidden_size=3), np.linspace(0.1, 2, M)), multiples=None)
    assert_equal_to_engine(models, rng.standard_normal((4, 2)), rng.standard_normal((4, M, 3)), {})


@by_kind
def test_float32_networks_are_computed_in_float32(kind):
    rng = np.random.default_rng(0)
    network = random_network(rng, kind, dtype=np.float32)
    x, dh = rng.standard_normal((6, 2)), rng.standard_normal((6, 2, 3))
    for models in (sweep.stack([network, network]), sweep.scaled(network, [1, 1])):
        traces = sweep.unroll(models, x)
        found = of_sweep(traces, sweep.backpropagate(models, traces, dh), 0)
        assert {a.dtype for a in found.values()} == {np.dtype(np.float32)}
        assert_close(found, of_engine(network, x, dh[:, 0], {}), 1e-5)


def test_overflow_is_silent_and_its_first_step_known_for_each_model():
    """h_t = s h_{t-1} + 1 from 1e300: s = 1e4 overflows at step 2, 1e10 at step 0, 0.5 never; so do the gradients.

    Coming from the last step, dL/dh_t = s^(9-t) 1e300 first overflows for s = 1e4 at step 6.
    """
    network = rv.Network.create("elman", 1, 1, nonlinearity="linear").with_parameters(
        {"weight_ih_l0": [[0.0]], "weight_hh_l0": [[1.0]], "bias_ih_l0": [1.0], "bias_hh_l0": [0.0]}
    )
    models = sweep.scaled(network, [1e4, 1e10, 0.5])
    traces = sweep.unroll(models, np.zeros((10, 1)), h0=[1e300])
    np.testing.assert_array_equal(traces.nonfinite_step, [2, 0, -1])
    dh = np.zeros((10, 3, 1))
    dh[-1] = [[1e300], [1e300], [1.0]]
    grads = sweep.backpropagate(models, traces, dh)
    np.testing.assert_array_equal(grads.nonfinite_step, [6, 8, -1])
    assert not np.isfinite(grads.params["weight_hh_l0"][:2]).any()
    assert np.isfinite(grads.params["weight_hh_l0"][2]).all()
    for m in range(3):
        trace = rv.unroll(models.network(m), np.zeros((10, 1, 1)), h0=[[1e300]])
        np.testing.assert_array_equal(traces.h[:, m], trace.y[:, 0])


def test_inputs_are_left_as_they_are():
    rng = np.random.default_rng(0)
    models = sweep.stack([random_network(rng, "gru_before") for _ in range(2)])
    given = {"x": rng.standard_normal((4, 2)), "dh": rng.standard_normal((4, 2, 3)), "h0": rng.standard_normal((2, 3))}
    before = {name: a.copy() for name, a in (given | models.params).items()}
    traces = sweep.unroll(models, given["x"], given["h0"])
    h = traces.h.copy()
    sweep.backpropagate(models, traces, given["dh"])
    for name, a in (given | models.params).items():
        np.testing.assert_array_equal(a, before[name])
    np.testing.assert_array_equal(traces.h, h)


BARE = random_network(np.random.default_rng(0), "tanh")


@pytest.mark.parametrize(
    ("networks", "message"),
    [
        ([], "needs at least one network"),
        ([BARE, random_network(np.random.default_rng(0), "relu")], r"network 1 is elman \(nonlinearity=relu"),
        ([BARE, random_network(np.random.default_rng(0), "lstm")], "network 1 is lstm"),
        ([BARE, random_network(np.random.default_rng(0), "tanh", hidden_size=4)], "H = 3.* network 1 is .*H = 4"),
        ([random_network(np.random.default_rng(0), "gru", num_layers=2)], "one layer and direction"),
        ([random_network(np.random.default_rng(0), "gru", bidirectional=True)], "one layer and direction"),
        ([random_network(np.random.default_rng(0), "gru", output_size=2)], "without a readout"),
    ],
)
def test_networks_that_cannot_be_swept_together_are_refused(networks, message):
    with pytest.raises(ShapeError, match=message):
        sweep.stack(networks)
    if len(networks) == 1:
        with pytest.raises(ShapeError, match=message):
            sweep.scaled(networks[0], [1.0])


MODELS = sweep.scaled(BARE, [0.5, 1.0])


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: sweep.scaled(BARE, []), ShapeError, "scales must be a list of at least one number"),
        (lambda: sweep.scaled(BARE, 2.0), ShapeError, "scales must be a list of at least one number"),
        (lambda: sweep.unroll(MODELS, np.zeros((4, 3))), ShapeError, r"x needs shape \(T, I\), .* I = 2, got \(4, 3\)"),
        (lambda: sweep.unroll(MODELS, np.zeros((4, 3, 2))), ShapeError, r"with M = 2 and I = 2, got \(4, 3, 2\)"),
        (lambda: sweep.unroll(MODELS, np.zeros((0, 2))), ShapeError, r"got \(0, 2\)"),
        (lambda: sweep.unroll(MODELS, np.zeros(2)), ShapeError, r"got \(2,\)"),
        (lambda: sweep.unroll(MODELS, np.full((4, 2), np.nan)), NonFiniteError, "x must be finite"),
        (lambda: sweep.unroll(MODELS, np.zeros((4, 2)), h0=np.zeros((3, 3))), ShapeError, r"h0 needs shape \(M, H\)"),
        (lambda: sweep.unroll(MODELS, np.zeros((4, 2)), h0=[np.inf] * 3), NonFiniteError, "h0 must be finite"),
        (lambda: sweep.unroll(MODELS, np.zeros((4, 2)), c0=np.zeros(3)), ShapeError, "these models' cell is elman"),
    ],
)
def test_what_does_not_fit_is_refused(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_gradients_need_the_traces_of_the_same_models_and_a_gradient_of_their_shape():
    traces = sweep.unroll(MODELS, np.zeros((4, 2)))
    with pytest.raises(ShapeError, match="made by other models"):
        sweep.backpropagate(sweep.scaled(BARE, [0.5, 1.0]), traces, np.zeros((4, 2, 3)))
    with pytest.raises(ShapeError, match=r"dh needs the shape of traces.h, \(4, 2, 3\); got \(4, 2\)"):
        sweep.backpropagate(MODELS, traces, np.zeros((4, 2)))
