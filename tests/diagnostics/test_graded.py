"""Singular values of long products, held to 900 digits."""

from pathlib import Path

import numpy as np
import pytest

from rnnviz.diagnostics import exact, graded, products
from rnnviz.diagnostics.graded import log10_singular_values

GOLDEN = np.load(Path(__file__).parents[1] / "golden" / "jacobians.npz")
CASES = [name.removesuffix("/J") for name in GOLDEN.files if name.endswith("/J")]
TRIANGULAR = np.load(Path(__file__).parents[1] / "golden" / "triangular.npz")
TRIANGULAR_CASES = [name.removesuffix("/W") for name in TRIANGULAR.files if name.endswith("/W")]
RNG = np.random.default_rng(0)


@pytest.mark.parametrize("case", CASES)
def test_singular_values_are_those_of_the_product_multiplied_out_with_900_digits(case):
    J, expected = GOLDEN[f"{case}/J"], GOLDEN[f"{case}/log10"]
    found = log10_singular_values(J[:, None], [0, len(J) // 2, len(J) - 1])
    np.testing.assert_allclose(found[:, 0], expected, rtol=0, atol=1e-9)


@pytest.mark.parametrize("case", TRIANGULAR_CASES)
def test_singular_values_are_right_where_a_matrix_is_far_from_normal(case):
    """Directions that fall 10^100 behind come back here: float64 alone is up to 100 decades off."""
    J, expected = TRIANGULAR[f"{case}/slopes"][:, :, None] * TRIANGULAR[f"{case}/W"], TRIANGULAR[f"{case}/log10"]
    found = log10_singular_values(J[:, None], [1, 40, 90])[:, 0]
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-9)
    np.testing.assert_allclose(exact.log10_norms(J, [1, 40, 90]), expected[:, 0], rtol=0, atol=1e-9)


def test_what_is_lost_is_no_number_and_what_is_above_it_is_right(monkeypatch):
    """With too few bits for all: the large ones are right, the small ones NaN, and what is exactly 0 is 0."""
    monkeypatch.setattr(graded, "MOST_BITS", 600)
    case = TRIANGULAR_CASES[0]
    J, expected = TRIANGULAR[f"{case}/slopes"][:, :, None] * TRIANGULAR[f"{case}/W"], TRIANGULAR[f"{case}/log10"][0]
    found = log10_singular_values(J[:, None], [1])[0, 0]
    known = ~np.isnan(found)
    assert 0 < known.sum() < len(found)
    np.testing.assert_allclose(found[known], expected[known], rtol=0, atol=1e-9)
    np.testing.assert_array_equal(np.isneginf(found), np.isneginf(expected))


def test_the_rank_of_a_product_is_known_exactly():
    J = RNG.standard_normal((30, 6, 6))
    J[20, 2], J[10, :, 4], J[3] = 0, 0, np.outer(np.arange(1, 7), np.arange(2, 8))
    assert exact.ranks(J, [0, 3, 4, 11, 21]) == {0: 1, 3: 1, 4: 5, 11: 5, 21: 6}


def test_a_product_whose_factors_all_but_cancel_has_the_norm_that_is_left():
    """u v^T v' u'^T with v^T v' = 10^-20 of its terms: the rounding of float64 is 10^4 times as large."""
    J = np.array([[[1.0, 0], [1, 1e-20]], [[1, -1], [0, 0]]])
    np.testing.assert_allclose(log10_singular_values(J[:, None], [0])[0, 0], [-20, -np.inf])
    np.testing.assert_allclose(exact.log10_norms(J, [0, 1]), [-20, np.log10(np.sqrt(2))])
    np.testing.assert_allclose(products._log10_norms(J[:, None])[:, 0], [-20, np.log10(np.sqrt(2)), 0], atol=1e-15)


def test_the_golden_products_reach_further_than_a_float_does():
    """So that the test above says something: one case spans more than the 308 decades of float64."""
    spans = {case: np.ptp(GOLDEN[f"{case}/log10"][0]) for case in CASES}
    assert max(spans.values()) > 320
    assert sum(span > 16 for span in spans.values()) >= 5


@pytest.mark.parametrize("S", [1, 2, 7, 32])
def test_their_sum_is_the_sum_of_the_logarithms_of_the_determinants(S):
    J = RNG.standard_normal((60, 3, S, S)) * 10.0 ** RNG.uniform(-8, 1, (60, 3, S, 1))
    total = np.linalg.slogdet(J)[1].sum(axis=0) / np.log(10)
    np.testing.assert_allclose(log10_singular_values(J, [0])[0].sum(axis=-1), total, rtol=1e-11)


def test_orthogonal_factors_change_no_length():
    J = np.linalg.qr(RNG.standard_normal((100, 2, 8, 8)))[0]
    np.testing.assert_allclose(log10_singular_values(J, [0, 50]), 0, atol=1e-12)


def test_diagonal_factors_multiply_unit_by_unit_however_small():
    d = 10.0 ** RNG.uniform(-30, 1, (100, 2, 6))
    found = log10_singular_values(d[..., None] * np.eye(6), range(100))
    expected = np.log10(d)[::-1].cumsum(axis=0)[::-1]
    np.testing.assert_allclose(found, -np.sort(-expected, axis=-1), rtol=1e-12, atol=1e-11)
    assert expected.min() < -1000


def test_what_one_factor_takes_away_altogether_is_gone_for_good():
    """Rows of zeros, as of relus at rest: each sequence keeps as many singular values as its poorest step has rows."""
    J = RNG.standard_normal((20, 2, 5, 5))
    J[4, 0, 1] = J[9, 0, 3] = J[9, 0, 4] = 0
    J[15, 1] = 0
    found = log10_singular_values(J, [0, 5, 10, 16])
    assert np.isneginf(found).sum(axis=-1).tolist() == [[2, 5], [2, 5], [0, 5], [0, 0]]


def test_a_product_with_columns_of_zeros_or_of_equal_columns_has_no_more_than_its_rank():
    J = RNG.standard_normal((6, 1, 4, 4))
    J[3, 0, :, 2] = 0
    assert np.isneginf(log10_singular_values(J, [0])[0, 0]).tolist() == [False, False, False, True]
    ones = np.ones((5, 1, 3, 3))
    found = log10_singular_values(ones, [0])[0, 0]
    assert found[0] == pytest.approx(5 * np.log10(3))
    assert (found[1:] < -10).all()


def test_numbers_at_the_ends_of_the_float_s_range_are_no_obstacle():
    J = RNG.standard_normal((8, 1, 4, 4))
    scaled = J * np.array([1e300, 1e-300, 1e250, 1e305, 1e-290, 1e300, 1e-100, 1e200])[:, None, None, None]
    shift = 300 - 300 + 250 + 305 - 290 + 300 - 100 + 200
    np.testing.assert_allclose(log10_singular_values(scaled, [0]), log10_singular_values(J, [0]) + shift, atol=1e-9)
