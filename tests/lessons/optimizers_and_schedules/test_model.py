"""What the page says is what the engine computes; the stored learning rates are what the script would store."""

from dataclasses import replace

import numpy as np
import pytest

import rnnviz as rv
from lessons.optimizers_and_schedules import hills, model, rates
from lessons.optimizers_and_schedules.experiment import BEST, OPTIMIZERS, RATES, SCHEDULES, Settings, walk
from lessons.trained import best_rates


def test_each_racer_has_the_learning_rate_whose_median_is_smallest() -> None:
    assert {name: RATES[rates.typical(name).argmin()] for name in OPTIMIZERS} == BEST


def test_what_is_stored_is_what_the_script_measures() -> None:
    stored = rates.finals()["adam"][:, 1]
    again = [np.inf if one is None else one for one in best_rates.finals("adam", 1)]
    learned = stored < rates.SOLVED
    np.testing.assert_allclose(np.array(again)[learned], stored[learned], rtol=1e-2)
    np.testing.assert_array_equal(np.array(again) < rates.SOLVED, learned)


def test_a_walk_alone_ends_where_the_stored_one_did() -> None:
    found = walk(Settings("echo", "sgd", BEST["sgd"]))
    k = RATES.index(BEST["sgd"])
    assert found.final / hills.shown("echo", 0).baseline == pytest.approx(rates.finals()["sgd"][k, 0], rel=1e-2)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_the_answers_to_the_questions(optimizer: str) -> None:
    found = model.checks(Settings("echo", optimizer, 0.01))
    assert found.answers["step"] == ("product" if optimizer in ("sgd", "momentum") else "other")
    assert found.answers["scale"] == ("keeps" if found.divides else "changes")
    assert found.factor == pytest.approx(1 if found.divides else 10, rel=1e-2)


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_the_last_learning_rate_is_the_schedule_s(schedule: str) -> None:
    chosen = Settings("imitate", "adam", 0.02, schedule)
    found = model.checks(chosen)
    assert found.late == pytest.approx(walk(chosen).rates[-1])
    assert found.answers["late"] == ("full" if schedule in ("constant", "warmup") else "lower")


def test_two_weights_learn_and_no_other() -> None:
    for optimizer in OPTIMIZERS:
        found = walk(Settings("imitate", optimizer, 0.01), 5)
        names = list(found.last.network.state_dict())
        moved = {name for name, still in zip(names, (found.path == found.path[0]).all(axis=0)) if not still}
        assert moved == set(hills.FREE)


def test_a_rate_above_two_over_the_curvature_is_thrown_off_the_goal_and_one_below_is_not() -> None:
    gentle, steep = model.curvatures()
    assert 0 < gentle < steep
    batch = hills.shown("imitate", 0)
    for factor, stays in ((0.9, True), (1.1, False)):
        at = np.array(hills.GOAL) + 1e-4
        begun = np.linalg.norm(at - hills.GOAL)
        for _ in range(60):
            network = hills.unit(*at)
            trace = rv.unroll(network, batch.x)
            grads = rv.backpropagate(network, trace, batch.loss(trace.y).dy).params
            g = np.array([grads["weight_hh_l0"][0, 0], grads["weight_ih_l0"][0, 0]])
            at = at - factor * 2 / steep * g
        assert bool(np.linalg.norm(at - hills.GOAL) < begun) is stays


def test_facts_are_those_of_the_checkpoint() -> None:
    chosen = Settings("echo", "adam", 0.02)
    at = walk(chosen, 30).last
    found = model.facts(chosen, at, 30)
    path = walk(chosen, 30).path
    assert found.away == pytest.approx(np.linalg.norm(path[-1] - path[0]))
    assert 0 <= found.off <= 1
    assert model.facts(replace(chosen, hill="imitate"), walk(replace(chosen, hill="imitate"), 5).last, 5).off < 1e-6


def test_a_click_on_the_map_of_rates_walks_that_way() -> None:
    picked = model.pick("suits", {"x": 7, "y": 6}, {})
    assert (picked["optimizer"], picked["rate"], picked["hill"]) == ("adam", RATES[6], "echo")


def test_a_walk_that_diverges_says_where() -> None:
    found = walk(Settings("echo", "momentum", 5.0))
    assert found.diverged == len(found.losses) + 1
    assert found.final == float("inf")
