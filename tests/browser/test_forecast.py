"""The forecasts' stage, in a page of its own: it moves as it plays, and shows nothing of the future too early."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

import rnnviz as rv
from rnnviz.numbers import significant
from rnnviz.player.forecast import WORDS, Way, forecast, slid, travelled, unrolled
from tests.browser.waiting import eventually, moves

N, K, M, HORIZON = 60, 5, 4, 6
ORIGINS = list(range(30, 30 + 4 * K, 4))
VALUES = 10 + 5 * np.sin(np.arange(N) / 4)
AHEAD = np.random.default_rng(0).normal(10.0, 3.0, (K, M, HORIZON))
DESK = {"viewport": {"width": 884, "height": 640}}
PHONE = {"viewport": {"width": 380, "height": 420}, "has_touch": True}
LOOK = """root => {
    const canvas = root.querySelector("canvas"), { width, height } = canvas;
    const { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
    let sum = 7;
    for (let i = 0; i < data.length; i += 1) sum = (sum * 31 + data[i]) | 0;
    return sum;
}"""
OUT = """() => [...document.querySelectorAll(".rnn-forecast :is(button, p, input, canvas)")].filter(one => {
    const box = one.getBoundingClientRect();
    return box.width > 0 && (box.left < -1 || box.right > innerWidth + 1 || box.bottom > innerHeight + 1);
}).map(one => one.outerHTML.slice(0, 80))"""


def stage(which: str = "travel", **place: Any) -> dict[str, Any]:
    ways = [Way("network", "networks", AHEAD), Way("naive", "as now", np.full((K, 1, HORIZON), 9.0), "forget", (7, 4))]
    words: dict[str, Any] = {name: name for name in WORDS} | {"errors": "off by"}
    if which == "fan":
        return forecast(VALUES, ORIGINS, ways, unrolled(HORIZON), words=words, band=[0.1, 0.9], **place)
    if which == "late":
        return forecast(VALUES, ORIGINS, [], slid([0.0, 0.5, 1.0]), words=words, line=VALUES, **place)
    errors = np.random.default_rng(1).random((K + 1, 2, HORIZON))
    errors[0] = np.nan
    frames = travelled(K, HORIZON)
    said = [f"frame {k}" for k in range(K + 1)]
    return forecast(VALUES, ORIGINS, ways, frames, words=words, errors=errors, span=[20, 8], said=said, **place)


Open = Callable[..., tuple[Page, Locator]]


@pytest.fixture
def opened(browser: Browser, tmp_path: Path) -> Iterator[Open]:
    """Opens a stage in a page of its own, with all that it tells in `window.told`."""
    contexts = []

    def open_(which: str = "travel", options: dict[str, Any] = DESK, **place: Any) -> tuple[Page, Locator]:
        file = tmp_path / "forecast.html"
        html = rv.player.stage_to_html(stage(which, **place))
        html = html.replace("const data =", "window.told = []; const data =")
        file.write_text(html.replace("data, () => {});", "data, said => window.told.push(said));"))
        context = browser.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: pytest.fail(str(error)))
        page.goto(file.as_uri())
        root = page.get_by_test_id("rnn-forecast")
        expect(root).to_have_attribute("data-playing", "true" if place.get("play_to") else "false")
        return page, root

    yield open_
    for context in contexts:
        context.close()


@pytest.mark.parametrize("which", ["fan", "travel", "late"])
def test_while_it_plays_something_moves_all_the_time(opened: Open, which: str) -> None:
    _, root = opened(which, speed=0.25)
    root.press(" ")
    assert moves(root, LOOK) >= 8


def test_space_plays_arrows_step_and_home_and_end_lead_to_the_ends(opened: Open) -> None:
    page, root = opened()
    root.press("ArrowRight")
    root.press("ArrowRight")
    expect(root).to_have_attribute("data-step", "2")
    expect(root.locator(".count")).to_have_text("frame 2")
    root.press("ArrowLeft")
    expect(root).to_have_attribute("data-step", "1")
    root.press("End")
    expect(root).to_have_attribute("data-step", str(K))
    root.press("Home")
    expect(root).to_have_attribute("data-step", "0")
    page.wait_for_function("told.at(-1).target === 'step' && told.at(-1).value === 0")


def test_what_is_read_out_is_what_was_forecast(opened: Open) -> None:
    _, root = opened()
    root.press("End")
    read = [significant(float(np.float32(one))) for one in AHEAD[-1].mean(axis=0)]
    expect(root.locator("tr[data-way=network] td")).to_have_text(read)


def test_while_it_is_locked_nothing_moves_and_nothing_beyond_is_shown(opened: Open) -> None:
    _, root = opened(locked=True, hide_from=0)
    root.press("End")
    root.press(" ")
    expect(root).to_have_attribute("data-step", "0")
    expect(root).to_have_attribute("data-steps", "0")
    for button in root.locator("[data-act]").all():
        expect(button).to_be_disabled()


def test_what_plays_by_itself_ends_where_it_should_and_says_so_once(opened: Open) -> None:
    page, root = opened(play_to=3, speed=2)
    expect(root).to_have_attribute("data-step", "3")
    expect(root).to_have_attribute("data-playing", "false")
    page.wait_for_function("told.some(({ target }) => target === 'played')")
    told = page.evaluate("window.told.filter(({ target }) => target === 'played')")
    assert told == [{"target": "played", "value": 3}]


def test_where_motion_is_reduced_it_goes_by_whole_frames(opened: Open) -> None:
    _, root = opened(options=DESK | {"reduced_motion": "reduce"})
    root.press(" ")
    expect(root).not_to_have_attribute("data-step", "0")
    root.press(" ")
    assert float(root.locator("input[name=at]").input_value()).is_integer()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone_all_of_it_stays_on_the_screen(opened: Open, scheme: str) -> None:
    page, root = opened(options=PHONE | {"color_scheme": scheme})
    for key, step in (("Home", 0), ("ArrowRight", 1), ("End", K)):
        root.press(key)
        expect(root).to_have_attribute("data-step", str(step))
        eventually(lambda: nothing(page.evaluate(OUT)))


def nothing(found: list[str]) -> None:
    assert found == []
