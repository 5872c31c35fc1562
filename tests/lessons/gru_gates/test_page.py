"""The page of GRU gates, visited without a browser: what no other page has."""

from lessons.gru_gates.model import HOLD, OPENING, RESET, TEXT
from tests.lessons.common.visits import components, html, move, run, sent, visit
from tests.lessons.common.words import spoken


def values(at):
    return {dial["id"]: dial["value"] for dial in sent(at, "dials")["dials"]}


def test_explore_opens_with_the_point_of_the_lesson_and_an_address_with_its_settings():
    assert {name: values(visit("gru_gates", mode="explore"))[name] for name in OPENING} == OPENING
    assert values(visit("gru_gates", keep="2.5"))["keep"] == 2.5
    assert values(visit("gru_gates", keep="2.5"))["reset_bias"] == 8.0


def test_a_measurement_stands_until_another_is_asked_for():
    at = visit("gru_gates", mode="explore")
    first = at.session_state["measured"]
    move(at, keep=3.0)
    assert at.session_state["measured"] is first
    at.button(key="measure").click().run()
    assert at.session_state["measured"] is not first


def test_another_size_is_measured_anew():
    at = visit("gru_gates", mode="explore")
    at.session_state["price"] = {"values": {"price_units": 2}}
    run(at)
    assert at.session_state["measured"][0] == 2
    assert sent(at, "price")["dials"][0]["value"] == 2


def test_set_by_hand_is_said_to_be_set_by_hand_and_trained_to_be_trained():
    for kind, by_hand in ((HOLD, True), (RESET, True), (TEXT, False)):
        at = visit("gru_gates", input=kind)
        note = components(at)["gru_gates"].bytes.decode("utf-8", "ignore")
        said = f"{spoken(html(at))} {note}"
        assert ("by hand" in said) == by_hand, kind
        assert by_hand or "trained" in said
