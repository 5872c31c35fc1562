"""Laws of attention: a case by hand, closed identities, finite differences, masks, errors."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnviz.attention import attend, backpropagate_attention, causal_mask, multiply_adds
from rnnviz.errors import NonFiniteError, ShapeError

T_Q, T_K, B, D, D_V = 3, 5, 2, 4, 6


def example(seed=0, queries=T_Q):
    """Queries, keys, values and dy."""
    rng = np.random.default_rng(seed)
    shapes = (queries, B, D), (T_K, B, D), (T_K, B, D_V), (queries, B, D_V)
    return [rng.standard_normal(shape) for shape in shapes]


def test_two_keys_by_hand():
    """Scores 0 and ln 3, from D = 4: weights 1/4 and 3/4."""
    q = np.array([[[2 * math.log(3), 0, 0, 0]]])
    k = np.array([[[0.0, 5, 0, 0]], [[1.0, -7, 0, 0]]])
    found = attend(q, k, np.array([[[8.0]], [[4.0]]]))
    np.testing.assert_allclose(found.weights, [[[0.25, 0.75]]], rtol=1e-14)
    np.testing.assert_allclose(found.y, [[[5.0]]], rtol=1e-14)
    back = backpropagate_attention(found, np.ones((1, 1, 1)))
    np.testing.assert_allclose(back.values[:, 0, 0], [0.25, 0.75], rtol=1e-14)
    np.testing.assert_allclose(back.scores, [[[0.25 * (8 - 5), 0.75 * (4 - 5)]]], rtol=1e-14)
    np.testing.assert_allclose(back.queries[0, 0], [-0.75 / 2, (0.75 * 5 + 0.75 * 7) / 2, 0, 0], rtol=1e-14)


@settings(max_examples=20)
@given(seed=st.integers(0, 2**32 - 1), scale=st.sampled_from([1e-6, 1.0, 30.0, 1e8]))
def test_each_row_of_weights_sums_to_one(seed, scale):
    q, k, v, _ = example(seed)
    weights = attend(scale * q, k, v).weights
    assert (weights >= 0).all()
    np.testing.assert_allclose(weights.sum(axis=2), 1, rtol=1e-12)


def test_keys_that_are_all_alike_share_the_weight():
    q, k, v, _ = example()
    found = attend(q, np.broadcast_to(k[:1], k.shape), v)
    np.testing.assert_allclose(found.weights, 1 / T_K, rtol=1e-14)
    np.testing.assert_allclose(found.y, np.broadcast_to(v.mean(axis=0), found.y.shape), rtol=1e-12)


def test_the_order_of_the_keys_changes_nothing_but_the_order_of_the_weights():
    q, k, v, dy = example()
    order = np.random.default_rng(1).permutation(T_K)
    plain, turned = attend(q, k, v), attend(q, k[order], v[order])
    np.testing.assert_allclose(turned.y, plain.y, rtol=1e-13)
    np.testing.assert_allclose(turned.weights, plain.weights[:, :, order], rtol=1e-13)
    one, other = backpropagate_attention(plain, dy), backpropagate_attention(turned, dy)
    np.testing.assert_allclose(other.queries, one.queries, rtol=1e-11, atol=1e-14)
    np.testing.assert_allclose(other.keys, one.keys[order], rtol=1e-11, atol=1e-14)


def test_a_constant_added_to_all_scores_changes_nothing():
    """The same vector added to all keys adds q . that vector to each score of a row."""
    q, k, v, _ = example()
    np.testing.assert_allclose(attend(q, k + 3.0, v).weights, attend(q, k, v).weights, rtol=1e-11)


def test_gradients_of_scores_sum_to_zero_in_each_row():
    q, k, v, dy = example()
    np.testing.assert_allclose(backpropagate_attention(attend(q, k, v), dy).scores.sum(axis=2), 0, atol=1e-14)


@pytest.mark.parametrize(
    "limits",
    [{}, {"lengths": [5, 2]}, {"mask": causal_mask(T_K)}, {"lengths": [3, 1], "mask": causal_mask(T_K)}],
    ids=["all", "lengths", "causal", "both"],
)
def test_gradients_are_finite_differences(limits):
    q, k, v, dy = example(3, queries=T_K)
    back = backpropagate_attention(attend(q, k, v, **limits), dy)
    given, eps = {"queries": q, "keys": k, "values": v}, 1e-5
    for name, array in given.items():
        for index in np.ndindex(array.shape):
            sides = []
            for step in (eps, -eps):
                moved = array.copy()
                moved[index] += step
                sides.append(float((dy * attend(**(given | {name: moved}), **limits).y).sum()))
            slope = (sides[0] - sides[1]) / (2 * eps)
            assert getattr(back, name)[index] == pytest.approx(slope, rel=1e-6, abs=1e-9)


@pytest.mark.parametrize("junk", [np.nan, np.inf, -1e308, 7.0])
def test_padding_gets_no_weight_and_no_gradient_whatever_stands_there(junk):
    q, k, v, dy = example()
    expected = attend(q[:, 1:], k[:2, 1:], v[:2, 1:])
    k, v = k.copy(), v.copy()
    k[2:, 1], v[2:, 1] = junk, junk
    found = attend(q, k, v, lengths=[T_K, 2])
    assert not found.weights[:, 1, 2:].any()
    np.testing.assert_allclose(found.y[:, 1:], expected.y, rtol=1e-13)
    back = backpropagate_attention(found, dy)
    for gradient in (back.keys, back.values):
        assert not gradient[2:, 1].any()
        assert gradient[:2].any()
    assert not back.scores[:, 1, 2:].any()


def test_a_causal_mask_keeps_what_comes_later_from_every_position():
    q, k, v, dy = example(queries=T_K)
    found = attend(q, k, v, mask=causal_mask(T_K))
    assert not np.triu(found.weights.transpose(1, 0, 2), 1).any()
    np.testing.assert_array_equal(found.y[0], v[0])
    changed = attend(q, np.concatenate([k[:3], 9 * k[3:]]), np.concatenate([v[:3], -v[3:]]), mask=causal_mask(T_K))
    np.testing.assert_array_equal(changed.y[:3], found.y[:3])
    early = np.concatenate([dy[:2], np.zeros_like(dy[2:])])
    back = backpropagate_attention(found, early)
    assert not back.keys[2:].any()
    assert not back.values[2:].any()


def test_a_batch_is_its_sequences_one_by_one():
    q, k, v, dy = example()
    found = attend(q, k, v)
    back = backpropagate_attention(found, dy)
    for b in range(B):
        part = slice(b, b + 1)
        one = attend(q[:, part], k[:, part], v[:, part])
        np.testing.assert_allclose(one.y, found.y[:, part], rtol=1e-12)
        alone = backpropagate_attention(one, dy[:, part])
        np.testing.assert_allclose(alone.keys, back.keys[:, part], rtol=1e-10, atol=1e-14)


@pytest.mark.parametrize("size", [1e4, 1e150])
def test_scores_of_any_size_are_safe(size):
    q, k, v, dy = example()
    found = attend(size * q, k, v)
    assert np.isfinite(found.y).all()
    np.testing.assert_allclose(found.weights.max(axis=2), 1)
    assert np.isfinite(backpropagate_attention(found, dy).queries).all()


def test_float32_stays_float32_and_nothing_given_is_changed():
    given = [a.astype(np.float32) for a in example()]
    kept = [a.copy() for a in given]
    found = attend(*given[:3], lengths=[5, 3])
    back = backpropagate_attention(found, given[3])
    assert {a.dtype for a in (found.weights, found.y, back.queries, back.keys, back.scores)} == {np.dtype(np.float32)}
    for now, before in zip(given, kept):
        np.testing.assert_array_equal(now, before)
    assert attend(given[0], given[1].astype(float), given[2]).y.dtype == np.float64


def test_what_leaves_the_finite_range_is_named():
    q, k, v, _ = example()
    q[1, 1, 0] = np.nan
    with pytest.raises(NonFiniteError, match="query 1 of sequence 1"):
        attend(q, k, v)
    with pytest.raises(NonFiniteError, match="scores"):
        attend(np.full((1, 1, 1), 1e200), np.full((2, 1, 1), 1e200), np.ones((2, 1, 1)))


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"queries": np.ones((2, 2))}, "queries must have shape"),
        ({"keys": np.ones((T_K, B, D + 1))}, "keys must have the queries'"),
        ({"values": np.ones((T_K + 1, B, D))}, "values must have the keys'"),
        ({"mask": np.ones((T_Q, B, T_K))}, "mask must be bool"),
        ({"mask": np.ones((T_Q, T_K), bool)}, "mask must be bool"),
        ({"lengths": [T_K, T_K + 1]}, "lengths must be from 1"),
        ({"values": np.full((T_K, B, D), "a")}, "values needs real numbers"),
    ],
)
def test_what_does_not_fit_is_named(changed, message):
    q, k, v, _ = example()
    with pytest.raises(ShapeError, match=message):
        attend(**({"queries": q, "keys": k, "values": v} | changed))


def test_a_query_that_may_look_at_nothing_is_refused():
    q, k, v, _ = example()
    mask = np.ones((T_Q, B, T_K), bool)
    mask[2, 1] = False
    with pytest.raises(ValueError, match="query 2 of sequence 1"):
        attend(q, k, v, mask=mask)
    with pytest.raises(ShapeError, match="dy must have the shape of y"):
        backpropagate_attention(attend(q, k, v), q)


def test_twice_the_length_costs_four_times_as_much():
    assert multiply_adds(1, 1, D, D_V) == D + D_V
    assert multiply_adds(20, 20, D, D_V) == 4 * multiply_adds(10, 10, D, D_V)
