"""The GRU lesson, visited without a browser: no setting breaks it, and its numbers are the engine's."""

import re
from contextlib import redirect_stdout
from html import unescape
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

import rnnviz as rv
from lessons import _gru_and_lstm as pair
from lessons.common.signals import gru_by_hand, hold_signal, lstm_by_hand, reset_signal
from lessons.common.trained import spell, trained
from rnnviz.cells import GRU, LSTM
from tests.pictures import chips, number, places

PAGE = str(Path(__file__).parents[2] / "lessons" / "gru_gates.py")
HOLD, RESET, TEXT = "hold a value", "add, then reset", "a sentence"
SENTENCE = "and the king said unto his servants come let us see the river."


def visit(kind: str = HOLD) -> AppTest:
    at = AppTest.from_file(PAGE, default_timeout=60).run()
    if kind != HOLD:
        at.get_by_key("input").set_value(kind).run()
    assert not at.exception
    return at


def html(at: AppTest) -> str:
    return "".join(element.proto.body for element in at.get("html"))


def words(at: AppTest) -> str:
    """All that the pictures and captions say, without markup."""
    return re.sub(r"\s+", " ", re.sub(r"<style>.*?</style>|<[^>]+>", "", html(at), flags=re.DOTALL)) + " ".join(
        caption.value for caption in at.caption
    )


def assert_shows(at: AppTest, network: rv.Network, x: np.ndarray, step: int = 6, unit: int = 1) -> None:
    """The equation's h, 1 - z, n, z and the h before are those of the network."""
    layer = rv.unroll(network, x[:, None] if x.ndim == 2 else x)[0, 0]
    t, j = step - 1, unit - 1
    z, n, h = (float(a[t, 0, j]) for a in (layer.gates["z"], layer.gates["n"], layer.h))
    before = float(layer.h[t - 1, 0, j]) if t else 0.0
    printed = chips(html(at))
    assert len(printed) == 10
    for text, value in zip(printed, [h, 1 - z, n, z, before] * 2, strict=True):
        assert abs(number(text) - value) <= 1.0000001 * 10.0 ** -places(text)


def test_the_first_picture_is_the_engine_s() -> None:
    at = visit()
    x = hold_signal(12, 0.8, 0).x
    assert_shows(at, gru_by_hand(2.0, 8.0), x)
    said = re.search(r"the GRU reads (\S+), the LSTM (\S+)\. A step", words(at))
    assert said is not None
    for network, text in zip((gru_by_hand(2.0, 8.0), lstm_by_hand(2.0)), said.groups(), strict=True):
        assert number(text) == pytest.approx(rv.unroll(network, x[:, None]).y[-1, 0, 0], rel=5e-3)


@pytest.mark.parametrize(
    ("slider", "value", "keep", "reset", "k"),
    [
        ("keep", -2.0, -2.0, 8.0, 12),
        ("keep", 8.0, 8.0, 8.0, 12),
        ("reset_bias", -8.0, 2.0, -8.0, 12),
        ("reset_bias", 8.0, 2.0, 8.0, 12),
        ("hold", 1, 2.0, 8.0, 1),
        ("hold", 40, 2.0, 8.0, 40),
    ],
)
def test_both_ends_of_each_slider_of_the_held_value(
    slider: str, value: float, keep: float, reset: float, k: int
) -> None:
    at = visit()
    at.slider(key=slider).set_value(value).run()
    assert not at.exception
    assert_shows(at, gru_by_hand(keep, reset), hold_signal(k, 0.8, 0).x, step=min(6, k + 1))


@pytest.mark.parametrize("gap", [1, 8])
@pytest.mark.parametrize("place", ["after W h", "before W h"])
def test_both_ends_of_the_gap_and_both_places_of_the_reset_gate(gap: int, place: str) -> None:
    at = visit(RESET)
    at.slider(key="gap").set_value(gap).run()
    at.get_by_key("reset_place").set_value(place).run()
    assert not at.exception
    assert_shows(at, gru_by_hand(2.0, 8.0, place == "after W h"), reset_signal(gap, 0).x)


def test_the_seed_draws_other_distractors() -> None:
    at = visit()
    at.number_input(key="seed").set_value(9999).run()
    assert_shows(at, gru_by_hand(2.0, 8.0), hold_signal(12, 0.8, 9999).x)


@pytest.mark.parametrize(
    ("size", "name"), list(zip(("as many units", "as many parameters"), ("letters_gru", "letters_gru_same_parameters")))
)
@pytest.mark.parametrize("after", [True, False])
def test_the_trained_networks_read_the_sentence(size: str, name: str, after: bool) -> None:
    at = visit(TEXT)
    at.get_by_key("size").set_value(size).run()
    if not after:
        at.get_by_key("reset_place").set_value("before W h").run()
    assert not at.exception
    network, about = trained(name)
    network = rv.Network.from_state_dict(network.state_dict(), "gru", reset_after=after)
    assert_shows(at, network, about.one_hot(spell(SENTENCE)[:-1]))
    for known in ("letters_gru", "letters_gru_same_parameters", "letters_lstm"):
        assert f"{trained(known)[1].loss:.3f}" in words(at)


@pytest.mark.parametrize(
    "typed", ["", " ", "a", "ab", "x" * 10_000, "🙂🙃", "<img src=x onerror=alert(1)>", "$x^2$ **b**", "\u0000"]
)
def test_any_text_can_be_typed(typed: str) -> None:
    at = visit(TEXT)
    at.text_input(key="text").set_value(typed).run()
    assert not at.exception
    assert "<img" not in html(at)
    symbols = spell(typed)[:64]
    network, about = trained("letters_gru")
    x = about.one_hot((symbols if len(symbols) > 1 else spell(SENTENCE))[:-1])
    assert_shows(at, network, x, step=min(6, len(x)))


@pytest.mark.parametrize("kind", [HOLD, RESET, TEXT])
def test_the_page_follows_the_player(kind: str) -> None:
    at = AppTest.from_file(PAGE, default_timeout=60)
    at.session_state["gru_gates"] = {"shown": {"step": 3, "unit": 1, "layer": 0, "direction": 0, "selected": "r"}}
    at.run()
    if kind != HOLD:
        at.get_by_key("input").set_value(kind).run()
    assert not at.exception
    assert "Unit 2 at step 4" in words(at)


@pytest.mark.parametrize(("keep", "answer"), [(2.0, "the GRU's"), (8.0, "neither's")])
def test_the_prediction_is_judged_by_what_the_engine_did(keep: float, answer: str) -> None:
    at = visit()
    at.slider(key="keep").set_value(keep)
    at.get_by_key("predict_moved").set_value(answer).run()
    assert "You predicted it" in words(at)
    x = hold_signal(12, 0.8, 0).x
    turned = x.copy()
    turned[1:, 0] *= -1
    for network in (gru_by_hand(keep, 8.0), lstm_by_hand(keep)):
        one, other = (rv.unroll(network, signal[:, None]).y[-1, 0, 0] for signal in (x, turned))
        assert f"{abs(one - other):.3g}"[:4] in words(at)
    at.get_by_key("predict_moved").set_value("both").run()
    assert f"You predicted “both”; it is “{answer}”." in unescape(words(at))
    assert any(f"You said “both”; it is **{answer}**." in markdown.value for markdown in at.markdown)


def test_the_loss_on_unseen_text_judges_the_prediction() -> None:
    at = visit(TEXT)
    at.get_by_key("predict_loss").set_value("the same within 5 %").run()
    ratio = trained("letters_gru")[1].loss / trained("letters_lstm")[1].loss
    assert ("You predicted it" in words(at)) == (abs(ratio - 1) <= 0.05)
    assert f"{abs(ratio - 1):.1%}" in words(at)


@pytest.mark.parametrize("H", [2, 24, 256])
def test_the_price_is_counted_and_measured(H: int) -> None:
    at = visit()
    at.slider(key="price_units").set_value(H).run()
    assert not at.exception
    table = next(m.value for m in at.markdown if "multiply-adds" in m.value)
    units, parameters, products, times = (
        [cell.strip() for cell in line.strip("|").split("|")][1:] for line in table.splitlines()[2:]
    )
    assert units[:2] == [str(H), str(H)]
    for k, cell in enumerate((LSTM, GRU, GRU)):
        assert parameters[k] == f"{cell.parameter_count(28, int(units[k])):,}"
        assert products[k] == f"{cell.multiply_adds(28, int(units[k])):,}"
        median, low, high = map(float, re.findall(r"[\d.]+", times[k]))
        assert 0 < low <= median <= high


@pytest.mark.parametrize(
    ("gru", "said"),
    [
        ((1.0, 1.1, 1.2), "they take about as long"),
        ((0.5, 0.6, 0.7), "and took 0.500 of the time: less than the LSTM"),
        ((2.0, 2.4, 3.0), "and took 2.00 of the time: more than the LSTM"),
    ],
)
def test_what_is_said_about_the_times_is_what_was_measured(gru: tuple[float, float, float], said: str) -> None:
    page = visit()
    page.session_state["measured"] = (24, [(1.1, 1.2, 1.3), gru, gru])
    page.run()
    assert any(said in caption.value for caption in page.caption)


def test_a_measurement_stands_until_another_is_asked_for() -> None:
    at = visit()
    first = at.session_state["measured"]
    at.slider(key="keep").set_value(3.0).run()
    assert at.session_state["measured"] is first
    at.button(key="measure").click().run()
    assert at.session_state["measured"] is not first


@pytest.mark.parametrize(("I", "H"), [(3, 2), (28, 24), (28, 256), (1, 100)])
def test_no_gru_has_a_number_of_parameters_nearer_to_the_lstm_s(I: int, H: int) -> None:
    wanted, units = LSTM.parameter_count(I, H), pair.as_many_parameters(I, H)
    off = abs(GRU.parameter_count(I, units) - wanted)
    assert all(abs(GRU.parameter_count(I, other) - wanted) >= off for other in (units - 1, units + 1))


@pytest.mark.parametrize("kind", [HOLD, RESET, TEXT])
def test_the_questions_know_the_engine_s_answers(kind: str) -> None:
    at = visit(kind)
    at.session_state["checks"] = True
    at.run()
    assert not at.exception
    answers = ("it stays", "all that goes into z changes its sign", "3/4")
    for radio, answer in zip(at.radio, answers, strict=True):
        radio.set_value(answer)
    at.run()
    assert len(at.success) == 3


@pytest.mark.parametrize("kind", [HOLD, RESET, TEXT])
@pytest.mark.parametrize("place", ["after W h", "before W h"])
def test_the_program_on_the_page_prints_the_numbers_on_the_page(kind: str, place: str) -> None:
    at = visit(kind)
    at.get_by_key("reset_place").set_value(place)
    at.session_state["code"] = True
    at.run()
    printed = StringIO()
    with redirect_stdout(printed):
        exec(at.code[0].value, {})
    z, n, h = map(float, printed.getvalue().splitlines()[0].split())
    on_page = [number(text) for text in chips(html(at))[:5]]
    assert on_page[:4] == pytest.approx([h, 1 - z, n, z], abs=1e-3)
    f, i, o = map(float, printed.getvalue().splitlines()[1].split())
    for gate, value in {"f": f, "i": i, "o": o}.items():
        found = re.search(rf"LSTM {gate}(?:, mean)? <b>([^<]*)<", html(at))
        assert found is not None
        assert number(found[1]) == pytest.approx(value, rel=5e-3)


def test_hand_set_is_said_to_be_hand_set_and_trained_to_be_trained() -> None:
    assert "set by hand" in words(visit())
    assert "set by hand" in words(visit(RESET))
    assert "trained" in words(visit(TEXT))
    assert "set by hand" not in words(visit(TEXT))
