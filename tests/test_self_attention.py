"""Laws of the self-attention network: gradients, order, padding, masks, costs, and how it is trained."""

from dataclasses import dataclass, replace
from itertools import islice

import numpy as np
import pytest

import rnnviz as rv
from rnnviz.attention import causal_mask
from rnnviz.errors import NonFiniteError, ShapeError, WeightsError
from rnnviz.self_attention import SelfAttention, backward, check_gradients, forward

T, B, I, H, Q, P = 5, 3, 4, 6, 2, 7
LENGTHS = [5, 2, 4]


def network(num_positions=P, seed=0):
    return SelfAttention.create(I, H, Q, num_positions, rng=np.random.default_rng(seed))


def example(seed=1):
    rng = np.random.default_rng(seed)
    return rng.standard_normal((T, B, I)), rng.standard_normal((T, B, Q))


@pytest.mark.parametrize("num_positions", [None, P])
@pytest.mark.parametrize(
    "limits", [{}, {"lengths": LENGTHS}, {"mask": causal_mask(T)}], ids=["all", "padded", "causal"]
)
def test_gradients_are_finite_differences(num_positions, limits):
    net, (x, dy), eps = network(num_positions), example(), 1e-5
    grads = backward(forward(net, x, **limits), dy)
    assert list(grads.params) == list(net.state_dict())

    def loss(state, x):
        return float((dy * forward(net.with_parameters(state), x, **limits).y).sum())

    for name, array in {**net.state_dict(), "x": x}.items():
        exact = grads.dx if name == "x" else grads.params[name]
        for index in list(np.ndindex(array.shape))[:: max(1, array.size // 9)]:
            sides = []
            for step in (eps, -eps):
                moved = array.copy()
                moved[index] += step
                state = net.state_dict() | ({} if name == "x" else {name: moved})
                sides.append(loss(state, moved if name == "x" else x))
            assert exact[index] == pytest.approx((sides[0] - sides[1]) / (2 * eps), rel=1e-5, abs=1e-8), name


@pytest.mark.parametrize("limits", [{}, {"lengths": LENGTHS}, {"mask": causal_mask(T)}])
def test_its_gradients_can_be_checked_on_the_spot(limits):
    found = check_gradients(network(), *example(), **limits, entries=3)
    assert found.error < 1e-7
    assert found.entries + found.kinks == 3 * (len(network().parameters) + 1) - 1  # b_y has two entries


@pytest.mark.parametrize("name", ["key.weight", "position.weight", "x"])
def test_a_wrong_gradient_is_found(name, monkeypatch):
    def wrong(trace, dy):
        grads = backward(trace, dy)
        if name == "x":
            return replace(grads, dx=1.01 * grads.dx)
        return replace(grads, params={**grads.params, name: 1.01 * grads.params[name]})

    monkeypatch.setattr(rv.self_attention, "backward", wrong)
    found = check_gradients(network(), *example(), entries=4)
    assert found.name == name
    assert found.error > 1e-4


def test_a_gradient_that_is_not_finite_is_not_compared(monkeypatch):
    def wrong(trace, dy):
        grads = backward(trace, dy)
        return replace(grads, dx=grads.dx * np.nan)

    monkeypatch.setattr(rv.self_attention, "backward", wrong)
    with pytest.raises(NonFiniteError, match="finite"):
        check_gradients(network(), *example())


def test_without_positions_the_order_of_the_steps_changes_nothing():
    """Shuffle all steps but the last, which is asked: its answer is the same; with positions it is another."""
    x, _ = example()
    order = [2, 0, 3, 1, 4]
    for places, same in ((None, True), (P, False)):
        net = network(places)
        plain, shuffled = forward(net, x).y[-1], forward(net, x[order]).y[-1]
        assert np.allclose(plain, shuffled, rtol=1e-12, atol=1e-13) == same


def test_every_position_hears_of_every_other_in_one_jump_unless_it_is_masked():
    x, _ = example()
    dy = np.zeros((T, B, Q))
    dy[2] = 1
    assert np.abs(backward(forward(network(), x), dy).dx).sum(axis=(1, 2)).all()
    back = backward(forward(network(), x, mask=causal_mask(T)), dy).dx
    assert back[:3].any()
    assert not back[3:].any()


def test_at_the_last_position_a_causal_mask_changes_nothing():
    x, _ = example()
    masked = forward(network(), x, mask=causal_mask(T))
    np.testing.assert_allclose(masked.y[-1], forward(network(), x).y[-1], rtol=1e-12)


@pytest.mark.parametrize("junk", [np.nan, 7.0])
def test_padding_changes_nothing_whatever_stands_there(junk):
    net, (x, dy) = network(), example()
    x, dy = x.copy(), dy.copy()
    for b, length in enumerate(LENGTHS):
        x[length:, b] = junk
        dy[length:, b] = 3.0
    trace = forward(net, x, LENGTHS)
    grads = backward(trace, dy)
    total = dict.fromkeys(grads.params, 0.0)
    for b, length in enumerate(LENGTHS):
        one = forward(net, x[:length, b : b + 1])
        alone = backward(one, dy[:length, b : b + 1])
        np.testing.assert_allclose(trace.y[:length, b], one.y[:, 0], rtol=1e-11)
        np.testing.assert_allclose(grads.dx[:length, b], alone.dx[:, 0], rtol=1e-10, atol=1e-13)
        assert not trace.y[length:, b].any()
        assert not grads.dx[length:, b].any()
        total = {name: total[name] + alone.params[name] for name in total}
    for name, gradient in grads.params.items():
        np.testing.assert_allclose(gradient, total[name], rtol=1e-10, atol=1e-12)


def test_multiply_adds_grow_with_the_square_of_the_length():
    net = network()
    counts = np.array([net.multiply_adds(n) for n in (1, 2, 3)])
    assert counts[0] == I * H + 6 * H * H + Q * H + 2 * H
    assert np.diff(counts, 2) == 2 * 2 * H


def test_named_arrays_make_the_same_network_again():
    net, (x, _) = network(), example()
    again = SelfAttention.from_state_dict(net.state_dict())
    np.testing.assert_array_equal(forward(again, x).y, forward(net, x).y)
    assert (again.num_positions, again.parameter_count) == (P, sum(a.size for a in net.state_dict().values()))
    assert network(None).num_positions is None


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"query.weight": None}, "query.weight"),
        ({"gate.weight": np.ones((2, 2))}, "gate.weight"),
        ({"outer.bias": np.ones(H + 1)}, "outer.bias"),
        ({"embedding.weight": np.ones(3)}, "embedding.weight"),
        ({"query.weight": np.ones((H, H), int)}, "query.weight"),
    ],
)
def test_arrays_that_are_no_such_network_are_named(changed, named):
    state = {name: a for name, a in (network().state_dict() | changed).items() if a is not None}
    with pytest.raises(WeightsError, match=named):
        SelfAttention.from_state_dict(state)
    with pytest.raises(WeightsError, match=named):
        network().with_parameters(state)


def test_what_does_not_fit_is_named():
    x, dy = example()
    with pytest.raises(ShapeError, match="with I = 4"):
        forward(network(), x[:, :, :2])
    with pytest.raises(ShapeError, match="7 positions; got T = 10"):
        forward(network(), np.concatenate([x, x]))
    with pytest.raises(ShapeError, match="dy must have the shape of y"):
        backward(forward(network(), x), dy[:, :, :1])
    with pytest.raises(NonFiniteError, match="scores"):
        forward(network(), np.where(x > 1, np.nan, x))
    with pytest.raises(ValueError, match="hidden_size"):
        SelfAttention.create(I, 0, Q)


@dataclass(frozen=True, eq=False)
class Asked:
    """Which symbol stood first? Asked at the last step."""

    x: np.ndarray
    targets: np.ndarray
    mask: np.ndarray
    lengths: np.ndarray

    def loss(self, y):
        return rv.losses.softmax_cross_entropy(y, self.targets, self.mask)


def sample(rng, count=32):
    x = np.eye(I)[rng.integers(0, I, (T, count))]
    lengths = rng.integers(2, T + 1, count)
    mask = np.zeros((T, count), bool)
    mask[lengths - 1, np.arange(count)] = True
    return Asked(x, np.where(mask, x[0].argmax(axis=1), 0), mask, lengths)


RULES = {"optimizer": rv.optimizers.adam(), "learning_rate": 0.01}


def test_training_takes_it_and_it_learns_to_look_back():
    net = SelfAttention.create(I, 16, I, T, rng=np.random.default_rng(0))
    start = rv.training.start(net, rng=np.random.default_rng(1))
    last = next(islice(rv.training.train(start, sample, **RULES), 149, None))
    assert last.step_norms.shape == (T,)
    assert last.gate_means == {}
    fresh = rv.training.evaluate(last.network, sample(np.random.default_rng(2), 200))
    assert fresh.loss < 0.25 * np.log(I)
    without = SelfAttention.create(I, 16, I, rng=np.random.default_rng(0))
    blind = next(islice(rv.training.train(without, sample, **RULES, rng=np.random.default_rng(1)), 149, None))
    assert rv.training.evaluate(blind.network, sample(np.random.default_rng(2), 200)).loss > 2 * fresh.loss


def test_a_run_goes_on_from_a_file_with_the_same_numbers(tmp_path):
    start = rv.training.start(SelfAttention.create(I, H, I, T), rng=np.random.default_rng(1))
    run = rv.training.train(start, sample, **RULES)
    third, fourth = next(islice(run, 2, None)), next(run)
    third.save(tmp_path / "run.npz")
    again = next(rv.training.train(rv.training.load(tmp_path / "run.npz"), sample, **RULES))
    assert again.loss == fourth.loss
    for name, array in again.network.state_dict().items():
        np.testing.assert_array_equal(array, fourth.network.state_dict()[name])


def test_training_refuses_what_it_has_no_states_for():
    net = SelfAttention.create(I, H, I, T)
    with pytest.raises(ValueError, match="without truncate"):
        rv.training.train(net, sample, **RULES, truncate=2)
    with pytest.raises(TypeError, match="must be a Network"):
        _ = rv.training.start(net).spectral_radius
