"""Laws of gradient clipping: PyTorch's numbers, bounds, directions, the report, extreme and non-finite gradients."""

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rnnviz as rv
from rnnviz import clipping
from rnnviz.errors import NonFiniteError, ShapeError

CLIPPERS = [clipping.clip_by_value, clipping.clip_by_global_norm, clipping.clip_by_norm]
GOLDEN = np.load(Path(__file__).parent / "golden" / "clipping.npz")
NAMES = ["weight_ih_l0", "weight_hh_l0", "bias_ih_l0"]


def golden(case):
    return [{name: GOLDEN[f"{case}/{kind}/{name}"] for name in NAMES} for kind in ("raw", "clipped")]


def gradients(seed, scale=1.0):
    rng = np.random.default_rng(seed)
    return {"W": scale * rng.standard_normal((3, 4)), "b": scale * rng.standard_normal(5)}


def vector(grads):
    return np.concatenate([g.ravel() for g in grads.values()])


@pytest.mark.parametrize(
    ("case", "clip", "threshold"),
    [
        ("value", clipping.clip_by_value, 0.5),
        ("global_norm", clipping.clip_by_global_norm, 1.5),
        ("global_norm_loose", clipping.clip_by_global_norm, 100.0),
        ("global_norm_huge", clipping.clip_by_global_norm, 2.0),
        ("norm", clipping.clip_by_norm, 2.0),
        ("global_norm_tiny", clipping.clip_by_global_norm, 1e-160),
        ("global_norm_infinite", clipping.clip_by_global_norm, math.inf),
        ("value_float32", clipping.clip_by_value, 0.1),
        ("global_norm_float32", clipping.clip_by_global_norm, 1.5),
        ("norm_float32", clipping.clip_by_norm, 2e-6),
    ],
)
def test_clipping_gives_the_numbers_of_pytorch(case, clip, threshold):
    raw, expected = golden(case)
    result = clip(raw, threshold)
    assert list(result.grads) == NAMES
    tolerance = 1e-14 if raw[NAMES[0]].dtype == np.float64 else 4e-7
    for name in NAMES:
        assert result.grads[name].dtype == expected[name].dtype
        np.testing.assert_allclose(result.grads[name], expected[name], 0 if "value" in case else tolerance, 0)
    if f"{case}/norm" in GOLDEN:
        assert result.norm_before == pytest.approx(float(GOLDEN[f"{case}/norm"]), rel=tolerance, abs=0)


@settings(max_examples=40)
@given(seed=st.integers(0, 2**32 - 1), scale=st.floats(1e-3, 1e3), limit=st.floats(1e-2, 1e2))
def test_clip_by_value_bounds_every_entry_and_leaves_small_ones_alone(seed, scale, limit):
    raw = gradients(seed, scale)
    result = clipping.clip_by_value(raw, limit)
    before, after = vector(raw), vector(result.grads)
    assert np.abs(after).max() <= limit
    inside = np.abs(before) <= limit
    np.testing.assert_array_equal(after[inside], before[inside])
    np.testing.assert_array_equal(after[~inside], limit * np.sign(before[~inside]))
    assert result.fraction_touched == np.mean(~inside)
    assert result.norm_after == pytest.approx(np.linalg.norm(after), rel=1e-12)
    cosine = before @ after / (np.linalg.norm(before) * np.linalg.norm(after))
    assert math.cos(math.radians(result.angle)) == pytest.approx(cosine, abs=1e-12)


@settings(max_examples=40)
@given(seed=st.integers(0, 2**32 - 1), scale=st.floats(1e-3, 1e3), max_norm=st.floats(1e-2, 1e2))
def test_clip_by_global_norm_bounds_the_norm_and_keeps_the_direction(seed, scale, max_norm):
    raw = gradients(seed, scale)
    result = clipping.clip_by_global_norm(raw, max_norm)
    norm = np.linalg.norm(vector(raw))
    assert result.norm_before == pytest.approx(norm, rel=1e-13)
    if norm + clipping.EPSILON <= max_norm:
        np.testing.assert_array_equal(vector(result.grads), vector(raw))
        assert result.fraction_touched == 0.0
    else:
        assert result.norm_after == pytest.approx(max_norm * norm / (norm + clipping.EPSILON), rel=1e-13)
        assert result.fraction_touched == 1.0
    assert result.angle < 1e-10


@settings(max_examples=40)
@given(seed=st.integers(0, 2**32 - 1), max_norm=st.floats(1e-2, 10))
def test_clip_by_norm_is_clip_by_global_norm_of_each_parameter_alone(seed, max_norm):
    raw = gradients(seed)
    result = clipping.clip_by_norm(raw, max_norm)
    for name, g in raw.items():
        alone = clipping.clip_by_global_norm({name: g}, max_norm)
        np.testing.assert_array_equal(result.grads[name], alone.grads[name])
        assert clipping.global_norm({name: result.grads[name]}) <= max_norm


def test_the_report_by_hand():
    raw = {"a": np.array([3.0, 0.0]), "b": np.array([[4.0]])}
    by_value = clipping.clip_by_value(raw, 3.0)
    assert (by_value.norm_before, by_value.norm_after) == (5.0, pytest.approx(math.sqrt(18)))
    assert by_value.fraction_touched == 1 / 3
    assert by_value.angle == pytest.approx(45.0 - math.degrees(math.atan2(3, 4)), rel=1e-12)
    by_norm = clipping.clip_by_norm(raw, 3.5)
    np.testing.assert_array_equal(by_norm.grads["a"], raw["a"])
    np.testing.assert_allclose(by_norm.grads["b"], [[3.5]], rtol=1e-6)
    by_global_norm = clipping.clip_by_global_norm(raw, 2.5)
    assert by_global_norm.norm_after == pytest.approx(2.5 * 5 / (5 + 1e-6), rel=1e-15)
    assert by_global_norm.fraction_touched == 2 / 3  # a zero stays what it is
    np.testing.assert_array_equal(by_global_norm.grads["a"] / by_global_norm.grads["b"][0], [3 / 4, 0.0])


def test_small_angles_are_resolved():
    raw = {"g": np.array([1.0 + 1e-9, 1.0])}
    assert clipping.clip_by_value(raw, 1.0).angle == pytest.approx(math.degrees(0.5e-9), rel=1e-6)


@pytest.mark.parametrize("clip", CLIPPERS)
def test_a_zero_gradient_stays_zero(clip):
    result = clip({"g": np.zeros((2, 2))}, 1.0)
    assert not result.grads["g"].any()
    assert (result.norm_before, result.norm_after, result.fraction_touched, result.angle) == (0, 0, 0, 0)


@pytest.mark.parametrize("clip", CLIPPERS)
@pytest.mark.parametrize("scale", [1e-320, 1e-200, 1e200, 1e307])
def test_norms_neither_overflow_nor_underflow(clip, scale):
    raw = {"g": scale * np.array([3.0, -4.0])}
    result = clip(raw, 1.0)
    assert result.norm_before == pytest.approx(5 * scale, rel=1e-3 if scale < 1e-300 else 1e-13)
    assert 0 < result.norm_after <= 1.5
    assert result.angle < 10


@pytest.mark.parametrize("clip", CLIPPERS)
def test_float32_gradients_stay_float32_with_norms_beyond_its_range(clip):
    result = clip({"g": np.array([3e38, -3e38, 3e38, 3e38], np.float32)}, 1e-3)
    assert result.norm_before == pytest.approx(6e38, rel=1e-6)
    assert result.grads["g"].dtype == np.float32
    np.testing.assert_allclose(np.abs(result.grads["g"]), result.norm_after / 2, rtol=1e-6)
    assert result.norm_after == pytest.approx(2e-3 if clip is clipping.clip_by_value else 1e-3, rel=1e-6)


@pytest.mark.parametrize("clip", CLIPPERS)
def test_an_infinite_threshold_clips_nothing_and_measures(clip):
    raw = gradients(0)
    result = clip(raw, math.inf)
    np.testing.assert_array_equal(vector(result.grads), vector(raw))
    assert result.norm_after == result.norm_before
    assert result.fraction_touched == 0


@pytest.mark.parametrize("clip", CLIPPERS)
def test_inputs_are_neither_changed_nor_shared(clip):
    for threshold in (0.1, math.inf):
        raw = gradients(1)
        result = clip(raw, threshold)
        np.testing.assert_array_equal(vector(raw), vector(gradients(1)))
        assert not any(np.shares_memory(result.grads[name], raw[name]) for name in raw)


@pytest.mark.parametrize("clip", CLIPPERS)
@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_non_finite_gradients_are_named_not_spread(clip, bad):
    raw = gradients(2)
    raw["W"][1, 2] = raw["W"][0, 0] = bad
    with pytest.raises(NonFiniteError, match=r"gradients of W \(2 of 12 entries\): nothing was clipped"):
        clip(raw, 1.0)
    with pytest.raises(NonFiniteError, match="not a finite number"):
        clipping.global_norm(raw)


@pytest.mark.parametrize("clip", CLIPPERS)
def test_finite_gradients_are_clipped_even_where_their_norm_is_no_float(clip):
    raw = {"g": np.full(4, 1.5e308)}
    result = clip(raw, 1.0)
    np.testing.assert_allclose(result.grads["g"], 1.0 if clip is clipping.clip_by_value else 0.5, rtol=1e-15)
    assert (result.norm_before, result.fraction_touched, result.angle) == (math.inf, 1.0, 0.0)
    np.testing.assert_array_equal(clip(raw, math.inf).grads["g"], raw["g"])
    with pytest.raises(NonFiniteError, match="the norm of the gradients g"):
        clipping.global_norm(raw)


@pytest.mark.parametrize("clip", CLIPPERS)
@pytest.mark.parametrize("threshold", [0.0, -1.0, math.nan, None, "1", [1.0]])
def test_thresholds_must_be_positive_numbers(clip, threshold):
    with pytest.raises(ValueError, match=r"(limit|max_norm) must be a number in \(0, inf\]"):
        clip(gradients(3), threshold)


@pytest.mark.parametrize("clip", CLIPPERS)
def test_nothing_to_clip_and_integers_are_errors(clip):
    with pytest.raises(ValueError, match="no gradients"):
        clip({}, 1.0)
    with pytest.raises(ShapeError, match="int64 for W"):
        clip({"W": np.ones(2, np.int64)}, 1.0)


@pytest.mark.parametrize("clip", CLIPPERS)
@pytest.mark.parametrize("threshold", [np.float64(0.1), 1e300, 1, np.array(0.5)])
def test_the_threshold_never_changes_the_data_type(clip, threshold):
    g = np.array([-3.0, 0.05], np.float32)
    clipped = clip({"g": g}, threshold).grads["g"]
    assert clipped.dtype == np.float32
    if threshold == 1e300:
        np.testing.assert_array_equal(clipped, g)


@pytest.mark.parametrize("clip", CLIPPERS)
def test_the_whole_gradients_are_refused_with_the_part_that_is_meant(clip):
    net = rv.Network.create("elman", 2, 3, rng=np.random.default_rng(0))
    trace = rv.unroll(net, np.ones((4, 1, 2)))
    grads = rv.backpropagate(net, trace, np.ones_like(trace.y))
    for measure in (lambda: clip(grads, 1.0), lambda: clipping.global_norm(grads)):
        with pytest.raises(ShapeError, match=r"got Gradients: pass grads\.params"):
            measure()
    assert clip(grads.params, 1.0).norm_before == clipping.global_norm(grads.params)


def test_the_norm_of_nothing_is_zero():
    assert clipping.global_norm({}) == 0.0
