"""The recorded runs: what the script would record again, that they explode, and what the lesson says of them."""

from itertools import islice

import numpy as np
import pytest

from lessons.clipping import model
from lessons.clipping.training import BASELINE, FACTORS, RATES, SEEDS, UPDATES, averages, runs, train

FIRST = 12


@pytest.mark.parametrize("i", [0, 2, len(FACTORS) - 1])
@pytest.mark.parametrize("j", range(len(RATES)))
def test_a_run_begins_as_it_was_recorded(i: int, j: int) -> None:
    seen = runs()
    again = list(islice(train(FACTORS[i], RATES[j], seed=0), FIRST))
    for name in ("loss", "norm", "threshold"):
        np.testing.assert_allclose(
            [getattr(update, name) for update in again], getattr(seen, name)[i, j, :FIRST], rtol=1e-4
        )


def test_the_threshold_is_the_factor_times_the_average_of_all_norms_before() -> None:
    seen = runs()
    for i, factor in enumerate(FACTORS):
        for j in range(len(RATES)):
            known = np.isfinite(seen.norm[i, j])
            expected = factor * averages(seen.norm[i, j])
            np.testing.assert_allclose(seen.threshold[i, j][known], expected[known], rtol=1e-4)


def test_gradients_explode_and_clipping_lets_networks_learn_there() -> None:
    """By orders of magnitude; and the control: without clipping they learn where the learning rate is smaller."""
    said = model.compared()
    assert said.highest > 50
    assert said.best >= SEEDS - 1
    assert said.without <= 1
    assert said.small_without > SEEDS / 2
    assert said.before < said.at


def test_what_is_said_of_all_runs_is_counted_from_them() -> None:
    seen, said = runs(), model.compared()
    below = (seen.final < BASELINE / 2).sum(axis=-1)
    assert [list(row) for row in said.learned] == below.T.tolist()
    j = RATES.index(said.at)
    assert (said.without, said.best) == (below[-1, j], below[FACTORS.index(said.factor), j])
    assert said.small_without == below[-1, RATES.index(said.before)]
    assert said.highest == np.nanmax(seen.jump[-1, j])
    assert max(said.high_learned) <= SEEDS / 4  # "help little"
    assert max(said.high_taken) < 0.05  # "only"


@pytest.mark.parametrize("i", range(len(FACTORS)))
@pytest.mark.parametrize("j", range(len(RATES)))
def test_what_is_said_of_one_run_is_counted_from_it(i: int, j: int) -> None:
    seen, said = runs(), model.run_facts(i, j)
    norm = seen.norm[i, j]
    jump = norm[said.jump_at - 1] / norm[: max(said.jump_at - 1, 1)].mean()
    assert said.jump == pytest.approx(jump, rel=1e-6)
    assert said.jump == pytest.approx(seen.jump[i, j, 0], rel=1e-4)
    assert said.finite == bool(np.isfinite(seen.final[i, j, 0]))
    if said.finite:
        assert said.final == pytest.approx(seen.loss[i, j, -50:].mean(), rel=1e-4)
    assert said.taken == pytest.approx((norm > seen.threshold[i, j] * (1 + 1e-6)).mean(), abs=3 / UPDATES)
