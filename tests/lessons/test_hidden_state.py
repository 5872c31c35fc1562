"""The first lesson, visited without a browser: no setting breaks it, and its numbers are the engine's."""

import re
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from lessons.common import inputs as inputs
from rnnviz.figures.numbers import significant
from tests.hidden_state import DEFAULT_SENTENCE, Expected, assert_sent, parts, spelled, temperatures
from tests.pictures import heat_maps

PAGE = str(Path(__file__).parents[2] / "lessons" / "hidden_state.py")
RAT = DEFAULT_SENTENCE[:4] + "r" + DEFAULT_SENTENCE[5:]
DAYS = Expected(temperatures())


def visit(**shown: Any) -> AppTest:
    """The page, its player standing where `shown` says."""
    at = AppTest.from_file(PAGE, default_timeout=60)
    if shown:
        at.session_state["loop"] = {"shown": shown}
    at.run()
    assert not at.exception
    return at


def choose(at: AppTest, kind: str) -> None:
    at.get_by_key("input").set_value(kind).run()
    assert not at.exception


def sent(at: AppTest) -> bytes:
    player = at.get("bidi_component")[0]
    return bytes(player.proto.bytes)


def html(at: AppTest) -> str:
    return "".join(element.proto.body for element in at.get("html"))


def said(at: AppTest) -> str:
    """What stands under "What you saw"."""
    return html(at).split("What you saw")[1]


def test_the_player_gets_the_engine_s_numbers_and_what_was_read() -> None:
    at = visit()
    assert_sent(sent(at), DAYS)
    header, _ = parts(sent(at))
    assert header["tokens"] == [f"{c:.1f}" for c in inputs.weather().celsius[100:124]]
    assert header["inputs"] == ["x"]
    assert "random weights" in header["note"]
    assert (header["start"]["step"], header["start"]["unit"], header["start"]["selected"]) == (7, 0, "h")


@pytest.mark.parametrize(
    ("slider", "value", "expected"),
    [
        ("units", 1, Expected(temperatures(), units=1)),
        ("units", 32, Expected(temperatures(), units=32)),
        ("rho", 0.0, Expected(temperatures(), rho=0.0)),
        ("rho", 1.5, Expected(temperatures(), rho=1.5)),
        ("days", 2, Expected(temperatures(days=2))),
        ("days", 60, Expected(temperatures(days=60))),
    ],
)
def test_both_ends_of_each_slider(slider: str, value: float, expected: Expected) -> None:
    at = visit()
    at.slider(key=slider).set_value(value).run()
    assert not at.exception
    assert_sent(sent(at), expected)


def test_the_seed_draws_another_network() -> None:
    at = visit()
    at.number_input(key="seed").set_value(9999).run()
    assert_sent(sent(at), Expected(temperatures(), seed=9999))


@pytest.mark.parametrize(("step", "unit"), [(0, 0), (10, 3), (23, 7)])
def test_the_words_follow_the_player(step: int, unit: int) -> None:
    at = visit(step=step, unit=unit)
    net = DAYS.trace.network.layers[0][0]
    now = float(net.weight_ih[unit] @ DAYS.x[step])
    past = float(net.weight_hh[unit] @ DAYS.h[step - 1]) if step else 0.0
    words = (
        f"At step {step + 1} unit {unit + 1} adds {significant(now)} from what it reads now and {significant(past)} "
    )
    assert words in said(at)
    assert f"For unit {unit + 1} at step {step + 1} that is {significant(float(DAYS.dh[step, unit]))};" in said(at)
    assert f"the largest of step 1 is {significant(float(np.abs(DAYS.dh[0]).max()))} in size" in said(at)


def test_where_a_sequence_shrinks_the_words_stay_within_it() -> None:
    at = visit(step=23, unit=7)
    at.slider(key="days").set_value(10).run()
    at.slider(key="units").set_value(2).run()
    assert not at.exception
    assert "At step 10 unit 2" in said(at)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "   ",
        "\n",
        "x" * 10_000,
        "🙂🙃👩‍👩‍👧",
        "<img src=x onerror=alert(1)>",
        "</div><style>*{display:none}</style>",
        "**bold** $x^2$ :material/home: [a](javascript:alert(1))",
        "مرحبا بالعالم",
        "\u202eevil\u0000",
        "`'\"\\{}%",
        "a",
    ],
)
@pytest.mark.parametrize("kind", ["a sentence", "two pasts"])
def test_any_text_can_be_typed(kind: str, typed: str) -> None:
    at = visit()
    choose(at, kind)
    at.text_input(key="text").set_value(typed).run()
    assert not at.exception
    assert not re.search(r"<(img|style>\*|script)", html(at))
    read = inputs.symbols(typed) or list(DEFAULT_SENTENCE)
    assert parts(sent(at))[0]["tokens"] == ["␣" if symbol == " " else symbol for symbol in read]
    if kind == "a sentence":
        assert_sent(sent(at), Expected(inputs.one_hot(read, sorted(set(read)))))


@pytest.mark.parametrize("becomes", ["", " ", "c", "<b>", "🙂🙂"])
def test_any_symbol_can_replace_another(becomes: str) -> None:
    at = visit()
    choose(at, "two pasts")
    at.text_input(key="becomes").set_value(becomes).run()
    assert not at.exception
    same = becomes == "c"
    assert same == any("Both sentences are the same" in caption.value for caption in at.caption)
    assert same == ('<i class="one-percent"' not in html(at))


@pytest.mark.parametrize("step", [0, 7, 31])
def test_of_two_pasts_the_player_reads_the_first_and_the_difference_follows_it(step: int) -> None:
    at = visit(step=step, unit=0)
    choose(at, "two pasts")
    one, other = Expected(spelled(DEFAULT_SENTENCE, RAT)), Expected(spelled(RAT, DEFAULT_SENTENCE))
    assert_sent(sent(at), one)
    apart = one.h - other.h
    assert np.abs(heat_maps(html(at))[0] - np.clip(apart.T, -1, 1)).max() <= 0.5 / 255 + 1e-12
    assert f"<b>{significant(float(np.linalg.norm(apart[step])))}</b>" in html(at)
    assert f'<b style="--at:{step + 1}">{step + 1}</b>' in html(at)


@pytest.mark.parametrize("kind", ["weather", "a sentence", "two pasts"])
def test_the_program_on_the_page_prints_the_numbers_on_the_page(kind: str) -> None:
    at = visit(step=10, unit=2)
    choose(at, kind)
    at.slider(key="rho").set_value(1.2)
    at.session_state["code"] = True
    at.run()
    printed = StringIO()
    with redirect_stdout(printed):
        exec(at.code[0].value, {})
    h, dh, *rest = printed.getvalue().replace("[", " ").replace("]", " ").split()
    x = {
        "weather": temperatures(),
        "a sentence": spelled(DEFAULT_SENTENCE),
        "two pasts": spelled(DEFAULT_SENTENCE, RAT),
    }[kind]
    expected = Expected(x, rho=1.2)
    assert_sent(sent(at), expected)
    assert float(h) == expected.h[10, 2]
    assert float(dh) == expected.dh[10, 2]
    assert f"that is {significant(float(dh))};" in said(at)
    if kind == "two pasts":
        apart = expected.h - Expected(spelled(RAT, DEFAULT_SENTENCE), rho=1.2).h
        assert np.array(rest, float) == pytest.approx(np.linalg.norm(apart, axis=1), rel=1e-7)
    else:
        assert not rest


def test_without_a_loop_the_same_input_gives_the_same_state() -> None:
    at = visit()
    at.slider(key="rho").set_value(0.0).run()
    at.get_by_key("predict_same").set_value("the same").run()
    assert "the states are the same" in said(at)
    assert "You predicted it" in said(at)
    at.slider(key="rho").set_value(0.9).run()
    assert "the states are different" in said(at)
    assert "You predicted “the same”; it is “different”." in said(at)
    assert any("You said “the same”; it is **different**. h" in markdown.value for markdown in at.markdown)


@pytest.mark.parametrize("rho", [0.5, 0.9, 1.5])
def test_the_said_survival_is_the_measured_one(rho: float) -> None:
    at = visit()
    choose(at, "two pasts")
    at.slider(key="rho").set_value(rho).run()
    unpredicted = said(at)
    at.get_by_key("predict_survival").set_value("longer").run()
    assert said(at).split("</p>")[0].startswith(unpredicted.split("</p>")[0])  # said without a prediction, too
    one, other = (Expected(x, rho=rho).h for x in (spelled(DEFAULT_SENTENCE, RAT), spelled(RAT, DEFAULT_SENTENCE)))
    norms = np.linalg.norm(one - other, axis=1)
    below = norms < 0.01 * norms[4]
    found = re.search(r"after (\d+) steps", said(at))
    if below[-1]:
        last_above = int(np.flatnonzero(~below)[-1])
        assert found is not None
        assert int(found[1]) == max(last_above + 1 - 4, 1)
        assert int(found[1]) <= int(np.ceil(np.log(0.01) / np.log(rho)))
    else:
        assert found is None
        assert f"{norms[-1] / norms[4]:.1%}" in said(at)


def test_the_questions_know_the_engine_s_answers() -> None:
    at = visit()
    at.session_state["checks"] = True
    at.run()
    assert not at.exception
    for radio, answer in zip(at.radio, ("the input", "none", "no"), strict=True):
        radio.set_value(answer)
    at.run()
    assert len(at.success) == 3
    backwards = Expected(temperatures()[::-1])
    assert significant(float(np.linalg.norm(DAYS.h[-1] - backwards.h[-1]))) in at.success[2].value
