"""Laws of gate surgery: the operated equations hold, the gradients are those of the operated network, and errors."""

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import rnnviz
from rnnviz import Hold, Pin, Shift, UnknownNameError
from rnnviz.activations import sigmoid
from rnnviz.cells.elman import NONLINEARITIES
from tests.cells import steps
from tests.networks import KINDS, assert_close, examples, gradients, make_example, random_network, records

by_kind = pytest.mark.parametrize("kind", KINDS)
few = settings(max_examples=30)
TANH = "gnh"


@st.composite
def operated(draw, **kinds):
    """An example with one to three operations on it."""
    example = draw(examples(**kinds))
    T, network = len(example.x), example.network
    surgery = []
    for _ in range(draw(st.integers(1, 3), label="operations")):
        gate = draw(st.sampled_from(network.layers[0][0].GATES))
        first = draw(st.integers(0, T - 1))
        place = {
            "first": first,
            "last": draw(st.integers(first, T - 1)),
            "units": draw(st.none() | st.lists(st.integers(0, network.hidden_size - 1), max_size=3).map(tuple)),
            "layer": draw(st.integers(0, network.num_layers - 1)),
            "direction": draw(st.integers(0, network.num_directions - 1)),
        }
        amount = draw(st.integers(0, 4)) / 4
        what = draw(st.sampled_from([Pin, Shift, Hold]))
        if what is Hold:
            state = draw(st.sampled_from("hc" if network.cell == "lstm" else "h"))
            surgery.append(Hold(state, 3 * amount - 1.5, **place))
        elif what is Pin:
            low = -1 if gate in TANH and network.nonlinearity in ("tanh", "linear") else 0
            surgery.append(Pin(gate, low + amount * (1 - low), **place))
        else:
            surgery.append(Shift(gate, 4 * amount - 2, **place))
    return example.__class__(**{**vars(example), "surgery": tuple(surgery)})


def near_a_kink(trace):
    layers = [layer for row in trace.layers for layer in row]
    a = np.concatenate([layer.preactivations["h"].ravel() for layer in layers])
    return np.abs(a[a != 0]).min(initial=1.0) < 0.05  # padding is exactly 0


def operated_step(cell, x, states, pins, shifts):
    """One step for one sequence in plain equations: {quantity: (H,)}; pins and shifts are {gate: {unit: number}}."""

    def gate(name, a):
        for unit, by in shifts.get(name, {}).items():
            a[unit] += by
        phi = sigmoid if name not in TANH else NONLINEARITIES[getattr(cell, "nonlinearity", "tanh")][0]
        value = phi(a)
        for unit, held in pins.get(name, {}).items():
            value[unit] = held
        found[name], found[f"a {name}"] = value, a
        return value

    def state(name, value):
        for unit, held in pins.get(name, {}).items():
            value[unit] = held
        return value

    found, H, h_prev = {}, len(states[0]), states[0]
    into = np.split(cell.weight_ih @ x + cell.bias_ih, len(cell.GATES))
    back = np.split(cell.weight_hh @ h_prev + cell.bias_hh, len(cell.GATES))
    if cell.NAME == "elman":
        found["h"] = gate("h", into[0] + back[0])
    elif cell.NAME == "lstm":
        i, f, g, o = (gate(name, a + b) for name, a, b in zip(cell.GATES, into, back))
        found["c"] = state("c", f * states[1] + i * g)
        found["h"] = state("h", o * np.tanh(found["c"]))
    else:
        r, z = (gate(name, a + b) for name, a, b in zip("rz", into, back))
        W_hn, b_hn = cell.weight_hh[2 * H :], cell.bias_hh[2 * H :]
        n = gate("n", into[2] + (r * back[2] if cell.reset_after else W_hn @ (r * h_prev) + b_hn))
        found["h"] = state("h", (1 - z) * n + z * h_prev)
    return found


def amounts(surgery, place, t, H):
    """What is done to one cell at step t: pins and shifts, {gate: {unit: number}} each."""
    pins, shifts = {}, {}
    for cut in surgery:
        if (cut.layer, cut.direction) == place and cut.first <= t <= cut.last:
            for unit in dict.fromkeys(range(H) if cut.units is None else cut.units):
                if isinstance(cut, Pin | Hold):
                    pins.setdefault(getattr(cut, "gate", None) or cut.state, {})[unit] = cut.value
                else:
                    by = shifts.setdefault(cut.gate, {})
                    by[unit] = by.get(unit, 0.0) + cut.by
    return pins, shifts


@few
@given(example=operated())
def test_every_step_obeys_the_operated_equations(example):
    """Sequence by sequence, from the states that were recorded one step earlier in reading order."""
    trace, (T, B), H = example.unroll(), example.x.shape[:2], example.network.hidden_size
    for l, row in enumerate(example.network.layers):
        for d, cell in enumerate(row):
            seen = trace[l, d]
            for b, end in enumerate([T] * B if example.lengths is None else example.lengths):
                states = [a[b] for a in (seen.h0, seen.c0) if a is not None]
                for t in range(end)[:: -1 if d else 1]:
                    pins, shifts = amounts(example.surgery, (l, d), t, H)
                    expected = operated_step(cell, seen.x[t, b], states, pins, shifts)
                    found = {name: a[t, b] for name, a in steps.values_of_trace(seen).items()}
                    assert_close(found, expected, 1e-12)
                    held = {gate: set(np.flatnonzero(a[t, b])) for gate, a in seen.pinned.items() if a[t, b].any()}
                    assert held == {gate: set(units) for gate, units in pins.items() if units}
                    states = [a[t, b] for a in (seen.h, seen.c) if a is not None]
                assert not any(a[end:, b].any() for a in seen.pinned.values())


@settings(max_examples=40)
@given(example=operated(), seed=st.integers(0, 2**32 - 1))
def test_gradient_is_the_central_difference_of_the_operated_network(example, seed):
    """For every parameter, x, h0 and c0, along a random direction, to fourth order."""
    network, rng, e = example.network, np.random.default_rng(seed), 1e-3
    assume(network.nonlinearity != "relu" or not near_a_kink(example.unroll()))
    grads, state = example.backpropagate(), network.state_dict()
    found = {"x": grads.dx}
    for name in example.states():
        found[name] = np.stack([getattr(layer, f"d{name}") for row in grads.layers for layer in row])

    def change(name, amount):
        if name in state:
            return {"network": network.with_parameters(state | {name: state[name] + amount})}
        return {name: getattr(example, name) + amount}

    for name, gradient in (found | dict(grads.params)).items():
        along = rng.standard_normal(gradient.shape)
        along /= max(1.0, np.linalg.norm(along))
        plus, minus, plus2, minus2 = (example.loss(**change(name, k * e * along)) for k in (1, -1, 2, -2))
        slope = (8 * (plus - minus) - (plus2 - minus2)) / (12 * e)
        assert (gradient * along).sum() == pytest.approx(
            slope, rel=1e-7, abs=1e-8 * max(1.0, np.abs(gradient).max())
        ), name


@by_kind
@pytest.mark.parametrize("direction", [0, 1])
def test_the_gradient_of_a_pinned_gate_is_the_slope_by_its_value(kind, direction):
    """dL/d(value) = the sum of dgates where the pin holds; dL/d(by) = the sum of dpreactivations over the shift."""
    rng = np.random.default_rng(4)
    example = make_example(
        rng, random_network(rng, kind, num_layers=2, bidirectional=True), T=6, B=3, lengths=[6, 3, 5]
    )
    for gate in example.network.layers[0][0].GATES:
        for cut, record in ((Pin, "dgates"), (Shift, "dpreactivations")):
            at = {"first": 1, "last": 4, "units": (0, 2), "layer": 0, "direction": direction}

            def loss(amount, cut=cut, gate=gate, at=at):
                return example.loss(surgery=(cut(gate, amount, **at),))

            back = example.backpropagate(surgery=(cut(gate, 0.5, **at),))[0, direction]
            slope = (8 * (loss(0.501) - loss(0.499)) - (loss(0.502) - loss(0.498))) / 0.012
            assert getattr(back, record)[gate][1:5][:, :, [0, 2]].sum() == pytest.approx(slope, rel=1e-7, abs=1e-9)


@by_kind
@pytest.mark.parametrize("truncate", [None, 2])
def test_no_gradient_passes_through_a_pinned_gate(kind, truncate):
    rng = np.random.default_rng(5)
    example = make_example(rng, random_network(rng, kind), T=6, B=2)
    for gate in example.network.layers[0][0].GATES:
        back = example.backpropagate(truncate, surgery=(Pin(gate, 0.5, 1, 4, units=(1,)),))[0, 0]
        assert not back.dpreactivations[gate][1:5, :, 1].any()
        assert back.dgates[gate][1:5, :, 1].all()


@by_kind
@pytest.mark.parametrize("direction", [0, 1])
def test_the_gradient_of_a_held_state_is_the_slope_by_its_value(kind, direction):
    """dL/d(value) = the sum of dh, or dc, where it is held: in full, through the output and all later steps."""
    rng = np.random.default_rng(14)
    example = make_example(
        rng, random_network(rng, kind, num_layers=2, bidirectional=True), T=6, B=3, lengths=[6, 3, 5]
    )
    for state in "hc" if kind == "lstm" else "h":
        at = {"first": 2, "last": 2, "units": (0, 2), "layer": 0, "direction": direction}

        def loss(amount, state=state, at=at):
            return example.loss(surgery=(Hold(state, amount, **at),))

        back = example.backpropagate(surgery=(Hold(state, 0.5, **at),))[0, direction]
        slope = (8 * (loss(0.501) - loss(0.499)) - (loss(0.502) - loss(0.498))) / 0.012
        assert getattr(back, f"d{state}")[2][:, [0, 2]].sum() == pytest.approx(slope, rel=1e-7, abs=1e-9)


@by_kind
@pytest.mark.parametrize("truncate", [None, 2])
def test_no_gradient_passes_through_a_held_state(kind, truncate):
    """Of the gates that would have made it, and of the states before it, along the cell state path."""
    rng = np.random.default_rng(15)
    example = make_example(rng, random_network(rng, kind), T=6, B=2)
    made_of = {"lstm": {"h": "o", "c": "ifg"}, "gru": {"h": "zn"}, "gru_before": {"h": "zn"}}.get(kind, {"h": ""})
    for state, gates in made_of.items():
        back = example.backpropagate(truncate, surgery=(Hold(state, 0.5, 1, 4, units=(1,)),))[0, 0]
        assert getattr(back, f"d{state}")[1:5, :, 1].all()
        for gate in gates:
            assert not back.dgates[gate][1:5, :, 1].any()
            assert not back.dpreactivations[gate][1:5, :, 1].any()
            assert back.dgates[gate][1:5, :, 0].all()
    everything = tuple(Hold(state, 0.5, 3, 3) for state in made_of)  # what comes after it never reaches the start
    earlier = np.concatenate([example.dy[:3], np.zeros_like(example.dy[3:])])
    starts = [example.backpropagate(surgery=everything, dy=dy)[0, 0].dh0 for dy in (example.dy, earlier)]
    np.testing.assert_array_equal(*starts)


@by_kind
@pytest.mark.parametrize("direction", [0, 1])
def test_holding_every_state_at_its_own_values_changes_nothing_forwards(kind, direction):
    rng = np.random.default_rng(16)
    example = make_example(rng, random_network(rng, kind, bidirectional=True), T=4, B=1)
    trace = example.unroll()
    holds = tuple(
        Hold(state, a[t, 0, unit], t, t, (unit,), direction=direction)
        for state, a in (("h", trace[0, direction].h), ("c", trace[0, direction].c))
        if a is not None
        for t in range(4)
        for unit in range(3)
    )
    assert_close(records(example.unroll(surgery=holds)), records(trace), 0.0)


@by_kind
def test_the_jacobian_of_a_held_state_has_no_row(kind):
    rng = np.random.default_rng(17)
    network = random_network(rng, kind)
    example = make_example(rng, network, T=5, B=1)
    for state in "hc" if kind == "lstm" else "h":
        held = example.unroll(surgery=(Hold(state, 0.4, 2, 2, (1,)),))
        J, untouched = (rnnviz.diagnostics.step_jacobians(network, t)[0, 0][2, 0] for t in (held, example.unroll()))
        assert not J[1 + (3 if state == "c" else 0)].any()
        others = [row for row in range(len(J)) if row % 3 != 1]
        np.testing.assert_array_equal(J[others], untouched[others])


@few
@given(x=st.lists(st.floats(-5, 5), min_size=2, max_size=8), seed=st.integers(0, 99))
def test_forget_gate_at_one_and_input_gate_at_zero_keep_the_cell_state(x, seed):
    network = random_network(np.random.default_rng(seed), "lstm", input_size=1)
    last = len(x) - 1
    trace = rnnviz.unroll(network, np.reshape(x, (-1, 1, 1)), surgery=(Pin("f", 1, 1, last), Pin("i", 0, 1, last)))
    c = trace[0, 0].c
    np.testing.assert_array_equal(c, np.broadcast_to(c[0], c.shape))


@by_kind
@pytest.mark.parametrize("direction", [0, 1])
def test_pinning_every_gate_at_its_own_values_changes_nothing_forwards(kind, direction):
    rng = np.random.default_rng(6)
    example = make_example(rng, random_network(rng, kind, bidirectional=True), T=4, B=1)
    trace = example.unroll()
    pins = tuple(
        Pin(gate, a[t, 0, unit], t, t, (unit,), direction=direction)
        for gate, a in trace[0, direction].gates.items()
        for t in range(4)
        for unit in range(3)
    )
    assert_close(records(example.unroll(surgery=pins)), records(trace), 0.0)


@by_kind
def test_a_shift_over_the_whole_sequence_is_another_bias(kind):
    rng = np.random.default_rng(7)
    network = random_network(rng, kind, num_layers=2, bidirectional=True, output_size=2)
    example = make_example(rng, network, T=5, B=2, lengths=[5, 3])
    gates, state = network.layers[0][0].GATES, network.state_dict()
    for k, gate in enumerate(gates):
        bias = state["bias_ih_l1_reverse"].copy()
        bias[3 * k : 3 * k + 3] += 0.8
        other = example.unroll(network=network.with_parameters(state | {"bias_ih_l1_reverse": bias}))
        shifted = example.unroll(surgery=(Shift(gate, 0.8, 0, 4, layer=1, direction=1),))
        assert_close(records(shifted), records(other), 1e-13)


@by_kind
def test_nothing_before_the_span_changes(kind):
    """Before in the order of reading: below the span for the forward direction, above it for the reverse one."""
    rng = np.random.default_rng(8)
    example = make_example(rng, random_network(rng, kind, bidirectional=True), T=7, B=2)
    before = example.unroll()
    gate = example.network.layers[0][0].GATES[0]
    for direction, spared in ((0, slice(0, 3)), (1, slice(5, 7))):
        for cut in (Pin(gate, 0.9, 3, 4, direction=direction), Shift(gate, 1.0, 3, 4, direction=direction)):
            after = example.unroll(surgery=(cut,))
            one, two = (steps.values_of_trace(trace[0, direction]) for trace in (before, after))
            assert all(np.array_equal(one[name][spared], two[name][spared]) for name in one)
            assert not np.array_equal(one["h"], two["h"])
            untouched = (steps.values_of_trace(trace[0, 1 - direction]) for trace in (before, after))
            assert_close(*untouched, 0.0)


@few
@given(example=examples())
def test_surgery_on_nothing_is_no_surgery_to_the_last_bit(example):
    gate = example.network.layers[0][0].GATES[-1]
    plain = example.unroll()
    assert plain.surgery == ()
    assert all(layer.pinned == {} for row in plain.layers for layer in row)
    for surgery in ((), [], (Pin(gate, 0.5, 0, 0, units=()),), (Shift(gate, 0.0, 0, 0),)):
        assert_close(records(example.unroll(surgery=surgery)), records(plain), 0.0)
        assert_close(gradients(example.backpropagate(surgery=surgery)), gradients(example.backpropagate()), 0.0)


@few
@given(example=operated())
def test_a_padded_batch_is_its_sequences_one_by_one_under_the_same_knife(example):
    """The span ends where a sequence does; a sequence that ends before it is left alone."""
    T, B = example.x.shape[:2]
    whole, grads = records(example.unroll()), gradients(example.backpropagate())
    for b, end in enumerate([T] * B if example.lengths is None else map(int, example.lengths)):
        kept = tuple(
            type(cut)(**{**vars(cut), "last": min(cut.last, end - 1)}) for cut in example.surgery if cut.first < end
        )
        one = {"x": example.x[:end, b : b + 1], "dy": example.dy[:end, b : b + 1], "lengths": None, "surgery": kept}
        one |= {name: a[:, b : b + 1] for name, a in example.states().items()}
        for all_of_them, mine in (
            (whole, records(example.unroll(**one))),
            (grads, gradients(example.backpropagate(**one))),
        ):
            names = [name for name in mine if name not in example.network.state_dict() and not name.endswith("0")]
            assert_close({n: all_of_them[n][:end, b : b + 1] for n in names}, {n: mine[n] for n in names}, 1e-12)


def test_float32_stays_float32_under_surgery():
    rng = np.random.default_rng(9)
    for kind in KINDS:
        example = make_example(rng, random_network(rng, kind, dtype=np.float32), T=4, B=2)
        gate = example.network.layers[0][0].GATES[-1]
        surgery = (Pin(gate, 0.1, 1, 2), Shift(gate, np.float64(0.1), 0, 3))
        arrays = records(example.unroll(surgery=surgery)) | gradients(example.backpropagate(surgery=surgery))
        assert {a.dtype.name for a in arrays.values()} == {"float32"}


def test_the_gradient_check_reaches_the_operated_network():
    rng = np.random.default_rng(10)
    network = random_network(rng, "gru", output_size=1)
    x, dy = rng.normal(size=(6, 2, 2)), rng.normal(size=(6, 2, 1))
    surgery = (Pin("z", 0.9, 1, 3), Shift("r", -2.0, 0, 5, units=(0,)))
    assert rnnviz.check_gradients(network, x, dy, entries=4, surgery=surgery).error < 1e-8


def test_a_trace_remembers_its_surgery_and_shows_where_gates_were_held():
    network = random_network(np.random.default_rng(0), "lstm")
    surgery = [Pin("f", 0.0, 2, 3, units=(1,)), Shift("i", 1.0, 0, 0)]
    trace = rnnviz.unroll(network, np.zeros((5, 2, 2)), surgery=surgery)
    assert trace.surgery == tuple(surgery)
    held = trace[0, 0].pinned
    assert held.keys() == {"f"}
    expected = np.zeros((5, 2, 3), bool)
    expected[2:4, :, 1] = True
    np.testing.assert_array_equal(held["f"], expected)
    assert not held["f"].flags.writeable


# What is refused ------------------------------------------------------------------------------------------------------

NETWORKS = {kind: random_network(np.random.default_rng(0), kind, num_layers=2) for kind in KINDS}


@pytest.mark.parametrize(
    ("kind", "cut", "message"),
    [
        ("lstm", Pin("f", 1.1, 0, 3), r"value must be a number in \[0, 1\], got 1.1"),
        ("lstm", Pin("o", -0.1, 0, 3), r"value must be a number in \[0, 1\], got -0.1"),
        ("lstm", Pin("g", 1.5, 0, 3), r"value must be a number in \[-1, 1\], got 1.5"),
        ("gru", Pin("n", -1.5, 0, 3), r"value must be a number in \[-1, 1\], got -1.5"),
        ("tanh", Pin("h", 2, 0, 3), r"value must be a number in \[-1, 1\], got 2"),
        ("relu", Pin("h", -0.5, 0, 3), r"value must be a number in \[0, inf\), got -0.5"),
        ("sigmoid", Pin("h", -0.5, 0, 3), r"value must be a number in \[0, 1\], got -0.5"),
        ("linear", Pin("h", math.inf, 0, 3), r"value must be a number in \(-inf, inf\), got inf"),
        ("lstm", Pin("i", math.nan, 0, 3), r"value must be a number in \[0, 1\], got nan"),
        ("lstm", Pin("i", "open", 0, 3), r"value must be a number in \[0, 1\], got 'open'"),
        ("lstm", Shift("i", math.inf, 0, 3), r"by must be a number in \(-inf, inf\), got inf"),
        ("lstm", Shift("i", math.nan, 0, 3), r"by must be a number in \(-inf, inf\), got nan"),
        ("lstm", Hold("c", math.inf, 0, 3), r"value must be a number in \(-inf, inf\), got inf"),
        ("gru", Hold("h", math.nan, 0, 3), r"value must be a number in \(-inf, inf\), got nan"),
        ("lstm", Hold("c", 1, 0, 5), "last must be a whole number from 0 to 4, got 5"),
        ("lstm", Pin("f", 1, -1, 3), "first must be a whole number from 0 to 4, got -1"),
        ("lstm", Pin("f", 1, 0, 5), "last must be a whole number from 0 to 4, got 5"),
        ("lstm", Pin("f", 1, 0, 1.5), "last must be a whole number from 0 to 4, got 1.5"),
        ("lstm", Pin("f", 1, 3, 2), "needs first <= last, got first = 3, last = 2"),
        ("lstm", Pin("f", 1, 0, 3, units=(0, 3)), "each of units must be a whole number from 0 to 2, got 3"),
        ("lstm", Pin("f", 1, 0, 3, units=(-1,)), "each of units must be a whole number from 0 to 2, got -1"),
        ("lstm", Pin("f", 1, 0, 3, units=2), "units must be None, for all, or a sequence of unit numbers; got 2"),
        ("lstm", Pin("f", 1, 0, 3, layer=2), "layer must be a whole number from 0 to 1, got 2"),
        ("lstm", Pin("f", 1, 0, 3, direction=1), "direction must be a whole number from 0 to 0, got 1"),
    ],
)
def test_an_operation_on_what_is_not_there_is_refused(kind, cut, message):
    """The message starts with the operation itself."""
    with pytest.raises(ValueError, match=message) as error:
        rnnviz.unroll(NETWORKS[kind], np.zeros((5, 1, 2)), surgery=[cut])
    assert str(error.value).startswith(f"{cut}: ")


@by_kind
@pytest.mark.parametrize("gate", ["x", "c", "", None, "F"])
def test_a_gate_that_the_cell_does_not_have_is_refused(kind, gate):
    with pytest.raises(UnknownNameError, match=f"gate must be one of .*, got {gate!r}"):
        rnnviz.unroll(NETWORKS[kind], np.zeros((5, 1, 2)), surgery=[Pin(gate, 0.5, 0, 1)])


@pytest.mark.parametrize(("kind", "state"), [("gru", "c"), ("tanh", "c"), ("lstm", "f"), ("lstm", "")])
def test_a_state_that_the_cell_does_not_have_is_refused(kind, state):
    with pytest.raises(UnknownNameError, match=f"state must be one of .*, got {state!r}"):
        rnnviz.unroll(NETWORKS[kind], np.zeros((5, 1, 2)), surgery=[Hold(state, 0.5, 0, 1)])


@pytest.mark.parametrize("surgery", [Pin("f", 1, 0, 1), ["f"], [None], "f", 3, None])
def test_surgery_must_be_a_sequence_of_pins_shifts_and_holds(surgery):
    with pytest.raises(ValueError, match="surgery needs a sequence of Pin, Shift and Hold, got"):
        rnnviz.unroll(NETWORKS["lstm"], np.zeros((5, 1, 2)), surgery=surgery)
