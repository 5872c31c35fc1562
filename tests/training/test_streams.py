"""Windows of one long sequence: what they read, and what is carried from one to the next."""

import numpy as np
import pytest

import rnnviz as rv
from rnnviz.training import stream, windows
from tests.training.runs import CELLS, first, network, rules

N = 100
X = np.random.default_rng(0).normal(size=(N, 2))
TARGETS = np.random.default_rng(1).normal(size=(N, 1))


def test_a_stream_reads_each_step_of_each_piece_once_and_then_again():
    numbered = stream(np.arange(N)[:, None], np.arange(N), batch_size=3, num_steps=8)
    assert numbered.num_windows == 4
    read = np.concatenate([numbered.window(update).x[:, :, 0] for update in range(4)])
    assert np.array_equal(read.T, np.arange(99).reshape(3, 33)[:, :32])
    assert np.array_equal(numbered.window(2).targets, numbered.window(2).x[:, :, 0])
    assert np.array_equal(numbered.window(5).x, numbered.window(1).x)
    assert [numbered.begins(update) for update in range(6)] == [True, False, False, False, True, False]


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("layers", [1, 2])
def test_carried_states_are_those_of_one_long_pass(cell, layers):
    """To the bit, where the weights stay."""
    net, long = network(cell, num_layers=layers), stream(X, TARGETS, batch_size=2, num_steps=7)
    run = first(9, net, **rules(sample=long, learning_rate=0.0))
    whole = rv.unroll(net, long.x)
    for checkpoint in run[:7]:
        last = checkpoint.update * 7 - 1
        for layer in range(layers):
            assert np.array_equal(checkpoint.carried["h"][layer], whole[layer, 0].h[last])
            if cell == "lstm":
                assert np.array_equal(checkpoint.carried["c"][layer], whole[layer, 0].c[last])
    again = first(1, net, **rules(sample=long, learning_rate=0.0))[0]
    assert run[7].loss == again.loss, "the second time around it begins from the zero state"


def test_the_gradient_stays_within_the_window():
    """It is that of the long pass, truncated at the windows' borders."""
    net, long = network("lstm"), stream(X, TARGETS, batch_size=2, num_steps=10)
    whole = rv.unroll(net, long.x)
    for k, checkpoint in enumerate(first(5, net, **rules(sample=long, learning_rate=0.0))):
        dy = np.zeros_like(whole.y)
        window = slice(10 * k, 10 * k + 10)
        dy[window] = rv.losses.mean_squared_error(whole.y[window], long.targets[window]).dy
        grads = rv.backpropagate(net, whole, dy, truncate=10)
        assert checkpoint.gradient_norm == pytest.approx(rv.clipping.global_norm(grads.params), rel=1e-12)


def test_without_a_stream_nothing_is_carried():
    (checkpoint,) = first(1, network(), **rules(sample=windows(X, TARGETS, batch_size=3, num_steps=5)))
    assert checkpoint.carried == {}


def test_windows_come_from_everywhere_and_targets_with_them():
    sample, rng = (
        windows(np.arange(N)[:, None], np.arange(N) * 10, batch_size=4000, num_steps=9),
        np.random.default_rng(0),
    )
    batch = sample(rng)
    assert batch.x.shape == (9, 4000, 1)
    assert np.array_equal(batch.targets, batch.x[:, :, 0] * 10)
    assert (np.diff(batch.x[:, :, 0], axis=0) == 1).all()
    assert set(batch.x[0, :, 0]) == set(range(N - 8))


def test_steps_that_do_not_count_cost_nothing():
    mask = np.arange(N) % 3 == 0
    long = stream(X, TARGETS, batch_size=2, num_steps=10, mask=mask)
    net = network()
    (checkpoint,) = first(1, net, **rules(sample=long))
    y = rv.unroll(net, long.x[:10]).y
    assert np.array_equal(long.window(0).mask.T, mask.reshape(2, 50)[:, :10])
    assert checkpoint.loss == rv.losses.mean_squared_error(y, long.targets[:10], long.window(0).mask).value
    sampled = windows(X, TARGETS, batch_size=9, num_steps=5, mask=mask)(np.random.default_rng(0))
    assert np.array_equal(sampled.mask, np.isin(sampled.targets[:, :, 0], TARGETS[mask, 0]))


def test_a_bidirectional_network_has_nothing_to_carry():
    with pytest.raises(ValueError, match="both ends"):
        first(1, network(bidirectional=True), **rules(sample=stream(X, TARGETS, batch_size=2, num_steps=5)))


@pytest.mark.parametrize("make", [stream, windows])
def test_what_does_not_fit_is_told(make):
    with pytest.raises(rv.ShapeError, match="N steps"):
        make(X, TARGETS[1:], batch_size=2, num_steps=5)
    with pytest.raises(rv.ShapeError, match=r"\(N, I\)"):
        make(X[:, 0], TARGETS, batch_size=2, num_steps=5)
    with pytest.raises(rv.ShapeError, match="too few"):
        make(X, TARGETS, batch_size=1, num_steps=N + 1)
    with pytest.raises(rv.ShapeError, match="mask"):
        make(X, TARGETS, batch_size=2, num_steps=5, mask=np.ones(N))
    with pytest.raises(ValueError, match="batch_size"):
        make(X, TARGETS, batch_size=0, num_steps=5)
