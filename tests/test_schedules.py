"""Laws of the schedules: their formulas at hand-picked steps, one call for a whole curve, errors."""

import math

import numpy as np
import pytest

from rnnviz import schedules

ALL = {
    "constant": schedules.constant(0.3),
    "step_decay": schedules.step_decay(0.3, 0.5, 4),
    "exponential": schedules.exponential(0.3, 0.9),
    "linear": schedules.linear(0.3, 0.1, 10),
    "cosine": schedules.cosine(0.3, 0.1, 10),
    "warmup": schedules.warmup(schedules.cosine(0.3, 0.1, 10), 5),
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
