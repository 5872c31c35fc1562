"""What is learned and by whom: questions and their digits, who learns from what, both networks, what is stored."""

from itertools import islice

import numpy as np
import pytest

import rnnviz as rv
from lessons.beyond_recurrence import experiment, stored
from lessons.beyond_recurrence.experiment import (
    CHOSEN_AT,
    EVERY,
    HELD_AT,
    KINDS,
    LONGEST,
    MARKS,
    RATES,
    Run,
    alphabet,
    asked,
    begun,
    digit,
    held_out,
    look,
    numbers,
    of_numbers,
    read,
    sample,
    score,
    words,
)


def test_a_question_is_a_word_and_what_is_asked_of_it() -> None:
    of = of_numbers([302])
    x = [alphabet()[k] for k in of.x[: of.lengths[0], 0].argmax(axis=1)]
    assert "".join(x) == "dreihundertzwei" + MARKS[0]
    assert of.targets.max(axis=0).tolist() == [3, 0, 2]
    assert (of.mask.sum(axis=0) == 1).all()
    assert of.x.sum() == of.lengths.sum()
    assert [digit(773, place) for place in range(3)] == [7, 7, 3]
    assert max(map(len, words())) + 1 == LONGEST


def test_nobody_learns_from_what_is_held_out_or_from_what_the_rates_were_chosen_by() -> None:
    parts = [set(numbers()), set(numbers(HELD_AT)), set(numbers(CHOSEN_AT))]
    assert sum(map(len, parts)) == len(set.union(*parts)) == 1000
    assert {n % EVERY for n in parts[0]} == set(range(EVERY)) - {HELD_AT, CHOSEN_AT}


def test_a_batch_is_drawn_from_what_is_learned_from() -> None:
    batch = sample(np.random.default_rng(0))
    known = {word + mark for word in (words()[n] for n in numbers()) for mark in MARKS}
    for b, length in enumerate(batch.lengths):
        assert "".join(alphabet()[k] for k in batch.x[:length, b].argmax(axis=1)) in known
    assert not batch.x[batch.lengths[0] :, 0].any()


def test_both_have_about_as_many_parameters() -> None:
    counts = [begun(kind, 0).parameter_count for kind in ("recurrent", "attention")]
    assert max(counts) < 1.03 * min(counts)


@pytest.mark.parametrize("kind", KINDS)
def test_the_norms_of_a_look_are_what_the_digits_logit_feels_of_each_input(kind: str) -> None:
    found, eps = look(begun(kind, 0), "zwei", 2), 1e-5
    network = found.trace.network
    for t in (0, 2, 4):
        slopes = []
        for i in range(found.x.shape[2]):
            sides = []
            for step in (eps, -eps):
                x = found.x.copy()
                x[t, 0, i] += step
                sides.append(read(network, x).y[-1, 0, found.digit])
            slopes.append((sides[0] - sides[1]) / (2 * eps))
        assert found.norms[t] == pytest.approx(np.linalg.norm(slopes), rel=1e-6)


def test_a_digit_of_the_last_step_is_what_is_said() -> None:
    of = asked([("acht", 2, 8), ("siebenundzwanzig", 2, 7)])
    y = np.zeros((*of.x.shape[:2], 10))
    y[4, 0, 8] = y[16, 1, 1] = 1
    assert of.said(y).tolist() == [8, 1]
    assert of.right(y) == 0.5


@pytest.mark.parametrize("kind", KINDS)
def test_stored_networks_have_the_stored_score(kind: str) -> None:
    assert score(stored.trained(kind)) == pytest.approx(stored.shares(kind)[0, -1], abs=1e-4)


@pytest.mark.parametrize("arm", ["recurrent", "attention"])
def test_the_script_repeats_its_first_updates(arm: str) -> None:
    kind, rate = stored.ARMS[arm]
    run = Run(kind, 0, rate)
    last = next(islice(run.go(run.start()), stored.EACH - 1, None))
    assert score(last.network) == pytest.approx(stored.shares(arm)[0, 1], abs=0.01)


def test_every_arm_holds_as_many_runs_and_updates() -> None:
    shapes = {stored.shares(arm).shape for arm in stored.ARMS}
    assert shapes == {(stored.SEEDS, experiment.UPDATES // stored.EACH + 1)}
    assert stored.ARMS["borrowed"] == ("recurrent", RATES["attention"])


def test_the_recurrent_network_and_attention_read_unseen_words_and_a_bag_of_letters_does_not() -> None:
    ends = {arm: stored.shares(arm)[:, -1] for arm in KINDS}
    assert min(ends["recurrent"].min(), ends["attention"].min()) > 0.95
    assert ends["shuffled"].max() < 0.7
    assert len(held_out().lengths) == 3 * len(numbers(HELD_AT))
    assert isinstance(stored.trained("recurrent"), rv.Network)
