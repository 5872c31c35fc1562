"""What the page says and draws: the map's clicks, the facts of an update, the answers."""

from typing import Any

import numpy as np
import pytest

from lessons.common.controls import settle
from lessons.long_memory import model
from lessons.long_memory.experiment import CELLS, INITS, TASKS, Settings, held_out, measured
from lessons.long_memory.stored import LENGTHS, keys, the_map


def values(**given: Any) -> dict[str, Any]:
    """Of the controls."""
    return settle(model.controls, given)[1]


def test_each_cell_of_the_map_opens_its_own_network() -> None:
    opened = set()
    for row in range(1, len(INITS) + 1):
        for place in range(1, len(CELLS) * len(LENGTHS) + 1):
            found = model.pick("cell_of_map", {"x": place, "y": row}, values())
            if found:
                run = model.settings(values(**found))
                assert (run.seed, values(**found)["network"]) == (0, model.STORED)
                assert INITS.index(run.init) == row - 1
                opened.add(run)
    assert opened == set(the_map().weights)


@pytest.mark.parametrize("value", [{"x": 0, "y": 1}, {"x": 99, "y": 1}, {"x": 1, "y": 9}, {"x": 1, "y": 4}])
def test_where_the_map_has_no_runs_a_click_opens_nothing(value: dict[str, int]) -> None:
    assert model.pick("cell_of_map", value, values()) == {}


def test_stored_weights_are_offered_where_there_are_some() -> None:
    assert "network" in values(length=50)
    assert "network" not in values(length=75)
    assert "network" not in values(length=50, seed=1)
    assert "network" not in values(length=50, task="copy")


def test_what_is_said_of_an_update_is_of_that_update() -> None:
    chosen = Settings(length=10)
    errors, first = np.array([0.9, 0.17, 0.12, 0.1, 0.01]), np.arange(5.0)
    found = model.facts(chosen, 15, {"gru": (errors, first)}, 5)
    (one,) = found.cells
    assert (one.error, one.reach, one.left) == (0.1, 3.0, 15)
    assert one.share == pytest.approx(0.1 / found.baseline)
    assert model.facts(chosen, 10, {"gru": (errors, first)}, 5).cells[0].left is None


@pytest.mark.parametrize("task", TASKS)
def test_before_the_first_update_facts_are_measured(task: str) -> None:
    chosen = Settings(task, 15)
    for cell, (errors, first) in model.at_first(chosen).items():
        found = measured(chosen.of(cell).network(), task, 15)
        assert errors[0] == pytest.approx(found.error)
        assert first[0] == pytest.approx(found.reach[0])


def test_the_map_says_how_sure_it_is() -> None:
    found = model.on_map(Settings("adding", 100, "lstm", "chrono", seed=3))
    ends = the_map().error[Settings("adding", 100, "lstm", "chrono")][:, -1] / held_out("adding", 100).baseline
    assert (found.least, found.most) == (ends.min(), ends.max())
    assert found.low < found.learned / found.seeds <= found.high
    assert not model.on_map(Settings(length=75)).there


@pytest.mark.parametrize("task", TASKS)
def test_twice_the_wait_changes_the_price_of_a_guess_for_copy_memory_alone(task: str) -> None:
    found = model.checks(Settings(task, 25))
    assert found.answers["double"] == ("smaller" if task == "copy" else "same")
    assert found.answers["reach"] == max(found.reach, key=lambda cell: found.reach[cell])


def test_tokens_show_the_marked_numbers_and_the_symbols() -> None:
    batch = held_out("adding", 10)
    shown = model.tokens("adding", batch.x[:, 0])
    assert sum(one.startswith("[") for one in shown) == 2
    assert "".join(model.tokens("copy", held_out("copy", 10).x[:, 0])).count("?") == 1
    assert {"A", "B"} & set(model.tokens("order", held_out("order", 10).x[:, 0]))


def test_the_file_holds_whole_tasks() -> None:
    assert len(the_map().error) % (len(keys()) // len(TASKS)) == 0
