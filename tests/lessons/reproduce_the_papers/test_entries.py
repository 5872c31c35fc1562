"""The entries: what is stored is what they would do again, and a run is the same to the bit whenever it is done."""

from itertools import islice

import numpy as np
import pytest

import rnnviz as rv
from lessons.reproduce_the_papers import entries
from lessons.reproduce_the_papers.entries import ENTRIES, LOSS, examined
from lessons.reproduce_the_papers.stored import FOLDER, runs
from lessons.trained import papers

each = pytest.mark.parametrize("name", ENTRIES)


@each
def test_what_is_stored_is_all_seeds_of_all_arms_at_all_lengths(name: str) -> None:
    entry = ENTRIES[name]
    for length in entry.lengths:
        for arm in entry.arms:
            found = runs(name, arm.id, length)
            assert found.scores.shape == (entry.seeds, entry.updates // entry.every + 1)
            assert len(found.commit) == 7
            assert found.minutes > 0


@each
def test_the_script_would_find_nothing_left_to_do(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    before = (FOLDER / f"{name}.jsonl").read_bytes()
    papers.main([name])
    entry = ENTRIES[name]
    total = len(entry.arms) * len(entry.lengths) * entry.seeds
    assert capsys.readouterr().out.split() == [name, str(total), str(total)]
    assert (FOLDER / f"{name}.jsonl").read_bytes() == before
    assert len(before) < 60_000


@each
def test_a_run_begins_as_it_was_stored(name: str) -> None:
    """Its first score; and the network that `start` gives is the one that all seeds together began with."""
    entry = ENTRIES[name]
    length = entry.lengths[0]
    for arm in entry.arms:
        for seed in range(entry.seeds):
            network = entry.start(arm.id, length, seed).network
            assert runs(name, arm.id, length).scores[seed, 0] == pytest.approx(
                entry.measured(network, length), rel=1e-3, abs=3 / entry.exam
            )


@pytest.mark.parametrize(("name", "arm", "length"), [("clipping", "clipped", 20), ("chrono", "chrono", 150)])
def test_a_run_anew_comes_to_the_score_that_is_stored(name: str, arm: str, length: int) -> None:
    entry, seed = ENTRIES[name], 1
    start = entry.start(arm, length, seed)
    last = next(islice(entry.go(start, arm=arm, length=length), entry.every - 1, None))
    found = runs(name, arm, length).scores[seed, 1]
    assert last.update == entry.every
    assert entry.measured(last.network, length) == pytest.approx(found, rel=1e-3, abs=3 / entry.exam)


@each
def test_arms_differ_in_one_thing_and_share_their_batches(name: str) -> None:
    entry = ENTRIES[name]
    starts = [entry.start(arm.id, entry.lengths[0], 3) for arm in entry.arms]
    assert len({repr(start.rng) for start in starts}) == 1
    assert len({arm.id for arm in entry.arms}) == len(entry.arms)
    if name == "clipping":
        first, second = (start.network.state_dict() for start in starts)
        for key, array in first.items():
            np.testing.assert_array_equal(array, second[key])


def test_chrono_biases_reach_as_far_as_the_task_and_the_constant_ones_do_not() -> None:
    entry = ENTRIES["chrono"]
    nets = {arm.id: entry.start(arm.id, 150, 0).network.state_dict()["bias_ih_l0"] for arm in entry.arms}
    H = entry.units
    forget = {name: bias[H : 2 * H] for name, bias in nets.items()}
    assert (forget["constant"] == 1.0).all()
    assert (forget["chrono"] <= np.log(149)).all()
    assert forget["chrono"].max() > 3.0
    np.testing.assert_array_equal(nets["chrono"][:H], -forget["chrono"])


def test_lengths_are_drawn_anew_for_each_batch() -> None:
    sample, rng = ENTRIES["varied"].sample(50), np.random.default_rng(0)
    drawn = {len(sample(rng).x) for _ in range(200)}
    assert (min(drawn), max(drawn)) == (20, 50)


@each
def test_guessing_scores_what_the_line_says(name: str) -> None:
    """The score of the best answer that ignores the sequence."""
    entry = ENTRIES[name]
    length = entry.lengths[-1]
    batch = examined(name, length)
    if name == "copy":
        y = np.zeros((*batch.mask.shape, batch.output_size))
        y[:-10, :, 8] = 50.0
        y[-10:, :, 8] = -50.0
    elif entry.score == LOSS:
        y = np.ones((*batch.mask.shape, 1))
    else:
        y = np.zeros((*batch.mask.shape, batch.output_size))
    assert entry.of(batch, y) == pytest.approx(entry.guessing(length), rel=0.15)


def test_what_is_not_finite_has_no_score() -> None:
    entry = ENTRIES["adding"]
    batch = entry.task(np.random.default_rng(0), 2, 10)
    assert np.isnan(entry.of(batch, np.full((10, 2, 1), np.nan)))


def test_the_exam_is_read_by_no_update() -> None:
    exam = examined("adding", 100).x[:, :, 0]
    _, batches = entries.generators(np.random.default_rng(0))
    for _ in range(20):
        read = rv.tasks.adding(batches, 32, 100).x[:, :, 0]
        assert np.abs(read[:, :, None] - exam[:, None, :]).max(axis=0).min() > 1e-3
