"""The story's trainings do what their beats are there to show, and what is said of them is so."""

import numpy as np
import pytest

from lessons.regularization import draws, experiment, model, tale
from lessons.regularization.experiment import LIMIT, PATIENCE, Settings, course, like_today, validation_set


def test_it_learns_by_heart_and_new_fortnights_get_worse() -> None:
    found, said = course(tale.FIRST), tale.facts("new")
    assert said["heart"]
    assert found.train[-1] < 0.01 * found.train[0]
    assert said["answers"]["new"] == "first"
    assert said["lowest"] == found.valid.min() < 0.85 * said["ends"]
    assert said["beaten"]
    assert said["never"] == all(error > like_today(validation_set()) for error in found.valid)
    assert said["ends"] > like_today(validation_set())


def test_within_ten_seconds_the_dots_have_found_the_diagonal() -> None:
    """At twenty updates a second."""
    assert course(tale.FIRST).train[200] < 0.05


@pytest.mark.parametrize("patience", PATIENCE)
def test_what_early_stopping_keeps_is_the_best_so_far(patience: str) -> None:
    said, valid = tale.facts("stop", patience), course(tale.FIRST).valid
    if patience == "off":
        assert said["patience"] is None
        assert said["ends"] == valid[-1]
        return
    until = said["stops"] or LIMIT
    assert said["kept"] == valid[1 : until + 1].min() == valid[said["best"]]
    assert said["very_best"] == (valid[said["best"]] == valid.min())
    assert said["stops"] is None or said["stops"] - said["best"] == int(patience)


def test_small_weights_do_not_learn_by_heart_and_do_better() -> None:
    said = tale.facts("weights")
    assert said["answers"]["weights"] == "above"
    assert said["better"]
    assert said["norms"]["on"] < said["norms"]["begins"] < said["norms"]["off"]


def test_dropout_narrows_the_gap() -> None:
    said = tale.facts("dropout")
    assert said["answers"]["dropout"] == "narrower"
    assert said["better"]
    assert said["gaps"]["on"] < said["gaps"]["off"] == course(tale.FIRST).valid[-1] - course(tale.FIRST).train[-1]


def test_zoneout_keeps_every_bit_and_new_masks_hardly_any() -> None:
    assert tale.facts("held")["answers"]["held"] == "few"
    said = tale.facts("masks")
    assert said["answers"]["masks"] == "zoneout"
    assert said["at_once"]
    assert said["left"]["each_step"] < said["left"]["variational"] < said["left"]["zoneout"] == 1


# Explore


@pytest.mark.parametrize("name", model.PRESETS)
def test_a_preset_shows_its_point(name: str) -> None:
    chosen = Settings(**model.PRESETS[name])
    off, on = course(tale.FIRST), course(chosen)
    if name == "stopped":
        assert on.last.update < LIMIT
    else:
        assert on.valid[-1] - on.train[-1] < off.valid[-1] - off.train[-1]


def test_the_checks_know_what_is_drawn() -> None:
    said = model.checks(Settings(p=0.5))
    assert said["average"] == pytest.approx(1, abs=0.03)
    assert said["factor"] == 2
    assert said["answers"]["last"] == "earlier"


def test_the_stored_draws_are_those_of_their_script() -> None:
    rows = {row.name: row for row in draws.rows()}
    assert list(rows) == list(draws.METHODS)
    stored = draws.stored()
    assert all(len(one) == draws.SEEDS for errors in stored.values() for one in errors.values())
    seed = tale.FIRST.seed
    assert stored["off"]["test"][seed] == pytest.approx(course(tale.FIRST).last.test, rel=1e-3)
    assert stored["stopped"]["test"][seed] == pytest.approx(course(Settings(patience="20")).best.test, rel=1e-3)
    assert rows["l2"].better == np.sum(np.array(stored["l2"]["test"]) < np.array(stored["off"]["test"]))
    best = min(rows.values(), key=lambda row: row.mean)
    assert (model.often()["below"] > 0) == (best.mean < like_today(experiment.test_set()))
