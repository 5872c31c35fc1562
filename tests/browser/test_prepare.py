"""Raw data on its way to a network, in a page of its own: it moves as it plays, shows nothing early, and it fits."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

import rnnviz as rv
from lessons.common import text
from lessons.preprocessing import pictures, raw, tale
from tests.browser.waiting import moves

WORDS = text.load(Path(tale.__file__).parent)
DESK = {"viewport": {"width": 884, "height": 640}}
PHONE = {"viewport": {"width": 390, "height": 360}}
CALM = {**DESK, "reduced_motion": "reduce"}
MAKE: dict[str, Callable[..., dict[str, Any]]] = {
    "table": lambda **place: pictures.table(WORDS, "all", **place),
    "gaps": lambda **place: pictures.gaps(WORDS, **place),
    "windows": lambda **place: pictures.sliding(raw.carbon(), tale.SLIDES, tale.CHOSEN, WORDS, **place),
    "lengths": lambda **place: pictures.spells(WORDS, **place),
    "years": lambda **place: pictures.years(WORDS, ("level", "change"), **place),
}
OUT = """() => {
    const room = document.querySelector(".picture").getBoundingClientRect();
    return [...document.querySelectorAll(".picture text")].filter(one => {
        const box = one.getBoundingClientRect();
        return box.width && (box.left < room.left - 1 || box.right > room.right + 1 || box.top < room.top - 1
            || box.bottom > room.bottom + 1);
    }).map(one => one.textContent);
}"""
Open = Callable[..., tuple[Page, Locator]]


@pytest.fixture
def opened(browser: Browser, tmp_path: Path) -> Iterator[Open]:
    """Opens a stage in a page of its own, with all that it tells in `window.told`."""
    contexts = []

    def open_(stage: dict[str, Any], options: dict[str, Any] = DESK) -> tuple[Page, Locator]:
        html = rv.player.stage_to_html(stage).replace("const data =", "window.told = []; const data =")
        file = tmp_path / "prepare.html"
        file.write_text(html.replace("data, () => {});", "data, said => window.told.push(said));"), encoding="utf-8")
        context = browser.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: pytest.fail(str(error)))
        page.goto(file.as_uri())
        root = page.get_by_test_id("rnn-prepare")
        expect(root).to_have_attribute("data-steps", str(stage["steps"]))
        return page, root

    yield open_
    for context in contexts:
        context.close()


@pytest.mark.parametrize("name", MAKE)
def test_while_it_plays_at_its_slowest_something_moves(opened: Open, name: str) -> None:
    _, root = opened(MAKE[name](speed=0.25))
    root.press(" ")
    expect(root).to_have_attribute("data-playing", "true")
    assert moves(root, "root => root.querySelector('.picture').innerHTML") >= 4


@pytest.mark.parametrize("name", MAKE)
def test_what_is_played_to_its_end_is_told_once(opened: Open, name: str) -> None:
    steps = MAKE[name]()["steps"]
    page, root = opened(MAKE[name](step=steps - 1, play_to=steps))
    expect(root).to_have_attribute("data-step", str(steps), timeout=20_000)
    expect(root).to_have_attribute("data-playing", "false")
    page.wait_for_function("told.some(one => one.target === 'played')")
    assert page.evaluate("told.filter(one => one.target === 'played').map(one => one.value)") == [steps]


@pytest.mark.parametrize("options", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("name", MAKE)
def test_all_that_is_written_lies_within_the_picture(opened: Open, name: str, options: dict[str, Any]) -> None:
    stage = MAKE[name]()
    page, _ = opened(MAKE[name](step=stage["steps"]), options)
    expect(page.locator(".picture text").first if name != "lengths" else page.locator(".value").first).to_be_visible()
    assert page.evaluate(OUT) == []


def test_what_is_hidden_is_not_there_and_keys_go_no_further(opened: Open) -> None:
    page, root = opened(MAKE["table"](step=2, hide_from=2))
    root.press("End")
    root.press("ArrowRight")
    expect(root).to_have_attribute("data-step", "2")
    seen = page.locator("[class=refused], .positive, .negative")
    expect(seen).to_have_count(2 * len(pictures.made(raw.days()[0], "all")))


def test_keys_step_and_play_and_calm_readers_see_whole_steps(opened: Open) -> None:
    _, root = opened(MAKE["table"](), CALM)
    root.press("ArrowRight")
    expect(root).to_have_attribute("data-step", "1")
    root.press("Home")
    expect(root).to_have_attribute("data-step", "0")
    root.press(" ")
    expect(root).to_have_attribute("data-playing", "true")
    expect(root).to_have_attribute("data-step", "5", timeout=20_000)
