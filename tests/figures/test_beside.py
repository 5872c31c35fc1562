"""Two runs side by side: every number stands at its height, zeros are said, and the operated steps are shaded."""

import re

import numpy as np
import pytest

from rnnviz import NonFiniteError, ShapeError
from rnnviz.figures import Strand, Strip, beside
from rnnviz.figures.beside import decades
from tests.pictures import number

RNG = np.random.default_rng(0)
STATE, OTHER = RNG.uniform(-1, 1, 12), RNG.uniform(-1, 1, 12)
GRADIENT = 10.0 ** -np.arange(12) * (-1.0) ** np.arange(12)
LINEAR = Strip("Cell state", (Strand("c untouched", OTHER, "untouched"), Strand("c operated", STATE, "forward")))
LOG = Strip("Gradient", (Strand("dL/dc", GRADIENT, "backward"),), log=True)


def heights(html: str) -> list[list[float]]:
    """The middle of each line, from 0 at the foot to 1 at the top."""
    found = []
    for polygon in re.findall(r"clip-path:polygon\(([^\"]*)\)\"", html):
        y = [float(y) for y in re.findall(r"[\d.]+% calc\((-?[\d.]+)%", polygon)]
        found.append([1 - percent / 100 for percent in y[: len(y) // 2]])
    return found


@pytest.mark.parametrize("step", [1, 7, 12])
def test_the_keys_say_the_numbers_of_the_step(step: int) -> None:
    keys = re.findall(r"</i>([^<]*) <b>([^<]*)</b>", beside((LINEAR,), step).body)
    assert [label for label, _ in keys] == ["c untouched", "c operated"]
    assert [number(said) for _, said in keys] == pytest.approx([OTHER[step - 1], STATE[step - 1]], rel=5e-3)


def test_signed_numbers_stand_on_a_linear_axis() -> None:
    untouched, operated = heights(beside((LINEAR,), 1).body)
    assert untouched == pytest.approx((OTHER + 1) / 2, abs=1e-4)
    assert operated == pytest.approx((STATE + 1) / 2, abs=1e-4)


def test_magnitudes_stand_on_a_log_axis_between_whole_decades() -> None:
    (line,) = heights(beside((LOG,), 1).body)
    assert decades([np.abs(GRADIENT)]) == (-11, 0, False)
    assert line == pytest.approx(1 - np.arange(12) / 11, abs=1e-4)


def test_a_magnitude_of_zero_breaks_the_line_and_is_said() -> None:
    values = GRADIENT.copy()
    values[4] = 0
    html = beside((Strip("Gradient", (Strand("dL/dc", values, "backward"),), log=True),), 5).body
    assert [len(line) for line in heights(html)] == [4, 7]
    assert re.findall(r'class="none backward" style="--at:(\d+)">0<', html) == ["5"]
    assert "dL/dc <b>0</b>" in html


def test_nothing_but_zeros_is_drawn() -> None:
    html = beside((Strip("Gradient", (Strand("dL/dc", np.zeros(3), "backward"),), log=True),), 1).body
    assert not heights(html)
    assert html.count('class="none backward"') == 3


@pytest.mark.parametrize(
    ("values", "lowest", "expected"),
    [
        ([1.0], -300, (-1, 0, False)),
        ([0.5, 0.03], -300, (-2, 0, False)),
        ([10.0, 1.0], -300, (0, 1, False)),
        ([1.0, 1e-40], -300, (-16, 0, True)),
        ([1.0, 1e-14], -12, (-12, 0, True)),
        ([1e-20], -12, (-12, -11, True)),
        ([0.0, 0.0], -12, (-1, 0, False)),
        ([5e-324], -400, (-324, -323, False)),
    ],
)
def test_the_decades_around_magnitudes(values: list[float], lowest: int, expected: tuple[int, int, bool]) -> None:
    assert decades([np.array(values)], lowest) == expected


def test_an_axis_that_ends_above_the_smallest_number_says_so() -> None:
    small = Strip("Left", (Strand("measured", np.array([1.0, 1e-15]), "forward"),), log=True, lowest=-12)
    assert "≤ 10<sup>−12</sup>" in beside((small,), 1).body
    assert heights(beside((small,), 1).body)[0][1] == pytest.approx(0, abs=1e-4)
    assert "≤" not in re.sub(r"<style>.*</style>", "", beside((LOG,), 1).body, flags=re.DOTALL)


def test_the_operated_steps_are_shaded_and_only_those() -> None:
    html = beside((LINEAR, LOG), 3, (4, 9)).body
    assert "--t:3;--first:4;--last:9" in html
    assert html.count('<i class="span">') == 2
    assert '<i class="span">' not in beside((LINEAR, LOG), 3).body


def test_strands_differ_in_more_than_colour() -> None:
    assert re.findall(r'class="line (\w+)"', beside((LINEAR,), 1).body) == ["untouched", "forward"]


def test_one_step_is_drawn() -> None:
    one = Strip("a", (Strand("b", np.array([0.5]), "forward"),))
    assert "nan" not in beside((one,), 1, (1, 1)).body


def test_what_was_typed_stays_text() -> None:
    assert "<script" not in beside((Strip("<script>", (Strand("<script>", STATE, "forward"),)),), 1).body


@pytest.mark.parametrize(("step", "span"), [(0, None), (13, None), (1, (0, 3)), (1, (3, 2)), (1, (3, 13))])
def test_a_step_outside_is_refused(step: int, span: tuple[int, int] | None) -> None:
    with pytest.raises(ShapeError, match="T = 12"):
        beside((LINEAR,), step, span)


def test_strands_of_different_lengths_are_refused() -> None:
    with pytest.raises(ShapeError, match="one length"):
        beside((LINEAR, Strip("a", (Strand("b", np.zeros(5), "forward"),))), 1)


def test_what_is_not_finite_is_refused() -> None:
    with pytest.raises(NonFiniteError, match="b must be finite"):
        beside((Strip("a", (Strand("b", np.array([np.nan]), "forward"),)),), 1)
