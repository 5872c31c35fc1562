"""Laws of `unroll`: layers, directions and readout fit together; what is recorded stays; errors name the place."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rnnviz
from rnnviz import NonFiniteError, ShapeError, unroll
from rnnviz.padding import reverse
from tests.cells import steps
from tests.networks import KINDS, assert_close, examples, gradients, make_example, random_network, records

by_kind = pytest.mark.parametrize("kind", KINDS)
few = settings(max_examples=25)


def backwards(a, lengths):
    """(T, B, .) with each sequence back to front within its own length."""
    return reverse(np.moveaxis(a, 1, 2), lengths).transpose(0, 2, 1)


@few
@given(example=examples())
def test_every_direction_is_step_in_a_loop_over_the_layer_below(example):
    """Sequence by sequence, each within its own length, the reverse direction from the end."""
    trace = example.unroll()
    T, B = example.x.shape[:2]
    below = example.x
    for layer, row in enumerate(example.network.layers):
        for direction, cell in enumerate(row):
            seen, index = trace[layer, direction], layer * len(row) + direction
            for b, end in enumerate([T] * B if example.lengths is None else example.lengths):
                order = slice(None) if direction == 0 else slice(None, None, -1)
                start = tuple(state[index, b : b + 1] for state in example.states().values())
                loop = steps.values(steps.run(cell, below[:end, b : b + 1][order], start))
                found = {name: a[:end, b : b + 1] for name, a in steps.values_of_trace(seen).items()}
                assert_close(found, {name: a[order] for name, a in loop.items()}, 1e-12)
        below = np.concatenate([layer.h for layer in trace.layers[layer]], axis=2)


@few
@given(example=examples())
def test_each_layer_reads_the_one_below_and_the_readout_the_top(example):
    trace, T, B = example.unroll(), *example.x.shape[:2]
    inside = np.arange(T)[:, None] < (np.full(B, T) if example.lengths is None else example.lengths)
    level = example.x * inside[:, :, None]
    for row in trace.layers:
        for layer in row:
            np.testing.assert_array_equal(layer.x, level)
        level = np.concatenate([layer.h for layer in row], axis=2)
    readout = example.network.readout
    expected = level if readout is None else (level @ readout.weight.T + readout.bias) * inside[:, :, None]
    np.testing.assert_allclose(trace.y, expected, atol=1e-13)


@few
@given(example=examples(directions=(2,)))
def test_reversing_the_input_mirrors_the_two_directions(example):
    """Exchange the parameters of the directions and reverse the input: each reads what the other read."""
    network, H = example.network, example.network.hidden_size
    swap_halves = np.r_[H : 2 * H, :H]
    mirrored = {}
    for name, a in network.state_dict().items():
        other = name.removesuffix("_reverse") if name.endswith("_reverse") else f"{name}_reverse"
        reads_two_directions = name == "readout.weight" or (name.startswith("weight_ih") and "_l0" not in name)
        mirrored[name if name.startswith("readout") else other] = a[:, swap_halves] if reads_two_directions else a
    swap_pairs = np.arange(len(example.h0)) ^ 1
    flipped = {
        "network": network.with_parameters(mirrored),
        "x": backwards(example.x, example.lengths),
        "h0": example.h0[swap_pairs],
        "c0": None if example.c0 is None else example.c0[swap_pairs],
    }
    one, two = example.unroll(), example.unroll(**flipped)
    for layer in range(network.num_layers):
        for direction in (0, 1):
            mine, its = (
                steps.values_of_trace(trace[layer, d]) for trace, d in ((one, direction), (two, 1 - direction))
            )
            assert_close({n: backwards(a, example.lengths) for n, a in mine.items()}, its, 1e-12)
    y = two.y if network.readout is not None else two.y[:, :, swap_halves]
    assert_close({"y": backwards(one.y, example.lengths)}, {"y": y}, 1e-12)


@few
@given(example=examples(directions=(1,), ragged=False), data=st.data())
def test_running_on_from_the_carried_states_is_one_long_run(example, data):
    whole = example.unroll()
    cut = data.draw(st.integers(1, len(example.x)))
    head = example.unroll(x=example.x[:cut])
    carried = {"h0": np.stack([row[0].h[-1] for row in head.layers])}
    if example.c0 is not None:
        carried["c0"] = np.stack([row[0].c[-1] for row in head.layers])
    ys = [head.y] + ([example.unroll(x=example.x[cut:], **carried).y] if cut < len(example.x) else [])
    assert_close({"y": np.concatenate(ys)}, {"y": whole.y}, 1e-12)


@by_kind
def test_initial_states_are_indexed_layer_by_layer_forward_first(kind):
    rng = np.random.default_rng(0)
    example = make_example(rng, random_network(rng, kind, num_layers=2, bidirectional=True), T=3, B=2)
    trace = example.unroll()
    for layer in (0, 1):
        for direction in (0, 1):
            np.testing.assert_array_equal(trace[layer, direction].h0, example.h0[2 * layer + direction])
            if example.c0 is not None:
                np.testing.assert_array_equal(trace[layer, direction].c0, example.c0[2 * layer + direction])


@by_kind
def test_no_initial_states_are_zeros_and_one_layer_needs_no_axis_for_them(kind):
    rng = np.random.default_rng(0)
    example = make_example(rng, random_network(rng, kind), T=3, B=2)
    zeros = {name: np.zeros_like(a) for name, a in example.states().items()}
    assert_close(records(unroll(example.network, example.x)), records(example.unroll(**zeros)), 0.0)
    flat = {name: a[0] for name, a in example.states().items()}
    assert_close(records(unroll(example.network, example.x, **flat)), records(example.unroll()), 0.0)


@pytest.mark.parametrize("dtype", [int, np.uint8, bool, np.float32, np.float16])
def test_any_real_numbers_are_inputs(dtype):
    network = random_network(np.random.default_rng(0))
    x = np.array([[[0, 1]], [[1, 1]]])
    expected = records(unroll(network, x.astype(float)))
    assert_close(records(unroll(network, x.astype(dtype))), expected, 0.0)
    assert_close(records(unroll(network, x.tolist())), expected, 0.0)


@few
@given(example=examples(dtype=np.float32))
def test_float32_stays_float32_everywhere(example):
    arrays = records(example.unroll()) | gradients(example.backpropagate())
    assert {name: a.dtype.name for name, a in arrays.items()} == dict.fromkeys(arrays, "float32")


@few
@given(example=examples())
def test_inputs_are_not_changed(example):
    given_arrays = {"x": example.x, "h0": example.h0, "c0": example.c0, "dy": example.dy, "lengths": example.lengths}
    given_arrays = {name: a for name, a in given_arrays.items() if a is not None} | example.network.state_dict()
    before = {name: a.copy() for name, a in given_arrays.items()}
    example.backpropagate(truncate=2)
    for name, a in given_arrays.items():
        np.testing.assert_array_equal(a, before[name])


@few
@given(example=examples())
def test_recorded_arrays_are_read_only(example):
    trace = example.unroll()
    writeable = {name for name, a in records(trace).items() if a.flags.writeable}
    assert not writeable
    assert trace.lengths is None or not trace.lengths.flags.writeable


@few
@given(example=examples())
def test_a_trace_does_not_change_when_its_inputs_do(example):
    trace = example.unroll()
    before = {name: a.copy() for name, a in records(trace).items()}
    for a in (example.x, example.h0, example.c0, example.lengths):
        if a is not None:
            a[:] = 1
    assert_close(records(trace), before, 0.0)


def test_nbytes_grows_linearly_with_the_steps_and_covers_what_is_shown():
    rng = np.random.default_rng(0)
    network = random_network(rng, "lstm", num_layers=2, bidirectional=True)
    sizes = [unroll(network, np.zeros((T, 2, 2))).nbytes for T in (50, 100, 200)]
    assert sizes[2] - sizes[1] == 2 * (sizes[1] - sizes[0])
    shown = unroll(network, np.zeros((50, 2, 2)))
    assert sizes[0] > sum(a.nbytes for name, a in records(shown).items() if not name.endswith(("x", "h0", "c0")))


@by_kind
def test_nbytes_counts_what_the_backward_pass_reads_again(kind):
    """Every buffer that the record holds, once."""
    seen = unroll(random_network(np.random.default_rng(0), kind), np.zeros((5, 2, 2)))[0, 0]
    buffers, held = {}, [seen.seen.read, *seen.seen.arrays(), *seen.seen.factors, *seen.seen.blocks]
    for a in held:
        while isinstance(a.base, np.ndarray):
            a = a.base
        buffers[id(a)] = a.nbytes
    assert seen.nbytes == sum(buffers.values())


# What is refused ------------------------------------------------------------------------------------------------------

NETWORK = random_network(np.random.default_rng(0), "lstm", num_layers=2)
X = np.zeros((4, 3, 2))
STATES = np.zeros((2, 3, 3))


def spoiled(a, place, value):
    copy = a.copy()
    copy[place] = value
    return copy


@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        ({"x": np.zeros((4, 2))}, r"x needs shape \(T, B, I\) with I = 2 inputs, got \(4, 2\)"),
        ({"x": np.zeros((4, 3, 5))}, r"x needs shape \(T, B, I\) with I = 2 inputs, got \(4, 3, 5\)"),
        ({"x": np.zeros(())}, r"x needs shape .* got \(\)"),
        ({"x": np.zeros((0, 3, 2))}, r"at least one step and one sequence, got .* \(0, 3, 2\)"),
        ({"x": np.zeros((4, 0, 2))}, r"at least one step and one sequence, got .* \(4, 0, 2\)"),
        ({"x": X.astype(complex)}, "x needs real numbers, got dtype complex128"),
        ({"x": X.astype(str)}, "x needs real numbers, got dtype <U32"),
        ({"x": X.astype(object)}, "x needs real numbers, got dtype object"),
        ({"h0": np.zeros((3, 3))}, r"h0 needs shape \(L\*D, B, H\) = \(2, 3, 3\), got \(3, 3\)"),
        ({"h0": np.zeros((1, 3, 3))}, r"h0 needs shape .* got \(1, 3, 3\)"),
        ({"c0": np.zeros((2, 4, 3))}, r"c0 needs shape \(L\*D, B, H\) = \(2, 3, 3\), got \(2, 4, 3\)"),
        ({"h0": STATES.astype(complex)}, "h0 needs real numbers, got dtype complex128"),
        ({"c0": STATES.astype(str)}, "c0 needs real numbers, got dtype <U32"),
    ],
)
def test_inputs_of_the_wrong_shape_or_kind_are_refused(inputs, message):
    with pytest.raises(ShapeError, match=message):
        unroll(**{"network": NETWORK, "x": X} | inputs)


@pytest.mark.parametrize("kind", sorted(KINDS.keys() - {"lstm"}))
def test_only_the_lstm_has_a_cell_state(kind):
    with pytest.raises(ShapeError, match="c0 is the initial cell state of an LSTM; this network's cell is"):
        unroll(random_network(np.random.default_rng(0), kind), X, c0=np.zeros((3, 3)))


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize(
    ("inputs", "place"),
    [
        (lambda v: {"x": spoiled(X, (2, 1, 0), v)}, r"x\[2, 1, 0\]"),
        (lambda v: {"h0": spoiled(STATES, (1, 2, 0), v)}, r"h0\[1, 2, 0\]"),
        (lambda v: {"c0": spoiled(STATES, (0, 1, 2), v)}, r"c0\[0, 1, 2\]"),
        (lambda v: {"x": spoiled(X, (2, 1, 0), v), "lengths": [4, 3, 4]}, r"x\[2, 1, 0\]"),
    ],
)
def test_nan_and_infinity_are_refused_with_their_place(inputs, place, value):
    with pytest.raises(NonFiniteError, match=f"{place} is {value}"):
        unroll(NETWORK, **{"x": X} | inputs(value))


@pytest.mark.parametrize("name", ["x", "h0", "c0"])
def test_numbers_too_large_for_float32_are_refused_with_their_place(name):
    network = random_network(np.random.default_rng(0), "lstm", num_layers=2, dtype=np.float32)
    inputs = {"x": X, "h0": STATES, "c0": STATES}
    inputs[name] = spoiled(inputs[name], (1, 1, 1), 1e300)
    with pytest.raises(NonFiniteError, match=rf"{name}\[1, 1, 1\]"):
        unroll(network, **inputs)


def test_indexing_beyond_the_layers_or_directions_is_an_index_error():
    trace = rnnviz.unroll(NETWORK, X)
    for key in ((2, 0), (0, 1)):
        with pytest.raises(IndexError):
            trace[key]
