"""Laws of what is done to a gradient before the optimizer: order, both kinds of decay, noise, averages, errors."""

import math

import numpy as np
import pytest

from rnnviz import clipping, optimizers, regularization, transformations
from rnnviz.errors import NonFiniteError, UnknownNameError
from rnnviz.optimizers import chain, sgd

PARAMS = {"W": np.array([[3.0, -4.0]]), "b": np.array([0.5])}
GRADS = {"W": np.array([[6.0, 8.0]]), "b": np.array([0.0])}


def step(optimizer, grads=GRADS, params=PARAMS, state=None):
    """What is taken from the parameters at a learning rate of 1, and the state."""
    new, state = optimizer.update(grads, optimizer.init(params) if state is None else state, params, 1.0)
    return {name: params[name] - new[name] for name in params}, state


@pytest.mark.parametrize(
    ("transformation", "clip"),
    [
        (transformations.clip_by_value(7.0), lambda g: clipping.clip_by_value(g, 7.0)),
        (transformations.clip_by_norm(5.0), lambda g: clipping.clip_by_norm(g, 5.0)),
        (transformations.clip_by_global_norm(5.0), lambda g: clipping.clip_by_global_norm(g, 5.0)),
    ],
)
def test_clipping_in_a_chain_is_clipping_before_it(transformation, clip):
    taken, _ = step(chain(transformation, sgd()))
    for name, expected in clip(GRADS).grads.items():
        np.testing.assert_allclose(taken[name], expected, rtol=1e-15)


def test_the_first_of_a_chain_is_done_first():
    clip, decay = transformations.clip_by_global_norm(5.0), transformations.weight_decay(1.0)
    clipped_first, _ = step(chain(clip, decay, sgd()))
    np.testing.assert_allclose(clipped_first["W"], [[3.0 + 3.0, 4.0 - 4.0]], atol=1e-6)
    decayed_first, _ = step(chain(decay, clip, sgd()))
    np.testing.assert_allclose(clipping.global_norm(decayed_first), 5.0, rtol=1e-6)


def test_a_chain_of_chains_is_one_chain():
    clip, decay = transformations.clip_by_global_norm(5.0), transformations.weight_decay(1.0)
    inner = chain(decay, sgd(0.9))
    assert chain(clip, inner).before == chain(clip, decay, inner).before[:2] == (clip, decay)
    assert chain(sgd()).before == ()


def test_l2_in_the_chain_is_the_gradient_of_the_penalty():
    taken, _ = step(chain(transformations.weight_decay(0.3), sgd()), {name: 0 * g for name, g in GRADS.items()})
    penalty = regularization.l2(PARAMS, 0.3)
    for name, gradient in penalty.grads.items():
        np.testing.assert_allclose(taken[name], gradient, rtol=1e-15)


def test_coupled_and_decoupled_decay_agree_for_plain_descent_and_differ_for_adam():
    coupled, _ = step(chain(transformations.weight_decay(0.2), sgd()))
    plain, _ = step(sgd())
    np.testing.assert_allclose(coupled["W"], plain["W"] + 0.2 * PARAMS["W"], rtol=1e-15)
    l2, _ = step(chain(transformations.weight_decay(0.2), optimizers.adam()))
    decoupled, _ = step(optimizers.adamw(weight_decay=0.2))
    assert np.abs(l2["W"] - decoupled["W"]).max() > 0.1


def test_adam_takes_the_same_first_step_with_any_l2_that_leaves_the_signs():
    """What its division does to coupled decay: the size of the weight is lost."""
    grads = {name: np.ones_like(g) for name, g in GRADS.items()}
    params = {name: np.abs(theta) for name, theta in PARAMS.items()}
    for strength in (0.0, 0.1, 10.0):
        taken, _ = step(chain(transformations.weight_decay(strength), optimizers.adam()), grads, params)
        np.testing.assert_allclose(taken["W"], 1.0, rtol=1e-6)


def test_noise_has_the_variance_of_its_formula():
    params = {"a": np.zeros(40_000)}
    optimizer = chain(transformations.add_noise(0.3, 0.55, rng=np.random.default_rng(0)), sgd())
    state = optimizer.init(params)
    for t in range(1, 4):
        taken, state = step(optimizer, params, params, state)
        assert taken["a"].var() == pytest.approx(0.3 / t**0.55, rel=0.03)
        assert abs(taken["a"].mean()) < 0.02


def test_noise_depends_on_its_key_and_the_update_alone():
    def noises(seed, state=None, updates=3):
        optimizer, found = chain(transformations.add_noise(1.0, rng=np.random.default_rng(seed)), sgd()), []
        state = optimizer.init(PARAMS) if state is None else state
        for _ in range(updates):
            taken, state = step(optimizer, {name: 0 * g for name, g in GRADS.items()}, PARAMS, state)
            found.append(taken["W"][0, 0])
        return found, state

    (all_three, _), (first, state) = noises(1), noises(1, updates=1)
    rest, _ = noises(2, state, updates=2)  # another generator, but the key is in the state
    assert first + rest == all_three
    assert len(set(all_three)) == 3
    assert noises(2)[0] != all_three


def test_no_noise_is_no_change_and_keeps_the_data_type():
    params = {"a": np.ones(3, np.float32)}
    quiet, _ = step(chain(transformations.add_noise(0.0, rng=np.random.default_rng(0)), sgd()), params, params)
    np.testing.assert_array_equal(quiet["a"], params["a"])
    loud = transformations.add_noise(1.0, rng=np.random.default_rng(0))
    (noisy, *_) = loud.rule(1, params, params, *loud.start(params))
    assert noisy["a"].dtype == np.float32


def test_the_average_norm_is_that_of_all_updates_before():
    optimizer = chain(transformations.clip_by_average_norm(2.0), sgd())
    state, norms, taken = optimizer.init(PARAMS), [3.0, 1.0, 40.0, 100.0], []
    for norm in norms:
        grads = {"W": np.array([[norm, 0.0]]), "b": np.zeros(1)}
        step_taken, state = step(optimizer, grads, PARAMS, state)
        taken.append(step_taken["W"][0, 0])
    np.testing.assert_allclose(taken, [3.0, 1.0, 2 * (3 + 1) / 2, 2 * (3 + 1 + 40) / 3], rtol=1e-6)


def test_an_average_of_zero_clips_nothing():
    optimizer = chain(transformations.clip_by_average_norm(2.0), sgd())
    _, state = step(optimizer, {name: 0 * g for name, g in GRADS.items()})
    taken, _ = step(optimizer, GRADS, PARAMS, state)
    np.testing.assert_array_equal(taken["W"], GRADS["W"])


def test_gradients_that_are_given_stay_as_they_are():
    before = {name: g.copy() for name, g in GRADS.items()}
    noise = transformations.add_noise(1.0, rng=np.random.default_rng(0))
    clip = transformations.clip_by_value(0.1)
    step(chain(clip, noise, transformations.weight_decay(0.5), optimizers.adam()))
    for name, g in before.items():
        np.testing.assert_array_equal(GRADS[name], g)


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_a_gradient_that_is_not_finite_is_named_whatever_stands_before(bad):
    grads = {"W": GRADS["W"], "b": np.array([bad])}
    for transformation in (transformations.weight_decay(0.1), transformations.clip_by_global_norm(1.0)):
        with pytest.raises(NonFiniteError, match="b"):
            step(chain(transformation, sgd()), grads)


def test_a_chain_ends_with_an_optimizer_and_has_no_other():
    for steps in ((), (transformations.weight_decay(0.1),), (sgd(), transformations.weight_decay(0.1))):
        with pytest.raises(ValueError, match="end with an optimizer"):
            chain(*steps)
    with pytest.raises(ValueError, match="transformations"):
        chain(sgd(), sgd())


def test_the_state_of_another_chain_is_rejected():
    optimizer = chain(transformations.clip_by_average_norm(1.0), sgd())
    assert not optimizer.fits(sgd().init(PARAMS))
    with pytest.raises(UnknownNameError, match=r"0\.norms"):
        optimizer.update(GRADS, sgd().init(PARAMS), PARAMS, 0.1)


@pytest.mark.parametrize(
    "make",
    [
        lambda: transformations.clip_by_value(0.0),
        lambda: transformations.clip_by_norm(-1.0),
        lambda: transformations.clip_by_global_norm(math.nan),
        lambda: transformations.clip_by_average_norm(0.0),
        lambda: transformations.weight_decay(-0.1),
        lambda: transformations.add_noise(-0.1, rng=np.random.default_rng(0)),
        lambda: transformations.add_noise(0.1, -1.0, rng=np.random.default_rng(0)),
        lambda: transformations.add_noise(0.1, rng=7),
    ],
)
def test_settings_out_of_range_are_rejected(make):
    with pytest.raises(ValueError, match="must be"):
        make()
