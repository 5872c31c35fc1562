"""Wrong arguments of training meet an error of ours, whatever they are."""

import numpy as np
import pytest

import rnnviz as rv
from tests.test_wrong_calls import WRONG, complaint
from tests.training.runs import adding, clipped, network, rules

SERIES = {"x": np.ones((9, 2)), "targets": np.ones((9, 2)), "batch_size": 2, "num_steps": 3, "mask": np.ones(9, bool)}
CALLS = {
    "train": (
        lambda **given: next(rv.training.train(**given)),
        {"start": network(), "rng": np.random.default_rng(0), "truncate": 3}
        | {"regularization": rv.regularization.Dropout(0.1), "feeding": rv.training.Feeding(1.0)}
        | rules(),
    ),
    "start": (
        rv.training.start,
        {"network": network(), "optimizer": rv.optimizers.adam(), "rng": np.random.default_rng(0)},
    ),
    "load": (rv.training.load, {"path": None}),
    "evaluate": (
        rv.training.evaluate,
        {"network": network(), "batch": adding(np.random.default_rng(0)), "loss": rv.losses.mean_squared_error}
        | {"metrics": {"error": rv.metrics.mean_absolute_error}, "regularization": rv.regularization.Dropout(0.1)},
    ),
    "stream": (rv.training.stream, SERIES),
    "windows": (rv.training.windows, SERIES),
    "inverse_sigmoid": (rv.training.inverse_sigmoid, {"k": 3.0}),
    "Feeding": (rv.training.Feeding, {"truth": 0.5, "output": rv.training.itself, "given": 1}),
    "free_run": (
        rv.training.free_run,
        {"network": network(output_size=2), "x": np.ones((2, 1, 2)), "num_steps": 2}
        | {"output": rv.training.itself, "rng": np.random.default_rng(0)},
    ),
}
EACH = [(name, argument) for name, (_, given) in CALLS.items() for argument in given]


@pytest.mark.parametrize(("name", "argument"), EACH)
def test_a_wrong_argument_meets_an_error_of_ours(name, argument):
    function, given = CALLS[name]
    wrong = {what: value for what, value in WRONG.items() if name != "load" or not isinstance(value, str | int)}
    found = {what: complaint(lambda v=value: function(**given | {argument: v})) for what, value in wrong.items()}
    assert not {what: said for what, said in found.items() if said}


def test_the_calls_are_right_as_they_stand():
    for name, (function, given) in CALLS.items():
        if name != "load":
            function(**given)


def test_a_clip_that_gives_a_whole_report_is_told_what_to_give():
    given = rules(clip=lambda grads: rv.clipping.clip_by_global_norm(grads, 1.0))
    with pytest.raises(TypeError, match=r"\.grads"):
        next(rv.training.train(network(), **given))


def test_an_optimizer_that_was_not_called_is_told():
    with pytest.raises(TypeError, match="optimizer must be a Optimizer"):
        rv.training.train(network(), **rules(optimizer=rv.optimizers.adam))


def test_a_batch_without_a_loss_of_its_own_needs_one():
    sample = rv.training.windows(**SERIES)
    with pytest.raises(TypeError, match="pass loss="):
        next(rv.training.train(network(), **rules(sample=sample, loss=None)))


def test_clipping_is_asked_for_a_copy_and_may_change_it():
    given = rules(clip=lambda grads: grads.clear() or clipped({"weight_hh_l0": np.ones(1)}))
    with pytest.raises(rv.UnknownNameError):
        next(rv.training.train(network(), **given))
