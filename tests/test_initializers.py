"""Laws of the initializers: variances, orthogonality, Haar measure, spectral radius, gate biases, errors."""

import math
from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnviz import initializers
from rnnviz.errors import NonFiniteError, ShapeError, UnknownNameError

FAN_OUT, FAN_IN = 150, 400
VARIANCES = {
    initializers.zeros: 0.0,
    partial(initializers.normal, std=0.3): 0.09,
    initializers.uniform: (1 / FAN_OUT) / 3,
    partial(initializers.uniform, bound=0.6): 0.12,
    initializers.xavier_uniform: 2 / (FAN_OUT + FAN_IN),
    partial(initializers.xavier_uniform, gain=3.0): 18 / (FAN_OUT + FAN_IN),
    initializers.xavier_normal: 2 / (FAN_OUT + FAN_IN),
    partial(initializers.xavier_normal, gain=3.0): 18 / (FAN_OUT + FAN_IN),
    initializers.he_uniform: 2 / FAN_IN,
    initializers.he_normal: 2 / FAN_IN,
    initializers.lecun_uniform: 1 / FAN_IN,
    initializers.lecun_normal: 1 / FAN_IN,
    initializers.orthogonal: 1 / FAN_IN,
}
BOUNDS = {
    initializers.uniform: 1 / math.sqrt(FAN_OUT),
    partial(initializers.uniform, bound=0.6): 0.6,
    initializers.xavier_uniform: math.sqrt(6 / (FAN_OUT + FAN_IN)),
    initializers.he_uniform: math.sqrt(6 / FAN_IN),
    initializers.lecun_uniform: math.sqrt(3 / FAN_IN),
}


@pytest.mark.parametrize(("initializer", "variance"), VARIANCES.items())
def test_mean_is_zero_and_variance_follows_the_formula(initializer, variance):
    W = initializer((FAN_OUT, FAN_IN), np.random.default_rng(0))
    assert W.shape == (FAN_OUT, FAN_IN)
    assert abs(W.mean()) <= 5 * math.sqrt(variance / W.size)
    assert np.mean(W**2) == pytest.approx(variance, rel=5 * math.sqrt(2 / W.size))


@pytest.mark.parametrize(("initializer", "bound"), BOUNDS.items())
def test_uniform_schemes_fill_their_range_and_stay_in_it(initializer, bound):
    W = initializer((FAN_OUT, FAN_IN), np.random.default_rng(1))
    assert np.abs(W).max() <= bound
    assert W.max() > 0.999 * bound
    assert W.min() < -0.999 * bound


@pytest.mark.parametrize(
    "initializer",
    [initializers.xavier_normal, initializers.he_normal, initializers.lecun_normal, initializers.normal],
)
def test_normal_schemes_have_the_kurtosis_of_a_gaussian(initializer):
    W = initializer((FAN_OUT, FAN_IN), np.random.default_rng(2))
    assert np.mean(W**4) / np.mean(W**2) ** 2 == pytest.approx(3.0, abs=5 * math.sqrt(24 / W.size))


@pytest.mark.parametrize("name", initializers.INITIALIZERS)
@pytest.mark.parametrize("size", [1, 7])
def test_every_initializer_gives_a_fresh_reproducible_float64_block(name, size):
    initializer = initializers.by_name(name)
    first, second = (initializer((size, size), np.random.default_rng(3)) for _ in range(2))
    np.testing.assert_array_equal(first, second)
    assert first.shape == (size, size)
    assert first.dtype == np.float64
    assert first.flags.writeable
    assert first.flags.c_contiguous


@settings(max_examples=40)
@given(
    rows=st.integers(1, 12),
    columns=st.integers(1, 12),
    gain=st.floats(0.0, 10.0),
    seed=st.integers(0, 2**32 - 1),
)
def test_all_singular_values_of_orthogonal_equal_the_gain(rows, columns, gain, seed):
    W = initializers.orthogonal((rows, columns), np.random.default_rng(seed), gain=gain)
    assert W.shape == (rows, columns)
    np.testing.assert_allclose(np.linalg.svd(W, compute_uv=False), gain, rtol=1e-12, atol=1e-14)


def _traces(draw, size, count):
    rng = np.random.default_rng(4)
    return np.array([np.trace(draw((size, size), rng)) for _ in range(count)])


def _raw_qr(shape, rng):
    return np.linalg.qr(rng.standard_normal(shape))[0]


@pytest.mark.parametrize("size", [2, 5])
def test_orthogonal_is_haar_the_trace_has_mean_zero_and_variance_one(size):
    # Under Haar measure on O(N), E tr W = 0 and E (tr W)^2 = 1 for N >= 2 (Diaconis & Shahshahani 1994).
    count = 4000
    traces = _traces(initializers.orthogonal, size, count)
    assert abs(traces.mean()) < 4 / math.sqrt(count)
    assert np.mean(traces**2) == pytest.approx(1.0, abs=4 * math.sqrt(2 / count))


def test_the_haar_test_rejects_qr_without_the_sign_correction():
    count = 4000
    assert abs(_traces(_raw_qr, 5, count).mean()) > 10 * 4 / math.sqrt(count)


def test_both_components_of_the_orthogonal_group_are_equally_likely():
    rng = np.random.default_rng(5)
    dets = np.array([np.linalg.det(initializers.orthogonal((4, 4), rng)) for _ in range(2000)])
    np.testing.assert_allclose(np.abs(dets), 1.0)
    assert abs(np.mean(dets > 0) - 0.5) < 4 * 0.5 / math.sqrt(2000)


def test_identity_copies_and_may_be_rectangular():
    rng = np.random.default_rng(6)
    np.testing.assert_array_equal(initializers.identity((3, 3), rng), np.eye(3))
    np.testing.assert_array_equal(initializers.identity((2, 3), rng, gain=-0.5), [[-0.5, 0, 0], [0, -0.5, 0]])


@settings(max_examples=40)
@given(size=st.integers(1, 20), radius=st.floats(0.01, 5.0), seed=st.integers(0, 2**32 - 1))
def test_echo_state_has_exactly_the_spectral_radius_asked_for(size, radius, seed):
    W = initializers.echo_state((size, size), np.random.default_rng(seed), radius=radius)
    assert np.abs(np.linalg.eigvals(W)).max() == pytest.approx(radius, rel=1e-9)


def test_scaling_keeps_direction_data_type_and_input():
    matrix = np.array([[0.0, 2.0], [8.0, 0.0]], np.float32)
    given_before = matrix.copy()
    scaled = initializers.scale_to_spectral_radius(matrix, 0.5)
    np.testing.assert_allclose(scaled, matrix / 8, rtol=1e-6)
    assert scaled.dtype == np.float32
    np.testing.assert_array_equal(matrix, given_before)
    assert not initializers.scale_to_spectral_radius(matrix, 0.0).any()


def test_scaling_measures_eigenvalues_not_singular_values():
    non_normal = np.array([[0.5, 100.0], [0.0, 0.5]])
    np.testing.assert_allclose(initializers.scale_to_spectral_radius(non_normal, 1.0), non_normal * 2)


def test_scaling_says_why_it_cannot_scale():
    with pytest.raises(ValueError, match="nilpotent"):
        initializers.scale_to_spectral_radius(np.triu(np.ones((4, 4)), 1), 0.9)
    with pytest.raises(ValueError, match="spectral radius 0"):
        initializers.scale_to_spectral_radius(np.zeros((2, 2)), 0.9)
    with pytest.raises(ShapeError, match=r"\(2, 3\)"):
        initializers.scale_to_spectral_radius(np.ones((2, 3)), 0.9)
    with pytest.raises(ShapeError, match=r"\(0, 0\)"):
        initializers.scale_to_spectral_radius(np.ones((0, 0)), 0.9)
    with pytest.raises(NonFiniteError):
        initializers.scale_to_spectral_radius(np.array([[math.nan]]), 0.9)
    with pytest.raises(ValueError, match="radius must be"):
        initializers.scale_to_spectral_radius(np.eye(2), -1.0)
    with pytest.raises(ShapeError, match="square"):
        initializers.echo_state((2, 3), np.random.default_rng(0))


def test_chrono_lstm_memories_are_uniform_over_the_time_scales():
    t_max = 50.0
    biases = initializers.chrono("lstm", 20_000, t_max, np.random.default_rng(7))
    assert set(biases) == {"f", "i"}
    np.testing.assert_array_equal(biases["i"], -biases["f"])
    memory = 1 + np.exp(biases["f"])  # 1 / (1 - sigma(b_f)), uniform on [2, t_max]
    assert memory.min() >= 2
    assert memory.max() <= t_max
    assert memory.mean() == pytest.approx((2 + t_max) / 2, rel=0.01)
    assert memory.std() == pytest.approx((t_max - 2) / math.sqrt(12), rel=0.02)


def test_chrono_gru_sets_the_gate_that_keeps():
    lstm = initializers.chrono("lstm", 9, 30, np.random.default_rng(8))
    gru = initializers.chrono("gru", 9, 30, np.random.default_rng(8))
    assert set(gru) == {"z"}
    np.testing.assert_array_equal(gru["z"], lstm["f"])
    assert (gru["z"] >= 0).all()


def test_chrono_with_the_shortest_range_is_a_bias_of_zero():
    assert not initializers.chrono("gru", 4, 2, np.random.default_rng(9))["z"].any()


@pytest.mark.parametrize(
    ("hidden_size", "t_max"), [(0, 10), (4, 1.9), (4, math.nan), (4, math.inf), (2.5, 10), ("4", 10), (4, "10")]
)
def test_chrono_rejects_numbers_out_of_range(hidden_size, t_max):
    with pytest.raises(ValueError, match=r"hidden_size|t_max"):
        initializers.chrono("lstm", hidden_size, t_max, np.random.default_rng(0))


def test_chrono_knows_no_gate_in_an_elman_cell():
    with pytest.raises(UnknownNameError, match=r"'lstm' and 'gru', got 'elman'"):
        initializers.chrono("elman", 4, 10, np.random.default_rng(0))


def test_by_name_finds_names_and_passes_functions_through():
    assert initializers.by_name("orthogonal") is initializers.orthogonal
    mine = partial(initializers.orthogonal, gain=1.2)
    assert initializers.by_name(mine) is mine
    with pytest.raises(UnknownNameError, match=r"'orthogonl'.*zeros.*orthogonal.*echo_state"):
        initializers.by_name("orthogonl")
    for value in (None, ["orthogonal"], {}, 3):
        with pytest.raises(UnknownNameError, match="no initializer is named"):
            initializers.by_name(value)


@pytest.mark.parametrize("name", initializers.INITIALIZERS)
@pytest.mark.parametrize("shape", [(3,), (3, 0), (-1, 2), (2, 2, 2), 3, None, "33", (2.5, 2), (2, None)])
def test_every_initializer_rejects_a_shape_that_is_not_a_matrix(name, shape):
    with pytest.raises(ShapeError, match="rows, columns"):
        initializers.by_name(name)(shape, np.random.default_rng(0))


@pytest.mark.parametrize(
    ("name", "argument", "value"),
    [
        ("normal", "std", -1.0),
        ("uniform", "bound", math.nan),
        ("echo_state", "radius", math.inf),
        ("xavier_uniform", "gain", -1.0),
        ("xavier_normal", "gain", math.inf),
        ("orthogonal", "gain", -1.0),
        ("identity", "gain", math.nan),
        ("normal", "std", None),
        ("uniform", "bound", "0.1"),
        ("orthogonal", "gain", [1.0]),
        ("identity", "gain", "1"),
        ("echo_state", "radius", None),
    ],
)
def test_scales_out_of_range_are_rejected_by_name(name, argument, value):
    with pytest.raises(ValueError, match=argument):
        initializers.by_name(name)((3, 3), np.random.default_rng(0), **{argument: value})


@pytest.mark.parametrize("name", sorted(initializers.INITIALIZERS.keys() - {"zeros", "identity"}))
def test_every_initializer_that_draws_wants_a_generator(name):
    for rng in (0, None, np.random):
        with pytest.raises(ValueError, match=r"numpy\.random\.default_rng\(0\); got"):
            initializers.by_name(name)((3, 3), rng)


def test_chrono_wants_a_generator():
    with pytest.raises(ValueError, match=r"numpy\.random\.default_rng\(0\); got 7"):
        initializers.chrono("gru", 3, 10, 7)


def test_scaling_by_a_numpy_number_keeps_float32():
    W = initializers.scale_to_spectral_radius(np.eye(2, dtype=np.float32), np.float64(0.5))
    assert W.dtype == np.float32
