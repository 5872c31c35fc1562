"""One's own table: it is read, its gaps are filled and told, and whatever is wrong with it is said beside it."""

import numpy as np
import pytest

from tests.lessons.common.visits import visit

ROWS = np.random.default_rng(0).normal(size=(300, 6)).round(2)
GAPS = np.where((np.arange(300) > 280)[:, None] & (np.arange(6) == 1), np.nan, ROWS)


def csv(rows):
    lines = (",".join("" if np.isnan(value) else str(value) for value in row) for row in rows)
    return "a,b,c,d,e,f\n" + "\n".join(lines)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (ROWS, "3 windows."),
        (GAPS, "19 missing numbers were filled in"),
        (ROWS * 1e6, "Are these the right units?"),
        (ROWS[:60], "That is too short: 1.2 seconds"),
    ],
    ids=["read", "gaps", "large", "short"],
)
def test_a_table_is_read_or_told_what_it_lacks(rows, said):
    at = visit("gesture", mode="explore")
    at.text_area(key="own pasted gesture").set_value(csv(rows)).run()
    assert not at.exception
    assert any(said in one.value for one in (*at.caption, *at.warning))
