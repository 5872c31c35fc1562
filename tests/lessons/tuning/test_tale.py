"""What is kept is what the script trains, and what is said of it is so."""

from itertools import islice

import numpy as np
import pytest

from lessons.tuning import model, stored, tale
from lessons.tuning.experiment import LIMIT, POOL, RATES, TEST, VALIDATION, Search, begin, errors, scores, train
from lessons.tuning.stored import FILE, LINE, MANY, OTHERS, RUNS, SEEDS, STORY


def test_the_file_is_small_and_holds_what_is_said() -> None:
    found = stored.stored()
    assert FILE.stat().st_size < 300_000
    assert found.seeds.shape == (SEEDS, len(RATES), 2)
    assert found.table.shape == (len(LINE), len(OTHERS))
    assert found.tried.shape == (MANY, POOL)
    assert found.halved.shape == (len(STORY.ends), STORY.count)


def test_what_the_page_trains_live_is_what_is_kept() -> None:
    """Learning rates beyond the best ones leave cliffs another way where a sum is rounded otherwise."""
    *_, now = islice(train(begin(len(RATES), tale.SECOND), RATES), LIMIT)
    calm = slice(0, RATES.index(0.01) + 1)
    np.testing.assert_allclose(scores(now)[calm], stored.stored().seeds[tale.SECOND, calm, 0], rtol=1e-3)
    np.testing.assert_allclose(errors(now).mean(axis=1)[calm], stored.stored().seeds[tale.SECOND, calm, 1], rtol=1e-3)


def test_another_seed_has_another_winner() -> None:
    said = tale.facts("seeds")
    assert said["answers"]["seeds"] == "near"
    assert said["of_before"] > 2 * said["of_now"]
    assert said["again"] + said["others"] <= SEEDS
    assert said["before"] == tale.facts("rates")["winner"]


def test_seeds_of_the_best_learning_rate_differ_by_more_than_its_median_from_the_next() -> None:
    said = tale.facts("noise")
    assert said["wider"]
    assert said["medians"] >= 1


def test_every_grid_has_two_learning_rates_and_every_draw_as_many_runs() -> None:
    for cells in stored.grids():
        assert len(np.unique(cells[:, 0])) == stored.PER
        assert len(np.unique(cells, axis=0)) == RUNS
    assert stored.at_random(0).shape == (RUNS, 2)
    covered = np.vstack(stored.grids())
    assert len(np.unique(covered, axis=0)) == len(LINE) * len(OTHERS)


def test_chance_beats_the_grid_more_often_than_not_where_one_setting_matters() -> None:
    said = tale.facts("grid")
    assert said["wins"] > 0.6
    assert said["answers"]["grid"] == "random"
    assert said["drawn"] > 4 * said["per"]


def test_the_learning_rate_matters_most() -> None:
    said = tale.facts("many")
    assert said["most"] == "rate"
    assert all(said["shares"]["rate"] > 2 * said["shares"][name] for name in ("batch", "units", "clip"))


def test_the_shares_of_halving_are_those_of_its_rungs() -> None:
    said = tale.facts("halving")
    assert [len(tale.rung(k)) for k in range(len(STORY.sizes))] == list(STORY.sizes)
    assert said["cost"] == STORY.cost == said["full"] * STORY.ends[-1] + STORY.cost % STORY.ends[-1]
    assert said["answers"]["halving"] == "stopped"
    assert said["missed"]
    assert said["rank"] > 1


def test_the_live_halving_ends_as_the_kept_one() -> None:
    *_, left = STORY.go(STORY.start())
    assert left.numbers == tuple(sorted(tale.rung(len(STORY.sizes) - 1)))
    best = left.numbers[int(np.argmin(scores(left.now)))]
    assert STORY.rates[best] == tale.facts("halving")["winner"]


def test_the_best_of_more_is_better_and_its_own_error_too_good() -> None:
    chosen, tested = stored.best_of()
    assert (np.diff(chosen) < 0).all()
    assert chosen[-1] < tested[-1]
    said = tale.facts("optimism")
    best = int(stored.stored().tried[:, :VALIDATION].mean(axis=1).argmin())
    assert said["test"] == pytest.approx(stored.stored().tried[best, -TEST:].mean())
    assert said["answers"]["optimism"] == "worse"


# Explore


@pytest.mark.parametrize("name", model.PRESETS)
def test_at_first_all_are_left_and_nothing_is_spent(name: str) -> None:
    search = Search(**model.PRESETS[name])
    said = model.facts(search, 0, model.at_first(search))
    assert (said.left, said.spent, said.over, said.tested) == (search.count, 0, False, None)


def test_at_the_end_all_that_the_search_costs_is_spent() -> None:
    search = Search()
    network = search.start().now.network(0)
    said = model.facts(search, search.ends[-1], {3: 0.1, 5: 0.05}, network)
    assert (said.leader, said.left, said.spent, said.over) == (5, 2, search.cost, True)
    assert said.tested == pytest.approx(model.loss_of(network))
    middle = model.facts(search, search.ends[0], {0: 0.1})
    assert middle.spent == search.count * search.ends[0]
