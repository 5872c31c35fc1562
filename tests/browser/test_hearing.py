"""Hearing, in a page of its own: it moves as it plays, says who leads, and nothing of what was not heard yet."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

import rnnviz as rv
from lessons.common import text
from lessons.common.shared import shared
from rnnviz.player.hearing import Picture, hearing

T = 6
LABELS = ("zero", "one", "two")
P = np.array([[0.4, 0.5, 0.1], [0.6, 0.3, 0.1], [0.2, 0.7, 0.1], [0.05, 0.92, 0.03], [0.01, 0.95, 0.04], [0, 1, 0]])
DESK = {"viewport": {"width": 884, "height": 640}}
PHONE = {"viewport": {"width": 390, "height": 420}, "has_touch": True}
SPEECH = text.load(Path(text.__file__).parents[1] / "speech")
Open = Callable[..., tuple[Page, Locator]]


def stage(form: str = "heat", **how: Any) -> dict[str, Any]:
    values = np.random.default_rng(0).normal(size=(T, 3)) / 2
    words = {**shared().labels("hearing", {}), **SPEECH.labels("hearing", {})}
    picture = Picture(values, "the signal", form, ("x", "y", "z"))
    return hearing(picture, P, labels=LABELS, words=words, right=1, sure=0.9, span=0.025, **how)


@pytest.fixture
def opened(browser: Browser, tmp_path: Path) -> Iterator[Open]:
    """Opens a stage in a page of its own, with all that it tells in `window.told`."""
    contexts = []

    def open_(of: dict[str, Any], options: dict[str, Any] = DESK) -> tuple[Page, Locator]:
        html = rv.player.stage_to_html(of)
        html = html.replace("const data =", "window.told = []; const data =")
        file = tmp_path / "hearing.html"
        file.write_text(html.replace("data, () => {});", "data, said => window.told.push(said));"))
        context = browser.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: pytest.fail(str(error)))
        page.goto(file.as_uri())
        root = page.get_by_test_id("rnn-hearing")
        expect(root).to_have_attribute("data-steps", str(of["steps"]))
        return page, root

    yield open_
    for context in contexts:
        context.close()


def test_keys_step_and_what_leads_is_said(opened: Open) -> None:
    page, root = opened(stage())
    root.focus()
    expect(root.locator(".say")).to_have_text("Nothing has been heard yet.")
    page.keyboard.press("ArrowRight")
    expect(root.locator(".say")).to_have_text("After 0.03 s: one, 50%")
    page.keyboard.press("ArrowRight")
    expect(root.locator(".say")).to_have_text("After 0.05 s: zero, 60%")
    expect(root.locator("table tr").first.locator("td")).to_have_count(2)
    expect(root).to_have_attribute("data-sure", "")
    page.keyboard.press("End")
    expect(root).to_have_attribute("data-sure", "3")


def test_it_plays_to_its_end_and_tells_so_once(opened: Open) -> None:
    page, root = opened(stage(mattered=np.arange(T), play_to=T + 1, speed=2))
    expect(root).to_have_attribute("data-step", str(T + 1))
    expect(root).to_have_attribute("data-playing", "false")
    page.wait_for_function("told.some(one => one.target === 'played')")
    assert [one["value"] for one in page.evaluate("told") if one["target"] == "played"] == [T + 1]


def test_what_is_hidden_is_not_reached_and_not_in_the_table(opened: Open) -> None:
    page, root = opened(stage(step=2, hide_from=2, locked=True))
    root.focus()
    page.keyboard.press("End")
    page.keyboard.press(" ")
    expect(root).to_have_attribute("data-step", "2")
    expect(root.locator("table tr").first.locator("td")).to_have_count(2)
    expect(root.locator("[data-act=play]")).to_be_disabled()


@pytest.mark.parametrize("form", ["heat", "lines"])
@pytest.mark.parametrize("options", [DESK, PHONE], ids=["desk", "phone"])
def test_nothing_lies_outside_of_the_page(opened: Open, options: dict[str, Any], form: str) -> None:
    page, root = opened(stage(form, mattered=np.ones(T), step=T + 1), options)
    expect(root).to_have_attribute("data-step", str(T + 1))
    out = """() => [...document.querySelectorAll(".rnn-hearing :is(button, input, canvas)")].filter(one => {
        const box = one.getBoundingClientRect();
        return box.width > 1 && (box.left < -1 || box.right > innerWidth + 1 || box.bottom > innerHeight + 1);
    }).length"""
    assert page.evaluate(out) == 0
