"""The page of LSTM gates, visited without a browser."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.lessons.record.seen import seen

PAGE = str(Path(__file__).parents[3] / "lessons" / "lstm_gates" / "page.py")


def visit(**address: str) -> AppTest:
    at = AppTest.from_file(PAGE, default_timeout=60)
    for name, value in {"mode": "explore", **address}.items():
        at.query_params[name] = value
    at.run()
    assert not at.exception
    return at


def test_the_player_goes_to_an_intervention_that_begins():
    at = visit()
    at.session_state["dials"] = {"values": {"intervention": "clamp"}}
    at.run()
    start = at.session_state["start of lstm_gates"]
    assert (start.step, start.selected, start.token) == (8, "f", 1)
    at.session_state["dials"] = {"values": {"intervention": "clamp", "gate": "o"}}
    at.run()
    start = at.session_state["start of lstm_gates"]
    assert (start.step, start.selected, start.token) == (8, "o", 2)


@pytest.mark.parametrize("typed", ["<img src=x onerror=alert(1)>", "$x$ **b**", "{{ 1 }}"])
def test_what_is_typed_is_never_markup(typed):
    assert not any(
        "<img" in text or "<strong>b</strong>" in text for _, text in seen(visit(input="text", text=typed)).texts
    )
