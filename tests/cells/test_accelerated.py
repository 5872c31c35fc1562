"""The compiled loops give NumPy's numbers. Skipped where numba is not installed: nothing needs it."""

import math

import numpy as np
import pytest

from rnnviz import Hold, Network, backpropagate, optimizers, tasks, training, unroll
from rnnviz.cells.compiled import compiled
from rnnviz.training import loop
from tests.networks import KINDS, Example, assert_close, gradients, make_example, random_network, records

numba = pytest.importorskip("numba")
pytest.importorskip("scipy")

from rnnviz.cells import accelerated  # noqa: E402 (it imports numba)


@numba.njit
def each(a, one):
    out = np.empty_like(a)
    for k in range(a.size):
        out[k] = accelerated.tanh(a[k], one)
    return out


def both(example: Example, truncate: int | None = None) -> list[dict[str, np.ndarray]]:
    """All arrays of both passes, compiled and as NumPy computes them."""
    e, found = example, []
    for loops in (compiled(), None):
        trace = unroll(e.network, e.x, e.lengths, e.h0, e.c0, loops=loops)
        found.append(records(trace) | gradients(backpropagate(e.network, trace, e.dy, truncate)))
    return found


def example_of(seed: int, dtype: type = np.float64) -> Example:
    """A network of any layers and directions, and a batch, padded or not."""
    rng = np.random.default_rng(seed)
    L, D, T, B, I, H = (int(rng.integers(low, high)) for low, high in ((1, 3), (1, 3), (2, 13), (2, 5), (1, 4), (3, 9)))
    sizes = {"num_layers": L, "bidirectional": D == 2, "input_size": I, "hidden_size": H, "output_size": 3}
    lengths = rng.integers(1, T + 1, B) if seed % 2 else None
    return make_example(rng, random_network(rng, "lstm", dtype=dtype, **sizes), T, B, lengths)


@pytest.mark.parametrize("truncate", [None, 1, 3])
@pytest.mark.parametrize("seed", range(12))
def test_compiled_passes_give_the_same_numbers(seed, truncate):
    """Every array to 1e-12 of its largest entry."""
    assert_close(*both(example_of(seed), truncate), 1e-12)


@pytest.mark.parametrize("seed", range(4))
def test_compiled_passes_in_float32_are_those_of_float32(seed):
    found, expected = both(example_of(seed, np.float32))
    assert {a.dtype.name for a in found.values()} == {"float32"}
    assert_close(found, expected, 1e-4)


def test_training_runs_on_the_compiled_loops(monkeypatch):
    """Two updates of the same batches, with them and without, end at the same parameters."""
    called, ends = [], []
    for loops in (compiled(), None):
        monkeypatch.setattr(loop, "compiled", lambda loops=loops: called.append(loops) or loops)
        network, sample = Network.create("lstm", 2, 3, output_size=1), lambda rng: tasks.adding(rng, 2, 10)
        run = training.train(network, sample, optimizer=optimizers.adam(), learning_rate=0.01)
        ends.append([next(run) for _ in range(2)][-1].network.state_dict())
    assert called == [compiled()] * 2 + [None] * 2
    assert_close(*ends, 1e-10)


@pytest.mark.parametrize("kind", KINDS)
def test_other_cells_and_passes_under_surgery_are_numpy_s_to_the_bit(kind):
    network, x = random_network(np.random.default_rng(0), kind), np.ones((4, 1, 2))
    for surgery in ((), (Hold("h", 0.5, 1, 2),)) if kind != "lstm" else ((Hold("h", 0.5, 1, 2),),):
        one, other = (records(unroll(network, x, surgery=surgery, loops=loops)) for loops in (compiled(), None))
        assert_close(one, other, 0.0)


@pytest.mark.parametrize(("dtype", "digits"), [(np.float64, 1e-15), (np.float32, 4e-7)])
def test_tanh_keeps_the_digits_of_numbers_of_any_magnitude(dtype, digits):
    a = np.logspace(-30, 2, 2001).astype(dtype)
    a = np.concatenate([a, -a])
    np.testing.assert_allclose(each(a, dtype(1)), np.tanh(a.astype(np.float64)), rtol=digits)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_tanh_of_what_is_not_finite(dtype):
    found = each(np.array([math.nan, math.inf, -math.inf, 0.0, -0.0], dtype), dtype(1))
    np.testing.assert_array_equal(found, np.array([math.nan, 1, -1, 0, 0], dtype))
    assert np.signbit(found[4])


def test_what_overflows_is_still_said():
    network = Network.create("lstm", 2, 3)
    state = network.state_dict()
    network = network.with_parameters(state | {"weight_ih_l0": np.full_like(state["weight_ih_l0"], 1e308)})
    example = Example(
        network, np.full((3, 1, 2), 10.0), None, np.zeros((1, 1, 3)), np.zeros((1, 1, 3)), np.ones((3, 1, 3))
    )
    assert example.unroll().nonfinite is not None
    for a, b in zip(*(found.values() for found in both(example))):
        np.testing.assert_array_equal(np.isfinite(a), np.isfinite(b))
