"""Validation: loss and metrics of a fixed batch, with nothing drawn."""

import numpy as np
import pytest

import rnnviz as rv
from rnnviz.training import evaluate
from tests.training.runs import adding, network


def test_the_loss_is_that_of_the_network_and_metrics_are_what_they_say():
    net, batch = network(), adding(np.random.default_rng(0))
    y = rv.unroll(net, batch.x).y
    found = evaluate(net, batch, rv.losses.mean_squared_error, {"largest": lambda y, *_: np.abs(y).max()})
    assert found.loss == rv.losses.mean_squared_error(y, batch.targets, batch.mask).value
    assert found.metrics == {"largest": np.abs(y).max()}
    assert evaluate(net, batch).loss == found.loss


def test_padding_has_no_effect():
    net, batch = network("gru", input_size=8, output_size=4), rv.tasks.temporal_order(np.random.default_rng(0), 5, 10)
    y = rv.unroll(net, batch.x, batch.lengths).y
    assert evaluate(net, batch).loss == batch.loss(y).value


def test_dropout_is_off():
    net, batch = network(), adding(np.random.default_rng(0))
    dropout = rv.regularization.Dropout(inputs=0.5, outputs=0.5)
    assert evaluate(net, batch, regularization=dropout) == evaluate(net, batch)


def test_the_metrics_of_the_library_fit():
    net, batch = network("gru", input_size=8, output_size=4), rv.tasks.temporal_order(np.random.default_rng(0), 5, 10)
    found = evaluate(net, batch, metrics={"accuracy": rv.metrics.accuracy})
    assert found.metrics["accuracy"].value == pytest.approx(batch.accuracy(rv.unroll(net, batch.x, batch.lengths).y))
