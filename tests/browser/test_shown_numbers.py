"""The first lesson in the browser: the numbers on its screen are the engine's, computed anew from the settings."""

from dataclasses import replace

from playwright.sync_api import Page, expect

from tests.browser.holding import rest
from tests.browser.lesson_page import assert_shows, press, press_player, visit
from tests.hidden_state import Expected, spelled, temperatures

DEFAULT = Expected(temperatures())


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
    player = visit(page, input="two_pasts", step=1)
    field = page.locator("[data-testid=dials] input[name=text]")
    field.fill(typed)
    field.press("Enter")
    rest(page)
    other = f"{typed[:4]}r{typed[5:]}"
    assert_shows(player, Expected(spelled(typed, other)), step=0, unit=0)
    expect(player.locator(".now")).to_contain_text("reads “<”")
    expect(page.locator("img")).to_have_count(0)
    assert not opened
