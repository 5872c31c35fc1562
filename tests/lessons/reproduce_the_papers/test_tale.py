"""What the story says of the stored runs is counted from them."""

import numpy as np
import pytest

from lessons.reproduce_the_papers import model, pictures, tale
from lessons.reproduce_the_papers.entries import ENTRIES, LOSS
from lessons.reproduce_the_papers.published import PUBLISHED
from lessons.reproduce_the_papers.stored import runs, shown


def scores(name: str, arm: str, length: int) -> np.ndarray:
    return runs(name, arm, length).scores


def test_clipping_is_needed_at_the_long_lengths_and_not_at_the_short_one() -> None:
    """What the story is built on: at 40 steps the clipped networks learn and the others do not; at 20 both do."""
    assert tale.facts("luck")["answers"]["luck"] == "split"
    assert tale.facts("length")["answers"]["length"] == "both"
    long = scores("clipping", "unclipped", tale.LONG)
    assert long.max() < 0.6
    assert scores("clipping", "clipped", tale.LONG).max(axis=1).min() >= 0.99


def test_the_first_beat_pays_off_within_the_updates_that_it_shows() -> None:
    few = tale.LIVE["claim"] // ENTRIES["clipping"].every
    assert scores("clipping", "clipped", tale.LONG)[0, : few + 1].max() > 0.8
    assert scores("clipping", "unclipped", tale.LONG)[0, : few + 1].max() < 0.5


def test_the_numbers_are_the_medians_beside_what_was_published() -> None:
    said = tale.facts("numbers")
    for arm, theirs in PUBLISHED["adding"].scores.items():
        ours = float(np.median(scores("adding", arm, 100)[:, -1]))
        assert said["ours"][arm] == ours
        assert said["agree"][arm] == (theirs / 2 <= ours <= theirs * 2)
    assert said["ours"]["lstm"] < said["ours"]["elman"] / 5  # "the order of the two is what holds"
    alike = [arm for arm, yes in said["agree"].items() if yes]
    assert said["answers"]["numbers"] == {2: "both", 0: "neither"}.get(len(alike), alike[0] if alike else "")


def test_a_run_that_has_lapsed_was_right_once_and_wrong_later() -> None:
    said, rows = tale.facts("solved"), scores("varied", "clipped", 50)
    good = [row >= said["good"] for row in rows]
    assert said["learned"] == sum(row.any() for row in good)
    assert said["lapsed"] == sum(bool(row.any() and (~row[row.argmax() :]).any()) for row in good)


def test_chrono_biases_do_what_is_claimed_of_them() -> None:
    said = tale.facts("again")
    assert said["chrono"] == said["seeds"]
    assert said["constant"] == 0
    few = tale.LIVE["again"] // ENTRIES["chrono"].every
    assert (scores("chrono", "chrono", 150)[:, few] < 0.1).mean() > 0.5  # what one seed of the reader's will show


@pytest.mark.parametrize("name", ENTRIES)
def test_what_is_said_of_an_entry_is_counted_from_its_runs(name: str) -> None:
    entry = ENTRIES[name]
    for length in entry.lengths:
        said = model.facts(entry, length)
        for arm in said.arms:
            rows = scores(name, arm.id, length)
            best = rows[:, -1] if entry.score == LOSS else rows.max(axis=1)
            line = entry.good * entry.guessing(length) if entry.score == LOSS else entry.good
            right = best <= line if entry.score == LOSS else best >= line
            assert arm.learned == right.sum()
            assert arm.middle == pytest.approx(np.median(rows[:, -1]))
            ends = sorted(rows[:, -1], reverse=entry.score != LOSS)
            assert (arm.best, arm.worst) == (ends[0], ends[-1])


@pytest.mark.parametrize("name", ENTRIES)
def test_the_stage_shows_every_run_and_their_median(name: str) -> None:
    entry = ENTRIES[name]
    for arm, lane in zip(entry.arms, shown(name, entry.lengths[-1]), strict=True):
        rows = scores(name, arm.id, entry.lengths[-1])
        for k, record in enumerate(lane):
            assert [record[f"run_{s + 1}"] for s in range(entry.seeds)] == rows[:, k].tolist()
            assert record["median"] == np.median(rows[:, k])


@pytest.mark.parametrize("name", ENTRIES)
def test_what_is_trained_anew_is_measured_on_sequences_of_the_same_task(name: str) -> None:
    entry = ENTRIES[name]
    start = entry.start(entry.arms[0].id, entry.lengths[0], 0)
    record = pictures.recorder(name, entry.lengths[0])(start)
    batch = pictures.quick(name, entry.lengths[0])
    assert batch.x.shape[1:] == (pictures.QUICK, start.network.input_size)
    assert 0 <= record["score"] < 5


def test_the_questions_know_their_answers() -> None:
    asked = model.checks(ENTRIES["clipping"], 40)
    assert (asked.learned, asked.of, asked.wrong, asked.pairs) == (5, 5, 0, 25)
    assert asked.low == pytest.approx(0.566, abs=0.001)  # Wilson's interval of five in five
    assert asked.answers == {"sure": "wide", "one": "all", "pairs": "never"}


def test_a_click_on_a_cell_of_the_map_is_that_length_and_that_network() -> None:
    values = {"entry": "clipping"}
    assert model.pick("cell", {"x": 1, "y": 2}, values) == {"length": 20, "arm": "second"}
    assert model.pick("cell", {"x": 9, "y": 1}, values) == {"length": 40, "arm": "first"}
    assert model.pick("cell", {"x": 1, "y": 1}, {"entry": "adding"}) == {"length": 100, "arm": "first"}


def test_the_player_shows_the_network_that_is_chosen() -> None:
    values = {"entry": "clipping", "length": 20, "seed": 3, "arm": "second"}
    assert model.chosen(values).arm == "unclipped"
    assert model.chosen(values | {"entry": "varied"}).arm == "clipped"  # which has one alone


def test_where_the_reader_stands_is_what_the_checkpoints_say() -> None:
    of = model.chosen({"entry": "clipping", "length": 20, "seed": 3})
    begun = {arm: next(of.entry.go(one, arm=arm, length=20)) for arm, one in model.first(of).items()}
    said, before = model.stands(of, begun), model.stands(of, model.first(of))
    assert (said["begun"], before["begun"], said["update"], before["update"]) == (True, False, 1, 1)
    assert said["arms"] == before["arms"]  # of what has not begun, the first update is told
    for one in said["arms"]:
        assert one.loss == begun[one.id].loss
        assert one.score == of.entry.measured(begun[one.id].network, 20)
