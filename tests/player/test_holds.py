"""What a reader holds in the picture: one text, the same on both sides, and the engine's interventions."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rnnviz as rv
from rnnviz.player import Held, held_pass, kept_holds, pack, read_holds, write_holds
from tests.networks import KINDS, assert_close, make_example, random_network, records
from tests.player.test_payload import read

numbers = st.decimals(-999, 999, places=4).map(float)
helds = st.builds(
    Held,
    place=st.sampled_from("figorznhcx"),
    step=st.integers(0, 9998),
    unit=st.integers(0, 9998),
    value=numbers,
    layer=st.integers(0, 8),
    direction=st.integers(0, 1),
)


def places(holds):
    return {(h.place, h.layer, h.direction, h.step, h.unit) for h in holds}


@given(holds=st.lists(helds, max_size=6))
def test_what_is_written_is_read_and_of_the_same_place_the_last_counts(holds):
    last = {next(iter(places([held]))): held for held in holds}
    assert places(read_holds(write_holds(holds))) == set(last)
    for found in read_holds(write_holds(holds)):
        assert found == last[next(iter(places([found])))]
    assert write_holds(read_holds(write_holds(holds))) == write_holds(read_holds(write_holds(holds)))


@given(text=st.text(alphabet="fhx_r0123456789.-qZ< %\n", max_size=60))
def test_no_text_raises_and_every_value_is_finite(text):
    assert all(math.isfinite(held.value) for held in read_holds(text))


@pytest.mark.parametrize(
    "text",
    ["", "f", "f_1", "f_1_1", "f_0_1_0.5", "f_1_0_0.5", "f_1_1_nan", "f_1_1_1e9", "F_1_1_1", "f_1_1_0.5_", "f_1_1_.5"],
)
def test_nonsense_holds_nothing(text):
    assert read_holds(text) == ()


def test_the_text_is_short_and_has_no_sign_that_an_address_would_change():
    holds = (Held("f", 8, 0, 0.35), Held("x", 2, 1, -1.0), Held("h", 3, 0, 0.5, 1, 1))
    assert write_holds(holds) == "f_9_1_0.35__x_3_2_-1__h2r_4_1_0.5"
    assert read_holds("f_9_1_0.35__x_3_2_-1__h2r_4_1_0.5") == holds


def test_what_a_network_has_no_place_for_is_left_out_and_gates_stay_in_their_range():
    net = rv.Network.create("lstm", 2, 3, rng=np.random.default_rng(0))
    asked = "f_5_3_7__g_1_1_-7__c_2_2_7__f_6_1_0__f_1_4_0__z_1_1_0__x_1_3_1__x2_1_1_1__h2_1_1_1__hr_1_1_1"
    kept = kept_holds(net, 5, asked)
    assert [(h.place, h.value) for h in kept] == [("f", 1.0), ("g", -1.0), ("c", 7.0)]
    assert read(pack(rv.unroll(net, np.zeros((5, 1, 2))), holds=asked)).header["holds"] == write_holds(kept)


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=10)
@given(seed=st.integers(0, 99))
def test_a_held_pass_reads_the_held_inputs_and_runs_through_the_held_values(kind, seed):
    rng = np.random.default_rng(seed)
    net = random_network(rng, kind, num_layers=2, bidirectional=True)
    example = make_example(rng, net, T=5, B=1)
    gate, low = net.layers[0][0].GATES[0], 0.25
    text = f"x_2_1_0.5__{gate}2r_3_2_{low}__h_4_1_0.75" + ("__c_2_1_-2" if kind == "lstm" else "")
    x, surgery = held_pass(net, example.x, text)
    assert x is not example.x
    assert x[1, 0, 0] == 0.5
    trace = example.unroll(x=x, surgery=surgery)
    assert trace[1, 1].gates[gate][2, 0, 1] == low
    assert trace[0, 0].h[3, 0, 0] == 0.75
    if kind == "lstm":
        assert trace[0, 0].c[1, 0, 0] == -2
    before = example.unroll()
    np.testing.assert_array_equal(trace[0, 0].h[0], before[0, 0].h[0])
    assert_close(records(example.unroll(x=held_pass(net, example.x, "")[0])), records(before), 0.0)


def test_of_two_at_the_same_place_what_the_reader_holds_counts():
    net = rv.Network.create("gru", 2, 3, rng=np.random.default_rng(0))
    x, surgery = held_pass(net, np.zeros((4, 1, 2)), "z_2_1_0.9", (rv.Pin("z", 0.1, 0, 3),))
    z = rv.unroll(net, x, surgery=surgery)[0, 0].gates["z"][:, 0, 0]
    np.testing.assert_array_equal(z, [0.1, 0.9, 0.1, 0.1])


def test_the_gradients_of_a_held_pass_are_those_of_finite_differences():
    rng = np.random.default_rng(3)
    for kind in ("tanh", "lstm", "gru", "gru_before"):
        net = random_network(rng, kind, num_layers=2, bidirectional=True, output_size=1)
        text = "x_2_1_0.5__h_3_1_0.4__h2r_2_2_-0.3" + {"lstm": "__c_2_3_0.8__f_4_1_0.2", "tanh": ""}.get(
            kind, "__z_4_1_0.2"
        )
        x, surgery = held_pass(net, rng.normal(size=(5, 1, 2)), text)
        assert rv.check_gradients(net, x, np.ones((5, 1, 1)), entries=5, surgery=surgery).error < 1e-7


def test_the_payload_says_what_is_held_where():
    net = rv.Network.create("lstm", 1, 2, rng=np.random.default_rng(0))
    text = "f_2_1_0.5__h_3_2_0.25__c_1_1_2__x_4_1_-1.5"
    x, surgery = held_pass(net, np.zeros((4, 1, 1)), text)
    found = read(pack(rv.unroll(net, x, surgery=surgery), holds=text, tokens=list("abcd")))
    for name, t, j, value in (("f", 1, 0, 0.5), ("h", 2, 1, 0.25), ("c", 0, 0, 2)):
        held = found.arrays[f"0.0.held.{name}"]
        assert held[t, j] == value
        assert np.isnan(held).sum() == held.size - 1
    assert found.header["tokens"] == ["a", "b", "c", "−1.50"], "a token that is no longer read gives way to what is"
    assert found.header["features"] == [0]
    assert read(pack(rv.unroll(net, x))).header["holds"] is None


@pytest.mark.parametrize("bad", [3, ["f_1_1_0.5"], b"f"])
def test_holds_must_be_a_text(bad):
    net = rv.Network.create("gru", 1, 2, rng=np.random.default_rng(0))
    with pytest.raises(rv.ShapeError, match="holds must be a string"):
        pack(rv.unroll(net, np.zeros((4, 1, 1))), holds=bad)


@pytest.mark.parametrize(
    ("cell", "how", "expected"),
    [
        ("elman", {}, {"h": -1.0}),
        ("elman", {"nonlinearity": "relu"}, {"h": 0.0}),
        ("elman", {"nonlinearity": "linear"}, {"h": -900.0}),
        ("lstm", {}, {"h": -1.0, "c": -900.0}),
        ("gru", {}, {"h": -1.0}),
    ],
)
def test_a_state_is_held_at_no_value_that_it_cannot_take(cell, how, expected):
    network = rv.Network.create(cell, 2, 3, rng=np.random.default_rng(0), **how)
    assert {held.place: held.value for held in kept_holds(network, 5, "h_1_1_-900__c_1_1_-900")} == expected
