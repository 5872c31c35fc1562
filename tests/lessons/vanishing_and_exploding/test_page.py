"""The page on vanishing and exploding gradients, visited without a browser: what it proves, asks and prints."""

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

from lessons.common import program
from lessons.common.controls import settle
from lessons.vanishing_and_exploding import model
from lessons.vanishing_and_exploding.experiment import CELLS, KINDS, MATRICES, Settings, study
from lessons.vanishing_and_exploding.model import PRESETS
from rnnviz.numbers import of_log10
from tests.lessons.record.said import of_html
from tests.lessons.record.seen import seen, visit

FOLDER = Path(model.__file__).parent
PAGE = FOLDER / "page.py"


def address(**values: Any) -> str:
    return "&".join(["mode=explore", *(f"{name}={value}" for name, value in values.items())])


def texts(at: AppTest) -> str:
    """All texts of the page, without their markup."""
    found = re.sub(r'<span class="rnn-tip".*?</span>', "", " ".join(text for _, text in seen(at).texts))
    return " ".join(unescape(re.sub(r"<[^>]+>", "", found)).split())


def answered(at: AppTest, name: str, choice: str) -> dict[str, Any]:
    """The session of a reader who has answered so on this page."""
    for _, text in seen(at).texts:
        for given in re.findall(r'data-target="answer" data-value="([^"]*)"', text):
            found = json.loads(unescape(given))
            if found["question"].startswith(name) and found["choice"] == choice:
                return {"answers of vanishing_and_exploding": {found["question"]: choice}}
    raise AssertionError(f"{name} is not asked")


@pytest.mark.parametrize(
    ("values", "answer"),
    [
        ({}, "larger"),
        ({"input_scale": 0}, "smaller"),
        ({"cell": "linear"}, "alike"),
        ({"cell": "relu"}, "smaller"),
        ({"cell": "lstm", "lag": 5}, "alike"),
    ],
)
def test_the_prediction_is_judged_by_what_the_engine_did(values: dict[str, Any], answer: str) -> None:
    values = dict(values)
    there = address(**values)
    choice = "alike" if answer != "alike" else "larger"
    at = visit(PAGE, there, (), answered(visit(PAGE, there), "input", choice))
    buttons = re.findall(r'class="choice([^"]*)"[^>]*data-choice="(\w+)"', " ".join(text for _, text in seen(at).texts))
    assert {name: look.strip() for look, name in buttons}[answer] == "right"
    lag = values.pop("lag", 30)
    chosen = Settings(**values)
    other = Settings(**values | {"input_scale": 0.0 if chosen.input_scale else 1.0})
    for each in (chosen, other):
        assert of_log10(float(study(each).shown.norms[49 - lag])) in texts(at)


@pytest.mark.parametrize(
    "values",
    [
        PRESETS["overflow"] | {"lag": 99},
        {"matrix": "triangular", "rho": 3, "cell": "linear", "steps": 100, "lag": 99, "numbers": "float32"},
    ],
)
def test_what_is_not_finite_is_not_judged(values: dict[str, Any]) -> None:
    at = visit(PAGE, address(**values))
    assert "there is nothing to predict" in texts(at)
    assert 'data-question="input"' not in " ".join(text for _, text in seen(at).texts)
    assert "Exploded." in texts(at)


@pytest.mark.parametrize("values", [{"cell": "relu"}, {"matrix": "gaussian"}, {"input_scale": 0}])
def test_another_experiment_asks_anew(values: dict[str, Any]) -> None:
    session = answered(visit(PAGE, address()), "input", "alike")
    assert 'class="answer"' in " ".join(text for _, text in seen(visit(PAGE, address(), (), session)).texts)
    assert 'class="answer"' not in " ".join(text for _, text in seen(visit(PAGE, address(**values), (), session)).texts)


@pytest.mark.parametrize("matrix", MATRICES)
@pytest.mark.parametrize(("cell", "numbers"), [("relu", "float32"), ("sigmoid", "float64"), ("gru", "float32")])
def test_the_program_prints_the_numbers_on_the_page(matrix: str, cell: str, numbers: str) -> None:
    settings = Settings(matrix, 0.9, cell, 30, 0.5, 2.5, 4, numbers)
    lines = printed(settings, 12)
    for (kind, passed), told in zip(study(settings).passes.items(), zip(lines[::3], lines[1::3], lines[2::3])):
        assert told[0].split()[0] == kind
        assert float(told[0].split()[1]) == pytest.approx(10.0 ** passed.norms[17])
        assert told[2] == "None"
    shown = lines[1 + 3 * KINDS.index(settings.kind)]
    assert float(shown) == pytest.approx(10.0 ** study(settings).products.log10_norm[18, 0])


def test_the_program_runs_where_numbers_overflow() -> None:
    here, lag = model.experiment(settle(model.controls, PRESETS["overflow"])[1])
    lines = printed(here.settings, lag)
    assert here.shown.exploded is not None
    assert f"first at step {here.shown.exploded - 1}" in lines[2]
    assert lines[:2] == ["elman nan", "nan"]


def printed(settings: Settings, lag: int) -> list[str]:
    """What the program prints."""
    out = StringIO()
    with redirect_stdout(out):
        exec(program.program(FOLDER, **model.program(study(settings), lag)), {})
    return out.getvalue().splitlines()


# Verify


def disagreement(**values: Any) -> tuple[float, str]:
    """What the section says, and all of its text."""
    found = next(
        text for _, text in seen(visit(PAGE, address(**values), ("verify",))).texts if "check_gradients" in text
    )
    return float(of_html(found)[-1]), texts(visit(PAGE, address(**values), ("verify",)))


@pytest.mark.parametrize("cell", CELLS)
def test_the_gradients_on_the_screen_are_verified(cell: str) -> None:
    for values in (
        {"matrix": MATRICES[0], "rho": 3, "input_scale": 0.25},
        {"matrix": MATRICES[2], "rho": 3, "input_scale": 5},
    ):
        assert disagreement(cell=cell, **values)[0] < 1e-4


@pytest.mark.parametrize("name", PRESETS)
def test_each_preset_is_verified(name: str) -> None:
    here, _ = model.experiment(settle(model.controls, PRESETS[name])[1])
    error, said = disagreement(**PRESETS[name])
    assert error < 1e-5
    if here.in_sight < here.settings.steps:
        assert f"the last {here.in_sight} of {here.settings.steps} steps" in said
    assert ("once more in float64" in said) == (name == "overflow")


@pytest.mark.parametrize(
    "values",
    [
        {"rho": 3.0, "cell": "sigmoid"},
        {"cell": "gru", "steps": 100, "keep": -2.0},
        {"rho": 0.5, "cell": "lstm", "keep": -2.0},
        {"rho": 0.5, "cell": "linear"},
    ],
)
def test_gradients_that_vanish_are_verified_at_all_steps(values: dict[str, Any]) -> None:
    here = study(Settings(**values))
    assert here.shown.norms[0] < -6
    assert here.in_sight == here.settings.steps
    assert disagreement(**values)[0] < 1e-6


@pytest.mark.parametrize("numbers", ["float32", "float64"])
def test_gradients_that_explode_are_verified_as_far_back_as_l_is_straight(numbers: str) -> None:
    values = {"rho": 3.0, "input_scale": 0.25, "steps": 100, "numbers": numbers}
    looked = study(Settings(**values)).in_sight
    assert looked < 100
    error, said = disagreement(**values)
    assert f"the last {looked} of 100 steps" in said
    assert error < 1e-4


def test_what_the_page_says_of_float32_is_so() -> None:
    assert "ends at 3.4×10³⁸ and has nothing between zero and 1.4×10⁻⁴⁵" in texts(visit(PAGE, address()))
    assert f"{np.finfo('float32').max:.1e}" == "3.4e+38"
    assert f"{np.finfo('float32').smallest_subnormal:.1e}" == "1.4e-45"


def test_two_rows_of_charts_say_what_they_show() -> None:
    for cell, title in (
        ("lstm", "Gains of one step and of all, for h and c together"),
        ("gru", "Gains of one step and of all:"),
    ):
        assert any(title in label for label in seen(visit(PAGE, address(cell=cell))).labels)


def test_whoever_picks_the_last_step_is_told_that_there_is_nothing_to_see() -> None:
    for step, told in ((49, 0), (50, 1)):
        at = AppTest.from_string(
            f"""
            import runpy
            import streamlit as st
            st.query_params["mode"] = "explore"
            page = runpy.run_path({str(PAGE)!r})["page"]
            st.button("pick", on_click=page.hear, args=[{{"target": "at", "value": {{"x": {step}}}}}])
            """,
            default_timeout=60,
        )
        at.run()
        at.button[-1].click().run()
        assert not at.exception
        assert len(at.toast) == told
        assert "1 step back, the norm" in texts(at)
