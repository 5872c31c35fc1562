"""What the story says is what was trained: its races, run again, go as they are stored, and all seeds agree."""

from itertools import islice

import numpy as np
import pytest

import rnnviz as rv
from lessons.gru_or_lstm import experiment, model, pictures, tale
from lessons.gru_or_lstm.experiment import BETWEEN, NAMES, RACES, RATES, SIZES, TASKS, Settings
from lessons.gru_or_lstm.stored import EVERY, PAIR, SEEDS, UPDATES, race, runs


@pytest.mark.parametrize("cell", NAMES)
def test_a_race_that_is_run_again_is_the_stored_one(cell: str) -> None:
    chosen = Settings("echo", cell)
    done = [one.network for one in islice(chosen.go(chosen.start()), RACES["echo"])]
    asked = experiment.held_out("echo")
    found = [experiment.error("echo", rv.unroll(one, asked.x).y) for one in done[BETWEEN - 1 :: BETWEEN]]
    np.testing.assert_allclose(found, race("echo").error[cell][1:], rtol=1e-3)


@pytest.mark.parametrize("task", RACES)
@pytest.mark.parametrize("cell", NAMES)
def test_the_stored_weights_are_those_at_the_end_of_the_race(task: str, cell: str) -> None:
    network = Settings(task, cell).network()
    assert race(task).weights[cell].size == network.parameter_count
    assert len(race(task).error[cell]) == RACES[task] // BETWEEN + 1


def test_the_counting_networks_that_are_shown_count_as_far_as_is_said() -> None:
    said = tale.facts("count", {})
    for cell in PAIR:
        assert experiment.reach("count", tale.trained(cell)) == said["reach"][cell]
    assert said["answers"]["count"] == "lstm"
    assert said["reach"]["lstm"] > said["reach"]["gru"] >= said["longest"]


def test_the_gru_learns_adding_first_in_the_race_and_with_every_seed() -> None:
    said = tale.facts("race", {})
    assert said["answers"]["race"] == "gru"
    assert said["at"]["gru"] < said["at"]["lstm"] <= RACES["adding"]
    assert tale.facts("seeds", {})["wins"] == SEEDS


def test_the_plain_network_echoes_first() -> None:
    said = tale.facts("echo", {})
    assert said["answers"]["echo"] == "elman"
    assert said["units"] > said["like"]


def test_the_lstm_s_counter_goes_on_evenly_and_the_gru_s_states_stay_within_one() -> None:
    said = tale.facts("why", {})
    assert said["even"] == {"lstm": True, "gru": False}
    assert said["most"]["lstm"] > 10 > 1 > said["most"]["gru"]
    assert np.abs(tale.state("gru")).max() <= 1


def test_with_every_seed_the_lstm_counts_further_than_the_gru() -> None:
    """As Weiss, Goldberg and Yahav found; where they are as large, and where they have as many parameters."""
    for size in SIZES:
        assert tale.reaches("lstm", size).min() > tale.reaches("gru", size).max()


def test_who_is_ahead_on_which_task() -> None:
    assert {task: tale.ahead(task) for task in TASKS} == {
        "adding": "gru", "order": "lstm", "copy": "open", "echo": "gru", "count": "open"
    }  # fmt: skip
    assert tale.facts("across", {})["answers"]["across"] == "mixed"
    on = tale.facts("across", {})["on"]
    assert {task: name for name, tasks in on.items() for task in tasks} == {
        task: tale.ahead(task) for task in TASKS if tale.ahead(task) != "open"
    }


def test_every_combination_was_stored_for_all_seeds() -> None:
    found = runs()
    assert found.error.shape[1] == UPDATES // EVERY + 1
    for task in TASKS:
        for cell in NAMES:
            for size in SIZES:
                for rate in RATES:
                    rows = found.rows(task, cell, size, rate)
                    assert found.seed[rows].tolist() == list(range(SEEDS))


def test_the_stored_runs_begin_as_their_settings_do() -> None:
    found = runs()
    for cell in NAMES:
        chosen = Settings("order", cell, "parameters", RATES[0], seed=2)
        y = rv.unroll(chosen.network(), experiment.held_out("order").x).y
        at = found.rows("order", cell, "parameters", RATES[0])[2]
        assert experiment.error("order", y) == pytest.approx(float(found.error[at, 0]), rel=1e-5)


def test_a_fair_gru_has_as_many_parameters_and_one_with_as_many_units_three_quarters() -> None:
    for like in (4, 12, 32):
        said = tale.facts("fair", {"like": like})
        assert abs(said["gru"] / said["lstm"] - 1) < 0.12
        assert 0.74 < said["same"] / said["lstm"] < 0.8


def test_over_time_each_error_is_that_of_the_last_measurement_before() -> None:
    table = np.arange(11.0)[None]  # measured at updates 0, 20, ..., 200
    at = pictures.at_times(table, seconds=0.01, last=2.0)
    np.testing.assert_array_equal(at, table)
    slow = pictures.at_times(table, seconds=0.02, last=2.0)
    assert slow[0].tolist() == [k // 2 for k in range(11)]


@pytest.mark.parametrize("task", TASKS)
def test_what_is_said_of_all_seeds_is_what_is_stored(task: str) -> None:
    values = {control.id: control.default for control in model.stored_controls({})} | {"stored_task": task}
    said = model.stored(values)
    for cell, learned in zip(said.cells, said.learned):
        errors = runs().error[runs().rows(task, cell, "parameters", 0.01)]
        assert learned == int((errors < experiment.LEARNED).any(axis=1).sum())
    assert bool(said.reach) == (task == "count")
