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
from lessons._lstm_gates.experiment import with_letters, with_signal
from lessons.common.signals import hold_signal, lstm_by_hand, reset_signal
from lessons.common.trained import probabilities, spell, trained
from rnnviz import Pin, Shift
from rnnviz.activations import sigmoid
from rnnviz.diagnostics import measured_retention
from rnnviz.figures.numbers import significant
from tests.pictures import number

PAGE = str(Path(__file__).parents[2] / "lessons" / "lstm_gates.py")
RESET, HOLD, TEXT = "a reset marker", "a value to hold", "a sentence"
PIN, SHIFT = "pin a gate", "shift its bias"
SENTENCE = "and the king said come let us go down to the sea."


def visit(kind: str = RESET, surgery: str | None = None, **standing: Any) -> AppTest:
    """The page, its player standing somewhere: under surgery, after the page has sent it to the operation."""
    at = AppTest.from_file(PAGE, default_timeout=60)
    if standing:
        sent = {"layer": 0, "direction": 0, "selected": "f", "token": 0 if surgery is None else 1}
        at.session_state["lstm_gates"] = {"shown": sent | standing}
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


def as_number(said: str) -> float:
    """The number that a text stands for, with a power of ten where it has one."""
    mantissa, _, power = said.partition("×10")
    return number(mantissa) * 10.0 ** int(power.translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")) or 0)


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
    assert f"unit 1 has ∂L/∂c = {significant(dc[8])} after step 9" in said
    assert f"which leaves {significant(dc[5])}. That is all of ∂L/∂c there." in said
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
    said = re.search(r"σ\(b_f\) = (\S+) at each step, and after 5 steps that to the power 5: (\S+)\. ", words(at))
    assert said is not None
    assert as_number(said[1]) == pytest.approx(kept, rel=5e-3)
    assert said[2] == significant(kept**5)
    assert as_number(significant(as_number(said[1]) ** 5 * (1 + 1e-15))) == as_number(said[2])  # it comes out right
    assert f"{significant(measured_retention(trace, 1)[5])} of it arrives: the bias decides." in words(at)


@pytest.mark.parametrize("surgery", [None, PIN])
def test_what_cannot_be_told_from_rounding_is_no_number(surgery: str | None) -> None:
    """Unit 2 keeps 0.000335 of its cell at each step; a closed gate keeps nothing."""
    assert "less than 10⁻¹² of it arrives" in words(visit(HOLD, surgery, step=12, unit=1))


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
    opens = gate == "i" or (gate, kind) == ("f", RESET)
    slider = "by" if surgery == SHIFT else "held_g" if gate == "g" else "held"
    slider += "_up" if opens and surgery == SHIFT else "_open" if opens else ""
    for value in (at.slider(key=slider).min, at.slider(key=slider).max):
        at.slider(key=slider).set_value(value).run()
        assert not at.exception
        done = f"shifts the bias of {gate} by {value:g}" if surgery == SHIFT else f"holds {gate} at {value:g}"
        assert f"Surgery {done} of all units" in words(at)


@pytest.mark.parametrize("span", [(1, 1), (9, 9), (1, 20), (20, 20)])
@pytest.mark.parametrize("unit", [0, 1, 2])
def test_the_operated_run_stands_beside_the_untouched_one(span: tuple[int, int], unit: int) -> None:
    at = visit(RESET, PIN, step=13, unit=0)
    at.slider(key="held_open").set_value(0.65)
    at.slider(key="span").set_value(span)
    at.slider(key="operated_unit").set_value(unit).run()
    assert not at.exception
    network, x = lstm_by_hand(8.0), reset_signal(3, 0).x
    pin = Pin("f", 0.65, span[0] - 1, span[1] - 1, None if unit == 0 else (unit - 1,))
    (one, back_one), (two, back_two) = passes(network, x), passes(network, x, (pin,))
    found = keys(at)
    assert found["y untouched"] == pytest.approx(one.y[13, 0, 0], rel=5e-3)
    assert found["y operated"] == pytest.approx(two.y[13, 0, 0], rel=5e-3)
    assert found["∂L/∂c operated"] == pytest.approx(back_two[0, 0].dc[13, 0, 0], rel=5e-3)
    said = f"The last output is {significant(two.y[-1, 0, 0])}, untouched {significant(one.y[-1, 0, 0])}."
    assert said in words(at)
    if span[0] > 1:
        reached, untouched = (significant(back[0, 0].dc[span[0] - 2, 0, 0]) for back in (back_two, back_one))
        said = f"to step {span[0] - 1}, is ∂L/∂c = {reached} for unit 1, untouched {untouched}."
        assert said in words(at)
    assert f"--first:{span[0]};--last:{span[1]}" in html(at)


def test_a_span_beyond_a_shorter_sequence_goes_back_to_its_default() -> None:
    at = visit(RESET, PIN)
    at.slider(key="span").set_value((18, 20)).run()
    at.slider(key="gap").set_value(1).run()
    assert not at.exception
    assert at.slider(key="span").value == (5, 5)


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
    assert f"You predicted “{wrong}”; it is “{right}”." in words(at)
    assert any(f"You said “{wrong}”; it is **{right}**." in markdown.value for markdown in at.markdown)
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
    at_step = 8 if kind == RESET else round(0.7 * T) - 1
    held, by = (1.0, 8.0) if kind == RESET else (0.0, -8.0)
    cuts = {None: (), PIN: (Pin("f", held, at_step, at_step),), SHIFT: (Shift("f", by, at_step, at_step),)}[surgery]
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


@pytest.mark.parametrize("kind", [RESET, HOLD, TEXT])
@pytest.mark.parametrize("surgery", [None, PIN, SHIFT])
@pytest.mark.parametrize("selected", ["f", "i"])
def test_the_printed_products_of_gates_come_out_right(kind: str, surgery: str | None, selected: str) -> None:
    for step in (4, 9, 11):
        said = words(visit(kind, surgery, step=step, unit=0, selected=selected))
        found = re.search(r"∂L/∂c = (\S+) after .*? by f at each step, ([^,]*), which leaves (\S+)\. ", said)
        assert found is not None
        product = as_number(found[1]) * np.prod([as_number(f) for f in found[2].split(" × ")])
        digits = len(found[3].split("×")[0].lstrip("−0.").replace(".", ""))
        assert significant(float(product), max(digits, 3)) == found[3]


def test_surgery_is_not_taken_for_the_bias() -> None:
    """With f held at 1 at the reset, as much is left as the bias would leave; the bias did not do that."""
    said = words(visit(RESET, PIN, step=10, unit=0))
    assert "the bias decides" not in said
    assert re.search(r"of it arrives under surgery, and \S+ without\.", said)
    assert "lowest at step 1, “←0.4”: 0.9997." in said


def test_an_operation_begins_where_it_shows_and_the_player_goes_there() -> None:
    at = visit(RESET, PIN)
    assert at.slider(key="span").value == (9, 9)
    assert at.slider(key="held_open").value == 1.0
    start = at.session_state["start of lstm_gates"]
    assert (start.step, start.selected, start.token) == (8, "f", 1)
    at.get_by_key("gate").set_value("o").run()
    start = at.session_state["start of lstm_gates"]
    assert (start.step, start.selected, start.token) == (8, "o", 2)


@pytest.mark.parametrize(
    ("typed", "note"),
    [
        ("", "too short"),
        ("🙂", "too short"),
        ("_____", "too short"),
        ("x" * 50, "the first 49"),
        ("a1b2", "only a to z"),
        ("Été", ""),
    ],
)
def test_what_cannot_be_read_is_said(typed: str, note: str) -> None:
    at = visit(TEXT)
    at.text_input(key="text").set_value(typed).run()
    label = next(caption.value for caption in at.caption if caption.value.startswith("sentence"))
    assert label.startswith(f"sentence: {note}" if note else "sentence")
    assert (label == "sentence") == (not note)


@pytest.mark.parametrize(
    ("ends", "span"),
    [
        (["20", "1"], (1, 20)),
        (["3", "5"], (3, 5)),
        (["0", "99"], (9, 9)),
        (["x", "y"], (9, 9)),
        (["3"], (9, 9)),
        (["1", "2", "3"], (9, 9)),
    ],
)
def test_any_span_in_an_address_is_a_span_or_the_default(ends: list[str], span: tuple[int, int]) -> None:
    at = AppTest.from_file(PAGE, default_timeout=60)
    at.query_params["surgery"] = PIN
    at.query_params["span"] = ends
    at.run()
    assert not at.exception
    assert f"--first:{span[0]};--last:{span[1]}" in html(at)
