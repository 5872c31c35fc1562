"""Laws of `Network`: what `create` makes, what it refuses, and that its parameters are what they say."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rnnviz
from rnnviz import Network, ShapeError, UnknownNameError, WeightsError, initializers
from tests.networks import KINDS, examples, random_network

GATES = {"elman": 1, "gru": 3, "lstm": 4}
by_cell = pytest.mark.parametrize("cell", GATES)


def named_shapes(cell, I, H, L, D, Q):
    """PyTorch's names and shapes, written out independently of the library."""
    G, shapes = GATES[cell], {}
    for layer in range(L):
        for end in ("", "_reverse")[:D]:
            shapes[f"weight_ih_l{layer}{end}"] = (G * H, I if layer == 0 else D * H)
            shapes[f"weight_hh_l{layer}{end}"] = (G * H, H)
            shapes[f"bias_ih_l{layer}{end}"] = shapes[f"bias_hh_l{layer}{end}"] = (G * H,)
    return shapes | ({} if Q is None else {"readout.weight": (Q, D * H), "readout.bias": (Q,)})


@by_cell
@settings(max_examples=25)
@given(
    sizes=st.tuples(*[st.integers(1, 4)] * 2, st.integers(1, 3), st.sampled_from([1, 2]), st.sampled_from([None, 1, 3]))
)
def test_parameters_have_pytorchs_names_shapes_and_order(cell, sizes):
    I, H, L, D, Q = sizes
    network = Network.create(cell, I, H, L, bidirectional=D == 2, output_size=Q)
    shapes = {name: a.shape for name, a in network.state_dict().items()}
    assert list(shapes.items()) == list(named_shapes(cell, *sizes).items())
    assert network.parameter_count == sum(np.prod(shape) for shape in shapes.values())
    assert (network.cell, network.input_size, network.hidden_size, network.num_layers) == (cell, I, H, L)
    assert (network.num_directions, network.bidirectional, network.output_size) == (D, D == 2, Q)
    assert network.output_width == (D * H if Q is None else Q)
    assert repr(network).startswith(f"Network('{cell}', input_size={I}, hidden_size={H}, num_layers={L}")


@by_cell
def test_same_seed_makes_the_same_network_and_no_seed_is_seed_zero(cell):
    one, two, other = (Network.create(cell, 2, 3, rng=np.random.default_rng(s)).state_dict() for s in (0, 0, 1))
    default = Network.create(cell, 2, 3).state_dict()
    for name, a in one.items():
        np.testing.assert_array_equal(a, two[name])
        np.testing.assert_array_equal(a, default[name])
    assert not np.array_equal(one["weight_hh_l0"], other["weight_hh_l0"])


@by_cell
def test_every_gate_has_a_recurrent_block_of_its_own(cell):
    """Orthogonal by default, each drawn by itself."""
    blocks = Network.create(cell, 2, 5).state_dict()["weight_hh_l0"].reshape(-1, 5, 5)
    for k, block in enumerate(blocks):
        np.testing.assert_allclose(block @ block.T, np.eye(5), atol=1e-14)
        assert not any(np.allclose(block, other) for other in blocks[:k])


def test_initializers_may_be_names_or_functions():
    network = Network.create("elman", 2, 3, output_size=2, init=initializers.zeros, recurrent_init="identity")
    state = network.state_dict()
    np.testing.assert_array_equal(state["weight_hh_l0"], np.eye(3))
    assert not state["weight_ih_l0"].any()


def test_the_readout_starts_uniform_as_pytorchs_linear_layer():
    weight = Network.create("gru", 2, 50, bidirectional=True, output_size=200, init="zeros").state_dict()[
        "readout.weight"
    ]
    assert np.abs(weight).max() <= 0.1
    np.testing.assert_allclose(weight.std(), 0.1 / np.sqrt(3), rtol=0.02)


def test_forget_bias_starts_in_bias_ih_of_the_forget_gate_alone():
    state = Network.create("lstm", 2, 3, num_layers=2, bidirectional=True, forget_bias=1.5).state_dict()
    for end in ("l0", "l0_reverse", "l1", "l1_reverse"):
        np.testing.assert_array_equal(state[f"bias_ih_{end}"].reshape(4, 3), np.outer([0, 1.5, 0, 0], np.ones(3)))
        assert not state[f"bias_hh_{end}"].any()


@by_cell
def test_settings_of_another_cell_have_no_effect(cell):
    settings = {"forget_bias": 7.0, "reset_after": False, "nonlinearity": "relu"}
    if cell == "lstm":
        del settings["forget_bias"]
    one, two = Network.create(cell, 2, 3), Network.create(cell, 2, 3, **settings)
    for name, a in one.state_dict().items():
        np.testing.assert_array_equal(a, two.state_dict()[name])
    assert two.reset_after == (cell != "gru")
    assert two.nonlinearity == ("relu" if cell == "elman" else "tanh")


def test_gate_biases_are_numbers_or_one_per_unit():
    state = Network.create("gru", 2, 3, gate_biases={"z": [1, 2, 3], "r": -1.0}).state_dict()
    np.testing.assert_array_equal(state["bias_ih_l0"], [-1, -1, -1, 1, 2, 3, 0, 0, 0])


@pytest.mark.parametrize("dtype", [np.float32, np.float64, "float32"])
def test_parameters_have_the_dtype_asked_for(dtype):
    network = Network.create("lstm", 2, 3, output_size=1, dtype=dtype)
    assert network.dtype == dtype
    assert all(a.dtype == dtype for a in network.state_dict().values())


@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        ({"cell": "LSTM"}, UnknownNameError, r"cell must be one of \['elman', 'gru', 'lstm'\], got 'LSTM'"),
        (
            {"nonlinearity": "sin"},
            UnknownNameError,
            r"nonlinearity must be one of \['linear', 'relu', 'sigmoid', 'tanh'\], got 'sin'",
        ),
        ({"init": "xaver"}, UnknownNameError, "xaver"),
        ({"recurrent_init": "xaver"}, UnknownNameError, "xaver"),
        ({"gate_biases": {"z": 1.0}}, UnknownNameError, r"gate_biases names \['z'\]"),
        ({"gate_biases": {"f": [1.0, 2.0]}}, ShapeError, r"bias of gate f .* got \(2,\)"),
        ({"input_size": 0}, ShapeError, "input_size must be a whole number, at least 1; got 0"),
        ({"hidden_size": -1}, ShapeError, "hidden_size must be .* got -1"),
        ({"num_layers": 0}, ShapeError, "num_layers must be .* got 0"),
        ({"output_size": 0}, ShapeError, "output_size must be .* got 0"),
        ({"hidden_size": 2.5}, ShapeError, r"hidden_size must be .* got 2\.5"),
        ({"hidden_size": np.inf}, ShapeError, "hidden_size must be .* got inf"),
        ({"hidden_size": np.nan}, ShapeError, "hidden_size must be .* got nan"),
        ({"hidden_size": "three"}, ShapeError, "hidden_size must be .* got three"),
        ({"hidden_size": None}, ShapeError, "hidden_size must be .* got None"),
        ({"dtype": np.float16}, ShapeError, "dtype must be float32 or float64, got float16"),
        ({"dtype": int}, ShapeError, "dtype must be float32 or float64, got int64"),
    ],
    ids=str,
)
def test_what_cannot_be_created_is_refused_by_name(changes, error, message):
    with pytest.raises(error, match=message):
        Network.create(**{"cell": "lstm", "input_size": 2, "hidden_size": 3} | changes)


def test_whole_numbers_of_any_type_are_sizes():
    network = Network.create("lstm", np.int64(2), np.float64(3.0), num_layers=np.int8(1), output_size=2.0)
    assert repr(network) == repr(Network.create("lstm", 2, 3, output_size=2))


@settings(max_examples=25)
@given(example=examples())
def test_with_parameters_keeps_the_kind_of_network(example):
    network = example.network
    other = network.with_parameters({name: a + 1 for name, a in network.state_dict().items()})
    assert repr(other) == repr(network)
    assert (other.reset_after, other.nonlinearity) == (network.reset_after, network.nonlinearity)
    np.testing.assert_array_equal(other.state_dict()["weight_hh_l0"], network.state_dict()["weight_hh_l0"] + 1)


def test_with_parameters_refuses_other_names_and_shapes():
    network = random_network(np.random.default_rng(0), output_size=2)
    state = network.state_dict()
    missing = {name: a for name, a in state.items() if name != "readout.bias"}
    with pytest.raises(WeightsError, match=r"missing \['readout\.bias'\], left over \['bias'\]"):
        network.with_parameters(missing | {"bias": np.zeros(2)})
    with pytest.raises(WeightsError, match=r"weight_hh_l0 must have shape \(3, 3\), got \(4, 4\)"):
        network.with_parameters(state | {"weight_hh_l0": np.zeros((4, 4))})


@pytest.mark.parametrize("kind", KINDS)
def test_parameters_cannot_change_behind_the_networks_back(kind):
    """Neither through the arrays it was made from nor through those it hands out."""
    network = random_network(np.random.default_rng(0), kind, output_size=2)
    given_arrays = {name: a.copy() for name, a in network.state_dict().items()}
    copy = rnnviz.Network.from_state_dict(given_arrays)
    before = {name: a.copy() for name, a in copy.state_dict().items()}
    for a in given_arrays.values():
        a[:] = 0
    for name, a in copy.state_dict().items():
        np.testing.assert_array_equal(a, before[name])
        assert not a.flags.writeable
