"""Laws of the optimizers: PyTorch's paths, closed forms, purity, data types, errors."""

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnviz import optimizers, schedules, transformations
from rnnviz.errors import NonFiniteError, ShapeError, UnknownNameError

GOLDEN = np.load(Path(__file__).parent / "golden" / "optimizers.npz")
NAMES = ["weight", "bias"]
ALL = {
    "sgd": optimizers.sgd(),
    "momentum": optimizers.sgd(momentum=0.9),
    "nesterov": optimizers.nesterov(momentum=0.8),
    "adagrad": optimizers.adagrad(),
    "rmsprop": optimizers.rmsprop(alpha=0.9, epsilon=1e-6),
    "adam": optimizers.adam(),
    "adam_other": optimizers.adam(0.5, 0.9, 1e-3),
    "adamw": optimizers.adamw(weight_decay=0.3),
}
L2 = transformations.weight_decay(0.3)
CHAINS = {
    "sgd_l2": optimizers.chain(L2, optimizers.sgd()),
    "momentum_l2": optimizers.chain(L2, optimizers.sgd(momentum=0.9)),
    "rmsprop_l2": optimizers.chain(L2, optimizers.rmsprop(alpha=0.9, epsilon=1e-6)),
    "adam_l2": optimizers.chain(L2, optimizers.adam()),
    "clipped_adam": optimizers.chain(transformations.clip_by_global_norm(2.0), optimizers.adam()),
    "clipped_by_value_adam_l2": optimizers.chain(transformations.clip_by_value(0.5), L2, optimizers.adam()),
}
every_optimizer = pytest.mark.parametrize("optimizer", ALL.values(), ids=ALL.keys())


@pytest.mark.parametrize("name", ALL | CHAINS)
def test_paths_of_a_hundred_updates_are_those_of_pytorch(name):
    optimizer = (ALL | CHAINS)[name]
    params = {key: GOLDEN[f"theta0/{key}"] for key in NAMES}
    state = optimizer.init(params)
    for t, learning_rate in enumerate(GOLDEN["learning_rates"]):
        grads = {key: GOLDEN[f"grads/{key}"][t] for key in NAMES}
        params, state = optimizer.update(grads, state, params, learning_rate)
        for key in NAMES:
            np.testing.assert_allclose(params[key], GOLDEN[f"{name}/{key}"][t], rtol=1e-10, atol=1e-12)
    assert state.t == len(GOLDEN["learning_rates"]) == 100


@every_optimizer
def test_all_walk_down_a_quadratic_bowl(optimizer):
    params = {"theta": np.array([1.0, -2.0])}
    curvature = np.array([1.0, 3.0])
    state = optimizer.init(params)
    for _ in range(400):
        grads = {"theta": curvature * params["theta"]}
        params, state = optimizer.update(grads, state, params, 0.1)
    assert curvature @ params["theta"] ** 2 < 0.05 * (1 * 1 + 3 * 4)


@settings(max_examples=30)
@given(
    size=st.floats(1e-3, 1e3),
    sign=st.sampled_from([-1.0, 1.0]),
    learning_rate=st.floats(1e-4, 1.0),
)
def test_first_step_of_adam_and_adagrad_is_the_learning_rate_whatever_the_gradient(size, sign, learning_rate):
    for optimizer in (optimizers.adam(), optimizers.adagrad()):
        params = {"theta": np.array([0.5])}
        new, _ = optimizer.update({"theta": np.array([sign * size])}, optimizer.init(params), params, learning_rate)
        assert params["theta"][0] - new["theta"][0] == pytest.approx(sign * learning_rate, rel=1e-4)


@pytest.mark.parametrize(("optimizer", "reach"), [(optimizers.sgd(0.9), 10.0), (optimizers.nesterov(0.9), 10.0)])
def test_momentum_multiplies_a_steady_gradient_by_one_over_one_minus_momentum(optimizer, reach):
    params = {"theta": np.zeros(1)}
    state = optimizer.init(params)
    for _ in range(300):
        previous, (params, state) = params, optimizer.update({"theta": np.ones(1)}, state, params, 0.01)
    assert previous["theta"][0] - params["theta"][0] == pytest.approx(0.01 * reach, rel=1e-10)


def test_momentum_zero_is_plain_gradient_descent():
    params, grads = {"a": np.array([1.0, 2.0])}, {"a": np.array([0.5, -4.0])}
    for optimizer in (optimizers.sgd(), optimizers.sgd(0.0), optimizers.nesterov(0.0)):
        new, _ = optimizer.update(grads, optimizer.init(params), params, 0.1)
        np.testing.assert_array_equal(new["a"], params["a"] - 0.1 * grads["a"])


def test_weight_decay_shrinks_weights_that_have_no_gradient():
    optimizer = optimizers.adamw(weight_decay=0.5)
    params = {"a": np.array([2.0, -4.0])}
    new, _ = optimizer.update({"a": np.zeros(2)}, optimizer.init(params), params, 0.1)
    np.testing.assert_array_equal(new["a"], 0.95 * params["a"])


@every_optimizer
def test_a_learning_rate_of_zero_moves_nothing_but_the_state(optimizer):
    params, grads = {"a": np.array([1.0, -3.0])}, {"a": np.array([0.1, 0.2])}
    new, state = optimizer.update(grads, optimizer.init(params), params, 0.0)
    np.testing.assert_array_equal(new["a"], params["a"])
    assert state.t == 1
    assert all(moment["a"].any() for moment in state.moments.values())


@every_optimizer
def test_update_changes_and_shares_nothing_that_it_was_given(optimizer):
    params, grads = {"a": np.array([1.0, -3.0])}, {"a": np.array([0.1, 0.2])}
    state = optimizer.init(params)
    first = optimizer.update(grads, state, params, 0.1)
    second = optimizer.update(grads, state, params, 0.1)
    np.testing.assert_array_equal(first[0]["a"], second[0]["a"])
    np.testing.assert_array_equal(params["a"], [1.0, -3.0])
    np.testing.assert_array_equal(grads["a"], [0.1, 0.2])
    assert state.t == 0
    assert not any(moment["a"].any() for moment in state.moments.values())
    given_arrays = [params["a"], grads["a"], *(moment["a"] for moment in state.moments.values())]
    new_arrays = [first[0]["a"], *(moment["a"] for moment in first[1].moments.values())]
    assert not any(np.shares_memory(new, old) for new in new_arrays for old in given_arrays)


@every_optimizer
def test_float32_and_zero_dimensional_parameters_keep_their_type(optimizer):
    params = {"a": np.ones((2, 2), np.float32), "b": np.array(1.0, np.float32)}
    grads = {name: 0.1 * theta for name, theta in params.items()}
    new, state = optimizer.update(grads, optimizer.init(params), params, np.float64(0.1))
    for name, theta in params.items():
        for array in (new[name], *(moment[name] for moment in state.moments.values())):
            assert isinstance(array, np.ndarray)
            assert array.dtype == np.float32
            assert array.shape == theta.shape


@every_optimizer
def test_float64_gradients_and_moments_leave_float32_parameters_float32(optimizer):
    params, grads = {"a": np.ones(2, np.float32)}, {"a": np.full(2, 0.1)}
    state = optimizer.init({"a": np.ones(2)})
    new, state = optimizer.update(grads, state, params, 0.1)
    expected, _ = optimizer.update({"a": grads["a"].astype(np.float32)}, optimizer.init(params), params, 0.1)
    assert new["a"].dtype == np.float32
    assert all(moment["a"].dtype == np.float32 for moment in state.moments.values())
    np.testing.assert_array_equal(new["a"], expected["a"])
    with pytest.raises(NonFiniteError, match="gradient of a at update 1"):
        optimizer.update({"a": np.full(2, 1e300)}, optimizer.init(params), params, 0.1)


def test_parameters_and_gradients_must_be_named_floating_point_arrays():
    optimizer, params = optimizers.sgd(), {"a": np.ones(1)}
    with pytest.raises(ShapeError, match="parameters must be floating point, got int64 for a"):
        optimizer.init({"a": np.ones(1, np.int64)})
    with pytest.raises(ShapeError, match=r"gradients must be \{name: array\}, got ndarray: pass grads.params"):
        optimizer.update(params["a"], optimizer.init(params), params, 0.1)


def test_a_learning_rate_may_come_from_a_schedule_but_is_none_itself():
    optimizer, params, schedule = optimizers.sgd(), {"a": np.ones(1)}, schedules.linear(0.5, 0.0, 10)
    new, _ = optimizer.update(params, optimizer.init(params), params, schedule(0))
    np.testing.assert_array_equal(new["a"], 0.5)
    with pytest.raises(ValueError, match=r"learning_rate must be a number.*schedule\(t\)"):
        optimizer.update(params, optimizer.init(params), params, schedule)


@every_optimizer
@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_non_finite_gradients_are_named(optimizer, bad):
    params = {"a": np.ones(2), "b": np.ones(2)}
    grads = {"a": np.ones(2), "b": np.array([1.0, bad])}
    with pytest.raises(NonFiniteError, match="gradient of b at update 1"):
        optimizer.update(grads, optimizer.init(params), params, 0.1)


def test_updates_that_overflow_are_reported():
    for optimizer, size in ((optimizers.sgd(), 1e308), (optimizers.adam(), 1e200)):
        params = {"a": np.ones(1)}
        with pytest.raises(NonFiniteError, match="update 1 takes a beyond the range of float64"):
            optimizer.update({"a": np.array([size])}, optimizer.init(params), params, 10.0)


@every_optimizer
def test_names_and_shapes_must_match(optimizer):
    params = {"a": np.ones(2), "b": np.ones(3)}
    state = optimizer.init(params)
    with pytest.raises(UnknownNameError, match=r"gradients.*only one: b, c"):
        optimizer.update({"a": np.ones(2), "c": np.ones(3)}, state, params, 0.1)
    with pytest.raises(ShapeError, match=r"gradients: b must have the parameter's shape \(3,\), got \(2,\)"):
        optimizer.update({"a": np.ones(2), "b": np.ones(2)}, state, params, 0.1)
    with pytest.raises(UnknownNameError, match=r"state '.'.*only one: b"):
        optimizer.update(params, optimizer.init({"a": np.ones(2)}), params, 0.1)


@every_optimizer
def test_models_along_a_leading_axis_are_updated_as_each_by_itself(optimizer):
    rng = np.random.default_rng(0)
    params = {name: rng.standard_normal((5, *shape)) for name, shape in {"W": (3, 2), "b": (3,)}.items()}
    state = optimizer.init(params)
    alone = [{name: theta[m] for name, theta in params.items()} for m in range(5)]
    states = [optimizer.init(one) for one in alone]
    for _ in range(3):
        grads = {name: rng.standard_normal(theta.shape) for name, theta in params.items()}
        params, state = optimizer.update(grads, state, params, 0.1)
        for m in range(5):
            alone[m], states[m] = optimizer.update({k: g[m] for k, g in grads.items()}, states[m], alone[m], 0.1)
            for name in params:
                np.testing.assert_array_equal(params[name][m], alone[m][name])


@every_optimizer
def test_a_state_as_named_arrays_goes_on_as_it_was(optimizer, tmp_path):
    noise = transformations.add_noise(0.1, rng=np.random.default_rng(3))
    optimizer = optimizers.chain(transformations.clip_by_average_norm(0.5), noise, optimizer)
    params, grads = {"a": np.array([1.0, -3.0]), "b": np.array(2.0)}, {"a": np.array([0.1, 0.2]), "b": np.array(0.3)}
    params, state = optimizer.update(grads, optimizer.init(params), params, 0.1)
    np.savez(tmp_path / "state.npz", **optimizers.state_arrays(state))
    with np.load(tmp_path / "state.npz", allow_pickle=False) as saved:
        again = optimizers.state_from_arrays(dict(saved))
    assert optimizer.fits(again)
    (one, one_state), (other, other_state) = (optimizer.update(grads, s, params, 0.1) for s in (state, again))
    for name in params:
        np.testing.assert_array_equal(one[name], other[name])
    assert one_state.t == other_state.t == 2


def test_arrays_that_are_no_state_are_named():
    with pytest.raises(UnknownNameError, match="got 'm'"):
        optimizers.state_from_arrays({"t": 1, "m": np.ones(2)})
    with pytest.raises(UnknownNameError, match="'t'"):
        optimizers.state_from_arrays({"m/a": np.ones(2)})


def test_parameters_of_two_data_types_keep_their_own_and_their_order():
    params = {"a": np.ones(2, np.float32), "b": np.ones(2), "c": np.ones(3, np.float32)}
    new, _ = optimizers.adam().update(params, optimizers.adam().init(params), params, 0.1)
    assert list(new) == list(params)
    assert {name: theta.dtype for name, theta in new.items()} == {name: theta.dtype for name, theta in params.items()}


def test_the_state_of_another_optimizer_is_rejected():
    params = {"a": np.ones(2)}
    with pytest.raises(UnknownNameError, match="state 'm'"):
        optimizers.adam().update(params, optimizers.sgd().init(params), params, 0.1)


@pytest.mark.parametrize("learning_rate", [-0.1, math.nan, math.inf, None, "0.1", [0.1]])
def test_learning_rates_out_of_range_are_rejected(learning_rate):
    optimizer, params = optimizers.sgd(), {"a": np.ones(1)}
    with pytest.raises(ValueError, match="learning_rate must be a number in"):
        optimizer.update(params, optimizer.init(params), params, learning_rate)


@pytest.mark.parametrize(
    ("make", "name", "value"),
    [
        (optimizers.sgd, "momentum", 1.0),
        (optimizers.nesterov, "momentum", -0.1),
        (optimizers.adagrad, "epsilon", 0.0),
        (optimizers.rmsprop, "alpha", 1.0),
        (optimizers.rmsprop, "epsilon", math.nan),
        (optimizers.adam, "beta_1", 1.0),
        (optimizers.adam, "beta_2", math.nan),
        (optimizers.adamw, "epsilon", -1e-8),
        (optimizers.adamw, "weight_decay", -0.1),
        (optimizers.sgd, "momentum", None),
        (optimizers.adam, "beta_1", "0.9"),
        (optimizers.adagrad, "epsilon", [1e-8]),
    ],
)
def test_hyperparameters_out_of_range_are_rejected_by_name(make, name, value):
    with pytest.raises(ValueError, match=f"{name} must be"):
        make(**{name: value})
