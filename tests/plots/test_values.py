"""The datasets hold what the arrays say: overflow is struck, an exact 0 hollow, nothing hidden, nothing invented."""

import numpy as np
import pytest

from rnnviz import NonFiniteError, ShapeError
from rnnviz.plots import Bars, Difference, Group, Line, Strand, Strip, axes, pale, prepare

INF, NAN = np.inf, np.nan


def test_a_line_has_its_points_and_a_gap_where_there_is_no_number() -> None:
    data = prepare.lines([Line("h", [0.5, NAN, -1.0], "forward")], up="h").datasets
    assert data["lines"] == {"x": [1, 2, 3], "y": [0.5, None, -1.0], "k": [0, 0, 0]}
    assert data["read"] == {"x": [1, 2, 3], "y0": [0.5, "NaN", -1.0]}


def test_an_infinite_value_is_struck_where_the_numbers_end() -> None:
    values = [0.0, -1.0, INF, NAN]
    back = prepare.decades([Line("g", values, "backward")]).datasets
    assert (back["struck"]["x"], back["struck"]["label"]) == ([4], ["NaN"])  # computed from the last to the first
    forth = prepare.decades([Line("g", values, "backward")], backwards=False).datasets
    assert (forth["struck"]["x"], forth["struck"]["label"]) == ([3], ["inf"])
    assert forth["gone"] == {"before": [2.5], "after": [4.5], "hue": ["backward"]}


def test_a_linear_axis_strikes_what_is_infinite_too() -> None:
    data = prepare.lines([Line("h", [1.0, -INF])]).datasets
    assert data["struck"]["label"] == ["−inf"]
    assert "zeros" not in data  # 0 has a place on a linear axis


def test_an_exact_zero_is_hollow_at_the_foot_of_a_log_axis() -> None:
    data = prepare.decades([Line("g", [-INF, -1.0], "forget")]).datasets
    assert data["zeros"] == {"x": [1], "y": [data["view"]["low"][0]], "hue": ["forget"]}
    assert data["read"]["y0"] == ["0", -1.0]


def test_a_lone_point_is_drawn_as_a_dot() -> None:
    data = prepare.decades([Line("g", [-INF, -1.0, -INF])]).datasets
    assert (data["dots"]["x"], data["dots"]["y"]) == ([2], [-1.0])


def test_guides_widen_no_axis_and_their_zeros_are_not_drawn() -> None:
    data = prepare.decades([Line("g", [0.0, -1.0])], guides=[Line("ρ", [-INF, -90.0])]).datasets
    assert data["view"]["low"] == [-2]
    assert data["zeros"]["x"] == []


def test_what_something_else_lost_is_struck_with_its_own_words() -> None:
    data = prepare.decades([Line("g", [0.0, 0.0])], struck={2: "h inf"}).datasets
    assert (data["struck"]["x"], data["struck"]["label"], data["struck"]["hue"]) == ([2], ["h inf"], ["ink"])


def test_values_under_the_floor_of_ranks_point_down_at_it() -> None:
    data = prepare.ranked([Line("s", [0.0, -7.0, -12.0, -INF])]).datasets
    assert data["dots"]["below"] == [False, False, True]
    assert data["dots"]["y"][-1] == data["view"]["low"][0] == -8
    assert data["read"]["y0"] == [0.0, -7.0, -12.0, "0"]


def test_units_stand_in_the_order_of_what_is_predicted_and_keep_their_numbers() -> None:
    data = prepare.openness([0.1, 0.2, 0.3], [0.9, 0.5, 0.7], names=("mean", "bias"), across="unit").datasets
    assert data["read"]["y0"] == [0.2, 0.3, 0.1]
    assert data["read"]["label"] == ["unit 2", "unit 3", "unit 1"]


def test_outcomes_have_a_dot_for_each_network_and_the_line_goes_through_the_means() -> None:
    data = prepare.outcomes(
        [Group("a", [[0.5, 1.0], [0.6, 0.8]], "ink", "solid")], up="", across="", chance=0.5, guessing="guess"
    ).datasets
    assert data["cloud"]["y"] == [0.5, 1.0, 0.6, 0.8]
    assert data["read"]["y0"] == pytest.approx([0.75, 0.7])
    assert data["read"]["y1"] == [0.5, 0.5]


def test_strips_beside_each_other_share_the_step_and_the_span() -> None:
    strips = [Strip("c", [Strand("c", [0.1, 0.2, 0.3], "forward")]), Strip("y", [Strand("y", [1, 0, 1], "untouched")])]
    chart = prepare.beside(strips, 2, (1, 2))
    assert chart.datasets["step"] == {"step": [2]}
    assert chart.datasets["s0_span"] == chart.datasets["s1_span"] == {"before": [0.5], "after": [2.5]}
    assert [panel.across for panel in chart.shape] == [False, True]


def test_a_strip_cut_off_below_says_so_and_zeros_stay_zeros() -> None:
    data = prepare.beside([Strip("left", [Strand("l", [1, 1e-9, 0], "forward")], log=True, lowest=-4)], 1).datasets
    assert data["s0_up"]["label"][-1] == "≤ 10⁻⁴"
    assert data["s0_zeros"]["x"] == [3]


def test_a_heat_map_has_a_row_for_every_row_and_says_what_is_no_number() -> None:
    data = prepare.heat_map([[0.25, NAN], [-1, INF]]).datasets
    assert data["cells"] == {"x": [1, 2, 1, 2], "y": [1, 1, 2, 2], "v": [0.25, "NaN", -1, "∞"]}
    assert data["odd"] == {"x": [2, 2], "y": [1, 2], "zero": [False, False]}


def test_a_map_of_scales_marks_the_nearest_network_and_dots_its_zeros() -> None:
    data = prepare.scale_map([0.5, 1.0, 1.5], [[-INF, 0], [0, 0], [0, INF]], scale=1.1, step=2, name="ρ").datasets
    assert data["row"] == {"row": [1.0]}
    assert data["odd"] == {"x": [1, 2], "y": [0.5, 1.5], "zero": [True, False]}
    assert data["cells"]["v"] == ["0", 0, 0, 0, 0, "∞"]


def test_a_map_that_looks_blank_says_how_near_to_one_it_is() -> None:
    assert pale([[0.1, -0.2]]) == pytest.approx(1.59)
    assert pale([[0.1, -2]]) is None
    assert pale([[0.1, NAN]]) is None


def test_bars_are_struck_and_hollow_where_they_cannot_be_drawn() -> None:
    data = prepare.bars([Bars("p", [0.5, 0.0, NAN], "forward")], "abc").datasets
    assert data["bars"]["y"] == [0.5, 0.0, None]
    assert (data["odd"]["label"], data["odd"]["y"][0]) == (["", "NaN"], 0.0)


def test_a_histogram_counts_everything_once() -> None:
    norms = np.array([0, 0, INF, NAN, 1e-3, 1.0, 1.0, 50.0])
    data = prepare.histogram(norms, norms, name="", of="", names=("a", "b", "c")).datasets
    assert sum(data["bins"]["before"]) == 4
    assert data["odd"]["label"] == ["0: 2", "inf, NaN: 2"]


def test_equal_eigenvalues_are_one_dot_that_says_so() -> None:
    data = prepare.eigenvalues([1, 1 + 1e-15, -0.5j]).datasets
    assert data["values"]["x"] == [1, 0]
    assert "(2×)" in data["values"]["says"][0]
    with pytest.raises(NonFiniteError):
        prepare.eigenvalues([NAN])


def test_the_circle_that_is_predicted_has_its_radius() -> None:
    data = prepare.eigenvalues([0.5], 0.8).datasets["predicted"]
    assert np.hypot(data["x"], data["y"]) == pytest.approx(0.8, abs=1e-6)
    assert prepare.eigenvalues([0.5]).datasets["predicted"]["x"] == []


def test_two_pasts_that_never_differ_have_no_one_percent() -> None:
    data = Difference(np.zeros((3, 2)), np.zeros(3), 1, 0.5)
    made = prepare.difference(data, "abc", "abc", 1, tapes=("a", "b"), names=("d", "1 %", "most")).datasets
    assert "y1" not in made["s1_read"]
    assert made["s1_zeros"]["x"] == [1, 2, 3]
    assert not any(made["tapes"]["differs"])


def test_the_most_that_theory_allows_is_drawn_only_where_it_shrinks() -> None:
    values = np.ones((3, 1))

    def guides(bound: float) -> int:
        data = Difference(values, values[:, 0], 1, bound)
        made = prepare.difference(data, "abc", "abd", 1, tapes=("a", "b"), names=("d", "1 %", "most")).datasets
        return len(made["s1_read"]) - 2

    assert (guides(0.5), guides(1.0)) == (2, 1)


def test_a_share_that_does_not_exist_has_no_bar_and_a_zero_is_a_ring() -> None:
    made = prepare.shares("", ["a"], [[0.0, NAN, 1.0]], "xyz", 1, ["1 %"])
    assert made.datasets["zeros"]["x"] == [1]
    assert made.datasets["bars"]["x"] == [3]
    with pytest.raises(ValueError, match=r"within \[0, 1\]"):
        prepare.shares("", ["a"], [[2.0]], "x", 1, [""])


def test_a_cell_says_how_many_runs_of_how_many_and_is_empty_without_any() -> None:
    hits, count = np.array([[[2, 0]], [[3, 0]]]), np.array([[[4, 5]], [[3, 0]]])
    share = [0.5, 0, 1]
    low, high = np.array([[[0.2, 0]], [[0.4, 0]]]), np.array([[[0.8, 0.5]], [[1, 1]]])
    chart = prepare.success("Solved", ("a", "b"), ("10", "20"), hits, count, low, high)
    cells, bars = chart.datasets["cells"], chart.datasets["bars"]
    assert cells["said"] == ["2/4", "0/5", "3/3", ""]
    assert cells["v"] == [0.5, 0, 1, 0]
    assert list(zip(cells["x"], cells["y"])) == [(1, 1), (2, 1), (1, 2), (2, 2)]
    assert bars["y"] == [1, 1, 2]
    ends = np.array([bars["from"], bars["at"], bars["to"]]) - np.array([1, 2, 1])  # from the middles of the columns
    scaled = (ends + 0.36) / 0.72
    np.testing.assert_allclose(scaled, [[0.2, 0, 0.4], share, [0.8, 0.5, 1]], atol=1e-12)
    assert chart.description == "Solved. a, 10: 2/4; a, 20: 0/5; b, 10: 3/3; b, 20: no runs"


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: prepare.lines([]),
        lambda: prepare.lines([Line("a", [1.0]), Line("b", [1.0, 2.0])]),
        lambda: prepare.decades([Line("a", [1.0, 2.0])], mark_at=3),
        lambda: prepare.heat_map([1.0, 2.0]),
        lambda: prepare.scale_map([1, 2], np.zeros((2, 3)), scale=1, step=4, name=""),
        lambda: prepare.bars([Bars("a", [1.0])], ["a", "b"]),
        lambda: prepare.beside([Strip("c", [Strand("c", [1.0, 2.0], "forward")])], 3),
        lambda: prepare.histogram([1.0], [], name="", of="", names=("", "", "")),
        lambda: prepare.success("", ["a"], ["b"], [[1]], [[1]], [[0]], [[1]]),
    ],
)
def test_what_does_not_fit_is_refused(wrong: object) -> None:
    with pytest.raises(ShapeError):
        wrong()  # type: ignore[operator]


def test_axes_end_where_the_old_ones_did() -> None:
    assert axes.decades([-3.2, 0.5]).ticks[0] == (-4, "10⁻⁴")
    assert [label for _, label in axes.steps(1, 50).ticks][:2] == ["1", "5"]
    assert [label for _, label in axes.linear([-0.3, 0.9]).ticks] == ["−0.5", "0.0", "0.5", "1.0"]
    assert axes.linear([]).low == 0.0
