"""Answers are indexed as traces and gradients are."""

import numpy as np
import pytest

from rnnviz.diagnostics.layers import per_layer
from tests.networks import make_example, random_network

NETWORK = random_network(np.random.default_rng(0), "lstm", num_layers=2, bidirectional=True)
TRACE = make_example(np.random.default_rng(1), NETWORK, T=3, B=2).unroll()


def test_each_place_has_the_answer_of_its_own_records():
    answer = per_layer(lambda cell, layer: (cell, layer.h), NETWORK.layers, TRACE.layers)
    for l in range(2):
        for d in range(2):
            cell, h = answer[l, d]
            assert cell is NETWORK.layers[l][d]
            np.testing.assert_array_equal(h, TRACE[l, d].h)


@pytest.mark.parametrize("place", [(2, 0), (0, 2), 0, (0, 0, 0), ("0", 0)])
def test_a_place_that_is_not_there_is_an_index_error_like_the_trace_s(place):
    answer = per_layer(lambda layer: layer.h, TRACE.layers)
    with pytest.raises(IndexError) as found:
        answer[place]
    with pytest.raises(IndexError) as expected:
        TRACE[place]
    assert str(found.value) == str(expected.value)


def test_numbers_that_leave_the_finite_range_come_out_without_a_warning():
    with np.errstate(all="raise"):
        answer = per_layer(lambda layer: layer.h * 0 / 0, TRACE.layers)
    assert np.isnan(answer[1, 1]).all()
