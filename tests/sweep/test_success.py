"""Laws of the summaries: every run counts once, in its place, and the intervals are the published ones."""

import numpy as np
import pytest

from rnnviz import UnknownNameError, sweep

RECORDS = [
    {"cell": cell, "length": length, "seed": seed, "solved": solved, "loss": loss}
    for cell, length, outcomes in (
        ("lstm", 10, [(True, 0.1), (True, 0.3), (True, 0.2)]),
        ("lstm", 20, [(True, 0.4), (False, 0.9), (False, np.nan)]),
        ("elman", 10, [(False, 1.0)]),
    )
    for seed, (solved, loss) in enumerate(outcomes)
]


def test_shares_count_each_run_in_its_place():
    found = sweep.shares(RECORDS, "solved", by=("cell", "length"))
    assert found.levels == {"cell": ("lstm", "elman"), "length": (10, 20)}
    assert found.hits.tolist() == [[3, 1], [0, 0]]
    assert found.count.tolist() == [[3, 3], [1, 0]]
    np.testing.assert_array_equal(found.share, [[1, 1 / 3], [0, np.nan]])


def test_axes_stand_in_the_order_asked_for_and_others_are_summed_over():
    assert sweep.shares(RECORDS, "solved", by=("length",)).hits.tolist() == [3, 1]
    turned = sweep.shares(RECORDS, "solved", by=("length", "cell"))
    assert turned.hits.tolist() == [[3, 0], [1, 0]]


def test_a_run_without_a_result_did_not_succeed():
    records = [*RECORDS, {"cell": "elman", "length": 10, "seed": 1, "outcome": "diverged"}]
    found = sweep.shares(records, "solved", by=("cell",))
    assert found.count.tolist() == [6, 2]
    assert found.hits.tolist() == [4, 0]


@pytest.mark.parametrize(
    ("hits", "count", "low", "high"),
    # Newcombe 1998, "Two-sided confidence intervals for the single proportion", Statistics in Medicine 17, table I,
    # method 3 (Wilson's score without continuity correction)
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_intervals_are_wilson_s(hits, count, low, high):
    records = [{"a": 1, "hit": k < hits} for k in range(count)]
    found = sweep.shares(records, "hit", by=("a",))
    assert found.low[0] == pytest.approx(low, abs=5e-5)
    assert found.high[0] == pytest.approx(high, abs=5e-5)


def test_intervals_stay_within_0_and_1_and_hold_the_share():
    for count in range(1, 30):
        records = [{"hits": hits, "hit": k < hits} for hits in range(count + 1) for k in range(count)]
        found = sweep.shares(records, "hit", by=("hits",))
        assert (found.low >= 0).all()
        assert (found.low <= found.share).all()
        assert (found.share <= found.high).all()
        assert (found.high <= 1).all()


def test_spread_is_of_the_runs_that_have_a_finite_number():
    found = sweep.spread(RECORDS, "loss", by=("cell", "length"))
    assert found.count.tolist() == [[3, 2], [1, 0]]
    np.testing.assert_allclose(found.median, [[0.2, 0.65], [1.0, np.nan]])
    np.testing.assert_allclose(found.low, [[0.15, 0.525], [1.0, np.nan]])
    np.testing.assert_allclose(found.high, [[0.25, 0.775], [1.0, np.nan]])
    assert found.values.shape == (2, 2, 3)
    np.testing.assert_array_equal(found.values[0, 0], [0.1, 0.3, 0.2])


def test_the_whole_spread_goes_from_the_smallest_to_the_largest():
    found = sweep.spread(RECORDS, "loss", by=("cell",), share=1.0)
    assert found.low.tolist() == [0.1, 1.0]
    assert found.high.tolist() == [0.9, 1.0]


def test_columns_that_are_not_there_are_named():
    with pytest.raises(UnknownNameError, match="no record has right; there are cell, length, loss, seed, solved"):
        sweep.shares(RECORDS, "right", by=("cell",))
    with pytest.raises(UnknownNameError, match="no record has units"):
        sweep.spread(RECORDS, "loss", by=("units",))
