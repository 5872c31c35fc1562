"""The dials on a page, without a browser: what Python makes of the address, and of what the browser tells."""

import textwrap
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from lessons.common.controls import Choice, Range, Span, Steps, Text
from lessons.common.dials import described

PAGE = textwrap.dedent(
    """
    from datetime import date

    import streamlit as st

    from lessons.common import dials
    from lessons.common.controls import Choice, Day, Range, Span, Text


    def controls(values):
        weather = values.get("input", "weather") == "weather"
        return (
            Choice("input", ("weather", "sentence"), "weather", was={"a sentence": "sentence"}),
            Range("rho", 0.0, 1.5, 0.05, 0.9, digits=2, was_id="scale"),
            Day("day", date(1981, 1, 1), date(1990, 11, 1), date(1981, 4, 11)) if weather else Text("text", "the cat"),
            Range("steps", 10, 100, 1, 50),
            Range("lag", 1, values.get("steps", 50) - 1, 1, 30, reach=99),
            Span("span", 1, 12, (3, 7)),
        )


    st.button("preset", on_click=dials.put, kwargs={"rho": 0.3, "input": "sentence", "text": "a dog"})
    st.button("reset", on_click=dials.reset)
    st.session_state["before"] = dials.current(controls)
    st.session_state["values"] = dials.mount(controls, {"rho": "recurrent scale"})
    st.session_state["serial"] = dials.serial()
    st.session_state["names"] = dials.every_id(controls)
    if st.button("write"):
        st.query_params["beat"] = "one"
    """
)
DEFAULTS = {"input": "weather", "rho": 0.9, "day": "1981-04-11", "steps": 50, "lag": 30, "span": "(3, 7)"}


def visit(said: dict[str, Any] | None = None, **query: Any) -> AppTest:
    at = AppTest.from_string(PAGE, default_timeout=60)
    at.query_params.update(query)
    return tell(at, said)


def tell(at: AppTest, said: dict[str, Any] | None) -> AppTest:
    if said is not None:
        at.session_state["dials"] = {"values": said}
    at.run()
    assert not at.exception
    return at


def click(at: AppTest, label: str) -> AppTest:
    next(button for button in at.button if button.label == label).click().run()
    assert not at.exception
    return at


def values(at: AppTest) -> dict[str, Any]:
    assert at.session_state["before"] == at.session_state["values"]
    found = at.session_state["values"]
    return {name: value if isinstance(value, int | float | str) else str(value) for name, value in found.items()}


def address(at: AppTest) -> dict[str, Any]:
    return dict(at.query_params)


def test_at_first_all_is_at_its_default_and_the_address_says_nothing() -> None:
    at = visit()
    assert values(at) == DEFAULTS
    assert address(at) == {}


def test_an_address_sets_the_values_and_says_them_in_todays_words() -> None:
    at = visit(input="a sentence", scale="0.1234", text="a dog", span=["7", "4"], other="kept", day="1984-04-10")
    assert values(at) == {
        "input": "sentence",
        "rho": 0.1234,
        "text": "a dog",
        "steps": 50,
        "lag": 30,
        "span": "(4, 7)",
    }
    said = address(at)
    assert said["other"] == "kept"
    assert {name: said[name] for name in ("input", "rho", "text", "span")} == {
        "input": "sentence",
        "rho": "0.1234",
        "text": "a dog",
        "span": "4-7",
    }
    assert "scale" not in said


def test_a_test_sets_values_as_the_browser_does() -> None:
    at = visit({"rho": 1.2, "day": "1984-04-10", "span": [3, 5]})
    assert values(at) == {**DEFAULTS, "rho": 1.2, "day": "1984-04-10", "span": "(3, 5)"}
    assert values(tell(at, {"rho": 0.5}))["rho"] == 0.5
    assert address(at) == {"rho": "0.5", "day": "1984-04-10", "span": "3-5"}


@pytest.mark.parametrize("nonsense", ["", "x", None, [], {}, True, 1e300, "9" * 5000])
def test_nonsense_from_a_browser_is_the_default(nonsense: Any) -> None:
    said = dict.fromkeys(("input", "rho", "day", "steps", "lag", "span"), nonsense)
    assert values(visit(said)) == DEFAULTS
    assert values(visit({"nobody": nonsense, "": nonsense})) == DEFAULTS


def test_a_message_is_heard_once_so_a_preset_after_it_holds() -> None:
    at = click(visit({"rho": 1.2}), "preset")
    assert (values(at)["rho"], values(at)["input"], values(at)["text"]) == (0.3, "sentence", "a dog")
    assert address(at) == {"rho": "0.3", "input": "sentence", "text": "a dog"}
    at.run()
    assert values(at)["rho"] == 0.3


def test_what_was_sent_before_a_preset_was_heard_is_void_but_answered() -> None:
    at = click(visit({"rho": 1.2, "": {"serial": 1, "epoch": 0}}), "preset")
    tell(at, {"rho": 1.4, "": {"serial": 2, "epoch": 0}})
    assert values(at)["rho"] == 0.3
    assert at.session_state["serial"] == 2
    tell(at, {"rho": 1.4, "": {"serial": 3, "epoch": 1}})
    assert values(at)["rho"] == 1.4


def test_a_session_that_begins_anew_takes_over_what_the_browser_says() -> None:
    at = visit({"rho": 1.2, "": {"serial": 57, "epoch": 4}}, rho="0.5")
    assert values(at)["rho"] == 1.2
    assert at.session_state["serial"] == 57
    assert values(tell(at, {"rho": 1.3, "": {"serial": 58, "epoch": 4}}))["rho"] == 1.3


def test_an_older_address_that_the_reader_went_back_to_sets_the_values() -> None:
    at = visit({"rho": 1.2, "": {"serial": 1, "epoch": 0}})
    went = {"rho": ["0.4"], "span": ["2-3"]}
    tell(at, {"rho": 1.2, "span": [3, 7], "": {"serial": 2, "epoch": 0, "address": went}})
    assert (values(at)["rho"], values(at)["span"]) == (0.4, "(2, 3)")


def test_reset_goes_back_to_the_defaults() -> None:
    at = click(visit({"rho": 1.2, "input": "sentence", "text": "a dog"}), "reset")
    assert values(at) == DEFAULTS
    assert address(at) == {}


def test_a_value_that_an_end_has_overtaken_follows_it() -> None:
    at = visit({"steps": 20, "lag": 30})
    assert values(at)["lag"] == 19


def test_a_choice_that_is_taken_back_finds_what_it_had_brought() -> None:
    at = visit({"input": "sentence", "text": "a dog"})
    assert "day" not in values(at)
    assert "text" not in values(tell(at, {"input": "weather"}))
    assert values(tell(at, {"input": "sentence"}))["text"] == "a dog"


def test_another_writer_of_the_address_writes_our_newest_values() -> None:
    at = click(visit({"rho": 1.2}, step="4"), "write")
    assert address(at) == {"rho": "1.2", "step": "4", "beat": "one"}


def test_all_controls_that_any_choice_brings_are_known_by_name() -> None:
    names = {"input", "rho", "scale", "day", "text", "steps", "lag", "span"}
    assert visit().session_state["names"] == names


def test_what_the_browser_gets_has_words_and_no_control_without_a_choice() -> None:
    shown = described(
        (
            Choice("input", ("weather", "sentence"), "weather"),
            Range("rho", 0.0, 1.5, 0.05, 0.9, digits=2),
            Steps("rate", (0.01, 10.0), 10.0),
            Span("span", 1, 1, (1, 1)),
            Text("text", "a cat", group="typed"),
        ),
        {"input": "weather", "rho": 0.5, "rate": 0.01, "span": (1, 1), "text": "<b>"},
        {
            "input": {"label": "what it reads", "choices": {"sentence": "a sentence"}},
            "rho": "scale",
            "typed": "as typed",
        },
        {"text": "3 letters"},
    )
    assert [dial["id"] for dial in shown] == ["input", "rho", "rate", "text"]
    choice, rho, rate, text = shown
    assert (choice["label"], choice["names"]) == ("what it reads", ["weather", "a sentence"])
    assert (rho["label"], rho["value"], rho["default"], rho["digits"]) == ("scale", 0.5, 0.9, 2)
    assert rate["names"] == ["0.01", "10"]
    assert (text["note"], text["value"], text["group_label"]) == ("3 letters", "<b>", "as typed")
