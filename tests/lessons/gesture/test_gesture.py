"""Windows, splits, stored networks and the story: what is said is what was measured."""

from itertools import islice

import numpy as np
import pytest

from lessons.common.controls import settle
from lessons.gesture import model, tale, watching
from lessons.gesture.experiment import Settings, right
from lessons.gesture.recordings import (
    EXERCISES,
    KNOWN,
    LENGTH,
    PEOPLE,
    STRIDE,
    batch,
    parts,
    recordings,
    scaler,
    windows,
)
from lessons.gesture.stored import EVERY, KEPT, SEEDS, network, scores


def values(**given):
    return settle(model.controls, given)[1]


def test_everybody_does_every_exercise_once_with_each_arm():
    known = recordings()
    done = set(zip(known.person.tolist(), known.exercise.tolist(), known.right.tolist()))
    assert len(done) == len(known.signals) == PEOPLE * EXERCISES * 2


def test_windows_are_pieces_of_their_recordings():
    known = windows()
    for n in (0, 100, -1):
        first = known.place[n] * STRIDE
        np.testing.assert_array_equal(known.x[:, n], recordings().signals[known.recording[n]][first : first + LENGTH])


def test_neighbours_share_what_the_story_says():
    known = windows()
    np.testing.assert_array_equal(known.x[STRIDE:, 0], known.x[:-STRIDE, 1])
    assert tale.facts("shared")["share"] == (LENGTH - STRIDE) / LENGTH == 0.75


@pytest.mark.parametrize("split", ["people", "windows", "person"])
def test_nothing_is_learned_from_that_is_held_out(split):
    learned, held = parts(split, 3)
    assert sorted([*learned, *held]) == list(range(windows().x.shape[1]))
    people = set(windows().person[learned]), set(windows().person[held])
    if split == "windows":
        assert people[0] == people[1] == set(range(PEOPLE))
        assert (windows().place[held] % 2 == 1).all()
    else:
        assert not people[0] & people[1]
    if split == "people":
        assert people[1] == set(range(KNOWN, PEOPLE))


def test_scaling_knows_the_learned_part_alone():
    learned, _ = parts("people")
    rows = batch(learned, scaler("people")).x.reshape(-1, 6)
    np.testing.assert_allclose([rows.mean(axis=0), rows.std(axis=0) - 1], 0, atol=1e-9)


@pytest.mark.parametrize("run", [KEPT[0], KEPT[1], KEPT[3]], ids=str)
def test_stored_networks_have_their_stored_scores(run):
    assert right(network(run), run) == pytest.approx(scores().end(run), abs=2e-3)


def test_new_people_are_seen_as_well_as_asked_with_every_seed_and_known_ones_better():
    new = [scores().end(Settings(seed=seed)) for seed in range(SEEDS)]
    assert min(new) >= 0.77
    assert scores().end(KEPT[1]) > max(new) + 0.1
    assert len(scores().people) == PEOPLE


def test_training_repeats_what_is_stored():
    run = Settings(split="person", person=1)
    now = next(islice(run.go(run.start()), EVERY - 1, None))
    assert right(now.network, run) == pytest.approx(scores().right[run][1], abs=0.02)


def test_the_storys_questions_have_one_of_their_choices_for_an_answer():
    assert tale.facts("shared")["answers"] == {"shared": "most"}
    assert tale.facts("claimed")["answers"] == {"claimed": "some"}
    assert tale.facts("wrong")["answers"] == {"wrong": "never"}
    said = tale.facts("confused")
    assert (said["done"], said["seen"]) == (1, 2)
    assert said["back"] < 10


def test_recordings_of_the_story_are_of_people_whom_its_network_does_not_know():
    assert all(recordings().person[n] >= KNOWN for n in tale.RECORDINGS.values())


def test_each_frame_of_a_recording_is_its_window():
    seen = tale.watched("arm")
    signals = recordings().signals[tale.RECORDINGS["arm"]]
    look = watching.look(network(KEPT[0]), seen, 4)
    np.testing.assert_allclose(look.p[-1], seen.p[4], atol=1e-5)
    assert seen.spans[4].tolist() == [4 * STRIDE, 4 * STRIDE + LENGTH]
    assert len(seen.signals) == len(signals)


def test_a_click_on_a_mistake_opens_a_window_that_is_mistaken_so():
    given = values(split="people")
    opened = values(**given | model.pick("mistake", {"x": 2, "y": 1}, given))
    found = model.facts_for("saw", opened)
    assert (found.exercise, found.says, found.knows) == (1, 2, False)
    assert model.pick("elsewhere", {"x": 1, "y": 2}, given) == {}


@pytest.mark.parametrize("rate", [10.0, 50.0, 32.0])
def test_ones_own_signals_are_means_over_a_tenth_of_a_second(rate):
    t = np.arange(int(12 * rate)) / rate
    found = model.own(np.stack([t] * 6, axis=1), rate)
    assert len(found) == 120
    middles = np.arange(120) / 10 + 0.05 - 0.5 / rate
    np.testing.assert_allclose(found[1:-1], np.stack([middles[1:-1]] * 6, axis=1), atol=0.02)
