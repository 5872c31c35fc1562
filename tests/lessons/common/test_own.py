"""The reader's own data: whatever is wrong is told once, beside the control; the page goes on with what it brings."""

import pytest
from streamlit.testing.v1 import AppTest

from lessons.common import own
from lessons.common.shared import shared
from tests.data.test_table import WEATHER, WRONG


def said(found: own.Read) -> str:
    return str(shared().rich(f"own.said.{found.name}", found.facts))


def told(at: AppTest) -> list[str]:
    return [str(one.proto.body) for one in at.get("html") if "data-own" in one.proto.body]


@pytest.mark.parametrize("reason", WRONG)
def test_whatever_is_wrong_with_a_table_has_a_sentence_of_its_own(reason: str) -> None:
    found = own.read(WRONG[reason], 1, 1)
    assert (found.data, found.name) == (None, reason)
    assert said(found).endswith(".")


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("day;rain\n1;2,5\n2;wet\n3;1\n4;2", "Line 3, column “rain”: “wet” is no number."),
        ("a,b\n1,2\n1,2,5\n", "decimal commas need semicolons"),
        ("день,погода\nпн,снег\n", "(день and погода), none holds numbers"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "save the sheet as CSV"),
        (b"x" * 100_000_000, "100000000 bytes"),
        ("1,2\n3,4\n5,6\n", "no names but “1”"),
        ("a\n1\n", "1 row, where 3 are needed"),
        ("a\nx\n", "Of its columns (a), none holds numbers; one is needed."),
    ],
    ids=lambda given: repr(given)[:24],
)
def test_a_sentence_names_what_stands_there(given: str | bytes, message: str) -> None:
    assert message in said(own.read(given, 3, 1))


def test_what_is_typed_is_never_markup() -> None:
    found = own.read("a\n1\n2\n<img src=x onerror=alert(1)>\n", 1, 1)
    assert "<img" not in said(found)
    assert "&lt;img" in said(found)


@pytest.mark.parametrize(
    ("head", "rows", "name"),
    [
        ("row,year,heat", [(1, 1990, 3), (2, 1990, 5), (3, 1991, 4)], "heat"),
        ("year,heat,cold", [(1992, 3, 1), (1991, "", 9), (1990, 5, 2), (1989, 4, 7)], "heat"),
        ("none,same,heat", [("", 2, 3), ("", 2, 5), ("", 2, 4)], "heat"),
        ("row,sum", [(1, 3), (2, 5), (3, 8)], "row"),
    ],
)
def test_an_index_a_year_or_what_never_changes_is_not_what_is_looked_at_first(
    head: str, rows: list[tuple[object, ...]], name: str
) -> None:
    found = own.read("\n".join([head, *(",".join(map(str, row)) for row in rows)]), 1, 1)
    assert found.data is not None
    assert own.likely(found.data) == name


def page() -> None:
    import streamlit as st

    from lessons.common import own

    table = own.table("some_lesson", least=2)
    st.text("none" if table is None else own.column("some_lesson", table))


def test_a_page_goes_on_until_there_is_a_table_and_says_what_it_read() -> None:
    at = AppTest.from_function(page).run()
    assert ([one.value for one in at.text], told(at)) == (["none"], [])
    at.text_area(key="own pasted some_lesson").set_value("a\n1\n2\nthree\n").run()
    assert at.text[0].value == "none"
    assert 'role="alert"' in told(at)[0]
    assert "“three” is no number" in told(at)[0]
    at.text_area(key="own pasted some_lesson").set_value(WEATHER).run()
    assert at.text[0].value == "rain"
    assert "3 rows, with numbers in rain" in told(at)[0]
    at.file_uploader[0].set_value(("x.csv", b"heat,cold\n1,2\n3,4\n", "text/csv")).run()
    assert at.text[0].value == "heat"
    at.selectbox[0].set_value("cold").run()
    assert at.text[0].value == "cold"
    for wrong in (b"\x00\x01", b"", b" \n"):
        at.file_uploader[0].set_value(("x.csv", wrong, "text/csv")).run()
        assert at.text[0].value == "none"
        assert 'role="alert"' in told(at)[0]
    assert not at.exception
