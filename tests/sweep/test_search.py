"""Laws of the search: what is drawn lies where it should, and training goes to those that deserve it."""

from itertools import islice

import numpy as np
import pytest

import rnnviz as rv
from rnnviz import NonFiniteError, sweep


def test_points_are_drawn_from_their_intervals_and_lists():
    points = sweep.random_points(
        np.random.default_rng(0),
        2000,
        {"rate": sweep.log_uniform(1e-4, 1.0), "share": sweep.uniform(-1.0, 3.0), "units": [4, 8]},
    )
    rates, shares = (np.array([point[name] for point in points]) for name in ("rate", "share"))
    assert 1e-4 <= rates.min() < rates.max() <= 1
    assert -1 <= shares.min() < shares.max() <= 3
    assert np.mean(rates < 1e-2) == pytest.approx(0.5, abs=0.05)  # two of four decades
    assert np.mean(shares < 0) == pytest.approx(0.25, abs=0.05)
    assert np.mean([point["units"] == 4 for point in points]) == pytest.approx(0.5, abs=0.05)


def test_the_same_generator_draws_the_same_points_which_a_grid_runs():
    draw = {"rate": sweep.log_uniform(1e-3, 1.0), "units": [4, 8]}
    points = sweep.random_points(np.random.default_rng(3), 5, draw)
    assert points == sweep.random_points(np.random.default_rng(3), 5, draw)
    records = sweep.grid(lambda **point: point["rate"] * point["units"], points)
    assert [record["result"] for record in records] == [point["rate"] * point["units"] for point in points]


class Candidate:
    """Its score after n units is final + 1/n; counts what was asked of it."""

    def __init__(self, final):
        self.final, self.units = final, 0

    def __iter__(self):
        while True:
            self.units += 1
            yield self.final + 1 / self.units


def test_the_better_half_is_kept_and_the_budget_shared_among_the_rungs():
    """Jamieson & Talwalkar 2016, algorithm 1: n = 8, R = 48, three rungs of 16 units each."""
    candidates = [Candidate(final) for final in (5, 3, 8, 1, 7, 2, 6, 4)]
    rungs = list(sweep.halving(candidates, budget=48))
    assert [rung.candidates for rung in rungs] == [(0, 1, 2, 3, 4, 5, 6, 7), (1, 3, 5, 7), (3, 5)]
    assert [rung.kept for rung in rungs] == [(3, 5, 1, 7), (3, 5), (3,)]
    assert [rung.units for rung in rungs] == [2, 6, 14]
    assert [rung.spent for rung in rungs] == [16, 32, 48]
    assert [one.units for one in candidates] == [2, 6, 2, 14, 2, 14, 2, 6]
    np.testing.assert_allclose(rungs[2].scores, [1 + 1 / 14, 2 + 1 / 14])


@pytest.mark.parametrize(
    ("n", "eta", "sizes"), [(9, 3, [9, 3]), (10, 3, [10, 3]), (7, 2, [7, 3, 1]), (1, 2, [1]), (27, 3, [27, 9, 3])]
)
def test_each_rung_has_its_share_of_the_one_before(n, eta, sizes):
    candidates = [Candidate(final) for final in range(n)]
    rungs = list(sweep.halving(candidates, budget=100 * n, eta=eta))
    assert [len(rung.candidates) for rung in rungs] == sizes
    assert rungs[-1].kept == (0,)
    assert rungs[-1].spent <= 100 * n


def test_a_candidate_that_diverges_ends_or_gives_nan_is_dropped():
    def diverges():
        yield 0.0
        raise NonFiniteError("update 2 diverged")

    candidates = [diverges(), iter([0.0]), iter([np.nan] * 99), Candidate(1.0)]
    first, last = sweep.halving(candidates, budget=16)
    assert first.scores.tolist() == [np.inf, np.inf, np.inf, 1.5]
    assert last.kept == (3,)


def test_nothing_is_asked_before_the_first_rung_or_beyond_the_last_that_is_wanted():
    candidates = [Candidate(final) for final in range(4)]
    rungs = sweep.halving(candidates, budget=16)
    assert [one.units for one in candidates] == [0] * 4
    next(rungs)
    assert [one.units for one in candidates] == [2] * 4


def test_training_runs_are_candidates():
    """A learning rate of 0 learns nothing; one that is far too large diverges or is worse."""

    def run(rate):
        network = rv.Network.create("elman", input_size=2, hidden_size=4, output_size=1, rng=np.random.default_rng(0))
        sample = lambda rng: rv.tasks.adding(rng, batch_size=16, num_steps=4)  # noqa: E731
        for checkpoint in rv.training.train(
            network, sample, loss=rv.losses.mean_squared_error, optimizer=rv.optimizers.adam(), learning_rate=rate
        ):
            yield checkpoint.loss

    *_, last = sweep.halving([run(rate) for rate in (0.0, 0.01, 3.0)], budget=120, eta=3)
    assert last.kept == (1,)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: sweep.halving([], 10), "at least one candidate"),
        (lambda: sweep.halving([Candidate(0)] * 8, 23), "8 candidates in 3 rungs need a budget of at least 24"),
        (lambda: sweep.halving([Candidate(0)], 10, eta=1.0), "eta must be a number in"),
        (lambda: sweep.log_uniform(0.0, 1.0), "low must be a number in"),
        (lambda: sweep.random_points(np.random.default_rng(0), 0, {}), "count must be a whole number"),
        (lambda: sweep.random_points(0, 1, {}), "rng must be a NumPy random generator"),
    ],
)
def test_what_does_not_fit_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_candidates_are_left_where_they_stopped():
    run = Candidate(0.0)
    kept = iter(run)
    list(sweep.halving([kept, Candidate(1.0)], budget=8))
    assert next(islice(kept, 1)) == pytest.approx(1 / 5)
