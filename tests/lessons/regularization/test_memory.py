"""Bits under masks: which of them survive, by theory and as drawn."""

import numpy as np
import pytest

from lessons.regularization import memory
from lessons.regularization.experiment import DROPS
from lessons.regularization.memory import SEQUENCES, STEPS, UNITS


@pytest.mark.parametrize("p", DROPS)
def test_bits_survive_as_the_theory_says(p: float) -> None:
    found = memory.memory(p)
    sure = 4 * np.sqrt(0.25 / (SEQUENCES * UNITS))  # of a share: four standard deviations at most
    np.testing.assert_allclose(found.shares["each_step"], (1 - p) ** np.arange(STEPS + 1), atol=sure)
    np.testing.assert_allclose(found.shares["variational"][1:], 1 - p, atol=sure)
    np.testing.assert_array_equal(found.shares["zoneout"], 1)


def test_a_bit_that_is_not_struck_stays_what_it_was() -> None:
    h0 = memory.bits()
    np.testing.assert_allclose(np.tanh(memory.LOOP * h0), h0, rtol=1e-12)
    found = memory.memory(0.1)
    for kind in ("each_step", "variational"):
        struck = found.struck[kind].any(axis=0)
        assert (np.sign(found.states[kind][:, ~struck]) == np.sign(found.states[kind][0, ~struck])).all()


def test_what_is_struck_once_is_gone_for_ever() -> None:
    found = memory.memory(0.1)
    for kind in ("each_step", "variational"):
        gone = np.cumsum(found.struck[kind], axis=0) > 0
        assert gone.any()
        assert (found.states[kind][gone] == 0).all()
        assert (found.states[kind][~gone] != 0).all()


def test_one_mask_strikes_the_same_units_at_every_step_and_new_ones_do_not() -> None:
    found = memory.memory(0.1)
    assert (found.struck["variational"][1:] == found.struck["variational"][1]).all()
    assert (found.struck["each_step"][1:] != found.struck["each_step"][1]).any()


def test_a_record_shows_nothing_of_later_steps() -> None:
    (rows,) = memory.records(0.1)
    found = memory.memory(0.1)
    for step in (0, 7, STEPS):
        states = rows[step]["states_each_step"]
        assert states.shape == (UNITS, STEPS + 1)
        np.testing.assert_array_equal(states[:, step], found.states["each_step"][step])
        assert (states[:, step + 1 :] == 0).all()
        assert (rows[step]["struck_each_step"][:, step + 1 :] == 0).all()
