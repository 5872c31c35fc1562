"""Laws of the activations: values against the textbook's formula, derivatives, extremes, data types."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnviz.activations import (
    linear,
    linear_derivative,
    relu,
    relu_derivative,
    sigmoid,
    sigmoid_derivative,
    tanh,
    tanh_derivative,
)

PAIRS = [
    (sigmoid, sigmoid_derivative),
    (tanh, tanh_derivative),
    (relu, relu_derivative),
    (linear, linear_derivative),
]
numbers = st.floats(-700, 700)


@given(a=numbers)
def test_sigmoid_is_the_logistic_function_to_rounding(a):
    assert float(sigmoid(np.array(a))) == pytest.approx(1 / (1 + math.exp(-a)), abs=2.3e-16)


@given(a=numbers)
def test_sigmoid_of_minus_a_is_one_minus_sigmoid(a):
    assert float(sigmoid(np.array(-a))) == pytest.approx(1 - float(sigmoid(np.array(a))), abs=2.3e-16)


@given(a=numbers)
def test_tanh_is_that_of_plain_python(a):
    assert float(tanh(np.array(a))) == pytest.approx(math.tanh(a), rel=1e-15, abs=1e-300)


@pytest.mark.parametrize(("activation", "derivative"), PAIRS)
@given(a=st.floats(-30, 30).filter(lambda a: a != 0))
def test_derivative_of_the_output_is_the_complex_step(activation, derivative, a):
    slope = activation(np.array(a + 1e-30j)).imag / 1e-30
    assert derivative(activation(np.array(a))) == pytest.approx(slope, abs=5e-16)


@pytest.mark.parametrize(
    ("derivative", "most", "where"), [(sigmoid_derivative, 0.25, 0.5), (tanh_derivative, 1.0, 0.0)]
)
def test_derivatives_are_largest_at_the_origin(derivative, most, where):
    outputs = np.linspace(where - 0.5, where + 0.5, 101)
    assert derivative(outputs).max() == derivative(np.array(where)) == most


def test_slope_of_relu_is_zero_at_zero_and_one_above():
    np.testing.assert_array_equal(relu_derivative(relu(np.array([-2.0, -0.0, 0.0, 1e-300, 3.0]))), [0, 0, 0, 1, 1])
    np.testing.assert_array_equal(relu_derivative(relu(np.array([np.nan, np.inf, -np.inf]))), [np.nan, 1, 0])


@pytest.mark.parametrize(
    ("activation", "limits"),
    [
        (sigmoid, [0, 0, 1, 1]),
        (tanh, [-1, -1, 1, 1]),
        (relu, [0, 0, 1e308, math.inf]),
        (linear, [-math.inf, -1e308, 1e308, math.inf]),
    ],
)
def test_extremes_reach_the_limits_in_silence_and_nan_stays_nan(activation, limits):
    np.testing.assert_array_equal(activation(np.array([-math.inf, -1e308, 1e308, math.inf])), limits)
    assert np.isnan(activation(np.array(math.nan)))


@pytest.mark.parametrize("function", [f for pair in PAIRS for f in pair])
def test_float32_stays_float32_and_inputs_stay_as_they_are(function):
    a = np.array([[0.25, 0.5, 0.75]], np.float32)
    assert function(a).dtype == np.float32
    assert function(a).shape == a.shape
    np.testing.assert_array_equal(a, np.array([[0.25, 0.5, 0.75]], np.float32))


@pytest.mark.parametrize("activation", [activation for activation, _ in PAIRS])
def test_activation_writes_the_same_numbers_into_an_array_that_is_given(activation):
    a = np.linspace(-3, 3, 7)
    out = np.empty(7)
    assert activation(a, out) is out
    np.testing.assert_array_equal(out, activation(a))
