"""Laws of the schedules: their formulas at hand-picked steps, one call for a whole curve, errors."""

import math
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest

from rnnviz import schedules

GOLDEN = np.load(Path(__file__).parent / "golden" / "schedules.npz")
AS_PYTORCH = {
    "constant": schedules.constant(0.3),
    "step_decay": schedules.step_decay(0.3, 0.8, 7),
    "exponential": schedules.exponential(0.3, 0.97),
    "linear": schedules.linear(0.3, 0.03, 60),
    "cosine": schedules.cosine(0.3, 0.02, 100),
    "warmup_cosine": schedules.warmup(schedules.cosine(0.3, 0.0, 80), 20),
    "one_cycle": schedules.one_cycle(0.3, 100),
    "one_cycle_other": schedules.one_cycle(0.3, 100, rise=0.45, start=0.03, end=0.03 / 50),
}
PLATEAUS = {
    "plateau": schedules.reduce_on_plateau(0.3, factor=0.5, patience=3),
    "plateau_other": schedules.reduce_on_plateau(0.3, factor=0.3, patience=0, threshold=0.02, cooldown=4, least=0.01),
}
ALL = {
    "constant": schedules.constant(0.3),
    "step_decay": schedules.step_decay(0.3, 0.5, 4),
    "exponential": schedules.exponential(0.3, 0.9),
    "linear": schedules.linear(0.3, 0.1, 10),
    "cosine": schedules.cosine(0.3, 0.1, 10),
    "warmup": schedules.warmup(schedules.cosine(0.3, 0.1, 10), 5),
    "one_cycle": schedules.one_cycle(0.3, 12),
    "join": schedules.join(schedules.linear(0.1, 0.3, 5), schedules.exponential(0.3, 0.9), 5),
}


@pytest.mark.parametrize("schedule", ALL.values(), ids=ALL.keys())
def test_a_curve_is_one_call_and_equals_its_steps_one_by_one(schedule):
    steps = np.arange(24).reshape(4, 6)
    curve = schedule(steps)
    assert curve.shape == steps.shape
    assert curve.dtype == np.float64
    assert np.asarray(schedule(3)).shape == ()
    np.testing.assert_array_equal(curve, [[float(schedule(int(t))) for t in row] for row in steps])
    np.testing.assert_array_equal(curve, schedule(steps.tolist()))
    assert (curve >= 0).all()


@pytest.mark.parametrize("name", AS_PYTORCH)
def test_rates_of_a_hundred_updates_are_those_of_pytorch(name):
    np.testing.assert_allclose(AS_PYTORCH[name](np.arange(100)), GOLDEN[name], rtol=1e-10, atol=1e-12)


def rates(rule, losses):
    """The learning rate of each update, the first before any loss."""
    state, seen = rule.init(), []
    for loss in losses:
        seen.append(state.learning_rate)
        state = rule.update(state, loss)
    return seen


@pytest.mark.parametrize("name", PLATEAUS)
def test_a_rate_that_waits_for_losses_is_that_of_pytorch(name):
    assert len(set(GOLDEN[name])) > 2
    np.testing.assert_allclose(rates(PLATEAUS[name], GOLDEN["losses"]), GOLDEN[name], rtol=1e-10, atol=0)


def test_a_rate_falls_only_after_more_than_patience_looks_without_a_better_loss():
    rule = schedules.reduce_on_plateau(1.0, factor=0.5, patience=2)
    assert rates(rule, [3.0, 2.0, 2.0, 2.0, 2.0, 2.0]) == [1.0, 1.0, 1.0, 1.0, 1.0, 0.5]
    assert rates(rule, [6.0, 5.0, 4.0, 3.0, 2.0, 1.0]) == [1.0] * 6


def test_looking_at_means_is_looking_at_each_mean():
    losses = np.random.default_rng(0).random(60)
    one = schedules.reduce_on_plateau(1.0, patience=1)
    of_three = schedules.reduce_on_plateau(1.0, patience=1, every=3)
    assert rates(of_three, losses)[::3] == rates(one, losses.reshape(20, 3).sum(axis=1) / 3)


def test_a_rate_goes_no_lower_than_its_least_and_nan_is_no_better_than_anything():
    rule = schedules.reduce_on_plateau(1.0, factor=0.1, patience=0, least=0.05)
    assert rates(rule, [1.0, math.nan, math.nan, math.nan, math.nan]) == [1.0, 1.0, 0.1, 0.05, 0.05]


def test_where_it_stands_is_numbers_alone():
    rule = PLATEAUS["plateau"]
    state = rule.update(rule.update(rule.init(), 2.0), 3.0)
    assert all(isinstance(value, int | float) for value in asdict(state).values())
    assert type(state)(**asdict(state)) == state


def test_one_cycle_starts_peaks_and_ends_where_it_should():
    curve = schedules.one_cycle(0.5, 20, rise=0.5, start=0.1, end=0.02)(np.arange(30))
    assert curve[0] == pytest.approx(0.1, rel=1e-15)
    assert curve[9] == curve.max() == 0.5
    np.testing.assert_allclose(curve[19:], 0.02, rtol=1e-14)
    assert (np.diff(curve[:10]) > 0).all()
    assert (np.diff(curve[9:20]) < 0).all()
    with pytest.raises(ValueError, match="rise"):
        schedules.one_cycle(0.5, 2)


@pytest.mark.parametrize(
    ("name", "bad"),
    [("factor", 1.0), ("patience", -1), ("threshold", 1.0), ("cooldown", 2.5), ("least", -0.1), ("every", 0)],
)
def test_settings_of_a_plateau_out_of_range_are_rejected_by_name(name, bad):
    with pytest.raises(ValueError, match=name):
        schedules.reduce_on_plateau(0.1, **{name: bad})


def test_constant_never_changes():
    np.testing.assert_array_equal(schedules.constant(0.2)(np.arange(5)), 0.2)


def test_step_decay_multiplies_after_each_stretch():
    np.testing.assert_array_equal(
        schedules.step_decay(0.8, 0.5, 3)(np.arange(8)), [0.8, 0.8, 0.8, 0.4, 0.4, 0.4, 0.2, 0.2]
    )


def test_step_decay_takes_whole_numbers_as_factor():
    np.testing.assert_array_equal(schedules.step_decay(1, 2, 1)(np.arange(70))[-1], 2.0**69)


def test_exponential_multiplies_at_each_step():
    np.testing.assert_allclose(schedules.exponential(0.8, 0.9)([0, 1, 7]), [0.8, 0.72, 0.8 * 0.9**7], rtol=1e-15)


def test_linear_reaches_its_end_and_stays():
    np.testing.assert_allclose(schedules.linear(0.0, 1.0, 4)(np.arange(7)), [0, 0.25, 0.5, 0.75, 1, 1, 1])


def test_cosine_starts_ends_and_halves_where_it_should():
    curve = schedules.cosine(0.5, 0.1, 10)(np.arange(13))
    assert curve[0] == 0.5
    assert curve[5] == pytest.approx(0.3, rel=1e-15)
    np.testing.assert_allclose(curve[10:], 0.1, rtol=1e-15)
    assert curve[2] == pytest.approx(0.1 + 0.4 * math.cos(math.pi / 10) ** 2, rel=1e-15)  # half-angle formula
    np.testing.assert_allclose(curve[:11] + curve[10::-1], 0.6, rtol=1e-15)


def test_warmup_rises_to_the_schedule_and_then_follows_it():
    decay = schedules.exponential(0.4, 0.5)
    curve = schedules.warmup(decay, 4)(np.arange(8))
    np.testing.assert_allclose(curve[:4], [0.1, 0.2, 0.3, 0.4], rtol=1e-15)
    np.testing.assert_allclose(curve[4:], decay(np.arange(4)), rtol=1e-15)


def test_join_restarts_the_second_schedule_at_its_own_step_zero():
    curve = schedules.join(schedules.constant(1.0), schedules.linear(0.5, 0.0, 2), 3)(np.arange(7))
    np.testing.assert_array_equal(curve, [1, 1, 1, 0.5, 0.25, 0, 0])


def test_join_asks_no_schedule_for_steps_outside_its_stretch():
    asked = []

    def first(t):
        asked.extend(np.ravel(t))
        return schedules.constant(0.5)(t)

    schedules.join(first, schedules.constant(0.1), 3)(np.arange(10))
    assert set(asked) == {0, 1, 2}
    explosive = schedules.exponential(1.0, 10.0)  # overflows at step 309
    assert schedules.join(explosive, schedules.constant(0.1), 3)(1000) == 0.1


@pytest.mark.parametrize("bad", [-0.1, math.nan, math.inf, None, "0.1", [0.1]])
def test_rates_out_of_range_are_rejected_by_name(bad):
    for name, make in {
        "learning_rate": lambda: schedules.constant(bad),
        "factor": lambda: schedules.exponential(0.1, bad),
        "start": lambda: schedules.linear(bad, 0.1, 3),
        "end": lambda: schedules.cosine(0.1, bad, 3),
    }.items():
        with pytest.raises(ValueError, match=rf"{name} must be a number in \[0, inf\), got "):
            make()


@pytest.mark.parametrize("bad", [0, -1, 2.5, math.nan, math.inf, None, "3"])
def test_numbers_of_steps_are_whole_and_start_at_one(bad):
    for make in (
        lambda: schedules.step_decay(0.1, 0.5, bad),
        lambda: schedules.linear(0.1, 0.5, bad),
        lambda: schedules.one_cycle(0.1, bad),
        lambda: schedules.cosine(0.1, 0.5, bad),
        lambda: schedules.warmup(schedules.constant(0.1), bad),
        lambda: schedules.join(schedules.constant(0.1), schedules.constant(0.2), bad),
    ):
        with pytest.raises(ValueError, match="must be a whole number of at least 1, got "):
            make()


@pytest.mark.parametrize("schedule", ALL.values(), ids=ALL.keys())
@pytest.mark.parametrize("bad", [-3, 2.5, math.nan, math.inf, [0, -1], None, "3"])
def test_steps_are_whole_numbers_from_zero_on(schedule, bad):
    with pytest.raises(ValueError, match="step"):
        schedule(bad)


@pytest.mark.parametrize("schedule", ALL.values(), ids=ALL.keys())
def test_steps_may_be_whole_numbers_of_every_type(schedule):
    for dtype in (np.uint8, np.int16, np.float32):
        np.testing.assert_array_equal(schedule(np.arange(9, dtype=dtype)), schedule(np.arange(9)))
