"""What controls make of what an address, a browser or a test says."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessons.common.controls import (
    Choice,
    Control,
    Day,
    Range,
    Seed,
    Span,
    Steps,
    Text,
    from_address,
    settle,
    shown,
    to_address,
)

RHO = Range("rho", 0.0, 1.5, 0.05, 0.9, digits=2)
UNITS = Range("units", 1, 32, 1, 8)
RATE = Steps("rate", (0.01, 0.1, 1.0, 10.0), 1.0)
FACTOR = Steps("factor", ("off", "1", "2"), "1", was={"no clipping": "off"})
INPUT = Choice("input", ("weather", "sentence"), "weather", was={"a sentence": "sentence"})
SCHEME = Choice("scheme", ("uniform", "zeros"), "uniform", look="list")
SPAN = Span("span", 1, 20, (9, 9))
TEXT = Text("text", "the cat", most=20)
DAY = Day("day", date(1981, 1, 1), date(1990, 11, 1), date(1981, 4, 11))
SEED = Seed()
ALL: tuple[Control, ...] = (RHO, UNITS, RATE, FACTOR, INPUT, SCHEME, SPAN, TEXT, DAY, SEED)
NONSENSE = [
    "",
    "banana",
    "-1e999",
    "nan",
    "inf",
    "9" * 5000,
    "\x00",
    "<b>",
    "²",
    [],
    ["", ""],
    ["1", "x"],
    True,
    {},
    None,
]


@pytest.mark.parametrize("control", [control for control in ALL if control is not TEXT], ids=lambda control: control.id)
@pytest.mark.parametrize("said", NONSENSE, ids=lambda said: repr(said)[:12])
def test_nonsense_is_the_default(control: Control, said: Any) -> None:
    assert control.read(said) == control.default


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.dates() | st.datetimes(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner, max_size=2),
    max_leaves=4,
)


@given(anything)
def test_whatever_is_said_becomes_a_value_which_its_own_writing_gives_back(said: Any) -> None:
    for control in ALL:
        value = control.read(said)
        assert control.read(value) == value
        assert control.read(control.write(value)) == value
        assert control.read([control.write(value)]) == value


@given(st.floats(0, 1.5))
def test_an_address_may_name_a_number_between_the_steps(number: float) -> None:
    assert RHO.read(str(number)) == number
    assert RHO.read(RHO.write(number)) == number


@pytest.mark.parametrize(("said", "value"), [("1e0", 1.0), (" 0.5 ", 0.5), (["", "0.5"], 0.5), ("1.51", 0.9), (1, 1.0)])
def test_a_number_may_be_written_as_python_reads_it(said: Any, value: float) -> None:
    assert RHO.read(said) == value


@pytest.mark.parametrize(("said", "value"), [("2.7", 2), ("1e1", 10), ("0.5", 8), ("33", 8), ("-0", 8), (32.0, 32)])
def test_whole_numbers_are_whole(said: Any, value: int) -> None:
    assert UNITS.read(said) == value
    assert isinstance(UNITS.read(said), int)


def test_there_is_no_negative_zero() -> None:
    assert str(RHO.read("-0.0")) == "0.0"
    assert RHO.write(RHO.read("-0.0")) == "0"


def test_where_an_end_moves_the_default_and_a_number_within_reach_move_with_it() -> None:
    lag = Range("lag", 1, 19, 1, 30, reach=99)
    assert [lag.read(said) for said in ("50", "99", "100", "0", "7", None)] == [19, 19, 19, 19, 7, 19]
    assert Range("lag", 1, 49, 1, 30, reach=99).read("100") == 30


def test_a_range_of_one_number_is_that_number_and_is_not_shown() -> None:
    only = Range("hidden", 1, 1, 1, 5)
    assert only.read("3") == 1
    assert not shown(only)
    assert shown(UNITS)
    assert not shown(Span("span", 1, 1, (1, 1)))


@pytest.mark.parametrize("said", ["10", "10.0", "1e1", 10, 10.0, ["10.0"]])
def test_a_step_may_be_written_as_any_number_is(said: Any) -> None:
    assert RATE.read(said) == 10.0
    assert RATE.write(10.0) == "10"


def test_steps_may_be_ids_and_have_old_words() -> None:
    assert [FACTOR.read(said) for said in ("no clipping", "off", "2", 2, "3")] == ["off", "off", "2", "2", "1"]


@pytest.mark.parametrize(
    ("said", "value"), [("a sentence", "sentence"), ("sentence", "sentence"), (["x", "a sentence"], "sentence")]
)
def test_old_words_open_what_they_opened(said: Any, value: str) -> None:
    assert INPUT.read(said) == value


def test_of_a_list_in_an_address_the_last_word_counts() -> None:
    assert SCHEME.read(["uniform", "zeros"]) == "zeros"
    assert SCHEME.read(["zeros", "x"]) == "uniform"


@pytest.mark.parametrize(
    ("said", "value"),
    [
        (["20", "1"], (1, 20)),
        (["3", "5"], (3, 5)),
        (["0", "99"], (9, 9)),
        (["x", "y"], (9, 9)),
        (["3"], (9, 9)),
        (["1", "2", "3"], (9, 9)),
        ("3-20", (3, 20)),
        ("20-3", (3, 20)),
        ("0-20", (9, 9)),
        ((4, 2), (2, 4)),
        ([4.0, 2.0], (2, 4)),
    ],
)
def test_any_span_is_a_span_or_the_default(said: Any, value: tuple[int, int]) -> None:
    assert SPAN.read(said) == value


def test_a_span_may_lie_below_zero() -> None:
    below = Span("span", -9, 9, (0, 0))
    assert below.read(below.write((-7, -3))) == (-7, -3)


def test_texts_are_taken_as_typed_up_to_their_length() -> None:
    assert TEXT.read("") == ""
    assert TEXT.read(["a", "<b>&\u0394"]) == "<b>&\u0394"
    assert TEXT.read("x" * 5000) == "x" * 20
    assert TEXT.read("a\ud800b") == "a?b"
    assert TEXT.read(None) == "the cat"


@pytest.mark.parametrize("said", ["1984-04-10", "1984/04/10", "1984-4-10", ["1984-04-10"], date(1984, 4, 10)])
def test_a_day_may_be_written_both_ways(said: Any) -> None:
    assert DAY.read(said) == date(1984, 4, 10)
    assert DAY.read(datetime(1984, 4, 10, 12)) == date(1984, 4, 10)


@pytest.mark.parametrize("said", ["1999-01-01", "1984-02-30", "10.4.1984", ["1984-04-10", "x"], "0000-00-00"])
def test_a_day_that_there_is_not_is_the_default(said: Any) -> None:
    assert DAY.read(said) == DAY.default


@pytest.mark.parametrize(("said", "value"), [("7", 7), ("3.7", 3), ("10000", 0), ("-1", 0), ("inf", 0), (9999.0, 9999)])
def test_a_seed_is_a_whole_number_of_four_digits(said: Any, value: int) -> None:
    assert SEED.read(said) == value


def controls(values: Mapping[str, Any]) -> tuple[Control, ...]:
    if values.get("input", "weather") == "weather":
        return (INPUT, UNITS)
    shape = Choice("shape", ("one", "two"), "one")
    return (INPUT, Text("text", "the cat", was_id="typed"), shape, *((SPAN,) if values.get("shape") == "two" else ()))


def test_a_choice_brings_others() -> None:
    assert settle(controls, {}) == ((INPUT, UNITS), {"input": "weather", "units": 8})
    assert settle(controls, {"input": "sentence", "shape": "two", "units": 3, "span": "3-5"})[1] == {
        "input": "sentence",
        "text": "the cat",
        "shape": "two",
        "span": (3, 5),
    }


def test_an_address_reproduces_the_values_and_leaves_defaults_out() -> None:
    asked = {"input": "a sentence", "typed": "a dog", "shape": "two", "span": ["5", "3"], "other": "1"}
    values = from_address(controls, asked)
    assert values == {"input": "sentence", "text": "a dog", "shape": "two", "span": (3, 5)}
    written = to_address(settle(controls, values)[0], values)
    assert written == {"input": "sentence", "text": "a dog", "shape": "two", "span": "3-5"}
    assert from_address(controls, written) == values
    assert to_address(*settle(controls, {})) == {}


def test_todays_name_of_a_parameter_goes_before_its_former_one() -> None:
    assert from_address(controls, {"input": "sentence", "typed": "old", "text": "new"})["text"] == "new"


def test_controls_that_never_settle_are_asked_a_few_times_only() -> None:
    def restless(values: Mapping[str, Any]) -> tuple[Control, ...]:
        return (Range("n", 0, 99, 1, (values.get("n", 0) + 1) % 99),)

    assert settle(restless, {})[1]["n"] > 0


def test_a_control_can_be_kept_in_a_set() -> None:
    assert len(set(ALL)) == len(ALL)
