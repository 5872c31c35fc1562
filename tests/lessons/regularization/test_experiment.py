"""What is trained: early stopping stops where its rule says, masks are what they are called, sets do not overlap."""

from dataclasses import replace
from itertools import islice

import numpy as np
import pytest

import rnnviz as rv
from lessons.common.inputs import weather
from lessons.regularization import experiment
from lessons.regularization.experiment import COUNTS, DAYS, MASKS, EachStep, Settings, course, fortnights, training_set
from lessons.regularization.tale import stopped


def test_an_error_is_the_root_mean_square_in_degrees() -> None:
    batch = experiment.validation_set()
    trained = Settings().start()
    loss = rv.training.evaluate(trained.network, batch).loss
    assert trained.valid == pytest.approx(np.sqrt(loss) * weather().std, rel=1e-12)


def test_what_is_learnt_and_what_is_new_share_no_day() -> None:
    days = weather().dates
    for day in (experiment.first_of(2014), experiment.first_of(2015)):
        assert (days[day].month, days[day].day) == (1, 1)
    whole = training_set(max(COUNTS), 0)
    assert whole.x.shape[1] == max(COUNTS)
    blocks = np.arange(0, experiment.first_of(2014) - DAYS - 1, DAYS + 1)
    assert len(blocks) == max(COUNTS)
    np.testing.assert_array_equal(whole.x, fortnights(blocks).x)
    assert blocks[-1] + DAYS < experiment.first_of(2014)


def test_the_day_after_is_the_day_after() -> None:
    batch = fortnights(np.array([5]))
    np.testing.assert_allclose(experiment.celsius(batch.x[:, 0, 0]), weather().celsius[5:19])
    assert experiment.after(batch)[0] == pytest.approx(weather().celsius[19])


@pytest.mark.parametrize("patience", ["5", "20"])
def test_a_stopped_training_is_the_same_training_up_to_where_it_stops(patience: str) -> None:
    off, on = course(Settings()), course(Settings(patience=patience))
    stops, best = stopped(off.valid, int(patience))
    assert stops is not None
    assert (on.last.update, on.best.update) == (stops, best)
    np.testing.assert_array_equal(on.valid, off.valid[: stops + 1])
    assert stops - best == int(patience)


@pytest.mark.parametrize("mask", MASKS)
def test_a_training_goes_on_from_any_checkpoint_to_the_same_bits(mask: str) -> None:
    chosen = Settings(mask=mask, p=0.3, l2=0.1)
    whole = list(islice(chosen.go(chosen.start()), 12))
    again = next(chosen.go(whole[10]))
    for name, array in whole[11].network.state_dict().items():
        np.testing.assert_array_equal(again.network.state_dict()[name], array)


def test_a_mask_of_each_step_is_another_one_at_each_step_and_one_on_average() -> None:
    network = rv.Network.create("elman", 1, 50, rng=np.random.default_rng(0))
    mask = EachStep(0.25).draw(np.random.default_rng(0), network, 40, 10).recurrent[0, 0]
    assert mask.shape == (40, 10, 50)
    assert set(np.unique(mask)) == {0, 1 / 0.75}
    assert mask.mean() == pytest.approx(1, abs=0.02)
    assert (mask[1:] != mask[:-1]).any(axis=(1, 2)).all()


def test_without_regularization_settings_are_plain() -> None:
    assert Settings().plain == Settings()
    assert replace(Settings(), l2=0.1, mask="zoneout", p=0.3, patience="5").plain == Settings()
    assert Settings(units=5, count=6).plain.units == 5
