"""An encoder-decoder at work, in a page of its own: it moves as it plays, says what it does, no answer too early."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

import rnnviz as rv
from lessons.common import text
from lessons.translation import pictures
from lessons.translation.experiment import LOOKS, PLAIN
from lessons.translation.stored import answer, network
from lessons.translation.words import words
from tests.browser.waiting import moves, reaches

WORDS = text.load(Path(pictures.__file__).parent)
WORD = words()[45]
T, U = len(WORD.german), len(WORD.english) + 1
DESK = {"viewport": {"width": 884, "height": 640}}
PHONE = {"viewport": {"width": 390, "height": 420}, "has_touch": True}
LOOK = """root => {
    const canvas = root.querySelector("canvas");
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    let sum = 7;
    for (let i = 0; i < data.length; i += 1) sum = (sum * 31 + data[i]) | 0;
    return sum;
}"""
OUT = """() => [...document.querySelectorAll(".rnn-align :is(button, p, input, canvas)")].filter(one => {
    const box = one.getBoundingClientRect();
    return box.width > 1 && (box.left < -1 || box.right > innerWidth + 1);
}).map(one => one.outerHTML.slice(0, 80))"""
Open = Callable[..., tuple[Page, Locator]]


def matrix(**place: Any) -> dict[str, Any]:
    return pictures.matrix(network(LOOKS), WORD.german, WORDS, WORD.english, **place)


def board(**place: Any) -> dict[str, Any]:
    net = network(PLAIN)
    return pictures.board([pictures.line(answer(net, WORD.german), WORD.german, WORD.english)], WORDS, **place)


def beams(**place: Any) -> dict[str, Any]:
    return pictures.beams(network(PLAIN), WORD.german, 4, WORDS, **place)


@pytest.fixture
def opened(browser: Browser, tmp_path: Path) -> Iterator[Open]:
    """Opens a stage in a page of its own, with all that it tells in `window.told`."""
    contexts = []

    def open_(stage: dict[str, Any], options: dict[str, Any] = DESK) -> tuple[Page, Locator]:
        html = rv.player.stage_to_html(stage)
        html = html.replace("const data =", "window.told = []; const data =")
        html = html.replace("data, () => {});", "data, said => window.told.push(said));")
        file = tmp_path / "align.html"
        file.write_text(html.replace("$align.mount(", "window.one = $align.mount("))
        context = browser.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: pytest.fail(str(error)))
        page.goto(file.as_uri())
        root = page.get_by_test_id("rnn-align")
        expect(root).to_have_attribute("data-steps", str(stage["steps"]))
        return page, root

    yield open_
    for context in contexts:
        context.close()


@pytest.mark.parametrize("stage", [matrix, board, beams])
def test_while_it_plays_at_its_slowest_something_moves(opened: Open, stage: Callable[..., dict[str, Any]]) -> None:
    _, root = opened(stage(step=T + 2))
    root.locator("[data-speed]").first.click()
    root.press(" ")
    expect(root).to_have_attribute("data-playing", "true")
    assert moves(root, LOOK) >= 5


def test_keys_play_and_step(opened: Open) -> None:
    page, root = opened(matrix())
    root.focus()
    for key, step in (("ArrowRight", 1), ("ArrowRight", 2), ("ArrowLeft", 1), ("End", T + U), ("Home", 0)):
        page.keyboard.press(key)
        expect(root).to_have_attribute("data-step", str(step))
    page.keyboard.press(" ")
    expect(root).to_have_attribute("data-playing", "true")
    page.keyboard.press(" ")
    expect(root).to_have_attribute("data-playing", "false")
    assert {one["target"] for one in page.evaluate("told")} == {"step"}


def test_what_was_said_is_there_as_text_and_nothing_before_it_was(opened: Open) -> None:
    _, root = opened(matrix(step=T + 3))
    expect(root.locator(".told")).to_have_text(f"{WORD.german}: {WORD.english[:3]}")
    root.press("End")
    expect(root.locator(".told")).to_have_text(f"{WORD.german}: {WORD.english}∎ right")


def test_a_locked_stage_does_not_move_and_an_answer_is_played_once(opened: Open) -> None:
    page, root = opened(board(hide_from=0, locked=True, token="asked"))
    root.focus()
    for key in (" ", "ArrowRight", "End"):
        page.keyboard.press(key)
    expect(root).to_have_attribute("data-step", "0")
    told = board(play_to=T + 2, speed=2, token="told")
    page.evaluate("data => window.one.receive(data, false)", told)
    expect(root).to_have_attribute("data-step", str(T + 2))
    page.wait_for_function("told.some(one => one.target === 'played')")
    assert [one for one in page.evaluate("told") if one["target"] == "played"] == [{"target": "played", "value": T + 2}]


def test_new_numbers_under_the_same_token_keep_the_place(opened: Open) -> None:
    page, root = opened(matrix(token="a"))
    root.press("ArrowRight")
    page.evaluate("data => window.one.receive(data, false)", matrix(token="a"))
    expect(root).to_have_attribute("data-step", "1")
    page.evaluate("data => window.one.receive(data, false)", matrix(token="b", step=4))
    expect(root).to_have_attribute("data-step", "4")


def test_reduced_motion_takes_whole_steps(opened: Open) -> None:
    _, root = opened(matrix(), DESK | {"reduced_motion": "reduce"})
    root.press(" ")
    reaches(root, 2)
    root.press(" ")
    at = float(root.locator("input[name=at]").input_value())
    assert at == int(at)


@pytest.mark.parametrize("stage", [matrix, board, beams])
@pytest.mark.parametrize("options", [DESK, PHONE])
def test_nothing_leaves_the_screen(opened: Open, stage: Callable[..., dict[str, Any]], options: dict[str, Any]) -> None:
    page, root = opened(stage(), options)
    root.press("End")
    expect(root).to_have_attribute("data-step", root.get_attribute("data-steps") or "")
    assert page.evaluate(OUT) == []
