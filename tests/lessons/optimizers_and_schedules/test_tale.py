"""The story's sentences are true of its walks."""

import numpy as np
import pytest

import rnnviz as rv
from lessons.optimizers_and_schedules import experiment, hills, pictures, tale
from lessons.optimizers_and_schedules.experiment import LIMIT, racers, walk


def test_all_walks_of_a_beat_begin_at_the_same_weights() -> None:
    for walks in tale.LANES.values():
        starts = [walk(one).path[0] for one in walks.values()]
        for start in starts:
            np.testing.assert_array_equal(start, starts[0])


def test_a_small_learning_rate_is_still_on_its_way_and_a_large_one_crosses_the_valley() -> None:
    said = tale.facts("rates")
    assert said["answers"] == {"rates": "good"}
    assert said["share"] == pytest.approx(tale.finals("rates")["small"] / walk(tale.LANES["rates"]["small"]).losses[0])
    assert not said["lands"]
    large = walk(tale.LANES["rates"]["large"])
    assert large.diverged is None
    assert said["turns"] > 30


def test_the_heavy_ball_is_at_the_goal_and_the_other_one_is_not() -> None:
    plain, heavy = (walk(one) for one in tale.LANES["momentum"].values())
    assert tale.facts("momentum")["answers"] == {"momentum": "heavy"}
    goal = hills.weights(hills.unit(*hills.GOAL))
    assert np.linalg.norm(heavy.path[-1] - goal) < 0.05
    assert np.linalg.norm(plain.path[-1] - goal) > 0.5


def test_a_constant_gradient_adds_up_to_ten_of_itself() -> None:
    u = 0.0
    for _ in range(500):
        u = 0.9 * u + 1.0
    assert tale.facts("momentum")["times"] == pytest.approx(u)


def test_a_loss_times_ten_leaves_adam_where_it_was_and_is_ten_times_the_rate_of_gradient_descent() -> None:
    said, found = tale.facts("units"), tale.LANES["units"]
    assert said["answers"] == {"units": "adam"}
    assert said["apart"] < 1e-5
    faster = walk(experiment.Settings("imitate", "sgd", 10 * found["descent"].rate)).path
    np.testing.assert_allclose(walk(found["descent_times"]).path[:20], faster[:20], rtol=1e-9)


def test_the_winner_has_the_smallest_loss_of_all_six() -> None:
    said, final = tale.facts("race"), tale.finals("race")
    assert len(final) == 6
    assert final[said["winner"]] == min(final.values())
    assert final[said["last"]] == max(final.values())
    assert said["answers"] == {"race": said["winner"]}


def test_the_map_is_a_slice_of_the_loss_and_a_path_s_point_its_projection() -> None:
    plane, z = experiment.plane("echo"), experiment.heights("echo")
    np.testing.assert_allclose(plane.along @ plane.along.T, np.eye(2), atol=1e-12)
    i, j = 7, 31
    a, b = (np.linspace(low, high, hills.POINTS) for low, high in plane.over)
    state = walk(experiment.racers()["adam"]).last.network.state_dict()
    flat, sizes = plane.origin + a[j] * plane.along[0] + b[i] * plane.along[1], [v.size for v in state.values()]
    parts = np.split(flat, np.cumsum(sizes)[:-1])
    network = rv.Network.from_state_dict({n: p.reshape(v.shape) for (n, v), p in zip(state.items(), parts)}, "elman")
    shown = hills.shown("echo", 0)
    assert z[i, j] == pytest.approx(shown.loss(rv.unroll(network, shown.x).y).value, rel=1e-9)
    np.testing.assert_allclose(plane.project(network), (a[j], b[i]), rtol=1e-9)
    assert plane.off(network) == pytest.approx(0, abs=1e-6)


def test_every_path_lies_on_the_map() -> None:
    plane = experiment.plane("echo")
    for one in experiment.racers().values():
        points = (walk(one).path - plane.origin) @ plane.along.T
        for (low, high), along in zip(plane.over, points.T):
            assert ((along >= low) & (along <= high)).all()


def test_the_map_of_two_weights_has_its_lowest_point_at_the_goal() -> None:
    z = experiment.heights("imitate")
    b, a = np.unravel_index(z.argmin(), z.shape)
    (w_low, w_high), (x_low, _) = hills.OVER
    step = (w_high - w_low) / (hills.POINTS - 1)
    assert w_low + a * step == pytest.approx(hills.GOAL[0], abs=1.5 * step)
    assert x_low + b * step == pytest.approx(hills.GOAL[1], abs=1.5 * step)


def test_those_that_divide_by_the_gradient_take_another_way_on_the_map() -> None:
    said = tale.facts("shadow")
    assert said["answers"] == {"shadow": "two"}


def test_the_lowest_path_ends_below_the_ground_on_which_its_shadow_falls() -> None:
    """The map is a slice: its height is the loss in the plane, and no path stays in the plane."""
    plane, path = experiment.plane("echo"), walk(racers()["adam"])
    away = path.path[-1] - plane.origin
    a, b = plane.along @ away
    assert np.linalg.norm(away - a * plane.along[0] - b * plane.along[1]) > 0.1 * np.linalg.norm(away)
    ground = hills.losses("echo", 0, (plane.origin + a * plane.along[0] + b * plane.along[1])[None])[0]
    assert tale.facts("shadow")["lower"] == (path.losses[-1] < ground)


def test_a_cosine_ends_lower_and_calmer_than_a_constant_learning_rate() -> None:
    said = tale.facts("cosine")
    assert said["answers"] == {"cosine": "cosine"}
    assert said["calmer"]
    constant, cosine = (walk(one).losses[-said["last"] :].mean() for one in tale.LANES["cosine"].values())
    assert said["times"] == pytest.approx(constant / cosine)
    assert pictures.SMOOTH["new"] == said["last"]  # what stands in the picture's head
    assert said["times"] > 2


def test_without_a_warm_up_the_states_saturate_and_the_loss_stays() -> None:
    said = tale.facts("warmup")
    assert said["answers"] == {"warmup": "warm"}
    assert said["saturated"]["cold"] > 0.5 > said["saturated"]["warm"]
    cold, warm = (walk(one).rates for one in tale.LANES["warmup"].values())
    assert warm[0] < 0.1 * cold[0]
    assert warm.max() == cold.max() == tale.HIGH
    assert len(warm) == len(cold) == LIMIT
