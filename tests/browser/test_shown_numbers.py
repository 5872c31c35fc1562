"""The first lesson in the browser: its numbers and pictures are the engine's, computed anew from the settings."""

from dataclasses import replace
from urllib.parse import urlencode

import numpy as np
from playwright.sync_api import Locator, Page, expect

from rnnviz.figures.theme import DARK
from tests.browser.waiting import settle
from tests.hidden_state import Expected, assert_shown, spelled, temperatures
from tests.pictures import heat_maps, pixels

DEFAULT = Expected(temperatures())
TWO_PASTS = {"input": "two pasts", "text": "a loop in time", "changed": 3, "becomes": "t", "seed": 7, "unit": 2}


def visit(page: Page, **parameters: object) -> None:
    page.goto(f"/hidden_state?{urlencode(parameters)}")
    expect(page.locator(".st-key-picture .equation")).to_be_visible()
    settle(page)


def picture(page: Page) -> str:
    return page.locator(".st-key-picture").inner_html()


def slider(page: Page, key: str) -> Locator:
    return page.locator(f".st-key-{key} input[type=range]")


def press(page: Page, key: str, button: str, value: float) -> None:
    """Press `button` on the slider `key`, which then stands at `value`."""
    slider(page, key).press(button)
    expect(slider(page, key)).to_have_value(f"{value:g}")
    settle(page)


def test_after_each_key_the_numbers_are_the_engine_s(page: Page) -> None:
    visit(page)
    assert_shown(picture(page), DEFAULT)
    press(page, "step", "ArrowRight", 9)
    assert_shown(picture(page), replace(DEFAULT, step=9))
    press(page, "units", "ArrowRight", 9)
    assert_shown(picture(page), replace(DEFAULT, step=9, units=9))
    press(page, "unit", "ArrowRight", 2)
    assert_shown(picture(page), replace(DEFAULT, step=9, units=9, unit=2))
    press(page, "rho", "ArrowLeft", 0.85)
    assert_shown(picture(page), replace(DEFAULT, step=9, units=9, unit=2, rho=0.85))
    press(page, "units", "Home", 1)
    assert_shown(picture(page), replace(DEFAULT, step=9, units=1, rho=0.85))


def test_html_that_the_reader_types_is_read_and_shown_as_text(page: Page) -> None:
    typed = "<img src=x onerror='alert(1)'>&lt;"
    opened: list[str] = []
    page.on("dialog", lambda dialog: (opened.append(dialog.message), dialog.accept()))
    visit(page, input="a sentence", step=1)
    field = page.locator(".st-key-text input")
    field.fill(typed)
    field.press("Enter")
    settle(page)
    assert_shown(picture(page), Expected(spelled(typed), step=1))
    letters = page.locator(".st-key-picture .unrolled .tape b").all_text_contents()
    assert "".join(letters).replace("␣", " ") == typed
    expect(page.locator(".st-key-picture img")).to_have_count(0)
    assert not opened


def test_the_difference_of_two_pasts_is_the_engine_s_and_its_zero_is_the_dark_page(page: Page) -> None:
    """Before the changed step the two states differ by exactly 0."""
    page.emulate_media(color_scheme="dark")
    visit(page, **TWO_PASTS)
    one, other = "a loop in time", "a toop in time"
    expected = Expected(spelled(one, other), seed=7, unit=2)
    shown = picture(page)
    assert_shown(shown, expected)
    difference = expected.h - replace(expected, x=spelled(other, one)).h
    assert not difference[:2].any()
    assert np.abs(heat_maps(shown)[1] - np.clip(difference.T, -1, 1)).max() < 0.5 / 255 + 1e-9
    heat = page.locator(".st-key-picture .difference .heat")
    heat.scroll_into_view_if_needed()
    box = heat.bounding_box()
    assert box is not None
    spot = {"x": box["x"] + box["width"] / 28, "y": box["y"] + box["height"] / 16, "width": 1, "height": 1}
    assert "#" + bytes(pixels(page.screenshot(clip=spot))[0, 0, :3].tolist()).hex() == DARK.background
