"""The page on backpropagation through time, visited without a browser: its player, its questions, its program."""

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

from lessons.backprop_through_time import model, recall
from lessons.backprop_through_time.experiment import W_IH, Experiment
from lessons.backprop_through_time.model import PRESETS, facts
from lessons.common.controls import settle
from rnnviz.diagnostics import hidden_gradient_norms
from rnnviz.numbers import significant
from rnnviz.player import pack
from tests.hidden_state import parts
from tests.lessons.record.said import of_html
from tests.lessons.record.seen import seen, visit

PAGE = Path(model.__file__).parent / "page.py"
SAID = {"step": 2, "unit": 0, "layer": 0, "direction": 0, "selected": "h", "backward": True}


def address(**values: Any) -> str:
    return "&".join(f"{name}={value}" for name, value in ({"mode": "explore"} | values).items())


def experiment(**values: Any) -> Experiment:
    return model.experiment(settle(model.controls, values)[1])


def markup(at: AppTest) -> str:
    return " ".join(text for _, text in seen(at).texts)


def texts(at: AppTest) -> str:
    """All texts of the page, without their markup."""
    found = re.sub(r'<span class="rnn-tip".*?</span>', "", markup(at))
    return " ".join(unescape(re.sub(r"<[^>]+>", "", found)).split())


def player(at: AppTest) -> tuple[dict[str, Any], bytes]:
    """What the player got: the header and the numbers."""
    (one,) = [c.proto for c in at.get("bidi_component") if c.proto.component_name.endswith("rnn_player")]
    sent = bytes(one.bytes)
    return parts(sent[4 + int.from_bytes(sent[:4], "little") :])  # behind what the host is told


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"units": 8},
        {"rho": 0, "units": 4, "k": 3},
        {"rho": 2, "units": 8, "back": 13},
        {"back": 1, "k": 1},
        {"seed": 9999},
        *({"network": "trained", "start": start, "k": 8, "at": 3, "number": 2} for start in recall.STARTS),
        {"network": "trained", "k": 14, "at": 8, "number": 5},
    ],
)
def test_the_player_has_the_truncated_gradient_and_opens_at_the_question(values: dict[str, Any]) -> None:
    run, at = experiment(**values), visit(PAGE, address(**values))
    header, numbers = player(at)
    wanted, engine = parts(pack(run.trace, run.truncated))
    assert header["arrays"] == wanted["arrays"]
    assert numbers.startswith(engine)
    assert header["tokens"] == list(run.symbols)
    assert header["loss"] == run.loss.value
    assert header["start"]["backward"]
    assert (header["start"]["step"], header["start"]["unit"]) == (run.T - 1, 0)
    assert markup(at).count('class="snip"') == sum(run.at <= k for k in run.cuts)


@pytest.mark.parametrize(
    ("stands", "change", "goes"),
    [
        (2, {"network": "trained"}, True),  # another network begins at its question
        (6, {"back": 13}, True),  # the question moves, and whoever stands there with it
        (2, {"back": 13}, False),
        (6, {"rho": 1.2}, False),
    ],
)
def test_the_question_takes_along_whoever_stands_there(stands: int, change: dict[str, Any], goes: bool) -> None:
    at = visit(PAGE, address(), (), {"backprop_through_time": {"shown": SAID | {"step": stands}}})
    at.session_state["dials"] = {"values": change}
    at.run()
    assert not at.exception
    header, _ = player(at)
    assert header["start"]["token"] == int(goes)
    assert not goes or header["start"]["step"] == header["steps"] - 1


def test_the_pictures_mark_the_step_where_the_reader_stands() -> None:
    at = visit(PAGE, address(k=4), (), {"backprop_through_time": {"shown": SAID}})
    marked = []
    for c in at.get("bidi_component"):
        if c.proto.component_name.endswith("rnn_charts"):
            marked += re.findall(r'\\"step\\":\{\\"step\\":\[(\d+)\]\}', c.proto.json.replace("\\\\", "\\"))
    assert marked
    assert set(marked) == {"3"}


def test_truncated_after_every_step_is_said_so() -> None:
    for values in ({"k": 1}, {"network": "trained", "k": 1}):
        at = visit(PAGE, address(**values))
        said = texts(at) + " ".join(seen(at).labels)
        assert "truncated after every step" in said
        assert "every 1 steps" not in said


@pytest.mark.parametrize(
    ("values", "truth"),
    [
        ({"k": 4}, "nothing"),
        ({}, "little"),
        ({"seed": 2}, "some"),
        ({"rho": 1.5, "seed": 2}, "more"),
        ({"rho": 0}, "nothing"),
    ],
)
def test_the_verdict_on_what_arrives_is_computed(values: dict[str, Any], truth: str) -> None:
    at = visit(PAGE, address(**values), (), {"answers of backprop_through_time": {"arrives": "little"}})
    run = experiment(**values)
    assert f'"choice": "{truth}"' in unescape(right_button(at))
    assert f"{significant(run.share if run.arrives else 0.0)} of its norm arrives." in texts(at)


@pytest.mark.parametrize(
    ("start", "k", "number", "truth"),
    [("zero", 6, 1, "guess"), ("zero", 7, 1, "always"), ("drawn", 1, 1, "often"), ("drawn", 2, 2, "always")],
)
def test_the_verdict_on_what_was_learned_is_measured(start: str, k: int, number: int, truth: str) -> None:
    there = address(network="trained", start=start, k=k, number=number)
    at = visit(PAGE, there, (), {"answers of backprop_through_time": {"right": "often"}})
    assert f'"choice": "{truth}"' in unescape(right_button(at))
    share = recall.Training(start, k, number - 1).right
    assert f"Of 3200 answers {100 * share:.1f}% were right." in texts(at)


def right_button(at: AppTest) -> str:
    found = re.search(r'class="choice right"[^>]*data-value="([^"]*)"', markup(at))
    assert found is not None
    assert json.loads(unescape(found[1]))
    return found[1]


@pytest.mark.parametrize(
    "values",
    [
        {"units": 3, "rho": 1.2, "k": 5, "back": 9, "seed": 4},
        {"network": "trained", "start": "drawn", "k": 8, "at": 3, "number": 2},
    ],
)
def test_the_program_prints_the_numbers_on_the_page(values: dict[str, Any]) -> None:
    run, at = experiment(**values), visit(PAGE, address(**values), ("code",))
    printed = StringIO()
    with redirect_stdout(printed):
        exec(at.code[0].value, {})
    loss, *numbers = map(float, printed.getvalue().split())
    T = run.T
    assert loss == run.loss.value
    assert numbers[:T] == run.norms.tolist()
    assert numbers[T : 2 * T] == hidden_gradient_norms(run.truncated)[0, 0][:, 0].tolist()
    clue = recall.SYMBOLS.index(run.symbols[run.at - 1])
    columns = [grads.params[W_IH][:, clue].astype(float) for grads in (run.full, run.truncated)]
    assert numbers[2 * T :] == pytest.approx([np.linalg.norm(column) for column in columns], rel=1e-6)
    for number in numbers[2 * T :]:
        assert significant(number) in texts(at)


@pytest.mark.parametrize(
    "values", [{}, {"k": 3, "units": 4}, {"network": "trained", "k": 5}, {"rho": 0, "k": 1}]
)  # fmt: skip
def test_the_page_proves_its_gradients(values: dict[str, Any]) -> None:
    at = visit(PAGE, address(**values), ("verify",))
    proof = next(text for _, text in seen(at).texts if "check_gradients" in text)
    assert float(of_html(proof)[-1]) < 1e-3


def test_the_place_of_an_address_is_where_the_player_opens() -> None:
    header, _ = player(visit(PAGE, "step=3&pass=forward"))
    assert (header["start"]["step"], header["start"]["backward"]) == (2, False)
    header, _ = player(visit(PAGE, "step=99&pass=sideways&unit=0"))
    assert (header["start"]["step"], header["start"]["backward"]) == (6, True)


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_is_a_button(name: str) -> None:
    assert f'data-target="preset" data-value="{name}"' in markup(visit(PAGE, address()))
    assert PRESETS[name]["step"] == facts(experiment(**PRESETS[name])).T
