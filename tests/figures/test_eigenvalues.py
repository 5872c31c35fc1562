"""Eigenvalues stand where they are, the unit circle is round, and every card picks what it shows."""

import re

import numpy as np
import pytest

from rnnviz import NonFiniteError
from rnnviz.figures import Card, cards, eigenvalues
from rnnviz.figures.eigenvalues import bars, cloud

TURN = np.array([0.5 + 0.25j, 0.5 - 0.25j, -1.0])


def dots(body: str) -> list[tuple[float, float]]:
    found = re.findall(r'<input [^>]*style="left:([^%]*)%;top:([^%]*)%"', body)
    return [((float(x) - 50) / 50 * reach(body), (50 - float(y)) / 50 * reach(body)) for x, y in found]


def reach(body: str) -> float:
    low, other, wide, high = map(float, re.search(r'viewBox="([^"]*)"', body)[1].split())
    assert low == other
    assert wide == high == -2 * low
    return -low


def test_each_eigenvalue_stands_at_its_place_and_says_its_size():
    body = eigenvalues(TURN).body
    assert np.array(dots(body)) == pytest.approx(np.array([(-1.0, 0.0), (0.5, -0.25), (0.5, 0.25)]), abs=1e-3)
    says = ["λ = −1.00 + 0i, |λ| = 1.00", "λ = 0.500 − 0.250i, |λ| = 0.559", "λ = 0.500 + 0.250i, |λ| = 0.559"]
    assert re.findall(r'data-say="([^"]*)"', body) == says
    assert re.findall(r'aria-label="(λ[^"]*)"', body) == says
    assert '<circle class="unit" r="1"/>' in body


def test_the_size_of_an_eigenvalue_of_one_is_one_however_it_was_rounded():
    body = eigenvalues(np.array([1 - 1e-15, 1j * (1 + 1e-15)])).body
    assert "|λ| from 1.00 to 1.00" in body


def test_equal_eigenvalues_are_one_dot_that_says_how_many():
    body = eigenvalues(np.ones(7, complex)).body
    assert len(dots(body)) == 1
    assert "|λ| = 1.00, 7 times" in body


@pytest.mark.parametrize("largest", [0.1, 1.5, 3.7, 3.8, 4.5, 5.7, 9.0, 20.0, 68.0, 99.0, 1e9])
def test_the_labels_of_the_axes_keep_apart(largest):
    found = re.findall(r'class="(?:re|im)" style="(?:left|top):([\d.]+)%"', eigenvalues(np.array([largest + 0j])).body)
    assert len(found) == 4
    assert all(100 / 9 < abs(float(at) - 50) < 48 for at in found)  # 30 pixels of the 268 that the plane has


def test_a_unit_circle_as_small_as_a_dot_is_named():
    assert "ring at 1" not in eigenvalues(TURN * 10).body
    assert "ring at 1" in eigenvalues(TURN * 60).body


@pytest.mark.parametrize("largest", [0.0, 1.5, 1.7, 5.7, 68.0, 1e9])
def test_every_eigenvalue_lies_inside_and_the_axes_do_not_move_for_small_ones(largest):
    body = eigenvalues(np.array([largest, -largest / 2])).body
    assert reach(body) >= largest
    assert reach(body) <= max(1.6, 1.4 * largest)
    assert all(0 < float(at) < 100 for at in re.findall(r'class="re" style="left:([\d.]+)%"', body))


def test_the_promised_radius_is_dashed_and_fits():
    body = eigenvalues(TURN, 3.0).body
    assert '<circle class="promised" r="3"/>' in body
    assert reach(body) > 3
    assert "promised" not in eigenvalues(TURN, 0.0).body


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_what_is_not_finite_is_refused(bad):
    with pytest.raises(NonFiniteError):
        eigenvalues(np.array([bad]))


def test_a_card_picks_its_start_and_the_chosen_one_is_pressed():
    body = cards([Card("<a>", "scheme: a", cloud(TURN), "ρ 1"), Card("b", "scheme: b", "", "")], 1).body
    assert "<a>" not in body
    assert re.findall(r'data-pick="([^"]*)" aria-pressed="([^"]*)"', body) == [
        ("scheme: a", "false"),
        ("scheme: b", "true"),
    ]
    assert 'style="--n:2"' in body
    assert 'style="--n:5"' in cards([Card("a", "", "", "")], 0, places=5).body
    assert re.findall(r'data-lights="([^"]*)"', body) == ["other-0", "other-1"]


def test_a_card_s_cloud_has_a_point_per_eigenvalue():
    drawn = cloud(TURN)
    half = -float(re.search(r'viewBox="(\S+)', drawn)[1])
    unit = float(re.search(r'class="unit" r="([^"]*)"', drawn)[1])
    points = [(float(x), -float(y)) for x, y in re.findall(r"M(\S+) (\S+?)h0", drawn)]
    assert unit < half
    assert np.array(points) == pytest.approx(unit * np.array([[0.5, 0.25], [0.5, -0.25], [-1, 0]]), abs=0.5)


def test_a_card_s_bars_are_as_high_as_the_gate_is_open():
    assert re.search(r'class="bars" d="([^"]*)"', bars(np.array([0.25, 1.0])))[1] == "M0.5 2V1.5M1.5 2V0"
