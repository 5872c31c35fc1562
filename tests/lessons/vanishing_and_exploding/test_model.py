"""Matrices are what they are called, presets do what they promise, and every computed sentence says what is so."""

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest

import rnnviz as rv
from lessons.common.controls import from_address, settle
from lessons.vanishing_and_exploding import model
from lessons.vanishing_and_exploding.experiment import (
    ALL,
    CELLS,
    ELMAN,
    GAUSSIAN,
    LAST,
    MATRICES,
    NUMBERS,
    ORTHOGONAL,
    SCALES,
    TRIANGULAR,
    UNITS,
    Settings,
    Study,
    dy,
    recurrent_init,
    study,
)
from lessons.vanishing_and_exploding.model import PRESETS, facts


def preset(name: str) -> tuple[Study, int]:
    return model.experiment(settle(model.controls, PRESETS[name])[1])


def at(name: str) -> tuple[float, float]:
    """log10 of the gradient shown, and of rho^k, where a preset looks."""
    seen, lag = preset(name)
    return float(seen.shown.norms[seen.settings.steps - lag - 1]), lag * float(np.log10(seen.settings.rho))


# The matrices


@pytest.mark.parametrize("matrix", MATRICES)
@pytest.mark.parametrize("rho", [0.1, 1.0, 3.0])
def test_rho_is_the_spectral_radius(matrix: str, rho: float) -> None:
    W = recurrent_init(matrix, rho)((16, 16), np.random.default_rng(3))
    assert np.abs(np.linalg.eigvals(W)).max() == pytest.approx(rho)
    singular = np.linalg.svd(W, compute_uv=False)
    assert singular[0] >= rho * (1 - 1e-12)
    assert np.allclose(singular, rho) == (matrix == ORTHOGONAL)
    assert matrix != TRIANGULAR or (np.allclose(np.linalg.eigvals(W), rho) and not np.tril(W, -1).any())


def test_gaussian_matrices_gain_more_than_their_radius_and_have_all_eigenvectors() -> None:
    seen = study(Settings(GAUSSIAN, 1.0, "linear"))
    assert seen.products.spectral_radius == pytest.approx(1)
    assert seen.products.largest_singular_value is not None
    assert seen.products.largest_singular_value > 1.5
    _, vectors = np.linalg.eig(seen.W)
    assert np.linalg.matrix_rank(vectors) == 16
    assert np.linalg.cond(vectors) > 2


def test_a_triangular_matrix_has_one_eigenvector_and_its_powers_grow_beside_rho_to_the_k() -> None:
    seen, lag = preset("defective")
    assert np.linalg.matrix_rank(seen.W - np.eye(UNITS)) == UNITS - 1
    exact = np.array([[Fraction(float(v)) for v in row] for row in seen.W])
    power = np.array(np.linalg.matrix_power(exact, lag), float)
    said = facts(seen, lag).factors
    assert said is not None
    assert said.rho_power_log10 == 0
    assert not said.normal
    assert said.power_log10 == pytest.approx(np.log10(np.linalg.norm(power, 2)), abs=1e-9)
    assert said.power_log10 > 13  # rho = 1, and yet
    assert said.root == pytest.approx(np.linalg.norm(power, 2) ** (1 / lag))


@pytest.mark.parametrize("matrix", MATRICES)
def test_the_root_of_the_norm_of_a_power_tends_to_rho(matrix: str) -> None:
    seen = study(Settings(matrix, 1.0, "linear"))
    roots = [10 ** (seen.power(k) / k) for k in (10, 100, 1000, 30_000)]
    assert roots[-1] == pytest.approx(1, abs=0.01)
    assert all(root >= 1 - 1e-9 for root in roots)
    assert all(later <= earlier + 1e-9 for earlier, later in pairwise(roots))


# The networks


@pytest.mark.parametrize("cell", CELLS)
def test_at_the_last_step_the_gradient_has_norm_1(cell: str) -> None:
    for passed in study(Settings(cell=cell)).passes.values():
        assert passed.norms[-1] == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("rho", [0.5, 1.0, 2.0])
def test_a_linear_orthogonal_network_multiplies_by_rho_at_each_step(rho: float) -> None:
    seen = study(Settings(rho=rho, cell="linear"))
    lags = np.arange(49, -1, -1)
    np.testing.assert_allclose(seen.shown.norms, lags * np.log10(rho), atol=1e-12)
    np.testing.assert_allclose(seen.gains, np.log10(rho), atol=1e-12)
    np.testing.assert_allclose(seen.slopes, 1)


@pytest.mark.parametrize("matrix", MATRICES)
@pytest.mark.parametrize("cell", ELMAN)
@pytest.mark.parametrize("input_scale", [0.0, 2.0])
def test_the_product_is_within_the_bound_and_the_gradient_within_the_product(
    matrix: str, cell: str, input_scale: float
) -> None:
    seen = study(Settings(matrix, 1.7, cell, input_scale=input_scale))
    norms, bound = seen.products.log10_norm[1:, 0], seen.products.log10_bound
    assert bound is not None
    with np.errstate(invalid="ignore"):
        assert not (norms > bound[1:] + 1e-9).any()
        assert not (seen.shown.norms > norms + 1e-9).any()


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("matrix", MATRICES)
def test_each_row_of_the_map_is_the_engine_s_own_network(cell: str, matrix: str) -> None:
    chosen = Settings(matrix, cell=cell, steps=20)
    drawn = study(chosen).map
    for row in (0, 18, len(SCALES) - 1):
        at_this_scale = study(replace(chosen, rho=float(SCALES[row]))).shown.norms
        np.testing.assert_allclose(drawn[row], at_this_scale, atol=1e-8)


def test_the_marked_row_of_the_map_is_the_line_of_the_chart() -> None:
    """Also where rounding decides, as in float32 next to underflow."""
    seen = study(Settings(rho=0.3, steps=100, numbers="float32"))
    np.testing.assert_array_equal(seen.map[np.abs(SCALES - 0.3).argmin()], seen.shown.norms)


def test_in_float32_the_map_may_part_from_a_click() -> None:
    chaotic = Settings(steps=100, input_scale=0.25, rho=3.0, numbers="float32")
    row = int(np.abs(SCALES - 2.5).argmin())
    clicked = study(replace(chaotic, rho=2.5)).shown.norms
    gaps = [np.abs(study(replace(chaotic, numbers=n)).map[row] - clicked).max() for n in NUMBERS]
    assert min(gaps) > 1e-3  # neither pass is the other's


@pytest.mark.parametrize("cell", CELLS)
def test_one_step_s_singular_values_start_with_its_gain(cell: str) -> None:
    seen = study(Settings(cell=cell))
    values = seen.one_step(20)
    assert values[0] == pytest.approx(seen.gains[19], abs=1e-9)
    assert (values[1:] <= values[:-1] + 1e-12).all()


def test_without_input_a_tanh_network_is_a_linear_one() -> None:
    for matrix in MATRICES:
        silent = Settings(matrix, 1.3, input_scale=0.0)
        said = facts(study(silent), 20).factors
        assert said is not None
        assert said.at_rest
        assert not study(silent).shown.trace[0, 0].h.any()
        linear = study(replace(silent, cell="linear")).shown.norms
        np.testing.assert_allclose(study(silent).shown.norms, linear, atol=1e-12)


# The paths of a gated cell


@pytest.mark.parametrize("matrix", MATRICES)
@pytest.mark.parametrize(("cell", "keep"), [("lstm", 1.0), ("lstm", 5.0), ("gru", 1.0), ("gru", -2.0)])
def test_the_paths_add_up_to_this_page_s_gradient(matrix: str, cell: str, keep: float) -> None:
    seen = study(Settings(matrix, 1.2, cell, 30, keep=keep))
    layer = seen.shown.grads[0, 0]
    whole = layer.dh if layer.dc is None else layer.dc
    np.testing.assert_allclose(seen.paths[ALL], whole[:, 0], rtol=1e-9, atol=1e-13)
    parts = sum(vectors for name, vectors in seen.paths.items() if name != ALL)
    np.testing.assert_allclose(parts, seen.paths[ALL], rtol=1e-12)


def test_the_path_through_the_last_output_gate_is_what_holding_it_takes_away() -> None:
    """With o_T held at its value, nothing of the gradient comes through it."""
    seen = study(Settings(GAUSSIAN, 1.5, "lstm", 30))
    trace, T = seen.shown.trace, 30
    open_by = trace[0, 0].gates["o"][-1, 0]
    held = [rv.Pin("o", float(value), T - 1, T - 1, units=[unit]) for unit, value in enumerate(open_by)]
    again = rv.unroll(trace.network, seen.settings.x, surgery=held)
    without = rv.backpropagate(trace.network, again, dy(T))[0, 0].dc
    assert without is not None
    np.testing.assert_allclose(seen.paths[ALL] - seen.paths[LAST], without[:, 0], rtol=1e-9, atol=1e-13)
    assert np.abs(seen.paths[LAST][:-1]).max() > 1e-3


def test_the_lstm_carries_what_the_rnn_loses() -> None:
    seen, _ = preset("carried")
    assert seen.passes["elman"].norms[0] < -15
    assert seen.passes["lstm"].norms[0] > -1
    assert seen.path_gains(1)["state"] > -0.5


# Presets do what they say


def test_saturated_tanh_vanishes_although_rho_is_above_1() -> None:
    norm, power = at("saturated")
    assert power > 5
    assert norm < -2
    seen, lag = preset("saturated")
    silent = study(replace(seen.settings, input_scale=0.0)).shown.norms
    assert silent[50 - lag - 1] == pytest.approx(power)


def test_a_sheared_matrix_grows_for_a_while_although_rho_is_below_1() -> None:
    norm, power = at("sheared")
    assert power < -1
    assert norm > 0.9
    assert preset("sheared")[0].shown.norms[0] < -1


def test_a_rotation_neither_vanishes_nor_explodes() -> None:
    assert at("rotation")[0] == pytest.approx(0, abs=1e-9)


def test_a_sigmoid_vanishes_as_the_bound_says_although_rho_is_3() -> None:
    norm, power = at("quarter")
    assert power > 10
    assert norm < 30 * np.log10(0.75)


def test_relu_overflows_float32_and_nothing_after_that_is_finite() -> None:
    seen, lag = preset("overflow")
    step = seen.shown.exploded
    assert step is not None
    h = np.abs(rv.unroll(seen.settings.network("elman"), seen.settings.x)[0, 0].h[:, 0])
    assert np.isfinite(h[: step - 1]).all()
    assert not np.isfinite(h[step - 1 :]).all(axis=1).any()
    assert h[step - 2].max() > 1e30
    assert np.isnan(seen.shown.norms).all()
    told = facts(seen, lag).lost[0]
    assert (told.network, told.state, told.step) == ("elman", True, step)


def test_a_gradient_that_overflows_float32_is_said_at_the_step_where_it_does() -> None:
    seen = study(Settings(rho=3.0, steps=100, input_scale=0.0, numbers="float32"))
    exact = np.abs(study(replace(seen.settings, numbers="float64")).shown.grads[0, 0].dh[:, 0]).max(axis=1)
    step = int(np.flatnonzero(exact > float(np.finfo("float32").max))[-1]) + 1
    assert seen.shown.exploded is None
    assert np.isfinite(seen.shown.norms[step:]).all()
    assert not np.isfinite(seen.shown.norms[:step]).any()
    told = facts(seen, 9).lost[0]
    assert (told.network, told.state, told.step, told.before) == ("elman", False, step, 100 - step)


def test_presets_are_settings_and_lie_on_the_map() -> None:
    for name in PRESETS:
        seen, lag = preset(name)
        assert 1 <= lag < seen.settings.steps
        assert seen.settings.rho in SCALES
    assert preset("saturated") == (study(Settings()), 30)  # what the page opens with


# Controls and clicks


def test_what_is_picked_is_set() -> None:
    values = settle(model.controls, {})[1]
    assert model.pick("at", {"x": 1}, values) == {"lag": 49}
    assert model.pick("at", {"x": 49}, values) == {"lag": 1}
    assert model.pick("map", {"x": 1, "y": 3.0}, values) == {"rho": 3.0, "lag": 49}
    assert model.pick("at", {"x": 50}, values) == {"lag": 1}
    assert [model.notice("at", {"x": x}, values) for x in (49, 50)] == ["", "last"]


def test_old_addresses_open_what_they_opened() -> None:
    old = {"matrix": "Gaussian", "cell": "LSTM", "loud": "0.5", "lag": "99", "rho": "0.1234"}
    values = from_address(model.controls, old)
    assert values["matrix"] == GAUSSIAN
    assert (values["cell"], values["input_scale"], values["lag"], values["rho"]) == ("lstm", 0.5, 49, 0.1234)
    assert from_address(model.controls, {"lag": "100"})["lag"] == 30


@pytest.mark.parametrize("nonsense", ["", "banana", "-1e999", "nan", "0.123456"])
def test_nonsense_in_an_address_is_the_default(nonsense: str) -> None:
    for name in ("steps", "lag", "loud", "keep", "seed", "matrix", "cell", "numbers"):
        values = from_address(model.controls, {name: nonsense})
        model.experiment(values)


@pytest.mark.parametrize("settings", [Settings(), Settings(TRIANGULAR, 0.6, "lstm", keep=-2.0), Settings(keep=8.0)])
def test_the_questions_know_the_engine_s_answers(settings: Settings) -> None:
    asked = model.checks(study(settings))
    W = Settings(settings.matrix, 1.0).network("elman").state_dict()["weight_hh_l0"]  # whatever the activation
    sure = [name for name, bound in asked.bounds.items() if 3.9 < bound * np.linalg.norm(W, 2) < 4.1]
    square = [name for name, share in asked.shares.items() if share == pytest.approx(0.9**40)]
    kept = 1 / (1 + np.exp(-settings.keep))
    lags = [name for name, lag in asked.lags.items() if kept**lag < 0.01 <= kept ** (lag - 1)]
    assert asked.answers == {"bound": sure[0], "square": square[0], "path": lags[0]}
