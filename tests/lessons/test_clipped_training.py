"""The recorded training runs: what the script would record again, and what the lesson says of them."""

from itertools import islice

import numpy as np
import pytest

from lessons._clipping.training import FACTORS, SEEDS, UPDATES, runs, train

FIRST = 12


@pytest.mark.parametrize("k", range(len(FACTORS)))
def test_a_run_begins_as_it_was_recorded(k: int) -> None:
    seen = runs()
    again = list(islice(train(FACTORS[k], seed=0), FIRST))
    for name in ("loss", "norm", "threshold"):
        np.testing.assert_allclose(
            [getattr(update, name) for update in again], getattr(seen, name)[k, :FIRST], rtol=1e-6
        )


def test_the_threshold_is_the_factor_times_the_average_of_all_norms_before() -> None:
    seen = runs()
    average = np.cumsum(seen.norm, axis=1)[:, :-1] / np.arange(1, UPDATES)
    for factor, threshold, mean in zip(FACTORS, seen.threshold, average):
        np.testing.assert_allclose(threshold[1:], factor * mean, rtol=1e-9)


def test_some_thresholds_let_most_networks_learn_and_without_clipping_none_does() -> None:
    """The point of the chart; half and once the average, of those that Pascanu et al. name."""
    learned = dict(zip(FACTORS, runs().learned().tolist()))
    assert learned[0.5] >= SEEDS - 2
    assert learned[1.0] >= SEEDS - 2
    assert learned[0.1] < learned[1.0]
    assert learned[np.inf] == learned[10.0] == 0


def test_every_number_is_recorded() -> None:
    seen = runs()
    assert seen.loss.shape == seen.norm.shape == seen.threshold.shape == (len(FACTORS), UPDATES)
    assert seen.final.shape == (len(FACTORS), SEEDS)
    assert np.isfinite(seen.loss).all()
    assert (seen.norm > 0).all()
