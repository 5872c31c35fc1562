"""Reading from both sides, in a page of its own: it moves as it plays, says what it knows, no answer too early."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

import rnnviz as rv
from lessons.bidirectional_and_stacked import sides
from lessons.bidirectional_and_stacked.blanks import BOTH, states
from lessons.bidirectional_and_stacked.told import ASKED, CHANGED, GAP, SENTENCE
from lessons.common import text
from tests.browser.waiting import eventually, moves, reaches

T = len(SENTENCE)
DESK = {"viewport": {"width": 884, "height": 640}}
PHONE = {"viewport": {"width": 390, "height": 420}, "has_touch": True}
WORDS = text.load(Path(sides.__file__).parent)
LOOK = """root => {
    const canvas = root.querySelector("canvas");
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    let sum = 7;
    for (let i = 0; i < data.length; i += 1) sum = (sum * 31 + data[i]) | 0;
    return sum;
}"""
OUT = """() => [...document.querySelectorAll(".rnn-reading :is(button, p, input, canvas, li)")].filter(one => {
    const box = one.getBoundingClientRect();
    return box.width > 1 && (box.left < -1 || box.right > innerWidth + 1);
}).map(one => one.outerHTML.slice(0, 80))"""
Open = Callable[..., tuple[Page, Locator]]


def both(**place: Any) -> dict[str, Any]:
    rows = sides.rows_of(BOTH, WORDS, states(BOTH, ASKED.read))
    return sides.stage(ASKED, rows, WORDS, guesses=(BOTH,), **place)


@pytest.fixture
def opened(browser: Browser, tmp_path: Path) -> Iterator[Open]:
    """Opens a stage in a page of its own, with all that it tells in `window.told`."""
    contexts = []

    def open_(stage: dict[str, Any], options: dict[str, Any] = DESK) -> tuple[Page, Locator]:
        html = rv.player.stage_to_html(stage)
        html = html.replace("const data =", "window.told = []; const data =")
        html = html.replace("data, () => {});", "data, said => window.told.push(said));")
        file = tmp_path / "reading.html"
        file.write_text(html.replace("$reading.mount(", "window.one = $reading.mount("))
        context = browser.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: pytest.fail(str(error)))
        page.goto(file.as_uri())
        root = page.get_by_test_id("rnn-reading")
        expect(root).to_have_attribute("data-steps", str(stage["steps"]))
        return page, root

    yield open_
    for context in contexts:
        context.close()


def test_while_it_plays_at_its_slowest_something_moves(opened: Open) -> None:
    _, root = opened(both(step=2))
    speeds = root.locator("[data-speed]")
    assert [float(one.get_attribute("data-speed")) for one in speeds.all()] == [0.25, 0.5, 1, 2]
    speeds.first.click()
    root.press(" ")
    expect(root).to_have_attribute("data-playing", "true")
    assert moves(root, LOOK) >= 7


def test_keys_play_and_step(opened: Open) -> None:
    page, root = opened(both())
    root.focus()
    for key, step in (("ArrowRight", 1), ("ArrowRight", 2), ("ArrowLeft", 1), ("End", T + 1), ("Home", 0)):
        page.keyboard.press(key)
        expect(root).to_have_attribute("data-step", str(step))
    page.keyboard.press(" ")
    expect(root).to_have_attribute("data-playing", "true")
    page.keyboard.press(" ")
    expect(root).to_have_attribute("data-playing", "false")
    assert {one["target"] for one in page.evaluate("told")} == {"step"}


def test_what_was_read_is_said_in_words(opened: Open) -> None:
    page, root = opened(both())
    root.focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    expect(root.locator(".say")).to_have_text(
        "From the left, “and” has been read. From the right, “id.” has been read."
    )
    eventually(says, root, "computed", [[t < 3 for t in range(T)], [t >= T - 3 for t in range(T)]])


def says(root: Locator, text: str, where: list[list[bool]]) -> None:
    """In which cells of the table, row by row, this stands."""
    rows = root.locator("table tr").evaluate_all(
        "rows => rows.slice(1).map(row => [...row.querySelectorAll('td')].map(cell => cell.innerText))"
    )
    assert [[text in cell for cell in row] for row in rows] == where


def test_the_answer_is_no_text_before_its_step_and_stands_there_after_it(opened: Open) -> None:
    _, root = opened(both(step=T))
    expect(root.locator(".says")).to_have_text(f"{WORDS.label('readers.both')}?")
    expect(root.locator(".choice")).to_have_count(0)
    root.press("End")
    expect(root.locator(".choice")).to_have_count(sides.MOST)
    (guess,) = sides.guesses_of(ASKED, [BOTH], WORDS)
    first = root.locator(".choice").first
    assert guess.letters[0] == "k"
    expect(first.locator("b")).to_have_text("k")
    expect(first.locator(".p")).to_have_text(f"{round(100 * guess.p[0])}%")


def test_a_locked_stage_does_not_move_and_an_answer_is_played_once(opened: Open) -> None:
    asked = both(step=GAP, hide_from=GAP, locked=True, token="asked")
    page, root = opened(asked)
    root.focus()
    for key in (" ", "ArrowRight", "End"):
        page.keyboard.press(key)
    expect(root).to_have_attribute("data-step", str(GAP))
    expect(root).to_have_attribute("data-playing", "false")
    page.evaluate("data => window.one.receive(data, false)", both(step=T - 1, play_to=T + 1, speed=2, token="told"))
    expect(root).to_have_attribute("data-step", str(T + 1))
    page.wait_for_function("told.some(one => one.target === 'played')")
    played = [one for one in page.evaluate("told") if one["target"] == "played"]
    assert played == [{"target": "played", "value": T + 1}]


def test_new_numbers_under_the_same_token_keep_the_place(opened: Open) -> None:
    page, root = opened(both(token="a"))
    root.focus()
    page.keyboard.press("ArrowRight")
    page.evaluate("data => window.one.receive(data, false)", both(token="a"))
    expect(root).to_have_attribute("data-step", "1")
    page.evaluate("data => window.one.receive(data, false)", both(token="b", step=4))
    expect(root).to_have_attribute("data-step", "4")


def test_a_letter_that_is_clicked_is_told_where_it_may_be(opened: Open) -> None:
    for more in ({}, {"picks": "hidden"}):
        page, root = opened(both(**more))
        box = root.locator("canvas").bounding_box()
        for y in np.linspace(box["y"] + 4, box["y"] + box["height"] - 4, 60):
            page.mouse.click(box["x"] + box["width"] - 26, y)
        told = [one for one in page.evaluate("told") if one["target"] == "hidden"]
        assert {one["value"] for one in told} == ({T} if more else set())


def test_states_that_stay_the_same_are_said_to(opened: Open) -> None:
    stage = sides.of_change(ASKED, BOTH, CHANGED, WORDS)
    _, root = opened(stage | {"step": T})
    eventually(says, root, "has changed", [[t >= GAP for t in range(T)], [t <= GAP for t in range(T)]])


def test_reduced_motion_takes_whole_steps(opened: Open) -> None:
    _, root = opened(both(), DESK | {"reduced_motion": "reduce"})
    root.press(" ")
    reaches(root, 2)
    root.press(" ")
    at = float(root.locator("input[name=at]").input_value())
    assert at == int(at)


@pytest.mark.parametrize("options", [DESK, PHONE])
def test_nothing_leaves_the_screen(opened: Open, options: dict[str, Any]) -> None:
    page, root = opened(both(step=T + 1), options)
    expect(root.locator(".choice")).to_have_count(sides.MOST)
    assert page.evaluate(OUT) == []
