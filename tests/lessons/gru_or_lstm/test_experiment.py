"""What is compared is equal where it is said to be, and what is counted is what the engine does."""

from itertools import islice

import numpy as np
import pytest

import rnnviz as rv
from lessons.gru_or_lstm import experiment, model, price
from lessons.gru_or_lstm.experiment import LONGEST, NAMES, SIZES, TASKS, TRIED, Settings

every_cell = pytest.mark.parametrize("cell", NAMES)
every_task = pytest.mark.parametrize("task", TASKS)


@every_task
@every_cell
def test_no_other_number_of_units_comes_nearer_to_the_parameters_of_the_lstm(task: str, cell: str) -> None:
    wanted = Settings(task, "lstm").network().parameter_count
    H = Settings(task, cell).units
    off = [abs(experiment.parameters(task, cell, units) - wanted) for units in (H - 1, H, H + 1)]
    assert off[1] == min(off)
    assert abs(Settings(task, cell).network().parameter_count / wanted - 1) < 0.05


@every_task
@every_cell
@pytest.mark.parametrize("size", SIZES)
def test_the_counted_parameters_are_those_of_the_network(task: str, cell: str, size: str) -> None:
    chosen = Settings(task, cell, size, like=5)
    assert price.count(task, cell, size, 5).parameters == chosen.network().parameter_count
    assert price.count(task, cell, size, 5).units == chosen.network().hidden_size


@every_cell
def test_the_formulas_on_the_page_are_what_is_counted(cell: str) -> None:
    """Gates H (I + H + 2) + Q (H + 1) parameters; of each step Gates H (I + H) multiply-adds, and what gates do."""
    inputs, outputs = experiment.width("adding")
    for H in (1, 7, 12):
        gates = {"elman": 1, "lstm": 4, "gru": 3}[cell]
        passed = {"elman": 0, "lstm": 3 * H, "gru": 3 * H}[cell]
        assert experiment.parameters("adding", cell, H) == gates * H * (inputs + H + 2) + outputs * (H + 1)
        assert experiment.multiply_adds("adding", cell, H) == gates * H * (inputs + H) + passed + outputs * H


@pytest.mark.parametrize(("cell", "numbers"), [("lstm", 11), ("gru", 8)])
def test_the_memory_of_a_pass_grows_by_the_formula_with_each_step_and_each_sequence(cell: str, numbers: int) -> None:
    inputs, outputs = experiment.width("order")
    for H in (1, 12):
        each = 8 * (numbers * H + inputs + 1 + outputs)
        assert price.bytes_per_step("order", cell, H) == each
        net = rv.Network.create(cell, input_size=inputs, hidden_size=H, output_size=outputs)
        short, long = (rv.unroll(net, np.zeros((T, 3, inputs))).nbytes for T in (10, 20))
        assert long - short == 10 * 3 * each


def test_the_quicker_one_is_told_from_one_that_is_alike() -> None:
    assert price.faster((1.0, 9.0), (2.0, 3.0)) == "one"
    assert price.faster((2.0, 3.0), (1.0, 9.0)) == "other"
    assert price.faster((1.0, 9.0), (1.05, 2.0)) == "alike"


def test_a_time_is_measured_once_until_it_is_asked_for_again() -> None:
    first = price.measured("echo", "units", 2)
    assert price.measured("echo", "units", 2) is first
    assert all(0 < quickest <= middle for quickest, middle in first.values())
    price.measured.cache_clear()
    assert price.measured("echo", "units", 2) is not first


@every_task
def test_all_cells_read_the_same_sequences(task: str) -> None:
    drawn = [experiment.sample(task, Settings(task, cell, seed=3).generator()).x for cell in NAMES]
    for one in drawn[1:]:
        np.testing.assert_array_equal(one, drawn[0])


@every_task
def test_answering_without_memory_has_an_error_of_about_one(task: str) -> None:
    """An untrained network is no better, and the baseline is that of the task."""
    batch = experiment.held_out(task)
    assert batch.baseline == pytest.approx(experiment.sample(task, np.random.default_rng(0), 1).baseline)
    y = rv.unroll(Settings(task, "gru").network(), batch.x).y
    assert experiment.error(task, y) > 0.9


def test_a_network_that_is_right_up_to_some_n_counts_to_that() -> None:
    batch = experiment.tried()
    right = np.where(batch.targets, 1.0, -1.0)
    assert experiment.counts_to(right) == TRIED
    for n in (1, 7, 40):
        wrong = right.copy()
        wrong[:, n - 1] = -wrong[:, n - 1]
        assert experiment.counts_to(wrong) == n - 1


def test_strings_are_those_of_the_task() -> None:
    batch = experiment.strings(1, LONGEST)
    one = rv.tasks.a_n_b_n(np.random.default_rng(0), 1, 4, 4)
    np.testing.assert_array_equal(batch.x[:9, 3], one.x[:, 0])
    np.testing.assert_array_equal(batch.targets[:9, 3], one.targets[:, 0])
    assert batch.lengths.tolist() == [2 * n + 1 for n in range(1, LONGEST + 1)]
    assert not batch.mask[9:, 3].any()


def test_the_share_of_pairs_counts_ties_half() -> None:
    a, b = np.array([1.0, 2.0, np.inf]), np.array([2.0, np.inf])
    assert experiment.better(a, b) == pytest.approx((1 + 1 + 0.5 + 1 + 0 + 0.5) / 6)
    assert experiment.better(b, a) == pytest.approx(1 - experiment.better(a, b))


@pytest.mark.parametrize("name", model.PRESETS)
def test_every_preset_trains(name: str) -> None:
    chosen = model.settings({**{c.id: c.default for c in model.controls({})}, **model.PRESETS[name]})
    losses = [one.loss for one in islice(chosen.go(chosen.start()), 30)]
    assert np.isfinite(losses).all()
