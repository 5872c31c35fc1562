"""The walk back: what is sent are the gradients that the engine gives, whatever the arrow, however far they go."""

from base64 import b64decode
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rnnviz as rv
from rnnviz.arrays import Array
from rnnviz.diagnostics import jacobian_products
from rnnviz.errors import ShapeError
from rnnviz.player.walk import beads, leading_plane, strips, walk

CELLS = ("tanh", "relu", "sigmoid", "linear", "lstm", "gru")


def numbers(sent: str, *shape: int) -> Array:
    """What was sent, as an array."""
    return np.frombuffer(b64decode(sent), "<f8").reshape(shape)


def read(cell: str, H: int, T: int, *, rho: float = 1.1, scale: float = 1.0, seed: int = 0) -> rv.Trace:
    """A random network that reads noise."""
    rng = np.random.default_rng(seed)
    kind = cell if cell in ("lstm", "gru") else "elman"
    net = rv.Network.create(
        kind,
        2,
        H,
        recurrent_init=lambda shape, rng: rv.initializers.echo_state(shape, rng, radius=rho),
        nonlinearity="tanh" if kind != "elman" else cell,
        rng=rng,
    )
    return rv.unroll(net, scale * rng.standard_normal((T, 1, 2)))


def arrow_of(found: dict[str, Any], angle: float) -> Array:
    """log10 of the norms of an arrow on its way, (T + 1,), as the browser computes them."""
    T = found["steps"]
    vector = np.array([np.cos(angle), np.sin(angle)])
    with np.errstate(divide="ignore"):
        lengths = np.log10(np.linalg.norm(numbers(found["shape"], T + 1, 2, 2) @ vector, axis=1))
    return numbers(found["s1"], T + 1) + lengths


def engine_of(trace: rv.Trace, found: dict[str, Any], angle: float) -> Array:
    """log10 of the same norms by backpropagation, (T,); the LSTM's of h and c together, as if they were independent."""
    T, H = found["steps"], found["units"]
    sent = numbers(found["plane"], -1, 2) @ [np.cos(angle), np.sin(angle)]
    dy = np.zeros((T, 1, H))
    dy[-1, 0] = sent[:H]
    grads = rv.backpropagate(trace.network, trace, dy)[0, 0]
    squares = (grads.dh[:, 0] ** 2).sum(axis=1)
    if grads.dc is not None:
        layer = trace[0, 0]
        assert layer.c is not None
        shown = grads.dh * layer.gates["o"] * (1 - np.tanh(layer.c) ** 2)
        squares = squares + ((grads.dc - shown)[:, 0] ** 2).sum(axis=1)
    with np.errstate(divide="ignore"):
        return np.asarray(np.log10(squares) / 2)


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("units", [2, 5])
def test_every_arrow_of_the_circle_has_the_norms_that_backpropagation_gives(cell: str, units: int) -> None:
    trace = read(cell, units, 25)
    found = walk(trace)
    for angle in (0.0, 0.7, 1.9, 4.0):
        assert arrow_of(found, angle)[1:] == pytest.approx(engine_of(trace, found, angle), abs=1e-9)


@given(rho=st.floats(0.2, 2.5), scale=st.floats(0, 4), units=st.integers(2, 8), seed=st.integers(0, 99))
@settings(max_examples=25, deadline=None)
def test_the_band_ends_at_the_two_leading_singular_values(rho: float, scale: float, units: int, seed: int) -> None:
    trace = read("tanh", units, 40, rho=rho, scale=scale, seed=seed)
    found = walk(trace)
    exact = jacobian_products(trace.network, trace)[0, 0].spectrum(0)[0, :2]
    assert [numbers(found[name], 41)[0] for name in ("s1", "s2")] == pytest.approx(exact.tolist(), abs=1e-5)


@given(angle=st.floats(0, 6.3), cell=st.sampled_from(CELLS))
@settings(max_examples=25, deadline=None)
def test_no_arrow_leaves_the_band(angle: float, cell: str) -> None:
    found = walk(read(cell, 4, 20))
    norms, s1, s2 = arrow_of(found, angle), numbers(found["s1"], 21), numbers(found["s2"], 21)
    assert (norms <= s1 + 1e-9).all()
    assert (norms >= s2 - 1e-6).all()


@pytest.mark.parametrize("units", [2, 6])
def test_the_two_motions_of_a_step_are_the_slopes_and_the_matrix(units: int) -> None:
    """From the circle to what the slopes leave of it to the next circle: areas, which no choice of axes changes."""
    trace = read("tanh", units, 12)
    found = walk(trace)
    shape, squashed = numbers(found["shape"], 13, 2, 2), numbers(found["squashed"], 12, 2, 2)
    s1, plane = numbers(found["s1"], 13), numbers(found["plane"], units, 2)
    slopes = np.frombuffer(b64decode(found["slopes"]), "<f4").reshape(12, units)
    A = plane
    for t in range(12, 0, -1):
        assert 10 ** (2 * s1[t]) * abs(np.linalg.det(shape[t])) == pytest.approx(
            np.sqrt(np.linalg.det(A.T @ A)), rel=1e-5
        )
        A = slopes[t - 1][:, None] * A
        area = 10 ** (2 * s1[t]) * abs(np.linalg.det(squashed[t - 1]))
        assert area == pytest.approx(np.sqrt(np.linalg.det(A.T @ A)), rel=1e-5)
        A = trace.network.state_dict()["weight_hh_l0"].T @ A


def test_where_the_state_is_two_numbers_the_picture_is_the_plane_itself() -> None:
    trace = read("tanh", 2, 9)
    found = walk(trace)
    J = jacobian_products(trace.network, trace)[0, 0].jacobians[:, 0]
    P = np.eye(2)
    for t in range(9, -1, -1):
        assert 10 ** numbers(found["s1"], 10)[t] * numbers(found["shape"], 10, 2, 2)[t] == pytest.approx(P)
        P = J[t - 1].T @ P
    assert numbers(found["motion"], 2, 2) == pytest.approx(trace.network.state_dict()["weight_hh_l0"].T)


def test_the_axes_of_the_picture_do_not_turn_where_the_gradients_do_not() -> None:
    """A linear network whose W_h shrinks each unit by its own factor: no arrow turns out of the axes."""
    weights = {"weight_ih_l0": np.zeros((4, 1)), "weight_hh_l0": np.diag([0.9, 0.8, 0.5, 0.1])}
    net = rv.Network.from_state_dict(
        weights | {"bias_ih_l0": np.zeros(4), "bias_hh_l0": np.zeros(4)}, nonlinearity="linear"
    )
    found = walk(rv.unroll(net, np.zeros((6, 1, 1))))
    for t in range(7):
        shape = numbers(found["shape"], 7, 2, 2)[t]
        assert shape == pytest.approx(np.diag(np.diag(shape)))
        assert np.diag(shape) == pytest.approx([1, (8 / 9) ** (6 - t)])


def test_what_vanishes_below_every_number_keeps_its_logarithm() -> None:
    found = walk(read("sigmoid", 2, 100, rho=0.01))
    s1, s2 = (numbers(found[name], 101) for name in ("s1", "s2"))
    assert s1[0] < -230
    assert np.isfinite(s2).all()
    assert (np.abs(numbers(found["shape"], 101, 4)).max(axis=1) > 0.1).all()


def test_nothing_at_all_is_left_behind_units_that_are_off() -> None:
    trace = read("relu", 3, 10, scale=0.0)
    found = walk(trace)
    assert np.isneginf(numbers(found["s1"], 11)[:-1]).all()
    assert not numbers(found["shape"], 11, 4)[:-1].any()


def test_steps_before_what_is_not_finite_are_not_known() -> None:
    net = rv.Network.create("elman", 1, 2, recurrent_init=lambda *_: 1e200 * np.eye(2), nonlinearity="linear")
    trace = rv.unroll(net, np.ones((6, 1, 1)))
    found = walk(trace)
    assert np.isnan(numbers(found["s1"], 7)[:-1]).any()
    assert numbers(found["s1"], 7)[-1] == 0


def test_the_leading_plane_is_the_one_of_the_singular_vectors() -> None:
    J = np.random.default_rng(3).standard_normal((5, 6, 6))
    u = np.linalg.svd(J[4] @ J[3] @ J[2] @ J[1] @ J[0])[0][:, :2]
    plane = leading_plane(J, 6)
    assert plane @ plane.T == pytest.approx(u @ u.T)


def test_a_loss_on_h_sends_nothing_into_c() -> None:
    plane = numbers(walk(read("lstm", 3, 7))["plane"], 6, 2)
    assert not plane[3:].any()
    assert plane.T @ plane == pytest.approx(np.eye(2))


def test_one_number_is_multiplied_by_its_factor_at_every_step() -> None:
    norms = numbers(beads([1.1, 1.0, 0.9], 30)["norms"], 3, 31)
    assert 10 ** norms[:, 0] == pytest.approx([1.1**30, 1, 0.9**30])
    assert norms[:, -1] == pytest.approx(0)


def test_strips_hold_the_shapes_of_their_walks() -> None:
    one, two = walk(read("tanh", 2, 8)), walk(read("lstm", 1, 8))
    found = strips({"one": one, "two": two})
    assert [row["name"] for row in found["rows"]] == ["one", "two"]
    assert found["rows"][1]["shape"] == two["shape"]


def test_several_layers_or_directions_are_refused() -> None:
    net = rv.Network.create("elman", 1, 2, num_layers=2)
    with pytest.raises(ShapeError, match="one layer and one direction"):
        walk(rv.unroll(net, np.zeros((3, 1, 1))))
    with pytest.raises(ShapeError, match="own needs log10 of 9 norms"):
        walk(read("tanh", 2, 9), own=np.zeros(3))
