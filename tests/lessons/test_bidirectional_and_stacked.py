"""The lesson on both directions: no text or setting breaks it, its numbers are the engine's, its claims hold."""

import re
from contextlib import redirect_stdout
from html import unescape
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

import rnnviz as rv
from lessons._blanks import BOTH, LAYERS, LEFT, READERS, RIGHT, answers, hide_each, of_the_truth, pass_of, put, reach
from lessons.common.trained import ALPHABET, BLANK, probabilities, spell, trained
from rnnviz.figures.guesses import percent

PAGE = str(Path(__file__).parents[2] / "lessons" / "bidirectional_and_stacked.py")
SENTENCE = "there was a great light in the house."


def visit() -> AppTest:
    at = AppTest.from_file(PAGE, default_timeout=60).run()
    assert not at.exception
    return at


def html(at: AppTest) -> str:
    return unescape("".join(element.proto.body for element in at.get("html")))


def answer(reader: str, read: str, position: int) -> np.ndarray:
    """(Q,) what a reader says at a position, computed from its file alone."""
    net = rv.load(Path(PAGE).parent / "trained" / f"{READERS[reader]}.npz")
    x = np.eye(29)[[(ALPHABET + BLANK).index(symbol) for symbol in read]][:, None]
    if reader == RIGHT:
        return probabilities(rv.unroll(net, x[::-1]).y)[len(read) - position, 0]
    return probabilities(rv.unroll(net, x).y)[position - 1, 0]


def assert_shows(at: AppTest, sentence: str, position: int) -> None:
    """The table of each reader, and what the story says about it."""
    page = html(at)
    columns = page.split('<div class="answer">')[1:]
    assert len(columns) == 4
    read = put(sentence, position, BLANK)
    for name, column in zip(READERS, columns, strict=True):
        p = answer(name, read, position)
        best = int(p.argmax())
        label, number = re.findall(r"<b[^>]*>([^<]*)</b>.*?<span[^>]*>(<?[^<]*)</span>", column)[0]
        assert label.removesuffix(" ✓") == ALPHABET[best].replace(" ", "␣")
        assert number == percent(float(p[best]))
    assert f"Position {position}: " in page


def test_the_page_shows_the_engine_s_numbers() -> None:
    assert_shows(visit(), SENTENCE, 20)


@pytest.mark.parametrize("position", [1, 37])
def test_both_ends_of_the_slider(position: int) -> None:
    at = visit()
    at.slider(key="hidden").set_value(position).run()
    assert not at.exception
    assert_shows(at, SENTENCE, position)


@pytest.mark.parametrize("layers", ["one layer", "two layers"])
def test_the_player_can_show_either_network(layers: str) -> None:
    at = visit()
    at.get_by_key("layers").set_value(layers).run()
    assert not at.exception
    assert_shows(at, SENTENCE, 20)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "   ",
        "\n",
        "a",
        "_",
        "____",
        "x" * 10_000,
        "🙂🙃👩‍👩‍👧",
        "<img src=x onerror=alert(1)>",
        "</div><style>*{display:none}</style>",
        "**bold** $x^2$ :material/home: [a](javascript:alert(1))",
        "مرحبا بالعالم",
        "\u202eevil\u0000",
        "`'\"\\{}%",
        "THE QUICK, brown fox!",
        "l_ght and d_rkness",
    ],
)
def test_any_text_can_be_typed(typed: str) -> None:
    at = visit()
    at.text_input(key="text").set_value(typed).run()
    assert not at.exception
    assert not re.search(r"<(img|style>\*|script)", "".join(element.proto.body for element in at.get("html")))
    sentence = (spell(typed, BLANK) or SENTENCE)[:40]
    assert_shows(at, sentence, min(20, len(sentence)))
    for section in ("checks", "code"):
        at.session_state[section] = True
    at.run()
    assert not at.exception


def test_a_blank_that_the_reader_typed_has_no_right_answer() -> None:
    at = visit()
    at.text_input(key="text").set_value("there was a great l_ght in the house.").run()
    assert not at.exception
    assert "✓" not in html(at)
    assert not at.get("button_group") or all(group.key != "predict_reader" for group in at.get("button_group"))
    assert any("Nobody knows" in caption.value for caption in at.caption)
    assert "Hide each of the 36 symbols" in html(at)


def test_the_prediction_is_judged_by_the_numbers() -> None:
    at = visit()
    at.get_by_key("predict_reader").set_value(BOTH).run()
    assert "You predicted it" in html(at)
    at.get_by_key("predict_reader").set_value(LEFT).run()
    assert f"You predicted “{LEFT}”; it is “{BOTH}”." in html(at)
    verdict = next(markdown.value for markdown in at.markdown if markdown.value.startswith("You said"))
    for name in (LEFT, RIGHT, BOTH):
        assert f"{name} {percent(float(answer(name, put(SENTENCE, 20, BLANK), 20)[ALPHABET.index('i')]))}" in verdict


def test_the_program_on_the_page_prints_the_numbers_on_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    at = visit()
    at.session_state["code"] = True
    at.run()
    printed = StringIO()
    monkeypatch.chdir(Path(PAGE).parents[1])
    with redirect_stdout(printed):
        exec(at.code[0].value, {})
    for name, line in zip(READERS, printed.getvalue().splitlines(), strict=True):
        assert f"{name} gives “i” {percent(float(line.split()[1]))} and guesses" in html(at)


def test_the_questions_know_the_engine_s_answers() -> None:
    at = visit()
    at.session_state["checks"] = True
    at.run()
    for radio, given in zip(at.radio, ("only the last", "all", LEFT), strict=True):
        radio.set_value(given)
    at.run()
    assert not at.exception
    assert len(at.success) == 3


def test_in_one_layer_a_direction_knows_one_side_and_in_two_both() -> None:
    """The states that change with one symbol: from there on, up to there, and everywhere."""
    changed = {name: norms > 0 for name, norms in reach(SENTENCE, put(SENTENCE, 20, BLANK)).items()}
    position = np.arange(1, len(SENTENCE) + 1)
    assert np.array_equal(changed[f"layer 1, {LEFT}"], position >= 20)
    assert np.array_equal(changed[f"layer 1, {RIGHT}"], position <= 20)
    assert changed[f"layer 2, {LEFT}"].all()
    assert changed[f"layer 2, {RIGHT}"].all()


def test_a_reader_knows_nothing_of_the_side_that_it_has_not_read() -> None:
    one, other = SENTENCE[:19] + BLANK + "ght in the house.", SENTENCE[:19] + BLANK + "d friend of mine."
    for reader, same in ((LEFT, True), (RIGHT, False), (BOTH, False), (LAYERS, False)):
        p, q = (answers(reader, (text,))[19, 0] for text in (one, other))
        assert np.array_equal(p, q) == same


def test_hiding_each_symbol_at_once_is_hiding_one_after_the_other() -> None:
    for reader in READERS:
        p = hide_each(reader, "the sea")
        for position in range(1, 8):
            alone = answer(reader, put("the sea", position, BLANK), position)
            assert p[position - 1] == pytest.approx(alone, abs=1e-6)


def test_the_probability_of_the_truth_is_missing_where_nobody_knows_it() -> None:
    p = of_the_truth(BOTH, "th_ sea")
    assert np.isnan(p).tolist() == [False, False, True, False, False, False, False]


def test_the_loss_in_the_player_is_that_of_the_hidden_symbol_alone() -> None:
    read = put(SENTENCE, 20, BLANK)
    trace, grads, loss = pass_of(BOTH, read, 20, "i")
    assert loss == pytest.approx(-np.log(answer(BOTH, read, 20)[ALPHABET.index("i")]), rel=1e-5)
    assert np.flatnonzero(np.abs(grads.dy[:, 0]).sum(axis=1)).tolist() == [19]
    assert (np.abs(grads.dx[:, 0]).max(axis=1) > 0).all()  # the answer leans on every symbol, before and after
    assert np.array_equal(trace.y, rv.unroll(trained(READERS[BOTH])[0], trained(READERS[BOTH])[1].one_hot(read)).y)


def test_what_the_page_says_about_the_four_networks_is_true() -> None:
    """Either direction about equally good, both far better, a second layer a little better still."""
    loss = {name: trained(file)[1].loss for name, file in READERS.items()}
    assert abs(loss[LEFT] - loss[RIGHT]) < 0.02
    assert loss[BOTH] < loss[LEFT] - 0.5
    assert loss[BOTH] - 0.1 < loss[LAYERS] < loss[BOTH]
    text = next(markdown.value for markdown in visit().markdown if "loss in nats" in markdown.value)
    for file in READERS.values():
        about = trained(file)[1]
        assert f"| {about.parameters} | {about.loss:.2f} | {percent(about.accuracy)} |" in text


def test_the_player_goes_along_with_the_hidden_position_and_where_a_button_sends_it() -> None:
    at = visit()
    assert at.session_state["start of both_ways"].step == 19
    at.slider(key="hidden").set_value(7).run()
    assert at.session_state["start of both_ways"].step == 6
    at.get_by_key("layers").set_value("two layers").run()
    at.button(key="the first symbol, in layer 2").click().run()
    assert not at.exception
    sent = at.session_state["start of both_ways"]
    assert (sent.step, sent.layer, sent.direction, sent.backward) == (0, 1, 0, False)
    at.button(key="the gap, backward").click().run()
    sent = at.session_state["start of both_ways"]
    assert (sent.step, sent.layer, sent.direction, sent.backward) == (6, 0, 0, True)


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ({"step": 4, "layer": 0, "direction": 0}, "layer 1, left to right: this state has read positions 1 to 5 and"),
        ({"step": 4, "layer": 0, "direction": 1}, "layer 1, right to left: this state has read positions 37 back to 5"),
        ({"step": 4, "layer": 1, "direction": 0}, "layer 2, left to right: this state can know the whole sentence"),
    ],
)
def test_the_story_follows_the_reader_in_the_player(place: dict[str, int], said: str) -> None:
    at = visit()
    at.get_by_key("layers").set_value("two layers")
    at.session_state["both_ways"] = {"shown": place | {"unit": 0, "selected": "h", "backward": False}}
    at.run()
    assert not at.exception
    assert f"position 5, {said}" in html(at)


def test_the_inputs_that_the_answer_leans_on_are_those_with_the_largest_gradient() -> None:
    _, grads, loss = pass_of(BOTH, put(SENTENCE, 20, BLANK), 20, "i")
    pull = np.linalg.norm(grads.dx[:, 0], axis=1)
    others = [t for t in np.argsort(-pull) + 1 if t != 20]
    said = re.search(r"−log p = ([\d.]+)\. It leans most on (.*?); in brackets", html(visit()))
    assert said is not None
    assert float(said[1]) == pytest.approx(loss, rel=5e-3)
    assert [int(t) for t in re.findall(r"at (\d+) \(", said[2])] == others[:3]
