"""The lesson about back-propagation through time without a browser: no setting breaks it, its numbers are true."""

import json
import re
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from lessons._backprop_through_time import recall
from lessons._backprop_through_time.experiment import W_IH, Experiment, after_training, with_random_weights
from lessons._backprop_through_time.words import NEVER, PRESETS, TRAINED, settings
from rnnviz.diagnostics import hidden_gradient_norms
from rnnviz.figures.numbers import significant
from rnnviz.player import pack
from tests.hidden_state import parts

PAGE = str(Path(__file__).parents[2] / "lessons" / "backprop_through_time.py")
ZERO, CHANCE = recall.STARTS


def visit(shown: dict[str, Any] | None = None, **state: Any) -> AppTest:
    """The page with its widgets set to `state`, its player standing where `shown` says."""
    at = AppTest.from_file(PAGE, default_timeout=60)
    if shown:
        at.session_state["through_time"] = {"shown": shown}
    for key, value in state.items():
        at.session_state[key] = value
    at.run()
    assert not at.exception
    return at


def components(at: AppTest) -> list[Any]:
    return list(at.get("bidi_component"))


def html(at: AppTest) -> str:
    """All pictures of the page."""
    shown = [c.proto for c in components(at) if c.proto.component_name.endswith("rnn_pictures")]
    return "".join(picture for one in shown for picture in json.loads(one.json)["pictures"])


def said(at: AppTest) -> str:
    return html(at).split("What you saw")[1]


def assert_shows(at: AppTest, experiment: Experiment) -> None:
    """The player has the engine's numbers as cut, the page says those of the way back."""
    (player,) = [c.proto for c in components(at) if c.proto.component_name.endswith("rnn_player")]
    header, numbers = parts(bytes(player.bytes))
    wanted, engine = parts(pack(experiment.trace, experiment.cut))
    assert header["arrays"] == wanted["arrays"]
    assert numbers == engine
    assert header["tokens"] == list(experiment.symbols)
    assert header["loss"] == experiment.loss.value
    assert header["start"]["backward"]
    assert f"∂L/∂h has the size {significant(float(experiment.sizes[-1]))}." in said(at)
    assert f"{significant(float(experiment.sizes[experiment.at - 1]))} is left if nothing is cut" in said(at)
    assert ("the gradient is exactly 0" in said(at)) == (not experiment.arrives)
    assert html(at).count('class="snip"') == sum(experiment.at <= k for k in experiment.cuts)


def test_it_opens_at_the_question_in_the_backward_pass_with_one_unit_and_no_cut() -> None:
    at = visit()
    assert_shows(at, with_random_weights(1, 0.9, 6, NEVER, 0))
    (player,) = [c.proto for c in components(at) if c.proto.component_name.endswith("rnn_player")]
    start = parts(bytes(player.bytes))[0]["start"]
    assert (start["step"], start["unit"]) == (6, 0)


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ({"units": 8}, (8, 0.9, 6, NEVER, 0)),
        ({"rho": 0.0}, (1, 0.0, 6, NEVER, 0)),
        ({"rho": 0.0, "units": 4, "k": 3}, (4, 0.0, 6, 3, 0)),
        ({"rho": 2.0}, (1, 2.0, 6, NEVER, 0)),
        ({"rho": 2.0, "units": 8, "back": 13}, (8, 2.0, 13, NEVER, 0)),
        ({"back": 1}, (1, 0.9, 1, NEVER, 0)),
        ({"back": 13}, (1, 0.9, 13, NEVER, 0)),
        ({"k": 1}, (1, 0.9, 6, 1, 0)),
        ({"k": 1, "back": 13, "units": 8}, (8, 0.9, 13, 1, 0)),
        ({"k": 6}, (1, 0.9, 6, 6, 0)),
        ({"k": 7}, (1, 0.9, 6, 7, 0)),
        ({"seed": 9999}, (1, 0.9, 6, NEVER, 9999)),
    ],
)
def test_both_ends_of_each_slider(state: dict[str, Any], expected: tuple[Any, ...]) -> None:
    assert_shows(visit(**state), with_random_weights(*expected))


@pytest.mark.parametrize("start", recall.STARTS)
@pytest.mark.parametrize(("k", "place", "number"), [(1, 1, 1), (6, 8, 5), (7, 1, 2), (8, 3, 1), (14, 8, 5)])
def test_every_trained_network_can_be_seen(start: str, k: int, place: int, number: int) -> None:
    at = visit(network=TRAINED, start=start, k=k, at=place, number=number)
    training = recall.Training(start, k, number - 1)
    assert_shows(at, after_training(training, place))
    assert f"this network answered {100 * training.right:.1f} % right" in said(at)
    assert ("never share one" in said(at)) == (k <= recall.BACK)
    assert ("they moved by 0." in said(at)) == (k <= recall.BACK)
    assert ("it can only guess" in said(at)) == (k <= recall.BACK and start == ZERO)


@pytest.mark.parametrize("name", PRESETS)
def test_every_link_leads_somewhere(name: str) -> None:
    at = visit(**PRESETS[name])
    assert f'data-pick="show {name}"' in html(at)


@pytest.mark.parametrize(
    ("k", "number", "learned"), [(5, 3, "Nor did the rest"), (1, 1, "in part."), (6, 4, "in part."), (2, 2, "read it.")]
)
def test_it_says_that_the_rest_learned_to_read_the_clue_only_where_it_did(k: int, number: int, learned: str) -> None:
    at = visit(network=TRAINED, start=CHANCE, k=k, number=number)
    sentence = re.search(r"No gradient taught this network to write the clue down\. (.*?) How well", said(at))
    assert sentence is not None
    assert learned in sentence[1]
    right = recall.Training(CHANCE, k, number - 1).right
    assert ("as if it guessed" in sentence[1]) == (right < 0.55)


def test_cut_after_every_step_is_said_so() -> None:
    for state in ({"k": 1}, {"network": TRAINED, "k": 1}):
        at = visit(**state)
        assert "cut after every step" in html(at) + "".join(markdown.value for markdown in at.markdown)
        assert "every 1 steps" not in html(at) + "".join(markdown.value for markdown in at.markdown)


@pytest.mark.parametrize("change", [{"network": TRAINED}, {"back": 13}])
def test_another_sequence_sends_the_player_to_its_question(change: dict[str, Any]) -> None:
    at = visit({"step": 2, "unit": 0, "layer": 0, "direction": 0, "selected": "h", "backward": True})
    for key, value in change.items():
        at.session_state[key] = value
    at.run()
    assert not at.exception
    (player,) = [c.proto for c in components(at) if c.proto.component_name.endswith("rnn_player")]
    header, _ = parts(bytes(player.bytes))
    assert header["start"]["token"] == 1
    assert header["start"]["step"] == header["steps"] - 1


def test_a_click_on_the_axis_sets_the_windows() -> None:
    assert settings("k 0") == {"k": 1}
    assert settings("k 13") == {"k": NEVER}
    assert settings("show edge") == PRESETS["edge"]


def test_the_pictures_mark_the_step_where_the_reader_stands() -> None:
    at = visit({"step": 2, "unit": 0, "layer": 0, "direction": 0, "selected": "h", "backward": True}, k=4)
    experiment = with_random_weights(1, 0.9, 6, 4, 0)
    full = hidden_gradient_norms(experiment.full)[0, 0][2, 0]
    assert (
        f'<p class="said" aria-live="polite">step 3: never cut {significant(float(full))}, cut every 4 steps 0</p>'
        in html(at)
    )


@pytest.mark.parametrize(
    ("state", "answer", "truth"),
    [
        ({"k": 4}, "nothing", "nothing"),
        ({}, "nothing", "less than a tenth"),
        ({"seed": 2}, "a tenth to all of it", "a tenth to all of it"),
        ({"rho": 1.5, "seed": 2}, "nothing", "more than all of it"),
        ({"rho": 0.0}, "more than all of it", "nothing"),
    ],
)
def test_the_verdict_on_what_arrives_is_computed(state: dict[str, Any], answer: str, truth: str) -> None:
    at = visit(**state)
    at.get_by_key("predict_arrives").set_value(answer).run()
    assert not at.exception
    experiment = with_random_weights(1, state.get("rho", 0.9), 6, state.get("k", NEVER), state.get("seed", 0))
    share = significant(experiment.share if experiment.arrives else 0.0)
    assert any(f"**{truth}**. {share} of its size arrives." in markdown.value for markdown in at.markdown)
    assert ("You predicted it." in said(at)) == (answer == truth)
    assert ("You predicted “" in said(at)) == (answer != truth)


@pytest.mark.parametrize(
    ("start", "k", "number", "truth"),
    [
        (ZERO, 6, 1, "half the time, as by guessing"),
        (ZERO, 7, 1, "nearly always"),
        (CHANCE, 1, 1, "more often, but not nearly always"),
        (CHANCE, 2, 2, "nearly always"),
    ],
)
def test_the_verdict_on_what_was_learned_is_measured(start: str, k: int, number: int, truth: str) -> None:
    at = visit(network=TRAINED, start=start, k=k, number=number)
    at.get_by_key("predict_right").set_value(truth).run()
    assert not at.exception
    share = recall.Training(start, k, number - 1).right
    expected = f"**{truth}**. Of 3,200 answers {100 * share:.1f} % were right."
    assert any(expected in markdown.value for markdown in at.markdown)
    assert "You predicted it." in said(at)


@pytest.mark.parametrize(
    ("state", "experiment"),
    [
        ({"units": 3, "rho": 1.2, "k": 5, "back": 9, "seed": 4}, with_random_weights(3, 1.2, 9, 5, 4)),
        ({"network": TRAINED, "start": CHANCE, "k": 8, "at": 3, "number": 2}, None),
    ],
)
def test_the_program_on_the_page_prints_the_numbers_on_the_page(
    state: dict[str, Any], experiment: Experiment | None
) -> None:
    experiment = experiment or after_training(recall.Training(CHANCE, 8, 1), 3)
    at = visit(code=True, **state)
    assert_shows(at, experiment)
    printed = StringIO()
    with redirect_stdout(printed):
        exec(at.code[0].value, {})
    loss, *numbers = map(float, printed.getvalue().split())
    T = experiment.T
    assert loss == experiment.loss.value
    assert numbers[:T] == experiment.sizes.tolist()
    assert numbers[T : 2 * T] == hidden_gradient_norms(experiment.cut)[0, 0][:, 0].tolist()
    clue = recall.SYMBOLS.index(experiment.symbols[experiment.at - 1])
    columns = [grads.params[W_IH][:, clue].astype(float) for grads in (experiment.full, experiment.cut)]
    assert numbers[2 * T :] == pytest.approx([np.linalg.norm(column) for column in columns], rel=1e-6)
    for number in numbers[2 * T :]:
        assert significant(number) in said(at)


@pytest.mark.parametrize("state", [{}, {"k": 3, "units": 4}, {"network": TRAINED, "k": 5}, {"rho": 0.0, "k": 1}])
def test_the_page_proves_its_gradients(state: dict[str, Any]) -> None:
    at = visit(verify=True, **state)
    (proof,) = [m.value for m in at.markdown if "check_gradients" in m.value]
    error = re.search(r"which is (\S+) of that array", proof)
    assert error is not None
    assert error[1] == "0" or "×10⁻" in error[1]


def test_the_questions_know_the_engine_s_answers() -> None:
    at = visit(checks=True)
    for radio, answer in zip(at.radio, ("1", "only through what it learns", "nothing"), strict=True):
        radio.set_value(answer)
    at.run()
    assert not at.exception
    assert len(at.success) == 3


@pytest.mark.parametrize(
    "query",
    [
        {"k": "0"},
        {"k": "99", "units": "x", "rho": "nan", "back": "-1", "seed": "1e9"},
        {"network": "<b>", "start": "nowhere", "at": "0", "number": "6"},
        {"network": TRAINED, "start": "nowhere", "at": "0", "number": "6", "k": "inf"},
        {"step": "99", "pass": "sideways", "unit": "0"},
    ],
)
def test_nonsense_in_the_address_falls_back(query: dict[str, str]) -> None:
    at = AppTest.from_file(PAGE, default_timeout=60)
    at.query_params.update(query)
    at.run()
    assert not at.exception
    assert "What you saw" in html(at)
