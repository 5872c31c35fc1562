"""The story's runs do what their beats are there to show; what is stored is what is trained."""

from itertools import islice

import numpy as np
import pytest

from lessons.long_memory import tale
from lessons.long_memory.experiment import CELLS, INITS, LEARNED, Settings, held_out, measured
from lessons.long_memory.stored import (
    EVERY,
    FRAME,
    KEPT,
    LENGTHS,
    LONG,
    RACES,
    SEEDS,
    SHORT,
    STORY,
    UPDATES,
    keys,
    races,
    the_map,
)


@pytest.mark.parametrize("run", RACES, ids=lambda run: f"{run.cell} {run.init} {run.length}")
def test_the_stage_trains_what_was_stored(run: Settings) -> None:
    """The first frames, as the stage records them."""
    stored = races()[run]
    for k, checkpoint in enumerate(islice(run.go(run.start()), FRAME - 1, 6 * FRAME, FRAME), 1):
        found = measured(checkpoint.network, run.task, run.length)
        assert found.error == pytest.approx(stored.error[k], rel=1e-6)
        assert found.reach[0] == pytest.approx(stored.reach[k], rel=1e-4)
        assert found.answers[-1].std() == pytest.approx(stored.spread[k], rel=1e-6)


def test_a_short_wait_is_learned_by_all_and_first_by_the_gru() -> None:
    said = tale.facts("race")
    assert said["answers"]["first"] == "gru"
    assert all(said["left"][cell] is not None for cell in CELLS)
    for cell in CELLS:
        found = races()[Settings("adding", SHORT, cell, seed=STORY)]
        frame = said["left"][cell] // FRAME
        assert found.error[frame - 1 : frame + 1].mean() < 0.8 * found.baseline
        assert found.error[frame - 2 : frame].mean() >= 0.8 * found.baseline


def test_on_the_plateau_the_answer_is_one_whatever_was_read() -> None:
    said = tale.facts("price")
    assert said["answers"]["price"] == "same"
    assert said["spread"] < 0.1 * said["numbers"]
    assert said["error"] == pytest.approx(1 / 6, rel=0.05)


def test_a_long_wait_is_learned_by_the_gru_alone() -> None:
    said = tale.facts("longer")
    assert said["answers"]["longer"] == "gru"
    for cell in ("elman", "lstm"):
        assert races()[Settings("adding", LONG, cell, seed=STORY)].error[-1] > 0.95 / 6


def test_the_grus_gradient_comes_back_while_its_error_still_stands() -> None:
    said = tale.facts("bridge")
    assert said["first"] == "elman"
    assert said["answers"]["bridge"] == "gru"
    gru = tale.of(LONG, "gru")
    assert gru.left is not None
    assert gru.reach[0] < 1e-9
    assert gru.reach[gru.left // FRAME] > 1e-3
    assert tale.of(LONG, "elman").reach[-1] < 1e-6 * tale.of(LONG, "elman").reach[0]


def test_on_its_plateau_the_grus_update_gate_learns_to_keep() -> None:
    run = Settings("adding", LONG, "gru", seed=STORY)
    means = [one.gate_means["z"] for one in islice(run.go(run.start()), 0, 200, 40)]
    assert means[0] == pytest.approx(0.5, abs=0.05)
    assert means[-1] > means[0] + 0.05


def test_open_gates_bring_the_gradient_back_from_the_start() -> None:
    said = tale.facts("gates")
    assert said["answers"]["gates"] == "sooner"
    assert said["reach"] > 0.1 > 1e-6 > said["before"]


def test_the_map_counts_runs_that_ended_below_half_of_guessing() -> None:
    found, shares = the_map(), the_map().shares(KEPT)
    for run in keys():
        if run.task == KEPT:
            assert found.error[run].shape == (SEEDS, UPDATES // EVERY + 1)
            ends = found.error[run][:, -1]
            hits = shares.hits[INITS.index(run.init), CELLS.index(run.cell), LENGTHS.index(run.length)]
            assert hits == (ends < LEARNED * held_out(KEPT, run.length).baseline).sum()
    assert (shares.count[INITS.index("chrono"), CELLS.index("elman")] == 0).all()


def test_the_longer_the_wait_the_fewer_learn() -> None:
    hits = the_map().shares(KEPT).hits.sum(axis=0)
    assert (np.diff(hits, axis=1) <= 0).all()
    assert (hits[CELLS.index("elman")] <= hits[CELLS.index("lstm")]).all()
    assert (hits[CELLS.index("lstm")] <= hits[CELLS.index("gru")]).all()


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("length", LENGTHS)
def test_stored_weights_are_those_of_the_stored_errors(cell: str, length: int) -> None:
    run = Settings(KEPT, length, cell)
    network = the_map().network(run)
    assert measured(network, KEPT, length).error == pytest.approx(the_map().error[run][0, -1], rel=1e-4)


def test_a_run_of_the_map_is_repeated_from_its_seed() -> None:
    run = Settings(KEPT, 10, "gru")
    at = next(islice(run.go(run.start()), EVERY - 1, None))
    assert measured(at.network, KEPT, 10).error == pytest.approx(the_map().error[run][0, 1], rel=1e-5)
