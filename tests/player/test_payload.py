"""What is sent to the player is what the engine computed: read back here by the format's own words, in NumPy."""

import json
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rnnviz as rv
from rnnviz.player import pack
from rnnviz.player.cut import MOST_INPUTS, MOST_LAYERS, MOST_OUTPUTS, MOST_STEPS, MOST_UNITS
from tests.networks import KINDS, examples, make_example, random_network

PRECISION = 1e-6  # relative, of every number by itself


class Read(NamedTuple):
    header: dict[str, Any]
    arrays: dict[str, np.ndarray]


def read(payload: bytes) -> Read:
    size = int(np.frombuffer(payload, "<u4", 1)[0])
    assert size % 4 == 0
    header, at, arrays = json.loads(payload[4 : 4 + size]), 4 + size, {}
    for name, rows, columns, bits in header["arrays"]:
        numbers = np.frombuffer(payload, f"<f{bits // 8}", rows * columns, at).astype(float)
        arrays[name], at = numbers.reshape(rows, columns), at + rows * columns * bits // 8
    for name, rows, _, _ in header["arrays"]:
        arrays[name] = np.ldexp(arrays[name], np.frombuffer(payload, "<i2", rows, at)[:, None])
        at += 2 * rows
    assert at == len(payload)
    return Read(header, arrays)


def computed(trace: rv.Trace, grads: rv.Gradients | None, b: int) -> dict[str, np.ndarray]:
    """Every array of sequence `b`, under the names of the payload, from the trace and the gradients alone."""
    net = trace.network
    T = len(trace.y) if trace.lengths is None else trace.lengths[b]
    found = {"x": trace[0, 0].x[:T, b]}
    if net.readout is not None:  # else y is the top layer's h
        found |= {"y": trace.y[:T, b], "V": net.readout.weight, "v": net.readout.bias[None]}
    found |= {} if grads is None else {"dy": grads.dy[:T, b]}
    for l, d in np.ndindex(net.num_layers, net.num_directions):
        layer, cell = trace[l, d], net.layers[l][d]
        arrays = {"W": cell.weight_ih, "U": cell.weight_hh, "b": np.stack([cell.bias_ih, cell.bias_hh])}
        arrays |= {"h": layer.h[:T, b], "h0": layer.h0[b][None]}
        arrays |= {f"a.{gate}": a[:T, b] for gate, a in layer.preactivations.items()}
        arrays |= {} if layer.c is None else {"c": layer.c[:T, b], "c0": layer.c0[b][None]}
        if grads is not None:
            reached = grads[l, d]
            arrays |= {"dh": reached.dh[:T, b], "dh0": reached.dh0[b][None]}
            arrays |= {f"da.{gate}": a[:T, b] for gate, a in reached.dpreactivations.items()}
            arrays |= {} if reached.dc is None else {"dc": reached.dc[:T, b], "dc0": reached.dc0[b][None]}
        found |= {f"{l}.{d}.{name}": a for name, a in arrays.items()}
    return found


def assert_same(found: dict[str, np.ndarray], expected: dict[str, np.ndarray]) -> None:
    assert found.keys() == expected.keys()
    for name, a in expected.items():
        np.testing.assert_allclose(found[name], a, rtol=PRECISION, atol=0, err_msg=name)


@settings(max_examples=60)
@given(examples(), st.data())
def test_every_number_is_the_engine_s(example, data) -> None:
    trace, grads = example.unroll(), example.backpropagate()
    b = data.draw(st.integers(0, example.x.shape[1] - 1), label="sequence")
    assert_same(read(pack(trace, grads, sequence=b)).arrays, computed(trace, grads, b))
    assert_same(read(pack(trace, sequence=b)).arrays, computed(trace, None, b))


@given(examples(dtype=np.float32))
@settings(max_examples=20)
def test_a_network_in_float32_is_sent_as_it_is(example) -> None:
    trace, grads = example.unroll(), example.backpropagate()
    assert_same(read(pack(trace, grads)).arrays, computed(trace, grads, 0))


@pytest.mark.parametrize("size", [1e-300, 1e-200, 1e-50, 1e50, 1e200])
def test_gradients_of_any_size_keep_their_digits(size: float) -> None:
    example = make_example(np.random.default_rng(0), random_network(np.random.default_rng(1), "lstm"), T=5, B=1)
    trace, grads = example.unroll(), example.backpropagate(dy=example.dy * size)
    assert_same(read(pack(trace, grads)).arrays, computed(trace, grads, 0))


def test_large_and_small_in_one_row_keep_their_digits() -> None:
    """Gradients of 1e-60 and of 1 at the same step."""
    example = make_example(np.random.default_rng(0), network("gru"), T=3, B=1)
    trace, grads = example.unroll(), example.backpropagate(dy=example.dy * [1e-60, 1, 0])
    assert_same(read(pack(trace, grads)).arrays, computed(trace, grads, 0))


def test_what_is_not_finite_stays_what_it_is() -> None:
    net = random_network(np.random.default_rng(0), "relu", scale=1e60)
    with np.errstate(all="ignore"):
        trace = rv.unroll(net, np.ones((30, 1, 2)))
        grads = rv.backpropagate(net, trace, np.ones_like(trace.y))
    expected = computed(trace, grads, 0)
    assert np.isinf(expected["0.0.h"]).any()
    assert any(np.isnan(a).any() for a in expected.values())
    assert_same(read(pack(trace, grads)).arrays, expected)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if KINDS[kind]["cell"] != "elman"])
def test_a_gate_held_is_sent_where_it_was_held(kind: str) -> None:
    gate, example = "i" if kind == "lstm" else "r", make_example(np.random.default_rng(0), network(kind), T=6, B=2)
    held = rv.Pin(gate, 0.25, first=2, last=3, units=[1])
    sent = read(pack(example.unroll(surgery=[held]), sequence=1)).arrays[f"0.0.held.{gate}"]
    expected = np.full((6, 3), np.nan)
    expected[2:4, 1] = 0.25
    np.testing.assert_array_equal(sent, expected)


def network(kind: str, **sizes: Any) -> rv.Network:
    return random_network(np.random.default_rng(3), kind, **sizes)


def preactivations(found: Read, l: int, d: int) -> dict[str, np.ndarray]:
    """a_t of each gate, summed up from what is sent: inputs, states, weights, what is not drawn, what was shifted."""
    header, arrays = found
    own = {name.removeprefix(f"{l}.{d}."): a for name, a in arrays.items()}
    below = [arrays[f"{l - 1}.{k}.h"] for k in range(header["directions"])] if l else [arrays["x"]]
    x, h, h0 = np.concatenate(below, axis=1), own["h"], own["h0"]
    h_prev = np.concatenate([h0, h[:-1]]) if d == 0 else np.concatenate([h[1:], h0])
    a, H = {}, h.shape[1]
    for k, gate in enumerate(header["gates"]):
        rows = slice(k * H, (k + 1) * H)
        W, U, (b_i, b_h) = own["W"][rows], own["U"][rows], own["b"][:, rows]
        r = 1 / (1 + np.exp(-own["a.r"])) if gate == "n" else 1
        past = r * (h_prev @ U.T + b_h) if header["reset_after"] else (r * h_prev) @ U.T + b_h
        a[gate] = x @ W.T + b_i + past + own.get(f"others.{gate}", 0) + own.get(f"shift.{gate}", 0)
    return a


LARGE = {"input_size": MOST_INPUTS + 44, "hidden_size": MOST_UNITS + 36, "scale": 0.05, "bidirectional": True}


@pytest.mark.parametrize("kind", KINDS)
def test_the_pre_activations_are_the_sums_of_what_is_sent(kind: str) -> None:
    """In networks of any size: of one that is too large, what is not drawn is a number of its own."""
    for sizes in ({"num_layers": 2, "bidirectional": True}, LARGE, {**LARGE, "num_layers": 6, "input_size": 2}):
        T = MOST_STEPS + 5 if sizes.get("num_layers") == 6 else 9
        example = make_example(np.random.default_rng(0), network(kind, **sizes), T=T, B=2, lengths=np.array([T, 7]))
        shift = rv.Shift(example.network.layers[0][0].GATES[0], 0.5, first=1, last=3, units=[0, 2], layer=0)
        trace = example.unroll(surgery=[shift])
        for b in (0, 1):
            found = read(pack(trace, sequence=b))
            for l, d in np.ndindex(found.header["layers"], 2):
                for gate, a in preactivations(found, l, d).items():
                    np.testing.assert_allclose(a, found.arrays[f"{l}.{d}.a.{gate}"], atol=1e-5, rtol=1e-5, err_msg=gate)


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_step_hands_back_is_complete_though_not_all_units_are_drawn(kind: str) -> None:
    """With a loss on the last step alone, a step's whole gradient is what the next one in reading order hands back."""
    net = network(kind, hidden_size=MOST_UNITS + 6, scale=0.1)
    x = np.random.default_rng(0).normal(size=(MOST_STEPS + 8, 1, 2))
    trace = rv.unroll(net, x)
    dy = np.zeros_like(trace.y)
    dy[-1] = 1
    found = read(pack(trace, rv.backpropagate(net, trace, dy))).arrays
    reached = np.concatenate([found["0.0.dh0"], found["0.0.dh"][:-1]])
    largest = np.abs(reached).max(axis=1, keepdims=True)
    np.testing.assert_allclose(found["0.0.handed"] / largest, reached / largest, atol=1e-5)


def test_what_is_too_large_to_draw_is_cut_and_said() -> None:
    net = network("lstm", input_size=300, hidden_size=100, num_layers=6, output_size=300, scale=0.05)
    trace = rv.unroll(net, np.random.default_rng(0).normal(size=(300, 1, 300)))
    found = read(pack(trace, note="By hand."))
    header = found.header
    assert (header["steps"], header["first_step"]) == (MOST_STEPS, 300 - MOST_STEPS)
    assert (header["layers"], header["first_layer"]) == (MOST_LAYERS, 6 - MOST_LAYERS)
    assert (len(header["units"]), header["all_units"]) == (MOST_UNITS, 100)
    assert not header["readout"]
    assert "y" not in found.arrays
    for words in ("By hand.", "200 of 300 steps", "top 4 of 6 layers", "64 of 100 units", "64 of 100", "no outputs"):
        assert words in header["note"]
    layer = trace[2, 0]
    np.testing.assert_allclose(found.arrays["0.0.h"], layer.h[100:, 0][:, header["units"]], rtol=PRECISION)
    np.testing.assert_allclose(found.arrays["0.0.c0"], layer.c[99:100, 0][:, header["units"]], rtol=PRECISION)


def test_the_units_that_move_most_are_drawn() -> None:
    net = network("tanh", input_size=1, hidden_size=MOST_UNITS + 1)
    calm = net.state_dict() | {"weight_hh_l0": np.zeros((65, 65)), "weight_ih_l0": np.ones((65, 1))}
    calm["weight_ih_l0"][7] = 0
    header = read(pack(rv.unroll(net.with_parameters(calm), np.arange(3.0)[:, None, None]))).header
    assert header["units"] == [unit for unit in range(65) if unit != 7]


def test_inputs_are_named_with_the_features_that_are_drawn() -> None:
    x = np.zeros((2, 1, MOST_INPUTS + 2))
    x[0, 0, 5:] = 1
    names = [f"word {k}" for k in range(MOST_INPUTS + 2)]
    header = read(pack(rv.unroll(network("gru", input_size=len(names)), x), inputs=names)).header
    assert len(header["inputs"]) == MOST_INPUTS
    assert set(names) - set(header["inputs"]) <= set(names[:5])
    assert "256 largest of 258 inputs" in header["note"]


def test_outputs_that_are_too_many_are_left_out_with_all_that_belongs_to_them() -> None:
    net = network("tanh", output_size=MOST_OUTPUTS + 1)
    trace = rv.unroll(net, np.ones((2, 1, 2)))
    names = [str(q) for q in range(MOST_OUTPUTS + 1)]
    found = read(pack(trace, rv.backpropagate(net, trace, np.ones_like(trace.y)), outputs=names))
    assert not {"y", "dy", "V", "v"} & found.arrays.keys()
    assert found.header["outputs"] is None


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"tokens": "abc"}, r"tokens .* 4 steps, got 3"),
        ({"tokens": "abcdef", "sequence": 0}, r"tokens .* 4 steps, got 6"),
        ({"tokens": "abcd", "sequence": 1}, r"tokens .* 6 steps, got 4"),
        ({"inputs": ["one"]}, r"inputs .* 2 input features, got 1"),
        ({"outputs": ["one"]}, r"outputs .* 3 outputs, got 1"),
        ({"sequence": 2}, r"sequence .* batch's 2, from 0 to 1; got 2"),
        ({"sequence": -1}, r"sequence .* got -1"),
    ],
)
def test_an_error_says_what_was_given_and_what_is_needed(arguments: dict[str, Any], words: str) -> None:
    example = make_example(np.random.default_rng(0), network("gru"), T=6, B=2, lengths=np.array([4, 6]))
    with pytest.raises(rv.ShapeError, match=words):
        pack(example.unroll(), **arguments)


def test_gradients_of_another_pass_are_refused() -> None:
    one, other = (make_example(np.random.default_rng(0), network("gru"), T=T, B=2) for T in (5, 6))
    with pytest.raises(rv.ShapeError, match=r"another pass: dy .*\(6, 2, 3\).* y .*\(5, 2, 3\)"):
        pack(one.unroll(), other.backpropagate())


@pytest.mark.parametrize("loss", [float("nan"), float("inf"), -float("inf"), np.float32(0.5), None, 1])
def test_any_loss_is_sent_as_javascript_reads_it(loss: float | None) -> None:
    trace = make_example(np.random.default_rng(0), network("gru"), T=2, B=1).unroll()
    sent = read(pack(trace, loss=loss)).header["loss"]
    assert sent == {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}.get(str(loss), loss)


def test_blank_tokens_are_seen() -> None:
    trace = make_example(np.random.default_rng(0), network("gru"), T=3, B=1).unroll()
    assert read(pack(trace, tokens=["a", " ", "\n"])).header["tokens"] == ["a", "␣", "␣"]


@pytest.mark.parametrize(("kind", "most"), [("tanh", 40_000), ("gru", 130_000), ("lstm", 150_000)])
def test_a_hundred_steps_of_32_units_are_tens_of_kilobytes(kind: str, most: int) -> None:
    trace = rv.unroll(network(kind, hidden_size=32, input_size=3), np.ones((100, 1, 3)))
    assert len(pack(trace)) < most


@pytest.mark.parametrize("truncate", [None, 1, 3])
def test_how_far_the_gradient_was_cut_is_sent(truncate: int | None) -> None:
    example = make_example(np.random.default_rng(0), random_network(np.random.default_rng(0), "lstm"), 4, 1)
    assert read(pack(example.unroll(), example.backpropagate(truncate))).header["truncate"] == truncate
