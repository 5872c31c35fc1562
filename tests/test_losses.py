"""Laws of the losses: closed forms, finite differences, stability, masks, errors."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnviz import losses
from rnnviz.errors import NonFiniteError, ShapeError

T, B, Q = 4, 3, 5
LOSSES = [losses.mean_squared_error, losses.softmax_cross_entropy, losses.binary_cross_entropy]


def example(loss, rng, shape=(T, B, Q)):
    """Draw y, targets and mask for one of the losses."""
    y = 2 * rng.standard_normal(shape)
    targets = {
        losses.mean_squared_error: rng.standard_normal(shape),
        losses.softmax_cross_entropy: rng.integers(0, shape[2], shape[:2]),
        losses.binary_cross_entropy: rng.uniform(0, 1, shape),
    }[loss]
    mask = rng.uniform(size=shape[:2]) < 0.6
    mask[0, 0] = True
    return y, targets, mask


@pytest.mark.parametrize("loss", LOSSES)
@settings(max_examples=15)
@given(seed=st.integers(0, 2**32 - 1), shape=st.tuples(st.integers(1, 4), st.integers(1, 3), st.integers(1, 4)))
def test_gradient_is_the_finite_difference_of_the_value(loss, seed, shape):
    y, targets, mask = example(loss, np.random.default_rng(seed), shape)
    dy = loss(y, targets, mask).dy
    step = 1e-5
    for index in np.ndindex(y.shape):
        above, below = y.copy(), y.copy()
        above[index] += step
        below[index] -= step
        slope = (loss(above, targets, mask).value - loss(below, targets, mask).value) / (2 * step)
        assert dy[index] == pytest.approx(slope, rel=1e-6, abs=1e-9)


@pytest.mark.parametrize("loss", LOSSES)
@settings(max_examples=25)
@given(seed=st.integers(0, 2**32 - 1))
def test_value_is_the_mean_of_the_counted_steps(loss, seed):
    y, targets, mask = example(loss, np.random.default_rng(seed))
    result = loss(y, targets, mask)
    assert result.steps.shape == (T, B)
    assert result.value == pytest.approx(result.steps[mask].mean(), rel=1e-12)
    alone = np.array([[loss(y[t:, b:][:1, :1], targets[t:, b:][:1, :1]).value for b in range(B)] for t in range(T)])
    np.testing.assert_allclose(result.steps, np.where(mask, alone, 0.0), rtol=1e-12)


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("junk", [math.nan, math.inf, -1e308, 7.0])
def test_padding_has_no_effect_whatever_stands_there(loss, junk):
    y, targets, mask = example(loss, np.random.default_rng(0))
    expected = loss(y, targets, mask)
    y, targets = y.copy(), targets.copy()
    y[~mask] = junk
    targets[~mask] = -100 if loss is losses.softmax_cross_entropy else junk
    result = loss(y, targets, mask)
    assert result.value == expected.value
    np.testing.assert_array_equal(result.dy, expected.dy)
    np.testing.assert_array_equal(result.steps, expected.steps)
    assert not result.dy[~mask].any()
    assert not result.steps[~mask].any()


@pytest.mark.parametrize("loss", LOSSES)
def test_padding_steps_at_the_end_change_nothing_of_the_rest(loss):
    y, targets, _ = example(loss, np.random.default_rng(1))
    longer = [np.concatenate([array, np.zeros_like(array[:2])]) for array in (y, targets)]
    padded = loss(*longer, losses.length_mask(np.full(B, T), T + 2))
    plain = loss(y, targets)
    assert padded.value == pytest.approx(plain.value, rel=1e-14)
    np.testing.assert_array_equal(padded.dy[:T], plain.dy)


@pytest.mark.parametrize("loss", LOSSES)
def test_float32_keeps_float32_gradients_and_accurate_values(loss):
    y, targets, mask = example(loss, np.random.default_rng(2))
    y = y.astype(np.float32)
    low, high = loss(y, targets, mask), loss(y.astype(np.float64), targets, mask)
    assert low.dy.dtype == np.float32
    assert low.value == high.value
    np.testing.assert_allclose(low.dy, high.dy, rtol=1e-6)


@pytest.mark.parametrize("loss", LOSSES)
def test_inputs_are_not_changed(loss):
    arrays = example(loss, np.random.default_rng(3))
    copies = [array.copy() for array in arrays]
    loss(*arrays)
    for array, copy in zip(arrays, copies):
        np.testing.assert_array_equal(array, copy)


def test_mean_squared_error_by_hand():
    y = np.array([[[1.0, 2.0]], [[0.0, -1.0]]])
    targets = np.array([[[0.0, 0.0]], [[0.0, 1.0]]])
    result = losses.mean_squared_error(y, targets)
    assert result.value == 9 / 4
    np.testing.assert_array_equal(result.steps, [[5 / 2], [4 / 2]])
    np.testing.assert_array_equal(result.dy, 2 * (y - targets) / 4)
    last = losses.mean_squared_error(y, targets, np.array([[False], [True]]))
    assert last.value == 4 / 2
    np.testing.assert_array_equal(last.dy, [[[0.0, 0.0]], [[0.0, -2.0]]])


def test_squared_error_that_overflows_is_infinite_with_a_finite_gradient():
    y = np.full((1, 1, 1), 1e200)
    result = losses.mean_squared_error(y, np.zeros_like(y))
    assert result.value == math.inf
    assert result.dy == 2e200


def test_an_error_beyond_the_largest_float_has_the_finite_gradient_of_the_mean():
    y, targets = np.full((2, 2, 2), 1.7e308), np.full((2, 2, 2), -1.7e308)
    result = losses.mean_squared_error(y, targets)
    assert result.value == math.inf
    np.testing.assert_allclose(result.dy, 1.7e308 / 2, rtol=1e-15)


def test_a_gradient_beyond_the_range_of_its_data_type_is_infinite():
    y = np.array([[[1.7e308]]])
    assert losses.mean_squared_error(y, -y).dy == math.inf
    assert losses.mean_squared_error(np.ones((1, 1, 1), np.float32), [[[1e300]]]).dy == -math.inf


def test_a_mean_of_huge_logits_does_not_overflow_on_the_way():
    y = np.array([[[1e308, -1e308]] * 3])
    wrong = losses.binary_cross_entropy(y, np.broadcast_to([0.0, 1.0], y.shape))
    assert wrong.value == pytest.approx(1e308)
    np.testing.assert_allclose(wrong.steps, 1e308)


@pytest.mark.parametrize("loss", LOSSES)
def test_lists_are_as_good_as_arrays(loss):
    arrays = example(loss, np.random.default_rng(7))
    expected, result = loss(*arrays), loss(*(array.tolist() for array in arrays))
    assert result.value == expected.value
    np.testing.assert_array_equal(result.dy, expected.dy)


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("dtype", [np.complex128, np.str_, object])
def test_targets_that_are_no_real_numbers_are_refused(loss, dtype):
    y, targets, mask = example(loss, np.random.default_rng(8))
    with pytest.raises(ShapeError, match="targets"):
        loss(y, targets.astype(dtype), mask)


@pytest.mark.parametrize("num_classes", [1, 2, 8])
def test_a_uniform_guess_costs_the_entropy_of_the_classes(num_classes):
    y = np.full((2, 2, num_classes), 3.5)
    result = losses.softmax_cross_entropy(y, np.zeros((2, 2), int))
    assert result.value == pytest.approx(math.log(num_classes), abs=1e-15)
    assert losses.nats_to_bits(result.value) == pytest.approx(math.log2(num_classes), abs=1e-15)


def test_nats_to_bits_takes_arrays():
    np.testing.assert_allclose(losses.nats_to_bits(np.log([1.0, 2.0, 8.0])), [0, 1, 3], atol=1e-15)


def test_softmax_cross_entropy_by_hand():
    y = np.log([[[1.0, 2.0, 5.0]]])
    result = losses.softmax_cross_entropy(y, np.array([[1]]))
    assert result.value == pytest.approx(math.log(4.0), rel=1e-15)
    np.testing.assert_allclose(result.dy, [[[1 / 8, 2 / 8 - 1, 5 / 8]]], rtol=1e-14)


@settings(max_examples=30)
@given(shift=st.floats(-1e4, 1e4), seed=st.integers(0, 2**32 - 1))
def test_softmax_cross_entropy_ignores_a_common_shift_and_its_gradient_sums_to_zero(shift, seed):
    y, targets, mask = example(losses.softmax_cross_entropy, np.random.default_rng(seed))
    plain, shifted = (losses.softmax_cross_entropy(z, targets, mask) for z in (y, y + shift))
    assert shifted.value == pytest.approx(plain.value, rel=1e-10)
    np.testing.assert_allclose(plain.dy.sum(axis=2), 0.0, atol=1e-16)


@settings(max_examples=30)
@given(seed=st.integers(0, 2**32 - 1))
def test_binary_cross_entropy_is_softmax_cross_entropy_against_a_zero_logit(seed):
    rng = np.random.default_rng(seed)
    y, targets = 10 * rng.standard_normal((T, B, 1)), rng.integers(0, 2, (T, B))
    binary = losses.binary_cross_entropy(y, targets[:, :, np.newaxis].astype(float))
    pair = losses.softmax_cross_entropy(np.concatenate([np.zeros_like(y), y], axis=2), targets)
    assert binary.value == pytest.approx(pair.value, rel=1e-12)
    np.testing.assert_allclose(binary.dy[:, :, 0], pair.dy[:, :, 1], rtol=1e-12)


@pytest.mark.parametrize("size", [1e4, 1e300])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_huge_logits_cost_their_own_size_when_wrong_and_nothing_when_right(size, dtype):
    size = min(size, float(np.finfo(dtype).max) / 4)
    y = np.array([[[size, -size]]], dtype)
    size = float(y[0, 0, 0])
    right, wrong = (losses.softmax_cross_entropy(y, np.array([[k]])) for k in (0, 1))
    assert right.value == 0.0
    assert not right.dy.any()
    assert wrong.value == pytest.approx(2 * size)
    np.testing.assert_array_equal(wrong.dy, [[[1.0, -1.0]]])

    right, wrong = (losses.binary_cross_entropy(y, np.array([[t]])) for t in ([1.0, 0.0], [0.0, 1.0]))
    assert right.value == 0.0
    assert not right.dy.any()
    assert wrong.value == pytest.approx(size)
    np.testing.assert_array_equal(wrong.dy, [[[0.5, -0.5]]])


def test_gradients_do_not_cancel_to_zero_for_confident_right_answers():
    y = np.array([[[50.0, 0.0]]])
    gradient = math.exp(-50.0)
    np.testing.assert_allclose(
        losses.softmax_cross_entropy(y, np.array([[0]])).dy, [[[-gradient, gradient]]], rtol=1e-12
    )
    binary = losses.binary_cross_entropy(y[:, :, :1], np.ones((1, 1, 1)))
    np.testing.assert_allclose(binary.dy, [[[-gradient]]], rtol=1e-12)
    assert binary.value == pytest.approx(gradient, rel=1e-12)


def test_soft_targets_are_fitted_best_by_their_own_logits():
    p = np.array([[[0.1, 0.5, 0.8]]])
    result = losses.binary_cross_entropy(np.log(p / (1 - p)), p)
    np.testing.assert_allclose(result.dy, 0.0, atol=1e-16)
    assert result.value == pytest.approx(-np.mean(p * np.log(p) + (1 - p) * np.log(1 - p)), rel=1e-14)


def test_length_mask_is_true_within_each_length():
    mask = losses.length_mask(np.array([3, 1, 2]), 3)
    np.testing.assert_array_equal(mask, [[True, True, True], [True, False, True], [True, False, False]])
    np.testing.assert_array_equal(mask.sum(axis=0), [3, 1, 2])


@pytest.mark.parametrize("num_steps", [0, 2.5, "3"])
def test_length_mask_rejects_a_number_of_steps_that_is_none(num_steps):
    with pytest.raises(ValueError, match="num_steps must be a whole number of at least 1"):
        losses.length_mask([1], num_steps)


def test_length_mask_of_full_sequences_counts_every_step():
    assert losses.length_mask([3.0, 3.0], 3.0).all()


@pytest.mark.parametrize("length", [0, -1, 4])
def test_length_mask_rejects_lengths_out_of_range(length):
    with pytest.raises(ShapeError, match=rf"from 1 to T = 3; sequence 1 has length {length}"):
        losses.length_mask(np.array([3, length]), 3)


@pytest.mark.parametrize("lengths", [[1.5], np.array([[1]]), np.array(1), ["1"], [1j], None])
def test_length_mask_rejects_what_is_no_row_of_whole_numbers(lengths):
    with pytest.raises(ShapeError, match="lengths"):
        losses.length_mask(lengths, 3)


@pytest.mark.parametrize("loss", LOSSES)
def test_wrong_shapes_and_types_are_named(loss):
    y, targets, mask = example(loss, np.random.default_rng(4))
    with pytest.raises(ShapeError, match="y must be"):
        loss(y[0], targets, mask)
    with pytest.raises(ShapeError, match="y must be"):
        loss(y.astype(int), targets, mask)
    with pytest.raises(ShapeError, match="y must be"):
        loss(y[:0], targets[:0])
    with pytest.raises(ShapeError, match="targets must"):
        loss(y, targets[:-1], mask)
    with pytest.raises(ShapeError, match="mask must"):
        loss(y, targets, mask[:-1])
    with pytest.raises(ShapeError, match="mask must"):
        loss(y, targets, mask.astype(float))


def test_classes_given_as_floats_are_rejected():
    with pytest.raises(ShapeError, match="integer classes"):
        losses.softmax_cross_entropy(np.zeros((1, 1, 2)), np.zeros((1, 1)))


@pytest.mark.parametrize("loss", LOSSES)
def test_a_mask_that_counts_nothing_is_an_error(loss):
    y, targets, mask = example(loss, np.random.default_rng(5))
    with pytest.raises(ValueError, match="counts no step"):
        loss(y, targets, np.zeros_like(mask))


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_non_finite_values_are_reported_with_their_step(loss, bad):
    y, targets, _ = example(loss, np.random.default_rng(6))
    y[2, 1, 0] = y[3, 0, 0] = bad
    with pytest.raises(NonFiniteError, match="NaN or infinity in y, first at step 2 of sequence 1"):
        loss(y, targets)


def test_targets_out_of_range_are_reported_with_their_step():
    y = np.zeros((3, 2, 4))
    classes = np.zeros((3, 2), int)
    classes[1, 1] = 4
    with pytest.raises(ValueError, match="classes 0 to 3, got 4 at step 1 of sequence 1"):
        losses.softmax_cross_entropy(y, classes)
    classes[0, 1] = -1
    with pytest.raises(ValueError, match="got -1 at step 0 of sequence 1"):
        losses.softmax_cross_entropy(y, classes)
    probabilities = np.full(y.shape, 0.5)
    probabilities[2, 0, 3] = 1.5
    with pytest.raises(ValueError, match=r"within \[0, 1\], got 1.5 at step 2 of sequence 0"):
        losses.binary_cross_entropy(y, probabilities)
    probabilities[0, 0, 0] = math.nan
    with pytest.raises(NonFiniteError, match="NaN or infinity in targets"):
        losses.binary_cross_entropy(y, probabilities)
