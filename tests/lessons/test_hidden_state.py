"""The first lesson, visited without a browser: no setting breaks it, and its numbers are the engine's."""

import re
from collections.abc import Callable
from contextlib import redirect_stdout
from functools import partial
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

import rnnviz as rv
from lessons import _inputs as inputs

PAGE = str(Path(__file__).parents[2] / "lessons" / "hidden_state.py")
SENTENCE = "the cat sat on the mat and slept"


def visit() -> AppTest:
    at = AppTest.from_file(PAGE, default_timeout=60).run()
    assert not at.exception
    return at


def html(at: AppTest) -> str:
    return "".join(element.proto.body for element in at.get("html"))


def shown_h(at: AppTest) -> str:
    """The state in the equation, as printed."""
    return re.findall(r'class="chip"[^>]*>([^<]*)<', html(at))[0].replace("−", "-")


def states(x: np.ndarray, units: int = 8, rho: float = 0.9, seed: int = 0) -> np.ndarray:
    net = rv.Network.create(
        "elman",
        x.shape[1],
        units,
        recurrent_init=partial(rv.initializers.orthogonal, gain=rho),
        rng=np.random.default_rng(seed),
    )
    return rv.unroll(net, x[:, None])[0, 0].h[:, 0]


def days(count: int) -> np.ndarray:
    data = inputs.weather()
    return ((data.celsius[100 : 100 + count] - data.mean) / data.std)[:, None]


def assert_shows(at: AppTest, h: float) -> None:
    printed = shown_h(at)
    places = len(printed.split(".")[1])
    assert float(printed) == round(h, places)


def test_the_equation_shows_the_engine_s_number() -> None:
    assert_shows(visit(), states(days(24))[7, 0])


@pytest.mark.parametrize(
    ("slider", "value", "expected"),
    [
        ("units", 1, lambda: states(days(24), units=1)[7, 0]),
        ("units", 32, lambda: states(days(24), units=32)[7, 0]),
        ("rho", 0.0, lambda: states(days(24), rho=0.0)[7, 0]),
        ("rho", 1.5, lambda: states(days(24), rho=1.5)[7, 0]),
        ("step", 1, lambda: states(days(24))[0, 0]),
        ("step", 24, lambda: states(days(24))[23, 0]),
        ("unit", 8, lambda: states(days(24))[7, 7]),
        ("unit", 32, lambda: states(days(24))[7, 7]),  # beyond the last unit: the last
        ("days", 2, lambda: states(days(2))[1, 0]),
        ("days", 60, lambda: states(days(60))[7, 0]),
    ],
)
def test_both_ends_of_each_slider(slider: str, value: float, expected: Callable[[], float]) -> None:
    at = visit()
    at.slider(key=slider).set_value(value).run()
    assert not at.exception
    assert_shows(at, expected())


def test_the_seed_draws_another_network() -> None:
    at = visit()
    at.number_input(key="seed").set_value(9999).run()
    assert_shows(at, states(days(24), seed=9999)[7, 0])


def choose(at: AppTest, kind: str) -> None:
    at.get_by_key("input").set_value(kind).run()
    assert not at.exception


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
    read = inputs.symbols(typed) or list(SENTENCE)
    if kind == "a sentence":
        assert_shows(at, states(inputs.one_hot(read, sorted(set(read))))[min(8, len(read)) - 1, 0])


@pytest.mark.parametrize("becomes", ["", " ", "c", "<b>", "🙂🙂"])
def test_any_symbol_can_replace_another(becomes: str) -> None:
    at = visit()
    choose(at, "two pasts")
    at.text_input(key="becomes").set_value(becomes).run()
    assert not at.exception


@pytest.mark.parametrize("kind", ["weather", "a sentence", "two pasts"])
def test_the_program_on_the_page_prints_the_number_on_the_page(kind: str) -> None:
    at = visit()
    choose(at, kind)
    at.slider(key="rho").set_value(1.2)
    at.slider(key="step").set_value(11)
    at.session_state["code"] = True
    at.run()
    printed = StringIO()
    with redirect_stdout(printed):
        exec(at.code[0].value, {})
    h = float(printed.getvalue().split()[0])
    assert_shows(at, h)
    if kind == "two pasts":
        norms = np.array(re.findall(r"[\d.e+-]+", printed.getvalue().split("\n", 1)[1]), dtype=float)
        assert len(norms) == len(SENTENCE)
        assert not norms[:4].any()
        assert norms[4] > 0


def test_without_a_loop_the_same_input_gives_the_same_state() -> None:
    at = visit()
    at.slider(key="rho").set_value(0.0).run()
    at.get_by_key("predict_same").set_value("the same").run()
    assert "the states are the same" in html(at)
    assert "You predicted it" in html(at)
    at.slider(key="rho").set_value(0.9).run()
    assert "the states are different" in html(at)
    assert "You predicted something else" in html(at)


@pytest.mark.parametrize("rho", [0.5, 0.9, 1.5])
def test_the_said_survival_is_the_measured_one(rho: float) -> None:
    at = visit()
    choose(at, "two pasts")
    at.slider(key="rho").set_value(rho).run()
    at.get_by_key("predict_survival").set_value("longer").run()
    other = SENTENCE[:4] + "r" + SENTENCE[5:]
    alphabet = sorted({*SENTENCE, *other})
    h, h_other = (states(inputs.one_hot(list(text), alphabet), rho=rho) for text in (SENTENCE, other))
    norms = np.linalg.norm(h - h_other, axis=1)
    below = norms < 0.01 * norms[4]
    said = re.search(r"after (\d+) steps", html(at))
    if below[-1]:
        last_above = int(np.flatnonzero(~below)[-1])
        assert said is not None
        assert int(said[1]) == max(last_above + 1 - 4, 1)
        assert int(said[1]) <= int(np.ceil(np.log(0.01) / np.log(rho)))
    else:
        assert said is None
        assert f"{norms[-1] / norms[4]:.1%}" in html(at)


def test_the_questions_know_the_engine_s_answers() -> None:
    at = visit()
    at.session_state["checks"] = True
    at.run()
    assert not at.exception
    h = states(days(24))
    for radio, answer in zip(at.radio, ("the input", "none", "no"), strict=True):
        radio.set_value(answer)
    at.run()
    assert len(at.success) == 3
    backwards = states(days(24)[::-1])
    assert f"{np.linalg.norm(h[-1] - backwards[-1]):.3g}" in at.success[2].value


def test_where_a_range_shrinks_its_slider_goes_back_to_the_default() -> None:
    at = visit()
    at.slider(key="step").set_value(24).run()
    at.slider(key="days").set_value(10).run()
    assert not at.exception
    assert at.slider(key="step").value == 8


def test_play_walks_to_the_end_and_starts_again() -> None:
    at = visit()
    at.slider(key="step").set_value(24).run()
    at.button(key="play").click().run()
    assert not at.exception
    assert at.session_state["step"] == 1
    at.button(key="pause").click().run()
    assert at.session_state["step"] in (1, 2)
    assert not at.session_state["playing"]
