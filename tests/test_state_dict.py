"""Reading networks off named arrays: PyTorch's names under any prefix, and errors that name what is wrong."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnviz import Network, UnknownNameError, WeightsError, unroll
from tests.networks import KINDS, examples, random_network

RNG = np.random.default_rng(0)


def state_of(kind="lstm", **sizes):
    return random_network(np.random.default_rng(0), kind, output_size=2, **sizes).state_dict()


def without(state, *names):
    assert set(names) <= set(state)
    return {name: a for name, a in state.items() if name not in names}


def same(one, other):
    assert repr(one) == repr(other)
    for name, a in one.state_dict().items():
        np.testing.assert_array_equal(a, other.state_dict()[name])


@settings(max_examples=25)
@given(example=examples())
def test_state_dict_and_back_is_the_same_network(example):
    network = example.network
    options = {"reset_after": network.reset_after, "nonlinearity": network.nonlinearity}
    same(Network.from_state_dict(network.state_dict(), **options), network)
    same(Network.from_state_dict(network.state_dict(), network.cell, **options), network)


@settings(max_examples=20)
@given(example=examples(), data=st.data())
def test_prefix_of_the_network_and_name_of_the_readout_do_not_matter(example, data):
    state = example.network.state_dict()
    prefix = data.draw(st.sampled_from(["", "rnn.", "model.encoder.rnn.", "my_", "weight_"]))
    linear = data.draw(st.sampled_from(["", "fc.", "decoder.0.", "rnn.linear."]))
    renamed = {linear + n.removeprefix("readout.") if "." in n else prefix + n: a for n, a in state.items()}
    order = data.draw(st.permutations(sorted(renamed)))
    options = {"reset_after": example.network.reset_after, "nonlinearity": example.network.nonlinearity}
    same(Network.from_state_dict({name: renamed[name] for name in order}, **options), example.network)


@pytest.mark.parametrize("kind", ["tanh", "lstm", "gru"])
def test_missing_biases_are_zero(kind):
    """bias=False, in the recurrent module, in the readout, or in both."""
    state = state_of(kind, num_layers=2, bidirectional=True)
    for dropped in (["bias_ih", "bias_hh"], ["readout.bias"], ["bias_ih", "bias_hh", "readout.bias"]):
        kept = {name: a for name, a in state.items() if not name.startswith(tuple(dropped))}
        zeros = {name: a if name in kept else np.zeros_like(a) for name, a in state.items()}
        same(Network.from_state_dict(kept), Network.from_state_dict(zeros))


def test_common_dtype_is_float64_if_any_array_is():
    state = {name: a.astype(np.float32) for name, a in state_of().items()}
    assert Network.from_state_dict(state).dtype == np.float32
    assert Network.from_state_dict(state | {"readout.bias": np.zeros(2)}).dtype == np.float64
    assert Network.from_state_dict({name: a.astype(np.float16) for name, a in state.items()}).dtype == np.float32


def test_arrays_may_be_big_endian_column_major_or_lists():
    state = state_of()
    for change in (lambda a: a.astype(">f8"), np.asfortranarray, lambda a: a.tolist()):
        same(Network.from_state_dict({name: change(a) for name, a in state.items()}), Network.from_state_dict(state))


BOTH = state_of(num_layers=2, bidirectional=True)
H4 = {"weight_ih_l0": np.ones((4, 2)), "weight_hh_l0": np.ones((4, 4))}
LINEAR = {"fc.weight": np.ones((2, 3)), "fc.bias": np.ones(2)}
BARE = without(state_of(), "readout.weight", "readout.bias")
WRONG = {
    "nothing": ({}, "weight_ih_l0 is missing; there is nothing"),
    "no recurrent tensor": (LINEAR, "weight_ih_l0 is missing; there is fc.bias, fc.weight"),
    "a matrix missing": (without(BARE, "weight_hh_l0"), "weight_hh_l0 is missing"),
    "the first layer missing": (
        {n: a for n, a in BOTH.items() if "l0" not in n}, "weight_ih_l0 is missing",
    ),
    "a bias missing": (without(BOTH, "bias_hh_l1"), r"bias_hh_l1 of shape \(12,\) is missing"),
    "a direction missing": (
        without(BOTH, "weight_ih_l1_reverse"), r"weight_ih_l1_reverse of shape \(12, 6\) is missing",
    ),
    "a layer between missing": (
        {n.replace("l1", "l2"): a for n, a in BOTH.items()}, r"weight_ih_l1 of shape \(12, 6\) is missing",
    ),
    "two modules": (
        {"encoder." + n: a for n, a in BARE.items()} | {"decoder." + n: a for n, a in BARE.items()},
        r"one recurrent network is needed, here are 2, under the prefixes \['decoder\.', 'encoder\.'\]",
    ),
    "a projection": (
        BARE | {"weight_hr_l0": np.ones((2, 3))}, r"weight_hr_l0: an LSTM with a projection \(proj_size\)",
    ),
    "two linear layers": (BARE | LINEAR | {"out.weight": np.ones((2, 3))}, "left over: fc.bias, fc.weight, out.weight"),
    "a bias without its matrix": (BARE | {"fc.bias": np.ones(2)}, "left over: fc.bias"),
    "a stranger": (BARE | LINEAR | {"norm.scale": np.ones(2)}, "left over: .*norm.scale"),
    "a leading zero": (BARE | {"weight_ih_l00": np.ones((12, 2))}, "weight_ih_l00"),
    "a stack of no known cell": (
        {"weight_ih_l0": np.ones((6, 2)), "weight_hh_l0": np.ones((6, 3))},
        r"G = 1 \(Elman\), 3 \(GRU\) or 4 \(LSTM\), got \(6, 3\)",
    ),
    "rows of the wrong count": (
        BARE | {"weight_ih_l0": np.ones((9, 2))}, r"weight_ih_l0 must have shape \(12, 2\), got \(9, 2\)",
    ),
    "a bias of the wrong size": (BARE | {"bias_ih_l0": np.ones(3)}, r"bias_ih_l0 must have shape \(12,\), got \(3,\)"),
    "a vector for a matrix": (
        BARE | {"weight_hh_l0": np.ones(3)}, r"weight_hh_l0 must be a matrix .* got shape \(3,\)",
    ),
    "an empty matrix": (
        BARE | {"weight_ih_l0": np.ones((12, 0))}, r"weight_ih_l0 must be a matrix .* got shape \(12, 0\)",
    ),
    "a readout of the wrong width": (
        BARE | {"fc.weight": np.ones((2, 4))}, r"fc.weight must have shape \(Q, 3\) .* got \(2, 4\)",
    ),
    "a readout bias of the wrong size": (
        BARE | LINEAR | {"fc.bias": np.ones(3)}, r"fc.bias must have shape \(2,\), got \(3,\)",
    ),
    "integers": (
        H4 | {"weight_hh_l0": np.ones((4, 4), int)}, "weight_hh_l0 must hold floating-point numbers, got dtype int64",
    ),
    "complex numbers": (
        H4 | {"weight_hh_l0": np.ones((4, 4), complex)}, "weight_hh_l0 must hold .* got dtype complex128",
    ),
    "text": (H4 | {"weight_hh_l0": "hello"}, "weight_hh_l0 must hold .* got dtype <U5"),
}  # fmt: skip


@pytest.mark.parametrize(("state", "message"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_named(state, message):
    with pytest.raises(WeightsError, match=message):
        Network.from_state_dict(state)


@pytest.mark.parametrize("kind", KINDS)
def test_a_cell_that_the_shapes_contradict_is_refused(kind):
    state, cell = state_of(kind), KINDS[kind]["cell"]
    for other in {"elman", "gru", "lstm"} - {cell}:
        with pytest.raises(WeightsError, match=f"weight_hh_l0 of shape .* {cell}, not {other} cells"):
            Network.from_state_dict(state, cell=other)


def test_unknown_options_are_refused():
    with pytest.raises(UnknownNameError, match=r"cell must be one of .* got 'rnn'"):
        Network.from_state_dict(state_of(), cell="rnn")
    with pytest.raises(UnknownNameError, match=r"nonlinearity must be one of .* got 'sin'"):
        Network.from_state_dict(state_of("tanh"), nonlinearity="sin")


def test_options_that_shapes_cannot_tell_change_the_output():
    x = RNG.standard_normal((4, 1, 2))
    for kind, option in (("tanh", {"nonlinearity": "relu"}), ("gru", {"reset_after": False})):
        state = state_of(kind)
        one, two = Network.from_state_dict(state), Network.from_state_dict(state, **option)
        assert not np.allclose(unroll(one, x).y, unroll(two, x).y)
