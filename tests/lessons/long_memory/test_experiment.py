"""What is trained and measured: baselines, marks, initializations, and what is left of a gradient."""

import math
from dataclasses import replace
from itertools import islice

import numpy as np
import pytest

import rnnviz as rv
from lessons.long_memory.experiment import (
    BATCH,
    CELLS,
    CLIP,
    HELD,
    INITS,
    RECALL,
    SYMBOLS,
    TASKS,
    UNITS,
    Settings,
    held_out,
    measured,
    reach,
)
from lessons.long_memory.model import WAITS


@pytest.mark.parametrize("length", WAITS)
def test_the_marked_numbers_that_are_held_out_form_a_grid_and_stand_one_in_each_half(length: int) -> None:
    batch = held_out("adding", length)
    value, mark = batch.x[:, :, 0], batch.x[:, :, 1]
    assert (mark.sum(axis=0) == 2).all()
    assert (mark[: length // 2].sum(axis=0) == 1).all()
    pairs = {tuple(np.round(column[flags == 1], 6)) for column, flags in zip(value.T, mark.T)}
    assert len(pairs) == HELD
    np.testing.assert_allclose(batch.targets[-1, :, 0], (value * mark).sum(axis=0), rtol=1e-15)


@pytest.mark.parametrize("length", [WAITS[0], 50])
def test_whoever_does_not_look_back_pays_the_baseline(length: int) -> None:
    adding = held_out("adding", length)
    assert adding.loss(np.ones_like(adding.targets)).value == pytest.approx(adding.baseline)
    assert adding.baseline == pytest.approx(1 / 6, rel=0.011)
    assert held_out("order", length).baseline == pytest.approx(math.log(4))
    assert held_out("copy", length).baseline == pytest.approx(RECALL * math.log(SYMBOLS) / (length + 2 * RECALL))


@pytest.mark.parametrize("cell", CELLS)
def test_gates_begin_half_open_but_for_chrono(cell: str) -> None:
    state = Settings(cell=cell).network().state_dict()
    assert not state["bias_ih_l0"].any()
    assert not state["bias_hh_l0"].any()
    opened = Settings(cell=cell, init="chrono").network().state_dict()
    assert bool(opened["bias_ih_l0"].any() or opened["bias_hh_l0"].any()) == (cell != "elman")
    np.testing.assert_array_equal(opened["weight_hh_l0"], state["weight_hh_l0"])


@pytest.mark.parametrize("init", INITS)
def test_initializations_differ_in_the_recurrent_weights_alone(init: str) -> None:
    one, other = Settings(cell="elman").network().state_dict(), Settings(cell="elman", init=init).network().state_dict()
    W = other["weight_hh_l0"]
    if init == "identity":
        np.testing.assert_array_equal(W, np.eye(UNITS))
    elif init == "gaussian":
        assert W.std() == pytest.approx(UNITS**-0.5, rel=0.25)
    else:
        np.testing.assert_allclose(W @ W.T, np.eye(UNITS), atol=1e-12)
    np.testing.assert_array_equal(one["weight_ih_l0"], other["weight_ih_l0"])


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("cell", CELLS)
def test_alone_and_together_the_same_networks_are_trained(task: str, cell: str) -> None:
    """The map trains them together, the page alone."""
    runs = [Settings(task, 12, cell, seed=seed) for seed in (0, 1)]
    together = rv.sweep.train(
        [run.network() for run in runs],
        lambda rng: runs[0].sample(rng, BATCH),
        optimizer=rv.optimizers.adam(),
        learning_rate=runs[0].learning_rate,
        clip=CLIP,
        rngs=[run.generator() for run in runs],
    )
    last = next(islice(together, 4, None))
    for m, run in enumerate(runs):
        alone = next(islice(run.go(run.start()), 4, None)).network.state_dict()
        for name, array in last.network(m).state_dict().items():
            np.testing.assert_allclose(array, alone[name], rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("cell", CELLS)
def test_what_is_left_of_the_gradient_is_what_the_error_feels_of_the_first_state(cell: str) -> None:
    """By differences, of the error's change with each entry of the first and of the last state that is handed on."""
    run = Settings(cell=cell, length=10)
    network, batch = run.network(), held_out("adding", 10)
    x, targets, eps = batch.x[:, ::5], batch.targets[-1, ::5, 0], 1e-5
    state = rv.unroll(network, x)[0, 0]

    def error(step: int, b: int, h: int, by: float) -> float:
        """From the state after `step` steps, one entry moved."""
        given = {"h0": state.h[step][np.newaxis].copy()}
        if cell == "lstm":
            given["c0"] = np.asarray(state.c)[step][np.newaxis].copy()
        given["c0" if cell == "lstm" else "h0"][0, b, h] += by
        y = rv.unroll(network, x[step + 1 :], **given).y[-1, :, 0]
        return float(((y - targets) ** 2).mean())

    def slopes(step: int, b: int) -> list[float]:
        return [(error(step, b, h, eps) - error(step, b, h, -eps)) / (2 * eps) for h in range(UNITS)]

    found = np.array([[slopes(step, b) for b in (0, 7)] for step in (0, 8)])
    trace = rv.unroll(network, x)
    few = replace(batch, x=x, targets=batch.targets[:, ::5], mask=batch.mask[:, ::5], lengths=batch.lengths[::5])
    grads = rv.backpropagate(network, trace, few.loss(trace.y).dy)[0, 0]
    exact = grads.dc if cell == "lstm" else grads.dh
    if cell != "lstm":  # c_t has an effect through h_t, too, which the differences hold
        np.testing.assert_allclose(found, exact[[0, 8]][:, [0, 7]], rtol=1e-5, atol=1e-9)
    norms = np.sqrt((exact**2).sum(axis=(1, 2)))
    np.testing.assert_allclose(reach(network, "adding", 10), norms / norms[-1])


def test_what_is_measured_is_of_the_sequences_that_are_held_out() -> None:
    network, batch = Settings(length=20).network(), held_out("adding", 20)
    found = measured(network, "adding", 20)
    assert found.error == pytest.approx(float(((found.answers[-1] - batch.targets[-1]) ** 2).mean()))
    assert found.reach[-1] == 1
    assert found.right == batch.accuracy(found.answers)
