"""What the checks of arguments let through, and what they say of the rest."""

import math

import numpy as np
import pytest

from rnnviz.arrays import generator, number, whole


@pytest.mark.parametrize(
    ("interval", "inside", "outside"),
    [
        ("[0, 1)", [0, 0.5, np.float32(0.25), np.array(0.5)], [1, -1e-300, np.float64(1.0)]),
        ("(0, inf]", [5e-324, math.inf, 10**12], [0.0, -math.inf]),
        ("(-inf, inf)", [-1e308, 0, 1e308], [math.inf, -math.inf]),
    ],
)
def test_number_is_a_python_float_within_its_interval(interval, inside, outside):
    for value in inside:
        x = number("gain", value, interval)
        assert type(x) is float
        assert x == value
    for value in [*outside, math.nan, None, "0.5", [0.5], 0.5j, True, math.sqrt]:
        with pytest.raises(ValueError, match="gain must be a number in") as error:
            number("gain", value, interval)
        assert interval in str(error.value)
        assert repr(value) in str(error.value)


@pytest.mark.parametrize("value", [12, 12.0, np.int8(12), np.float32(12), np.array(12)])
def test_whole_takes_whole_numbers_of_every_type(value):
    n = whole("num_steps", value, 1)
    assert type(n) is int
    assert n == 12


@pytest.mark.parametrize("value", [0, -3, 2.5, math.nan, math.inf, None, "12", [12], 12j])
def test_whole_refuses_the_rest_by_name(value):
    with pytest.raises(ValueError, match="num_steps must be a whole number of at least 1, got"):
        whole("num_steps", value, 1)


def test_generator_says_where_one_comes_from():
    rng = np.random.default_rng(0)
    assert generator(rng) is rng
    for value in (0, None, np.random, np.random.SeedSequence(0)):
        with pytest.raises(ValueError, match=r"numpy\.random\.default_rng\(0\); got"):
            generator(value)
