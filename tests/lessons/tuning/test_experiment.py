"""The page's halving is the library's; what is chosen by and what is reported have no sequence in common."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

import numpy as np
import pytest

import rnnviz as rv
from lessons.common.lanes import train
from lessons.tuning import experiment
from lessons.tuning.experiment import BATCH, COUNTS, ETAS, EVERY, LIMIT, Search, record, scores, sweep, validation

SMALL = Search(count=8, eta=4, units=4)


def last(search: Search) -> experiment.Left:
    *_, left = search.go(search.start())
    return left


def test_halving_stops_and_keeps_whom_the_library_does() -> None:
    """Alone, by `training.train`, and asked by `sweep.halving`; the page trains them together."""

    def candidate(rate: float) -> Iterator[float]:
        for checkpoint in rv.training.train(
            experiment.network(SMALL.seed, SMALL.units),
            lambda rng: rv.tasks.adding(rng, BATCH, experiment.STEPS),
            optimizer=rv.optimizers.adam(),
            learning_rate=rate,
            clip=lambda grads: rv.clipping.clip_by_global_norm(grads, experiment.CLIP).grads,
            rng=np.random.default_rng(SMALL.seed + 1),
        ):
            yield validation().loss(rv.unroll(checkpoint.network, validation().x).y).value

    budget = SMALL.ends[0] * SMALL.count * len(SMALL.sizes)
    rungs = list(rv.sweep.halving([candidate(rate) for rate in SMALL.rates], budget, SMALL.eta))
    assert [rung.units for rung in rungs] == list(SMALL.ends)
    assert tuple(rungs[-1].candidates) == last(SMALL).numbers


@pytest.mark.parametrize("count", COUNTS)
@pytest.mark.parametrize("eta", ETAS)
def test_each_rung_takes_the_same_work_and_ends_at_a_record(count: int, eta: int) -> None:
    search = Search(count, eta)
    work = np.diff((0, *search.ends)) * search.sizes
    assert (work == work[0]).all()
    assert search.cost == work.sum()
    assert all(end % EVERY == 0 for end in search.ends)
    assert 0.8 * LIMIT < search.ends[-1] <= LIMIT


def test_a_lane_ends_where_its_candidate_is_stopped_and_the_others_go_on() -> None:
    search = replace(SMALL, seed=3)
    left = last(search).numbers
    courses = [train(lane, record, search.ends[-1] + EVERY, EVERY) for lane in search.lanes()]
    for number, course in enumerate(courses):
        assert course.reached == search.ends[-1 if number in left else 0]
        assert course.ended is not None
        assert course.ended[1] == "finished"


def test_a_candidate_is_trained_again_from_a_kept_one_to_the_same_bits() -> None:
    lane = SMALL.lanes()[last(SMALL).numbers[0]]
    course = train(lane, record, SMALL.ends[-1], EVERY)
    kept = course.checkpoint(SMALL.ends[0] - EVERY)
    again = next(one for one in lane.go(kept) if one.update == SMALL.ends[0] + EVERY)
    whole = course.at(SMALL.ends[0] + EVERY)
    assert whole is not None
    assert record(again)["error"] == whole["error"][0]


def test_all_of_one_seed_begin_with_the_same_weights_and_read_the_same() -> None:
    first = [lane.start() for lane in sweep(0)]
    assert len({record(one)["error"] for one in first}) == 1
    after = [next(lane.go(lane.start())) for lane in sweep(0)]
    assert len({one.loss for one in after}) == 1


def test_no_sequence_is_in_both_sets() -> None:
    ours, others = validation().x[:, :, 0].T, experiment.test().x[:, :, 0].T
    assert len(np.unique(np.vstack([ours, others]), axis=0)) == len(ours) + len(others)


def test_the_score_of_what_diverged_is_infinite() -> None:
    start = experiment.begin(2, 0, 4)
    *_, now = islice(experiment.train(start, [0.01, 1e300]), 3)
    found = scores(now)
    assert np.isfinite(found[0])
    assert found[1] == np.inf
