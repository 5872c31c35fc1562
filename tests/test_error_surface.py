"""The one-unit model of Pascanu et al. (2013): its figures out of the engine, its wall, and the way down."""

import math
from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rnnviz as rv
from rnnviz import error_surface as es
from rnnviz.clipping import clip_by_global_norm, clip_by_value

GRID = np.meshgrid(np.linspace(0, 8, 9), np.linspace(-5, 1, 7))


def sigma(x):
    return 1 / (1 + np.exp(-x))


def of_engine(w, b):
    """E, dE/dw and dE/db by `rv.unroll` and `rv.backpropagate`."""
    network = es.network(w, b)
    trace = rv.unroll(network, np.zeros((es.STEPS, 1, 1)), h0=[[es.H0]])
    dy = np.zeros(trace.y.shape)
    dy[-1] = 2 * (trace.y[-1] - es.TARGET)
    params = rv.backpropagate(network, trace, dy).params
    miss = trace.y[-1, 0, 0] - es.TARGET
    return miss**2, params["weight_hh_l0"].item(), params["bias_ih_l0"].item()


def test_the_network_is_the_papers_recurrence():
    w, b, x = 3.7, -1.2, 0.5
    y = rv.unroll(es.network(w, b), np.zeros((50, 1, 1)), h0=[[es.H0]]).y
    for t in range(50):
        x = w * sigma(x) + b
        assert y[t, 0, 0] == pytest.approx(sigma(x), rel=1e-14)


@settings(max_examples=25, deadline=None)
@given(w=st.floats(-8, 8), b=st.floats(-6, 6))
def test_surface_and_descent_have_the_engines_error_and_gradient(w, b):
    """To the rounding errors that the recurrence itself lets grow, which are largest near the wall."""
    surface, walk = es.surface(w, b), es.descend(w, b, 0.1, 1)
    error, dw, db = of_engine(w, b)
    tolerance = {"rel": 1e-9, "abs": 1e-300}
    assert (surface.error, surface.dw, surface.db) == pytest.approx((error, dw, db), **tolerance)
    assert walk.error[0] == pytest.approx(error, **tolerance)
    assert walk.norm_before[0] == pytest.approx(math.hypot(dw, db), **tolerance)
    assert walk.w[1] == pytest.approx(w - 0.1 * dw)
    assert walk.b[1] == pytest.approx(b - 0.1 * db)


def test_gradient_of_the_surface_is_its_slope():
    (w, b), e = GRID, 1e-6
    found = es.surface(w, b)
    by_w = (es.surface(w + e, b).error - es.surface(w - e, b).error) / (2 * e)
    by_b = (es.surface(w, b + e).error - es.surface(w, b - e).error) / (2 * e)
    np.testing.assert_allclose(found.dw, by_w, atol=1e-8, rtol=1e-4)
    np.testing.assert_allclose(found.db, by_b, atol=1e-8, rtol=1e-4)


@pytest.mark.parametrize(("w", "b"), [(1.0, 0.5), (np.zeros(3), 0.5), (np.zeros((2, 1)), np.zeros(4))])
def test_surface_has_the_common_shape_of_its_points(w, b):
    found = es.surface(w, b)
    assert found.error.shape == found.dw.shape == found.db.shape == np.broadcast_shapes(np.shape(w), np.shape(b))


def test_saddle_nodes_of_w_5_are_those_of_the_paper():
    assert es.saddle_nodes(5) == pytest.approx((-2.65561, -2.34439), abs=5e-6)


@given(w=st.floats(4.001, 50))
def test_at_a_saddle_node_a_fixed_point_has_slope_one(w):
    for b, sign in zip(es.saddle_nodes(w), (1, -1)):
        s = (1 + sign * math.sqrt(1 - 4 / w)) / 2
        x = math.log(s / (1 - s))
        assert w * s + b == pytest.approx(x, abs=1e-11 * w)
        assert w * s * (1 - s) == pytest.approx(1, rel=1e-9)


def stable_states(w, b):
    """Where 50 000 steps from very low and very high lead."""
    return [rv.unroll(es.network(w, b), np.zeros((50_000, 1, 1)), h0=[[h0]]).y[-1, 0, 0] for h0 in (0.0, 1.0)]


@pytest.mark.parametrize(("beside", "states"), [(-0.001, 1), (0.001, 2)])
def test_two_stable_states_are_there_between_the_saddle_nodes_alone(beside, states):
    low, high = es.saddle_nodes(5)
    for b in (low + beside, high - beside):
        below, above = stable_states(5, b)
        assert (abs(above - below) > 0.1) == (states == 2)


def test_at_w_4_both_saddle_nodes_are_minus_2():
    assert es.saddle_nodes(4) == (-2, -2)


def test_wall_begins_where_its_fixed_point_becomes_unstable():
    assert pytest.approx(4.25525, abs=5e-6) == es.WALL_FROM
    assert es.wall(5) == pytest.approx(0.5 - 0.622459 * 5, abs=5e-6)


@pytest.mark.parametrize(("w", "digits"), [(5, "779.4"), (5.5, "5.476e+04"), (6, "3.029e+06")])
def test_gradient_on_the_wall_has_the_norm_of_the_geometric_sum(w, digits):
    """Out of the engine, out of the sweep, and in closed form."""
    b = float(es.wall(w))
    surface = es.surface(w, b)
    norms = math.hypot(*of_engine(w, b)[1:]), math.hypot(surface.dw, surface.db), float(es.gradient_norm_on_wall(w))
    assert [f"{norm:.4g}" for norm in norms] == [digits] * 3
    assert norms == pytest.approx([norms[-1]] * 3, rel=1e-12)


@given(w=st.floats(es.WALL_FROM, 10))
def test_wall_is_a_fixed_point_to_the_last_digit(w):
    b = es.wall(w)
    assert w * es.H0 + b == 0.5
    surface = es.surface(w, b)
    assert math.hypot(surface.dw, surface.db) == pytest.approx(float(es.gradient_norm_on_wall(w)), rel=1e-12)


def test_next_number_to_either_side_of_the_wall_leads_into_either_valley():
    """At w = 9 the last digit decides; at w = 5 it does not matter."""
    near = [np.nextafter(es.wall(w), side) for w in (5, 9) for side in (-np.inf, np.inf)]
    assert es.surface([5, 5, 9, 9], near).error == pytest.approx([0.006013, 0.006013, 0.4809, 0.0741], rel=1e-3)


@pytest.mark.parametrize("w", [4.5, 5.0, 6.0])
def test_error_jumps_at_the_wall(w):
    """A hundredth to the left x falls to the lower fixed point, a hundredth to the right it rises to the upper one."""
    below, above = es.surface(w, es.wall(w) + np.array([-0.01, 0.01])).error
    assert below > 0.1 > 2 * above


@pytest.mark.parametrize("function", [es.saddle_nodes, es.wall, es.gradient_norm_on_wall])
def test_figures_of_the_wall_take_arrays_and_refuse_a_w_for_which_there_are_none(function):
    np.testing.assert_array_equal(np.asarray(function([5.0, 6.0]))[..., 1], np.asarray(function(6.0)))
    with pytest.raises(ValueError, match="w must be at least 4"):
        function([5.0, 3.9])


def test_points_beyond_the_finite_range_are_carried_in_silence():
    assert not np.isfinite(es.surface(2e7, es.wall(2e7)).db)
    assert np.isnan(es.surface(np.nan, 0).error)


def by_value(grads):
    return clip_by_value(grads, 0.1)


by_norm = partial(clip_by_global_norm, max_norm=0.1)


@pytest.mark.parametrize("clip", [None, by_value, by_norm])
def test_descent_is_gradient_descent_on_what_the_clipping_gives(clip):
    """Step by step with the surface's gradient and the clipping's own report."""
    rate, walk = 0.05, es.descend(5.2, -2.6, 0.05, 30, clip)
    w, b = 5.2, -2.6
    for k in range(30):
        at = es.surface(w, b)
        raw = np.array([at.dw, at.db])
        step, after, angle = raw, np.linalg.norm(raw), 0.0
        if clip is not None:
            report = clip({"theta": raw})
            step, after, angle = report.grads["theta"], report.norm_after, report.angle
        assert (walk.w[k], walk.b[k], walk.error[k]) == pytest.approx((w, b, float(at.error)), rel=1e-9)
        found = walk.norm_before[k], walk.norm_after[k], walk.angle[k]
        assert found == pytest.approx((np.linalg.norm(raw), after, angle), rel=1e-8, abs=1e-6)
        w, b = np.array([w, b]) - rate * step
    assert (walk.w[30], walk.b[30]) == pytest.approx((w, b), rel=1e-9)
    assert walk.stopped is None
    assert np.isfinite(
        np.concatenate([walk.w, walk.b, walk.error, walk.norm_before, walk.norm_after, walk.angle])
    ).all()


def test_the_wall_throws_an_unclipped_descent_far_away_and_a_clipped_one_no_further_than_its_threshold():
    start = 6.0, float(es.wall(6.0)) - 1e-9
    assert abs(es.descend(*start, 0.01, 1).b[1] - start[1]) > 100
    assert abs(es.descend(*start, 0.01, 1, by_norm).b[1] - start[1]) <= 0.01 * 0.1


def test_descent_that_leaves_the_finite_range_stops_and_says_at_which_update():
    """At w = 2e7 the gradient on the wall is beyond float64; a learning rate of 1e308 takes the weights beyond it."""
    walk = es.descend(2e7, float(es.wall(2e7)), 0.1, 5)
    assert walk.stopped == 0
    assert walk.norm_before[0] == np.inf
    assert np.isnan(walk.w[1:]).all()
    walk = es.descend(5.0, float(es.wall(5.0)), 1e308, 5)
    assert walk.stopped == 0
    assert np.isfinite([walk.w[0], walk.b[0], walk.error[0], walk.norm_before[0]]).all()
    assert np.isnan(np.concatenate([walk.w[1:], walk.error[1:], walk.norm_before[1:]])).all()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((np.nan, 0.0, 0.1, 5), "w must be a number"),
        ((0.0, np.inf, 0.1, 5), "b must be a number"),
        ((0.0, 0.0, -0.1, 5), "learning_rate must be a number"),
        ((0.0, 0.0, 0.1, 0), "updates must be a whole number of at least 1"),
    ],
)
def test_descents_that_cannot_be_are_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        es.descend(*arguments)
