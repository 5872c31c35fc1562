"""One's own table: it is read, its gaps are filled and told, and whatever is wrong with it is said beside it."""

import numpy as np
import pytest

from lessons.gesture.own import signals
from rnnviz.data import read_csv
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


def test_a_clock_is_no_signal_where_six_others_are_there():
    rows = np.column_stack([np.arange(300), ROWS])
    lines = [",".join(map(str, row)) for row in rows.tolist()]
    assert signals(read_csv("\n".join(["time,a,b,c,d,e,f", *lines]))) == tuple("abcdef")
    assert signals(read_csv("\n".join(["time,a,b,c,d,e", *(line.rsplit(",", 1)[0] for line in lines)])))[0] == "time"


def test_how_many_rows_a_second_is_kept_while_a_table_cannot_be_read():
    at = visit("gesture", mode="explore")
    at.text_area(key="own pasted gesture").set_value(csv(ROWS)).run()
    at.number_input(key="own rate").set_value(20).run()
    at.text_area(key="own pasted gesture").set_value("what?").run()
    at.text_area(key="own pasted gesture").set_value(csv(ROWS)).run()
    assert at.number_input(key="own rate").value == 20
