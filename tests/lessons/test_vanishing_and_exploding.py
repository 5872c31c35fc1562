"""The lesson on vanishing and exploding gradients, visited without a browser."""

import json
import re
from contextlib import redirect_stdout
from html import unescape
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from lessons._vanishing_and_exploding.experiment import CELLS, MATRICES, NUMBERS, Settings, run, study
from lessons._vanishing_and_exploding.words import PRESETS
from rnnviz.figures.numbers import of_log10

PAGE = str(Path(__file__).parents[2] / "lessons" / "vanishing_and_exploding.py")


def visit(lag: int | None = None, settings: Settings | None = None, **opened: bool) -> AppTest:
    """The page, with these settings in its widgets and these sections open."""
    at = AppTest.from_file(PAGE, default_timeout=60)
    given: dict[str, Any] = {} if settings is None else vars(settings)
    for key, value in (given | ({} if lag is None else {"lag": lag}) | opened).items():
        at.session_state[key] = value
    at.run()
    assert not at.exception
    return at


def pictures(at: AppTest) -> list[str]:
    return json.loads(at.get("bidi_component")[0].proto.json)["pictures"]


def words(at: AppTest) -> str:
    return unescape(re.sub(r"<[^>]+>", "", "".join(pictures(at))))


def question(at: AppTest) -> Any:
    """Where the prediction is given."""
    return next(group for group in at.button_group if str(group.key).startswith("predict"))


def read_out(at: AppTest) -> str:
    """What the first chart says at the marked step."""
    return unescape(re.sub(r"<[^>]+>", "", re.search(r'class="said"[^>]*>(.*?)</p>', pictures(at)[1])[1]))


def assert_shows(at: AppTest, settings: Settings, lag: int) -> None:
    rnn, lstm, gru = (
        of_log10(float(run(settings, kind).norms[settings.steps - lag - 1])) for kind in ("elman", "lstm", "gru")
    )
    said = read_out(at)
    assert f"step {settings.steps - lag}: RNN {rnn}, LSTM {lstm}," in said
    assert f"GRU {gru}" in said
    assert f"has length {rnn} in the RNN, {lstm} in the LSTM and {gru} in the GRU" in words(at)


def test_the_first_picture_is_the_engine_s() -> None:
    at = visit()
    assert_shows(at, Settings(), 30)
    assert PRESETS["saturated"].settings == Settings()


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("rho", 0.1),
        ("rho", 3.0),
        ("steps", 10),
        ("steps", 100),
        ("loud", 0.0),
        ("loud", 5.0),
        ("keep", -2.0),
        ("keep", 8.0),
    ],
)
@pytest.mark.parametrize("cell", ["tanh", "LSTM"])
def test_both_ends_of_each_slider(key: str, value: float, cell: str) -> None:
    settings = Settings(**{"cell": cell, key: value})
    assert_shows(visit(settings=settings), settings, min(30, settings.steps - 1))


@pytest.mark.parametrize("lag", [1, 49, 99])
def test_both_ends_of_the_way_back_and_beyond_the_beginning(lag: int) -> None:
    at = visit(lag)
    assert_shows(at, Settings(), min(lag, 49))
    slider = next(slider for slider in at.slider if slider.label == "steps back, at most 49")
    assert slider.value == min(lag, 49)


@pytest.mark.parametrize("matrix", MATRICES)
@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("numbers", NUMBERS)
def test_every_choice(matrix: str, cell: str, numbers: str) -> None:
    settings = Settings(matrix=matrix, cell=cell, numbers=numbers, seed=9999)
    at = visit(settings=settings)
    assert_shows(at, settings, 30)
    assert len(re.findall("<figure", "".join(pictures(at)))) == 4


@pytest.mark.parametrize("name", PRESETS)
def test_presets_can_be_picked_and_reached(name: str) -> None:
    at = visit(PRESETS[name].lag, PRESETS[name].settings)
    assert f'data-pick="preset:{name}"' in pictures(at)[0]
    assert_shows(at, PRESETS[name].settings, PRESETS[name].lag)


def test_an_explosion_is_marked_at_its_step_said_and_has_a_way_back() -> None:
    at = visit(60, PRESETS["overflow"].settings)
    assert f"left the range of float32 at step {study(PRESETS['overflow'].settings).shown.exploded}" in words(at)
    assert "h ∞" in pictures(at)[1]
    assert 'Exploded.</b> <button type="button" class="pick" data-pick="preset:rotation"' in pictures(at)[0]
    assert "Exploded" not in pictures(visit())[0]
    assert ">NaN<" in pictures(at)[1]
    assert 'data-pick="preset:rotation"' in pictures(at)[-1]


@pytest.mark.parametrize(
    ("settings", "answer"),
    [
        (Settings(), "over 10 times larger"),
        (Settings(loud=0.0), "over 10 times smaller"),
        (Settings(cell="linear"), "within 10 times"),
        (Settings(cell="relu"), "over 10 times smaller"),
    ],
)
def test_the_prediction_is_judged_by_what_the_engine_did(settings: Settings, answer: str) -> None:
    at = visit(30, settings)
    question(at).set_value(answer).run()
    assert not at.exception
    assert "You predicted it." in words(at)
    question(at).set_value("within 10 times" if "over" in answer else "over 10 times larger").run()
    assert f"it is “{answer}”." in words(at)
    other = Settings(**(vars(settings) | {"loud": 0.0 if settings.loud else 1.0}))
    norm = run(other, other.kind).norms[other.steps - 31]
    assert of_log10(float(norm)) in words(at)


@pytest.mark.parametrize(
    "settings", [PRESETS["overflow"].settings, Settings("triangular", 3.0, "linear", 100, numbers="float32")]
)
def test_what_is_no_number_is_not_judged(settings: Settings) -> None:
    at = visit(99, settings)
    question(at).set_value("over 10 times larger").run()
    assert not at.exception
    assert "it is NaN" not in words(at)
    assert "What is no number cannot be compared, so there is no verdict" in words(at)
    assert "You predicted" not in words(at)
    assert any("there is no verdict" in m.value for m in at.markdown)


@pytest.mark.parametrize(("key", "value"), [("cell", "relu"), ("matrix", "Gaussian"), ("loud", 0.0)])
def test_another_experiment_asks_anew(key: str, value: object) -> None:
    at = visit()
    question(at).set_value("within 10 times").run()
    assert "You predicted" in words(at)
    at.session_state[key] = value
    at.run()
    assert question(at).value is None
    assert "You predicted" not in words(at)


def test_the_last_step_cannot_be_picked_in_silence() -> None:
    at = AppTest.from_string(f"""
        import runpy
        import streamlit as st
        page = runpy.run_path({PAGE!r})
        st.button("last", on_click=page["go"], args=["from 1:49"])
        st.button("one before", on_click=page["go"], args=["from 1:48"])
    """)
    at.run()
    for label, told in (("one before", 0), ("last", 1)):
        next(button for button in at.button if button.label == label).click().run()
        assert not at.exception
        assert at.session_state["lag"] == 1
        assert len(at.toast) == told
        assert any("1 step back, the gradient" in m.value for m in at.markdown)


def factor_chart(at: AppTest) -> str:
    return unescape(pictures(at)[2].split("<figure")[2])


def test_zero_by_zero_is_no_factor_and_no_explosion() -> None:
    settings = Settings("triangular", 0.1, "sigmoid", 100, 0.0, -2.0, 0, "float32")
    chart = factor_chart(visit(99, settings))
    zeros = int(np.isneginf(study(settings).shown.norms).sum())
    assert zeros > 1
    assert "NaN" not in chart
    assert "hatched" not in chart
    assert f'"says": ["step {zeros}: gradient 0,' in chart
    assert "step 1: no factor" in chart
    exact = study(settings).shown.norms
    assert f"step 90: gradient {of_log10(float(exact[89] - exact[90]))}" in factor_chart(visit(10, settings))


def test_a_gated_cell_s_state_is_named_where_it_is_a_pair() -> None:
    assert "one step stretches h and c together" in words(visit(settings=Settings(cell="LSTM")))
    assert "h and c together" not in words(visit(settings=Settings(cell="GRU")))


@pytest.mark.parametrize("settings", [Settings(), Settings(MATRICES[2], 0.6, "LSTM", keep=-2.0), Settings(keep=8.0)])
def test_the_questions_know_the_engine_s_answers(settings: Settings) -> None:
    at = visit(settings=settings, checks=True)
    assert len(at.radio) == 3
    W = Settings(settings.matrix, 1.0).network("elman").state_dict()["weight_hh_l0"]  # whatever the activation
    least = 3 / np.linalg.norm(W, 2)
    bound = next(option for option in at.radio[0].options if option[:3] == "ρ <" and float(option[4:]) > least)
    square = next(option for option in at.radio[1].options if option == f"{100 * 0.9**40:.2f} %")
    kept = 1 / (1 + np.exp(-settings.keep))
    steps = next(option for option in at.radio[2].options if kept ** int(option) < 0.01 <= kept ** (int(option) - 1))
    for radio, answer in zip(at.radio, (bound, square, steps)):
        radio.set_value(answer)
    at.run()
    assert not at.exception
    assert len(at.success) == 3


@pytest.mark.parametrize("matrix", MATRICES)
@pytest.mark.parametrize(("cell", "numbers"), [("relu", "float32"), ("sigmoid", "float64"), ("GRU", "float32")])
def test_the_program_on_the_page_prints_the_numbers_on_the_page(matrix: str, cell: str, numbers: str) -> None:
    settings = Settings(matrix, 0.9, cell, 30, 0.5, 2.5, 4, numbers)
    at = visit(12, settings, code=True)
    printed = StringIO()
    with redirect_stdout(printed):
        exec(at.code[0].value, {})
    lines = printed.getvalue().splitlines()
    for (kind, passed), told in zip(study(settings).passes.items(), zip(lines[::3], lines[1::3], lines[2::3])):
        assert told[0] == f"{kind} {10.0 ** passed.norms[17]}" or float(told[0].split()[1]) == pytest.approx(
            10.0 ** passed.norms[17]
        )
        assert told[2] == "None"
    shown = lines[1 + 3 * ("elman", "lstm", "gru").index(settings.kind)]
    assert float(shown) == pytest.approx(10.0 ** study(settings).products.log10_norm[18, 0])


def test_the_program_runs_where_numbers_explode() -> None:
    at = visit(60, PRESETS["overflow"].settings, code=True)
    printed = StringIO()
    with redirect_stdout(printed):
        exec(at.code[0].value, {})
    lines = printed.getvalue().splitlines()
    assert f"first at step {study(PRESETS['overflow'].settings).shown.exploded - 1}" in lines[2]
    assert "here steps count from 0" in at.code[0].value
    assert lines[:2] == ["elman nan", "nan"]
    assert "length NaN in the RNN" in words(at)


def disagreement(at: AppTest) -> float:
    """What the section "Verify" says."""
    said = next(m.value for m in at.markdown if "check_gradients" in m.value)
    found = re.search(r"which is ([^ ×]+)(?:×10(\S+))? of that array", said)
    assert found is not None
    power = (found[2] or "0").translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789"))
    return float(found[1]) * 10.0 ** int(power)


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize(("matrix", "rho", "loud"), [(MATRICES[0], 3.0, 0.0), (MATRICES[2], 3.0, 5.0)])
def test_the_gradients_on_the_screen_are_verified(cell: str, matrix: str, rho: float, loud: float) -> None:
    at = visit(settings=Settings(matrix, rho, cell, loud=loud), verify=True)
    if cell == "relu" and not loud:
        assert any("nothing to compare" in m.value for m in at.markdown) or disagreement(at) < 1e-4
    else:
        assert disagreement(at) < 1e-4


@pytest.mark.parametrize("name", PRESETS)
def test_each_preset_is_verified(name: str) -> None:
    settings = PRESETS[name].settings
    at = visit(PRESETS[name].lag, settings, verify=True)
    assert disagreement(at) < 1e-5
    if (looked := study(settings).in_sight) < settings.steps:
        assert any(f"the last {looked} of {settings.steps} steps" in m.value for m in at.markdown)
    assert any("once more in float64" in m.value for m in at.markdown) == (name == "overflow")


@pytest.mark.parametrize(
    "settings",
    [
        Settings(rho=3.0, cell="sigmoid"),
        Settings(cell="GRU", steps=100, keep=-2.0),
        Settings(rho=1.0),
        Settings(rho=0.5),
        Settings(rho=0.5, cell="LSTM", keep=-2.0),
        Settings(rho=0.5, cell="linear"),
    ],
)
def test_gradients_that_vanish_are_verified_at_all_steps(settings: Settings) -> None:
    assert study(settings).shown.norms[0] < -6
    assert study(settings).in_sight == settings.steps
    assert disagreement(visit(settings=settings, verify=True)) < 1e-6


@pytest.mark.parametrize(
    ("settings", "most"),
    [
        (Settings(rho=3.0, loud=0.25, steps=100, numbers="float32"), 1e-5),
        (Settings(rho=3.0, loud=0.0, steps=100, numbers="float32"), 1e-5),
        (Settings(rho=3.0, loud=0.25, steps=100), 1e-4),
    ],
)
def test_gradients_that_explode_are_verified_as_far_back_as_l_is_straight(settings: Settings, most: float) -> None:
    at = visit(settings=settings, verify=True)
    looked = study(settings).in_sight
    assert looked < settings.steps
    assert any(f"the last {looked} of {settings.steps} steps" in m.value for m in at.markdown)
    assert disagreement(at) < most


@pytest.mark.parametrize("key", ["rho", "steps", "lag", "loud", "keep", "seed", "matrix", "cell", "numbers"])
@pytest.mark.parametrize("nonsense", ["", "banana", "-1e999", "nan", "0.123456"])
def test_nonsense_in_the_address_breaks_nothing(key: str, nonsense: str) -> None:
    at = AppTest.from_file(PAGE, default_timeout=60)
    at.query_params[key] = nonsense
    at.run()
    assert not at.exception
    assert "RNN" in read_out(at)


def test_any_rho_of_an_address_is_drawn_at_the_nearest_scale_of_the_map() -> None:
    at = visit(settings=Settings(rho=0.1234))
    assert_shows(at, Settings(rho=0.1234), 30)


def test_what_the_page_says_of_float32_is_so() -> None:
    said = " ".join(markdown.value for markdown in visit().markdown)
    assert "ends at 3.4·10³⁸ and has nothing between 0 and\n1.4·10⁻⁴⁵" in said
    assert f"{np.finfo('float32').max:.1e}" == "3.4e+38"
    assert f"{np.finfo('float32').smallest_subnormal:.1e}" == "1.4e-45"
