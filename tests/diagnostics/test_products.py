"""What many steps do to a change of the state: closed forms, and what rho, sigma and the norm have to do with it."""

from functools import partial

import numpy as np
import pytest

import rnnviz
from rnnviz import Pin, ShapeError
from rnnviz.diagnostics import jacobian_products, step_jacobians
from rnnviz.diagnostics.products import log10_spectral_norm
from tests.networks import KINDS, make_example, random_network

RNG = np.random.default_rng(0)
by_kind = pytest.mark.parametrize("kind", KINDS)


def elman(W, nonlinearity="tanh", **arrays):
    """An Elman network of one input with this recurrent matrix; all else is 0 unless given."""
    H = len(W)
    zero = {"weight_ih_l0": np.zeros((H, 1)), "bias_ih_l0": np.zeros(H), "bias_hh_l0": np.zeros(H)}
    state = zero | {"weight_hh_l0": np.asarray(W, float)} | arrays
    return rnnviz.Network.from_state_dict(state, nonlinearity=nonlinearity)


def products(network, T=None, x=None):
    return jacobian_products(network, rnnviz.unroll(network, np.zeros((T, 1, 1)) if x is None else x))[0, 0]


def orthogonal(H):
    return np.linalg.qr(RNG.standard_normal((H, H)))[0]


def test_of_a_linear_network_they_are_the_powers_of_its_matrix():
    W = RNG.standard_normal((4, 4))
    found = products(elman(W, "linear"), T=12)
    for k in range(13):
        expected = np.linalg.svd(np.linalg.matrix_power(W, 12 - k), compute_uv=False)
        singular_values = 10 ** found.log10_singular_values[k, 0]
        np.testing.assert_allclose(singular_values, expected, rtol=1e-9, atol=1e-13 * expected[0])
        assert found.log10_norm[k, 0] == pytest.approx(np.log10(expected[0]), abs=1e-12)


def test_an_orthogonal_linear_network_keeps_every_length():
    found = products(elman(orthogonal(8), "linear"), T=200)
    np.testing.assert_allclose(found.log10_singular_values, 0, atol=1e-12)
    np.testing.assert_allclose(found.log10_norm, 0, atol=1e-12)
    assert (found.spectral_radius, found.largest_singular_value) == pytest.approx((1, 1))


def test_a_diagonal_linear_network_is_as_many_geometric_series():
    factors = np.array([1.2, 1.0, 0.3, 1e-5])
    found = products(elman(np.diag(factors), "linear"), T=80)
    expected = (80 - np.arange(81))[:, None] * np.log10(factors)
    np.testing.assert_allclose(found.log10_singular_values[:, 0], expected, atol=1e-9)
    np.testing.assert_allclose(found.log10_norm[:, 0], expected[:, 0], atol=1e-9)
    assert expected[0, 3] == pytest.approx(-400)


@pytest.mark.parametrize("scale", [1e-4, 1e4])
def test_the_norm_goes_on_where_a_float_ends(scale):
    found = products(elman(scale * orthogonal(3), "linear"), T=120)
    assert found.log10_norm[0, 0] == pytest.approx(120 * np.log10(scale))
    np.testing.assert_allclose(found.spectrum(0), 120 * np.log10(scale))


def test_the_norm_is_found_where_one_step_shrinks_what_is_left_by_more_than_a_float_can():
    """The last two steps keep unit 1 whole and 1e-400 of unit 2; the first, where unit 1 is held, has unit 2 alone."""
    W = np.diag([1, 1e-200])
    network = elman(W, "linear")
    trace = rnnviz.unroll(network, np.zeros((3, 1, 1)), surgery=(Pin("h", 0.0, 0, 0, units=(0,)),))
    found = jacobian_products(network, trace)[0, 0]
    np.testing.assert_allclose(found.log10_norm[:, 0], [-600, 0, 0, 0])
    np.testing.assert_allclose(found.spectrum(0)[0], [-600, -np.inf])


@by_kind
def test_singular_values_norm_and_single_rows_agree(kind):
    example = make_example(RNG, random_network(RNG, kind, hidden_size=5), T=30, B=2)
    found = jacobian_products(example.network, example.unroll())[0, 0]
    np.testing.assert_allclose(found.log10_norm, found.log10_singular_values[..., 0], atol=1e-8)
    for k in (0, 7, 29, 30):
        np.testing.assert_allclose(found.spectrum(k), found.log10_singular_values[k], atol=1e-8)
    np.testing.assert_array_equal(found.log10_singular_values[30], 0)


@by_kind
def test_the_log_singular_values_add_up_to_the_log_determinants_of_the_steps(kind):
    example = make_example(RNG, random_network(RNG, kind, hidden_size=4), T=25, B=2)
    found = jacobian_products(example.network, example.unroll())[0, 0]
    with np.errstate(divide="ignore"):
        steps = np.linalg.slogdet(step_jacobians(example.network, example.unroll())[0, 0])[1] / np.log(10)
    np.testing.assert_allclose(found.step_log10_singular_values.sum(axis=2), steps, atol=1e-8)
    total = np.concatenate([steps[::-1].cumsum(axis=0)[::-1], np.zeros((1, 2))])
    np.testing.assert_allclose(found.log10_singular_values.sum(axis=2), total, atol=1e-7)


@pytest.mark.parametrize("nonlinearity", ["tanh", "relu", "sigmoid", "linear"])
def test_pascanu_s_bound_holds_and_is_reached_by_units_at_their_steepest(nonlinearity):
    W = 1.5 * orthogonal(6)
    start = 1.0 if nonlinearity == "relu" else 0.0
    arrays = {"weight_ih_l0": RNG.standard_normal((6, 1)), "bias_ih_l0": RNG.standard_normal(6)}
    driven = products(elman(W, nonlinearity, **arrays), x=RNG.standard_normal((40, 1, 1)))
    assert (driven.log10_norm[:, 0] <= driven.log10_bound + 1e-9).all()
    if nonlinearity in (
        "relu",
        "sigmoid",
    ):  # at rest a sigmoid's h is 1/2, and its pre-activation W / 2, unless balanced
        balance = start - W.sum(axis=1) * (start if nonlinearity == "relu" else 0.5)
        network = elman(W, nonlinearity, bias_ih_l0=balance)
        trace = rnnviz.unroll(network, np.zeros((40, 1, 1)), h0=np.full((1, 6), start or 0.5))
        still = jacobian_products(network, trace)[0, 0]
    else:
        still = products(elman(W, nonlinearity), T=40)
    np.testing.assert_allclose(still.log10_norm[:, 0], still.log10_bound, atol=1e-9)
    gamma = 0.25 if nonlinearity == "sigmoid" else 1
    np.testing.assert_allclose(still.log10_bound, (40 - np.arange(41)) * np.log10(gamma * 1.5), atol=1e-12)


def test_a_spectral_radius_above_1_still_vanishes_where_units_are_saturated():
    network = elman(3 * orthogonal(8), weight_ih_l0=10 * np.ones((8, 1)))
    found = products(network, x=np.ones((50, 1, 1)))
    assert found.spectral_radius == pytest.approx(3)
    assert found.log10_bound[0] > 23
    assert found.log10_norm[0, 0] < -50


def test_a_spectral_radius_below_1_grows_for_a_while_where_the_matrix_is_not_normal():
    W = 0.8 * np.eye(6) + 2 * np.eye(6, k=1)
    found = products(elman(W, "linear"), T=200)
    assert found.spectral_radius == pytest.approx(0.8)
    by_lag = found.log10_norm[::-1, 0]
    assert by_lag.max() > 3
    assert 5 < by_lag.argmax() < 60
    assert by_lag[200] < -7


def test_gated_cells_have_no_such_bound():
    for kind in ("lstm", "gru"):
        example = make_example(RNG, random_network(RNG, kind), T=3, B=1)
        found = jacobian_products(example.network, example.unroll())[0, 0]
        bounds = found.spectral_radius, found.largest_singular_value, found.gamma, found.log10_bound
        assert bounds == (None, None, None, None)


@by_kind
def test_padding_and_direction_change_no_number_but_its_place(kind):
    forward = random_network(RNG, kind)
    state = forward.state_dict()
    both = rnnviz.Network.create(**KINDS[kind], input_size=2, hidden_size=3, bidirectional=True)
    both = both.with_parameters(state | {f"{name}_reverse": a for name, a in state.items()})
    x, lengths = RNG.standard_normal((6, 3, 2)), [4, 6, 1]
    left, right = jacobian_products(both, rnnviz.unroll(both, x, lengths=lengths)).layers[0]
    for b, length in enumerate(lengths):
        for found, read in ((left, x[:length, [b]]), (right, x[:length, [b]][::-1])):
            alone = jacobian_products(forward, rnnviz.unroll(forward, read))[0, 0]
            turned = slice(None, None, -1 if found is right else 1)
            np.testing.assert_allclose(found.log10_norm[: length + 1, b], alone.log10_norm[turned, 0], atol=1e-9)
            expected = alone.log10_singular_values[turned, 0]
            np.testing.assert_allclose(found.log10_singular_values[: length + 1, b], expected, atol=1e-8)
            assert np.isneginf(found.log10_singular_values[length + 1 :, b]).all()
            assert np.isneginf(found.log10_norm[length + 1 :, b]).all()
    for found in (left, right):
        for k in range(7):
            np.testing.assert_allclose(found.spectrum(k), found.log10_singular_values[k], atol=1e-8)


def test_a_pinned_unit_passes_nothing_on():
    network = random_network(RNG, "tanh")
    trace = rnnviz.unroll(network, RNG.standard_normal((6, 1, 2)), surgery=(Pin("h", 0.2, 2, 2, units=(0,)),))
    found = jacobian_products(network, trace)[0, 0]
    gone = np.isneginf(found.log10_singular_values[:, 0]).sum(axis=1)
    assert gone.tolist() == [1, 1, 1, 0, 0, 0, 0]


@by_kind
def test_what_exploded_is_nan_from_there_on_without_a_warning(kind):
    network = random_network(RNG, kind)
    state = network.state_dict()
    network = network.with_parameters(state | {"weight_ih_l0": 1e300 * np.ones_like(state["weight_ih_l0"])})
    x = np.zeros((5, 2, 2))
    x[2, 0] = 1e300
    found = jacobian_products(network, rnnviz.unroll(network, x))[0, 0]
    for a in (found.log10_norm, found.log10_singular_values):
        assert np.isnan(a[:3, 0]).all()
        assert not np.isnan(a[:, 1]).any()
    assert np.isnan(found.spectrum(0)[0]).all()
    assert np.isnan(found.step_log10_singular_values[2, 0]).all()
    assert not np.isnan(found.step_log10_singular_values[:2, 0]).any()


@pytest.mark.parametrize("k", [-1, 4, 1.5, "first"])
def test_a_row_that_is_not_there_is_refused(k):
    found = products(elman(np.eye(2)), T=3)
    with pytest.raises(ShapeError, match="k from 0 to T = 3"):
        found.spectrum(k)


@pytest.mark.parametrize("cell", ["elman", "lstm", "gru"])
@pytest.mark.parametrize("scale", [1.0, 36.0, 1e3, 1e6])
def test_however_large_the_weights_the_largest_singular_value_is_the_norm(cell, scale):
    draw = partial(rnnviz.initializers.orthogonal, gain=scale)
    network = rnnviz.Network.create(cell, 2, 6, recurrent_init=draw, rng=RNG)
    found = jacobian_products(network, rnnviz.unroll(network, 2 * RNG.normal(size=(30, 1, 2))))[0, 0]
    spectra = found.log10_singular_values[:, 0]
    np.testing.assert_allclose(spectra[:, 0], found.log10_norm[:, 0], atol=1e-6)
    np.testing.assert_allclose(found.spectrum(3), found.log10_singular_values[3], atol=1e-8)
    assert scale > 100 or not np.isnan(spectra).any()


def test_the_spectral_norm_is_right_from_the_smallest_to_the_largest_and_says_what_is_none():
    A = RNG.standard_normal((4, 5, 5))
    for scale in (1e-250, 1.0, 1e250):
        expected = np.log10(np.linalg.norm(A, 2, axis=(-2, -1))) + np.log10(scale)
        np.testing.assert_allclose(log10_spectral_norm(scale * A), expected, atol=1e-12)
    A[0], A[1, 2, 2], A[2, 0, 1] = 0, np.nan, np.inf
    np.testing.assert_array_equal(log10_spectral_norm(A)[:3], [-np.inf, np.nan, np.nan])
