"""Tables: what is read of a CSV file, and what is said of one that cannot be."""

import contextlib
import csv
import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import rnnviz as rv
from rnnviz.data import Limits, from_frame, read_csv

WEATHER = "day,rain,weather\n2012-01-01,0.0,drizzle\n2012-01-02,10.9,rain\n2012-01-03,,rain\n"


def test_columns_are_numbers_dates_or_text() -> None:
    table = read_csv(WEATHER)
    assert (table.names, table.numbers, table.dates) == (("day", "rain", "weather"), ("rain",), ("day",))
    assert len(table) == 3
    np.testing.assert_array_equal(table.values("rain"), [[0.0], [10.9], [np.nan]])
    assert table.columns["day"][1] == np.datetime64("2012-01-02")
    assert table.columns["weather"].tolist() == ["drizzle", "rain", "rain"]


@pytest.mark.parametrize(
    "said",
    [
        WEATHER.replace("\n", "\r\n"),
        WEATHER.replace(",", ";").replace(".", ","),
        WEATHER.replace(",", "\t"),
        WEATHER.replace(",", ", "),
        WEATHER.replace(",,", ",NA,"),
        WEATHER.replace("2012-01-0", "2012/1/"),
        "\n\n" + WEATHER + "\n,,\n",
        "\ufeff" + WEATHER,
        WEATHER.encode(),
        WEATHER.encode("utf-8-sig"),
        WEATHER.encode("utf-16"),
        WEATHER.replace("10.9", '"10,9"').replace("0.0", '"0,0"'),
    ],
    ids=lambda said: repr(said)[:30],
)
def test_the_same_table_in_any_form(said: str | bytes) -> None:
    table, same = read_csv(said), read_csv(WEATHER)
    assert table.names == same.names
    np.testing.assert_array_equal(table.values(), same.values())
    np.testing.assert_array_equal(table.columns["day"], same.columns["day"])


@pytest.mark.parametrize(
    ("cells", "value"),
    [("1.234,5", 1234.5), ("1,5", 1.5), ("-3", -3), ("−3", -3), ("2e-3", 0.002), ("+.5", 0.5), ("1.234", 1.234)],
)
def test_numbers_between_semicolons(cells: str, value: float) -> None:
    assert read_csv(f"a;b\n{cells};x\n").values()[0, 0] == value


def test_thousands_in_quotes() -> None:
    assert read_csv('a,b\n"1,234.5",x\n').values()[0, 0] == 1234.5


def test_other_alphabets_are_names_like_any_other() -> None:
    assert read_csv("день,температура\nпн,3\n").numbers == ("температура",)
    assert read_csv("Größe,Tag\n3,Mo\n".encode("cp1252")).names == ("Größe", "Tag")


WRONG = {
    "empty": "",
    "size": "a" * 2_000_001,
    "binary": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
    "quotes": 'a,b\n1,"2\n',
    "no_header": "1,2\n3,4\n",
    "no_rows": "day,rain\n",
    "names": "rain,rain\n1,2\n",
    "rows": "a\n" + "1\n" * 50_001,
    "columns": ",".join(f"c{k}" for k in range(51)),
    "cells": "day,rain\n2012-01-01,1\n2012-01-02,1,5\n",
    "number": "day,rain\n1,2\n2,3\n3,wet\n",
    "date": "day\n2012-01-01\n2012-01-02\n2012-02-31\n",
}


@pytest.mark.parametrize("reason", WRONG)
def test_whatever_is_wrong_is_told_by_its_own_reason(reason: str) -> None:
    with pytest.raises(rv.TableError) as told:
        read_csv(WRONG[reason])
    assert told.value.reason == reason


def test_an_error_names_row_column_and_what_stands_there() -> None:
    with pytest.raises(rv.TableError, match="row 4, column 'rain': 'wet' is no number") as told:
        read_csv(WRONG["number"])
    assert (told.value.row, told.value.column, told.value.stands) == (4, "rain", "wet")
    with pytest.raises(rv.TableError, match="row 3 has 3 cells, but there are 2 columns"):
        read_csv(WRONG["cells"])


@pytest.mark.parametrize("word", ["inf", "-inf", "1e999"])
def test_infinity_is_no_number(word: str) -> None:
    with pytest.raises(rv.TableError, match="is no number"):
        read_csv(f"a\n1\n2\n{word}\n")


def test_a_column_of_gaps_is_of_numbers() -> None:
    assert np.isnan(read_csv("a,b\n,1\nNA,2\n").values("a")).all()


def test_columns_that_are_none_of_numbers_are_named() -> None:
    with pytest.raises(rv.UnknownNameError, match=r"'weather' is no column of numbers; those are \['rain'\]"):
        read_csv(WEATHER).values("weather")
    with pytest.raises(rv.TableError, match="no column holds numbers"):
        read_csv("a,b\nx,y\n").values()


@given(st.binary(max_size=300) | st.text(max_size=300))
def test_anything_is_a_table_or_a_table_error(said: str | bytes) -> None:
    with contextlib.suppress(rv.TableError):
        table = read_csv(said, Limits(size=250))
        assert all(len(column) == len(table) for column in table.columns.values())


NAMES = st.text(st.characters(exclude_categories=["C", "Z"], exclude_characters=',;\t|"'), min_size=1, max_size=9)
NUMBERS = st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=9)


@given(NUMBERS, st.sampled_from(",;\t|"), NAMES)
def test_numbers_come_back_as_they_were_written(numbers: list[float], part: str, name: str) -> None:
    file = io.StringIO()
    csv.writer(file, delimiter=part).writerows([["n", f"a {name}"], *([number, "x"] for number in numbers)])
    np.testing.assert_array_equal(read_csv(file.getvalue()).columns["n"], numbers)


def test_a_data_frame_gives_the_same_table() -> None:
    pandas = pytest.importorskip("pandas")
    frame = pandas.read_csv(io.StringIO(WEATHER), parse_dates=["day"])
    table, same = from_frame(frame), read_csv(WEATHER)
    assert table.names == same.names
    np.testing.assert_array_equal(table.values(), same.values())
    np.testing.assert_array_equal(table.columns["day"], same.columns["day"])
    assert table.columns["weather"].tolist() == same.columns["weather"].tolist()
    with pytest.raises(rv.TableError, match="no rows"):
        from_frame(frame[:0])
    with pytest.raises(TypeError):
        from_frame([1, 2])
