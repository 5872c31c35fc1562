"""What is trained: the same numbers to the bit whichever way one comes to them, and a task that needs memory."""

from dataclasses import replace
from itertools import islice
from typing import Any

import numpy as np
import pytest

import rnnviz as rv
from lessons.training import experiment
from lessons.training.experiment import BASELINE, KNOBS, OPTIMIZERS, RATES, Settings, course

OTHERS: dict[str, Any] = {"rate": 0.2, "clip": "0.1", "optimizer": "adam", "drop": 0.2}  # another value of each knob


@pytest.mark.parametrize("cell", rv.cells.CELLS)
def test_all_eigenvalues_begin_on_one_circle(cell: str) -> None:
    found = Settings(cell, rho=0.7).start().eigenvalues
    for block in found.values():
        np.testing.assert_allclose(np.abs(block), 0.7, rtol=1e-12)


def test_a_training_goes_on_from_any_checkpoint_to_the_same_bits() -> None:
    chosen = Settings(optimizer="adam", drop=0.2)
    whole = course(chosen, 30)
    again = course(chosen, 30, chosen, 12)
    np.testing.assert_array_equal(again.losses, whole.losses[12:])
    for name, array in whole.last.network.state_dict().items():
        np.testing.assert_array_equal(again.last.network.state_dict()[name], array)


@pytest.mark.parametrize("knob", KNOBS)
def test_a_fork_with_another_knob_shares_the_past_and_then_parts(knob: str) -> None:
    first = Settings(rate=0.1)
    other = replace(first, **{knob: OTHERS[knob]})
    whole, fork = course(first, 20), course(other, 20, first, 4)
    assert len(fork.losses) == 16
    assert (fork.losses[1:] != whole.losses[5:]).all()


def test_without_memory_no_answer_is_better_than_the_baseline() -> None:
    """The best multiple of the level now, on many seas."""
    batch = rv.tasks.sine_mixture(np.random.default_rng(0), 4000, 24, experiment.FREQUENCIES)
    x, y = batch.x[batch.mask], batch.targets[batch.mask]
    slope = float((x * y).sum() / (x * x).sum())
    assert float(((y - slope * x) ** 2).mean()) == pytest.approx(BASELINE, rel=0.02)


def test_the_sea_that_is_shown_is_none_of_those_that_are_read() -> None:
    shown = experiment.shown().x[:, 0, 0]
    rng = np.random.default_rng(Settings().seed + 1)
    for _ in range(50):
        assert np.abs(experiment.seas(rng).x[:, :, 0] - shown[:, None]).max(axis=0).min() > 1e-3


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("rate", [RATES[0], RATES[-1]])
def test_at_both_ends_of_the_learning_rate_a_training_goes_on_or_says_where_it_diverged(
    optimizer: str, rate: float
) -> None:
    found = course(Settings(optimizer=optimizer, rate=rate), 60)
    assert found.last.update == 60 or found.diverged == found.last.update + 1
    assert np.isfinite(found.losses).all()


def test_clipping_bounds_every_step() -> None:
    chosen = Settings(rate=1.0, clip="0.1")
    last = chosen.start()
    for checkpoint in islice(chosen.go(last), 20):
        before, after = last.network.state_dict(), checkpoint.network.state_dict()
        step = rv.clipping.global_norm({name: after[name] - before[name] for name in before})
        assert step <= 0.1 * (1 + 1e-9)
        last = checkpoint
