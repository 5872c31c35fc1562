"""The lesson on an LSTM's gates, visited without a browser: no setting breaks it, and its numbers are the engine's."""

import re
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

import rnnviz as rv
from lessons._signals import hold_signal, lstm_by_hand, reset_signal
from lessons._surgery import with_letters, with_signal
from lessons._surgery_words import share
from lessons._trained import probabilities, spell, trained
from rnnviz import Pin, Shift
from rnnviz.activations import sigmoid
from rnnviz.diagnostics import measured_retention
from rnnviz.figures.numbers import significant
from tests.pictures import number

PAGE = str(Path(__file__).parents[2] / "lessons" / "lstm_gates.py")
RESET, HOLD, TEXT = "a reset marker", "a value to hold", "a sentence"
PIN, SHIFT = "pin a gate", "shift its bias"
SENTENCE = "and the king said unto his servants come let us see the river."


def visit(kind: str = RESET, surgery: str | None = None, **standing: Any) -> AppTest:
    at = AppTest.from_file(PAGE, default_timeout=60)
    if standing:
        at.session_state["lstm_gates"] = {"shown": {"layer": 0, "direction": 0, "selected": "f"} | standing}
    at.run()
    if kind != RESET:
        at.get_by_key("input").set_value(kind).run()
    if surgery is not None:
        at.get_by_key("surgery").set_value(surgery).run()
    assert not at.exception
    return at


def html(at: AppTest) -> str:
    return "".join(element.proto.body for element in at.get("html"))


def words(at: AppTest) -> str:
    """All that the pictures say, without markup."""
    return re.sub(r"\s+", " ", re.sub(r"<style>.*?</style>|<[^>]+>", "", html(at), flags=re.DOTALL))


def keys(at: AppTest) -> dict[str, float]:
    """The numbers over the strips, by their labels."""
    found = re.findall(r'<i class="swatch[^>]*></i>([^<]*) <b>([^<]*)</b>', html(at))
    return {label.split(":")[0]: number(re.sub(r"×10.*", "", said)) for label, said in found if "×10" not in said}


def passes(network: rv.Network, x: np.ndarray, surgery: tuple = ()) -> tuple[rv.Trace, rv.Gradients]:
    """There and back from the last output."""
    trace = rv.unroll(network, x[:, None], surgery=surgery)
    dy = np.zeros_like(trace.y)
    dy[-1] = 1
    return trace, rv.backpropagate(network, trace, dy)


def test_the_first_page_says_which_gate_closed_why_and_what_it_did_to_the_gradient() -> None:
    """The question that this lesson is for: at the reset, with numbers, and three steps earlier."""
    said = words(visit())
    trace, grads = passes(lstm_by_hand(8.0), reset_signal(3, 0).x)
    f, dc = trace[0, 0].gates["f"][:, 0, 0], grads[0, 0].dc[:, 0, 0]
    assert f"At step 9, which reads “reset”, the forget gate of unit 1 is f = {significant(f[8])}, closed." in said
    assert "its bias 8.00, reset −16.0: −8.00, and σ(−8.00) = 0.000335" in said
    assert f"lowest at step 9, “reset”: {significant(f.min())}." in said
    assert f"unit 1 has dL/dc = {significant(dc[8])} after step 9" in said
    assert f"{significant(f[8])} × {significant(f[7])} × {significant(f[6])}" in said
    assert f"That is all of dL/dc there: {significant(dc[5])}." in said
    assert dc[5] == pytest.approx(dc[8] * f[6:9].prod(), rel=1e-12)


def test_the_strips_show_the_engine_s_numbers() -> None:
    at = visit(step=12, unit=1)
    trace, _ = passes(lstm_by_hand(8.0), reset_signal(3, 0).x)
    found = keys(at)
    assert found["c"] == pytest.approx(trace[0, 0].c[12, 0, 1], rel=5e-3)
    assert found["y"] == pytest.approx(trace.y[12, 0, 0], rel=5e-3)
    assert found["to be remembered"] == pytest.approx(reset_signal(3, 0).targets[12], rel=5e-3)


@pytest.mark.parametrize("bias", [-2.0, 0.0, 8.0])
def test_both_ends_of_the_forget_bias_and_what_it_promises(bias: float) -> None:
    at = visit(HOLD, step=4, unit=0)
    at.slider(key="bias").set_value(bias).run()
    assert not at.exception
    trace, _ = passes(lstm_by_hand(bias), hold_signal(12, 0.8, 0).x)
    kept = float(sigmoid(np.array([bias]))[0])
    assert f"σ(b_f) = {share(kept)} at each step, and after 5 steps that to the power 5: {share(kept**5)}" in words(at)
    assert f"{share(measured_retention(trace, 1)[5])} of it arrives: the bias decides." in words(at)


@pytest.mark.parametrize("surgery", [None, PIN])
def test_what_cannot_be_told_from_rounding_is_no_number(surgery: str | None) -> None:
    """Unit 2 keeps 0.000335 of its cell at each step; a closed gate keeps nothing."""
    assert "less than 10⁻¹² of it arrives." in words(visit(HOLD, surgery, step=12, unit=1))


@pytest.mark.parametrize(
    ("kind", "slider", "value"),
    [
        (RESET, "gap", 1),
        (RESET, "gap", 8),
        (HOLD, "hold", 1),
        (HOLD, "hold", 40),
        (TEXT, "more", -4.0),
        (TEXT, "more", 4.0),
    ],
)
def test_both_ends_of_the_other_sliders(kind: str, slider: str, value: float) -> None:
    at = visit(kind)
    at.slider(key=slider).set_value(value).run()
    assert not at.exception
    if kind == TEXT:
        y = with_letters(spell(SENTENCE)[:49], value, ()).untouched.outcome
    else:
        signal = reset_signal(int(value), 0) if kind == RESET else hold_signal(int(value), 0.8, 0)
        y = passes(lstm_by_hand(8.0), signal.x)[0].y[:, 0, 0]
    step = int(re.search(r"At step (\d+), which reads", words(at))[1])  # type: ignore[index]
    label = "p" if kind == TEXT else "y"
    assert keys(at).get(label, y[step - 1]) == pytest.approx(y[step - 1], rel=5e-3)


@pytest.mark.parametrize(
    ("kind", "gate"), [(RESET, "f"), (RESET, "o"), (HOLD, "i"), (HOLD, "g"), (TEXT, "f"), (TEXT, "g")]
)
@pytest.mark.parametrize("surgery", [PIN, SHIFT])
def test_both_ends_of_an_operation_on_any_gate(kind: str, gate: str, surgery: str) -> None:
    at = visit(kind, surgery)
    at.get_by_key("gate").set_value(gate).run()
    slider = "by" if surgery == SHIFT else "held_g" if gate == "g" else "held"
    for value in (at.slider(key=slider).min, at.slider(key=slider).max):
        at.slider(key=slider).set_value(value).run()
        assert not at.exception
        done = f"shifts the bias of {gate} by {value:g}" if surgery == SHIFT else f"holds {gate} at {value:g}"
        assert f"Surgery {done} of all units" in words(at)


@pytest.mark.parametrize("span", [(1, 1), (9, 9), (1, 20), (20, 20)])
@pytest.mark.parametrize("unit", [0, 1, 2])
def test_the_operated_run_stands_beside_the_untouched_one(span: tuple[int, int], unit: int) -> None:
    at = visit(RESET, PIN, step=13, unit=0)
    at.slider(key="held").set_value(0.65)
    at.slider(key="span").set_value(span)
    at.slider(key="operated_unit").set_value(unit).run()
    assert not at.exception
    network, x = lstm_by_hand(8.0), reset_signal(3, 0).x
    pin = Pin("f", 0.65, span[0] - 1, span[1] - 1, None if unit == 0 else (unit - 1,))
    (one, back_one), (two, back_two) = passes(network, x), passes(network, x, (pin,))
    found = keys(at)
    assert found["y untouched"] == pytest.approx(one.y[13, 0, 0], rel=5e-3)
    assert found["y operated"] == pytest.approx(two.y[13, 0, 0], rel=5e-3)
    assert found["dL/dc operated"] == pytest.approx(back_two[0, 0].dc[13, 0, 0], rel=5e-3)
    said = f"The last output is {significant(two.y[-1, 0, 0])}, untouched {significant(one.y[-1, 0, 0])}."
    assert said in words(at)
    before = max(span[0] - 4, 0)
    reached, untouched = (significant(back[0, 0].dc[before, 0, 0]) for back in (back_two, back_one))
    assert f"After step {before + 1} unit 1 gets dL/dc = {reached}, untouched {untouched}." in words(at)
    assert f"--first:{span[0]};--last:{span[1]}" in html(at)


def test_a_span_beyond_a_shorter_sequence_goes_back_to_its_default() -> None:
    at = visit(RESET, PIN)
    at.slider(key="span").set_value((18, 20)).run()
    at.slider(key="gap").set_value(1).run()
    assert not at.exception
    assert at.slider(key="span").value == (7, 8)


@pytest.mark.parametrize(
    "typed", ["", " ", "a", "ab", "x" * 10_000, "🙂🙃", "<img src=x onerror=alert(1)>", "$x$ **b**", "\0"]
)
def test_any_text_can_be_typed(typed: str) -> None:
    at = visit(TEXT, SHIFT)
    at.text_input(key="text").set_value(typed).run()
    assert not at.exception
    assert "<img" not in html(at)
    read = spell(typed)[:49]
    assert f"--T:{(len(read) if len(read) > 1 else 49) - 1};" in html(at)


@pytest.mark.parametrize(
    ("kind", "selected"), [*((RESET, name) for name in (*"figohcxy", "nonsense")), (HOLD, "g"), (TEXT, "g")]
)
def test_the_page_follows_the_player(kind: str, selected: str) -> None:
    at = visit(kind, step=3, unit=1, selected=selected)
    name = {"i": "input gate", "g": "candidate", "o": "output gate"}.get(selected, "forget gate")
    assert re.search(rf"At step 4, which reads “[^”]+”, the {name} of unit 2 is", words(at))


def test_the_first_step_has_no_way_back() -> None:
    assert "Step 1 is the first." in words(visit(step=0, unit=0))


@pytest.mark.parametrize(
    ("kind", "key", "right", "wrong"),
    [
        (RESET, "predict_gradient", "less than a hundredth", "about as large"),
        (HOLD, "predict_left", "more than 90 %", "less than 10 %"),
    ],
)
def test_the_prediction_is_judged_by_what_the_engine_did(kind: str, key: str, right: str, wrong: str) -> None:
    at = visit(kind)
    at.get_by_key(key).set_value(right).run()
    assert "You predicted it" in words(at)
    at.get_by_key(key).set_value(wrong).run()
    assert "You predicted something else" in words(at)
    at.slider(key="bias").set_value(-2.0).run()
    if kind == HOLD:
        assert "You predicted it" in words(at)


def test_the_trained_gates_judge_the_prediction_about_spaces() -> None:
    at = visit(TEXT)
    run = with_letters(spell(SENTENCE)[:49], 0.0, ()).untouched
    f = run.trace[0, 0].gates["f"][:, 0].mean(axis=1)
    spaces = np.array([symbol == " " for symbol in spell(SENTENCE)[:48]])
    truth = "space" if f[spaces].mean() > f[~spaces].mean() else "letter"
    at.get_by_key("predict_space").set_value(truth).run()
    assert "You predicted it" in words(at)
    assert f"f is {significant(f[spaces].mean())} at spaces" in words(at)


def test_letters_alone_leave_nothing_to_predict() -> None:
    at = visit(TEXT)
    at.text_input(key="text").set_value("abcdef").run()
    assert any("needs letters and spaces" in caption.value for caption in at.caption)


@pytest.mark.parametrize("kind", [RESET, HOLD, TEXT])
def test_the_questions_know_the_engine_s_answers(kind: str) -> None:
    at = visit(kind)
    at.session_state["checks"] = True
    at.run()
    assert not at.exception
    for radio, answer in zip(at.radio, ("it stays, to the last digit", "about 4 %", "at all"), strict=True):
        radio.set_value(answer)
    at.run()
    assert len(at.success) == 3


@pytest.mark.parametrize("kind", [RESET, HOLD, TEXT])
@pytest.mark.parametrize("surgery", [None, PIN, SHIFT])
def test_the_code_prints_the_numbers_of_the_page(kind: str, surgery: str | None) -> None:
    at = visit(kind, surgery, step=7, unit=1)
    if kind == TEXT:
        at.slider(key="more").set_value(1.5).run()
    at.session_state["code"] = True
    at.run()
    assert not at.exception
    printed = StringIO()
    with redirect_stdout(printed):
        exec(at.code[0].value, {})
    gates, states, left = printed.getvalue().splitlines()
    T = {RESET: 20, HOLD: 13, TEXT: 48}[kind]
    first, last = round(0.7 * T) - 1, min(round(0.7 * T), T - 1)
    cuts = {None: (), PIN: (Pin("f", 0.0, first, last),), SHIFT: (Shift("f", -4.0, first, last),)}[surgery]
    experiment = (
        with_letters(spell(SENTENCE)[:49], 1.5, cuts)
        if kind == TEXT
        else with_signal("reset" if kind == RESET else "hold", 3 if kind == RESET else 12, 0, 8.0, cuts)
    )
    run = experiment.operated
    assert [float(v) for v in re.findall(r"[\d.e+-]+(?=\)[,}])", gates)] == [run.gate(g, 1)[7] for g in "ifgo"]
    assert [float(v) for v in states.split()] == [run.c(1)[7], run.dc(1)[7]]
    assert float(left) == measured_retention(run.trace, 2)[8]


def test_the_surprise_at_the_last_letter_is_what_the_backward_pass_starts_from() -> None:
    experiment = with_letters(spell(SENTENCE)[:49], 0.0, ())
    run = experiment.untouched
    p = probabilities(run.trace.y[-1, 0])[experiment.targets[-1]]
    assert run.loss == pytest.approx(-np.log(p))
    assert run.outcome[-1] == pytest.approx(p)
    assert not run.grads.dy[:-1].any()
    assert run.grads.dy[-1].any()


def test_the_page_says_which_weights_are_trained_and_which_are_set_by_hand() -> None:
    assert any("set by hand" in caption.value for caption in visit().caption)
    _, about = trained("letters_lstm")
    assert any(f"trained** to guess the next letter, in {about.updates:,}" in c.value for c in visit(TEXT).caption)


@pytest.mark.parametrize(("value", "said"), [(0.99966, "0.999660"), (0.5, "0.500"), (1.0, "1.00"), (0.9926, "0.99260")])
def test_a_share_near_one_shows_what_is_missing(value: float, said: str) -> None:
    assert share(value) == said
