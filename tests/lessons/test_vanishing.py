"""The experiment on vanishing gradients: matrices are what they are called, presets do what they promise."""

from dataclasses import replace

import numpy as np
import pytest

import rnnviz as rv
from lessons._vanishing_and_exploding.experiment import (
    CELLS,
    ELMAN,
    GAUSSIAN,
    MATRICES,
    NUMBERS,
    ORTHOGONAL,
    SCALES,
    TRIANGULAR,
    Settings,
    recurrent_init,
    study,
)
from lessons._vanishing_and_exploding.words import PRESETS, meant, say_what_you_saw
from rnnviz.figures.numbers import of_log10


@pytest.mark.parametrize("matrix", MATRICES)
@pytest.mark.parametrize("rho", [0.1, 1.0, 3.0])
def test_rho_is_the_spectral_radius(matrix: str, rho: float) -> None:
    W = recurrent_init(matrix, rho)((16, 16), np.random.default_rng(3))
    assert np.abs(np.linalg.eigvals(W)).max() == pytest.approx(rho)
    singular = np.linalg.svd(W, compute_uv=False)
    assert singular[0] >= rho * (1 - 1e-12)
    assert np.allclose(singular, rho) == (matrix == ORTHOGONAL)
    assert matrix != TRIANGULAR or (np.allclose(np.linalg.eigvals(W), rho) and not np.tril(W, -1).any())


@pytest.mark.parametrize("cell", CELLS)
def test_at_the_last_step_the_gradient_has_length_1(cell: str) -> None:
    for passed in study(Settings(cell=cell)).passes.values():
        assert passed.norms[-1] == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("rho", [0.5, 1.0, 2.0])
def test_a_linear_orthogonal_network_multiplies_by_rho_at_each_step(rho: float) -> None:
    seen = study(Settings(rho=rho, cell="linear"))
    lags = np.arange(49, -1, -1)
    np.testing.assert_allclose(seen.shown.norms, lags * np.log10(rho), atol=1e-12)
    np.testing.assert_allclose(seen.stretches, np.log10(rho), atol=1e-12)
    np.testing.assert_allclose(seen.slopes, 1)


@pytest.mark.parametrize("matrix", MATRICES)
@pytest.mark.parametrize("cell", ELMAN)
@pytest.mark.parametrize("loud", [0.0, 2.0])
def test_the_product_is_within_the_bound_and_the_gradient_within_the_product(
    matrix: str, cell: str, loud: float
) -> None:
    seen = study(Settings(matrix, 1.7, cell, loud=loud))
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


@pytest.mark.parametrize("cell", CELLS)
def test_one_step_s_singular_values_start_with_its_stretch(cell: str) -> None:
    seen = study(Settings(cell=cell))
    values = seen.one_step(20)
    assert values[0] == pytest.approx(seen.stretches[19], abs=1e-9)
    assert (values[1:] <= values[:-1] + 1e-12).all()


def at(name: str) -> tuple[float, float]:
    """log10 of the shown gradient, and of rho^k, where a preset looks."""
    preset = PRESETS[name]
    seen = study(preset.settings)
    norm = seen.shown.norms[preset.settings.steps - preset.lag - 1]
    return float(norm), preset.lag * float(np.log10(preset.settings.rho))


def test_saturated_tanh_vanishes_although_rho_is_above_1() -> None:
    norm, power = at("saturated")
    assert power > 5
    assert norm < -2
    silent = study(replace(PRESETS["saturated"].settings, loud=0.0)).shown.norms
    assert silent[50 - PRESETS["saturated"].lag - 1] == pytest.approx(power)


def test_a_sheared_matrix_grows_for_a_while_although_rho_is_below_1() -> None:
    norm, power = at("sheared")
    assert power < -1
    assert norm > 0.9
    assert study(PRESETS["sheared"].settings).shown.norms[0] < -1


def test_a_rotation_neither_vanishes_nor_explodes() -> None:
    assert at("rotation")[0] == pytest.approx(0, abs=1e-9)


def test_a_sigmoid_vanishes_as_the_bound_says_although_rho_is_3() -> None:
    norm, power = at("quarter")
    assert power > 10
    assert norm < 30 * np.log10(0.75)


def test_relu_leaves_float32_and_nothing_after_that_is_a_number() -> None:
    seen = study(PRESETS["overflow"].settings)
    step = seen.shown.exploded
    assert step is not None
    h = np.abs(rv.unroll(seen.settings.network("elman"), seen.settings.x)[0, 0].h[:, 0])
    assert np.isfinite(h[: step - 1]).all()
    assert not np.isfinite(h[step - 1 :]).all(axis=1).any()
    assert h[step - 2].max() > 1e30
    assert np.isnan(seen.shown.norms).all()
    assert f"states left the range of float32 at step {step}" in say_what_you_saw(seen, 60, "").body
    assert 'data-pick="preset:rotation"' in say_what_you_saw(seen, 60, "").body


def test_a_gradient_that_leaves_float32_is_said_at_the_step_where_it_does() -> None:
    seen = study(Settings(rho=3.0, steps=100, loud=0.0, numbers="float32"))
    exact = np.abs(study(replace(seen.settings, numbers="float64")).shown.grads[0, 0].dh[:, 0]).max(axis=1)
    step = int(np.flatnonzero(exact > float(np.finfo("float32").max))[-1]) + 1
    assert seen.shown.exploded is None
    assert np.isfinite(seen.shown.norms[step:]).all()
    assert not np.isfinite(seen.shown.norms[:step]).any()
    assert (
        f"gradient left the range of float32 at step {step}, {100 - step} steps" in say_what_you_saw(seen, 9, "").body
    )


def test_the_lstm_carries_what_the_rnn_loses() -> None:
    seen = study(PRESETS["carried"].settings)
    assert seen.passes["elman"].norms[0] < -15
    assert seen.passes["lstm"].norms[0] > -1
    assert seen.ways["conveyor"][0] > -0.5


@pytest.mark.parametrize("matrix", MATRICES)
@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("numbers", NUMBERS)
@pytest.mark.parametrize(("rho", "loud", "keep"), [(0.1, 0.0, -2.0), (3.0, 5.0, 8.0), (3.0, 0.0, 8.0)])
def test_there_is_something_to_say_everywhere(
    matrix: str, cell: str, numbers: str, rho: float, loud: float, keep: float
) -> None:
    for T, lag in ((10, 1), (100, 99)):
        seen = study(Settings(matrix, rho, cell, T, loud, keep, 1, numbers))
        said = say_what_you_saw(seen, lag, "").body
        assert of_log10(float(seen.shown.norms[T - lag - 1])) in said
        assert ("Exploded" in said) == any(
            (np.isnan(passed.norms) | np.isposinf(passed.norms)).any() for passed in seen.passes.values()
        )


def test_zero_says_why_it_is_zero() -> None:
    dead = say_what_you_saw(study(Settings(cell="relu", loud=0.0)), 30, "").body
    assert "a unit that is switched off" in dead
    assert "no number between" not in dead
    for cell in ("tanh", "relu"):
        seen = study(Settings(rho=0.1, cell=cell, steps=100, numbers="float32"))
        small = say_what_you_saw(seen, 60, "").body
        assert f"float32 has no number between 0 and {of_log10(np.log10(2.0**-149))}" in small
        assert "switched off" not in small
        assert np.isneginf(seen.shown.norms[39])
        exact = study(replace(seen.settings, numbers="float64")).shown.norms[39]
        assert -100 < exact < np.log10(2.0**-149)


def test_a_change_that_grows_although_rho_is_below_1_is_explained_by_its_own_matrix() -> None:
    sheared = study(PRESETS["sheared"].settings)
    said = say_what_you_saw(sheared, 9, "").body
    W = sheared.settings.network("elman").state_dict()["weight_hh_l0"]
    U = W / 0.6 - np.eye(16)
    assert "it is ρ(I + U)" in said
    assert "eigenvectors lean" not in said
    assert not np.tril(U, 0).round(12).any()
    assert np.linalg.matrix_rank(U) == 15  # so that W_hh has one eigenvector only
    sizes = [np.linalg.norm(np.linalg.matrix_power(W, k), 2) for k in (1, 9, 100)]
    assert sizes[1] > sizes[0] > 1 > sizes[2]
    assert f"these 9 steps can stretch a change by up to {of_log10(float(np.log10(sizes[1])))}" in said
    leaning = study(Settings(GAUSSIAN, 0.9, "linear"))
    assert "eigenvectors lean on each other" in say_what_you_saw(leaning, 2, "").body
    W = leaning.settings.network("elman").state_dict()["weight_hh_l0"]
    _, vectors = np.linalg.eig(W)
    assert np.linalg.matrix_rank(vectors) == 16
    assert np.linalg.cond(vectors) > 2


def test_one_step_is_this_step() -> None:
    for cell in CELLS:
        assert "these 1 step" not in say_what_you_saw(study(Settings(TRIANGULAR, 0.6, cell)), 1, "").body


def test_without_input_a_tanh_network_is_a_linear_one() -> None:
    for matrix in MATRICES:
        silent = Settings(matrix, 1.3, loud=0.0)
        assert "Without input all states are 0" in say_what_you_saw(study(silent), 20, "").body
        assert not study(silent).shown.trace[0, 0].h.any()
        linear = study(replace(silent, cell="linear")).shown.norms
        np.testing.assert_allclose(study(silent).shown.norms, linear, atol=1e-12)


def test_the_length_at_the_end_is_1_only_where_l_is_a_number() -> None:
    assert "there its gradient has length 1." in say_what_you_saw(study(Settings()), 9, "").body
    exploded = say_what_you_saw(study(PRESETS["overflow"].settings), 60, "").body
    assert "has length 1 wherever that state is a number" in exploded


def test_a_joint_state_is_said_to_be_one() -> None:
    assert "from h and c together to h and c together" in say_what_you_saw(study(Settings(cell="LSTM")), 9, "").body


def test_in_float32_the_map_may_part_from_a_click_and_says_so() -> None:
    chaotic = Settings(steps=100, loud=0.25, rho=3.0, numbers="float32")
    assert "a click may show another number" in say_what_you_saw(study(chaotic), 9, "").body
    assert "a click may show another number" not in say_what_you_saw(study(Settings()), 9, "").body
    row = int(np.abs(SCALES - 2.5).argmin())
    clicked = study(replace(chaotic, rho=2.5)).shown.norms
    gaps = [np.abs(study(replace(chaotic, numbers=n)).map[row] - clicked).max() for n in NUMBERS]
    assert min(gaps) > 1e-3  # neither pass is the other's


def test_what_is_picked_is_meant() -> None:
    assert meant("from 1:0", 50) == {"lag": 49}
    assert meant("from 1:48", 50) == {"lag": 1}
    assert meant("from 1:49", 50) == {"lag": 0}
    assert meant("from 20:3", 50) == {"lag": 27}
    assert meant("map:0", 50) == {"rho": 3.0, "lag": 49}
    assert meant(f"map:{59 * 50 - 2}", 50) == {"rho": 0.1, "lag": 1}
    for name, preset in PRESETS.items():
        given = meant(f"preset:{name}", 50)
        assert Settings(**{key: value for key, value in given.items() if key != "lag"}) == preset.settings
        assert 1 <= given["lag"] < preset.settings.steps
        assert preset.settings.rho in SCALES


def test_gaussian_matrices_stretch_more_than_their_radius() -> None:
    products = study(Settings(GAUSSIAN, 1.0)).products
    assert products.spectral_radius == pytest.approx(1)
    assert products.largest_singular_value is not None
    assert products.largest_singular_value > 1.5
