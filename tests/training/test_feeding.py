"""Teacher forcing, free running, and what lies between: what is read, and what the gradient is."""

from itertools import pairwise

import numpy as np
import pytest

import rnnviz as rv
from rnnviz.training import Feeding, drawn, free_run, inverse_sigmoid, itself, most_likely, start, train
from tests.training.runs import CELLS, network

T, B = 9, 4


def generating(cell="gru", **changes):
    return network(cell, **{"input_size": 3, "output_size": 3} | changes)


def given_x():
    return np.random.default_rng(2).normal(size=(T, B, 3))


def fed(net, feeding, seed=0, update=0):
    return feeding.inputs(net, given_x(), update, np.random.default_rng(seed), {})


def test_teacher_forcing_reads_the_truth_and_draws_nothing():
    rng = np.random.default_rng(0)
    assert np.array_equal(Feeding(1.0).inputs(generating(), given_x(), 0, rng, {}), given_x())
    assert rng.random() == np.random.default_rng(0).random()


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("changes", [{}, {"num_layers": 2}, {"dtype": np.float32}])
def test_free_running_reads_what_the_step_before_gave_out(cell, changes):
    net = generating(cell, **changes)
    x = fed(net, Feeding(0.0, given=3))
    assert x.dtype == net.dtype
    np.testing.assert_array_equal(x[:3], given_x()[:3].astype(net.dtype))
    np.testing.assert_allclose(x[3:], rv.unroll(net, x).y[2:-1], atol=1e-12 if net.dtype == np.float64 else 1e-6)


def test_without_a_readout_the_hidden_state_is_read():
    net = network("lstm", input_size=4, hidden_size=4, output_size=None)
    x = free_run(net, np.ones((2, 1, 4)), 5)
    np.testing.assert_allclose(x[2:], rv.unroll(net, x).y[1:-1], atol=1e-12)


def test_a_coin_is_thrown_for_each_step_of_each_sequence():
    net, x = generating(), np.random.default_rng(3).normal(size=(40, 50, 3))
    read = Feeding(0.3).inputs(net, x, 0, np.random.default_rng(0), {})
    true = (read == x).all(axis=2)
    assert true[0].all()
    assert true[1:].mean() == pytest.approx(0.3, abs=0.03)
    assert 0 < true[1:].mean(axis=0).std() < 0.2
    y = rv.unroll(net, read).y
    np.testing.assert_allclose(read[1:][~true[1:]], y[:-1][~true[1:]], atol=1e-12)


def test_the_share_of_truth_may_fall_from_update_to_update():
    falling = inverse_sigmoid(5.0)
    shares = [falling(update) for update in range(100)]
    assert shares[0] == pytest.approx(5 / 6)
    assert all(a > b for a, b in pairwise(shares))
    assert shares[-1] < 1e-6
    assert falling(10**9) >= 0
    net, feeding = generating(), Feeding(lambda update: 1.0 if update == 0 else 0.0)
    assert np.array_equal(fed(net, feeding, update=0), given_x())
    assert not np.array_equal(fed(net, feeding, update=1)[1:], given_x()[1:])


def test_classes_are_fed_as_one_hot():
    y = np.log([[0.7, 0.2, 0.1]]).repeat(40_000, axis=0)
    rng = np.random.default_rng(0)
    assert np.array_equal(most_likely(y, rng)[0], [1, 0, 0])
    np.testing.assert_allclose(drawn(y, rng).mean(axis=0), [0.7, 0.2, 0.1], atol=0.01)
    assert itself(y, rng) is y
    read = fed(generating(), Feeding(0.0, output=drawn))
    assert ((read[1:] == 1).sum(axis=2) == 1).all()


def asked():
    """Each step asks for the input of the next."""
    x = given_x()
    return rv.training.windows(x[:, 0], x[:, 0], batch_size=B, num_steps=T)(np.random.default_rng(0))


def loss_and_inputs(net, feeding):
    """The first update of a run that learns nothing, and the inputs that it read."""
    batch = asked()
    run = train(
        start(net), lambda _: batch, loss=rv.losses.mean_squared_error, optimizer=rv.optimizers.sgd(),
        learning_rate=1.0, feeding=feeding,
    )  # fmt: skip
    after = next(run)
    gradient = {name: a - after.network.state_dict()[name] for name, a in net.state_dict().items()}
    read = batch.x if feeding is None else feeding.inputs(net, batch.x, 0, np.random.default_rng(0), {})
    return batch, read, gradient


def slope(net, batch, inputs_of, name, place, step=1e-5):
    """d loss / d parameter by central differences; `inputs_of` says what a network with that parameter reads."""
    values = []
    for by in (step, -step):
        state = {key: a.copy() for key, a in net.state_dict().items()}
        state[name][place] += by
        moved = net.with_parameters(state)
        values.append(rv.losses.mean_squared_error(rv.unroll(moved, inputs_of(moved)).y, batch.targets).value)
    return (values[0] - values[1]) / (2 * step)


PLACES = [("weight_hh_l0", (1, 2)), ("weight_ih_l0", (3, 0)), ("readout.weight", (1, 1)), ("readout.bias", (2,))]


@pytest.mark.parametrize(("name", "place"), PLACES)
@pytest.mark.parametrize("feeding", [None, Feeding(1.0)])
def test_the_gradient_of_teacher_forcing_is_exact(feeding, name, place):
    net = generating()
    batch, _, gradient = loss_and_inputs(net, feeding)
    assert gradient[name][place] == pytest.approx(slope(net, batch, lambda _: batch.x, name, place), abs=1e-8)


@pytest.mark.parametrize(("name", "place"), PLACES)
def test_the_gradient_of_free_running_takes_what_is_fed_back_as_constant(name, place):
    """It is the slope with the inputs held, and not the slope when the inputs move with the outputs."""
    net, feeding = generating(), Feeding(0.0)
    batch, read, gradient = loss_and_inputs(net, feeding)
    held = slope(net, batch, lambda _: read, name, place)
    moving = slope(
        net, batch, lambda moved: feeding.inputs(moved, batch.x, 0, np.random.default_rng(0), {}), name, place
    )
    assert gradient[name][place] == pytest.approx(held, abs=1e-8)
    assert abs(moving - held) > 0.01 * abs(held)


def test_a_free_run_repeats_and_goes_on_from_what_it_read():
    net, x = generating("lstm"), given_x()
    run = free_run(net, x, 6, drawn, np.random.default_rng(4))
    assert run.shape == (T + 6, B, 3)
    assert np.array_equal(run[:T], x)
    assert np.array_equal(run, free_run(net, x, 6, drawn, np.random.default_rng(4)))


def test_a_network_learns_to_generate_a_wave_alone():
    """Trained on what it reads itself it stays closer to the wave than without any training."""
    wave = np.sin(np.arange(200) / 4)[:, None]
    sample = rv.training.windows(wave[:-1], wave[1:], batch_size=8, num_steps=30)
    net = network("gru", input_size=1, hidden_size=12)
    run = train(
        net, sample, loss=rv.losses.mean_squared_error, optimizer=rv.optimizers.adam(), learning_rate=0.02,
        rng=np.random.default_rng(0), feeding=Feeding(inverse_sigmoid(20.0), given=5),
    )  # fmt: skip
    trained = next(c for c in run if c.update == 200).network
    begun, later = wave[:25, None], wave[25:50, None]
    errors = [np.abs(free_run(one, begun, 25)[25:] - later).mean() for one in (net, trained)]
    assert errors[1] < 0.3 * errors[0]


def test_wrong_calls_are_told():
    with pytest.raises(rv.ShapeError, match="both ends"):
        fed(generating(bidirectional=True), Feeding(0.5))
    with pytest.raises(rv.ShapeError, match=r"\(B, I\) = \(4, 3\)"):
        fed(generating(output_size=2), Feeding(0.5))
    with pytest.raises(ValueError, match="truth"):
        fed(generating(), Feeding(1.5))
    with pytest.raises(ValueError, match="given"):
        fed(generating(), Feeding(0.5, given=0))
    with pytest.raises(rv.ShapeError, match="at least one step"):
        free_run(generating(), np.zeros((0, 1, 3)), 2)
