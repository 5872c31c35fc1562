"""The first lesson in the browser: the numbers on its screen are the engine's, computed anew from the settings."""

from dataclasses import replace

import numpy as np
from playwright.sync_api import Page, expect

from rnnviz.figures.numbers import significant
from rnnviz.figures.theme import DARK
from tests.browser.lesson_page import assert_shows, press, press_player, visit
from tests.browser.waiting import settle
from tests.hidden_state import Expected, spelled, temperatures
from tests.pictures import heat_maps, pixels

DEFAULT = Expected(temperatures())
TWO_PASTS = {"input": "two pasts", "text": "a loop in time", "changed": 3, "becomes": "t", "seed": 7}


def test_after_each_key_and_slider_the_numbers_are_the_engine_s(page: Page) -> None:
    player = visit(page)
    assert_shows(player, DEFAULT, step=7, unit=0)
    press_player(page, "ArrowRight")
    assert_shows(player, DEFAULT, step=8, unit=0)
    press(page, "units", "ArrowRight", 9)
    assert_shows(player, replace(DEFAULT, units=9), step=8, unit=0)
    press_player(page, "ArrowDown")
    assert_shows(player, replace(DEFAULT, units=9), step=8, unit=1)
    press(page, "rho", "ArrowLeft", 0.85)
    assert_shows(player, replace(DEFAULT, units=9, rho=0.85), step=8, unit=1)
    press_player(page, "b")
    assert_shows(player, replace(DEFAULT, units=9, rho=0.85), step=8, unit=1, backward=True)
    press(page, "units", "Home", 1)
    assert_shows(player, replace(DEFAULT, units=1, rho=0.85), step=8, unit=0, backward=True)
    press_player(page, "End", "f")
    assert_shows(player, replace(DEFAULT, units=1, rho=0.85), step=23, unit=0)


def test_html_that_the_reader_types_is_read_and_shown_as_text(page: Page) -> None:
    typed = "<img src=x onerror='alert(1)'>&lt;"
    opened: list[str] = []
    page.on("dialog", lambda dialog: (opened.append(dialog.message), dialog.accept()))
    player = visit(page, input="two pasts", step=1)
    field = page.locator(".st-key-text input")
    field.fill(typed)
    field.press("Enter")
    settle(page)
    other = f"{typed[:4]}r{typed[5:]}"
    assert_shows(player, Expected(spelled(typed, other)), step=0, unit=0)
    expect(player.locator(".now")).to_contain_text("reads “<”")
    letters = page.locator(".difference .tape").first.locator("b").all_text_contents()
    assert "".join(letters).replace("␣", " ") == typed
    expect(page.locator("img")).to_have_count(0)
    assert not opened


def test_the_difference_of_two_pasts_is_the_engine_s_and_its_zero_is_the_dark_page(page: Page) -> None:
    """Before the changed step the two states differ by exactly 0."""
    page.emulate_media(color_scheme="dark")
    player = visit(page, **TWO_PASTS, step=5)
    one, other = "a loop in time", "a toop in time"
    first, second = (Expected(spelled(*pair), seed=7) for pair in ((one, other), (other, one)))
    assert_shows(player, first, step=4, unit=0)
    apart = first.h - second.h
    assert not apart[:2].any()
    picture = page.locator(".difference")
    shown = heat_maps(picture.evaluate("element => element.outerHTML"))[0]
    assert np.abs(shown - np.clip(apart.T, -1, 1)).max() < 0.5 / 255 + 1e-9
    for step in (5, 6):
        expect(picture.locator(".note b")).to_have_text(significant(float(np.linalg.norm(apart[step - 1]))))
        expect(picture.locator(".ticks b")).to_have_text(str(step))
        press_player(page, "ArrowRight")
    heat = picture.locator(".heat")
    heat.scroll_into_view_if_needed()
    box = heat.bounding_box()
    assert box is not None
    spot = {"x": box["x"] + box["width"] / 28, "y": box["y"] + box["height"] / 16, "width": 1, "height": 1}
    assert "#" + bytes(pixels(page.screenshot(clip=spot))[0, 0, :3].tolist()).hex() == DARK.background
