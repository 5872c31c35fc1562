"""One unit set by hand: what it read is the engine's, and L is its last h."""

import numpy as np

import rnnviz as rv
from lessons.common.one_unit import read_by
from rnnviz.surgery import Pin


def test_of_the_last_state_the_gradient_is_one_and_before_it_what_the_path_lets_through():
    f, T = 0.75, 4
    state = {
        "weight_ih_l0": np.zeros((4, 1)),
        "weight_hh_l0": np.zeros((4, 1)),
        "bias_ih_l0": np.array([0.0, np.log(f / (1 - f)), 0.0, 0.0]),
        "bias_hh_l0": np.zeros(4),
    }
    network = rv.Network.from_state_dict(state, "lstm")
    found = read_by(network, np.zeros((T, 1, 1)), ("·",) * T)
    assert found.dh == [0.0, 0.0, 0.0, 1.0]
    assert found.gate("f") == [f] * T
    np.testing.assert_allclose(np.divide(found.dc[:-1], found.dc[1:]), f)
    shut = read_by(network, np.zeros((T, 1, 1)), ("·",) * T, surgery=(Pin("f", 0.0, 2, 2),))
    assert shut.gate("f") == [f, f, 0.0, f]
    assert shut.dc[1] == 0
